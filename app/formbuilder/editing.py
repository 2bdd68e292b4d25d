"""Definitions that are made by the server: a new field, an earlier version brought back.

Other edits are made in the browser (`frontend/builder/edits.js`). Nothing is ever removed: fields, choices and buttons
are hidden, so that answers keep their meaning.
"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import rules
from app.formbuilder.config import WithChoices
from app.formbuilder.definition import Field, FormDefinition, from_json, to_json
from app.formbuilder.registry import REGISTRY, config_type


def new_field(kind: str, *, page: str, title: str = "", **settings: Any) -> Field:
    """A field with a fresh id; `settings` are attributes of Field, `config` as JSON among them."""
    if kind not in REGISTRY.kinds():
        raise Invalid(_l("There is no such kind of field."))
    config = rules.read(config_type(kind), settings.pop("config", {}), ("config",))
    return Field(id=str(uuid4()), kind=kind, page=page, title=title, config=config, **settings)


def restored(old: FormDefinition, now: FormDefinition) -> FormDefinition:
    """The form as it was in `old`. What has come since stays behind it, hidden: no answer loses its field."""
    new_pages = tuple(page for page in now.pages if page.id not in {page.id for page in old.pages})
    fields = tuple(_with_later_choices(field, now.by_id.get(field.id)) for field in old.fields)
    later = tuple(replace(field, hidden=True) for field in now.fields if field.id not in old.by_id)
    both = replace(old, pages=old.pages + new_pages, fields=fields + later)
    return from_json(to_json(both))  # every limit holds for both together, too


def _with_later_choices(field: Field, now: Field | None) -> Field:
    if now is None or not isinstance(field.config, WithChoices) or not isinstance(now.config, WithChoices):
        return field
    known = {choice.id for choice in field.config.choices}
    later = tuple(replace(choice, hidden=True) for choice in now.config.choices if choice.id not in known)
    return replace(field, config=replace(field.config, choices=field.config.choices + later))
