# ruff: noqa: DTZ001 - what an agent chooses is a local time without a zone

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.callbacks import CallbackKind
from app.models.scripts import DateMode, StatusKind
from app.scripts.kinds import KINDS
from app.scripts.rules import (
    Decision,
    Refusal,
    StatusChange,
    StatusFacts,
    When,
    decide,
    local_moment,
    next_grid_point,
    resolve,
)

WARSAW = "Europe/Warsaw"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GRIDS = st.sampled_from([5, 10, 15, 20, 30, 60])
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))


def a_status(kind: StatusKind = StatusKind.NEW, **values: Any) -> StatusFacts:
    return StatusFacts(**{"id": 1, "script_id": 7, "kind": kind, **values})


def a_change(target: StatusFacts, **values: Any) -> StatusChange:
    row = {"script_id": 7, "current": a_status(id=9), "target": target, "owner_id": 3, "zone": WARSAW, **values}
    return StatusChange(**row)


def in_warsaw(text: str, fold: int = 0) -> When:
    return When(datetime.fromisoformat(text), WARSAW, fold)


def test_every_kind_of_the_table_has_its_row():
    assert set(KINDS) == set(StatusKind)
    assert {kind for kind, row in KINDS.items() if row.ends} == {
        StatusKind.CLOSED, StatusKind.SUCCESS, StatusKind.CANCEL_SUCCESS, StatusKind.MERGED,
    }  # fmt: skip
    assert {kind for kind, row in KINDS.items() if not row.is_current} == {
        StatusKind.CLOSED, StatusKind.SUCCESS, StatusKind.CANCEL_SUCCESS, StatusKind.MERGED, StatusKind.POSTPONED,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("target", "values", "refusal"),
    [
        (a_status(script_id=8), {}, Refusal.OTHER_SCRIPT),
        (a_status(is_hidden=True), {}, Refusal.HIDDEN),
        (a_status(has_substatuses=True), {}, Refusal.CHOOSE_SUBSTATUS),
        (a_status(), {"current": a_status(StatusKind.MERGED)}, Refusal.MERGED),
        (a_status(StatusKind.MERGED), {}, Refusal.NOT_BY_PEOPLE),
        (a_status(StatusKind.PLAIN), {"in_bulk": True}, Refusal.NOT_IN_BULK),
        (a_status(StatusKind.PRIVATE_CALLBACK), {"owner_id": None}, Refusal.NEEDS_OWNER),
        (a_status(StatusKind.PUBLIC_CALLBACK), {}, Refusal.NEEDS_DATE),
        (a_status(), {"when": in_warsaw("2026-03-03T10:00")}, Refusal.DATE_NOT_TAKEN),
        (a_status(StatusKind.PUBLIC_CALLBACK), {"when": in_warsaw("2026-03-02T10:00")}, Refusal.PAST),
        (a_status(StatusKind.PUBLIC_CALLBACK), {"when": in_warsaw("2099-01-01T10:00")}, Refusal.TOO_FAR),
        (a_status(StatusKind.PUBLIC_CALLBACK), {"when": in_warsaw("9999-12-31T23:59")}, Refusal.TOO_FAR),
        (
            a_status(StatusKind.PUBLIC_CALLBACK),
            {"when": When(datetime(2026, 5, 1), "Mars/Olympus")},
            Refusal.UNKNOWN_ZONE,
        ),
        (
            a_status(StatusKind.PUBLIC_CALLBACK, date_mode=DateMode.ABSOLUTE, absolute_at=NOW - timedelta(days=1)),
            {},
            Refusal.PAST,
        ),
    ],
)
def test_what_may_not_be_is_refused_by_name(target, values, refusal):
    assert decide(a_change(target, **values), NOW) is refusal


def test_a_limit_runs_from_now_and_ends_with_the_case():
    limited = decide(a_change(a_status(limit_minutes=90)), NOW)
    assert isinstance(limited, Decision)
    assert limited.due_at == NOW + timedelta(minutes=90)
    closed = decide(a_change(a_status(StatusKind.CLOSED, limit_minutes=90)), NOW)
    assert isinstance(closed, Decision)
    assert (closed.ends, closed.due_at, closed.is_current) == (True, None, False)


def test_a_relative_time_is_counted_from_now_and_kept_as_local():
    status = a_status(StatusKind.PUBLIC_CALLBACK, date_mode=DateMode.RELATIVE, relative_minutes=30)
    decision = decide(a_change(status), NOW)
    assert isinstance(decision, Decision)
    assert decision.promise is not None
    assert decision.promise.kind is CallbackKind.PUBLIC
    assert decision.promise.local == datetime(2026, 3, 2, 10, 30)
    assert decision.due_at == decision.promise.due_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("chosen", "grid", "due"),
    [
        ("2026-03-02T15:00", 15, "2026-03-02T15:15"),
        ("2026-03-02T15:01", 15, "2026-03-02T15:15"),
        ("2026-03-02T15:00", 0, "2026-03-02T15:00"),
        ("2026-03-02T23:59", 60, "2026-03-03T00:00"),
        # The hour from two to three does not exist on this night, and stands twice on the other.
        ("2026-03-29T01:50", 15, "2026-03-29T03:00"),
        ("2026-10-25T02:50", 15, "2026-10-25T02:00"),
    ],
)
def test_a_postponement_ends_at_the_first_point_of_the_grid_strictly_after(chosen, grid, due):
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    change = a_change(a_status(StatusKind.POSTPONED), when=in_warsaw(chosen), grid_minutes=grid)
    decision = decide(change, now)
    assert isinstance(decision, Decision)
    assert decision.due_at is not None
    assert decision.due_at.astimezone(ZoneInfo(WARSAW)).replace(tzinfo=None) == datetime.fromisoformat(due)
    assert decision.promise is None


@pytest.mark.parametrize(
    ("chosen", "utc", "shown"),
    [
        # In spring 2:00–3:00 is skipped: the promise moves forward by what is skipped, whatever `fold` says.
        (in_warsaw("2026-03-29T02:30"), "2026-03-29T01:30", "2026-03-29T03:30"),
        (in_warsaw("2026-03-29T02:30", 1), "2026-03-29T01:30", "2026-03-29T03:30"),
        (in_warsaw("2026-03-29T01:59"), "2026-03-29T00:59", "2026-03-29T01:59"),
        (in_warsaw("2026-03-29T03:00"), "2026-03-29T01:00", "2026-03-29T03:00"),
        # In autumn 2:00–3:00 comes twice: the first is meant, unless the second was chosen.
        (in_warsaw("2026-10-25T02:30"), "2026-10-25T00:30", "2026-10-25T02:30"),
        (in_warsaw("2026-10-25T02:30", 1), "2026-10-25T01:30", "2026-10-25T02:30"),
        (in_warsaw("2026-10-25T03:00", 1), "2026-10-25T02:00", "2026-10-25T03:00"),
    ],
)
def test_the_nights_when_the_clocks_change(chosen, utc, shown):
    moment = resolve(chosen)
    assert moment.utc == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.local == datetime.fromisoformat(shown)


@given(MOMENTS)
def test_what_the_clocks_show_leads_back_to_the_moment(moment):
    shown = local_moment(moment, WARSAW)
    assert resolve(When(shown.local, WARSAW, shown.fold)).utc == moment


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)), st.sampled_from([0, 1]))
def test_a_chosen_time_is_never_earlier_than_the_clocks_say(local, fold):
    moment = resolve(When(local, WARSAW, fold))
    assert timedelta() <= moment.local - local <= timedelta(hours=1)
    assert moment.utc.astimezone(ZoneInfo(WARSAW)).replace(tzinfo=None) == moment.local


@given(MOMENTS, GRIDS)
def test_the_grid_point_is_the_first_one_after(moment, minutes):
    point = next_grid_point(moment, minutes, WARSAW)
    # A grid that divides an hour is the same in every zone whose offset is whole hours: walk it minute by minute.
    walked = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while walked.minute % minutes:
        walked += timedelta(minutes=1)
    assert point == walked


@given(
    kind=st.sampled_from(StatusKind),
    owner=st.sampled_from([None, 3]),
    hidden=st.booleans(),
    in_bulk=st.booleans(),
    minutes=st.integers(-60, 600) | st.none(),
)
def test_a_decision_keeps_what_the_table_says(kind, owner, hidden, in_bulk, minutes):
    when = When((NOW + timedelta(minutes=minutes)).replace(tzinfo=None), "UTC") if minutes is not None else None
    target = a_status(kind, is_hidden=hidden)
    answer = decide(a_change(target, owner_id=owner, in_bulk=in_bulk, when=when), NOW)
    row = KINDS[kind]
    if isinstance(answer, Refusal):
        return
    assert not hidden
    assert answer.ends == row.ends
    assert answer.is_current == row.is_current
    assert (answer.due_at is not None) == row.dated
    assert answer.due_at is None or answer.due_at > NOW
    assert (answer.promise.kind if answer.promise else None) == row.callback
    assert row.allowed_in_bulk or not in_bulk
    assert owner or not row.needs_owner
    assert answer.clears_answers == (in_bulk and row.clears_answers)
