"""Chromium as the benchmarks and the tests start it; every window is a browser of its own to the product."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

Window = Callable[[int, str], Page]
"""Open one at the product on that port, for whoever has that cookie."""
_PATHS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_MS = 60_000


def start_chromium(playwright: Playwright) -> Browser:
    """The system's Chromium, which asks nothing of the network by itself."""
    path = next((each for each in _PATHS if Path(each).exists()), _PATHS[0])
    return playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))


@contextmanager
def browser() -> Iterator[Window]:
    """All windows close with the block."""
    with sync_playwright() as playwright:
        chromium = start_chromium(playwright)

        def open_window(port: int, cookie: str) -> Page:
            url = f"http://127.0.0.1:{port}"
            context = chromium.new_context(
                base_url=url, viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Europe/Warsaw"
            )
            context.set_default_timeout(_PATIENCE_MS)
            context.add_cookies([{"name": "splot", "value": cookie, "url": url}])
            return context.new_page()

        try:
            yield open_window
        finally:
            chromium.close()
