"""Reading XLSX, with caps against files that unpack to more than a machine can hold."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.core.errors import Invalid, TooLarge
from app.core.i18n import lazy_gettext as _l

ZIP = b"PK\x03\x04"
UNPACKED_LIMIT = 256 * 2**20
"""Bytes of all parts of a workbook together, unpacked."""
CELL_COUNT_LIMIT = 5_000_000
"""Cells of the rectangle around the used part of a sheet: it is held in memory, about 32 bytes each."""

_CHUNK = 1 << 20
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_LONGEST_REFERENCE = 16


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook. Raises Invalid when it is damaged or none at all, TooLarge beyond the caps."""
    _check_size(path)
    try:
        names = CalamineWorkbook.from_path(str(path)).sheet_names
    except CalamineError as error:
        raise _damaged() from error
    if not names:
        raise Invalid(_l("There is no sheet in this workbook."))
    return [str(name) for name in names]


def read_sheet(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Row numbers as the spreadsheet shows them, and the cells as text."""
    _check_size(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        if sheet not in workbook.sheet_names:
            raise Invalid(_l("There is no sheet “%(sheet)s” in this workbook.", sheet=sheet))
        rows = workbook.get_sheet_by_name(sheet).iter_rows()
        for number, cells in enumerate(rows, start=1):
            yield number, [_text(cell) for cell in cells]
    except CalamineError as error:
        raise _damaged() from error


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _check_size(path: Path) -> None:
    """Unpack every part once, counting, before a reader is let loose on it: what the archive states may be a lie."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise Invalid(_l("This is an archive or another kind of document, not an XLSX workbook."))
            left = UNPACKED_LIMIT
            for part in archive.infolist():
                left = _unpacked(archive, part, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise _damaged() from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    is_sheet = part.filename.startswith("xl/worksheets/")
    width = height = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooLarge(_l("Unpacked, this workbook is larger than %(limit)s MB.", limit=UNPACKED_LIMIT >> 20))
            if is_sheet:
                for column, row in _REFERENCE.findall(tail + chunk):
                    width = max(width, _column(column))
                    height = max(height, int(row))
                tail = chunk[-_LONGEST_REFERENCE:]
    if width * height > CELL_COUNT_LIMIT:
        raise TooLarge(
            _l("A sheet of this workbook has more than %(limit)s cells. Save it as CSV.", limit=CELL_COUNT_LIMIT)
        )
    return left


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _damaged() -> Invalid:
    return Invalid(_l("This workbook is damaged or protected by a password, so it cannot be read."))
