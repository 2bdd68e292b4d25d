"""The builder of forms in a browser: by mouse, by keyboard alone, two managers at once, nothing typed lost."""

import re

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.core import db
from app.models import Campaign, Form
from app.scripts.editing import set_form
from tests.browser.product import Product, the_person
from tests.browser.test_accessible import judged
from tests.browser.workplace import CAMPAIGN
from tests.factories import a_field, a_form


def test_a_form_is_built_by_mouse_and_agents_get_it(open_as, product, workplace):
    maria = open_as("maria")
    page = new_form(maria.page, "Reklamacja")
    drag(page, page.locator("[data-kind=text]"), page.locator("#builder-canvas"))
    title(page, "Numer faktury")
    page.locator("[data-kind=single_choice]").click()
    title(page, "Powód")
    write_choices(page, "Odczyt", "Opłata")
    page.locator("[data-at='tab access']").click()
    page.locator("[data-kind=long_text]").click()
    expect(page.locator("[data-at='tab field']")).to_have_attribute("aria-selected", "true")
    title(page, "Opis")
    assert order(page) == ["Numer faktury", "Powód", "Opis"]
    expect(card(page, "Opis").locator("textarea.form-control")).to_have_attribute("rows", "3")  # as on the card
    leave_and_mend_a_text(page)
    drag(page, card(page, "Opis").locator(".sp-grip"), card(page, "Numer faktury"))
    expect(page.locator(".sp-ef").first).to_have_attribute("aria-label", re.compile("^Opis"))
    page.locator("[data-at=undo]").click()
    assert order(page) == ["Numer faktury", "Powód", "Opis"]
    page.locator("[data-at=redo]").click()
    assert order(page) == ["Opis", "Numer faktury", "Powód"]

    card(page, "Numer faktury").click()
    page.locator("[data-at='tab conditions']").click()
    page.locator("[data-at='c add']").first.click()
    page.locator("[data-at='c.0 field']").first.select_option(label="Powód")
    page.locator("[data-at='c.0 value']").first.select_option(label="Opłata")
    expect(card(page, "Numer faktury").locator(".sp-tag")).to_be_visible()
    expect_kept(page)
    page.reload()
    assert order(page) == ["Opis", "Numer faktury", "Powód"]

    page.locator("a[href$='/preview']").click()
    invoice = page.locator("#form splot-field").filter(has_text="Numer faktury")
    expect(invoice).to_be_hidden()
    page.locator("#form select").last.select_option(label="Opłata")
    expect(invoice).to_be_visible()

    page.locator("a[href$='/logic']").click()
    expect(page.locator(".sp-graph .node")).to_have_count(2)
    publish(page, "pierwsza wersja")
    give_to_campaign(product, "Reklamacja")
    number = workplace.a_case("anna")
    agent = open_as("anna").open_card(number)
    expect(agent.locator("#form")).to_contain_text("Opis")


def test_a_form_is_built_by_keyboard_alone(open_as):
    page = new_form(open_as("maria").page, "Klawiatura")
    keys = page.keyboard
    page.locator("#builder-canvas").focus()
    for words, name in (("telef", "Telefon"), ("tak", "Zgoda"), ("data i", "Termin")):
        keys.press("+")
        expect(page.locator("#builder-palette input")).to_be_focused()
        expect(page.locator("#builder-palette input")).to_have_value("")
        keys.insert_text(words)
        keys.press("Enter")
        expect(page.locator(".sp-ef.is-on [data-title]")).to_be_focused()
        keys.insert_text(name)
        keys.press("Escape")
        expect(card(page, name)).to_be_focused()
    assert order(page) == ["Telefon", "Zgoda", "Termin"]
    keys.press("Alt+ArrowUp")
    expect(page.locator("#live")).to_have_text(re.compile("2.*3"))
    keys.press("Alt+ArrowUp")
    assert order(page) == ["Termin", "Telefon", "Zgoda"]
    expect(card(page, "Termin")).to_be_focused()
    keys.press("Control+z")
    assert order(page) == ["Telefon", "Termin", "Zgoda"]
    keys.press("Control+Shift+z")
    assert order(page) == ["Termin", "Telefon", "Zgoda"]
    keys.press("ArrowDown")
    expect(card(page, "Telefon")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("[data-at=title]")).to_be_focused()
    keys.press("Control+a")
    keys.insert_text("Komórka")
    keys.press("Escape")
    expect(card(page, "Komórka")).to_be_focused()
    keys.press("Delete")
    expect(page.locator("#builder-tray")).to_contain_text("Komórka")
    assert order(page) == ["Termin", "Zgoda"]
    page.locator("#builder-tray [data-at^='show ']").focus()
    keys.press("Enter")
    assert order(page) == ["Termin", "Komórka", "Zgoda"]
    to_a_second_page(page)
    expect_kept(page)
    publish_twice(page)


def write_choices(page: Page, *choices: str) -> None:
    """Each with Enter behind it; what was left empty does not count, and nothing is complained about meanwhile."""
    expect_kept(page)
    expect(page.locator(".sp-err, .sp-faults")).to_have_count(0)  # it has no choice, but one is still at work on it
    page.locator("[data-at='choice add']").click()
    for choice in choices:
        page.keyboard.insert_text(choice)
        page.keyboard.press("Enter")
    expect(page.locator("[data-choice]")).to_have_count(len(choices) + 1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-choice]")).to_have_count(len(choices))
    expect(page.locator("[data-at='choice add']")).to_be_focused()
    page.keyboard.press("Enter")


def leave_and_mend_a_text(page: Page) -> None:
    """A text to be read aloud is told to be empty once one has left it, and no longer than it is."""
    page.locator("[data-kind=script_text]").click()
    expect(page.locator("[data-at='config text']")).to_be_focused()
    card(page, "Opis").click()
    expect(page.locator(".sp-faults")).to_be_visible()  # a text without words was left
    page.locator(".sp-faults summary").click()
    page.locator(".sp-faults button").click()
    page.locator("[data-at='config text']").fill("Dzień dobry!")
    expect(page.locator(".sp-err, .sp-faults")).to_have_count(0)
    page.locator("[data-at='remove']").click()


def to_a_second_page(page: Page) -> None:
    """A new page, and the first field moves there."""
    keys = page.keyboard
    page.locator("[data-at='page add']").focus()
    keys.press("Enter")
    expect(page.locator("[data-page-title]")).to_be_focused()
    keys.insert_text("Druga")
    page.locator(".sp-pages button").first.focus()
    keys.press("Enter")
    page.locator("#builder-canvas").focus()
    keys.press("ArrowDown")
    keys.press("Alt+PageDown")
    expect(page.locator(".sp-pages [aria-pressed=true]")).to_contain_text("Druga")
    assert order(page) == ["Termin"]


def publish_twice(page: Page) -> None:
    """By keys; the builder stays, counts the changes anew, and says what comes next."""
    keys = page.keyboard
    expect(page.locator("[data-publish]")).to_have_text("Opublikuj 4 zmiany")
    page.locator("[data-publish]").focus()
    keys.press("Enter")
    expect(page.locator("#publish-comment")).to_be_focused()
    page.evaluate("window.stays = true")
    keys.press("Enter")
    expect(page.locator("[data-version-tag]")).to_have_text("wersja 1")
    expect(page.locator("[data-publish]")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#builder-next")).to_contain_text("Wersja 1 jest opublikowana")
    page.locator("[data-page-title]").fill("Następna")
    expect(page.locator("[data-publish]")).to_have_text("Opublikuj 1 zmianę")
    expect(page.locator("#builder-next")).to_be_empty()
    expect_kept(page)
    publish(page, "")
    expect(page.locator("[data-version-tag]")).to_have_text("wersja 2")
    assert page.evaluate("window.stays")


def test_what_could_not_be_kept_is_there_after_a_reload(open_as):
    maria = open_as("maria")
    maria.allow("ERR_FAILED", "503")
    page = new_form(maria.page, "Bez sieci")
    page.route("**/draft", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("[data-kind=text]").click()
    title(page, "Nie zginie")
    expect(page.locator("[data-save-state].sp-bad")).to_be_visible()
    page.reload()
    assert order(page) == ["Nie zginie"]
    page.unroute("**/draft")
    page.keyboard.press("Control+s")
    expect_kept(page)


def test_two_screens_and_two_managers(open_as, product):
    number = form_with(product, "Wspólny", "Powód")
    maria, ewa = open_as("maria"), open_as("ewa")
    maria.allow("409")
    here = maria.page
    there = maria.context.new_page()
    for page in (here, there):
        page.goto(f"/forms/{number}")
        expect(page.locator(".sp-ef")).to_have_count(1)
    rename(there, "Powód tam")
    expect_kept(there)
    rename(here, "Powód tu")
    expect(here.locator("#builder-notices [role=alert]")).to_be_visible()
    here.locator("#builder-notices button").first.click()
    expect(here.locator(".sp-ef [data-title]")).to_have_value("Powód tam")
    here.locator("[data-at=undo]").click()
    expect(here.locator(".sp-ef [data-title]")).to_have_value("Powód tu")
    expect_kept(here)

    ewa.page.goto(f"/forms/{number}")
    rename(ewa.page, "Reason")
    expect_kept(ewa.page)
    publish(ewa.page, "first")
    here.locator("[data-publish]").click()
    here.locator("#publish [type=submit]").click()
    expect(here).to_have_url(re.compile("/merge"))


def test_a_narrow_screen(open_as, product):
    number = form_with(product, "Wąski", "Powód", "Opis")
    maria = open_as("maria", viewport={"width": 390, "height": 800})
    page = maria.page
    page.goto(f"/forms/{number}")
    page.locator("[data-do=builder-palette][data-narrow]").click()
    page.locator("[data-kind=date]").click()
    title(page, "Termin")
    assert order(page) == ["Powód", "Opis", "Termin"]
    card(page, "Termin").locator("[data-narrow]").click()
    page.locator("[data-at=required_to_save]").check()
    page.locator("#builder-properties [data-narrow]").click()
    expect(card(page, "Termin").locator(".sp-req")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not judged(page, "narrow builder")


def test_a_long_form_can_be_read_by_everybody(open_as, product):
    titles = [f"Pole {place}" for place in range(200)]
    number = form_with(product, "Długi", *titles)
    page = open_as("maria").page
    page.goto(f"/forms/{number}")
    expect(page.locator(".sp-ef")).to_have_count(200)
    for view in ("", "/preview", "/logic"):
        page.goto(f"/forms/{number}{view}")
        page.wait_for_load_state("networkidle")
        assert not judged(page, f"builder{view}")


# ----- how -----


def new_form(page: Page, name: str) -> Page:
    page.goto("/forms/")
    page.locator("[data-do='show:new-form']").first.click()
    page.locator("#form-name").fill(name)
    page.locator("#new-form [type=submit]").click()
    expect(page.locator("#builder-canvas .sp-empty")).to_be_visible()
    return page


def form_with(product: Product, name: str, *titles: str) -> int:
    with product.inside(), db.transaction():
        form = a_form(*(a_field(title=each) for each in titles))
        form.name = name
        db.session.flush()
        return form.id


def give_to_campaign(product: Product, form_name: str) -> None:
    """The form of that name becomes that of the campaign's script."""
    with product.inside(), db.transaction():
        form = db.session.scalars(select(Form).filter_by(name=form_name)).one()
        script = db.session.scalars(select(Campaign).filter_by(name=CAMPAIGN)).one().script
        set_form(script, form, expected_version=script.version, actor=the_person("ewa"))


def card(page: Page, name: str) -> Locator:
    return page.locator(f".sp-ef[aria-label^='{name},']")


def title(page: Page, text: str) -> None:
    """What the new field is called: its title has the focus."""
    box = page.locator(".sp-ef.is-on [data-title]")
    if not box.evaluate("each => each === document.activeElement"):
        box.click()
    page.keyboard.insert_text(text)
    expect(card(page, text)).to_be_visible()


def rename(page: Page, text: str) -> None:
    page.locator(".sp-ef [data-title]").first.fill(text)


def order(page: Page) -> list[str]:
    expect(page.locator(".sp-ef").first).to_be_visible()
    return [each.input_value() for each in page.locator(".sp-ef [data-title]").all()]


def drag(page: Page, what: Locator, to: Locator) -> None:
    """By mouse, to the upper left part of the target."""
    start, end = what.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + 20, steps=6)
    expect(page.locator(".sp-dropline")).to_be_visible()
    page.mouse.up()


def expect_kept(page: Page) -> None:
    expect(page.locator("[data-save-state][data-state=saved]")).to_have_text(re.compile(r"\d\d:\d\d"))


def publish(page: Page, comment: str) -> None:
    page.locator("[data-publish]").click()
    page.locator("#publish-comment").fill(comment)
    page.locator("#publish [type=submit]").click()
    expect(page.locator("#publish")).to_be_hidden()
    expect(page.locator("[data-publish]")).to_have_attribute("aria-disabled", "true")
