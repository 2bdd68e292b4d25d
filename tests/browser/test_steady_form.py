"""A form that changes under somebody's hands disturbs neither hands, eyes nor ears, and no dialog above it."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Request, expect

from app.formbuilder.config import Choice
from tests.browser.publishing import COLOURS, Publishing
from tests.browser.publishing import own_publishing as publishing
from tests.browser.test_live_form import about, control, has_focus
from tests.browser.workplace import expect_saved, save
from tests.factories import a_field

__all__ = ["publishing"]

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def top_of(place: Locator) -> float:
    """Where it stands on the screen."""
    top: float = place.evaluate("each => each.getBoundingClientRect().top")
    return top


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_one_types_in_keeps_its_place_on_the_screen(
    open_as: Any, publishing: Publishing, size: dict[str, int]
) -> None:
    """Also in a form that is too short to be scrolled."""
    number = publishing.a_case()
    page = open_as("anna", viewport=size).open_card(number)
    story = control(page, publishing, "story")
    story.click()
    page.keyboard.type("hands")
    top = top_of(story)
    publishing.changes(colour={"title": "Shade"})
    expect(about(page, "form")).to_contain_text("Shade")
    assert top_of(story) == pytest.approx(top, abs=1), "a notice came"
    publishing.fields = {"first": a_field(title="First of all"), **publishing.fields}
    publishing.changes()
    expect(page.locator("#form")).to_contain_text("First of all")
    assert top_of(story) == pytest.approx(top, abs=1), "a field came above it"
    open_as("jan").open_card(number)
    expect(page.locator("#card-others")).to_contain_text("Jan")
    assert top_of(story) == pytest.approx(top, abs=1), "the header has another line"
    has_focus(story)
    about(page, "form").get_by_role("button").click()
    expect(about(page, "form")).to_have_count(0)
    assert top_of(story) == pytest.approx(top, abs=1), "the notice went"
    save(page)
    expect_saved(page)
    toast, bar = page.locator(".sp-toast").bounding_box(), page.locator(".sp-savebar").bounding_box()
    assert toast is not None
    assert bar is not None
    assert toast["y"] + toast["height"] <= bar["y"], "a message covers no button"


def test_the_field_at_the_end_is_not_left_behind_a_notice(open_as: Any, publishing: Publishing) -> None:
    page = open_as("anna", viewport={"width": 1440, "height": 520}).open_card(publishing.a_case())
    story = control(page, publishing, "story")
    story.focus()
    story.evaluate("each => (each.style.height = '500px')")  # somebody has drawn it larger
    page.locator(".sp-formscroll").evaluate("""(each) => {
        const end = document.activeElement.getBoundingClientRect().bottom;
        each.scrollTop += end - each.getBoundingClientRect().bottom + 2;
    }""")
    publishing.changes(colour={"title": "Hue"})
    expect(about(page, "form")).to_contain_text("Hue")
    box, foot = story.bounding_box(), page.locator(".sp-cardfoot").bounding_box()
    assert box is not None
    assert foot is not None
    assert box["y"] + box["height"] <= foot["y"] + 1


def test_the_history_of_an_answer_opens_for_a_hand_that_moves(open_as: Any, publishing: Publishing) -> None:
    """Not because the page moved and brought a title under a pointer that is still."""
    anna = open_as("anna", viewport={"width": 1440, "height": 500})
    anna.page.clock.install()
    page = anna.open_card(publishing.a_case())
    asked: list[str] = []

    def heard(request: Request) -> None:
        if "history" in request.url:
            asked.append(request.url)

    page.on("request", heard)
    label = page.locator(f'splot-field[data-key="{publishing.fields["story"].id}"] .label')
    box = label.bounding_box()
    assert box is not None
    place = (box["x"] + 5, box["y"] + box["height"] / 2)
    scroller = page.locator(".sp-formscroll")
    scroller.evaluate("each => (each.scrollTop += 15)")
    page.mouse.move(*place)
    under = page.locator("#form .label:hover")
    expect(under).to_have_count(0)
    scroller.evaluate("each => (each.scrollTop -= 15)")
    expect(under).to_have_count(1)
    page.clock.fast_forward(2000)
    assert asked == []
    page.mouse.move(place[0] + 2, place[1])
    page.clock.fast_forward(2000)
    expect(page.locator("#answer-history")).to_be_visible()
    assert len(asked) == 1


def test_a_dialog_stays_with_what_is_typed_in_it_while_the_form_changes(open_as: Any, publishing: Publishing) -> None:
    number = publishing.a_case()
    anna, jan = open_as("anna"), open_as("jan")
    anna.allow("409")
    page, theirs = anna.open_card(number), jan.open_card(number)
    page.locator("#note-text").fill("First")
    page.locator("#composer button[type=submit]").click()
    page.locator("#timeline [data-do^=note-edit]").click()
    text = page.locator("#note-edit-text")
    text.fill("A second thou")
    publishing.changes(name={"title": "Name then"})
    expect(page.locator("#form")).to_contain_text("Name then")
    expect(page.locator("#note-dialog")).to_be_visible()
    has_focus(text)
    page.keyboard.type("ght")
    page.locator("[data-do=note-save]").click()
    expect(page.locator("#note-dialog")).to_be_hidden()
    expect(page.locator("#timeline [data-note]")).to_have_text("A second thought")
    expect(page.get_by_role("textbox", name="Name then")).to_be_visible()

    # The menu of statuses, with a time that is being typed.
    page.locator("#card-status").click()
    page.locator("#card-statuses [data-dated]").first.click()
    moment = page.locator("#status-when")
    moment.fill("2031-05-06T07:08")
    publishing.changes(name={"title": "Name now"})
    expect(page.locator("#form")).to_contain_text("Name now")
    expect(moment).to_have_value("2031-05-06T07:08")
    has_focus(moment)
    page.keyboard.press("Escape")

    # Two saved the same field: the choice that is made stays made.
    control(page, publishing, "name").fill("Kowal")
    control(theirs, publishing, "name").fill("Nowak")
    save(theirs)
    expect_saved(theirs)
    expect(about(page, "others")).to_contain_text("Jan Kot")
    save(page)
    chosen = page.locator("input[name=clash-0][value=theirs]")
    chosen.check()
    publishing.changes(name={"title": "Name at last"}, late=a_field(title="Late"))
    expect(page.locator("#form")).to_contain_text("Late")
    expect(page.locator("#card-clash")).to_be_visible()
    expect(chosen).to_be_checked()
    has_focus(chosen)
    page.locator("[data-do='clash-save']").click()
    expect(page.locator("#card-clash")).to_be_hidden()
    expect_saved(page)
    expect(page.get_by_role("textbox", name="Name at last")).to_have_value("Nowak")
    expect(page.get_by_role("textbox", name="Late")).to_be_visible()
    assert publishing.answers(number) == {"name": "Nowak"}


def test_a_screen_reader_is_told_in_polish_what_came(open_as: Any, publishing: Publishing) -> None:
    polish = open_as("jan").open_card(publishing.a_case())
    story = control(polish, publishing, "story")
    story.fill("Długa historia")
    delivery = Choice(id="2f6b8a10-0000-4000-8000-000000000004", title="Dostawa")
    offered = replace(
        publishing.fields["colour"].config, choices=(replace(COLOURS[0], hidden=True), *COLOURS[1:], delivery)
    )
    serial = a_field(title="Numer seryjny", help="Z tabliczki", required_to_save=True)
    publishing.changes(colour={"title": "Powód", "config": offered}, serial=serial, name={"title": "Klient"})
    said = polish.get_by_role("status").filter(has_text="Formularz ma nową wersję.")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("Nowe: „Numer seryjny”.")
    expect(said).to_contain_text("nazywa się teraz „Klient”.")
    expect(said).to_contain_text("„Powód”: nowa pozycja „Dostawa”.")
    expect(said).to_contain_text("„Powód”: nie ma już pozycji „Red”.")
    expect(said.get_by_role("button", name="Schowaj tę wiadomość")).to_be_visible()
    offered = replace(offered, choices=(COLOURS[0], replace(COLOURS[1], hidden=True), COLOURS[2], delivery))
    publishing.changes(colour={"config": offered})
    expect(said).to_contain_text("„Powód”: nie ma już pozycji „Blue”.")
    expect(said).to_contain_text("„Powód”: wróciła pozycja „Red”.")
    expect(polish.get_by_role("textbox", name="Klient")).to_be_visible()
    number = polish.get_by_role("textbox", name="Numer seryjny")
    expect(number).to_have_accessible_description("Z tabliczki")
    expect(number).to_have_attribute("aria-required", "true")
    reason = polish.get_by_role("combobox", name="Powód")
    assert [each.strip() for each in reason.get_by_role("option").all_inner_texts()] == [
        "Wybierz",
        "Red",
        "Green",
        "Dostawa",
    ]
    has_focus(story)
    expect(story).to_have_value("Długa historia")
