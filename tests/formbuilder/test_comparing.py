from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.i18n import in_language
from app.formbuilder.comparing import Change, Words, compare, marked
from app.formbuilder.definition import Branch, empty_definition
from app.formbuilder.expression import check
from app.formbuilder.formula_words import formula_text
from tests.formbuilder import edits
from tests.formbuilder.edits import any_edit
from tests.formbuilder.form_samples import choice, make_definition, make_field

WORDS = Words(
    setting=lambda name: f"setting {name}",
    value=lambda name, value: f"status {value}" if name == "status_id" else None,
    role=str.upper,
    language="en",
)


@pytest.fixture(autouse=True)
def english(app):
    with app.test_request_context(), in_language("en"):
        yield


def told(before, after):
    return [each.sentence for each in compare(before, after, WORDS)]


def test_each_edit_is_told_in_a_sentence():
    red = choice("Red")
    listed = make_field("single_choice", title="Reason", config={"choices": [red]})
    amount = make_field("number", title="Amount")
    button = make_field("button", title="", config={"status_id": 7})
    base = make_definition(listed, amount, button)
    told_of = {
        "Field “Amount”, title: Amount → Sum": edits.rename_field(base, amount.id, "Sum"),
        "Field “Amount” was hidden: Amount": edits.hide_field(base, amount.id),
        "Field “Amount”, required to save: No → Yes": edits.set_required(base, amount.id, to_save=True, to_close=False),
        "Field “Amount”, width: 6 of 6 columns → 3 of 6 columns": edits.set_width(base, amount.id, 3),
        "Field “Amount”, setting decimals: 2 → 0": edits.change_config(base, amount.id, {"decimals": 0}),
        "Button “status 7”, order: page “Zgłoszenie”, behind “Amount” → page “Zgłoszenie”, first": (
            edits.move_field(base, button.id)
        ),
        "Field “Reason”, choice was added: Blue": edits.add_choice(base, listed.id, "Blue"),
        "Field “Reason”, choice, title: Red → Crimson": edits.rename_choice(base, listed.id, red["id"], "Crimson"),
        "Field “Reason”, choice was hidden: Red": edits.hide_choice(base, listed.id, red["id"]),
        "Button “status 8”, setting status_id: status 7 → status 8": edits.set_button_status(base, button.id, 8),
        "Page “Zgłoszenie”, title: Zgłoszenie → Start": edits.rename_page(base, "page-1", "Start"),
        "Page “Next” was added: Next": edits.add_page(base, "Next"),
        "Field “Amount”, who sees it: everybody → MANAGER": edits.change_field(
            base, amount.id, visible_roles=("manager",)
        ),
        "Field “Amount”, shown when: nothing → Reason = Red": edits.change_field(
            base, amount.id, visible_if=check(["eq", ["field", listed.id], ["text", red["id"]]])
        ),
    }
    assert {sentence: told(base, edited) for sentence, edited in told_of.items()} == {
        sentence: [sentence] for sentence in told_of
    }


def test_what_is_shown_again_and_what_is_new():
    hidden = make_field("text", title="Fax", hidden=True)
    new = make_field("text", title="Modem", required_to_save=True)
    base = make_definition(hidden)
    after = edits.add_field(edits.show_field(base, hidden.id), new)
    shown, added = compare(base, after, WORDS)
    assert (shown.change, shown.before, shown.after) == (Change.SHOWN, "hidden", "Fax")
    assert (added.change, added.after) == (Change.ADDED, "Text, required to save")


def test_another_kind_is_one_difference():
    field = make_field("text", title="How many")
    number = replace(make_field("number", title="How many"), id=field.id)
    assert told(make_definition(field), make_definition(number)) == ["Field “How many”, kind: Text → Number"]


def test_ways_on_are_told_with_their_pages():
    field = make_field("number", title="Age")
    base = edits.add_page(make_definition(field), "Children", page_id="page-2")
    way = Branch(when=check(["lt", ["field", field.id], ["number", "18"]]), page="page-2")
    after = replace(base, pages=(replace(base.pages[0], branches=(way,)), base.pages[1]))
    assert told(base, after) == ["Page “Zgłoszenie”, ways on: nothing → to “Children” when Age < 18"]


def test_formulas_read_as_sentences():
    one, other = make_field("number", title="A"), make_field("number", title="B")
    definition = make_definition(one, other)
    a, b = ["field", one.id], ["field", other.id]
    texts = {
        "(A > 1 or B is empty) and not A = B": [
            "and", ["or", ["gt", a, ["number", "1"]], ["empty", b]], ["not", ["eq", a, b]]
        ],
        "sum of A, B × 2": ["multiply", ["sum", a, b], ["number", "2"]],
        "days from today to A": ["days_between", ["today"], a],
        "if A is filled in then “yes”, else a field that is not there": [
            "if", ["filled", a], ["text", "yes"], ["field", "gone"]
        ],
    }  # fmt: skip
    assert {text: formula_text(check(raw), definition) for text, raw in texts.items()} == {text: text for text in texts}


@given(st.data())
def test_equal_definitions_do_not_differ_and_others_do(data):
    base = empty_definition()
    for _ in range(data.draw(st.integers(0, 6))):
        base = any_edit(data, base)
    edited = any_edit(data, base)
    assert not compare(base, base, WORDS)
    assert bool(compare(base, edited, WORDS)) == (base != edited)


@given(st.text("ab ", max_size=30), st.text("ab ", max_size=30))
def test_marking_changes_no_text(before, after):
    old, new = marked(before, after)
    assert (" ".join(text for text, _ in old), " ".join(text for text, _ in new)) == (before, after)


def test_words_that_differ_are_marked():
    assert marked("Kwota sporna", "Kwota sporna brutto")[1] == [("Kwota sporna", False), ("brutto", True)]


def test_texts_that_share_no_word_are_not_marked():
    assert marked("No", "Yes") == ([("No", False)], [("Yes", False)])
