"""Two forms as one: what comes in, with everything that is only here. Pure."""

from dataclasses import fields, replace
from typing import Any

from app.formbuilder.config import Config, WithChoices
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.registry import field_type
from app.formbuilder.rules import Maybe, RowId, rules_of


def join_forms(local: FormDefinition, incoming: FormDefinition) -> FormDefinition:
    """Pages and fields as they come in; behind them, on their pages, those that are only here.

    A field that is of another kind here stays as it is: its answers would lose their meaning. So do settings that give
    answers their meaning, choices that did not come, and rows that the file could not name.
    """
    known = {page.id for page in incoming.pages}
    pages = (*incoming.pages, *(page for page in local.pages if page.id not in known))
    joined = [_field(local.by_id.get(field.id), field) for field in incoming.fields]
    only_here = [field for field in local.fields if field.id not in incoming.by_id]
    return FormDefinition(pages=pages, fields=(*joined, *only_here))


def _field(here: Field | None, comes: Field) -> Field:
    if here is None:
        return comes
    if here.kind != comes.kind or type(here.config) is not type(comes.config):
        return here
    return replace(comes, config=_config(here, comes))


def _config(here: Field, comes: Field) -> Config:
    kept: dict[str, Any] = {name: getattr(here.config, name) for name in field_type(here).fixed_settings}
    rules = rules_of(type(here.config))
    for entry in fields(here.config):
        rule = rules.get(entry.name)
        inner = rule.rule if isinstance(rule, Maybe) else rule
        if isinstance(inner, RowId) and getattr(comes.config, entry.name) is None:
            kept[entry.name] = getattr(here.config, entry.name)
    if isinstance(here.config, WithChoices) and isinstance(comes.config, WithChoices):
        known = {choice.id for choice in comes.config.choices}
        kept["choices"] = (*comes.config.choices, *(each for each in here.config.choices if each.id not in known))
    return replace(comes.config, **kept)
