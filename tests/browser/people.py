"""People with browsers: each has a context of their own, and an error in a console fails the test."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.product import PASSWORD, PEOPLE, Product
from tests.browsers import PATIENCE_MS

FAILED = pytest.StashKey[bool]()

OpenAs = Callable[..., "Person"]


class Person:
    """Somebody at a browser. `page` is Playwright's."""

    def __init__(self, browser: Browser, product: Product, name: str, **context: object) -> None:
        self.name = name
        self.product = product
        self.language = PEOPLE[name][3]
        locale = {"pl": "pl-PL", "en": "en-GB"}[self.language]
        size = {"width": 1440, "height": 900}
        options = {"viewport": size, "locale": locale, "timezone_id": "Europe/Warsaw", **context}
        self.context = browser.new_context(base_url=product.url, **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self._allowed: list[str] = []
        self.page = self.context.new_page()
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        """Note what the console and the scripts of a page complain about."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error.stack or error}"))

    def allow(self, *patterns: str) -> None:
        """Expect these complaints, as regular expressions: a refused request is told to the console by the browser."""
        self._allowed += patterns

    def complaints(self) -> list[str]:
        return [error for error in self.errors if not any(re.search(each, error) for each in self._allowed)]

    def sign_in(self) -> "Person":
        self.page.goto("/login/")
        self.page.locator("#username").fill(self.name)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("form[name=login] button[type=submit]").click()
        expect(self.page.locator(".sp-nav-scroll")).to_be_attached()
        return self

    def open_card(self, number: int) -> Page:
        """The card of a case, ready to be worked on."""
        self.page.goto(f"/cases/{number}")
        expect(self.page.locator("#card-state b")).not_to_be_empty()
        return self.page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def open_as(
    chromium: Browser, product: Product, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenAs]:
    """Give somebody a browser and let them sign in: `open_as("anna")`, with options of a context."""
    there: list[Person] = []

    def opened(name: str, **context: object) -> Person:
        person = Person(chromium, product, name, **context)
        there.append(person)
        return person.sign_in()

    yield opened
    failed = request.node.stash.get(FAILED, False)
    complaints = [f"{person.name}: {line}" for person in there for line in person.complaints()]
    if failed or complaints:
        print(product.faults())  # noqa: T201  (pytest shows it beside the failure)
    for place, person in enumerate(there):
        if failed or complaints:
            _photograph(person, tmp_path_factory.getbasetemp() / "failures" / f"{request.node.name}-{place}")
        person.context.close()
    assert not complaints, "\n".join(complaints)


def _photograph(person: Person, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    for place, page in enumerate(person.context.pages):
        page.screenshot(path=f"{path}-{person.name}-{place}.png")
