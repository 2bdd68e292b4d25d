"""The sort that a formula results in, found without answers; what can never work is told before it is published."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.i18n import lazy_gettext as _l
from app.formbuilder.expression import SORTS, Formula

SORT_TITLES: Mapping[str, Any] = {
    "number": _l("A number"),
    "text": _l("A text"),
    "date": _l("A date"),
    "moment": _l("A date with a time"),
    "flag": _l("A condition that is true or false"),
    "list": _l("A list of texts"),
}

_ANY = frozenset(SORTS)
_ORDERED = frozenset({"number", "date", "moment"})
_NUMBER, _TEXT, _DATE = (frozenset({sort}) for sort in ("number", "text", "date"))
_ENTRIES = frozenset({"text", "list"})
_JOINED = frozenset({"text", "number", "date"})

_TAKES: Mapping[str, tuple[str, tuple[frozenset[str], ...]]] = {
    "and": ("flag", (frozenset({"flag"}),)),
    "or": ("flag", (frozenset({"flag"}),)),
    "not": ("flag", (frozenset({"flag"}),)),
    "one_of": ("flag", (_TEXT, frozenset({"list"}))),
    "contains": ("flag", (_ENTRIES, _TEXT)),
    "empty": ("flag", (_ANY,)),
    "filled": ("flag", (_ANY,)),
    "add": ("number", (_NUMBER,)),
    "subtract": ("number", (_NUMBER,)),
    "multiply": ("number", (_NUMBER,)),
    "divide": ("number", (_NUMBER,)),
    "round": ("number", (_NUMBER,)),
    "sum": ("number", (_NUMBER,)),
    "join": ("text", (_TEXT, _JOINED)),
    "length": ("number", (_ENTRIES,)),
    "days_between": ("number", (_DATE,)),
}
"""The sort of the result, and those that the arguments may have; the last stands for all that follow."""
_ALIKE: Mapping[str, tuple[str | None, frozenset[str]]] = {
    **dict.fromkeys(("eq", "ne"), ("flag", _ANY)),
    **dict.fromkeys(("lt", "le", "gt", "ge"), ("flag", _ORDERED)),
    **dict.fromkeys(("min", "max"), (None, _ORDERED)),
}
"""Operators whose arguments are of one sort; None = the result is of it, too."""


def sort_of_formula(formula: Formula, sorts: Mapping[str, str]) -> tuple[str | None, list[Any]]:
    """The sort of the result, None when it is always empty, and what cannot work, as lazy messages."""
    operator = formula[0]
    if operator == "field":
        return sorts.get(formula[1]), []
    if operator in SORTS:
        return (None if formula[1] in {"", ()} else operator), []
    if operator in {"today", "now"}:
        return {"today": "date", "now": "moment"}[operator], []
    found = [sort_of_formula(part, sorts) for part in formula[1:]]
    faults = [fault for _, inner in found for fault in inner]
    return _result(operator, [sort for sort, _ in found], faults)


def _result(operator: str, given: Sequence[str | None], faults: list[Any]) -> tuple[str | None, list[Any]]:
    """The sort of what the operator makes of such arguments."""
    if operator == "if":
        wanted: list[frozenset[str]] = [frozenset({"flag"}), _ANY, _ANY]
        alike, result = given[1:], _common(given[1:])
    elif operator in _ALIKE:
        result, allowed = _ALIKE[operator]
        wanted, alike = [allowed] * len(given), given
        result = result or _common(given)
    else:
        result, takes = _TAKES[operator]
        wanted, alike = [*takes, *[takes[-1]] * len(given)], ()
    fits = all(sort is None or sort in allowed for sort, allowed in zip(given, wanted, strict=False))
    if fits and len({sort for sort in alike if sort}) <= 1:
        return result, faults
    named = ", ".join(str(SORT_TITLES[sort]) for sort in given if sort)
    return result, [*faults, _l("“%(operator)s” cannot work with: %(sorts)s.", operator=operator, sorts=named)]


def _common(given: Sequence[str | None]) -> str | None:
    return next((sort for sort in given if sort), None)
