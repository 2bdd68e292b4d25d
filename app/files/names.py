"""File names that people bring: made harmless before they are stored or sent in a header."""

import unicodedata
from urllib.parse import quote

LONGEST = 180
_FORBIDDEN = set('<>:"|?*')


def safe_name(name: str) -> str:
    """The last part of a path, without what file systems refuse, at most `LONGEST` characters with its ending kept.

    Invisible signs go too: an override of the writing direction hides a real ending.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    # Categories C* and the separators of lines hold control, formatting, surrogate and unassigned signs.
    kept = (
        sign for sign in name if unicodedata.category(sign)[0] != "C" and unicodedata.category(sign) not in {"Zl", "Zp"}
    )
    name = "".join(" " if sign in _FORBIDDEN else sign for sign in kept)
    name = " ".join(name.split()).strip(". ")
    stem, ending = parts(name)
    return f"{stem[: LONGEST - len(ending) - 1].rstrip()}.{ending}" if ending else (stem[:LONGEST].rstrip() or "file")


def parts(name: str) -> tuple[str, str]:
    """The name and its ending in lower case ("" without one): "Umowa.PDF" is "Umowa" and "pdf"."""
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not ending.isalnum() or len(ending) > 10:  # noqa: PLR2004 - longer is a word, no ending
        return name, ""
    return stem, ending.lower()


def disposition(name: str) -> str:
    """Content-Disposition that saves the file under its name in every browser (RFC 6266, RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(sign for sign in plain if sign.isalnum() or sign in " ._-()").strip() or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
