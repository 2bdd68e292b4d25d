"""The rules of a script: which event moves a case from where to where. No rule ever leads to what no case can be in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core import clock
from app.core.db import session
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Script, Status, StatusRule
from app.models.scripts import RuleEvent
from app.scripts.changing import hold_script, note_change
from app.scripts.events import EVENTS
from app.scripts.flow import RuleFacts, RuleFault, Statuses, fault_of, first_fault
from app.scripts.statuses import facts_by_id
from app.scripts.values import check_minutes

MOST_RULES = 100
"""For one script; each is looked at whenever its event happens."""

_MINUTES = "minutes"
_FAULTS: Mapping[RuleFault, tuple[str, Callable[[str], Any]]] = {
    RuleFault.NOT_OFFERED: ("event", lambda _: _l("Nothing makes this event happen yet.")),
    RuleFault.MINUTES: (_MINUTES, lambda _: _l("Say after how many minutes.")),
    RuleFault.NO_SOURCE: ("from_ids", lambda _: _l("Say from which statuses the rule leads.")),
    RuleFault.SOURCE_UNFIT: (
        "from_ids",
        lambda _: _l("The end of a postponement leads on from postponed cases alone, and no other event does."),
    ),
    RuleFault.TO_ITSELF: ("from_ids", lambda name: _l("The rule leads from “%(status)s” to itself.", status=name)),
    RuleFault.TARGET_GONE: ("to_id", lambda _: _l("The script has no such status.")),
    RuleFault.TARGET_HIDDEN: ("to_id", lambda name: _l("“%(status)s” is hidden.", status=name)),
    RuleFault.TARGET_HAS_SUBSTATUSES: (
        "to_id",
        lambda name: _l("“%(status)s” has substatuses: lead to one of them.", status=name),
    ),
    RuleFault.TARGET_BY_SYSTEM: ("to_id", lambda name: _l("“%(status)s” is not set by rules.", status=name)),
    RuleFault.TARGET_NEEDS_DATE: (
        "to_id",
        lambda name: _l("Nobody is there to choose the time of “%(status)s”: let the status set it.", status=name),
    ),
    RuleFault.TARGET_NEEDS_OWNER: (
        "to_id",
        lambda name: _l("“%(status)s” is a promise of the case's owner, and there may be none.", status=name),
    ),
    RuleFault.LOOP: (
        "to_id",
        lambda name: _l("From “%(status)s” cases would come back here by themselves, again and again.", status=name),
    ),
}
"""By fault: the value that it is about, and what to say of the target of the rule."""


@dataclass(frozen=True, kw_only=True)
class RuleValues:
    """What a manager sets for a rule."""

    event: RuleEvent
    to_id: int
    from_any: bool = False
    from_ids: tuple[int, ...] = ()
    minutes: int | None = None


def add_rule(script: Script, values: RuleValues, *, expected_version: int, actor: AppUser | None) -> StatusRule:
    """A new rule, behind the others. Invalid where it cannot be."""
    hold_script(script, expected_version)
    if len(script.rules) >= MOST_RULES:
        raise Refused(_l("A script has %(most)s rules at most.", most=MOST_RULES))
    _check(script, values)
    rule = StatusRule(
        script_id=script.id,
        position=1 + max((each.position for each in script.rules), default=-1),
        created_at=clock.now(),
        **_columns(script, values),
    )
    session.add(rule)
    session.flush()
    session.expire(script, ["rules"])
    note_change(script, "add_rule", {}, _recorded(rule), actor, rule=rule.id)
    return rule


def change_rule(rule: StatusRule, values: RuleValues, *, expected_version: int, actor: AppUser | None) -> None:
    """Everything that a manager sets for a rule, at once. Invalid where it cannot be."""
    script = rule.script
    hold_script(script, expected_version)
    _check(script, values, but=rule.id)
    before = _recorded(rule)
    for key, value in _columns(script, values).items():
        setattr(rule, key, value)
    session.flush()
    session.expire(rule, ["to"])
    note_change(script, "change_rule", before, _recorded(rule), actor, rule=rule.id)


def remove_rule(rule: StatusRule, *, expected_version: int, actor: AppUser | None) -> None:
    """Take the rule away. Cases stay where it put them; what it said is in the history."""
    script = rule.script
    hold_script(script, expected_version)
    rest = [_facts(each) for each in script.rules if each.id != rule.id]
    # Without it a postponement ends as usual, which may close a circle with other rules.
    refuse_lost(script, facts_by_id(script), rest)
    before = _recorded(rule)
    rule_id = rule.id
    session.delete(rule)
    session.flush()
    session.expire(script, ["rules"])
    note_change(script, "remove_rule", before, {}, actor, rule=rule_id)


def reorder_rules(script: Script, ids: Sequence[int], *, expected_version: int, actor: AppUser | None) -> None:
    """Put the rules in this order; of several that fit a case the first is taken."""
    hold_script(script, expected_version)
    rows = {rule.id: rule for rule in script.rules}
    if sorted(ids) != sorted(rows):
        raise Conflict(_l("The list of rules has changed meanwhile. Look at it again, then order it."))
    before = {"order": [rule.id for rule in script.rules]}
    for place, rule_id in enumerate(ids):
        rows[rule_id].position = place
    note_change(script, "reorder_rules", before, {"order": list(ids)}, actor)
    session.expire(script, ["rules"])


def lead_elsewhere(script: Script, gone: Status, to: Status, statuses: Statuses, *, actor: AppUser | None) -> None:
    """Rules that lead to `gone`, or to a substatus of it, lead to `to` from now. The script is held."""
    lost = {gone.id, *(each.id for each in script.statuses if each.parent_id == gone.id)}
    moved = [rule for rule in script.rules if rule.to_id in lost]
    refuse_lost(
        script,
        statuses,
        [replace(_facts(rule), to_id=to.id) if rule in moved else _facts(rule) for rule in script.rules],
    )
    for rule in moved:
        before = _recorded(rule)
        rule.to_id = to.id
        session.flush()
        session.expire(rule, ["to"])
        note_change(script, "change_rule", before, _recorded(rule), actor, rule=rule.id)


def refuse_lost(script: Script, statuses: Statuses, rules: Iterable[RuleFacts] | None = None) -> None:
    """Refuse a change after which the statuses are these, when a rule could not be any more."""
    found = first_fault(statuses, rule_facts(script) if rules is None else rules)
    if found is None:
        return
    rule, fault = found
    raise Refused(
        _l(
            "A rule stands against it: “%(event)s” leads to “%(status)s”. %(why)s",
            event=EVENTS[rule.event].title,
            status=_name(script, rule.to_id),
            why=_FAULTS[fault][1](_name(script, rule.to_id)),
        ),
        rule=rule.id,
        fault=fault.value,
    )


def rule_facts(script: Script) -> list[RuleFacts]:
    """The script's rules in their order, for `flow`."""
    return [_facts(rule) for rule in script.rules]


def the_rule(script: Script, rule_id: int) -> StatusRule:
    """The script's rule with that id, or NotFound."""
    for rule in script.rules:
        if rule.id == rule_id:
            return rule
    raise NotFound(_l("The script has no such rule. Somebody may have removed it."))


def values_of_rule(rule: StatusRule) -> RuleValues:
    """What is set for the rule now."""
    return RuleValues(
        event=rule.event,
        to_id=rule.to_id,
        from_any=rule.from_any,
        from_ids=tuple(status.id for status in rule.sources),
        minutes=rule.conditions.get(_MINUTES),
    )


def _check(script: Script, values: RuleValues, *, but: int = 0) -> None:
    check_minutes(_MINUTES, values.minutes)
    others = [_facts(rule) for rule in script.rules if rule.id != but]
    wanted = RuleFacts(
        id=but,
        event=values.event,
        to_id=values.to_id,
        from_any=values.from_any,
        sources=frozenset() if values.from_any else frozenset(values.from_ids),
        minutes=values.minutes,
    )
    statuses = facts_by_id(script)
    if fault := fault_of(wanted, statuses, others):
        key, say = _FAULTS[fault]
        message = say(_name(script, values.to_id))
        raise Invalid(message, {key: [message]}, fault=fault.value)
    # It may take a case away from under another rule that kept it from going round.
    refuse_lost(script, statuses, [*others, wanted])


def _columns(script: Script, values: RuleValues) -> dict[str, Any]:
    rows = {status.id: status for status in script.statuses}
    return {
        "event": values.event,
        "to_id": values.to_id,
        "from_any": values.from_any,
        "sources": [] if values.from_any else [rows[each] for each in dict.fromkeys(values.from_ids)],
        "conditions": {_MINUTES: values.minutes} if values.minutes else {},
    }


def _facts(rule: StatusRule) -> RuleFacts:
    values = values_of_rule(rule)
    return RuleFacts(
        id=rule.id,
        event=values.event,
        to_id=values.to_id,
        from_any=values.from_any,
        sources=frozenset(values.from_ids),
        minutes=values.minutes,
    )


def _recorded(rule: StatusRule) -> dict[str, Any]:
    values = values_of_rule(rule)
    return {
        "event": values.event.value,
        "from": "any" if values.from_any else list(values.from_ids),
        "to": values.to_id,
        _MINUTES: values.minutes,
    }


def _name(script: Script, status_id: int) -> str:
    return next((status.name for status in script.statuses if status.id == status_id), "–")
