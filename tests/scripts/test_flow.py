from datetime import UTC, datetime

from app.models.scripts import DateMode, RuleEvent, StatusKind
from app.scripts.flow import RuleFacts, WayKind, flow_of, past_dates, rule_for, sources_of
from app.scripts.rules import StatusFacts

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INITIAL, PROGRESS, WAITING, AWAITING, POSTPONED, CLOSED = range(1, 7)


def statuses(**more):
    rows = [
        StatusFacts(id=INITIAL, script_id=7, kind=StatusKind.UNUSED, is_initial=True),
        StatusFacts(id=PROGRESS, script_id=7, kind=StatusKind.IN_PROGRESS),
        StatusFacts(id=WAITING, script_id=7, kind=StatusKind.WAITING),
        StatusFacts(id=AWAITING, script_id=7, kind=StatusKind.AWAITING_CUSTOMER),
        StatusFacts(id=POSTPONED, script_id=7, kind=StatusKind.POSTPONED),
        StatusFacts(id=CLOSED, script_id=7, kind=StatusKind.CLOSED),
        *more.values(),
    ]
    return {row.id: row for row in rows}


def idle(to, *sources, minutes=60, **values):
    return RuleFacts(
        event=RuleEvent.NO_ACTIVITY,
        to_id=to,
        from_any=not sources,
        sources=frozenset(sources),
        minutes=minutes,
        **values,
    )


def flow(rows, rules=(), buttons=(), past=()):
    return flow_of(rows, rules, dict(buttons), past=past)


def test_a_status_where_it_is_nobodys_turn_is_a_dead_end_until_an_event_leads_on():
    assert flow(statuses()).dead_ends == (WAITING, AWAITING)
    assert flow(statuses(), [idle(PROGRESS, WAITING)]).dead_ends == (AWAITING,)
    assert flow(statuses(), [idle(CLOSED)]).dead_ends == ()
    taken = RuleFacts(event=RuleEvent.TAKEN, to_id=PROGRESS, from_any=True)
    assert flow(statuses(), [taken]).dead_ends == (WAITING, AWAITING)


def test_a_status_whose_date_is_over_cannot_be_reached_any_more():
    dated = StatusFacts(
        id=9, script_id=7, kind=StatusKind.PUBLIC_CALLBACK, date_mode=DateMode.ABSOLUTE, absolute_at=NOW
    )
    rows = statuses(dated=dated)
    assert past_dates(rows, NOW) == {9}
    assert flow(rows, past={9}).unreachable == (9,)
    assert flow(rows).unreachable == ()


def test_parents_and_hidden_statuses_are_no_place_to_be_reached():
    rows = statuses(
        parent=StatusFacts(id=9, script_id=7, kind=StatusKind.WAITING, has_substatuses=True),
        hidden=StatusFacts(id=10, script_id=7, kind=StatusKind.CONSULTATION, is_hidden=True),
    )
    found = flow(rows)
    assert found.unreachable == ()
    # Cases may still stand in the hidden one, and nothing leads them on.
    assert found.dead_ends == (WAITING, AWAITING, 10)


def test_ways_are_drawn_from_where_cases_are_worked_on():
    found = flow(statuses(), [idle(CLOSED, WAITING)], {CLOSED: "Done"})
    choices = {(way.source, way.target): way.kind for way in found.ways if way.kind is not WayKind.EVENT}
    assert choices == {
        (POSTPONED, INITIAL): WayKind.RETURN,
        (INITIAL, PROGRESS): WayKind.CHOICE,
        (PROGRESS, WAITING): WayKind.CHOICE,
        (PROGRESS, AWAITING): WayKind.CHOICE,
        (PROGRESS, POSTPONED): WayKind.CHOICE,
        (PROGRESS, CLOSED): WayKind.BUTTON,
    }


def test_any_status_leaves_out_what_has_ended_or_has_a_time_of_its_own():
    rows = statuses()
    assert sources_of(idle(WAITING), rows) == {INITIAL, PROGRESS, AWAITING}
    taken = RuleFacts(event=RuleEvent.TAKEN, to_id=PROGRESS, from_any=True)
    assert sources_of(taken, rows) == {INITIAL, WAITING, AWAITING}
    over = RuleFacts(event=RuleEvent.POSTPONEMENT_OVER, to_id=PROGRESS, from_any=True)
    assert sources_of(over, rows) == {POSTPONED}
    rules = [idle(CLOSED, WAITING, id=1), idle(PROGRESS, id=2)]
    assert rule_for(RuleEvent.NO_ACTIVITY, WAITING, rules, rows) == rules[0]
    assert rule_for(RuleEvent.NO_ACTIVITY, AWAITING, rules, rows) == rules[1]
    assert rule_for(RuleEvent.NO_ACTIVITY, CLOSED, rules, rows) is None
