"""Text folded for search: lower case, without accents, so that "lodz" finds "Łódź".

The database folds by `splot_fold` (lower(unaccent(x))); rows that are written in bulk are folded here, by the same
rule for the Latin and the Greek script and for typographic signs. Other scripts stay as they are, but for case.
"""

import unicodedata

# What has no decomposition in Unicode, yet a plain spelling that people type.
_PLAIN = str.maketrans(
    {
        "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH",
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ħ": "h", "Ħ": "H", "ı": "i", "ĸ": "q",
        "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T", "ŉ": "'n", "Ŀ": "L", "ŀ": "l", "ƒ": "f", "ё": "е", "Ё": "Е",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "‘": "'", "’": "'", "‚": ",", "‛": "'",
        "“": '"', "”": '"', "„": ",,", "‟": '"', "«": "<<", "»": ">>", "‹": "<", "›": ">", "′": "'", "″": '"',
        "¡": "!", "¿": "?", "×": "*", "÷": "/", "±": "+/-", "©": "(C)", "®": "(R)", "\xad": "-", "⁄": "/",
        "¼": " 1/4", "½": " 1/2", "¾": " 3/4", "…": "...",
    }
)  # fmt: skip
_MARKS = range(0x0300, 0x0363)
_FOLDED_SCRIPTS = ("LATIN", "GREEK")


def fold(text: str) -> str:
    """`text` as `splot_fold` writes it."""
    if text.isascii():
        return text.lower()
    return "".join(map(_bare, text.translate(_PLAIN))).lower()


def _bare(sign: str) -> str:
    """One sign without its marks; signs of other scripts, whose marks make another letter, unchanged."""
    if sign.isascii():
        return sign
    if ord(sign) in _MARKS:
        return ""
    parts = unicodedata.normalize("NFKD", sign)
    if not unicodedata.name(parts[0], "").startswith(_FOLDED_SCRIPTS):
        return sign
    return "".join(part for part in parts.translate(_PLAIN) if not unicodedata.combining(part))
