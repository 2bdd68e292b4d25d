"""Errors that a person can act on. Each says what happened, what was kept, and what to do.

Messages are lazy translations, so that one error reads right for whoever sees it. Doors turn them into a page, a
flash, an RFC 9457 problem or a socket answer; anything else is a fault of ours and becomes a 500.
"""

from collections.abc import Mapping
from typing import Any


class SplotError(Exception):
    """Base of everything that is the caller's to mend."""

    status = 400
    slug = "bad-request"

    def __init__(self, message: Any, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)


class Forbidden(SplotError):
    """The actor may not do this to this row."""

    status = 403
    slug = "forbidden"


class NotFound(SplotError):
    """No such row, or none that the actor may see: the two are not told apart."""

    status = 404
    slug = "not-found"


class Refused(SplotError):
    """A rule of the product says no; the message names the rule."""

    status = 409
    slug = "refused"


class Conflict(SplotError):
    """Somebody else changed the same thing; `details` carry both sides."""

    status = 409
    slug = "conflict"


class Invalid(SplotError):
    """Values that do not fit. `fields` maps the key of a field to its messages."""

    status = 422
    slug = "invalid"

    def __init__(self, message: Any, fields: Mapping[str, list[Any]] | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.fields = dict(fields or {})


class TooLarge(SplotError):
    """More than a stated limit."""

    status = 413
    slug = "too-large"


class Unavailable(SplotError):
    """A part that we need does not answer; nothing was lost, try again."""

    status = 503
    slug = "unavailable"
