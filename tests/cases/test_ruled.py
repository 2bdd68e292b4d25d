from datetime import timedelta

import pytest

from app.cases import ruled
from app.cases.ownership import assign_owner, open_card
from app.cases.postponing import end_postponement
from app.cases.saving import CaseChanges, save_case
from app.cases.status import change_status
from app.core import clock, db
from app.jobs.cases import move_idle_cases
from app.models import Activity, Case
from app.models.activities import ActivityKind
from app.models.campaigns import CampaignState
from app.models.scripts import DateMode, RuleEvent, StatusKind
from app.scripts.ruling import RuleValues, add_rule
from tests.factories import a_campaign, a_status, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def agent():
    return a_user("agent")


@pytest.fixture
def campaign(agent):
    return a_campaign(agent, script=a_working_script())


def a_rule(script, event, to, *sources, minutes=None):
    values = RuleValues(
        event=event, to_id=to.id, from_any=not sources, from_ids=tuple(each.id for each in sources), minutes=minutes
    )
    return add_rule(script, values, expected_version=script.version, actor=None)


def last_author(case):
    rows = db.session.query(Activity).filter_by(case_id=case.id, kind=ActivityKind.STATUS)
    return rows.order_by(Activity.id.desc()).first().author_id


def test_taking_a_case_by_opening_it_sets_what_the_rule_says(campaign, agent):
    progress = a_status(campaign.script, StatusKind.IN_PROGRESS)
    a_rule(campaign.script, RuleEvent.TAKEN, progress)
    case = an_open_case(campaign)
    open_card(case, actor=agent)
    assert (case.status, case.owner, last_author(case)) == (progress, agent, None)
    change_status(case, a_status(campaign.script, StatusKind.CLOSED), actor=agent)
    open_card(case, actor=agent)
    assert case.status.kind is StatusKind.CLOSED


def test_the_first_rule_that_fits_is_taken(campaign, agent):
    initial = campaign.script.statuses[0]
    progress, new = a_status(campaign.script, StatusKind.IN_PROGRESS), a_status(campaign.script, StatusKind.NEW)
    a_rule(campaign.script, RuleEvent.TAKEN, progress, initial)
    a_rule(campaign.script, RuleEvent.TAKEN, a_status(campaign.script, StatusKind.CLOSED))
    case, other = an_open_case(campaign), an_open_case(campaign, status=new)
    open_card(case, actor=agent)
    open_card(other, actor=agent)
    assert case.status is progress
    assert other.status.kind is StatusKind.CLOSED


def test_a_case_that_somebody_else_gives_is_not_taken(campaign, agent):
    a_rule(campaign.script, RuleEvent.TAKEN, a_status(campaign.script, StatusKind.IN_PROGRESS))
    case = an_open_case(campaign)
    assign_owner(case, agent, actor=a_user("manager"))
    assert case.status.is_initial


def test_the_card_that_saves_its_user_as_owner_takes_the_case(campaign, agent):
    progress, closed = a_status(campaign.script, StatusKind.IN_PROGRESS), a_status(campaign.script, StatusKind.CLOSED)
    a_rule(campaign.script, RuleEvent.TAKEN, progress)
    case, other = an_open_case(campaign), an_open_case(campaign)
    saved = save_case(case, CaseChanges(owner_id=agent.id), loaded_version=1, actor=agent)
    assert (case.status, saved.version) == (progress, case.version)
    save_case(other, CaseChanges(owner_id=agent.id, status_id=closed.id), loaded_version=1, actor=agent)
    assert other.status is closed


def test_a_rule_that_cannot_be_followed_any_more_holds_up_nobody(campaign, agent, monkeypatch):
    """Its date was in the future when the rule was saved."""
    dated = a_status(
        campaign.script,
        StatusKind.PUBLIC_CALLBACK,
        date_mode=DateMode.ABSOLUTE,
        absolute_at=clock.now() + timedelta(hours=1),
    )
    a_rule(campaign.script, RuleEvent.TAKEN, dated)
    case = an_open_case(campaign)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    open_card(case, actor=agent)
    assert (case.owner, case.status.is_initial) == (agent, True)


def test_a_postponement_ends_where_the_rule_says(campaign, monkeypatch):
    script = campaign.script
    postponed = a_status(script, StatusKind.POSTPONED, date_mode=DateMode.RELATIVE, relative_minutes=10)
    case = an_open_case(campaign, status=postponed)
    progress = a_status(script, StatusKind.IN_PROGRESS)
    a_status(script, StatusKind.NEW)
    a_rule(script, RuleEvent.POSTPONEMENT_OVER, progress, postponed)
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert end_postponement(case)
    assert case.status is progress


# ----- nobody did anything -----


def idle(case, **ago):
    case.touched_at = clock.now() - timedelta(**ago)
    db.session.flush()
    return case


def test_what_nobody_touched_for_long_enough_is_moved_once(campaign):
    script = campaign.script
    waiting, closed = a_status(script, StatusKind.WAITING), a_status(script, StatusKind.CLOSED)
    a_rule(script, RuleEvent.NO_ACTIVITY, closed, waiting, minutes=60)
    old = idle(an_open_case(campaign, status=waiting), minutes=61)
    fresh = idle(an_open_case(campaign, status=waiting), minutes=59)
    elsewhere = idle(an_open_case(campaign), days=9)
    move_idle_cases()
    db.session.expire_all()
    assert (old.status, fresh.status, elsewhere.status.is_initial) == (closed, waiting, True)
    version = old.version
    move_idle_cases()
    db.session.expire_all()
    assert old.version == version


def test_from_any_status_means_no_ended_case_and_none_that_has_its_own_time(campaign):
    script = campaign.script
    dated = a_status(script, StatusKind.PUBLIC_CALLBACK, date_mode=DateMode.RELATIVE, relative_minutes=5000)
    waiting, closed = a_status(script, StatusKind.WAITING), a_status(script, StatusKind.CLOSED)
    cases = [idle(an_open_case(campaign, status=each), days=9) for each in (dated, closed, script.statuses[0])]
    a_rule(script, RuleEvent.NO_ACTIVITY, waiting, minutes=60)
    move_idle_cases()
    db.session.expire_all()
    assert [case.status for case in cases] == [dated, closed, waiting]


def test_batches_go_on_behind_what_is_left_and_archived_campaigns_rest(campaign, monkeypatch):
    script = campaign.script
    waiting, closed = a_status(script, StatusKind.WAITING), a_status(script, StatusKind.CLOSED)
    a_rule(script, RuleEvent.NO_ACTIVITY, closed, waiting, minutes=60)
    other = a_campaign(script=script)
    resting = idle(an_open_case(other, status=waiting), days=3)
    other.state = CampaignState.ARCHIVED
    cases = [idle(an_open_case(campaign, status=waiting), hours=2 + number) for number in range(5)]
    monkeypatch.setattr("app.jobs.cases._MOVED_AT_ONCE", 2)
    monkeypatch.setattr("app.jobs.cases._MOST_MOVED", 4)
    move_idle_cases()
    db.session.expire_all()
    assert [case.status for case in cases] == [waiting, closed, closed, closed, closed]
    move_idle_cases()
    db.session.expire_all()
    assert (cases[0].status, resting.status) == (closed, waiting)


def test_a_case_that_was_touched_meanwhile_stays(campaign):
    script = campaign.script
    waiting = a_status(script, StatusKind.WAITING)
    a_rule(script, RuleEvent.NO_ACTIVITY, a_status(script, StatusKind.CLOSED), waiting, minutes=60)
    case = idle(an_open_case(campaign, status=waiting), hours=2)
    [place] = ruled.idle_places()
    found = ruled.idle_cases(place, 10)
    assert [each.case_id for each in found] == [case.id]
    db.session.get(Case, case.id).touched_at = clock.now()
    db.session.flush()
    assert ruled.move_idle(place, found) == 0
