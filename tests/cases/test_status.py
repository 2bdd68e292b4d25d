# ruff: noqa: DTZ001 - what an agent chooses is a local time without a zone
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.cases.ownership import assign_owner
from app.cases.postponing import end_postponement, overdue_postponements
from app.cases.status import change_status, open_promise
from app.core import clock, db
from app.core.errors import Invalid, Refused
from app.jobs.cases import end_postponements
from app.models import Activity, AppUser, Callback, Case, HistoryEntry
from app.models.activities import ActivityKind
from app.models.callbacks import CallbackState
from app.models.scripts import DateMode, StatusKind
from app.scripts.editing import hide_status
from app.scripts.rules import When
from tests.factories import a_campaign, a_status, a_user, a_working_script, an_open_case

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(text):
    return When(datetime.fromisoformat(text), "Europe/Warsaw")


pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def case():
    agent = a_user()
    return an_open_case(a_campaign(agent, script=a_working_script()), owner=agent)


def a_target(case, kind, **values):
    return a_status(case.campaign.script, kind, **values)


def test_closing_ends_the_case_and_reopening_begins_it_again(case):
    with clock.stopped_at(NOW):
        change_status(case, a_target(case, StatusKind.CLOSED), actor=case.owner)
    assert (case.is_current, case.closed_at, case.due_at, case.status_at) == (False, NOW, None, NOW)
    change_status(case, a_target(case, StatusKind.IN_PROGRESS), actor=case.owner)
    assert (case.is_current, case.closed_at) == (True, None)


def test_from_one_end_to_another_the_case_stays_closed_since_the_first(case):
    with clock.stopped_at(NOW):
        change_status(case, a_target(case, StatusKind.CLOSED), actor=case.owner)
    change_status(case, a_target(case, StatusKind.SUCCESS), actor=case.owner)
    assert case.closed_at == NOW


def test_a_change_is_told_in_the_history_and_on_the_timeline(case):
    version, before, agent = case.version, case.status, case.owner
    to = a_target(case, StatusKind.IN_PROGRESS)
    change_status(case, to, actor=agent)
    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.action == "status")).one()
    assert entry.before == {"status": before.id, "due_at": None}
    assert entry.after == {"status": to.id, "due_at": None, "version": version + 1}
    activity = db.session.scalars(select(Activity).where(Activity.kind == ActivityKind.STATUS)).one()
    assert activity.author_id == agent.id
    assert activity.payload["to"] == {"id": to.id, "name": to.name, "kind": "in_progress"}
    assert case.version == version + 1


def test_the_same_status_again_changes_nothing(case):
    version = case.version
    assert not change_status(case, case.status, actor=case.owner).changed
    assert case.version == version


def test_a_second_promise_replaces_the_first_and_says_so(case):
    private = a_target(case, StatusKind.PRIVATE_CALLBACK)
    with clock.stopped_at(NOW):
        first = change_status(case, private, date=at("2026-03-03T10:00"), actor=case.owner)
        second = change_status(case, private, date=at("2026-03-04T11:30"), actor=case.owner)
    assert first.replaced is None
    assert second.replaced == datetime(2026, 3, 3, 9, tzinfo=UTC)
    promises = db.session.scalars(select(Callback).order_by(Callback.id)).all()
    assert [each.state for each in promises] == [CallbackState.CANCELLED, CallbackState.SCHEDULED]
    assert promises[1].local_at == datetime(2026, 3, 4, 11, 30)
    assert promises[1].owner_id == case.owner_id
    assert case.due_at == promises[1].due_at == datetime(2026, 3, 4, 10, 30, tzinfo=UTC)


def test_a_status_without_a_promise_cancels_it(case):
    with clock.stopped_at(NOW):
        change_status(case, a_target(case, StatusKind.PUBLIC_CALLBACK), date=at("2026-03-03T10:00"), actor=case.owner)
        outcome = change_status(case, a_target(case, StatusKind.CLOSED), actor=case.owner)
    assert outcome.cancelled == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert open_promise(case) is None


def test_a_private_promise_goes_with_the_case_to_its_new_owner(case):
    manager, other = a_user("manager"), a_user()
    case.campaign.users.append(other)
    with clock.stopped_at(NOW):
        change_status(case, a_target(case, StatusKind.PRIVATE_CALLBACK), date=at("2026-03-03T10:00"), actor=case.owner)
    assign_owner(case, other, actor=manager)
    assert open_promise(case).owner_id == other.id
    with pytest.raises(Refused, match="promise of the case's owner"):
        assign_owner(case, None, actor=manager)


def test_a_private_callback_needs_an_owner():
    case, agent = an_open_case(), a_user()
    with clock.stopped_at(NOW), pytest.raises(Refused, match="Choose an owner first"):
        change_status(case, a_target(case, StatusKind.PRIVATE_CALLBACK), date=at("2026-03-03T10:00"), actor=agent)


def test_a_past_date_is_told_at_its_field(case):
    with clock.stopped_at(NOW), pytest.raises(Invalid) as error:
        change_status(case, a_target(case, StatusKind.PUBLIC_CALLBACK), date=at("2026-03-02T10:00"), actor=case.owner)
    assert list(error.value.fields) == ["date"]


def test_a_status_that_was_just_hidden_is_refused(case):
    status = a_target(case, StatusKind.IN_PROGRESS)
    hide_status(status, expected_version=status.script.version, actor=None)
    with pytest.raises(Refused, match="was hidden"):
        change_status(case, status, actor=case.owner)


def test_a_status_of_another_script_is_refused(case):
    with pytest.raises(Refused, match="another script"):
        change_status(case, a_status(a_working_script(), StatusKind.CLOSED), actor=case.owner)


def test_a_limit_makes_the_case_due(case):
    status = a_target(case, StatusKind.WAITING, limit_minutes=120)
    with clock.stopped_at(NOW):
        change_status(case, status, actor=case.owner)
    assert case.due_at == NOW + timedelta(hours=2)


def test_a_postponed_case_is_not_current_and_comes_back_new(case):
    new = a_target(case, StatusKind.NEW)
    with clock.stopped_at(NOW):
        change_status(case, a_target(case, StatusKind.POSTPONED), date=at("2026-03-02T15:00"), actor=case.owner)
    assert not case.is_current
    assert case.due_at == datetime(2026, 3, 2, 14, 15, tzinfo=UTC)
    with clock.stopped_at(case.due_at - timedelta(seconds=1)):
        assert overdue_postponements(10) == []
        assert not end_postponement(case)
    with clock.stopped_at(case.due_at):
        assert [overdue.case_id for overdue in overdue_postponements(10)] == [case.id]
        assert end_postponement(case)
    assert (case.status, case.is_current) == (new, True)


def test_the_sweep_ends_all_postponements_but_those_that_cannot_end(monkeypatch, caplog):
    """More than one look takes, with one among them that its script refuses for ever."""
    monkeypatch.setattr("app.jobs.cases._SWEPT", 2)
    cases = [an_open_case(a_campaign(script=a_working_script())) for _ in range(5)]
    stuck = cases[0]
    with clock.stopped_at(NOW):
        for case in cases:
            postponed = a_target(case, StatusKind.POSTPONED)
            change_status(case, postponed, date=at("2026-03-02T15:00"), actor=None)
        for status in stuck.campaign.script.statuses:
            status.is_hidden = status.kind is StatusKind.NEW
        # Whatever it may come back to asks for a time that has passed.
        back = next(each for each in stuck.campaign.script.statuses if each.is_initial)
        back.is_hidden, back.kind, back.date_mode = False, StatusKind.PUBLIC_CALLBACK, DateMode.ABSOLUTE
        back.absolute_at = NOW - timedelta(days=1)
    db.session.commit()
    with clock.stopped_at(NOW + timedelta(days=1)):
        end_postponements()
    assert [case.status.kind is StatusKind.POSTPONED for case in cases] == [True, False, False, False, False]
    assert f"case {stuck.id} stays postponed" in caplog.text


def test_two_changes_at_once_leave_one_open_promise(case, at_once):
    status_id, case_id, agent_id = a_target(case, StatusKind.PUBLIC_CALLBACK).id, case.id, case.owner_id
    day = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=2)

    def door(hours):
        def promise():
            row, agent = db.session.get_one(Case, case_id), db.session.get_one(AppUser, agent_id)
            status = next(each for each in row.campaign.script.statuses if each.id == status_id)
            return change_status(row, status, date=When(day + timedelta(hours=hours), "UTC"), actor=agent).changed

        return promise

    assert at_once([door(1), door(2), door(3)]) == [True, True, True]
    states = db.session.scalars(select(Callback.state)).all()
    assert sorted(states) == [CallbackState.CANCELLED, CallbackState.CANCELLED, CallbackState.SCHEDULED]
    assert open_promise(case).due_at == case.due_at
    assert case.version == 4
