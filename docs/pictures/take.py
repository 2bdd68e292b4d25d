"""Take the pictures of the documentation from a running demo, in one language at a time.

    SPLOT_DEMO_PASSWORD=… PYTHONPATH=. python docs/pictures/take.py http://127.0.0.1:8080 pl

The demo should be of the same language (DEMO_LANGUAGE). Needs chromium on the PATH, playwright (requirements/dev.txt)
and Pillow, which reduces each picture to a palette of 256 colours. The pictures of the example are taken while it is
walked as its test walks it, so a demo can show it once.
"""

import io
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import complaints

_FOLDER = Path(__file__).parent
_WIDE = (1440, 900)
_NARROW = (390, 844)
_COLOURS = 256
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_MS = 90_000
_HANDLED = "/cases/?view=current&kind=in_progress"
_SETTLED_MS = 600
"""After the last change of a page: transitions and rows that come in."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture: who takes it, where, and what is done before."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = _WIDE
    dark: bool = False
    before: Callable[[Page], None] = lambda _page: None


def _first_card(page: Page) -> None:
    """Open the card of the third case of the list."""
    page.locator("[data-list] tbody tr a.subj, [data-list] tbody tr a").nth(2).wait_for()
    page.goto(page.locator("[data-list] tbody a[href*='/cases/']").nth(2).get_attribute("href") or "/")
    expect(page.locator("#card-state b")).not_to_be_empty()


def _statuses(page: Page) -> None:
    _first_card(page)
    page.locator("#card-status").click()


def _unsaved(page: Page) -> None:
    _first_card(page)
    # A draft of the time before is offered: its last button throws it away.
    for button in page.locator("#card-notices .btn:not(.btn-icon)").all()[-1:]:
        button.click()
    page.locator("#form input[type=text]:not([readonly])").first.fill("12")


def _plan(page: Page) -> None:
    """Send a file in that was made for this, and stop before it is imported."""
    rows = [
        "Imię i nazwisko;Telefon;E-mail;Miasto;Uwagi",
        "Halina Próbna;500 100 901;halina.probna@example.com;Łódź;dzwonić rano",
        "Zdzisław Wzorcowy;+48 (22) 100 09 02;;Kraków;",
        "Próbna Spółka;123;biuro@example.com;Poznań;",
    ]
    content = ("\r\n".join(rows) + "\r\n").encode("cp1250")
    page.locator("input[type=file]").set_input_files(
        {"name": "kontakty.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator("form[enctype] button[type=submit]").click()
    page.locator("#plan").wait_for()


def _inner(selector: str) -> Callable[[Page], None]:
    """Follow the first link that `selector` finds."""

    def follow(page: Page) -> None:
        page.goto(page.locator(selector).first.get_attribute("href") or "/")

    return follow


def _palette(page: Page) -> None:
    page.locator(".sp-search").click()
    page.locator("#palette input").fill("wojcik")
    page.locator("#palette [role=option]").filter(has_text="W").first.wait_for()


def _create_cases(page: Page) -> None:
    _inner("main table a.subj, main table a[href*='/campaigns/show/']")(page)
    page.locator("[data-do='show:open-cases']").click()


def _ready(view: str) -> Callable[[Page], None]:
    """Start from the last campaign of the gallery, complaints, and look at the script or at a view of its form."""

    def follow(page: Page) -> None:
        page.locator("main [data-send]").last.click()
        page.wait_for_url("**/campaigns/add?**")
        script = parse_qs(urlsplit(page.url).query)["script"][0]
        page.goto(f"/scripts/{script}")
        if view == "script":
            return
        form = page.locator("main a[href*='/forms/']").first.get_attribute("href") or "/"
        page.goto(form if view == "layout" else f"{form}/{view}")
        if view == "layout":
            page.locator(".sp-ef .sp-epic").nth(1).click(force=True)

    return follow


_PICTURES = (
    Picture(name="log-in", who="", path="/login/"),
    Picture(name="cases", who="manager", path="/cases/"),
    Picture(name="cases-dark", who="manager", path="/cases/", dark=True),
    Picture(name="cases-390", who="agent6", path="/cases/", size=_NARROW),
    Picture(name="card", who="agent1", path=_HANDLED, before=_unsaved),
    Picture(name="card-statuses", who="agent2", path=_HANDLED, before=_statuses),
    Picture(name="card-dark", who="agent3", path=_HANDLED, dark=True, before=_first_card),
    Picture(name="card-390", who="agent4", path=_HANDLED, size=_NARROW, before=_first_card),
    Picture(name="search", who="agent5", path="/cases/", before=_palette),
    Picture(name="import", who="manager", path="/imports/", before=_plan),
    Picture(name="gallery", who="admin", path="/gallery/?language={language}"),
    Picture(name="script", who="admin", path="/gallery/?language={language}", before=_ready("script")),
    Picture(name="form", who="admin", path="/gallery/?language={language}", before=_ready("layout")),
    Picture(name="logic", who="admin", path="/gallery/?language={language}", before=_ready("logic")),
    Picture(name="create-cases", who="manager", path="/campaigns/", before=_create_cases),
)


_EXAMPLE = "example"
"""Names all pictures of the example of the guide: example-1 … example-6."""
_AGENT = ("agent1", "Anna Wrona")


def main(url: str, language: str, only: list[str]) -> None:
    """Take every picture, or those that are named."""
    found = next((path for path in map(shutil.which, _BROWSERS) if path), None)
    if found is None:
        sys.exit("There is no chromium on the PATH.")
    wanted = [picture for picture in _PICTURES if not only or picture.name in only]
    with sync_playwright() as playwright:
        expect.set_options(timeout=_PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        keys = {who: _sign_in(browser, url, language, who) for who in {picture.who for picture in wanted} - {""}}
        for picture in wanted:
            context = _context(browser, url, language, picture, keys.get(picture.who))
            page = context.new_page()
            page.goto(picture.path.format(language=language))
            picture.before(page)
            page.wait_for_timeout(_SETTLED_MS)
            _keep(page.screenshot(), _FOLDER / f"{picture.name}.{language}.png")
            context.close()
        if not only or _EXAMPLE in only:
            _example(browser, url, language)
        browser.close()


def _example(browser: Browser, url: str, language: str) -> None:
    """The example of the guide, a picture after each of its steps."""
    words = {"pl": complaints.POLISH, "en": complaints.ENGLISH}[language]
    plain = Picture(name=_EXAMPLE, who="manager", path="/")
    manager, agent = (
        _context(browser, url, language, plain, _sign_in(browser, url, language, who)).new_page()
        for who in (plain.who, _AGENT[0])
    )

    def keep(step: int, page: Page) -> None:
        page.wait_for_timeout(_SETTLED_MS)
        _keep(page.screenshot(), _FOLDER / f"{_EXAMPLE}-{step}.{language}.png")

    complaints.make_script(manager, words)
    manager.locator("#statuses").scroll_into_view_if_needed()
    keep(1, manager)
    complaints.make_pages(manager, words)
    keep(2, manager)
    complaints.make_call(manager, words)
    keep(3, manager)
    complaints.make_solution(manager, words)
    keep(4, manager)
    complaints.try_out(manager, words)
    keep(5, manager)
    complaints.publish(manager)
    complaints.make_campaign(manager, words, _AGENT[1])
    agent.goto("/contacts/list/")
    contact = agent.locator("main table a.subj").first.inner_text()
    complaints.new_case(agent, contact, words)
    agent.locator("#form select").first.select_option(label=words.causes[0])
    keep(6, agent)
    for page in (manager, agent):
        page.context.close()


def _sign_in(browser: Browser, url: str, language: str, who: str) -> str:
    """The log-in of one of the demo's users, as a file of cookies that contexts can begin with."""
    context = browser.new_context(base_url=url, locale=_locale(language))
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    page.goto("/login/")
    page.locator("#username").fill(who)
    page.locator("#password").fill(os.environ["SPLOT_DEMO_PASSWORD"])
    page.locator("form[name=login] button[type=submit]").click()
    page.locator(".sp-nav-scroll").wait_for(state="attached")
    cookies = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "splot")
    context.close()
    return str(cookies)


def _context(browser: Browser, url: str, language: str, picture: Picture, key: str | None) -> BrowserContext:
    width, height = picture.size
    context = browser.new_context(
        base_url=url,
        locale=_locale(language),
        timezone_id="Europe/Warsaw",
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE_MS)
    if key:
        context.add_cookies([{"name": "splot", "value": key, "url": url}])
    return context


def _locale(language: str) -> str:
    return {"pl": "pl-PL", "en": "en-GB"}[language]


def _keep(picture: bytes, file: Path) -> None:
    reduced = Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS, kmeans=2, dither=Image.Dither.NONE)
    reduced.save(file, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
