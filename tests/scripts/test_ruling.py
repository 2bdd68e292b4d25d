from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock, db
from app.core.errors import Conflict, Invalid, NotFound, Refused, SplotError
from app.models import HistoryEntry, StatusRule
from app.models.scripts import DateMode, RuleEvent, StatusColour, StatusKind
from app.scripts import editing, ruling
from app.scripts.events import EVENTS
from app.scripts.flow import first_fault
from app.scripts.kinds import KINDS
from app.scripts.ruling import RuleValues
from app.scripts.statuses import facts_by_id
from app.scripts.values import StatusValues
from tests.factories import a_status, a_working_script

pytestmark = pytest.mark.usefixtures("session")
DAY = 24 * 60


@pytest.fixture
def script():
    return a_working_script()


def now(script):
    return {"expected_version": script.version, "actor": None}


def a_rule(script, event, to, *sources, minutes=None):
    """A rule from these statuses, or from any."""
    values = RuleValues(
        event=event, to_id=to.id, from_any=not sources, from_ids=tuple(each.id for each in sources), minutes=minutes
    )
    return ruling.add_rule(script, values, **now(script))


def test_every_event_has_its_row_and_only_those_with_a_source_are_offered():
    assert set(EVENTS) == set(RuleEvent)
    assert {event for event, row in EVENTS.items() if row.is_offered} == {
        RuleEvent.TAKEN, RuleEvent.POSTPONEMENT_OVER, RuleEvent.NO_ACTIVITY,
    }  # fmt: skip


def test_rules_have_a_limit(script, monkeypatch):
    progress, closed = a_status(script, StatusKind.IN_PROGRESS), a_status(script, StatusKind.CLOSED)
    monkeypatch.setattr(ruling, "MOST_RULES", 2)
    for minutes in (DAY, 2 * DAY):
        a_rule(script, RuleEvent.NO_ACTIVITY, closed, progress, minutes=minutes)
    with pytest.raises(Refused, match="A script has 2 rules at most"):
        a_rule(script, RuleEvent.NO_ACTIVITY, closed, progress, minutes=3 * DAY)
    assert len(script.rules) == 2


def test_a_rule_is_kept_with_its_history_and_raises_the_version(script):
    progress, closed = a_status(script, StatusKind.IN_PROGRESS), a_status(script, StatusKind.CLOSED)
    version = script.version
    rule = a_rule(script, RuleEvent.NO_ACTIVITY, closed, progress, minutes=3 * DAY)
    assert script.version == version + 1
    assert ruling.values_of_rule(rule) == RuleValues(
        event=RuleEvent.NO_ACTIVITY, to_id=closed.id, from_ids=(progress.id,), minutes=3 * DAY
    )
    ruling.change_rule(rule, replace(ruling.values_of_rule(rule), minutes=DAY), **now(script))
    ruling.remove_rule(rule, **now(script))
    entries = db.session.scalars(select(HistoryEntry).where(HistoryEntry.action.like("%_rule")).order_by("id")).all()
    assert [(each.action, each.after.get("minutes")) for each in entries] == [
        ("add_rule", 3 * DAY), ("change_rule", DAY), ("remove_rule", None),
    ]  # fmt: skip
    assert entries[-1].before["to"] == closed.id
    with pytest.raises(Conflict):
        ruling.add_rule(
            script, RuleValues(event=RuleEvent.TAKEN, to_id=closed.id, from_any=True), expected_version=1, actor=None
        )
    with pytest.raises(NotFound):
        ruling.the_rule(script, rule.id)


@pytest.mark.parametrize(
    ("event", "target", "values", "key"),
    [
        (RuleEvent.CUSTOMER_REPLIED, StatusKind.IN_PROGRESS, {}, "event"),
        (RuleEvent.NO_ACTIVITY, StatusKind.CLOSED, {}, "minutes"),
        (RuleEvent.TAKEN, StatusKind.CLOSED, {"minutes": 5}, "minutes"),
        (RuleEvent.NO_ACTIVITY, StatusKind.CLOSED, {"minutes": 0}, "minutes"),
        (RuleEvent.TAKEN, StatusKind.PUBLIC_CALLBACK, {}, "to_id"),
        (RuleEvent.TAKEN, StatusKind.CLOSED, {"from_any": False}, "from_ids"),
        (RuleEvent.TAKEN, StatusKind.CLOSED, {"from_any": False, "from_ids": (10**9,)}, "from_ids"),
    ],
)
def test_a_rule_that_could_not_be_carried_out_is_not_saved(script, event, target, values, key):
    wanted = RuleValues(**{"event": event, "to_id": a_status(script, target).id, "from_any": True, **values})
    with pytest.raises(Invalid) as refused:
        ruling.add_rule(script, wanted, **now(script))
    assert key in refused.value.fields
    assert not script.rules


def test_a_dated_status_may_be_set_by_a_rule_once_it_takes_its_time_by_itself(script):
    postponed = a_status(script, StatusKind.POSTPONED)
    progress = a_status(script, StatusKind.IN_PROGRESS)
    with pytest.raises(Invalid, match="choose the time"):
        a_rule(script, RuleEvent.TAKEN, postponed)
    relative = replace(editing.values_of(postponed), date_mode=DateMode.RELATIVE, relative_minutes=30)
    editing.change_status_values(postponed, relative, **now(script))
    a_rule(script, RuleEvent.TAKEN, postponed)
    with pytest.raises(Refused, match="A rule stands against it"):
        editing.change_status_values(postponed, replace(relative, date_mode=DateMode.AGENT), **now(script))
    own = a_status(script, StatusKind.PRIVATE_CALLBACK, date_mode=DateMode.RELATIVE, relative_minutes=5)
    with pytest.raises(Invalid, match="promise"):
        a_rule(script, RuleEvent.NO_ACTIVITY, own, progress, minutes=5)
    a_rule(script, RuleEvent.TAKEN, own, progress)


def test_what_happens_by_itself_never_leads_round_in_a_circle(script):
    progress, closed = a_status(script, StatusKind.IN_PROGRESS), a_status(script, StatusKind.CLOSED)
    waiting = a_status(script, StatusKind.WAITING)
    a_rule(script, RuleEvent.NO_ACTIVITY, waiting, progress, minutes=5)
    with pytest.raises(Invalid, match="again and again"):
        a_rule(script, RuleEvent.NO_ACTIVITY, progress, waiting, minutes=5)
    # An agent acts between, so this is no circle.
    a_rule(script, RuleEvent.TAKEN, progress, waiting)
    a_rule(script, RuleEvent.NO_ACTIVITY, closed, waiting, minutes=5)
    with pytest.raises(Invalid, match="again and again"):
        a_rule(script, RuleEvent.NO_ACTIVITY, progress, closed, minutes=5)


def test_the_usual_end_of_a_postponement_is_part_of_the_circle(script):
    """It leads to the first new status; from there nothing that happens by itself may postpone the case again."""
    values = {"date_mode": DateMode.RELATIVE, "relative_minutes": 30}
    postponed = a_status(script, StatusKind.POSTPONED, **values)
    fresh = a_status(script, StatusKind.NEW)
    with pytest.raises(Invalid, match="again and again"):
        a_rule(script, RuleEvent.NO_ACTIVITY, postponed, fresh, minutes=5)
    out = a_rule(script, RuleEvent.POSTPONEMENT_OVER, a_status(script, StatusKind.IN_PROGRESS))
    a_rule(script, RuleEvent.NO_ACTIVITY, postponed, fresh, minutes=5)
    with pytest.raises(Refused, match="again and again"):
        ruling.remove_rule(out, **now(script))


def test_a_status_that_rules_lead_to_is_hidden_only_with_another_place_for_them(script):
    closed, success = a_status(script, StatusKind.CLOSED), a_status(script, StatusKind.SUCCESS)
    rule = a_rule(script, RuleEvent.TAKEN, closed)
    with pytest.raises(Refused, match="is hidden"):
        editing.hide_status(closed, **now(script))
    assert not closed.is_hidden
    editing.hide_status(closed, rules_to=success, **now(script))
    assert (closed.is_hidden, rule.to_id) == (True, success.id)


def test_a_status_that_rules_lead_to_gets_no_substatuses(script):
    closed = a_status(script, StatusKind.CLOSED)
    child = editing.add_status(
        script, StatusValues(name="No answer", kind=StatusKind.CLOSED), parent=closed, **now(script)
    )
    editing.hide_status(child, **now(script))
    a_rule(script, RuleEvent.TAKEN, closed)
    with pytest.raises(Refused, match="substatuses"):
        editing.show_status(child, **now(script))
    with pytest.raises(Refused, match="substatuses"):
        editing.add_status(script, StatusValues(name="Other", kind=StatusKind.CLOSED), parent=closed, **now(script))


def test_rules_have_an_order(script):
    one = a_rule(script, RuleEvent.TAKEN, a_status(script, StatusKind.CLOSED))
    two = a_rule(script, RuleEvent.TAKEN, a_status(script, StatusKind.SUCCESS))
    ruling.reorder_rules(script, [two.id, one.id], **now(script))
    assert script.rules == [two, one]
    with pytest.raises(Conflict):
        ruling.reorder_rules(script, [two.id], **now(script))


def test_only_a_plain_status_has_a_colour_of_its_own(script):
    plain = a_status(script, StatusKind.PLAIN, colour=StatusColour.ROSE)
    assert plain.look == "plain c-rose"
    assert a_status(script, StatusKind.CLOSED, colour=StatusColour.ROSE).look == "closed"
    editing.change_status_values(plain, replace(editing.values_of(plain), kind=StatusKind.NEW), **now(script))
    assert (plain.colour, plain.look) == (None, "new")


# ----- any sequence of edits -----

_KINDS = st.sampled_from([kind for kind in StatusKind if KINDS[kind].set_by_people])
_MODES = st.sampled_from([DateMode.AGENT, DateMode.RELATIVE, DateMode.ABSOLUTE])
_PLACE = st.integers(0, 12)
_EDITS = st.one_of(
    st.tuples(st.just("add"), _KINDS, _MODES, st.none() | _PLACE),
    st.tuples(st.just("change"), _PLACE, _KINDS, _MODES),
    st.tuples(st.just("hide"), _PLACE, st.none() | _PLACE),
    st.tuples(st.just("show"), _PLACE),
    st.tuples(st.just("initial"), _PLACE),
    st.tuples(st.just("order"), st.randoms(use_true_random=False)),
    st.tuples(
        st.just("rule"),
        st.sampled_from(list(RuleEvent)),
        _PLACE,
        st.lists(_PLACE, max_size=3),
        st.none() | st.integers(1, 99),
    ),
    st.tuples(st.just("rule"), st.just(RuleEvent.NO_ACTIVITY), _PLACE, st.lists(_PLACE, max_size=2), st.just(5)),
    st.tuples(st.just("remove"), _PLACE),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(edits=st.lists(_EDITS, min_size=3, max_size=14))
def test_no_sequence_of_edits_leaves_a_rule_that_cannot_be(session, edits):
    """Whatever managers do, in whatever order: each rule leads from what cases can leave to what they can be in."""
    script = a_working_script()
    for number, edit in enumerate(edits):
        try:
            with session.begin_nested():
                _edit(script, number, *edit)
        except SplotError:
            session.expire_all()
        assert first_fault(facts_by_id(script), ruling.rule_facts(script)) is None
        ids = {status.id for status in script.statuses}
        shown = {status.id for status in script.statuses if not status.is_hidden}
        for rule in session.scalars(select(StatusRule).where(StatusRule.script_id == script.id)):
            assert rule.to_id in shown
            assert rule.from_any or {each.id for each in rule.sources} <= ids
            assert rule.from_any or rule.sources
    session.rollback()


def _edit(script, number, what, *values):
    rows = script.statuses

    def at(place):
        return rows[place % len(rows)]

    if what in {"add", "change"}:
        kind, mode = values[:2] if what == "add" else values[1:]
        wanted = StatusValues(
            name=f"Status {number}",
            kind=kind,
            date_mode=mode,
            relative_minutes=5,
            absolute_at=clock.now() + timedelta(days=1),
        )
        if what == "change":
            editing.change_status_values(at(values[0]), wanted, **now(script))
        else:
            parent = None if values[2] is None else at(values[2])
            editing.add_status(script, wanted, parent=parent, **now(script))
    elif what == "hide":
        to = None if values[1] is None else at(values[1])
        editing.hide_status(at(values[0]), rules_to=to, **now(script))
    elif what == "show":
        editing.show_status(at(values[0]), **now(script))
    elif what == "initial":
        editing.set_initial(at(values[0]), **now(script))
    elif what == "order":
        ids = [status.id for status in rows]
        values[0].shuffle(ids)
        editing.reorder_statuses(script, ids, **now(script))
    elif what == "remove":
        if script.rules:
            ruling.remove_rule(script.rules[values[0] % len(script.rules)], **now(script))
    else:
        event, to, sources, minutes = values
        from_ids = tuple(at(place).id for place in sources)
        wanted = RuleValues(event=event, to_id=at(to).id, from_any=not sources, from_ids=from_ids, minutes=minutes)
        ruling.add_rule(script, wanted, **now(script))
