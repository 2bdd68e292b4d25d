"""The closed language: shared examples, both halves against each other, limits."""

import json
import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.formbuilder.expression import (
    ARITY,
    DEPTH,
    NODES,
    TEXT,
    Instant,
    check,
    evaluate,
    fields_in,
    to_json,
)
from tests.formbuilder.formula_samples import AT, SORTS, as_json, browser_half, node, random_tree, random_values

ROOT = Path(__file__).parents[2]
EXAMPLES = json.loads((ROOT / "tests" / "data" / "expressions.json").read_text())


@pytest.fixture(scope="module")
def in_browser():
    with browser_half() as results:
        yield results


@pytest.mark.parametrize("example", EXAMPLES["cases"], ids=lambda example: example["name"])
def test_the_examples_come_out_on_the_server(example):
    formula = check(example["formula"])
    value = evaluate(formula, EXAMPLES["sorts"], example["values"], Instant(**EXAMPLES["at"]))
    assert as_json(value) == example["result"]


def test_the_examples_come_out_in_the_browser():
    done = subprocess.run(
        [node(), "--test", "frontend/form/expression.test.js"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert len(EXAMPLES["cases"]) >= 150


def test_the_examples_cover_every_operator():
    def operators(node):
        yield node[0]
        for part in node[1:]:
            if isinstance(part, list) and node[0] not in {"list", "field"}:
                yield from operators(part)

    assert {name for example in EXAMPLES["cases"] for name in operators(example["formula"])} >= set(ARITY)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**63))
def test_server_and_browser_agree(in_browser, seed):
    random = Random(seed)  # noqa: S311 - samples
    cases = [(check(random_tree(random)), random_values(random)) for _ in range(50)]
    theirs = in_browser([{"formula": to_json(formula), "values": values} for formula, values in cases])
    for (formula, values), result in zip(cases, theirs, strict=True):
        assert as_json(evaluate(formula, SORTS, values, AT)) == result, (to_json(formula), values)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([*ARITY, "field"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=20,
)


@given(_JSON)
def test_whatever_comes_is_a_formula_or_invalid(raw):
    try:
        formula = check(raw)
    except Invalid:
        return
    assert check(to_json(formula)) == formula
    assert hash(formula) is not None
    evaluate(formula, {}, {}, AT)


@given(st.integers(0, 2**63), st.dictionaries(st.sampled_from([*SORTS]), _JSON))
def test_a_checked_formula_never_fails_on_any_answers(seed, values):
    random = Random(seed)  # noqa: S311 - samples
    evaluate(check(random_tree(random)), SORTS, values, AT)


def test_names_of_python_are_texts_and_nothing_else():
    for name in ("__import__", "eval", "__class__", "(lambda: 1)()"):
        with pytest.raises(Invalid):
            check([name, ["text", "os"]])
        with pytest.raises(Invalid):
            check(["field", name + "!"])
    assert as_json(evaluate(check(["text", "__import__('os')"]), {}, {}, AT)) == ["text", "__import__('os')"]


def test_the_limits_of_a_formula():
    deep = ["flag", True]
    for _ in range(DEPTH - 1):
        deep = ["not", deep]
    check(deep)
    too_deep = deep
    for _ in range(100_000):
        too_deep = ["not", too_deep]
    wide = ["and", *[["or", *[["flag", True]] * 30]] * 16]
    check(wide[: NODES // 31])
    long = ["join", ["text", ""], ["text", "x" * TEXT], ["text", "y"]]
    for refused in (
        ["not", deep],
        too_deep,
        [*wide, *wide[1:]],
        ["text", "x" * (TEXT + 1)],
        long,
        ["list", ["x"] * 1001],
    ):
        with pytest.raises(Invalid):
            check(refused)


def test_literals_are_kept_as_they_are_compared():
    assert check(["text", "o\u0301 "]) == ("text", "ó ")
    assert to_json(check(["list", ["o\u0301", ""]])) == ["list", ["ó", ""]]
    for misfit in (
        ["list", ["a", 1]],
        ["list", ["a\0"]],
        ["text", "\ud800"],
        ["number", "1,5"],
        ["date", "2026-02-29"],
    ):
        with pytest.raises(Invalid):
            check(misfit)


@pytest.mark.parametrize(
    ("sign", "holds"),
    [("x", True), ("ż", True), ("\u0315\u0300", False), ("a\u0315\u0300", True), ("Я", True), ("\ud800", False)],
    ids=["ascii", "polish", "marks", "marked letters", "cyrillic", "halves"],
)
def test_a_hostile_formula_over_long_texts_is_answered(sign, holds):
    """Texts that are too long or unfit count as empty, so that no formula has more to do than its limits allow."""
    text = sign * 20_000
    joins = [["contains", ["join", ["text", "-"], ["field", "t"], ["field", "u"]], ["field", "u"]]] * 83
    formula = check(["and", *joins])
    assert len(list(fields_in(formula))) == 3 * 83
    sorts = {"t": "text", "u": "text"}
    assert evaluate(formula, sorts, {"t": text[:9_000], "u": text[:900]}, AT) == ("flag", holds)
    assert evaluate(formula, sorts, {"t": text, "u": text}, AT) == ("flag", False)
