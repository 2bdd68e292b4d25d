"""Reading XLSX, in a process of its own and with caps against files that unpack to more than a machine can hold."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from app.core.errors import Invalid, SplotError, TooLarge, Unavailable
from app.core.i18n import lazy_gettext as _l

ZIP = b"PK\x03\x04"
UNPACKED_LIMIT = 256 * 2**20
"""Bytes of all parts of a workbook together, unpacked."""
CELL_COUNT_LIMIT = 5_000_000
"""Cells of the rectangle around the used part of a sheet: it is held in memory, about 32 bytes each."""

_READER = Path(__file__).with_name("sheet_process.py")


def begin_sheet(path: Path, sheet: str, limit: int) -> tuple[str, list[tuple[int, list[str]]]]:
    """The name of the sheet, of the first one for "", and its first rows, as `read_sheet` gives them."""
    with closing(_told(path, sheet)) as lines:
        name = next(lines)["sheet"]
        return name, [(number, cells) for number, cells in islice(lines, limit)]


def read_sheet(path: Path, sheet: str) -> Generator[tuple[int, list[str]], None, None]:
    """Row numbers as the spreadsheet shows them, and the cells as text, without blank rows.

    Raises Invalid when the file is damaged or no workbook, or has no such sheet; TooLarge beyond the caps.
    """
    with closing(_told(path, sheet)) as lines:
        next(lines)
        yield from lines


def _told(path: Path, sheet: str) -> Generator[Any, None, None]:
    """What the other process writes, line by line; it ends when this generator is closed.

    Waiting for it lets a web worker answer others meanwhile: gevent's pipes give way.
    """
    # -P: modules of this folder must not stand in for those of Python that have the same name.
    words = [sys.executable, "-P", str(_READER), str(path), sheet, str(UNPACKED_LIMIT), str(CELL_COUNT_LIMIT)]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            yield from _checked(process.stdout or (), sheet)
        except BaseException:
            process.kill()
            raise
    if process.returncode < 0:
        raise Unavailable(_l("This workbook could not be read to its end: memory ran out, or Splot was being stopped."))
    if process.returncode:
        raise _refusal("damaged", sheet)


def _checked(lines: Iterable[bytes], sheet: str) -> Generator[Any, None, None]:
    for line in lines:
        if not line.endswith(b"\n"):
            return  # it died while it wrote
        told = json.loads(line)
        if isinstance(told, dict) and "refused" in told:
            raise _refusal(told["refused"], sheet)
        yield told


def _refusal(reason: str, sheet: str) -> SplotError:
    if reason == "too_large":
        return TooLarge(_l("Unpacked, this workbook is larger than %(limit)s MB.", limit=UNPACKED_LIMIT >> 20))
    if reason == "too_many_cells":
        return TooLarge(
            _l("A sheet of this workbook has more than %(limit)s cells. Save it as CSV.", limit=CELL_COUNT_LIMIT)
        )
    return Invalid(
        {
            "other_document": _l("This is an archive or another kind of document, not an XLSX workbook."),
            "no_sheets": _l("There is no sheet in this workbook."),
            "no_such_sheet": _l("There is no sheet “%(sheet)s” in this workbook.", sheet=sheet),
        }.get(reason, _l("This workbook is damaged or protected by a password, so it cannot be read."))
    )
