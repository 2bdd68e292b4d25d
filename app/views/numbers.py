"""Numbers of rows and versions, as addresses and scripts of ours send them."""

from typing import Any

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l

LARGEST = 2**63 - 1
"""The largest number that a row can have."""
_DIGITS = len(str(LARGEST))


def number_in(text: str) -> int | None:
    """The number from 0 to LARGEST that `text` writes in digits; None when it writes none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    number = int(text)
    return number if number <= LARGEST else None


def sent_number(value: Any) -> int:
    """A number from 0 to LARGEST that came as a number or as text; an empty choice is 0. Invalid for anything else."""
    number = value if type(value) is int else number_in(value or "0") if isinstance(value or "", str) else None
    if number is None or not 0 <= number <= LARGEST:
        raise Invalid(_l("The request lacks something. Load the page again and repeat."))
    return number


def sent_numbers(values: Any) -> tuple[int, ...]:
    """Several of them, from a list; none from nothing. Invalid for anything else."""
    if not isinstance(values or [], list):
        raise Invalid(_l("The request lacks something. Load the page again and repeat."))
    return tuple(sent_number(value) for value in values or ())
