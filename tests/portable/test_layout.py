"""The form in a file: written and read it is the same."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings

from app.core.errors import Invalid
from app.formbuilder.definition import FormDefinition, Page, to_json
from app.formbuilder.editing import new_field
from app.portable.layout import by_page, read_layout, write_layout
from app.portable.reading import read_yaml
from app.portable.writing import write_yaml
from tests.portable.samples import definitions, find, names

HERE = UUID("6f0d3c0e-8a57-4b8e-9a5c-0c7f2c1d9b11")


def read(tree, place=lambda field_id: field_id, find_row=find):
    return read_layout(tree, namespace=HERE, place=place, find=find_row)


@settings(max_examples=60)
@given(definitions())
def test_writing_a_form_and_reading_it_is_the_identity(definition):
    text = write_yaml(write_layout(definition, names()))
    back = read(read_yaml(text.encode()))
    assert back == by_page(definition)
    assert to_json(back) == to_json(by_page(definition))
    assert write_yaml(write_layout(back, names())) == text


@settings(max_examples=60)
@given(definitions())
def test_fields_move_to_other_ids_with_all_that_names_them(definition):
    tree = write_layout(definition, names())
    moved = read(tree, place=lambda field_id: str(uuid5(HERE, field_id)))
    assert [field.id for field in moved.fields] == [str(uuid5(HERE, field.id)) for field in by_page(definition).fields]
    assert read(
        write_layout(moved, names()), place={str(uuid5(HERE, field.id)): field.id for field in definition.fields}.get
    ) == (by_page(definition))


def test_a_key_is_never_what_a_formula_uses_for_something_else():
    gone = new_field("text", page="p", title="Tytuł", visible_if=("filled", ("field", "tytul")))
    definition = FormDefinition(pages=(Page(id="p"),), fields=(gone,))
    assert read(write_layout(definition, names())) == definition


PAGE = {"id": "p", "fields": [{"key": "amount", "kind": "money", "title": "Kwota"}]}


def page(*more, **settings):
    return [{**PAGE, **settings, "fields": [*PAGE["fields"], *more]}]


def test_what_is_written_by_hand_needs_no_ids():
    shown = {"key": "why", "kind": "text", "visible_if": ["gt", ["field", "amount"], ["number", 100]]}
    first, second = read(page(shown)).fields
    assert first.id == str(uuid5(HERE, "amount"))
    assert second.visible_if == ("gt", ("field", first.id), ("number", "100"))
    assert read(page({"key": "n", "kind": "number", "config": {"smallest": 5}})).fields[1].config.smallest == 5


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        ({}, "form › pages"),
        ([7], "form › pages › 1: an object"),
        ([{"id": "p", "fields": 1}], "pages › 1 › fields"),
        ([{"id": "p", "colour": "red"}], "pages › 1: the key “colour”"),
        (page("x"), "fields › 2: an object"),
        (page({"kind": "text"}), "fields › 2: the key “key” is missing"),
        (page({"key": "amount", "kind": "text"}), "fields › 2: the id “amount” stands twice"),
        (page({"key": "a b", "kind": "text"}), "fields › 2 › key"),
        (page({"key": "x", "id": "7", "kind": "text"}), "fields › 2 › id"),
        (page({"key": "x", "kind": "text", "page": "p"}), "fields › 2: the key “page”"),
        (page({"key": "x", "kind": "text", "titel": "?"}), "fields › 2: the key “titel”"),
        (page({"key": "x", "kind": "text", "config": {"lines": 3}}), "fields › 2 › config: the key “lines”"),
        (page({"key": "x", "kind": "button", "config": {"status_id": 7}}), "config: the key “status_id”"),
        (page({"key": "x", "kind": "button", "config": {"status": 7}}), "config › status_id: a name"),
        (page({"key": "x"}), "fields › 2: the key “kind” is missing"),
        (page({"key": "x", "kind": 3}), "fields › 2 › kind"),
        (page({"key": "x", "kind": "text", "visible_if": ["exec", "rm"]}), "fields › 2 › visible_if"),
        (page(branches=[{"when": ["eq"], "page": "q"}]), "branches › 1 › when"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(tree, where):
    with pytest.raises(Invalid, match=where):
        read(tree)


def test_a_row_that_is_not_here_is_left_out_and_asked_for_by_name():
    asked = []

    def nothing(kind, name, field):
        asked.append((kind, name, field))

    button = {"key": "go", "kind": "button", "title": "Dalej", "config": {"action": "set_status", "status": "done"}}
    assert read(page(button), find_row=nothing).fields[1].config.status_id is None
    assert asked == [("status", "done", "Dalej")]
