"""A process of its own that reads one sheet of a workbook: `python sheet_process.py FILE SHEET BYTES CELLS`.

A workbook is parsed whole before its first row is known. Here that neither holds up a web worker, which answers
everybody from one thread, nor fills its memory. Nothing of the product is imported, so that it starts at once.

It writes JSON, a line each: `{"sheet": name}`, then `[number, [cells]]` for every row that is not blank; or, in place
of what it cannot give, `{"refused": reason}` with a reason of `spreadsheets.py`. BYTES and CELLS are caps against
files that unpack to more than a machine can hold. With "" for SHEET it reads the first one.
"""

import json
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

_CHUNK = 1 << 20
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_LONGEST_REFERENCE = 16
_WHOLE = 10**15
"""Below it a float is the whole number that it looks like."""


class _Refused(Exception):
    """The workbook is not read; the argument is the reason."""


def main(path: str, sheet: str, most_bytes: int, most_cells: int) -> None:
    """Write the sheet to standard output; stop when nobody reads any more."""
    try:
        for line in _lines(path, sheet, most_bytes, most_cells):
            sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough. Python must not flush the rest at its exit.
        os._exit(0)


def _lines(path: str, sheet: str, most_bytes: int, most_cells: int) -> Iterator[Any]:
    try:
        _check_size(path, most_bytes, most_cells)
        workbook = CalamineWorkbook.from_path(path)
        sheet = _chosen(workbook, sheet)
        yield {"sheet": sheet}
        for number, cells in enumerate(workbook.get_sheet_by_name(sheet).iter_rows(), start=1):
            texts = [_text(cell) for cell in cells]
            if any(texts):
                yield [number, texts]
    except _Refused as refused:
        yield {"refused": refused.args[0]}
    # zipfile raises NotImplementedError for a packing it does not know, RuntimeError for a file with a password.
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        yield {"refused": "damaged"}


def _chosen(workbook: CalamineWorkbook, sheet: str) -> str:
    names = [str(name) for name in workbook.sheet_names]
    if not names:
        raise _Refused("no_sheets")
    if sheet and sheet not in names:
        raise _Refused("no_such_sheet")
    return sheet or names[0]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _check_size(path: str, most_bytes: int, most_cells: int) -> None:
    """Unpack every part once, counting, before a reader is let loose on it: what the archive states may be a lie."""
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise _Refused("other_document")
        left = most_bytes
        for part in archive.infolist():
            left = _unpacked(archive, part, left, most_cells)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, most_cells: int) -> int:
    is_sheet = part.filename.startswith("xl/worksheets/")
    width = height = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise _Refused("too_large")
            if is_sheet:
                for column, row in _REFERENCE.findall(tail + chunk):
                    width = max(width, _column(column))
                    height = max(height, int(row))
                tail = chunk[-_LONGEST_REFERENCE:]
    if width * height > most_cells:
        raise _Refused("too_many_cells")
    return left


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
