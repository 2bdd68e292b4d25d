"""Cells of exported tables: what a spreadsheet would run as a formula is made plain text.

A cell that begins with = + - @, a tab or a line break is read as a formula by spreadsheets (OWASP, "CSV injection"). An
apostrophe before it keeps it text. Telephone numbers and plain numbers begin with + or - and are harmless, so they stay
as they are and can be imported again.
"""

import re

_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")
_HARMLESS = re.compile(r"[+-]\d[\d\s.,()/]*\Z")
_GUARD = re.compile(r"'(?=\s*[=+\-@]|[\t\r\n])")


def neutral(text: str) -> str:
    """`text` as a cell that no spreadsheet runs."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def plain(cell: str) -> str:
    """The text of a cell that `neutral`, or another careful program, wrote."""
    return _GUARD.sub("", cell, count=1) if cell.startswith("'") else cell
