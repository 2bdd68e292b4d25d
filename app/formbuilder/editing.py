"""Edits of a definition. Each gives a new definition and leaves the old one as it is.

Nothing is ever removed: fields, choices and buttons are hidden, so that answers keep their meaning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import uuid4

from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import rules
from app.formbuilder.config import Choice, WithChoices
from app.formbuilder.definition import Field, FormDefinition, Page, from_json, to_json
from app.formbuilder.registry import REGISTRY, config_type

T = TypeVar("T", Field, Choice, Page)


def new_field(kind: str, *, page: str, title: str = "", **settings: Any) -> Field:
    """A field with a fresh id, for `add_field`; `settings` are attributes of Field, `config` as JSON among them."""
    if kind not in REGISTRY.kinds():
        raise Invalid(_l("There is no such kind of field."))
    config = rules.read(config_type(kind), settings.pop("config", {}), ("config",))
    return Field(id=str(uuid4()), kind=kind, page=page, title=title, config=config, **settings)


def add_field(definition: FormDefinition, field: Field, *, after: str | None = None) -> FormDefinition:
    """Put the field behind the field `after`, or at the end."""
    return _checked(replace(definition, fields=_placed(definition.fields, field, after, first=False)))


def change_field(definition: FormDefinition, field_id: str, **settings: Any) -> FormDefinition:
    """Change attributes of a field; its id and its kind stay."""
    if "id" in settings or "kind" in settings:
        raise Invalid(_l("Id and kind of a field stay as they are."))
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
    _known(field)
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
    page = next((page for page in definition.pages if page.id == page_id), None)
    if page is None:
        raise NotFound(_l("There is no such page."))
    return _checked(replace(definition, pages=_swapped(definition.pages, replace(page, title=title))))


def restored(old: FormDefinition, now: FormDefinition) -> FormDefinition:
    """The form as it was in `old`. What has come since stays behind it, hidden: no answer loses its field."""
    new_pages = tuple(page for page in now.pages if page.id not in {page.id for page in old.pages})
    fields = tuple(_with_later_choices(field, now.by_id.get(field.id)) for field in old.fields)
    later = tuple(replace(field, hidden=True) for field in now.fields if field.id not in old.by_id)
    return _checked(replace(old, pages=old.pages + new_pages, fields=fields + later))


def _with_later_choices(field: Field, now: Field | None) -> Field:
    if now is None or not isinstance(field.config, WithChoices) or not isinstance(now.config, WithChoices):
        return field
    known = {choice.id for choice in field.config.choices}
    later = tuple(replace(choice, hidden=True) for choice in now.config.choices if choice.id not in known)
    return replace(field, config=replace(field.config, choices=field.config.choices + later))


def _checked(definition: FormDefinition) -> FormDefinition:
    """The definition, when it could be stored and read again: every limit holds for edits too."""
    return from_json(to_json(definition))


def _field(definition: FormDefinition, field_id: str) -> Field:
    field = definition.by_id.get(field_id)
    if field is None:
        raise NotFound(_l("There is no such field."))
    return field


def _known(field: Field) -> None:
    if field.kind not in REGISTRY.kinds():
        raise Invalid(_l("There is no such kind of field."))


def _choices(definition: FormDefinition, field_id: str) -> tuple[Choice, ...]:
    config = _field(definition, field_id).config
    if not isinstance(config, WithChoices):
        raise Invalid(_l("This field has no choices."))
    return config.choices


def _with_choices(definition: FormDefinition, field_id: str, choices: tuple[Choice, ...]) -> FormDefinition:
    return change_config(definition, field_id, {"choices": [rules.write(choice) for choice in choices]})


def _change_choice(definition: FormDefinition, field_id: str, choice_id: str, **settings: Any) -> FormDefinition:
    choices = _choices(definition, field_id)
    choice = next((choice for choice in choices if choice.id == choice_id), None)
    if choice is None:
        raise NotFound(_l("There is no such choice."))
    return _with_choices(definition, field_id, _swapped(choices, replace(choice, **settings)))


def _swapped(entries: tuple[T, ...], changed: T) -> tuple[T, ...]:
    return tuple(changed if entry.id == changed.id else entry for entry in entries)


def _placed(fields: tuple[Field, ...], field: Field, after: str | None, *, first: bool) -> tuple[Field, ...]:
    """The fields with one more behind `after`; without it at the beginning or at the end."""
    if after is None:
        return (field, *fields) if first else (*fields, field)
    ids = [each.id for each in fields]
    if after not in ids:
        raise NotFound(_l("There is no such field."))
    place = ids.index(after) + 1
    return (*fields[:place], field, *fields[place:])
