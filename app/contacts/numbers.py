"""Telephone numbers as people write them, and as they are stored (ITU-T E.164)."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import phonenumbers

from app.contacts.problems import ValueProblem

_TRUNK_ZERO = re.compile(r"0[1-9][0-9]{8}")
_LABEL = re.compile(
    r"^\s*(?:nr\.?|numer|tel(?:efon)?|phone|kom(?:[óo]rka|órkowy)?|mob(?:ile)?|cell|fax|faks|sms|stacj(?:onarny)?)"
    r"[\s.:]*(?:kom\.?|domowy|dom\.?)?[\s.:]*(?=[+(\d])",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\s*(?:,|;)?\s*(?:\bw(?:ew(?:n(?:[ęe]trzny)?)?)?\b|\bext(?:ension)?\b|\bx(?=\s*\d)|\#)\s*[.:]?\s*(\d{1,6})\s*$",
    re.IGNORECASE,
)
# What a spreadsheet makes of a long number; the comma is the Polish decimal separator.
_ROUNDED = re.compile(r"^\s*'?\+?\d(?:[.,]\d+)?\s*e\s*\+?\d+\s*$", re.IGNORECASE)
_DECIMAL_ZERO = re.compile(r"^(\+?\d{7,15})[.,]0+$")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST = 60
_POLAND, _POLISH_LENGTH = 48, 9
_PLAIN = re.compile(r"[\d\s().\-/]+", re.ASCII)
_POLISH_PREFIXES = {12: "+48", 13: "0048", 11: "48", 10: "0"}
"""How a Polish number of so many characters begins before its nine digits: the plus counts, spaces do not."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in E.164 and the extension that was written behind it, if any."""

    number: str
    extension: str = ""


def normalise_phone(text: str, region: str = "PL") -> str:
    """The number in E.164; raises Invalid with the reason. `region` is the country of numbers without a prefix."""
    return read_phone(text, region).number


@lru_cache(maxsize=8192)
def read_phone(text: str, region: str = "PL") -> PhoneNumber:
    """The number and its extension; raises Invalid with the reason."""
    if region == "PL" and (quick := _quick_polish(text)):
        return PhoneNumber(quick)
    shown = text.strip()[:_LONGEST]
    if _ROUNDED.match(text):
        raise ValueProblem("phone_damaged", value=shown)
    if len(text) > _LONGEST:
        raise ValueProblem("phone_long", digits=sum(character.isdigit() for character in text))
    bare = _LABEL.sub("", text.strip().lstrip("'`"))
    extension = _EXTENSION.search(bare)
    if extension:
        bare = bare[: extension.start()]
    bare = _DECIMAL_ZERO.sub(r"\1", bare.strip())
    digits = _digits(bare)
    if not digits:
        raise ValueProblem("phone_none", value=shown)
    if not digits.strip("0"):
        raise ValueProblem("phone_unknown", value=shown)
    if _LETTER.search(bare):
        # phonenumbers would read them as the letters of a keypad; in a file they are a note or a mistake.
        raise ValueProblem("phone_letters", value=shown)
    if region == "PL" and _TRUNK_ZERO.fullmatch(digits) and "+" not in bare:
        # The trunk zero of before 2010, still found in old lists; phonenumbers has forgotten it.
        bare = digits[1:]
    return PhoneNumber(_parsed(bare, digits, shown, region), extension.group(1) if extension else "")


def searched_digits(text: str) -> str:
    """The digits to look for when somebody types a number in any format: without 00, a trunk zero, or +48."""
    digits = _digits(text)
    return digits[2:] if digits.startswith("00") else digits.removeprefix("0")


def shown_phone(number: str, region: str = "PL") -> str:
    """An E.164 number spaced for reading; abroad with its country code, at home too, so that it can be copied."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _quick_polish(text: str) -> str:
    """The number when the text is a plain, valid Polish one, else nothing: three microseconds instead of forty.

    Validity is what phonenumbers knows of Poland, its patterns put into one; reasons are left to the long way.
    """
    bare = text.strip().removeprefix("'")
    plus = bare.startswith("+")
    if not _PLAIN.fullmatch(bare, 1 if plus else 0):
        return ""
    digits = ("+" if plus else "") + "".join(filter(str.isdigit, bare))
    prefix = _POLISH_PREFIXES.get(len(digits), "")
    national = digits.removeprefix(prefix)
    return f"+48{national}" if len(national) == _POLISH_LENGTH and _polish().fullmatch(national) else ""


@cache
def _polish() -> re.Pattern[str]:
    """Every nine digits that are a number in Poland."""
    known: Any = phonenumbers.PhoneMetadata.metadata_for_region("PL")
    kinds = (
        *(known.fixed_line, known.mobile, known.toll_free, known.premium_rate, known.shared_cost),
        *(known.personal_number, known.voip, known.pager, known.uan, known.voicemail),
    )
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    return re.compile(f"(?=(?:{known.general_desc.national_number_pattern})$)(?:{'|'.join(patterns)})")


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


def _parsed(bare: str, digits: str, shown: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException as error:
        short = error.error_type in {
            phonenumbers.NumberParseException.TOO_SHORT_NSN,
            phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD,
        }
        if short:
            raise ValueProblem("phone_short", digits=len(digits)) from error
        if error.error_type == phonenumbers.NumberParseException.TOO_LONG:
            raise ValueProblem("phone_long", digits=len(digits)) from error
        raise ValueProblem("phone_unknown", value=shown) from error
    if not phonenumbers.is_valid_number(parsed):
        if parsed.country_code == _POLAND and len(str(parsed.national_number)) != _POLISH_LENGTH:
            short = len(str(parsed.national_number)) < _POLISH_LENGTH
            raise ValueProblem("phone_short" if short else "phone_long", digits=len(digits))
        possible = phonenumbers.is_possible_number_with_reason(parsed)
        if possible == phonenumbers.ValidationResult.TOO_SHORT:
            raise ValueProblem("phone_short", digits=len(digits))
        if possible == phonenumbers.ValidationResult.TOO_LONG:
            raise ValueProblem("phone_long", digits=len(digits))
        raise ValueProblem("phone_unknown", value=shown)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
