"""Secrets that must be used again, such as those that sign calls: the database holds them encrypted.

The key is derived from the installation's own (`SPLOT_SECRET_KEY`, or the one that is kept in the home), so a copy of
the database alone tells nobody anything.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

_PURPOSE = b"splot: secrets in the database, 1"
_KEY_BYTES = 32


class Unreadable(Exception):
    """It was sealed with another key, or is no sealed text."""


def seal(text: str, *, key: str | None = None) -> str:
    """The text, encrypted and signed; `key` is the installation's unless an application says it."""
    return _box(key or _key()).encrypt(text.encode()).decode()


def unseal(sealed: str, *, key: str | None = None) -> str:
    """What was sealed; Unreadable."""
    try:
        return _box(key or _key()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _key() -> str:
    key: str = current_app.config["SETTINGS"].secret_key
    return key


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
