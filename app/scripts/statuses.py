"""Statuses as the rules and the card need them: facts of a row, and what may be chosen for a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.models import Script, Status
from app.models.scripts import DateMode
from app.scripts.kinds import KINDS, Kind
from app.scripts.rules import StatusFacts, takes_a_date


@dataclass(frozen=True, kw_only=True)
class StatusChoice:
    """A status that people may choose, with what it asks for."""

    id: int
    name: str
    kind: Kind
    look: str
    """How it is drawn, see `Status.look`."""
    parent_id: int | None
    parent_name: str | None
    takes_date: bool
    """The agent chooses the time; else the status sets it (or has none)."""
    relative_minutes: int | None
    absolute_at: datetime | None
    is_initial: bool


def facts_of(status: Status) -> StatusFacts:
    """What the rules know of a status."""
    siblings = status.script.statuses
    parent = next((each for each in siblings if each.id == status.parent_id), None)
    return StatusFacts(
        id=status.id,
        script_id=status.script_id,
        kind=status.kind,
        is_initial=status.is_initial,
        is_hidden=status.is_hidden or (parent is not None and parent.is_hidden),
        has_substatuses=any(each.parent_id == status.id and not each.is_hidden for each in siblings),
        limit_minutes=status.limit_minutes,
        date_mode=status.date_mode,
        relative_minutes=status.relative_minutes,
        absolute_at=status.absolute_at,
    )


def facts_by_id(script: Script) -> dict[int, StatusFacts]:
    """What the rules know of all statuses of a script, in its order."""
    return {status.id: facts_of(status) for status in in_order(script.statuses)}


def status_choices(script: Script, *, in_bulk: bool = False) -> list[StatusChoice]:
    """The statuses that people may set, in the script's order, substatuses behind their parent."""
    parents = {status.id: status for status in script.statuses}
    choices = []
    for status in in_order(script.statuses):
        facts, kind = facts_of(status), KINDS[status.kind]
        if facts.is_hidden or facts.has_substatuses or not kind.set_by_people or (in_bulk and not kind.allowed_in_bulk):
            continue
        parent = parents[status.parent_id] if status.parent_id is not None else None
        choices.append(
            StatusChoice(
                id=status.id,
                name=status.name,
                kind=kind,
                look=status.look,
                parent_id=status.parent_id,
                parent_name=parent.name if parent else None,
                takes_date=takes_a_date(facts),
                relative_minutes=status.relative_minutes if status.date_mode is DateMode.RELATIVE else None,
                absolute_at=status.absolute_at if status.date_mode is DateMode.ABSOLUTE else None,
                is_initial=status.is_initial,
            )
        )
    return choices


def in_order(statuses: Iterable[Status]) -> list[Status]:
    """By position, substatuses behind their parent."""
    rows = sorted(statuses, key=lambda status: (status.position, status.id))
    return [
        each
        for top in rows
        if top.parent_id is None
        for each in (top, *(status for status in rows if status.parent_id == top.id))
    ]


def initial_status(script: Script) -> Status:
    """The status of a case that is opened in this script; every script has exactly one."""
    return next(status for status in script.statuses if status.is_initial)
