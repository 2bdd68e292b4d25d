"""A form changes while people fill it in: nothing that they typed is lost, and they are told in one quiet line."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, Route, WebSocketRoute, expect

from app.models.scripts import StatusKind
from tests.browser.publishing import BLUE, RED, Publishing, publishing
from tests.browser.workplace import expect_saved, save
from tests.factories import a_field

__all__ = ["publishing"]


def control(page: Page, publishing: Publishing, name: str) -> Locator:
    """The control of a field, whatever it is called now."""
    key = publishing.fields[name].id
    return page.locator(f'splot-field[data-key="{key}"] :is(input, select, textarea, button)').first


def about(page: Page, subject: str) -> Locator:
    """The notice on that subject."""
    return page.locator(f"#card-notices [data-subject={subject}]")


def has_focus(place: Locator) -> None:
    expect(place).to_be_focused()


def test_a_manager_renames_hides_shows_and_adds_while_two_agents_work(open_as: Any, publishing: Publishing) -> None:
    number, theirs = publishing.a_case(), publishing.a_case()
    anna, jan = open_as("anna"), open_as("jan")
    page, polish = anna.open_card(number), jan.open_card(theirs)
    name, story = (control(page, publishing, each) for each in ("name", "story"))
    expect(page.locator("#form")).not_to_contain_text("Secret")
    story.fill("A long story")
    control(polish, publishing, "story").fill("Długa historia")

    # Renamed under the hands: the caret stays in the middle of the word, undo goes on.
    name.click()
    page.keyboard.type("Kowalki")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    publishing.changes(name={"title": "Full name", "help": "As in the passport"})
    expect(page.get_by_role("textbox", name="Full name")).to_be_focused()
    page.keyboard.type("s")
    expect(name).to_have_value("Kowalski")
    expect(about(page, "form")).to_contain_text("“Name” is called “Full name” now.")
    expect(about(page, "form")).to_have_count(1)
    expect(name).to_have_accessible_description("As in the passport")

    # The colleague who reads Polish: the tree of the screen reader has the new name, the live region says it.
    expect(polish.get_by_role("textbox", name="Full name")).to_be_visible()
    expect(polish.locator("#card-notices[role=status]")).to_contain_text("Full name")
    expect(control(polish, publishing, "story")).to_have_value("Długa historia")
    expect(polish.locator("#card-state")).to_contain_text("1")

    # Hidden: the text is kept and offered, the focus goes on; shown again: the text is back in its field.
    publishing.changes(name={"hidden": True})
    expect(about(page, "gone")).to_contain_text("Full name: Kowalski")
    expect(name).to_have_count(0)
    has_focus(story)
    page.keyboard.press("End")
    page.keyboard.type(", and more")
    publishing.changes(name={"hidden": False})
    expect(name).to_have_value("Kowalski")
    expect(about(page, "gone")).to_have_count(0)
    expect(story).to_have_value("A long story, and more")
    has_focus(story)
    save(page)
    expect_saved(page)
    assert publishing.answers(number) == {"name": "Kowalski", "story": "A long story, and more"}


def test_a_required_field_comes_while_a_save_is_on_its_way(open_as: Any, publishing: Publishing) -> None:
    """That save is taken, the next one asks for the field."""
    number = publishing.a_case()
    anna = open_as("anna")
    anna.allow("422")
    page = anna.open_card(number)
    story = control(page, publishing, "story")
    story.fill("A long story")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/save", hold)
    with page.expect_request("**/save"):
        save(page)
    expect(page.locator("[data-save]")).to_have_attribute("aria-busy", "true")
    publishing.changes(serial=a_field(title="Serial", required_to_save=True))
    waiting[0].continue_()
    page.unroute("**/save")
    expect_saved(page)
    serial = control(page, publishing, "serial")
    expect(serial).to_be_visible()
    assert publishing.answers(number) == {"story": "A long story"}
    story.fill("Another story")
    save(page)
    expect(serial).to_have_attribute("aria-invalid", "true")
    publishing.changes(serial={"title": "Serial number"})
    expect(page.get_by_role("textbox", name="Serial number")).to_have_attribute("aria-invalid", "true")
    serial.fill("SN 1")
    save(page)
    expect_saved(page)
    assert publishing.answers(number) == {"story": "Another story", "serial": "SN 1"}
    publishing.changes(serial={"required_to_save": False})


def test_lists_dialogs_pages_and_statuses_change_under_an_open_card(open_as: Any, publishing: Publishing) -> None:
    number = publishing.a_case()
    page = open_as("anna").open_card(number)
    colour, won = control(page, publishing, "colour"), control(page, publishing, "won")

    # The choice that is chosen is hidden: it stays until another one is chosen.
    colour.select_option(BLUE)
    publishing.hides_choice(BLUE)
    expect(about(page, "form")).to_contain_text("“Colour”: choice “Blue” is offered no more.")
    expect(colour).to_have_value(BLUE)
    colour.select_option(RED)
    expect(colour.locator(f'option[value="{BLUE}"]')).to_be_hidden()

    # A dialog is open: it stays open, with its focus; what lies below it has changed.
    page.locator("[popovertarget=card-more]").click()
    page.locator("[data-do='show:card-history']").click()
    focused = page.evaluate_handle("document.activeElement")
    publishing.changes(story={"title": "Tale"})
    expect(page.locator("#form")).to_contain_text("Tale")
    expect(page.locator("#card-history")).to_be_visible()
    assert page.evaluate("before => document.activeElement === before", focused)
    page.keyboard.press("Escape")

    # The second page stays in front while the first one changes and gets a field of it.
    page.locator(".sp-pagebar [data-by='1']").click()
    second = control(page, publishing, "second")
    second.click()
    page.keyboard.type("typed here")
    publishing.changes(story={"page": "page-2"}, colour={"title": "Paint"})
    expect(page.get_by_role("textbox", name="Tale")).to_be_visible()
    has_focus(second)
    expect(second).to_have_value("typed here")
    page.locator(".sp-pagebar [data-by='-1']").click()

    # Statuses: the open menu, the button of the form and the chip follow; what was chosen and hidden is told.
    page.locator("#card-status").click()
    page.locator("#status-search").fill("o")
    publishing.renames_status(StatusKind.SUCCESS, "Contract on")
    expect(page.locator("#card-statuses [data-name='Contract on']")).to_be_visible()
    has_focus(page.locator("#status-search"))
    page.locator("#card-statuses [data-name='Contract on']").click()
    expect(page.locator("#card-status")).to_contain_text("Contract on")
    publishing.renames_status(StatusKind.SUCCESS, "Signed")
    expect(page.locator("#card-status")).to_contain_text("Signed")
    publishing.hides_status(StatusKind.SUCCESS)
    expect(won).to_be_disabled()
    expect(page.locator("#card-status")).not_to_contain_text("Signed")
    expect(about(page, "gone")).to_contain_text("Signed")
    about(page, "gone").get_by_role("button", name="Throw it away").click()
    save(page)
    expect_saved(page)
    assert publishing.answers(number) == {"colour": RED, "second": "typed here"}


def test_a_card_that_was_offline_for_three_versions_asks_before_it_saves(open_as: Any, publishing: Publishing) -> None:
    number = publishing.a_case()
    anna = open_as("anna")
    anna.allow("WebSocket")
    lines: list[WebSocketRoute] = []
    is_down = False

    def connect(line: WebSocketRoute) -> None:
        if is_down:
            line.close()
        else:
            lines.append(line)
            line.connect_to_server()

    anna.page.route_web_socket(re.compile("socket.io"), connect)
    page = anna.open_card(number)
    name = control(page, publishing, "name")
    name.fill("Nowak")
    publishing.changes(name={"title": "Known to be connected"})
    expect(page.locator("#form")).to_contain_text("Known to be connected")
    is_down = True
    for line in lines:
        line.close()
    expect(about(page, "connection")).to_contain_text("No connection")
    publishing.changes(story={"hidden": True})
    publishing.changes(extra=a_field(title="Extra"))
    publishing.changes(name={"title": "Surname"})
    publishing.grows_old()
    expect(page.locator("#form")).not_to_contain_text("Surname")
    with page.expect_request("**/state?*"):
        save(page)
    expect_saved(page)
    expect(page.locator("#form")).to_contain_text("Surname")
    assert publishing.answers(number) == {"name": "Nowak"}
    publishing.changes(name={"title": "Back again"})
    is_down = False
    expect(page.locator("#form")).to_contain_text("Back again")
    expect(about(page, "connection")).to_have_count(0)
