"""A formula as a person reads it: fields by their title, choices by theirs, operators as signs and words."""

from collections.abc import Mapping

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import WithChoices
from app.formbuilder.definition import FormDefinition
from app.formbuilder.expression import SORTS, Formula

_SIGNS = {
    "eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥", "add": "+", "subtract": "−", "multiply": "×",
    "divide": "÷",
}  # fmt: skip
_WORDS = {
    "not": _l("not %(one)s"),
    "one_of": _l("%(one)s is one of: %(other)s"),
    "contains": _l("%(one)s contains %(other)s"),
    "empty": _l("%(one)s is empty"),
    "filled": _l("%(one)s is filled in"),
    "if": _l("if %(one)s then %(other)s, else %(third)s"),
    "round": _l("%(one)s rounded to %(other)s places"),
    "length": _l("length of %(one)s"),
    "today": _l("today"),
    "now": _l("now"),
    "days_between": _l("days from %(one)s to %(other)s"),
    "sum": _l("sum of %(one)s"),
    "min": _l("smallest of %(one)s"),
    "max": _l("largest of %(one)s"),
    "join": _l("%(one)s joined"),
}
_OF_MANY = frozenset({"sum", "min", "max", "join"})
_PLACES = ("one", "other", "third")


def formula_text(formula: Formula, definition: FormDefinition) -> str:
    """The formula in the reader's language."""
    return _text(formula, definition, _choice_titles(definition), inner=False)


def _text(formula: Formula, definition: FormDefinition, choices: Mapping[str, str], *, inner: bool) -> str:
    operator, arguments = formula[0], formula[1:]
    if operator == "field":
        field = definition.by_id.get(arguments[0])
        return field.title or _("a field without a title") if field else _("a field that is not there")
    if operator in SORTS:
        return _literal(operator, arguments[0], choices)
    parts = [_text(each, definition, choices, inner=True) for each in arguments]
    if operator in ("and", "or"):
        word = _("and") if operator == "and" else _("or")
        text = f" {word} ".join(parts)
    elif operator in _SIGNS:
        text = f" {_SIGNS[operator]} ".join(parts)
    else:
        shown = [", ".join(parts)] if operator in _OF_MANY else parts
        return str(_WORDS[operator]) % dict(zip(_PLACES, shown, strict=False))
    return f"({text})" if inner and len(parts) > 1 and operator not in ("eq", "ne", "lt", "le", "gt", "ge") else text


def _literal(sort: str, value: object, choices: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if sort == "list" and isinstance(value, tuple | list):
        return ", ".join(choices.get(str(each), str(each)) for each in value)
    text = str(value)
    return f"“{text}”" if sort == "text" and text not in choices else choices.get(text, text)


def _choice_titles(definition: FormDefinition) -> dict[str, str]:
    configs = (field.config for field in definition.fields)
    return {
        choice.id: choice.title for config in configs if isinstance(config, WithChoices) for choice in config.choices
    }
