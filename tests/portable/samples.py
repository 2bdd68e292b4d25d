"""Any definition at all: of every kind that there is, with every setting that it has, made from the rules."""

from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from app.formbuilder import rules
from app.formbuilder.config import Choice, UnknownConfig
from app.formbuilder.definition import Branch, Field, FormDefinition, Page
from app.formbuilder.expression import check
from app.formbuilder.registry import REGISTRY, answer_type, config_type

ROWS = range(1, 5)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["tytul", "yes", "null", "12", "0.10", "- a", "#", "Zażółć\ngęślą jaźń", "a: b", "field", "\x85", " x "]
)
tokens = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,5}", fullmatch=True)
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999)


def names() -> dict[tuple[str, int], str]:
    """What the rows of every kind are called."""
    return {
        (kind, row): f"{kind} {row}"
        for kind in ("status", "campaign", "webhook", "dictionary", "picture")
        for row in ROWS
    }


def find(kind: str, name: str, _field: str) -> int | None:
    """The row with that name."""
    return {value: key[1] for key, value in names().items() if key[0] == kind}.get(name)


def formulas(ids: list[str]) -> st.SearchStrategy[Any]:
    """Conditions over these fields, one that is not there, and literals of every sort."""
    leaves = (
        st.sampled_from([*ids, "tytul"]).map(lambda each: ["field", each])
        | st.sampled_from(["0", "12", "-3", "007", "0.50"]).map(lambda each: ["number", each])
        | words.map(lambda each: ["text", each])
        | st.lists(tokens, max_size=2).map(lambda each: ["list", each])
        | st.booleans().map(lambda each: ["flag", each])
        | st.just(["date", "2026-03-04"])
        | st.just(["today"])
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.tuples(st.sampled_from(["eq", "contains", "add"]), inner, inner).map(list)
            | inner.map(lambda each: ["not", each])
        ),
        max_leaves=5,
    ).map(check)


def values(rule: Any, ids: list[str]) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911 (one for each rule)
    """What an attribute with that rule may hold."""
    match rule:
        case rules.Maybe(inner):
            return st.none() | values(inner, ids)
        case rules.Listed(rules.Nested(kind), _) if issubclass(kind, Choice):
            return st.lists(objects(kind, ids), max_size=4, unique_by=lambda each: each.id).map(tuple)
        case rules.Listed(inner, _):
            return st.lists(values(inner, ids), max_size=3).map(tuple)
        case rules.Nested(kind):
            return objects(kind, ids)
        case rules.RowId():
            return st.sampled_from(ROWS)
        case rules.Words(limit):
            return words.map(lambda text: text[:limit])
        case rules.Whole(smallest, largest):
            return st.integers(smallest, largest)
        case rules.OneOf(known):
            return st.sampled_from(known)
        case rules.Expression():
            return formulas(ids)
        case rules.Exact():
            return amounts
        case rules.Flag():
            return st.booleans()
        case rules.Token():
            return tokens
    # A new rule needs samples here, or the identity would be shown for less than there is.
    pytest.fail(f"no samples of {rule}")


def objects(kind: type, ids: list[str], /, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any object of a dataclass with rules."""
    known = rules.rules_of(kind)
    own = {entry.name: values(known[entry.name], ids) for entry in fields(kind) if entry.name not in given}
    return st.builds(kind, **own, **given)


@st.composite
def definitions(draw: Any) -> FormDefinition:
    """Any definition."""
    kinds = draw(st.lists(st.sampled_from([*REGISTRY.kinds(), "hologram"]), max_size=6))
    ids = [str(UUID(int=draw(st.integers(0, 2**40)) * 64 + place, version=4)) for place in range(len(kinds))] or ["x"]
    page_ids = draw(st.lists(tokens, min_size=1, max_size=3, unique=True))
    branches = st.lists(objects(Branch, ids, page=st.none() | st.sampled_from(page_ids)), max_size=2).map(tuple)
    pages = tuple(draw(objects(Page, ids, id=st.just(page), branches=branches)) for page in page_ids)
    made = tuple(_field(draw, kind, own, page_ids, ids) for kind, own in zip(kinds, ids, strict=False))
    return FormDefinition(pages=pages, fields=made)


def _field(draw: Any, kind: str, own: str, pages: list[str], ids: list[str]) -> Field:
    raw = st.dictionaries(words, st.none() | st.integers(-9, 9) | st.floats(-9, 9) | words, max_size=2)
    unknown = st.builds(UnknownConfig, raw=raw)
    config = unknown if kind == "hologram" else objects(config_type(kind), ids)
    field: Field = draw(
        objects(
            Field,
            ids,
            id=st.just(own),
            kind=st.just(kind),
            page=st.sampled_from(pages),
            config=config,
            default=st.none(),
        )
    )
    answers = answer_type(field)
    return replace(field, default=draw(st.sampled_from([None, *_DEFAULTS.get(kind, ())]))) if answers else field


_DEFAULTS = {
    "text": ("12", "yes"),
    "number": ("12.50",),
    "yes_no": (False, True),
    "rating": (5,),
    "long_text": ("a\nb",),
}
