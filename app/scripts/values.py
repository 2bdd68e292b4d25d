"""What managers may write into a script and its statuses."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from app.core import clock
from app.core.db import session
from app.core.errors import Invalid, Refused
from app.core.i18n import lazy_gettext as _l
from app.models import Script, Status
from app.models.scripts import DateMode, StatusColour, StatusKind
from app.scripts.kinds import KINDS

MOST_STATUSES = 300
"""For one script: every card of its campaigns carries them all."""
LONGEST_MINUTES = 366 * 24 * 60
_NAME, _STATUS_NAME = 160, 120


@dataclass(frozen=True, kw_only=True)
class StatusValues:
    """What a manager sets for a status besides its place."""

    name: str
    kind: StatusKind
    colour: StatusColour | None = None
    """Of a plain status alone; None is the colour of the kind."""
    limit_minutes: int | None = None
    date_mode: DateMode | None = None
    relative_minutes: int | None = None
    absolute_at: datetime | None = None


def checked(script: Script, values: StatusValues, *, status: Status | None = None) -> StatusValues:
    """The values for `status` (None: a new one), without what the kind does not use; Invalid where one is missing."""
    kind = KINDS[values.kind]
    name = free_status_name(script, values.name, but=status.id if status else None)
    if not kind.set_by_people:
        raise Invalid(_l("Statuses of this kind are set by the system."), {"kind": [_l("Choose another kind.")]})
    check_minutes("limit_minutes", values.limit_minutes)
    mode = (values.date_mode or DateMode.AGENT) if kind.dated else None
    if mode is DateMode.RELATIVE:
        _check_relative(values)
    if mode is DateMode.ABSOLUTE:
        _check_absolute(values, status)
    values = replace(
        values,
        name=name,
        colour=values.colour if values.kind is StatusKind.PLAIN else None,
        limit_minutes=None if kind.dated or kind.ends else values.limit_minutes,
        date_mode=mode,
        relative_minutes=values.relative_minutes if mode is DateMode.RELATIVE else None,
        absolute_at=values.absolute_at if mode is DateMode.ABSOLUTE else None,
    )
    if status is not None and status.is_initial:
        may_begin(values)
    return values


def may_begin(values: StatusValues) -> None:
    """Refuse a status that no new case could begin in."""
    kind = KINDS[values.kind]
    nobody_chooses = kind.dated and values.date_mode in {None, DateMode.AGENT}
    if not kind.set_by_people or kind.needs_owner or nobody_chooses:
        raise Refused(
            _l(
                "A new case has no owner and nobody who chooses a time, so it cannot begin in “%(name)s”.",
                name=values.name,
            )
        )


def check_parent(script: Script, parent: Status) -> None:
    """A substatus stands under a visible status of the same script that is not a substatus itself."""
    if parent.script_id != script.id or parent.parent_id is not None or parent.is_hidden:
        raise Invalid(_l("A substatus stands under a visible status of the same script."))
    if parent.is_initial:
        raise Refused(_l("New cases begin in “%(name)s”, so it can have no substatuses.", name=parent.name))


def free_script_name(name: str, *, but: int | None = None) -> str:
    """The name without needless spaces; Invalid when another script has it."""
    name = _words(name, _NAME)
    taken = select(Script.id).where(func.lower(Script.name) == name.lower(), Script.id != (but or 0))
    if session.scalar(taken) is not None:
        raise Invalid(_l("There is a script of this name already."), {"name": [_l("This name is taken.")]})
    return name


def free_status_name(script: Script, name: str, *, but: int | None = None) -> str:
    """The name without needless spaces; Invalid when another visible status of the script has it."""
    name = _words(name, _STATUS_NAME)
    for status in script.statuses:
        if status.id != but and not status.is_hidden and status.name.lower() == name.lower():
            raise Invalid(_l("The script has a status of this name already."), {"name": [_l("This name is taken.")]})
    return name


def _check_relative(values: StatusValues) -> None:
    if values.relative_minutes is None:
        message = _l("Say after how many minutes.")
        raise Invalid(message, {"relative_minutes": [message]})
    check_minutes("relative_minutes", values.relative_minutes)


def _check_absolute(values: StatusValues, status: Status | None) -> None:
    """A date that is set must lie ahead; one that has passed since may stay while something else is changed."""
    unchanged = status is not None and status.absolute_at is not None and status.absolute_at == values.absolute_at
    if not unchanged and (values.absolute_at is None or values.absolute_at <= clock.now()):
        message = _l("Choose a time in the future.")
        raise Invalid(message, {"absolute_at": [message]})


def check_minutes(key: str, minutes: int | None) -> None:
    """Invalid for a time that no limit and no rule may have; None is no time."""
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        message = _l("Write a number of minutes from 1 to %(limit)s.", limit=LONGEST_MINUTES)
        raise Invalid(message, {key: [message]})


def _words(name: str, longest: int) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise Invalid(_l("Give it a name."), {"name": [_l("Give it a name.")]})
    if len(name) > longest:
        message = _l("At most %(limit)s characters fit here.", limit=longest)
        raise Invalid(message, {"name": [message]})
    return name
