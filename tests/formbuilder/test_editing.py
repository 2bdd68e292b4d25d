import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid, NotFound
from app.formbuilder import editing
from app.formbuilder.config import WithChoices
from app.formbuilder.definition import empty_definition
from tests.formbuilder.form_samples import choice, make_definition, make_field

KINDS = ["text", "single_choice", "multiple_choice", "script_text", "button"]


def ids_of(definition):
    choices = {
        (field.id, each.id)
        for field in definition.fields
        if isinstance(field.config, WithChoices)
        for each in field.config.choices
    }
    return choices | {field.id for field in definition.fields} | {page.id for page in definition.pages}


def any_edit(data, definition):
    """One edit that the editor could make, drawn."""
    title = data.draw(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8))
    flag = data.draw(st.booleans())
    if not definition.fields or data.draw(st.integers(0, 3)) == 0:
        page = data.draw(st.sampled_from(definition.pages)).id
        return editing.add_field(
            definition, editing.new_field(data.draw(st.sampled_from(KINDS)), page=page, title=title)
        )
    field = data.draw(st.sampled_from(definition.fields))
    other = data.draw(st.sampled_from([None, *(each.id for each in definition.fields if each is not field)]))
    edits = [
        lambda: editing.rename_field(definition, field.id, title),
        lambda: editing.change_help(definition, field.id, title),
        lambda: editing.set_required(definition, field.id, to_save=flag, to_close=not flag),
        lambda: editing.set_width(definition, field.id, 3),
        lambda: editing.hide_field(definition, field.id),
        lambda: editing.show_field(definition, field.id),
        lambda: editing.move_field(definition, field.id, after=other),
        lambda: editing.add_page(definition, title),
    ]
    if field.kind == "script_text":
        edits.append(lambda: editing.change_script(definition, field.id, title))
    if field.kind == "button":
        edits.append(lambda: editing.set_button_status(definition, field.id, 7))
    if isinstance(field.config, WithChoices):
        edits.append(lambda: editing.add_choice(definition, field.id, title))
        if field.config.choices:
            chosen = data.draw(st.sampled_from(field.config.choices)).id
            edits += [
                lambda: editing.rename_choice(definition, field.id, chosen, title),
                lambda: editing.hide_choice(definition, field.id, chosen),
                lambda: editing.show_choice(definition, field.id, chosen),
                lambda: editing.order_choices(definition, field.id, [chosen]),
            ]
    return data.draw(st.sampled_from(edits))()


@given(st.data())
def test_no_sequence_of_edits_loses_a_field_or_a_choice(data):
    definition = empty_definition()
    for _ in range(data.draw(st.integers(1, 12))):
        edited = any_edit(data, definition)
        assert ids_of(definition) <= ids_of(edited)
        assert {field.id: field.kind for field in definition.fields}.items() <= {
            field.id: field.kind for field in edited.fields
        }.items()
        definition = edited


def test_a_field_is_added_where_it_is_wanted():
    first, second, new = make_field("text"), make_field("text"), make_field("text")
    definition = make_definition(first, second)
    assert [field.id for field in editing.add_field(definition, new, after=first.id).fields] == [
        first.id,
        new.id,
        second.id,
    ]
    assert editing.add_field(definition, new).fields[-1] == new


def test_a_field_moves_to_the_front_behind_another_and_to_another_page():
    first, second, third = (make_field("text") for _ in range(3))
    definition = editing.add_page(make_definition(first, second, third), "Dalej", page_id="page-2")
    assert editing.move_field(definition, third.id).fields == (third, first, second)
    assert editing.move_field(definition, first.id, after=second.id).fields == (second, first, third)
    assert editing.move_field(definition, first.id, page="page-2").by_id[first.id].page == "page-2"


def test_choices_are_renamed_hidden_and_ordered():
    red, blue = choice("Czerwony"), choice("Niebieski")
    field = make_field("single_choice", config={"choices": [red, blue]})
    definition = editing.order_choices(make_definition(field), field.id, [blue["id"]])
    definition = editing.rename_choice(definition, field.id, red["id"], "Rudy")
    definition = editing.hide_choice(definition, field.id, red["id"])
    assert [(each.title, each.hidden) for each in definition.fields[0].config.choices] == [
        ("Niebieski", False),
        ("Rudy", True),
    ]


def test_the_former_definition_stays_as_it_was():
    field = make_field("text", title="Przed")
    definition = make_definition(field)
    editing.rename_field(definition, field.id, "Po")
    assert definition.fields[0].title == "Przed"


@pytest.mark.parametrize(
    "edit",
    [
        lambda definition, _: editing.rename_field(definition, "none", "x"),
        lambda definition, field: editing.move_field(definition, field.id, after="none"),
        lambda definition, field: editing.hide_choice(definition, field.id, "none"),
        lambda definition, _: editing.rename_page(definition, "none", "x"),
    ],
)
def test_what_is_not_there_cannot_be_edited(edit):
    field = make_field("single_choice")
    with pytest.raises(NotFound):
        edit(make_definition(field), field)


@pytest.mark.parametrize(
    "edit",
    [
        lambda definition, field: editing.rename_field(definition, field.id, "x" * 201),
        lambda definition, field: editing.set_width(definition, field.id, 5),
        lambda definition, field: editing.add_choice(definition, field.id, "x"),
        lambda definition, field: editing.change_config(definition, field.id, {"colour": "red"}),
        lambda definition, field: editing.change_field(definition, field.id, kind="number"),
        lambda definition, field: editing.move_field(definition, field.id, page="none"),
        lambda *_: editing.new_field("hologram", page="page-1"),
    ],
)
def test_an_edit_keeps_to_the_limits(edit):
    field = make_field("text")
    with pytest.raises(Invalid):
        edit(make_definition(field), field)
