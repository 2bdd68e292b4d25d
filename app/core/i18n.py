"""Words and formats in the reader's language. English is the language of the source texts."""

from flask_babel import force_locale as in_language
from flask_babel import gettext, lazy_gettext, lazy_ngettext, lazy_pgettext, ngettext

LANGUAGES = {"pl": "Polski", "en": "English"}
DEFAULT_LANGUAGE = "pl"
DEFAULT_TIME_ZONE = "Europe/Warsaw"

__all__ = [
    "DEFAULT_LANGUAGE", "DEFAULT_TIME_ZONE", "LANGUAGES", "gettext", "in_language", "lazy_gettext", "lazy_ngettext",
    "lazy_pgettext", "ngettext", "source_text",
]  # fmt: skip


def source_text(text: str) -> str:
    """Mark an English text that is stored, and translated when it is shown; import it as `N_`, which Babel knows."""
    return text
