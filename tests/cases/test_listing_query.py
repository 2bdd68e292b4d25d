"""Queries of the list: read from parameters, written back, refused with the name of what is wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.listing_query import (
    CaseQuery,
    Cursor,
    Days,
    QuickView,
    Sort,
    ValueFilter,
    cursor_from,
    cursor_text,
    parameters_of,
    query_from,
)
from app.core.errors import Invalid
from app.formbuilder.field_types.base import Operator
from app.models.cases import Source
from app.models.scripts import StatusKind

IDS = st.lists(st.integers(1, 2**40), max_size=4, unique=True).map(tuple)
DAYS = st.builds(Days, st.none() | st.dates(), st.none() | st.dates())
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
VALUES = st.one_of(
    st.just(ValueFilter(Operator.EMPTY)),
    WORDS.map(lambda word: ValueFilter(Operator.EQUALS, (word,))),
    WORDS.map(lambda word: ValueFilter(Operator.CONTAINS, (word,))),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda words: ValueFilter(Operator.ONE_OF, tuple(words))),
    st.tuples(st.integers(0, 99), st.integers(0, 99)).map(
        lambda both: ValueFilter(Operator.RANGE, (str(both[0]), str(both[1])))
    ),
)
ORDERS = st.one_of(st.just((None, None)), st.tuples(st.sampled_from(Sort), st.booleans()))


@st.composite
def queries(draw: st.DrawFn) -> CaseQuery:
    """Any query that an address can carry."""
    sort, descending = draw(ORDERS)
    return CaseQuery(
        view=draw(st.sampled_from(QuickView)),
        campaigns=draw(IDS),
        statuses=draw(IDS),
        kinds=tuple(draw(st.lists(st.sampled_from(StatusKind), max_size=3, unique=True))),
        owners=draw(IDS),
        owner_is_me=draw(st.booleans()),
        without_owner=draw(st.booleans()),
        sources=tuple(draw(st.lists(st.sampled_from(Source), max_size=3, unique=True))),
        created=draw(DAYS),
        touched=draw(DAYS),
        overdue=draw(st.booleans()),
        contact=draw(st.none() | st.integers(1, 2**40)),
        text=draw(st.sampled_from(["", "kowalski", "lodz 7"])),
        pasted=tuple(draw(st.lists(st.sampled_from(["100001", "+48500100100", "204187"]), max_size=3, unique=True))),
        custom=tuple(draw(st.dictionaries(st.sampled_from(["tariff", "area"]), VALUES, max_size=2)).items()),
        answers=tuple(draw(st.dictionaries(st.uuids(), VALUES, max_size=2)).items()),
        sort=sort,
        descending=descending,
        columns=draw(st.sampled_from([(), ("number", "subject"), ("custom.tariff", "due")])),
        size=draw(st.integers(1, 200)),
        cursor=draw(
            st.none()
            | st.builds(
                Cursor, st.sampled_from(["infinity", "7", "2026-11-17T07:41:00.000001+00:00"]), st.integers(0, 9**9),
                st.integers(0, 9**6), st.booleans(),
            )
        ),
    )  # fmt: skip


@given(queries())
def test_what_is_written_is_read_back(query: CaseQuery) -> None:
    """A link, a saved view and an export mean the same cases as the page."""
    assert query_from(parameters_of(query)) == query


_PARAMETERS = (
    "view", "campaign", "created", "sort", "cursor", "pasted", "text", "columns", "size", "kind", "answer.x",
    "custom.y", "owner",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(_PARAMETERS), st.lists(st.text(max_size=30))))
def test_any_address_is_read_or_refused(parameters: dict[str, list[str]]) -> None:
    """Whatever somebody types into the address, there is a query or a sentence, never a fault."""
    fields: object = "none asked for"
    try:
        query_from(parameters)
    except Invalid as error:
        fields = error.fields
    assert fields


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("campaign", "x"), ("campaign", "-1"), ("campaign", str(2**63)), ("view", "mine!"), ("kind", "gone"),
        ("created", "2026-13-01.."), ("cursor", "AAAA"), ("cursor", "W10"), ("size", "many"), ("columns", "a b"),
        ("answer.7", "eq:1"), ("text", "ab"), ("custom.tariff", "like:1"), ("owner", "him"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        query_from({name: [value]})
    assert name in refused.value.fields


def test_numbers_are_pasted_as_they_come() -> None:
    """Lines, commas and tabs part numbers; spaces only where both sides are long enough to be numbers."""
    text = "100001\r\n100002;100003\t+48 500 100 101, 500 100 102\n100004 100005"
    assert query_from({"pasted": [text]}).pasted == (
        "100001", "100002", "100003", "+48500100101", "500100102", "100004", "100005",
    )  # fmt: skip


def test_without_a_filter() -> None:
    query = CaseQuery(campaigns=(1,), text="kowal", cursor=Cursor("7", 1))
    assert query.without("campaign") == CaseQuery(text="kowal")
    assert query.filters == ("campaign", "text")


def test_the_order_follows_what_the_list_is_about() -> None:
    assert CaseQuery().order == (Sort.CREATED, True)
    assert CaseQuery(view=QuickView.OVERDUE).order == (Sort.DUE, False)
    assert CaseQuery(view=QuickView.TODAY).order == (Sort.TOUCHED, True)
    assert CaseQuery(touched=Days(date(2026, 1, 1))).order == (Sort.TOUCHED, True)
    assert CaseQuery(view=QuickView.OVERDUE, sort=Sort.NUMBER, descending=True).order == (Sort.NUMBER, True)


def test_a_cursor_survives_the_address() -> None:
    cursor = Cursor("2026-11-17T07:41:00+00:00", 7, 150, backwards=True)
    assert cursor_from(cursor_text(cursor)) == cursor
