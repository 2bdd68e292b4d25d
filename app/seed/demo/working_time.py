"""When people of the demo work: Monday to Friday, 8:00 to 18:00 in Warsaw. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.core.i18n import DEFAULT_TIME_ZONE

HOME = ZoneInfo(DEFAULT_TIME_ZONE)
BEGINS, ENDS = time(8), time(18)
_SATURDAY = 5
_EVENING = time(20)
_HALF_AN_HOUR = timedelta(minutes=30)


def is_workday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < _SATURDAY


def moment_on(day: date, at: time) -> datetime:
    """That local time, in UTC."""
    return datetime.combine(day, at, HOME).astimezone(UTC)


def workday_at_or_before(day: date) -> date:
    """The day itself, or the Friday before."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def later(moment: datetime, minutes: int) -> datetime:
    """`minutes` of working time after the moment."""
    local = _into_hours(moment.astimezone(HOME))
    left = timedelta(minutes=minutes)
    while (room := _end_of(local) - local) <= left:
        left -= room
        local = _into_hours(_end_of(local) + timedelta(minutes=1))
    return (local + left).astimezone(UTC)


def any_working_time(day: date, rng: Random) -> datetime:
    """Some minute of a working day, in UTC."""
    minutes = (ENDS.hour - BEGINS.hour) * 60 - 10
    return moment_on(day, BEGINS) + timedelta(minutes=rng.randrange(minutes), seconds=rng.randrange(60))


def some_time_today(now: datetime, rng: Random, *, is_past: bool) -> datetime:
    """A moment of the local day of `now`, before or after it; by day between 8:00 and 20:00."""
    local = now.astimezone(HOME)
    midnight = datetime.combine(local.date(), time(), HOME)
    end = datetime.combine(local.date() + timedelta(days=1), time(), HOME)
    morning, evening = (datetime.combine(local.date(), at, HOME) for at in (BEGINS, _EVENING))
    if is_past:
        first, last = morning if local - morning >= _HALF_AN_HOUR else midnight, local
    else:
        first, last = local, evening if evening - local >= _HALF_AN_HOUR else end
    # The difference of moments, not of what clocks show: on two days of the year these are not the same.
    room = last.astimezone(UTC) - first.astimezone(UTC)
    return first.astimezone(UTC) + room * rng.uniform(0.05, 0.95)


def _into_hours(local: datetime) -> datetime:
    """The moment itself inside working hours, else the next beginning of work."""
    if is_workday(local.date()) and BEGINS <= local.time() < ENDS:
        return local
    day = local.date() if local.time() < BEGINS else local.date() + timedelta(days=1)
    while not is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, BEGINS, HOME)


def _end_of(local: datetime) -> datetime:
    return datetime.combine(local.date(), ENDS, HOME)
