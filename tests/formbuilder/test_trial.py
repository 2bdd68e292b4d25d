"""An edit tried on the answers of a case."""

from dataclasses import replace

import pytest

from app.formbuilder.trial import try_answers
from tests.formbuilder import edits
from tests.formbuilder.form_samples import choice, make_definition, make_field

RED = choice("Red")


@pytest.fixture(autouse=True)
def _context(app):
    with app.test_request_context():
        yield


def test_what_would_be_missing_and_is_not_missing_today():
    filled, empty, known = make_field("text"), make_field("text"), make_field("text", required_to_close=True)
    now = make_definition(filled, empty, known)
    edited = now
    for field in (filled, empty):
        edited = edits.set_required(edited, field.id, to_save=True, to_close=False)
    assert try_answers(now, edited, {filled.id: "x"}).missing == {empty.id}
    assert try_answers(now, now, {filled.id: "x"}).missing == set()


def test_answers_that_would_not_fit():
    text, number = make_field("text"), make_field("number")
    now = make_definition(text, number)
    edited = edits.change_config(edits.change_config(now, text.id, {"limit": 3}), number.id, {"largest": "9"})
    tried = try_answers(now, edited, {text.id: "too long", number.id: "10"})
    assert tried.unfit == {text.id: "too long", number.id: "10"}
    assert not try_answers(now, edited, {text.id: "abc", number.id: "9"}).unfit
    assert not try_answers(edited, edited, {text.id: "too long"}).unfit


def test_another_kind_that_takes_only_some_answers():
    field = make_field("text")
    now = make_definition(field)
    edited = make_definition(replace(make_field("number", required_to_save=True), id=field.id))
    assert not try_answers(now, edited, {field.id: "12"}).unfit
    tried = try_answers(now, edited, {field.id: "twelve"})
    assert (tried.unfit, tried.missing) == ({field.id: "twelve"}, {field.id})


def test_a_hidden_choice_that_was_chosen_still_fits():
    field = make_field("single_choice", config={"choices": [RED, choice("Blue")]})
    now = make_definition(field)
    edited = edits.hide_choice(now, field.id, RED["id"])
    assert not try_answers(now, edited, {field.id: RED["id"]}).unfit
