"""Shapes read strictly, collect every complaint under its path, and describe themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.core.errors import Invalid
from app.views.api import shapes
from app.views.api.kinds import Whole, Words
from app.views.api.shapes import Document, Items
from app.views.api.unset import UNSET, Unset


class Colour(StrEnum):
    """For the tests."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A nested record."""

    size: Annotated[int, Whole(1, 9)]


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One of everything."""

    name: Annotated[str, Words(10, least=1)]
    colour: Colour = Colour.RED
    parts: Annotated[list[Part], Items(3)] | None = None
    at: datetime | None = None
    extra: Document | None = None
    ready: bool | Unset = UNSET


def complaints(raw: Any, shape: type[Any] = Thing) -> set[str]:
    """Paths that do not fit."""
    with pytest.raises(Invalid) as caught:
        shapes.read(shape, raw)
    return set(caught.value.fields)


def test_what_fits_is_read() -> None:
    thing = shapes.read(
        Thing, {"name": "a", "colour": "blue", "parts": [{"size": 2}], "at": "2030-01-31T12:00:00+01:00"}
    )
    assert (thing.colour, thing.parts, thing.ready) == (Colour.BLUE, [Part(size=2)], UNSET)
    assert thing.at is not None
    assert thing.at.utcoffset() is not None


def test_null_is_not_the_same_as_not_sent() -> None:
    assert shapes.read(Thing, {"name": "a", "ready": False}).ready is False
    assert complaints({"name": "a", "ready": None}) == {"ready"}


def test_every_misfit_is_named_by_its_path() -> None:
    raw = {
        "name": "",
        "colour": "green",
        "parts": [{"size": 1}, {"size": 10}, {"other": 1}],
        "at": "2030-01-31T12:00",
        "z": 1,
    }
    assert complaints(raw) == {"name", "colour", "parts.1.size", "parts.2.size", "parts.2.other", "at", "z"}


@pytest.mark.parametrize("wrong", [1, True, None, [], {}, "x" * 11, "a\x00b", "a\x07", "a\nb", "   "])
def test_text_that_is_none(wrong: Any) -> None:
    assert complaints({"name": wrong}) == {"name"}


@pytest.mark.parametrize("wrong", [True, "1", 1.0, 0, 10, None, 10**30])
def test_numbers_are_not_converted(wrong: Any) -> None:
    assert complaints({"name": "a", "parts": [{"size": wrong}]}) == {"parts.0.size"}


def test_too_many_items() -> None:
    assert complaints({"name": "a", "parts": [{"size": 1}] * 4}) == {"parts"}


@pytest.mark.parametrize("wrong", [None, [], "x", 1])
def test_a_record_is_an_object(wrong: Any) -> None:
    assert complaints(wrong) == {""}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "size", "parts", "z"]), inner),
    max_leaves=8,
)


@given(anything)
def test_reading_never_fails_otherwise_and_agrees_with_its_schema(raw: Any) -> None:
    record = shapes.kind_of(Thing)
    assert isinstance(record, shapes.Record)
    part = shapes.kind_of(Part)
    assert isinstance(part, shapes.Record)
    schema = {**record.definition(), "components": {"schemas": {"Part": part.definition()}}}
    try:
        shapes.read(Thing, raw)
    except Invalid:
        return
    assert Draft202012Validator(schema).is_valid(raw)


def test_a_query_string_is_read_as_json_would_be() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Asked:
        limit: Annotated[int, Whole(1, 200)] = 50
        colours: list[Colour] | None = None
        ready: bool | None = None

    asked = shapes.read_query(Asked, {"limit": ["3"], "colours": ["red", "blue"], "ready": ["true"]})
    assert (asked.limit, asked.colours, asked.ready) == (3, [Colour.RED, Colour.BLUE], True)
    for wrong in ({"limit": ["201"]}, {"limit": ["x"]}, {"limit": ["9" * 30]}, {"ready": ["yes"]}, {"other": ["1"]}):
        with pytest.raises(Invalid):
            shapes.read_query(Asked, wrong)
