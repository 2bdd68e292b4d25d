"""The kinds of fields as the builder's script needs them: what the palette offers, and which settings each one has.

Settings are read off the dataclass of the kind, so a new kind needs no code here; a setting with a name that was not
used before gets its words in `_SETTINGS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_type_hints

from app.core.i18n import lazy_gettext as _l
from app.formbuilder import rules
from app.formbuilder.config import Choice, Config
from app.formbuilder.definition import Field
from app.formbuilder.field_types.base import AnswerType, FieldType, Group
from app.formbuilder.merge_fields import MERGE_FIELDS
from app.formbuilder.registry import REGISTRY, config_type

GROUPS = {
    Group.ANSWERS: _l("Answers"),
    Group.CHOICE: _l("Choice"),
    Group.LINKS: _l("Links"),
    Group.IDENTIFIERS: _l("Identifiers"),
    Group.DISPLAY: _l("Look"),
    Group.ACTIONS: _l("Actions"),
}
"""Groups of the palette, in its order."""

_SETTINGS = {
    "limit": _l("Most characters"),
    "rows": _l("Height in lines"),
    "smallest": _l("Smallest"),
    "largest": _l("Largest"),
    "decimals": _l("Decimal places"),
    "unit": _l("Unit"),
    "currency": _l("Currency"),
    "style": _l("Shown as"),
    "low_label": _l("Words at the low end"),
    "high_label": _l("Words at the high end"),
    "largest_count": _l("Most files"),
    "choices": _l("Choices"),
    "text": _l("Text to be read aloud"),
    "action": _l("What it does"),
    "status_id": _l("Sets the status"),
    "formula": _l("Formula"),
    "result": _l("What it results in"),
    "colour": _l("Colour"),
    "page_id": _l("Page that it opens"),
    "address": _l("Web address"),
    "copied": _l("Text to be copied"),
    "campaign_id": _l("Campaign of the new case"),
    "webhook_id": _l("Webhook"),
    "dictionary_id": _l("Dictionary"),
    "file_id": _l("Picture"),
}
_VALUES = {
    "list": _l("drop-down list"),
    "radio": _l("buttons side by side"),
    "scale": _l("scale"),
    "text": _l("a text"),
    "nps": _l("NPS, 0 to 10"),
    "set_status": _l("set a status"),
    "number": _l("a number"),
    "date": _l("a date"),
    "moment": _l("a date with a time"),
    "flag": _l("yes or no"),
    "go_to_page": _l("go to a page"),
    "open_address": _l("open a web address"),
    "copy_text": _l("copy a text"),
    "create_case": _l("create a linked case"),
    "call_webhook": _l("call a webhook"),
    "neutral": _l("plain"),
    "accent": _l("blue"),
    "ok": _l("green"),
    "warn": _l("amber"),
    "bad": _l("red"),
    "info": _l("sky"),
}
_LONG_TEXT = 500
"""A setting that takes more characters is written in a box of several lines."""
_FIELD = "00000000-0000-4000-8000-000000000000"


def kinds_described() -> dict[str, Any]:
    """Every kind, by its code, in the order of the palette."""
    return {kind: _described(REGISTRY[kind], kind) for kind in REGISTRY.kinds()}


def groups_described() -> list[dict[str, str]]:
    """Groups of the palette."""
    return [{"name": group.value, "title": str(title)} for group, title in GROUPS.items()]


def merge_fields_described() -> list[dict[str, str]]:
    """What a script text may name."""
    return [{"name": name, "title": str(title)} for name, title in MERGE_FIELDS.items()]


def setting_title(name: str) -> str:
    """What people call a setting of a kind."""
    return _words(name, _SETTINGS)


def value_title(value: str) -> str:
    """What people call one of the values of a setting."""
    return _words(value, _VALUES)


def _described(known: type[FieldType[Any]], kind: str) -> dict[str, Any]:
    config = config_type(kind)
    bound = known(Field(id=_FIELD, kind=kind, page="page-1", config=config()))
    kept = bound if isinstance(bound, AnswerType) else None
    return {
        "title": str(known.title),
        "icon": known.icon,
        "group": known.group.value,
        "macro": known.macro,
        "answers": kept is not None,
        "given": kept is not None and kept.is_given,
        "sort": kept.sort if kept else None,
        "placeholder": kept is not None and kept.has_placeholder,
        "default": kept is not None and kept.has_default,
        "fixed": sorted(known.fixed_settings),
        "config": rules.write(config()),
        "settings": _settings(known, config),
    }


def _settings(known: type[FieldType[Any]], config: type[Config]) -> list[dict[str, Any]]:
    hints = get_type_hints(config, include_extras=True)
    described = ((entry.name, _rule(hints[entry.name].__metadata__[0])) for entry in fields(config))
    return [
        {"name": name, "label": _words(name, _SETTINGS), "when": known.shown_settings.get(name), **rule}
        for name, rule in described
    ]


def _rule(rule: Any) -> dict[str, Any]:
    """What the control of a setting must know; a rule that the script cannot draw is `other`."""
    if isinstance(rule, rules.Maybe):
        return {**_rule(rule.rule), "optional": True}
    describe = next((each for kind, each in _RULES if isinstance(rule, kind)), None)
    return describe(rule) if describe else {"rule": "other"}


def _listed(rule: rules.Listed) -> dict[str, Any]:
    is_choices = isinstance(rule.rule, rules.Nested) and issubclass(rule.rule.kind, Choice)
    return {"rule": "choices", "limit": rule.limit} if is_choices else {"rule": "other"}


_RULES: tuple[tuple[type[Any], Callable[[Any], dict[str, Any]]], ...] = (
    (rules.Words, lambda rule: {"rule": "lines" if rule.limit > _LONG_TEXT else "words", "limit": rule.limit}),
    (rules.RowId, lambda rule: {"rule": "row", "kind": rule.kind}),
    (rules.Whole, lambda rule: {"rule": "whole", "smallest": rule.smallest, "largest": rule.largest}),
    (rules.Exact, lambda _: {"rule": "exact"}),
    (rules.Flag, lambda _: {"rule": "flag"}),
    (
        rules.OneOf,
        lambda rule: {"rule": "one_of", "values": [[value, _words(str(value), _VALUES)] for value in rule.values]},
    ),
    (rules.Token, lambda _: {"rule": "token"}),
    (rules.Expression, lambda _: {"rule": "formula"}),
    (rules.Listed, _listed),
)
"""The first that fits; a row id is a whole number, too."""


def _words(name: str, known: Mapping[str, Any]) -> str:
    return str(known.get(name, name.replace("_", " ").capitalize() if known is _SETTINGS else name))
