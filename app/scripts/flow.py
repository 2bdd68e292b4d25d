"""Where a script leads: what its rules, its buttons and its agents do with a case, and where nothing does. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.models.scripts import DateMode, RuleEvent, StatusKind
from app.scripts.events import EVENTS
from app.scripts.kinds import KINDS
from app.scripts.rules import StatusFacts, takes_a_date

Statuses = Mapping[int, StatusFacts]
"""The statuses of a script by id, in its order."""


@dataclass(frozen=True, kw_only=True)
class RuleFacts:
    """What is known of a rule; `id` 0 = one that is not stored yet."""

    id: int = 0
    event: RuleEvent
    to_id: int
    from_any: bool = False
    sources: frozenset[int] = frozenset()
    minutes: int | None = None


class RuleFault(StrEnum):
    """Why a rule may not be."""

    NOT_OFFERED = "not_offered"
    MINUTES = "minutes"
    NO_SOURCE = "no_source"
    SOURCE_UNFIT = "source_unfit"
    TO_ITSELF = "to_itself"
    TARGET_GONE = "target_gone"
    TARGET_HIDDEN = "target_hidden"
    TARGET_HAS_SUBSTATUSES = "target_has_substatuses"
    TARGET_BY_SYSTEM = "target_by_system"
    TARGET_NEEDS_DATE = "target_needs_date"
    TARGET_NEEDS_OWNER = "target_needs_owner"
    LOOP = "loop"


class WayKind(StrEnum):
    """What leads from a status to another."""

    CHOICE = "choice"
    BUTTON = "button"
    EVENT = "event"
    RETURN = "return"
    """A postponement that is over, where no rule says where to."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One step that a case can make."""

    source: int
    target: int
    kind: WayKind
    rule: RuleFacts | None = None
    button: str = ""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A script as it leads cases."""

    ways: tuple[Way, ...]
    dead_ends: tuple[int, ...]
    """Statuses that end nothing, where it is nobody's turn, and that no event leads on from."""
    unreachable: tuple[int, ...]
    """Statuses that are shown and that nothing and nobody can set."""


def flow_of(
    statuses: Statuses, rules: Iterable[RuleFacts], buttons: Mapping[int, str], *, past: Collection[int]
) -> Flow:
    """Where the script leads. `buttons`: titles by the status that they set; `past`: statuses whose date is over.

    An agent may choose any status wherever it is an agent's turn; those ways go without saying in `ways`, but for the
    ones from where cases are worked on.
    """
    rules = list(rules)
    ways = [*_event_ways(statuses, rules), *_choices(statuses, buttons, past)]
    left = {way.source for way in ways if way.rule is None or not EVENTS[way.rule.event].by_agent}
    choosable = {each.id for each in statuses.values() if _choosable(each, past)}
    reached = choosable | {way.target for way in ways} | {each.id for each in statuses.values() if each.is_initial}
    return Flow(
        ways=tuple(ways),
        dead_ends=tuple(
            each.id for each in statuses.values() if KINDS[each.kind].waits and each.id not in left and _stands(each)
        ),
        unreachable=tuple(
            each.id for each in statuses.values() if not each.is_hidden and _stands(each) and each.id not in reached
        ),
    )


def fault_of(rule: RuleFacts, statuses: Statuses, others: Iterable[RuleFacts] = ()) -> RuleFault | None:
    """Why this rule may not stand beside the others; None when it may."""
    event, target = EVENTS[rule.event], statuses.get(rule.to_id)
    if not event.is_offered:
        return RuleFault.NOT_OFFERED
    if event.takes_minutes is not bool(rule.minutes):
        return RuleFault.MINUTES
    if target is None:
        return RuleFault.TARGET_GONE
    return _fault_of_target(rule, target) or _fault_of_sources(rule, statuses) or _loop(rule, statuses, others)


def first_fault(statuses: Statuses, rules: Iterable[RuleFacts]) -> tuple[RuleFacts, RuleFault] | None:
    """The first rule that may not be, and why."""
    rules = list(rules)
    for rule in rules:
        if fault := fault_of(rule, statuses, [other for other in rules if other is not rule]):
            return rule, fault
    return None


def sources_of(rule: RuleFacts, statuses: Statuses) -> frozenset[int]:
    """The statuses that the rule leads from; it never leads to where a case stands already."""
    if not rule.from_any:
        return rule.sources - {rule.to_id}
    event = EVENTS[rule.event]
    return frozenset(each.id for each in statuses.values() if event.leaves_any(each.kind)) - {rule.to_id}


def rule_for(event: RuleEvent, status_id: int, rules: Iterable[RuleFacts], statuses: Statuses) -> RuleFacts | None:
    """The first rule that moves a case out of the status when the event happens."""
    return next((rule for rule in rules if rule.event is event and status_id in sources_of(rule, statuses)), None)


def returns_to(statuses: Statuses) -> int | None:
    """Where a case goes whose postponement is over, unless a rule says otherwise; None when nowhere.

    That is the first status of the kind *new*, else the initial one; not another postponement.
    """
    fresh = (each for each in statuses.values() if each.kind is StatusKind.NEW and _stands(each) and not each.is_hidden)
    back = next(fresh, None) or next((each for each in statuses.values() if each.is_initial), None)
    return back.id if back and not KINDS[back.kind].rounds_to_grid else None


def past_dates(statuses: Statuses, now: datetime) -> frozenset[int]:
    """Statuses with a given date that is over: nobody can set them any more."""
    return frozenset(
        each.id
        for each in statuses.values()
        if KINDS[each.kind].dated
        and each.date_mode is DateMode.ABSOLUTE
        and (each.absolute_at is None or each.absolute_at <= now)
    )


def _event_ways(statuses: Statuses, rules: list[RuleFacts]) -> Iterator[Way]:
    for rule in rules:
        for source in sorted(sources_of(rule, statuses)):
            yield Way(source=source, target=rule.to_id, kind=WayKind.EVENT, rule=rule)
    back = returns_to(statuses)
    for each in statuses.values():
        ruled = rule_for(RuleEvent.POSTPONEMENT_OVER, each.id, rules, statuses)
        if each.kind is StatusKind.POSTPONED and back and not ruled:
            yield Way(source=each.id, target=back, kind=WayKind.RETURN)


def _choices(statuses: Statuses, buttons: Mapping[int, str], past: Collection[int]) -> Iterator[Way]:
    """From where cases are worked on to wherever an agent may put them, and from the initial status to there."""
    shown = [each for each in statuses.values() if not each.is_hidden and _stands(each)]
    places = [each.id for each in shown if each.kind is StatusKind.IN_PROGRESS]
    initial = next((each.id for each in shown if each.is_initial), None)
    if initial is not None and places and initial not in places:
        yield Way(source=initial, target=places[0], kind=WayKind.CHOICE)
    for source in places[:1] or ([initial] if initial is not None else []):
        for each in shown:
            if each.id in {source, initial} or not _choosable(each, past):
                continue
            title = buttons.get(each.id, "")
            kind = WayKind.BUTTON if title else WayKind.CHOICE
            yield Way(source=source, target=each.id, kind=kind, button=title)


def _choosable(status: StatusFacts, past: Collection[int]) -> bool:
    by_people = KINDS[status.kind].set_by_people
    return by_people and not status.is_hidden and _stands(status) and status.id not in past


def _stands(status: StatusFacts) -> bool:
    """Cases stand in it, and not in its substatuses."""
    return not status.has_substatuses


def _fault_of_target(rule: RuleFacts, target: StatusFacts) -> RuleFault | None:
    kind = KINDS[target.kind]
    checks = (
        (target.is_hidden, RuleFault.TARGET_HIDDEN),
        (target.has_substatuses, RuleFault.TARGET_HAS_SUBSTATUSES),
        (not kind.set_by_people, RuleFault.TARGET_BY_SYSTEM),
        (takes_a_date(target), RuleFault.TARGET_NEEDS_DATE),
        (kind.needs_owner and not EVENTS[rule.event].by_agent, RuleFault.TARGET_NEEDS_OWNER),
    )
    return next((fault for applies, fault in checks if applies), None)


def _fault_of_sources(rule: RuleFacts, statuses: Statuses) -> RuleFault | None:
    if rule.from_any:
        return None if sources_of(rule, statuses) else RuleFault.NO_SOURCE
    if not rule.sources or not rule.sources <= statuses.keys():
        return RuleFault.NO_SOURCE
    if rule.to_id in rule.sources:
        return RuleFault.TO_ITSELF
    event = EVENTS[rule.event]
    fits = all(event.may_leave(statuses[source].kind) for source in rule.sources)
    return None if fits else RuleFault.SOURCE_UNFIT


def _loop(rule: RuleFacts, statuses: Statuses, others: Iterable[RuleFacts]) -> RuleFault | None:
    """A case that nobody touches must come to rest: what happens by itself must not lead back to where it began."""
    if not EVENTS[rule.event].by_itself:
        return None
    alone = [each for each in (*others, rule) if EVENTS[each.event].by_itself]
    onward: dict[int, set[int]] = {}
    for way in _event_ways(statuses, alone):
        onward.setdefault(way.source, set()).add(way.target)
    seen: set[int] = set()
    waiting = [rule.to_id]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += onward.get(here, ())
    return RuleFault.LOOP if seen & sources_of(rule, statuses) else None
