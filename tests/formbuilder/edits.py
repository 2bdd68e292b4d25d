"""Edits of a definition, as the builder makes them in the browser: each gives a new definition."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st

from app.formbuilder import rules
from app.formbuilder.config import Choice, WithChoices
from app.formbuilder.definition import Field, FormDefinition, Page, from_json, to_json
from app.formbuilder.editing import new_field
from app.formbuilder.registry import config_type

KINDS = ["text", "single_choice", "multiple_choice", "script_text", "button"]


def add_field(definition: FormDefinition, field: Field, *, after: str | None = None) -> FormDefinition:
    """Put the field behind the field `after`, or at the end."""
    return _checked(replace(definition, fields=_placed(definition.fields, field, after, first=False)))


def change_field(definition: FormDefinition, field_id: str, **settings: Any) -> FormDefinition:
    """Change attributes of a field; its id and its kind stay."""
    changed = replace(_field(definition, field_id), **settings)
    return _checked(replace(definition, fields=_swapped(definition.fields, changed)))


def rename_field(definition: FormDefinition, field_id: str, title: str) -> FormDefinition:
    """Give the field another title."""
    return change_field(definition, field_id, title=title)


def change_help(definition: FormDefinition, field_id: str, help_text: str) -> FormDefinition:
    """Give the field another help text."""
    return change_field(definition, field_id, help=help_text)


def set_required(definition: FormDefinition, field_id: str, *, to_save: bool, to_close: bool) -> FormDefinition:
    """Say when the field must be filled in."""
    return change_field(definition, field_id, required_to_save=to_save, required_to_close=to_close)


def set_width(definition: FormDefinition, field_id: str, width: int) -> FormDefinition:
    """Give the field that many of the six columns."""
    return change_field(definition, field_id, width=width)


def hide_field(definition: FormDefinition, field_id: str) -> FormDefinition:
    """Take the field, or the button, off the card; its answers stay."""
    return change_field(definition, field_id, hidden=True)


def show_field(definition: FormDefinition, field_id: str) -> FormDefinition:
    """Show a hidden field again."""
    return change_field(definition, field_id, hidden=False)


def move_field(
    definition: FormDefinition, field_id: str, *, page: str | None = None, after: str | None = None
) -> FormDefinition:
    """Put the field behind the field `after`, or before all others; on another page, if one is named."""
    field = _field(definition, field_id)
    moved = replace(field, page=page or field.page)
    others = tuple(each for each in definition.fields if each.id != field_id)
    return _checked(replace(definition, fields=_placed(others, moved, after, first=True)))


def change_config(definition: FormDefinition, field_id: str, changes: Mapping[str, Any]) -> FormDefinition:
    """Change settings of the field's kind, given as JSON; those that are not named stay."""
    field = _field(definition, field_id)
    config = rules.read(config_type(field.kind), {**rules.write(field.config), **changes}, ("config",))
    return change_field(definition, field_id, config=config)


def change_script(definition: FormDefinition, field_id: str, text: str) -> FormDefinition:
    """Change what the agent reads aloud."""
    return change_config(definition, field_id, {"text": text})


def set_button_status(definition: FormDefinition, field_id: str, status_id: int) -> FormDefinition:
    """Let the button set another status."""
    return change_config(definition, field_id, {"status_id": status_id})


def add_choice(
    definition: FormDefinition, field_id: str, title: str, *, choice_id: str | None = None
) -> FormDefinition:
    """Add a choice at the end of the list."""
    choice = Choice(id=choice_id or str(uuid4()), title=title)
    return _with_choices(definition, field_id, (*_choices(definition, field_id), choice))


def rename_choice(definition: FormDefinition, field_id: str, choice_id: str, title: str) -> FormDefinition:
    """Give the choice another title; answers follow, for they hold its id."""
    return _change_choice(definition, field_id, choice_id, title=title)


def hide_choice(definition: FormDefinition, field_id: str, choice_id: str) -> FormDefinition:
    """Offer the choice no more; where it was chosen it shows as hidden."""
    return _change_choice(definition, field_id, choice_id, hidden=True)


def show_choice(definition: FormDefinition, field_id: str, choice_id: str) -> FormDefinition:
    """Offer a hidden choice again."""
    return _change_choice(definition, field_id, choice_id, hidden=False)


def order_choices(definition: FormDefinition, field_id: str, choice_ids: Sequence[str]) -> FormDefinition:
    """Put the choices in that order; those that are not named follow in their own."""
    place = {choice_id: number for number, choice_id in enumerate(choice_ids)}
    choices = _choices(definition, field_id)
    return _with_choices(
        definition, field_id, tuple(sorted(choices, key=lambda choice: place.get(choice.id, len(place))))
    )


def add_page(definition: FormDefinition, title: str, *, page_id: str | None = None) -> FormDefinition:
    """Add a page at the end."""
    page = Page(id=page_id or str(uuid4()), title=title)
    return _checked(replace(definition, pages=(*definition.pages, page)))


def rename_page(definition: FormDefinition, page_id: str, title: str) -> FormDefinition:
    """Give the page another title."""
    page = next(page for page in definition.pages if page.id == page_id)
    return _checked(replace(definition, pages=_swapped(definition.pages, replace(page, title=title))))


def _checked(definition: FormDefinition) -> FormDefinition:
    """The definition, when it could be stored and read again: every limit holds for edits too."""
    return from_json(to_json(definition))


def _field(definition: FormDefinition, field_id: str) -> Field:
    return definition.by_id[field_id]


def _choices(definition: FormDefinition, field_id: str) -> tuple[Choice, ...]:
    config = _field(definition, field_id).config
    assert isinstance(config, WithChoices)
    return config.choices


def _with_choices(definition: FormDefinition, field_id: str, choices: tuple[Choice, ...]) -> FormDefinition:
    return change_config(definition, field_id, {"choices": [rules.write(choice) for choice in choices]})


def _change_choice(definition: FormDefinition, field_id: str, choice_id: str, **settings: Any) -> FormDefinition:
    choices = _choices(definition, field_id)
    choice = next(choice for choice in choices if choice.id == choice_id)
    return _with_choices(definition, field_id, _swapped(choices, replace(choice, **settings)))


def _swapped(entries: tuple[Any, ...], changed: Any) -> tuple[Any, ...]:
    return tuple(changed if entry.id == changed.id else entry for entry in entries)


def _placed(fields: tuple[Field, ...], field: Field, after: str | None, *, first: bool) -> tuple[Field, ...]:
    """The fields with one more behind `after`; without it at the beginning or at the end."""
    if after is None:
        return (field, *fields) if first else (*fields, field)
    ids = [each.id for each in fields]
    place = ids.index(after) + 1
    return (*fields[:place], field, *fields[place:])


def ids_of(definition):
    choices = {
        (field.id, each.id)
        for field in definition.fields
        if isinstance(field.config, WithChoices)
        for each in field.config.choices
    }
    return choices | {field.id for field in definition.fields} | {page.id for page in definition.pages}


def any_edit(data, definition):
    """One edit that a manager could make, drawn."""
    title = data.draw(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8))
    flag = data.draw(st.booleans())
    if not definition.fields or data.draw(st.integers(0, 3)) == 0:
        page = data.draw(st.sampled_from(definition.pages)).id
        return add_field(definition, new_field(data.draw(st.sampled_from(KINDS)), page=page, title=title))
    field = data.draw(st.sampled_from(definition.fields))
    other = data.draw(st.sampled_from([None, *(each.id for each in definition.fields if each is not field)]))
    offered = [
        lambda: rename_field(definition, field.id, title),
        lambda: change_help(definition, field.id, title),
        lambda: set_required(definition, field.id, to_save=flag, to_close=not flag),
        lambda: set_width(definition, field.id, 3),
        lambda: hide_field(definition, field.id),
        lambda: show_field(definition, field.id),
        lambda: move_field(definition, field.id, after=other),
        lambda: add_page(definition, title),
    ]
    if field.kind == "script_text":
        offered.append(lambda: change_script(definition, field.id, title))
    if field.kind == "button":
        offered.append(lambda: set_button_status(definition, field.id, 7))
    if isinstance(field.config, WithChoices):
        offered.append(lambda: add_choice(definition, field.id, title))
        if field.config.choices:
            chosen = data.draw(st.sampled_from(field.config.choices)).id
            offered += [
                lambda: rename_choice(definition, field.id, chosen, title),
                lambda: hide_choice(definition, field.id, chosen),
                lambda: show_choice(definition, field.id, chosen),
                lambda: order_choices(definition, field.id, [chosen]),
            ]
    return data.draw(st.sampled_from(offered))()
