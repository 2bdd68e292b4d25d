"""How templates write moments, durations, numbers of telephones and sizes, in the reader's language and time zone."""

from datetime import date, datetime
from functools import lru_cache

import phonenumbers
from babel.dates import format_date
from flask import Flask
from flask_babel import format_datetime, format_decimal, get_locale, get_timezone

from app.core import clock
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from babel import Locale

MINUTE, HOUR, DAY = 60, 3600, 86_400
KILOBYTE, MEGABYTE = 1000, 1_000_000


def register(app: Flask) -> None:
    """Give the templates these functions by their names."""
    functions = (
        ago, exact, short, day, day_text, days_text, clock_time, duration, phone_text, size_text, due_text, due_state,
        in_zone, zone_name,
    )  # fmt: skip
    app.jinja_env.globals.update({function.__name__: function for function in functions})


def in_zone(moment: datetime) -> datetime:
    """The moment in the reader's time zone."""
    return moment.astimezone(get_timezone())


def zone_name() -> str:
    """The reader's time zone, for the browser, which writes moments in it, too."""
    return str(get_timezone())


def ago(moment: datetime) -> str:
    """How old something is, in the largest whole unit: "3 h", "12 d"."""
    seconds = max(0, int((clock.now() - moment).total_seconds()))
    return _("just now") if seconds < MINUTE else _span(seconds)


def exact(moment: datetime) -> str:
    """Day and time, for the hover: "Tuesday 17 November 2026, 07:41"."""
    return f"{_written(in_zone(moment).date(), 'full')}, {clock_time(moment)}"


def short(moment: datetime) -> str:
    """Day and time in a column: "17 Nov 2026, 07:41"."""
    return f"{day_text(in_zone(moment).date())}, {clock_time(moment)}"


def day(moment: datetime) -> str:
    """The day as a heading: "Today", "Yesterday", else the date in words."""
    local, today = in_zone(moment).date(), in_zone(clock.now()).date()
    if local == today:
        return _("Today, %(date)s", date=_day_words(local))
    if (today - local).days == 1:
        return _("Yesterday, %(date)s", date=_day_words(local))
    return _day_words(local)


def day_text(of: date) -> str:
    """A day in a column: "17 Nov 2026"."""
    return _written(of, "d MMM yyyy")


def days_text(since: date | None, until: date | None) -> str:
    """A span of days that may be open at its ends; "" when it has none."""
    if since and until:
        return f"{day_text(since)} – {day_text(until)}"
    if since:
        return _("since %(day)s", day=day_text(since))
    return _("until %(day)s", day=day_text(until)) if until else ""


def clock_time(moment: datetime) -> str:
    """The time of day, in both languages with 24 hours: "07:41"."""
    return f"{in_zone(moment):%H:%M}"


def duration(minutes: int) -> str:
    """A length of time in its largest whole unit: 2880 → "2 d", 90 → "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if rest and hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
    return _span(minutes * MINUTE)


def due_state(moment: datetime) -> str:
    """`late` when it has passed, `soon` within the hour, else `ok`: the dot of a due time."""
    left = (moment - clock.now()).total_seconds()
    return "late" if left < 0 else "soon" if left < HOUR else "ok"


def due_text(moment: datetime) -> str:
    """When it is due: how late, how soon, or the time or day."""
    left = int((moment - clock.now()).total_seconds())
    if left < 0:
        return _("%(span)s late", span=_span(max(-left, MINUTE)))
    if left < HOUR:
        return _("in %(span)s", span=_span(max(left, MINUTE)))
    if in_zone(moment).date() == in_zone(clock.now()).date():
        return clock_time(moment)
    return format_datetime(moment, "d MMM HH:mm")


def phone_text(number: str) -> str:
    """An E.164 number in groups, as people read it; Polish ones as everywhere else with their prefix."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def size_text(size: int) -> str:
    """The size of a file: "188 kB"."""
    if size < KILOBYTE:
        return f"{size} B"
    if size < MEGABYTE:
        return f"{size / KILOBYTE:.0f} kB"
    return f"{format_decimal(round(size / MEGABYTE, 1), '0.0')} MB"


def _span(seconds: int) -> str:
    if seconds >= 365 * DAY:
        return ngettext("%(num)s year", "%(num)s years", seconds // (365 * DAY))
    if seconds >= DAY:
        return _("%(days)s d", days=seconds // DAY)
    if seconds >= HOUR:
        return _("%(hours)s h", hours=seconds // HOUR)
    return _("%(minutes)s min", minutes=seconds // MINUTE)


def _day_words(local: date) -> str:
    return _written(local, "d MMMM, EEEE")


def _written(of: date, form: str) -> str:
    return _in_words(of, form, get_locale())


@lru_cache(maxsize=4096)
def _in_words(of: date, form: str, locale: Locale | None) -> str:
    """Kept: a list and a timeline write the same few days again and again."""
    return format_date(of, form, locale)
