"""Kinds of values in requests and answers. Each reads strictly, writes, and describes itself as JSON Schema.

Reading never converts between kinds: "1" is not a number and 1 is not true. A message that does not fit is collected
under the path of its value, so that one answer names everything that is wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core.i18n import lazy_gettext as _l

_LARGEST_FLOAT = Decimal("1e300")
LARGEST = 2**63 - 1
"""The largest whole number that a column of identities holds."""


class Complaints:
    """What did not fit: path of the value → messages."""

    def __init__(self) -> None:
        self.fields: dict[str, list[Any]] = {}

    def add(self, path: str, message: Any) -> None:
        """Note one message."""
        self.fields.setdefault(path, []).append(message)


class Misfit(Exception):
    """The value does not fit; the message says why."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class Kind:
    """One kind of value."""

    def read(self, raw: Any, path: str, complaints: Complaints) -> Any:
        """The value of `raw` as it came in JSON. What does not fit is noted, and None answered."""
        try:
            return self.take(raw)
        except Misfit as misfit:
            complaints.add(path, misfit.message)
            return None

    def take(self, raw: Any) -> Any:
        """The value of `raw`; raises Misfit."""
        raise NotImplementedError

    def of_query(self, texts: Sequence[str]) -> Any:
        """What stands in a query string, as it would have come in JSON."""
        return texts[-1]

    def write(self, value: Any) -> Any:
        """`value` as JSON."""
        return value

    def schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12."""
        raise NotImplementedError


@dataclass(frozen=True)
class Words(Kind):
    """Text. `lines` allows line breaks and tabs; other control characters are refused everywhere."""

    most: int = 300
    least: int = 0
    pattern: str | None = None
    lines: bool = False

    def take(self, raw: Any) -> str:
        """Text of a stated length."""
        if not isinstance(raw, str):
            raise Misfit(_l("This must be text."))
        if len(raw) > self.most:
            raise Misfit(_l("This is too long: at most %(most)s characters.", most=self.most))
        if len(raw.strip()) < self.least:
            raise Misfit(_l("This must not be empty."))
        if any(not sign.isprintable() and not (self.lines and sign in "\n\r\t") and _is_control(sign) for sign in raw):
            raise Misfit(_l("This has characters that cannot be shown, such as NUL."))
        if self.pattern and not re.fullmatch(self.pattern, raw):
            raise Misfit(_l("This does not have the expected form."))
        return raw

    def schema(self) -> dict[str, Any]:
        """Text with its limits."""
        made: dict[str, Any] = {"type": "string", "maxLength": self.most}
        if self.least:
            made["minLength"] = self.least
        if self.pattern:
            made["pattern"] = f"^(?:{self.pattern})$"
        return made


def _is_control(sign: str) -> bool:
    return sign < " " or sign == "\x7f" or "\ud800" <= sign <= "\udfff"


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number."""

    least: int = 0
    most: int = LARGEST

    def take(self, raw: Any) -> int:
        """A number that is neither true nor 1.0."""
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise Misfit(_l("This must be a whole number."))
        if not self.least <= raw <= self.most:
            raise Misfit(
                _l("This must lie between %(least)s and %(most)s.", least=str(self.least), most=str(self.most))
            )
        return raw

    def of_query(self, texts: Sequence[str]) -> Any:
        """Digits become a number; anything else stays and is refused."""
        return int(texts[-1]) if re.fullmatch(r"-?[0-9]{1,19}", texts[-1]) else texts[-1]

    def schema(self) -> dict[str, Any]:
        """A number with its limits."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class YesNo(Kind):
    """true or false."""

    def take(self, raw: Any) -> bool:
        """Nothing but true and false."""
        if not isinstance(raw, bool):
            raise Misfit(_l("This must be true or false."))
        return raw

    def of_query(self, texts: Sequence[str]) -> Any:
        """The words of JSON."""
        return {"true": True, "false": False}.get(texts[-1], texts[-1])

    def schema(self) -> dict[str, Any]:
        """The two values."""
        return {"type": "boolean"}


class Moment(Kind):
    """A moment, ISO 8601 with its offset from UTC."""

    def take(self, raw: Any) -> datetime:
        """An aware moment; one without an offset is refused, because it would be a guess."""
        try:
            moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.utcoffset() is None:
            raise Misfit(_l("This must be a date and time with its offset, such as 2030-01-31T12:00:00+01:00."))
        return moment

    def write(self, value: datetime | None) -> Any:
        """ISO 8601."""
        return value.isoformat() if value else None

    def schema(self) -> dict[str, Any]:
        """RFC 3339."""
        return {"type": "string", "format": "date-time"}


class LocalMoment(Kind):
    """A wall-clock time, ISO 8601 without an offset: what was agreed with a person."""

    def take(self, raw: Any) -> datetime:
        """A moment without an offset."""
        try:
            moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            raise Misfit(_l("This must be a date and time without an offset, such as 2030-01-31T12:00."))
        return moment

    def write(self, value: datetime | None) -> Any:
        """ISO 8601."""
        return value.isoformat() if value else None

    def schema(self) -> dict[str, Any]:
        """Not a date-time of RFC 3339: that has an offset."""
        return {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"}


class Day(Kind):
    """A date."""

    def take(self, raw: Any) -> date:
        """ISO 8601, the day alone."""
        if not isinstance(raw, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", raw):
            raise Misfit(_l("This must be a date, such as 2030-01-31."))
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise Misfit(_l("There is no such day.")) from None

    def write(self, value: date | None) -> Any:
        """ISO 8601."""
        return value.isoformat() if value else None

    def schema(self) -> dict[str, Any]:
        """RFC 3339."""
        return {"type": "string", "format": "date"}


class Key(Kind):
    """A UUID."""

    def take(self, raw: Any) -> UUID:
        """The usual spelling."""
        try:
            return UUID(raw if isinstance(raw, str) else "")
        except ValueError:
            raise Misfit(_l("This must be an identifier of the form 8-4-4-4-12 (UUID).")) from None

    def write(self, value: UUID) -> Any:
        """The usual spelling."""
        return str(value)

    def schema(self) -> dict[str, Any]:
        """A UUID."""
        return {"type": "string", "format": "uuid"}


class Figure(Kind):
    """A number with decimals."""

    def take(self, raw: Any) -> Decimal:
        """Any finite number."""
        if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
            raise Misfit(_l("This must be a number."))
        return Decimal(raw)

    def write(self, value: Decimal | None) -> Any:
        """As text, so that no digit is lost."""
        return str(value) if value is not None else None

    def schema(self) -> dict[str, Any]:
        """A number comes in, text with all its digits goes out."""
        return {"type": ["number", "string"]}


@dataclass(frozen=True)
class Choice(Kind):
    """One value of an enumeration."""

    members: type[StrEnum]

    def take(self, raw: Any) -> StrEnum:
        """A value, not a name."""
        try:
            return self.members(raw)
        except ValueError:
            raise Misfit(
                _l("This must be one of: %(values)s.", values=", ".join(member.value for member in self.members))
            ) from None

    def write(self, value: StrEnum | None) -> Any:
        """The value; a plain text that came from a Core query is one already."""
        return str(value) if value is not None else None

    def schema(self) -> dict[str, Any]:
        """The values."""
        return {"type": "string", "enum": [member.value for member in self.members]}


class Anything(Kind):
    """Any JSON value: what it must be, the subject says (an answer of a form, a definition)."""

    def take(self, raw: Any) -> Any:
        """As it came; depth and size were checked with the body."""
        return _as_stored(raw)

    def write(self, value: Any) -> Any:
        """Values of any kind that JSON knows or that has one spelling."""
        return plain(value)

    def schema(self) -> dict[str, Any]:
        """No limits."""
        return {}


class Document(Anything):
    """Any JSON object."""

    def take(self, raw: Any) -> Any:
        """Keys and values."""
        if not isinstance(raw, dict):
            raise Misfit(_l("This must be an object with keys and values."))
        return _as_stored(raw)

    def schema(self) -> dict[str, Any]:
        """Any keys."""
        return {"type": "object"}


def _as_stored(value: Any) -> Any:
    """`value` as a JSON column takes it: numbers with decimals as floats."""
    if isinstance(value, Decimal):
        if abs(value) > _LARGEST_FLOAT:
            raise Misfit(_l("This number is too large."))
        return float(value)
    if isinstance(value, dict):
        return {key: _as_stored(inner) for key, inner in value.items()}
    return [_as_stored(inner) for inner in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """`value` in what JSON has. Moments, numbers with decimals and lazy texts become text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
