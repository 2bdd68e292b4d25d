"""What one sends to a server of others, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Post:
    """A request with a body."""

    address: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str]
    allows_private: bool = False
    """Whether the address may lie inside the house: private networks, and this machine."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the other side answered, cut to a stated length."""

    status: int
    text: str

    @property
    def is_taken(self) -> bool:
        """Whether it took what was sent. A redirect is no taking: it is not followed."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success (RFC 9110, 15.3)


class Undelivered(Exception):
    """There was no answer; the message says why, lazily translated."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message
