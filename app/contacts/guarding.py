"""Cells that a spreadsheet would run as a formula: made harmless on the way out, and read back on the way in."""

import re

_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_GUARD = re.compile(r"^'(?=\s*[=+\-@\t\r])")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it when it begins like a formula (OWASP, CSV injection)."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that our exports, and other careful programs, put before it."""
    return _GUARD.sub("", cell)
