"""Numbers as people write them in Polish and in English: "1 642,10", "1642.10", "1,642.10"."""

import re
from decimal import Decimal

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l

WHOLE_DIGITS = 18
"""With six decimal places: what `numeric(24, 6)` holds."""
DECIMALS = 6

_MINUS = str.maketrans({"−": "-", "\u2013": "-"})
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f'’](?=[0-9]{3}(?![0-9]))")
_PLAIN = re.compile(r"(-?)([0-9]*)(?:\.([0-9]+))?")


def read_number(text: str, language: str) -> Decimal:
    """The number that a person wrote. Invalid for anything else.

    Spaces and apostrophes part thousands. With both a comma and a point, the last of them begins the decimals. A single
    comma does too – but in English, where it parts thousands when three digits follow.
    """
    plain = _SPACES.sub("", text.strip().translate(_MINUS))
    match = _PLAIN.fullmatch(_with_point(plain, language))
    if not match or not (match[2] or match[3]):
        raise Invalid(_l("Write a number, such as %(example)s.", example=write_number(Decimal("1642.1"), language)))
    sign, whole, decimals = match[1], match[2].lstrip("0"), (match[3] or "").rstrip("0")
    if len(whole) > WHOLE_DIGITS:
        raise Invalid(_l("The number has more than %(limit)s digits.", limit=WHOLE_DIGITS))
    if len(decimals) > DECIMALS:
        raise Invalid(_l("The number has more than %(limit)s decimal places.", limit=DECIMALS))
    value = Decimal(f"{whole or 0}.{decimals or 0}")
    return -value if sign and value else value


def write_number(value: Decimal, language: str, *, decimals: int | None = None) -> str:
    """The number with grouped thousands; `decimals` places, or as many as it has."""
    plain = plain_number(value) if decimals is None else f"{value:.{decimals}f}"
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, _, fraction = digits.partition(".")
    space, point = (",", ".") if language == "en" else (" ", ",")
    grouped = f"{int(whole):,}".replace(",", space)
    return sign + grouped + (point + fraction if fraction else "")


def plain_number(value: Decimal) -> str:
    """The shortest spelling with a point: what documents store and browsers calculate with."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _with_point(text: str, language: str) -> str:
    """The text with at most a point before its decimals, where its commas and points make sense."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        mark = "," if comma > point else "."
        return _ungroup(text, "." if mark == "," else ",", mark)
    for mark in (",", "."):
        if text.count(mark) > 1:
            return _ungroup(text, mark, None)
    if language == "en" and re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", text):
        return text.replace(",", "")
    return text.replace(",", ".")


def _ungroup(text: str, group: str, mark: str | None) -> str:
    """Take `group` away where it parts thousands; leave the text as it is where it does not."""
    whole, _, fraction = text.partition(mark) if mark else (text, "", "")
    if not re.fullmatch(rf"-?[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+", whole):
        return text
    return whole.replace(group, "") + (f".{fraction}" if mark else "")
