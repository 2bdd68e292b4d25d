"""The browser half of the fields, in a real browser: filled in, read, typed into, marked."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.formbuilder.form import check, form_values
from app.formbuilder.render import StatusLook, render
from tests.formbuilder.form_samples import choice, everybody, make_definition, make_field

ROOT = Path(__file__).parents[2]
RED, BLUE, FAX = choice("Czerwony"), choice("Niebieski"), choice("Faks", hidden=True)
COLOURS = {"choices": [RED, BLUE, FAX]}
FIELDS = {
    "text": make_field("text"),
    "long_text": make_field("long_text"),
    "money": make_field("money"),
    "date": make_field("date"),
    "listed": make_field("single_choice", config=COLOURS),
    "radio": make_field("single_choice", config={**COLOURS, "style": "radio"}),
    "several": make_field("multiple_choice", config=COLOURS),
    "sure": make_field("yes_no"),
    "score": make_field("rating", config={"style": "nps"}),
    "contact": make_field("contact_look_up"),
    "files": make_field("file"),
    "locked": make_field("text", read_only=True),
    "button": make_field("button", config={"status_id": 5}),
}
DEFINITION = make_definition(*FIELDS.values())
DOCUMENT = {
    FIELDS["text"].id: "Zażółć",
    FIELDS["long_text"].id: "a\nb",
    FIELDS["money"].id: "1642.1",
    FIELDS["date"].id: "2026-09-04",
    FIELDS["listed"].id: FAX["id"],
    FIELDS["radio"].id: RED["id"],
    FIELDS["several"].id: [RED["id"], FAX["id"]],
    FIELDS["sure"].id: False,
    FIELDS["score"].id: 0,
    FIELDS["contact"].id: 7,
    FIELDS["files"].id: [3, 4],
    FIELDS["locked"].id: "stays",
}


@pytest.fixture(scope="module")
def script() -> str:
    """The module as one script that a page without a server can load."""
    command = [
        "node_modules/.bin/esbuild",
        "frontend/form/fields.js",
        "--bundle",
        "--format=iife",
        "--global-name=fields",
    ]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def page(chromium, script, app):
    """A card's form, filled in."""
    with app.test_request_context():
        html = render(
            DEFINITION,
            profile=everybody(DEFINITION),
            language="pl",
            environment=app.jinja_env,
            statuses={5: StatusLook("Koniec", "closed")},
        )
    page = chromium.new_page()
    page.set_content(f'<style>[hidden] {{ display: none }}</style><div id="form">{html}</div>')
    page.add_script_tag(content=script)
    page.evaluate("window.form = document.getElementById('form')")
    fill(page, DOCUMENT)
    yield page
    page.close()


def fill(page: Page, document) -> None:
    values = json.dumps(form_values(DEFINITION, document, everybody(DEFINITION), "pl"))
    titles = json.dumps({"contact:7": "Anna Próbna", "file:3": "umowa.pdf"})
    page.evaluate(f"fields.fill(form, {values}, {{ titles: {titles} }})")


def read(page: Page):
    return page.evaluate("fields.read(form)")


def dirty(page: Page) -> list[str | None]:
    """Ids of the fields that are marked as unsaved."""
    return [each.get_attribute("data-key") for each in page.locator("splot-field.is-dirty").all()]


def control(page: Page, name: str, selector: str = "input"):
    return page.locator(f'splot-field[data-key="{FIELDS[name].id}"] {selector}')


def test_what_was_filled_in_is_read_and_changes_nothing(page):
    submitted = read(page)
    assert FIELDS["locked"].id not in submitted
    assert FIELDS["button"].id not in submitted
    result = check(DEFINITION, submitted, before=DOCUMENT, profile=everybody(DEFINITION), closing=False)
    assert (result.errors, result.changed) == ({}, set())
    assert dirty(page) == []


def test_an_empty_form_is_no_answer(page):
    fill(page, {})
    result = check(DEFINITION, read(page), before={}, profile=everybody(DEFINITION), closing=False)
    assert (result.document, result.errors) == ({}, {})


def test_typing_marks_the_field_until_it_is_as_before(page):
    text = control(page, "text")
    text.fill("inny")
    assert dirty(page) == [FIELDS["text"].id]
    assert page.locator(".is-dirty").get_attribute("data-key") == FIELDS["text"].id
    text.fill("Zażółć")
    assert dirty(page) == []


def test_hidden_choices_show_only_where_they_are_chosen(page):
    assert control(page, "several", ".is-gone").is_visible()
    assert control(page, "radio", ".is-gone").is_hidden()
    control(page, "several", ".is-gone input").uncheck()
    page.evaluate("document.activeElement.blur()")
    fill(page, {})
    assert control(page, "several", ".is-gone").is_hidden()


def test_radio_buttons_are_chosen_and_cleared_by_keyboard(page):
    fill(page, {})
    clear = control(page, "sure", "[data-clear]")
    assert clear.is_hidden()
    control(page, "sure", "[value=yes]").focus()
    page.keyboard.press("Space")
    assert read(page)[FIELDS["sure"].id] == "yes"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert read(page)[FIELDS["sure"].id] == ""
    assert clear.is_hidden()


def test_errors_are_marked_told_to_the_reader_and_cleared(page):
    key = FIELDS["money"].id
    page.evaluate(f"fields.markErrors(form, {json.dumps({key: ['Za dużo.', 'Kwota.']})})")
    amount = control(page, "money")
    assert amount.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{amount.get_attribute('aria-describedby')}").inner_text() == "Za dużo. Kwota."
    assert page.evaluate("document.activeElement.name") == key
    page.evaluate("fields.markErrors(form, {})")
    assert page.locator(".sp-err, .has-err, [aria-invalid]").count() == 0
    assert amount.get_attribute("aria-describedby") is None


def test_the_native_picker_writes_what_the_server_reads(page):
    control(page, "date", "[data-native]").evaluate(
        "(input) => { input.value = '2026-12-01'; input.dispatchEvent(new Event('change', { bubbles: true })) }"
    )
    result = check(DEFINITION, read(page), before=DOCUMENT, profile=everybody(DEFINITION), closing=False)
    assert (result.errors, result.document[FIELDS["date"].id]) == ({}, "2026-12-01")


def test_a_look_up_asks_and_takes_the_entry_that_is_typed(page):
    look = control(page, "contact", "[data-look]")
    assert look.input_value() == "Anna Próbna"
    page.evaluate("form.addEventListener('splot:look', (event) => { window.asked = event.detail })")
    look.fill("Jan")
    assert page.evaluate("asked") == {"key": FIELDS["contact"].id, "kind": "contact", "words": "Jan"}
    assert read(page)[FIELDS["contact"].id] == "Jan"
    page.evaluate(f"fields.offer(form, '{FIELDS['contact'].id}', [{{ id: 9, title: 'Jan Próbny' }}])")
    look.fill("Jan Próbny")
    assert read(page)[FIELDS["contact"].id] == "9"
    look.fill("")
    assert read(page)[FIELDS["contact"].id] == ""


def test_files_are_shown_handed_over_and_removed(page):
    assert control(page, "files", "[data-name]").all_inner_texts() == ["umowa.pdf", "4"]
    page.evaluate("form.addEventListener('splot:upload', (event) => { window.sent = event.detail.files[0].name })")
    control(page, "files", "[data-upload]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    assert page.evaluate("sent") == "a.txt"
    page.evaluate(f"fields.addFile(form, '{FIELDS['files'].id}', {{ id: 5, title: 'a.txt' }})")
    control(page, "files", "[data-remove]").first.click()
    assert read(page)[FIELDS["files"].id] == ["4", "5"]
    assert FIELDS["files"].id in dirty(page)


def test_unsaved_fields_are_told_by_what_is_saved(page):
    key = FIELDS["text"].id
    page.evaluate(f"fields.fill(form, {{ '{key}': 'typed' }}, {{ saved: {{ '{key}': 'saved' }} }})")
    assert key in dirty(page)
    page.evaluate(f"fields.fill(form, {{ '{key}': 'typed' }})")
    assert dirty(page) == []
