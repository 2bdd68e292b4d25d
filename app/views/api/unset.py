"""The value of a key that a request did not send: not the same as null, which empties a field."""

from enum import Enum
from typing import Final, TypeVar

T = TypeVar("T")


class Unset(Enum):
    """The one value that means "not sent"."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


def sent(value: T | Unset, otherwise: T) -> T:
    """`value` when the request had the key, else `otherwise`."""
    return otherwise if isinstance(value, Unset) else value
