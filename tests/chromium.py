"""The one browser of a test process. Playwright's plain interface runs once in a process, so everybody shares it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

PATIENCE_MS = 15_000
_PATHS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_BROWSER = pytest.StashKey[Browser]()


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Browser:
    """One browser for all tests of this process; what people must not share lies in contexts."""
    config = request.config
    if _BROWSER not in config.stash:
        expect.set_options(timeout=PATIENCE_MS)
        playwright = sync_playwright().start()
        config.add_cleanup(playwright.stop)
        path = next((each for each in _PATHS if Path(each).exists()), _PATHS[0])
        config.stash[_BROWSER] = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        config.add_cleanup(config.stash[_BROWSER].close)
    return config.stash[_BROWSER]
