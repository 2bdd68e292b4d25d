"""A form that becomes another version of itself under somebody's hands: the real markup, in a real browser."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.definition import Page as FormPage
from app.formbuilder.render import StatusLook, render
from tests.browsers import FIREFOX
from tests.formbuilder.form_samples import choice, everybody, make_field

ROOT = Path(__file__).parents[2]
ENTRY = """
export * from "./frontend/form/fields.js"; export * from "./frontend/form/morph.js";
export { adapt } from "./frontend/form/adapters.js"; export { composed } from "./frontend/form/composing.js";
"""
RED, BLUE, GREEN = (choice(name) for name in ("Red", "Blue", "Green"))
CHOICES = {"choices": [RED, BLUE, GREEN]}
FIELDS = {
    "first": make_field("text", title="First"),
    "name": make_field("text", title="Name", help="As in the passport"),
    "story": make_field("long_text", title="Story"),
    "listed": make_field("single_choice", title="Listed", config=CHOICES),
    "radio": make_field("single_choice", title="Radio", config={**CHOICES, "style": "radio"}),
    "several": make_field("multiple_choice", title="Several", config=CHOICES),
    "amount": make_field("money", title="Amount"),
    "day": make_field("date", title="Day"),
    "files": make_field("file", title="Files"),
    "sold": make_field("button", title="Sold", config={"status_id": 5}),
    "lost": make_field("button", title="Lost", config={"status_id": 6}),
    "last": make_field("text", title="Last"),
}
PAGES = (FormPage(id="page-1", title="One"), FormPage(id="page-2", title="Two"))
LOOKS = {5: StatusLook("Sold", "success"), 6: StatusLook("Lost", "closed")}
START = FormDefinition(pages=PAGES, fields=tuple(FIELDS.values()))


def edited(*order: str, **changes: dict[str, Any]) -> FormDefinition:
    """The form with other settings of some fields, by their names; `order`: only these, in this order."""
    names = order or tuple(FIELDS)
    return FormDefinition(pages=PAGES, fields=tuple(changed(name, **changes.get(name, {})) for name in names))


def changed(name: str, **settings: Any) -> Field:
    """One field with other settings; `choices`: of its list, as JSON."""
    field = FIELDS[name]
    choices = settings.pop("choices", None)
    if choices is not None:
        fresh = make_field(field.kind, config={**CHOICES, "choices": choices})
        field = replace(field, config=replace(field.config, choices=fresh.config.choices))
    return replace(field, **settings)


@pytest.fixture(scope="module")
def script() -> str:
    """The modules as one script that a page without a server can load."""
    command = ["node_modules/.bin/esbuild", "--bundle", "--format=iife", "--global-name=forms"]
    return subprocess.run(command, cwd=ROOT, input=ENTRY, check=True, capture_output=True, text=True).stdout


class Form:
    """A form on a page, and versions of it that arrive."""

    def __init__(self, page: Page, draw: Callable[[FormDefinition], str]) -> None:
        self.page, self.draw = page, draw

    def at(self, name: str) -> str:
        return f'splot-field[data-key="{FIELDS[name].id}"]'

    def control(self, name: str) -> Any:
        return self.page.locator(f"{self.at(name)} :is(input, select, textarea):not([data-native])").first

    def arrives(self, definition: FormDefinition) -> dict[str, Any]:
        """What the morph reports."""
        report: dict[str, Any] = self.page.evaluate("html => forms.morph(form, html)", self.draw(definition))
        return report

    def values(self) -> dict[str, Any]:
        raw = self.page.evaluate("forms.read(form)")
        return {name: raw[field.id] for name, field in FIELDS.items() if field.id in raw}

    def typing_at(self, name: str, text: str) -> None:
        """The caret stands in the middle of what was typed."""
        self.control(name).click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("ArrowLeft")

    def types_on(self) -> str:
        """Key by key, where the caret is; then what the field with the focus holds."""
        self.page.keyboard.type("!")
        held: str = self.page.evaluate("document.activeElement.value")
        return held


@pytest.fixture(params=["chromium", *(["firefox"] if FIREFOX.exists() else [])])
def form(request: pytest.FixtureRequest, script: str, app: Any) -> Any:
    """The form as a card shows it, in a box that scrolls; in Firefox, too, where there is one."""

    def draw(definition: FormDefinition) -> str:
        with app.test_request_context():
            return str(
                render(
                    definition,
                    profile=everybody(definition),
                    language="en",
                    environment=app.jinja_env,
                    statuses=LOOKS,
                )
            )

    page = request.getfixturevalue(request.param).new_page()
    style = "[hidden] { display: none } #box { height: 300px; overflow: auto; overflow-anchor: none }"
    style += "splot-field { display: block; min-height: 60px }"
    page.set_content(f'<style>{style}</style><div id="box"><div id="form">{draw(START)}</div></div>')
    page.add_script_tag(content=script)
    page.evaluate("window.form = document.getElementById('form'); forms.remember(form); forms.fill(form, {})")
    yield Form(page, draw)
    page.close()


ALL = list(FIELDS)
WITHOUT_NAME = [name for name in ALL if name != "name"]
EDITS = {
    "renamed": edited(name={"title": "Full name"}),
    "required": edited(name={"required_to_save": True}),
    "another help": edited(name={"help": "As on the card"}),
    "placeholder": edited(name={"placeholder": "Jan Kowalski"}),
    "narrower": edited(name={"width": 3}),
    "reordered": edited(*reversed(ALL)),
    "others gone": edited("name", "last"),
    "put behind": edited(*[*WITHOUT_NAME, "name"]),
    "on another page": edited(name={"page": "page-2"}),
    "all others on another page": edited(**{name: {"page": "page-2"} for name in WITHOUT_NAME}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_focus_caret_text_and_undo_outlive_a_change(form: Form, edit: str) -> None:
    form.typing_at("name", "Kowalski")
    before = form.control("name").element_handle()
    form.arrives(EDITS[edit])
    assert form.control("name").evaluate("(now, before) => now === before", before), "the control itself stays"
    assert form.types_on() == "Kowalsk!i"
    form.page.keyboard.press("Control+z")
    form.page.keyboard.press("Control+z")
    assert len(form.control("name").input_value()) < len("Kowalsk!i")
    if edit == "required":
        assert form.control("name").get_attribute("aria-required") == "true"
    if edit == "renamed":
        assert form.page.get_by_label("Full name").input_value() == form.control("name").input_value()


def test_a_selection_stays_with_its_direction(form: Form) -> None:
    form.control("story").fill("one two three")
    form.page.evaluate("document.activeElement.setSelectionRange(4, 7, 'backward')")
    form.arrives(edited(*reversed(ALL), story={"title": "Tale", "page": "page-2"}))
    kept = "[document.activeElement.selectionStart, document.activeElement.selectionEnd, "
    assert form.page.evaluate(kept + "document.activeElement.selectionDirection]") == [4, 7, "backward"]


def test_every_answer_outlives_a_change_of_everything(form: Form) -> None:
    form.control("first").fill("half ty")
    form.control("amount").fill("12,")
    form.control("listed").select_option(BLUE["id"])
    form.page.locator(f'{form.at("radio")} [value="{RED["id"]}"]').check()
    form.page.locator(f'{form.at("several")} [value="{GREEN["id"]}"]').check()
    form.page.evaluate("([key]) => forms.addFile(form, key, { id: 7, title: 'a.pdf' })", [FIELDS["files"].id])
    before = form.values()
    shuffled = [
        "several",
        "last",
        "sold",
        "files",
        "radio",
        "amount",
        "day",
        "name",
        "lost",
        "listed",
        "first",
        "story",
    ]
    titles = {name: {"title": f"New {name}", "help": "Other"} for name in ALL}
    choices = [{**GREEN, "title": "Lime"}, choice("Black"), BLUE, RED]
    for name in ("listed", "radio", "several"):
        titles[name]["choices"] = choices
    report = form.arrives(edited(*shuffled, **titles))
    assert form.values() == before
    assert {each["before"] for each in report["renamed"]} == {FIELDS[name].title for name in ALL}
    shown = form.page.locator("splot-field").evaluate_all("all => all.map(each => each.dataset.key)")
    assert shown == [FIELDS[name].id for name in shuffled]
    options = form.page.locator(f"{form.at('listed')} option").all_inner_texts()
    assert options[1:] == ["Lime", "Black", "Blue", "Red"]
    assert "Lime" in form.page.locator(form.at("several")).inner_text()
    form.page.locator(f"{form.at('files')} [data-remove]").click()
    assert form.values()["files"] == []


def test_a_chosen_option_that_is_hidden_stays_until_another_is_chosen(form: Form) -> None:
    form.control("listed").select_option(BLUE["id"])
    form.page.locator(f'{form.at("radio")} [value="{BLUE["id"]}"]').check()
    hidden = [RED, {**BLUE, "hidden": True}, GREEN]
    form.arrives(edited(listed={"choices": hidden}, radio={"choices": hidden}))
    assert form.control("listed").input_value() == BLUE["id"]
    retired = form.page.locator(f"{form.at('radio')} label").nth(1)
    assert retired.is_visible()
    form.control("listed").select_option(RED["id"])
    form.page.locator(f'{form.at("radio")} [value="{RED["id"]}"]').check()
    form.page.locator("body").click(position={"x": 1, "y": 1})
    assert form.page.locator(f"{form.at('listed')} option").nth(2).evaluate("each => each.hidden")
    form.arrives(START)
    assert retired.is_visible()


def test_what_a_list_offers_now_is_told_by_name(form: Form) -> None:
    offered = [choice("Black"), {**BLUE, "hidden": True}, {**RED, "title": "Crimson"}, GREEN]
    told = {"added": ["Black"], "hidden": ["Blue"], "shown": [], "renamed": [{"before": "Red", "after": "Crimson"}]}
    hints = {"help": "One only", "choices": offered}
    report = form.arrives(edited(listed={"choices": offered}, radio=hints, several={"choices": offered[::-1]}))
    assert report["choices"] == [
        {"key": FIELDS[name].id, "title": FIELDS[name].title, **told} for name in ("listed", "radio", "several")
    ]
    assert report["changed"] == [{"key": FIELDS["radio"].id, "title": "Radio"}], "of the others nothing else is new"
    back = form.arrives(edited(listed={"choices": [choice("Black"), BLUE, {**RED, "title": "Crimson"}, GREEN]}))
    assert {each["key"]: each["shown"] for each in back["choices"]}[FIELDS["listed"].id] == ["Blue"]
    form.arrives(START)
    reordered = form.arrives(edited(listed={"choices": [BLUE, RED, GREEN]}))
    assert (reordered["choices"], [each["title"] for each in reordered["changed"]]) == ([], ["Listed"])


def test_what_goes_hands_its_focus_to_a_neighbour_and_is_told(form: Form) -> None:
    form.typing_at("name", "Kowalski")
    report = form.arrives(edited(*WITHOUT_NAME))
    assert report["removed"] == [{"key": FIELDS["name"].id, "title": "Name"}]
    assert form.page.evaluate("document.activeElement.id") == f"f-{FIELDS['story'].id}"
    report = form.arrives(START)
    assert report["added"] == [{"key": FIELDS["name"].id, "title": "Name"}]
    assert form.control("name").input_value() == ""


def test_another_kind_takes_over_text_and_focus(form: Form) -> None:
    form.typing_at("name", "Kowalski")
    as_text = replace(FIELDS["name"], kind="long_text", config=FIELDS["story"].config)
    fields = tuple(as_text if name == "name" else field for name, field in FIELDS.items())
    report = form.arrives(FormDefinition(pages=PAGES, fields=fields))
    assert report["swapped"] == [as_text.id]
    assert form.page.evaluate("document.activeElement.localName") == "textarea"
    assert form.types_on() == "Kowalski!"
    as_list = replace(FIELDS["name"], kind="single_choice", config=FIELDS["listed"].config)
    fields = tuple(as_list if name == "name" else field for name, field in FIELDS.items())
    report = form.arrives(FormDefinition(pages=PAGES, fields=fields))
    assert report["lost"] == {as_list.id: "Kowalski!"}, "a list cannot hold it"


def test_buttons_keep_focus_while_their_runs_change(form: Form) -> None:
    sold = form.page.locator(f"{form.at('sold')} button")
    sold.focus()
    for order in (
        ["lost", "sold", "first", "name"],
        ["first", "sold", "name", "lost"],
        ["sold"],
        ["lost", "name", "sold", "last"],
    ):
        form.arrives(edited(*order, sold={"title": f"Sold {order[0]}"}))
        assert sold.evaluate("each => each === document.activeElement"), order
        runs = form.page.locator(".sp-sbtns").evaluate_all("all => all.map(each => each.children.length)")
        assert sum(runs) == len({"sold", "lost"} & set(order))
        assert 0 not in runs
        assert sold.inner_text().strip() == f"Sold {order[0]}"


def test_what_scripts_have_put_there_stays(form: Form) -> None:
    page = form.page
    page.evaluate("key => forms.markErrors(form, { [key]: ['Wrong'] })", FIELDS["name"].id)
    page.evaluate("selector => document.querySelector(selector).hidden = true", form.at("last"))
    form.control("name").fill("x")
    form.arrives(edited(name={"help": "", "width": 2, "title": "Full"}, last={"title": "The last"}))
    wrapper = page.locator(form.at("name"))
    assert wrapper.evaluate("each => each.className.split(' ').sort().join(' ')") == "has-err is-dirty sp-f w2"
    assert wrapper.locator(".sp-err").inner_text() == "Wrong"
    control = form.control("name")
    assert control.get_attribute("aria-describedby") == f"f-{FIELDS['name'].id}-e"
    assert control.get_attribute("aria-invalid") == "true"
    assert page.locator(form.at("last")).evaluate("each => each.hidden")


def test_the_place_of_reading_stays(form: Form) -> None:
    form.control("last").focus()
    top = form.control("last").bounding_box()["y"]
    for edit in (edited(*ALL[3:]), START, edited(story={"help": "Long or short"}), edited(*ALL[1:])):
        form.arrives(edit)
        assert abs(form.control("last").bounding_box()["y"] - top) < 1


def test_an_equal_form_touches_nothing(form: Form) -> None:
    form.page.evaluate("""() => {
        window.seen = 0;
        const all = { childList: true, subtree: true, attributes: true, characterData: true };
        new MutationObserver((list) => (seen += list.length)).observe(form, all);
    }""")
    report = form.arrives(START)
    assert form.page.evaluate("new Promise(done => setTimeout(() => done(seen)))") == 0
    assert not any(report[name] for name in ("added", "removed", "changed", "renamed", "isReordered"))


def test_two_fields_with_one_key_are_refused_whole(form: Form) -> None:
    html = form.draw(START)
    said = form.page.evaluate("html => { try { forms.morph(form, html) } catch (e) { return e.message } }", html * 2)
    assert "one key" in said
    assert form.page.locator("splot-field").count() == len(FIELDS)


@pytest.mark.parametrize("form", ["chromium"], indirect=True)  # only it composes letters by command
def test_a_letter_that_is_composed_is_waited_for(form: Form) -> None:
    form.control("name").focus()
    line = form.page.context.new_cdp_session(form.page)
    line.send("Input.imeSetComposition", {"text": "ź", "selectionStart": 1, "selectionEnd": 1})
    form.page.evaluate("window.told = false; void forms.composed().then(() => (told = true))")
    assert form.page.evaluate("new Promise(done => setTimeout(() => done(told), 50))") is False
    line.send("Input.insertText", {"text": "ź"})
    form.page.wait_for_function("told")
    assert form.control("name").input_value() == "ź"


def test_widgets_come_stay_and_go_with_their_fields(form: Form) -> None:
    form.page.evaluate("""() => {
        window.calls = [];
        const note = (name) => (field) => calls.push(name);
        forms.adapt("text", { mount: note("mount"), sync: note("sync"), unmount: note("unmount") });
    }""")
    form.arrives(edited(*WITHOUT_NAME, first={"title": "Other", "page": "page-2"}))
    form.arrives(START)
    form.page.wait_for_function("calls.length >= 4")
    assert form.page.evaluate("calls.join()") == "sync,unmount,sync,mount"
