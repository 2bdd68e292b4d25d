"""Numbers that look right, pass their checks and belong to nobody. Pure."""

from collections.abc import Callable
from datetime import date
from itertools import count
from random import Random

from stdnum import iban
from stdnum.exceptions import ValidationError
from stdnum.pl import nip, pesel, regon

from app.formbuilder.field_types.identifiers import IdCardType

PHONE = "+48500"
"""Telephone numbers of the demo begin so and go on with 1 (contacts) or 2 (another number)."""


def phone_of(contact: int) -> str:
    """The telephone number of the contact in that place."""
    return f"{PHONE}{100_000 + contact:06}"


def another_phone(rng: Random) -> str:
    """A number of nobody else."""
    return f"{PHONE}2{rng.randrange(100_000):05}"


def nip_of(contact: int) -> str:
    """A tax number; no tax office has the number 999."""
    return next(
        filter(None, (_completed(f"999{(contact * 7 + step) % 1_000_000:06}", nip.is_valid) for step in count()))
    )


def regon_of(contact: int) -> str:
    """A number like those of the register of business entities; the first two digits 98 are given to nobody."""
    steps = (_completed(f"98{(contact * 7 + step) % 1_000_000:06}", regon.is_valid) for step in count())
    return next(filter(None, steps))


def a_pesel(rng: Random) -> str:
    """The number of somebody born in the 1890s, whose month is written with 80 added: of nobody who lives."""
    born = date(1890 + rng.randrange(10), 1 + rng.randrange(12), 1 + rng.randrange(28))
    ten = f"{born:%y}{born.month + 80:02}{born:%d}{rng.randrange(10_000):04}"
    return f"{ten}{pesel.calc_check_digit(ten)}"


def an_iban(rng: Random) -> str:
    """A Polish account at a bank with the number 9999 9999, which does not exist."""
    rest = f"99999999{rng.randrange(10**16):016}"
    return f"PL{iban.calc_check_digits(f'PL00{rest}')}{rest}"


def an_id_card(rng: Random) -> str:
    """Series ZZZ, which is not in use."""
    five = f"{rng.randrange(10**5):05}"
    return next(f"ZZZ{digit}{five}" for digit in range(10) if _is_id_card(f"ZZZ{digit}{five}"))


def _completed(digits: str, is_valid: Callable[[str], bool]) -> str | None:
    """The digits with the one that checks them; for a few there is none."""
    return next((f"{digits}{last}" for last in range(10) if is_valid(f"{digits}{last}")), None)


def _is_id_card(text: str) -> bool:
    try:
        return bool(IdCardType.validate(text))
    except ValidationError:
        return False
