"""The example of the user guide, step by step: a campaign for complaints from nothing.

The test walks it, and so do the pictures of the documentation (`docs/pictures/take.py`): what the guide shows is what
the test has seen. Everything is found by what it is, not by its words, so both languages walk the same way.
"""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the manager of the guide types."""

    script: str
    former: str
    status: str
    granted: str
    refused: str
    pages: tuple[str, str]
    greeting: str
    cause: str
    causes: tuple[str, str, str]
    story: str
    meter: str
    disputed: str
    overpaid: str
    refund: str
    buttons: tuple[str, str]
    campaign: str


POLISH = Words(
    script="Reklamacje",
    former="W realizacji",
    status="Sprawdzana",
    granted="Zasadna",
    refused="Niezasadna",
    pages=("Rozmowa", "Rozwiązanie"),
    greeting="Dzień dobry, {{ contact.name }}. Czego dotyczy reklamacja?",
    cause="Przyczyna",
    causes=("Błędny odczyt", "Błędna cena", "Inna"),
    story="Opis",
    meter="Numer licznika",
    disputed="Kwota sporna",
    overpaid="Nadpłata",
    refund="Do zwrotu",
    buttons=("Zasadna, zamknij", "Niezasadna, zamknij"),
    campaign="Reklamacje prądu",
)
ENGLISH = Words(
    script="Complaints",
    former="In progress",
    status="Being checked",
    granted="Justified",
    refused="Unjustified",
    pages=("Call", "Solution"),
    greeting="Good morning, {{ contact.name }}. What is the complaint about?",
    cause="Reason",
    causes=("Wrong reading", "Wrong price", "Other"),
    story="Description",
    meter="Meter number",
    disputed="Disputed amount",
    overpaid="Overpaid",
    refund="To be refunded",
    buttons=("Justified, close", "Unjustified, close"),
    campaign="Complaints about power",
)


def make_script(page: Page, words: Words) -> None:
    """Step 1: the statuses."""
    page.goto("/scripts/")
    page.locator("[data-do='show:new-script']").first.click()
    page.locator("#script-name").fill(words.script)
    page.locator("#new-script [type=submit]").click()
    expect(page.locator("h1")).to_have_text(words.script)
    name = page.locator(f"#statuses tr[data-name='{words.former}'] [data-rename]")
    name.fill(words.status)
    name.press("Enter")
    expect(page.locator(f"#statuses tr[data-name='{words.status}']")).to_be_visible()
    for status in (words.granted, words.refused):
        page.locator("[data-do='status-new']").click()
        page.locator("#status-name").fill(status)
        page.locator("#status-kind").select_option("closed")
        page.locator("#status-dialog footer [type=submit]").click()
        expect(page.locator(f"#statuses tr[data-name='{status}']")).to_be_visible()
        expect(page.locator("#status-dialog")).to_be_hidden()


def make_pages(page: Page, words: Words) -> None:
    """Step 2: the form and its two pages."""
    page.locator("button[data-send][data-body]").first.click()
    expect(page.locator("#builder-palette")).to_be_visible()
    for place, title in enumerate(words.pages):
        if place:
            page.locator("[data-at='page add']").click()
        page.locator("[data-page-title]").fill(title)
        page.locator("[data-page-title]").press("Enter")
        expect(page.locator(".sp-pages")).to_contain_text(title)


def make_call(page: Page, words: Words) -> None:
    """Step 3: what is said and asked on the first page."""
    page.locator(".sp-pages button").first.click()
    add(page, "script_text")
    page.locator("[data-at='config text']").fill(words.greeting)
    add(page, "single_choice", words.cause)
    page.locator("[data-at='required_to_save']").check()
    page.locator("[data-at='choice add']").click()
    for choice in words.causes:
        page.keyboard.insert_text(choice)
        page.keyboard.press("Enter")
    add(page, "long_text", words.story)
    add(page, "text", words.meter)
    page.locator("[data-at='tab conditions']").click()
    page.locator("[data-at='c add']").first.click()
    page.locator("[data-at='c.0 field']").first.select_option(label=words.cause)
    page.locator("[data-at='c.0 value']").first.select_option(label=words.causes[0])
    expect(field(page, words.meter).locator(".sp-tag")).to_be_visible()


def make_solution(page: Page, words: Words) -> None:
    """Step 4: the amounts, what is calculated of them, and the ends."""
    page.locator(".sp-pages button").nth(1).click()
    expect(page.locator(".sp-pages [aria-pressed=true]")).to_contain_text(words.pages[1])
    add(page, "money", words.disputed)
    add(page, "percent", words.overpaid)
    add(page, "calculated", words.refund)
    formula = page.locator("[data-at='config formula']")
    formula.fill(f"round([{words.disputed}] * [{words.overpaid}] / 100; 2)")
    formula.press("Tab")
    for title, status in zip(words.buttons, (words.granted, words.refused), strict=True):
        add(page, "button", title)
        page.locator("[data-at='config status_id']").select_option(label=status)
    expect(page.locator(".sp-ef.has-fault")).to_have_count(0)
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def try_out(page: Page, words: Words) -> None:
    """Step 5: the form as an agent gets it."""
    page.locator("a[href$='/preview']").click()
    meter = page.locator("#form splot-field").filter(has_text=words.meter)
    expect(meter).to_be_hidden()
    page.locator("#form select").first.select_option(label=words.causes[0])
    expect(meter).to_be_visible()


def publish(page: Page) -> None:
    """Step 6, the first half: agents may have it."""
    page.locator("[data-publish]").click()
    page.locator("#publish footer [type=submit]").click()
    expect(page.locator("#publish")).to_be_hidden()
    expect(page.locator("[data-publish]")).to_have_attribute("aria-disabled", "true")


def make_campaign(page: Page, words: Words, *agents: str) -> None:
    """Step 6, the second half: the campaign and its people."""
    page.goto("/campaigns/add")
    page.locator("#c-name").fill(words.campaign)
    page.locator("#c-script").select_option(label=words.script)
    page.locator("button[form=campaign-form][type=submit]").click()
    expect(page.locator("h1")).to_have_text(words.campaign)
    page.wait_for_load_state()
    page.locator("[data-do='show:people']").click()
    dialog = page.locator("#people")
    for name in agents:
        dialog.locator("#assign-users + .ts-wrapper input").fill(name)
        page.locator(".ts-dropdown .option").filter(has_text=name).first.click()
    dialog.locator("footer [type=submit]").click()
    expect(page.locator(".sp-people")).to_contain_text(agents[-1])


def new_case(page: Page, contact: str, words: Words) -> None:
    """The agent's side: a case for somebody who calls."""
    page.goto("/cases/")
    expect(page.locator("[data-list]")).to_be_visible()
    page.wait_for_load_state()
    page.locator("[data-do='new-case']").first.click()
    dialog = page.locator("#new-case")
    dialog.locator("#new-case-contact + .ts-wrapper input").fill(contact)
    page.locator(".ts-dropdown .option").filter(has_text=contact).first.click()
    dialog.locator("#new-case-campaign").select_option(label=words.campaign)
    dialog.locator("footer [type=submit]").click()
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    expect(page.locator("#card-state b")).not_to_be_empty()


def add(page: Page, kind: str, title: str = "") -> None:
    """A field of that kind at the end of the page; it is chosen."""
    before = page.locator(".sp-ef").count()
    page.locator(f"#builder-palette [data-kind={kind}]").click()
    expect(page.locator(".sp-ef")).to_have_count(before + 1)
    if title:
        page.locator(".sp-ef.is-on [data-title]").fill(title)
        expect(field(page, title)).to_be_visible()


def field(page: Page, title: str) -> Locator:
    """The field of that title on the canvas of the builder."""
    return page.locator(f".sp-ef[aria-label^='{title}']")
