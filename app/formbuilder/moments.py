"""Dates and times as people write them in Polish and in English: "4.09.2026", "2026-09-04", "11:30"."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.core.errors import Invalid
from app.core.i18n import DEFAULT_TIME_ZONE
from app.core.i18n import lazy_gettext as _l
from babel import Locale

HOME = ZoneInfo(DEFAULT_TIME_ZONE)
"""Dates and times of answers are those of the centre."""
YEARS = range(1850, 2201)

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_NAMED = re.compile(r"([0-9]{1,2})\.? +([^\W\d_]+)\.? +([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?(?: *([ap])\.?m\.?)?", re.IGNORECASE)
_SAMPLE_DAY, _SAMPLE_TIME = date(2026, 9, 4), time(11, 30)
_NOON = 12


def _month_names() -> dict[str, int]:
    """Names of the months in both languages, whole and short, in the forms that dates use."""
    names = {"sept": 9}
    for language in ("pl", "en"):
        for context in Locale(language).months.values():
            for width in ("abbreviated", "wide"):
                names |= {name.casefold().rstrip("."): month for month, name in context[width].items()}
    return names


_MONTHS = _month_names()
_SHORT_MONTHS = Locale("en", "GB").months["format"]["abbreviated"]


def read_date(text: str, language: str) -> date:
    """The day that a person wrote. Invalid for anything else, and for days that no calendar has."""
    day = _date_parts(text.strip(), language)
    if day is None:
        raise Invalid(_l("Write a date, such as %(example)s.", example=write_date(_SAMPLE_DAY, language)))
    year, month, number = day
    if year not in YEARS:
        raise Invalid(_l("The year must lie between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1]))
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Invalid(_l("The calendar has no such day.")) from error


def write_date(day: date, language: str) -> str:
    """4.09.2026 in Polish; 4 Sep 2026 in English, where figures alone would be read two ways."""
    if language == "en":
        return f"{day.day} {_SHORT_MONTHS[day.month]} {day.year}"
    return f"{day.day}.{day.month:02}.{day.year}"


def read_time(text: str, language: str) -> time:
    """The time of day, to the minute."""
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        raise Invalid(_l("Write a time, such as %(example)s.", example=write_time(_SAMPLE_TIME, language)))
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half and not 1 <= hour <= _NOON:
        raise Invalid(_l("The clock has no such time."))
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise Invalid(_l("The clock has no such time.")) from error


def write_time(moment: time, language: str) -> str:  # noqa: ARG001 - both languages write 24 hours
    """11:30, in both languages."""
    return f"{moment:%H:%M}"


def read_moment(text: str, language: str) -> datetime:
    """Day and time, taken as the centre's, in UTC. A time that the clock skipped in spring is refused."""
    day, parted, clock = text.strip().replace("T", " ", 1).rpartition(" ")
    if re.fullmatch(r"[ap]\.?m\.?", clock, re.IGNORECASE):
        day, parted, hour = day.rpartition(" ")
        clock = hour + clock
    if not parted:
        raise Invalid(
            _l(
                "Write a date and a time, such as %(example)s.",
                example=f"{write_date(_SAMPLE_DAY, language)} {write_time(_SAMPLE_TIME, language)}",
            )
        )
    at = datetime.combine(read_date(day.rstrip().removesuffix(","), language), read_time(clock, language), HOME)
    moment = at.astimezone(UTC)
    if moment.astimezone(HOME).replace(tzinfo=None) != at.replace(tzinfo=None):
        raise Invalid(_l("There is no such time: the clocks went forward on that day."))
    return moment


def write_moment(moment: datetime, language: str) -> str:
    """Day and time of the centre."""
    local = moment.astimezone(HOME)
    return f"{write_date(local.date(), language)} {write_time(local.time(), language)}"


def day_begins(day: date) -> datetime:
    """Midnight of the centre, in UTC."""
    return datetime.combine(day, time(), HOME).astimezone(UTC)


def _date_parts(text: str, language: str) -> tuple[int, int, int] | None:
    """Year, month, day as written; None when it is no date."""
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(text):
        day, month = int(match[1]), int(match[3])
        if match[2] == "/" and language == "en" and day <= _NOON and month <= _NOON and day != month:
            raise Invalid(_l("Day and month cannot be told apart here: write the date as 2026-09-04."))
        return int(match[4]), month, day
    if match := _NAMED.fullmatch(text):
        month_number = _MONTHS.get(match[2].casefold())
        return (int(match[3]), month_number, int(match[1])) if month_number else None
    return None
