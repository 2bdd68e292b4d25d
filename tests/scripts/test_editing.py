from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock, db
from app.core.errors import Conflict, Invalid, Refused
from app.core.i18n import in_language
from app.models import HistoryEntry
from app.models.scripts import DateMode, StatusKind
from app.scripts import editing
from app.scripts.statuses import in_order, initial_status, status_choices
from app.scripts.values import StatusValues
from tests.factories import a_campaign, a_form, a_status, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def script():
    return a_working_script()


def now(script):
    return {"expected_version": script.version, "actor": None}


def change(status, *, version=None, **values):
    """The status with other values, and all else as it was."""
    expected = status.script.version if version is None else version
    changed = replace(editing.values_of(status), **values)
    editing.change_status_values(status, changed, expected_version=expected, actor=None)


def test_statuses_have_a_limit_and_hidden_ones_count(script, monkeypatch):
    monkeypatch.setattr(editing, "MOST_STATUSES", len(script.statuses) + 1)
    last = a_status(script, StatusKind.PLAIN, name="The last")
    editing.hide_status(last, **now(script))
    with pytest.raises(Refused, match="statuses at most"):
        a_status(script, StatusKind.PLAIN, name="One too many")
    editing.show_status(last, **now(script))
    assert "One too many" not in [status.name for status in script.statuses]


def test_a_script_begins_with_one_visible_initial_status():
    with in_language("en"):
        script = editing.create_script("Sales", actor=a_user("manager"))
    assert initial_status(script).name == "Not started"
    assert [status.is_initial for status in script.statuses] == [True] + [False] * (len(script.statuses) - 1)
    with pytest.raises(Invalid, match="of this name already"):
        editing.create_script(" sales ", actor=None)


def test_every_change_names_the_version_and_is_in_the_history(script):
    version = script.version
    change(a_status(script, StatusKind.CLOSED), name="Done")
    assert script.version == version + 1
    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.action == "change_status")).one()
    assert (entry.before["name"], entry.after["name"]) == ("Closed", "Done")
    with pytest.raises(Conflict):
        change(a_status(script, StatusKind.CLOSED), version=version, name="Ended")


def test_names_are_free_once_their_status_is_hidden(script):
    status = a_status(script, StatusKind.IN_PROGRESS)
    with pytest.raises(Invalid):
        change(status, name="closed")
    closed = a_status(script, StatusKind.CLOSED)
    editing.hide_status(closed, **now(script))
    change(status, name="Closed")
    with pytest.raises(Invalid):
        editing.show_status(closed, **now(script))


def test_a_kind_changes_only_while_no_case_is_in_it(script):
    case = an_open_case(a_campaign(script=script))
    with pytest.raises(Refused, match="1 cases"):
        change(case.status, kind=StatusKind.NEW, date_mode=None)
    other = a_status(script, StatusKind.IN_PROGRESS)
    change(other, kind=StatusKind.POSTPONED, date_mode=None)
    assert (other.kind, other.date_mode) == (StatusKind.POSTPONED, DateMode.AGENT)


def test_there_is_always_one_initial_status_that_a_new_case_can_begin_in(script):
    first, progress = initial_status(script), a_status(script, StatusKind.IN_PROGRESS)
    with pytest.raises(Refused, match="Make another status the initial one"):
        editing.hide_status(first, **now(script))
    with pytest.raises(Refused, match="cannot begin"):
        editing.set_initial(a_status(script, StatusKind.PRIVATE_CALLBACK), **now(script))
    editing.set_initial(progress, **now(script))
    assert [status for status in script.statuses if status.is_initial] == [progress]
    with pytest.raises(Refused, match="cannot begin"):
        change(progress, kind=StatusKind.PUBLIC_CALLBACK, date_mode=None)
    editing.hide_status(first, **now(script))
    with pytest.raises(Refused, match="hidden"):
        editing.set_initial(first, **now(script))


def test_a_substatus_is_not_shown_again_under_the_initial_status(script):
    """New cases begin in a status that has no substatuses: otherwise none could be opened any more."""
    parent = a_status(script, StatusKind.IN_PROGRESS)
    child = editing.add_status(
        script, StatusValues(name="With the client", kind=StatusKind.IN_PROGRESS), parent=parent, **now(script)
    )
    editing.hide_status(child, **now(script))
    editing.set_initial(parent, **now(script))
    with pytest.raises(Refused, match="can have no substatuses"):
        editing.show_status(child, **now(script))
    an_open_case(a_campaign(script=script))


def test_substatuses_stand_behind_their_parent_and_are_chosen_instead_of_it(script):
    parent = a_status(script, StatusKind.CLOSED)
    values = StatusValues(name="No answer", kind=StatusKind.CLOSED)
    child = editing.add_status(script, values, parent=parent, **now(script))
    order = [status.id for status in in_order(script.statuses)]
    assert order.index(child.id) == order.index(parent.id) + 1
    chosen = {choice.id: choice for choice in status_choices(script)}
    assert parent.id not in chosen
    assert chosen[child.id].parent_name == parent.name
    with pytest.raises(Invalid):
        editing.add_status(script, StatusValues(name="x", kind=StatusKind.NEW), parent=child, **now(script))
    editing.hide_status(parent, **now(script))
    assert child.id not in {choice.id for choice in status_choices(script)}


def test_order_limit_time_and_form(script):
    ids = [status.id for status in script.statuses][::-1]
    editing.reorder_statuses(script, ids, **now(script))
    assert [status.id for status in script.statuses] == ids
    with pytest.raises(Conflict):
        editing.reorder_statuses(script, ids[1:], **now(script))
    status = a_status(script, StatusKind.PUBLIC_CALLBACK)
    change(status, date_mode=DateMode.RELATIVE, relative_minutes=30)
    assert (status.date_mode, status.relative_minutes) == (DateMode.RELATIVE, 30)
    with pytest.raises(Invalid):
        change(status, date_mode=DateMode.ABSOLUTE, absolute_at=clock.now() - timedelta(1))
    with pytest.raises(Invalid):
        change(a_status(script, StatusKind.IN_PROGRESS), limit_minutes=0)
    form = a_form()
    editing.set_form(script, form, **now(script))
    assert script.form is form
    with pytest.raises(Invalid):
        editing.set_postpone_grid(script, 7, **now(script))
