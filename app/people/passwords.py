"""Passwords: how they are kept, and what a new one must be."""

import re
import unicodedata
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser
from app.people.settings import Key, value_of

# Parameters of RFC 9106, second recommendation: 64 MiB, three passes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=1$z4UXtH6Dxl8HjefufGWHaA$y6tV1wvG7WH+OSZa3nUc3Zax/FV8WMpx7VbXowGgE7s"
"""The hash of a random text that was thrown away, so that an unknown user takes as long as a known one."""
_LONGEST = 256
_DISTINCT = 5
_TOO_SHORT_TO_COUNT = 3
_COMMON = frozenset(
    [
        "password",
        "passw",
        "haslo",
        "hasło",
        "qwerty",
        "qwertyuiop",
        "qwertyuiopasdfghjkl",
        "asdfgh",
        "asdfghjkl",
        "zxcvbn",
        "zxcvbnm",
        "letmein",
        "welcome",
        "witam",
        "admin",
        "administrator",
        "login",
        "monkey",
        "dragon",
        "master",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "iloveyou",
        "kocham",
        "kochamcie",
        "polska",
        "polskapolska",
        "warszawa",
        "matrix",
        "misiek",
        "kasia",
        "zaq",
        "xsw",
        "zaqxsw",
        "changeme",
        "secret",
        "tajne",
        "test",
        "tester",
        "testtest",
        "user",
    ]
)


def hash_password(text: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(_normal(text))


def is_password(user: AppUser | None, text: str) -> bool:
    """Whether `text` is the user's password. Takes as long for nobody as for somebody."""
    kept = user.password if user is not None and user.password else _NOBODY
    try:
        _hasher.verify(kept, _normal(text[:_LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return user is not None and bool(user.password)


def check_new_password(text: str, user: AppUser, field: str = "password") -> None:
    """Raise Invalid, with every rule that `text` breaks, at the form field `field`."""
    shortest = value_of(Key.PASSWORD_LENGTH)
    problems = []
    if len(text) < shortest:
        problems.append(
            _l("Use at least %(number)s characters; a few words in a row are easy to remember.", number=shortest)
        )
    if len(text) > _LONGEST:
        problems.append(_l("Use at most %(number)s characters.", number=_LONGEST))
    if "\x00" in text:
        problems.append(_l("It contains a character that cannot be typed."))
    if len(set(text.casefold())) < _DISTINCT:
        problems.append(_l("It repeats too few different characters."))
    if _is_common(text):
        problems.append(_l("It is one of the first passwords that anybody would try."))
    if _names(user) & set(_words(text)) or any(name in text.casefold() for name in _names(user)):
        problems.append(_l("It contains your name, your login or your address."))
    if problems:
        raise Invalid(_l("Choose another password."), {field: problems})


def _normal(text: str) -> str:
    """The same password from every keyboard: "ó" is one character or two, depending on the system."""
    return unicodedata.normalize("NFKC", text)


def _is_common(text: str) -> bool:
    letters = "".join(_words(text))
    return (
        letters in _COMMON
        or any(letters == word * (len(letters) // len(word)) for word in _COMMON if letters)
        or (text.isdecimal() and _is_run(text))
    )


def _is_run(digits: str) -> bool:
    """1234567890 and the like: every step between two digits is the same, or one wraps around."""
    steps = {(int(right) - int(left)) % 10 for left, right in pairwise(digits)}
    return len(steps) == 1


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.casefold())


def _names(user: AppUser) -> set[str]:
    names = (user.username, user.first_name, user.last_name, (user.email or "").partition("@")[0])
    return {name.casefold() for name in names if name and len(name) > _TOO_SHORT_TO_COUNT}
