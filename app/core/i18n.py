"""Words and formats in the reader's language. English is the language of the source texts."""

from contextlib import AbstractContextManager

from flask_babel import force_locale, gettext, lazy_gettext, lazy_ngettext, lazy_pgettext, ngettext

LANGUAGES = {"pl": "Polski", "en": "English"}
LOCALES = {"pl": "pl", "en": "en_GB"}
"""Whose forms of dates and figures a language takes: English here is read in Europe, day first and with 24 hours."""
DEFAULT_LANGUAGE = "pl"
DEFAULT_TIME_ZONE = "Europe/Warsaw"

__all__ = [
    "DEFAULT_LANGUAGE", "DEFAULT_TIME_ZONE", "LANGUAGES", "LOCALES", "gettext", "in_language", "lazy_gettext",
    "lazy_ngettext", "lazy_pgettext", "ngettext", "source_text",
]  # fmt: skip


def in_language(language: str) -> AbstractContextManager[None]:
    """Texts, dates and figures in the block are in this language, whoever reads."""
    return force_locale(LOCALES.get(language, language))


def source_text(text: str) -> str:
    """Mark an English text that is stored, and translated when it is shown; import it as `N_`, which Babel knows."""
    return text
