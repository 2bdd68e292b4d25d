"""Words and formats in the reader's language. English is the language of the source texts."""

from contextlib import AbstractContextManager
from typing import Any

from flask_babel import force_locale, gettext, lazy_gettext, lazy_ngettext, lazy_pgettext, ngettext
from flask_babel.speaklater import LazyString

LANGUAGES = {"pl": "Polski", "en": "English"}
LOCALES = {"pl": "pl", "en": "en_GB"}
"""Whose forms of dates and figures a language takes: English here is read in Europe, day first and with 24 hours."""
DEFAULT_LANGUAGE = "pl"
DEFAULT_TIME_ZONE = "Europe/Warsaw"

__all__ = [
    "DEFAULT_LANGUAGE", "DEFAULT_TIME_ZONE", "LANGUAGES", "LOCALES", "gettext", "in_language", "lazy_gettext",
    "lazy_ngettext", "lazy_pgettext", "ngettext", "source_of", "source_text",
]  # fmt: skip


def in_language(language: str) -> AbstractContextManager[None]:
    """Texts, dates and figures in the block are in this language, whoever reads."""
    return force_locale(LOCALES.get(language, language))


def source_of(message: Any) -> tuple[str, dict[str, Any]]:
    """The source text of a lazy message and the values of its places, to be stored and translated when it is shown.

    What is no lazy message, or has a singular and a plural, is kept as it reads now.
    """
    if not isinstance(message, LazyString):
        return str(message), {}
    match message._args:  # noqa: SLF001  (flask_babel has no other way to the source text)
        case (str(source),):
            places = message._kwargs.items()  # noqa: SLF001
            return source, {key: value if isinstance(value, int | float) else str(value) for key, value in places}
    return str(message), {}


def source_text(text: str) -> str:
    """Mark an English text that is stored, and translated when it is shown; import it as `N_`, which Babel knows."""
    return text
