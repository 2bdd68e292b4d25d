"""The closed language of conditions and calculated fields: one tree, the same result on the server and in the browser.

A node is a list, an operator and its arguments: `["gt", ["field", "<id>"], ["number", "100"]]`. A literal is its sort
and its value: `["number", "12.5"]`, `["text", "x"]`, `["date", "2026-03-04"]`, `["moment", "2026-03-04T10:00+00:00"]`,
`["flag", true]`, `["list", ["a", "b"]]`. Values of fields are JSON of these shapes, as documents store them; what has
another shape counts as empty. Empty, null, "" and missing are one value.

Numbers are decimals with six places, rounded half up; texts are NFC without spaces at their ends. The browser's half is
`frontend/form/expression.js`; `tests/data/expressions.json` holds both together.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l

NODES = 500
"""At most that many nodes in one formula."""
DEPTH = 20
TEXT = 10_000
"""Characters of one text, and of all literals of a formula; a joined text that grows longer is empty."""
MARKS = 30
"""Combining marks in a row; a text with more is empty (UAX #15, stream-safe text: to sort them takes too long)."""
ENTRIES = 1000
"""Entries of one list."""

Formula = tuple[Any, ...]
"""A checked node. Tuples all the way down, so it can be compared and never changes."""
Value = tuple[str, Any] | None
"""Sort and value; None is empty."""
Read = Callable[[str], Value]
"""The value of a field, by its id."""

SORTS = ("number", "text", "date", "moment", "flag", "list")
MANY = 400
ARITY = {
    "and": (1, MANY), "or": (1, MANY), "not": (1, 1), "eq": (2, 2), "ne": (2, 2), "lt": (2, 2), "le": (2, 2),
    "gt": (2, 2), "ge": (2, 2), "one_of": (2, 2), "contains": (2, 2), "empty": (1, 1), "filled": (1, 1),
    "add": (2, 2), "subtract": (2, 2), "multiply": (2, 2), "divide": (2, 2), "if": (3, 3), "round": (2, 2),
    "sum": (1, MANY), "min": (1, MANY), "max": (1, MANY), "join": (2, MANY), "length": (1, 1), "today": (0, 0),
    "now": (0, 0), "days_between": (2, 2),
}  # fmt: skip
"""Operators, with the smallest and the largest number of their arguments."""

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]\+00:00", re.ASCII)
_LARGEST = Decimal(10) ** 18
_PLACES = 6
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_SPACE = " \t\r\n"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_UNFIT = re.compile("[\0\ud800-\udfff]")
"""What no database stores, and what a text begins and ends in the middle of."""
_MAY_BE_MARKS = re.compile(f"[^\0-\u02ff]{{{MARKS + 1}}}")


@dataclass(frozen=True, kw_only=True)
class Instant:
    """The time of an evaluation: the day of the centre, and the minute in UTC as `2026-03-04T10:00+00:00`."""

    today: str
    now: str


def check(raw: object) -> Formula:
    """The formula of a JSON tree; Invalid says what does not fit. What passes can be evaluated within the limits."""
    counted = iter(range(NODES))
    left = TEXT

    def checked(node: object, depth: int) -> Formula:
        if next(counted, None) is None:
            raise Invalid(_l("A formula has at most %(limit)s parts.", limit=NODES))
        if depth > DEPTH:
            raise Invalid(_l("A formula is at most %(limit)s levels deep.", limit=DEPTH))
        if not isinstance(node, (list, tuple)) or not node or not isinstance(node[0], str):
            raise Invalid(_l("A part of a formula is an operator and what it works on."))
        operator, arguments = node[0], node[1:]
        if operator in SORTS or operator == "field":
            nonlocal left
            leaf = _leaf(operator, arguments)
            left -= sum(map(len, leaf[1])) if operator == "list" else len(str(leaf[1]))
            if left < 0:
                raise Invalid(_l("The texts of a formula have at most %(limit)s characters together.", limit=TEXT))
            return leaf
        if operator not in ARITY:
            raise Invalid(_l("Formulas know no operator “%(name)s”.", name=operator[:40]))
        fewest, most = ARITY[operator]
        if not fewest <= len(arguments) <= most:
            raise Invalid(_l("The operator “%(name)s” stands with other arguments than it takes.", name=operator))
        return (operator, *(checked(each, depth + 1) for each in arguments))

    return checked(raw, 1)


def to_json(formula: Formula) -> list[Any]:
    """The JSON tree of a formula; `check` reads it to an equal one."""
    return [to_json(part) if isinstance(part, tuple) else part for part in formula]


def fields_in(formula: Formula) -> Iterator[str]:
    """Ids of the fields that the formula reads, each as often as it stands there."""
    if formula[0] == "field":
        yield formula[1]
    elif formula[0] not in SORTS:
        for part in formula[1:]:
            yield from fields_in(part)


def evaluate(formula: Formula, sorts: Mapping[str, str], values: Mapping[str, Any], at: Instant) -> Value:
    """Sort and value of the formula. `sorts` and `values` by field id; a field that `sorts` lacks is empty."""
    return evaluate_by(formula, reader(sorts, values), at)


def reader(sorts: Mapping[str, str], values: Mapping[str, Any]) -> Read:
    """Reads the values of fields, each brought to its sort once."""
    known: dict[str, Value] = {}

    def read(field_id: str) -> Value:
        if field_id not in known:
            sort = sorts.get(field_id)
            known[field_id] = typed(sort, values.get(field_id)) if sort else None
        return known[field_id]

    return read


def evaluate_by(formula: Formula, read: Read, at: Instant) -> Value:
    """The same, where `read` gives the values of fields."""
    operator = formula[0]
    if operator in SORTS:
        return typed(operator, list(formula[1]) if operator == "list" else formula[1])
    if operator == "field":
        return read(formula[1])
    if operator == "today":
        return typed("date", at.today)
    if operator == "now":
        return typed("moment", at.now)
    arguments = [evaluate_by(part, read, at) for part in formula[1:]]
    if operator == "join" and formula[1][0] == "text":
        arguments[0] = ("text", formula[1][1])  # a separator keeps its spaces
    return _OPERATORS[operator](*arguments)


def is_true(value: Value) -> bool:
    """Does the condition with that value hold? Whatever is no truth value does not."""
    return value == ("flag", True)


def typed(sort: str, raw: object) -> Value:
    """A JSON value as one of the sort; None when it is empty, or not of that sort."""
    read = _READ[sort](raw)
    return None if read is None or read in ("", ()) else (sort, read)


def plain(value: Value) -> Any:
    """The JSON of a value: numbers without needless zeros."""
    if value is None:
        return None
    sort, inner = value
    if sort == "number":
        return _plain_number(inner)
    return list(inner) if sort == "list" else inner


def round_to(value: Value, places: int) -> Value:
    """A number rounded half up to 0–6 places; what is no number as it is."""
    return _rounded(value[1], places) if value is not None and value[0] == "number" else value


def _leaf(operator: str, arguments: Sequence[Any]) -> Formula:
    if len(arguments) != 1:
        raise Invalid(_l("The operator “%(name)s” stands with other arguments than it takes.", name=operator))
    (value,) = arguments
    if operator == "field":
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise Invalid(_l("A formula names a field by its id."))
        return ("field", value)
    if value == "":
        return (operator, value)
    read = _literal(operator, list(value) if isinstance(value, tuple) else value)
    if read is None:
        raise Invalid(_l("A value in the formula is not of its sort."))
    return (operator, read)


def _literal(sort: str, raw: object) -> Any:
    """The value as the formula keeps it; None when it is not of the sort, or too long."""
    if sort == "text":
        return _normal(raw) if isinstance(raw, str) and len(raw) <= TEXT else None
    if sort == "list":
        read = _list(raw)
        return read if isinstance(raw, list) and read is not None and len(read) == len(raw) else None
    return raw if typed(sort, raw) is not None else None


def _number(raw: object) -> Decimal | None:
    return Decimal(raw) if isinstance(raw, str) and _NUMBER.fullmatch(raw) else None


def _date(raw: object) -> str | None:
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw).isoformat()
    except ValueError:
        return None


def _moment(raw: object) -> str | None:
    match = _MOMENT.fullmatch(raw) if isinstance(raw, str) else None
    return match[0] if match and _date(match[1]) else None


def _normal(raw: str) -> str | None:
    """The text in NFC; None for one that a database or a browser could not hold."""
    if _UNFIT.search(raw) or _has_many_marks(raw):
        return None
    return unicodedata.normalize("NFC", raw)


def _has_many_marks(text: str) -> bool:
    if text.isascii() or not _MAY_BE_MARKS.search(text):
        return False
    row = 0
    for sign in text:
        row = row + 1 if unicodedata.category(sign).startswith("M") else 0
        if row > MARKS:
            return True
    return False


def _text(raw: object) -> str | None:
    normal = _normal(raw[:TEXT]) if isinstance(raw, str) else None
    return None if normal is None else normal[:TEXT].strip(_SPACE)


def _list(raw: object) -> tuple[str, ...] | None:
    if not isinstance(raw, list):
        return None
    normal = (_normal(each[:TEXT]) for each in raw[:ENTRIES] if isinstance(each, str))
    return tuple(each for each in normal if each is not None)


def _flag(raw: object) -> bool | None:
    return raw if isinstance(raw, bool) else None


_READ: Mapping[str, Callable[[object], Any]] = {
    "number": _number, "text": _text, "date": _date, "moment": _moment, "flag": _flag, "list": _list,
}  # fmt: skip


def _rounded(number: Decimal, places: int = _PLACES) -> Value:
    with localcontext(_EXACT):
        result = number.quantize(Decimal(1).scaleb(-places))
    return ("number", result) if abs(result) < _LARGEST else None


def _plain_number(number: Decimal) -> str:
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _calculate(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Value, Value], Value]:
    def calculated(one: Value, other: Value) -> Value:
        if one is None or other is None or (one[0], other[0]) != ("number", "number"):
            return None
        with localcontext(_EXACT):
            return _rounded(operation(one[1], other[1]))

    return calculated


def _divide(one: Value, other: Value) -> Value:
    if other is None or other[1] == 0:
        return None
    return _calculate(lambda a, b: a / b)(one, other)


def _equal(one: Value, other: Value) -> bool:
    return one is not None and one == other


def _compare(holds: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    def compared(one: Value, other: Value) -> Value:
        if one is None or other is None or one[0] != other[0] or one[0] not in {"number", "date", "moment"}:
            return ("flag", False)
        return ("flag", holds(one[1], other[1]))

    return compared


def _one_of(one: Value, other: Value) -> Value:
    fits = one is not None and other is not None and (one[0], other[0]) == ("text", "list")
    return ("flag", bool(fits and one and other and one[1] in other[1]))


def _contains(one: Value, other: Value) -> Value:
    if one is None or other is None or other[0] != "text":
        return ("flag", False)
    if one[0] == "list":
        return ("flag", other[1] in one[1])
    return ("flag", one[0] == "text" and other[1].lower() in one[1].lower())


def _round(number: Value, places: Value) -> Value:
    """Half up, to 0–6 places."""
    if number is None or places is None or (number[0], places[0]) != ("number", "number"):
        return None
    if places[1] not in range(_PLACES + 1):
        return None
    return _rounded(number[1], int(places[1]))


def _sum(*values: Value) -> Value:
    numbers = _alike(values, ("number",))
    if not numbers:
        return None
    with localcontext(_EXACT):
        return _rounded(sum((number for _, number in numbers), Decimal(0)))


def _extreme(choose: Callable[..., Any]) -> Callable[..., Value]:
    def chosen(*values: Value) -> Value:
        filled = _alike(values, ("number", "date", "moment"))
        return choose(filled, key=lambda value: value[1]) if filled else None

    return chosen


def _alike(values: Sequence[Value], sorts: Sequence[str]) -> list[tuple[str, Any]]:
    """The filled ones, when all are of one and the same of these sorts; else nothing."""
    filled = [value for value in values if value is not None]
    return filled if len({sort for sort, _ in filled}) == 1 and filled[0][0] in sorts else []


def _join(separator: Value, *values: Value) -> Value:
    """The filled texts, numbers and dates, with the separator between them."""
    between = separator[1] if separator and separator[0] == "text" else ""
    texts = [str(plain(value)) for value in values if value and value[0] in {"text", "number", "date"}]
    joined = between.join(texts)
    return None if len(joined) > TEXT else typed("text", joined)


def _length(value: Value) -> Value:
    """Characters of a text, entries of a list."""
    fits = value is not None and value[0] in {"text", "list"}
    return ("number", Decimal(len(value[1]))) if fits and value else None


def _days_between(first: Value, last: Value) -> Value:
    """Days from the first date to the last; negative when the last lies before."""
    if first is None or last is None or (first[0], last[0]) != ("date", "date"):
        return None
    return ("number", Decimal((date.fromisoformat(last[1]) - date.fromisoformat(first[1])).days))


_OPERATORS: Mapping[str, Callable[..., Value]] = {
    "and": lambda *parts: ("flag", all(map(is_true, parts))),
    "or": lambda *parts: ("flag", any(map(is_true, parts))),
    "not": lambda part: ("flag", not is_true(part)),
    "eq": lambda one, other: ("flag", _equal(one, other)),
    "ne": lambda one, other: ("flag", one != other),
    "lt": _compare(lambda a, b: a < b),
    "le": _compare(lambda a, b: a <= b),
    "gt": _compare(lambda a, b: a > b),
    "ge": _compare(lambda a, b: a >= b),
    "one_of": _one_of,
    "contains": _contains,
    "empty": lambda value: ("flag", value is None),
    "filled": lambda value: ("flag", value is not None),
    "add": _calculate(lambda a, b: a + b),
    "subtract": _calculate(lambda a, b: a - b),
    "multiply": _calculate(lambda a, b: a * b),
    "divide": _divide,
    "if": lambda condition, then, otherwise: then if is_true(condition) else otherwise,
    "round": _round,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "join": _join,
    "length": _length,
    "days_between": _days_between,
}
