"""Date, time, date and time."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import AnswerType, Column, Operator, TypedValue, expect_text
from app.formbuilder.moments import (
    HOME,
    day_begins,
    read_date,
    read_moment,
    read_time,
    write_date,
    write_moment,
    write_time,
)

_RANGED = (Operator.EQUALS, Operator.RANGE, Operator.EMPTY)


class DateType(AnswerType[date, Config]):
    """A day."""

    kind = "date"
    sort = "date"
    title = _l("Date")
    icon = "calendar"
    macro = "moment"
    operators = _RANGED
    column = Column.MOMENT
    limit: ClassVar[int] = 40

    def read(self, text: str, language: str, before: date | None) -> date:
        """The day."""
        return read_date(text, language)

    def to_document(self, value: date) -> str:
        """ISO 8601."""
        return value.isoformat()

    def from_document(self, stored: Any) -> date:
        """The day."""
        try:
            return date.fromisoformat(expect_text(stored))
        except ValueError as error:
            raise Invalid(_l("This is not an answer of the field's kind.")) from error

    def typed_rows(self, value: date) -> list[TypedValue]:
        """Midnight of the centre, and the day for a search."""
        return [TypedValue(words=value.isoformat(), moment=day_begins(value))]

    def display(self, value: date, language: str) -> str:
        """As the language writes it."""
        return write_date(value, language)

    def export(self, value: date, language: str) -> date:
        """The day."""
        return value


class TimeType(AnswerType[time, Config]):
    """A time of day, to the minute."""

    kind = "time"
    title = _l("Time")
    icon = "clock"
    macro = "moment"
    operators = _RANGED
    column = Column.NUMBER
    limit: ClassVar[int] = 20

    def read(self, text: str, language: str, before: time | None) -> time:
        """The time."""
        return read_time(text, language)

    def to_document(self, value: time) -> str:
        """HH:MM."""
        return f"{value:%H:%M}"

    def from_document(self, stored: Any) -> time:
        """The time."""
        try:
            return time.fromisoformat(expect_text(stored))
        except ValueError as error:
            raise Invalid(_l("This is not an answer of the field's kind.")) from error

    def typed_rows(self, value: time) -> list[TypedValue]:
        """Minutes since midnight, and the time for a search."""
        return [TypedValue(words=f"{value:%H:%M}", number=Decimal(value.hour * 60 + value.minute))]

    def display(self, value: time, language: str) -> str:
        """As the language writes it."""
        return write_time(value, language)

    def export(self, value: time, language: str) -> time:
        """The time."""
        return value


class DateTimeType(AnswerType[datetime, Config]):
    """A moment, to the minute: shown in the centre's time zone, stored in UTC."""

    kind = "date_time"
    sort = "moment"
    title = _l("Date and time")
    icon = "calendar-time"
    macro = "moment"
    operators = _RANGED
    column = Column.MOMENT
    limit: ClassVar[int] = 60

    def read(self, text: str, language: str, before: datetime | None) -> datetime:
        """The moment."""
        return read_moment(text, language)

    def to_document(self, value: datetime) -> str:
        """ISO 8601 in UTC."""
        return value.astimezone(UTC).isoformat(timespec="minutes")

    def from_document(self, stored: Any) -> datetime:
        """The moment; one without a time zone is none."""
        try:
            value = datetime.fromisoformat(expect_text(stored))
        except ValueError as error:
            raise Invalid(_l("This is not an answer of the field's kind.")) from error
        if value.tzinfo is None:
            raise Invalid(_l("This is not an answer of the field's kind."))
        return value.astimezone(UTC)

    def typed_rows(self, value: datetime) -> list[TypedValue]:
        """The moment, and its local text for a search."""
        return [TypedValue(words=f"{value.astimezone(HOME):%Y-%m-%d %H:%M}", moment=value)]

    def display(self, value: datetime, language: str) -> str:
        """As the language writes it."""
        return write_moment(value, language)

    def export(self, value: datetime, language: str) -> datetime:
        """The centre's time, without a zone: spreadsheets know none."""
        return value.astimezone(HOME).replace(tzinfo=None)
