"""Rules of a status change. Pure: facts in, a decision or a refusal out; no query, no clock.

Times follow the telephone habit: an agent agrees on a local time with a person. A time that the clocks skip in
spring is moved forward by what they skip; of two equal ones in autumn the first is meant, unless the second was
chosen (`fold=1`, PEP 495).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.models.callbacks import CallbackKind
from app.models.scripts import DateMode, StatusKind
from app.scripts.kinds import KINDS, Kind

FARTHEST = timedelta(days=5 * 366)
"""No promise is made for later than that: it is a slip of the calendar."""


@dataclass(frozen=True)
class When:
    """A local time that somebody chose, and which of two equal ones (0 or 1) when the clocks go back."""

    local: datetime
    zone: str
    fold: int = 0


@dataclass(frozen=True, kw_only=True)
class StatusFacts:
    """What the rules know of a status."""

    id: int
    script_id: int
    kind: StatusKind
    is_initial: bool = False
    is_hidden: bool = False
    """Itself or its parent is hidden."""
    has_substatuses: bool = False
    """Visible ones: then one of them must be chosen instead."""
    limit_minutes: int | None = None
    date_mode: DateMode | None = None
    relative_minutes: int | None = None
    absolute_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """A change that somebody asks for."""

    script_id: int
    """The script of the case's campaign."""
    current: StatusFacts | None
    """None for a case that is being opened."""
    target: StatusFacts
    owner_id: int | None
    zone: str
    """Where the promise is kept when the status sets the time by itself."""
    when: When | None = None
    grid_minutes: int = 0
    in_bulk: bool = False
    by_people: bool = True


class Refusal(StrEnum):
    """Why a change may not be."""

    OTHER_SCRIPT = "other_script"
    HIDDEN = "hidden"
    CHOOSE_SUBSTATUS = "choose_substatus"
    MERGED = "merged"
    NOT_BY_PEOPLE = "not_by_people"
    NOT_IN_BULK = "not_in_bulk"
    NEEDS_OWNER = "needs_owner"
    NEEDS_DATE = "needs_date"
    DATE_NOT_TAKEN = "date_not_taken"
    UNKNOWN_ZONE = "unknown_zone"
    PAST = "past"
    TOO_FAR = "too_far"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A callback to be written: the local time as agreed (what the clocks really show), and the moment."""

    kind: CallbackKind
    local: datetime
    zone: str
    fold: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What setting the status does to the case."""

    is_current: bool
    ends: bool
    due_at: datetime | None
    promise: Promise | None
    clears_answers: bool


@dataclass(frozen=True)
class LocalMoment:
    """A moment with what the clocks of its zone show then."""

    local: datetime
    fold: int
    utc: datetime


def decide(change: StatusChange, now: datetime) -> Decision | Refusal:
    """May this change be, and what does it do? `now` is aware."""
    kind = KINDS[change.target.kind]
    refusal = _refusal(change, kind)
    if refusal:
        return refusal
    if not kind.dated:
        limit = change.target.limit_minutes
        due_at = now + timedelta(minutes=limit) if limit and not kind.ends else None
        return _decision(change, kind, due_at=due_at, promise=None)
    moment = _chosen_moment(change, now)
    if isinstance(moment, Refusal):
        return moment
    if kind.rounds_to_grid:
        moment = local_moment(next_grid_point(moment.utc, change.grid_minutes, _zone_of(change)), _zone_of(change))
    promise = None
    if kind.callback:
        promise = Promise(
            kind=kind.callback, local=moment.local, zone=_zone_of(change), fold=moment.fold, due_at=moment.utc
        )
    return _decision(change, kind, due_at=moment.utc, promise=promise)


def resolve(when: When) -> LocalMoment:
    """The moment of a local time; one that the clocks skip is moved forward by what they skip.

    Raises ZoneInfoNotFoundError or ValueError for a zone that does not exist.
    """
    zone = ZoneInfo(when.zone)
    aware = when.local.replace(tzinfo=zone, fold=when.fold)
    # In a gap fold=1 means the offset after it, which moves a time back: forward is what people expect.
    shown = aware.astimezone(UTC).astimezone(zone)
    if shown.replace(tzinfo=None) != when.local:
        aware = when.local.replace(tzinfo=zone, fold=0)
    return local_moment(aware.astimezone(UTC), when.zone)


def local_moment(moment: datetime, zone: str) -> LocalMoment:
    """What the clocks of `zone` show at an aware moment."""
    shown = moment.astimezone(ZoneInfo(zone))
    return LocalMoment(shown.replace(tzinfo=None, fold=0), shown.fold, moment.astimezone(UTC))


def next_grid_point(moment: datetime, minutes: int, zone: str) -> datetime:
    """The first point strictly after `moment` of a grid of so many minutes on the clocks of `zone`; 0 = no grid.

    `minutes` divides an hour, so the grid stays the same when the clocks change by an hour.
    """
    if minutes <= 0:
        return moment
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    step = timedelta(minutes=minutes)
    shown = moment.astimezone(UTC).replace(tzinfo=None) + offset
    midnight = shown.replace(hour=0, minute=0, second=0, microsecond=0)
    point = midnight + (((shown - midnight) // step) + 1) * step
    return (point - offset).replace(tzinfo=UTC)


def takes_a_date(status: StatusFacts) -> bool:
    """Whoever sets the status chooses its time."""
    return KINDS[status.kind].dated and (status.date_mode or DateMode.AGENT) is DateMode.AGENT


def clears_answers(status: StatusFacts) -> bool:
    """A bulk change to this status clears the answers of its cases."""
    return status.is_initial or KINDS[status.kind].clears_answers


def _refusal(change: StatusChange, kind: Kind) -> Refusal | None:
    target = change.target
    checks = (
        (target.script_id != change.script_id, Refusal.OTHER_SCRIPT),
        (change.current is not None and change.current.kind is StatusKind.MERGED, Refusal.MERGED),
        (target.is_hidden, Refusal.HIDDEN),
        (target.has_substatuses, Refusal.CHOOSE_SUBSTATUS),
        (change.by_people and not kind.set_by_people, Refusal.NOT_BY_PEOPLE),
        (change.in_bulk and not kind.allowed_in_bulk, Refusal.NOT_IN_BULK),
        (kind.needs_owner and change.owner_id is None, Refusal.NEEDS_OWNER),
        (change.when is not None and not takes_a_date(target), Refusal.DATE_NOT_TAKEN),
    )
    return next((refusal for applies, refusal in checks if applies), None)


def _chosen_moment(change: StatusChange, now: datetime) -> LocalMoment | Refusal:
    target = change.target
    try:
        if target.date_mode is DateMode.RELATIVE:
            moment = local_moment(now + timedelta(minutes=target.relative_minutes or 0), change.zone)
        elif target.date_mode is DateMode.ABSOLUTE:
            if target.absolute_at is None:
                return Refusal.NEEDS_DATE
            moment = local_moment(target.absolute_at, change.zone)
        elif change.when is None:
            return Refusal.NEEDS_DATE
        else:
            moment = resolve(change.when)
    except (ZoneInfoNotFoundError, ValueError):
        return Refusal.UNKNOWN_ZONE
    except OverflowError:
        return Refusal.TOO_FAR
    if moment.utc <= now:
        return Refusal.PAST
    return moment if moment.utc <= now + FARTHEST else Refusal.TOO_FAR


def _zone_of(change: StatusChange) -> str:
    return change.when.zone if change.when else change.zone


def _decision(change: StatusChange, kind: Kind, *, due_at: datetime | None, promise: Promise | None) -> Decision:
    return Decision(
        is_current=kind.is_current,
        ends=kind.ends,
        due_at=due_at,
        promise=promise,
        clears_answers=change.in_bulk and clears_answers(change.target),
    )
