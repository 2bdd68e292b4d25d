"""What a script of ours sends, read piece by piece: whatever comes, there is a value that fits, or Invalid."""

from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser
from app.scripts.rules import When
from app.views.numbers import LARGEST, number_in

Member = TypeVar("Member", bound=StrEnum)


def sent_number(value: Any) -> int:
    """A number from 0 to LARGEST that came as a number or as text; an empty choice is 0."""
    number = value if type(value) is int else number_in(value or "0") if isinstance(value or "", str) else None
    if number is None or not 0 <= number <= LARGEST:
        raise _misfit()
    return number


def sent_number_or_none(value: Any) -> int | None:
    """A number that may be left out."""
    return None if value in (None, "") else sent_number(value)


def sent_numbers(values: Any) -> tuple[int, ...]:
    """Several of them, from a list; none from nothing."""
    return tuple(sent_number(value) for value in sent_list(values))


def sent_list(values: Any) -> list[Any]:
    """A list; empty from nothing."""
    if not isinstance(values or [], list):
        raise _misfit()
    return values or []


def sent_object(value: Any) -> dict[str, Any]:
    """An object; empty from nothing."""
    if not isinstance(value or {}, dict):
        raise _misfit()
    return value or {}


def sent_text(value: Any) -> str:
    """A text, without the NUL that PostgreSQL cannot hold; empty from nothing."""
    if not isinstance(value or "", str):
        raise _misfit()
    return (value or "").replace("\0", "")


def sent_member(value: Any, kind: type[Member]) -> Member:
    """A member of the enumeration."""
    if not isinstance(value, str) or value not in set(kind):
        raise _misfit()
    return kind(value)


def sent_moment(value: Any) -> datetime:
    """A moment in ISO 8601, with or without a zone."""
    try:
        return datetime.fromisoformat(sent_text(value))
    except ValueError as error:
        message = _l("This is no date and time.")
        raise Invalid(message, {"status": [message]}) from error


def sent_when(value: Any, user: AppUser) -> When:
    """What an input of kind datetime-local holds: a time in the user's zone."""
    return When(local=sent_moment(value).replace(tzinfo=None), zone=user.time_zone)


def _misfit() -> Invalid:
    return Invalid(_l("The request lacks something. Load the page again and repeat."))
