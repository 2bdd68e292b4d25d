"""The socket process dies while cards are open and versions are published: they all arrive, nothing typed is lost."""

import signal

from playwright.sync_api import Page, expect

from tests.browser.product import Product
from tests.browser.publishing import publishing
from tests.browser.test_live_form import about, control
from tests.browser.workplace import expect_saved, save
from tests.faults.stopping import child_of, without
from tests.supervisor.running import wait_for

__all__ = ["publishing"]

SOCKET = ("app.cli", "socket")
"""Words of its command line."""
WORDS = {"anna": "A long story", "jan": "Długa historia"}


def test_every_open_card_has_what_was_published_meanwhile(open_as, product, publishing):
    numbers, pages = {}, {}
    for name in WORDS:
        person = open_as(name)
        person.allow("WebSocket")
        numbers[name] = publishing.a_case()
        pages[name] = person.open_card(numbers[name])
        pages[name].evaluate("window.neverLeft = true")
    publishing.changes(name={"title": "Known to be connected"})
    for name, page in pages.items():
        expect(page.locator("#form")).to_contain_text("Known to be connected")
        control(page, publishing, "story").press_sequentially(WORDS[name])

    # It holds the news and has told nobody yet when it dies; the supervisor starts another one.
    process = child_of(product, *SOCKET)
    process.suspend()
    publishing.changes(name={"title": "Full name"})
    process.kill()
    for page in pages.values():
        comes_to_show(page, "Full name", product)
        expect(about(page, "connection")).to_have_count(0)

    # Nobody is there when two more come; people go on typing.
    with without(product, *SOCKET, by=signal.SIGKILL):
        publishing.changes(colour={"hidden": True})
        publishing.changes(name={"title": "Surname"})
        for page in pages.values():
            expect(about(page, "connection")).to_be_visible()
            control(page, publishing, "story").press_sequentially("!")
    for page in pages.values():
        comes_to_show(page, "Surname", product)
        expect(control(page, publishing, "colour")).to_have_count(0)
        expect(control(page, publishing, "story")).to_be_focused()

    for name, page in pages.items():
        save(page)
        expect_saved(page)
        assert page.evaluate("window.neverLeft"), "the page was loaded anew"
        assert publishing.answers(numbers[name]) == {"story": WORDS[name] + "!"}


def comes_to_show(page: Page, text: str, product: Product) -> None:
    """As soon as another process has started, which on a busy machine takes longer than a page has patience."""
    wait_for(lambda: text in page.locator("#form").inner_text(), product.up.said)
