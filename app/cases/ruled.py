"""What the rules of a script do with cases: when somebody takes one, when a postponement ends, when nothing happens.

A rule changes the status in the transaction of its event, or by a sweep that is safe to repeat; the actor is the
system. No event follows from a status that was set, so one event moves a case once at most.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import func

from app.cases.changes import hold, hold_many
from app.cases.events import CaseSaved, OwnerChanged
from app.cases.status import change_status
from app.core import clock
from app.core.db import session
from app.core.errors import SplotError
from app.models import Campaign, Case, Script, Status, StatusRule
from app.models.campaigns import CampaignState
from app.models.scripts import RuleEvent
from app.scripts.editing import the_status
from app.scripts.flow import Statuses, past_dates, returns_to, rule_for, sources_of
from app.scripts.ruling import rule_facts
from app.scripts.statuses import facts_by_id

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IdlePlace:
    """Where cases stand that nobody has touched for as long as a rule says."""

    rule_id: int
    campaign_id: int
    status_id: int
    before: datetime
    """They were touched then at the latest."""


@dataclass(frozen=True)
class Idle:
    """One of them."""

    touched_at: datetime
    case_id: int


def owner_changed(event: OwnerChanged) -> None:
    """Reaction inside the transaction: an agent who takes a case that nobody owned sets off the rules of *taken*."""
    if event.former_owner_id is None and event.owner_id is not None and event.owner_id == event.actor_id:
        _follow(session.get_one(Case, event.case_id), RuleEvent.TAKEN)


def case_saved(event: CaseSaved) -> None:
    """The same where the card saved the owner; a status that was saved with it stays."""
    if "owner" not in event.fields or "status" in event.fields or event.former_owner_id is not None:
        return
    case = session.get_one(Case, event.case_id)
    if case.owner_id is not None and case.owner_id == event.actor_id:
        _follow(case, RuleEvent.TAKEN)


def after_postponement(case: Case) -> Status | None:
    """Where a case goes whose postponement is over: where a rule leads, else the usual place; None when nowhere."""
    script = case.campaign.script
    statuses = facts_by_id(script)
    target = _target(script, RuleEvent.POSTPONEMENT_OVER, case.status_id, statuses) or returns_to(statuses)
    return the_status(script, target) if target else None


def idle_places() -> list[IdlePlace]:
    """Every place where a rule for idle cases has something to do now; one short look for each status of a campaign."""
    places = []
    rules = select(StatusRule).where(StatusRule.event == RuleEvent.NO_ACTIVITY).order_by(StatusRule.script_id)
    for rule in session.scalars(rules.order_by(StatusRule.position, StatusRule.id)).all():
        facts = next(each for each in rule_facts(rule.script) if each.id == rule.id)
        statuses = facts_by_id(rule.script)
        if facts.to_id in past_dates(statuses, clock.now()):
            continue
        before = clock.now() - timedelta(minutes=facts.minutes or 0)
        for campaign_id, status_id in _with_idle(rule.script_id, sorted(sources_of(facts, statuses)), before):
            places.append(IdlePlace(rule.id, campaign_id, status_id, before))
    return places


def idle_cases(place: IdlePlace, limit: int, *, after: Idle | None = None) -> list[Idle]:
    """The cases there, the longest untouched first; those behind `after`."""
    rows = select(Case.touched_at, Case.id).where(
        Case.campaign_id == place.campaign_id, Case.status_id == place.status_id, Case.touched_at <= place.before
    )
    if after is not None:
        rows = rows.where(tuple_(Case.touched_at, Case.id) > (after.touched_at, after.case_id))
    return [Idle(*row) for row in session.execute(rows.order_by(Case.touched_at, Case.id).limit(limit))]


def move_idle(place: IdlePlace, cases: Sequence[Idle]) -> int:
    """Move those that are idle still, as the rule says now; how many were moved."""
    rule = session.get(StatusRule, place.rule_id)
    if rule is None:
        return 0
    script = rule.script
    statuses, rules = facts_by_id(script), rule_facts(script)
    facts = next((each for each in rules if each.id == rule.id), None)
    moved = 0
    for case in hold_many([each.case_id for each in cases]).values():
        # Since the sweep looked, somebody may have touched the case, or the rule.
        if facts is None or case.status_id not in sources_of(facts, statuses) or case.touched_at > place.before:
            continue
        moved += _set(case, the_status(script, facts.to_id))
    return moved


def _follow(case: Case, event: RuleEvent) -> None:
    script = case.campaign.script
    target = _target(script, event, case.status_id, facts_by_id(script)) if script.rules else None
    if target is not None:
        hold(case)
        _set(case, the_status(script, target))


def _target(script: Script, event: RuleEvent, status_id: int, statuses: Statuses) -> int | None:
    """Where the first rule leads that could be followed now."""
    past = past_dates(statuses, clock.now())
    rules = [rule for rule in rule_facts(script) if rule.to_id not in past]
    rule = rule_for(event, status_id, rules, statuses)
    return rule.to_id if rule else None


def _set(case: Case, status: Status) -> bool:
    """Set it. A rule that cannot be followed holds up nothing: the case stays where it is."""
    try:
        return change_status(case, status, actor=None).changed
    except SplotError as error:
        log.warning("case %s: a rule could not set status %s: %s", case.id, status.id, error)
        return False


def _with_idle(script_id: int, status_ids: Sequence[int], before: datetime) -> list[tuple[int, int]]:
    """Campaigns and statuses that have a case untouched since then."""
    places = (
        func.unnest(literal(list(status_ids), ARRAY(BigInteger))).table_valued("id", name="places").render_derived()
    )
    first = (
        select(Case.id)
        .where(Case.campaign_id == Campaign.id, Case.status_id == places.c.id, Case.touched_at <= before)
        .order_by(Case.touched_at, Case.id)
        .limit(1)
        .lateral()
    )
    rows = (
        select(Campaign.id, places.c.id)
        .select_from(Campaign)
        .join(places, true())
        .join(first, true())
        .where(Campaign.script_id == script_id, Campaign.state != CampaignState.ARCHIVED)
        .order_by(Campaign.id, places.c.id)
    )
    return [(row[0], row[1]) for row in session.execute(rows)]
