"""Long work that writes files: exports of cases and of contacts."""

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from sqlalchemy import Connection

from app.cases.exporting import FETCHED_AT_ONCE, Cell, Export, Format, count_rows, export_of, rows_of
from app.contacts import exporting as contact_exporting
from app.contacts.exporting import ContactExport
from app.core import clock
from app.core.cells import neutral
from app.core.db import db, session
from app.core.errors import NotFound
from app.core.i18n import DEFAULT_LANGUAGE, in_language
from app.core.i18n import lazy_gettext as _l
from app.files.store import incoming, store_file
from app.models import AppUser, Work
from app.work.running import Keep

LARGEST_FILE = 2 * 2**30
ROWS_OF_A_SHEET = 1_048_576
"""A sheet of XLSX has no more rows (ECMA-376); the rest goes on in another."""
_COLUMN_WIDTH = 18
_DIGITS_OF_A_NUMBER = 15
"""Digits that a cell of a spreadsheet keeps: it stores a double."""
_FIRST_DAY = date(1900, 3, 1)


def export_cases(work: Work, keep: Keep) -> dict[str, Any]:
    """Write the file and keep it for the user; one that was interrupted is written anew."""

    def make(user: AppUser) -> "_Source":
        export = export_of(work, user)
        return _Source(export, lambda there: count_rows(export, there), lambda there: rows_of(export, there))

    return _kept(work, keep, make, _l("Cases %(day)s"))


def export_contacts(work: Work, keep: Keep) -> dict[str, Any]:
    """The same for contacts."""

    def make(user: AppUser) -> "_Source":
        export = contact_exporting.export_of(work, user)
        return _Source(
            export,
            lambda there: contact_exporting.count_rows(export, there),
            lambda there: contact_exporting.rows_of(export, there),
        )

    return _kept(work, keep, make, _l("Contacts %(day)s"))


@dataclass(frozen=True)
class _Source:
    """Where the rows of a file come from."""

    export: "_Exported"
    count: Callable[[Connection], int]
    rows: Callable[[Connection], Iterator[Sequence[Cell]]]


_Exported = Export | ContactExport


def _kept(work: Work, keep: Keep, make: Callable[[AppUser], _Source], title: Any) -> dict[str, Any]:
    if "file_id" in work.place:
        return {"file_id": work.place["file_id"]}  # a worker died between the file and the end of the work
    user = session.get(AppUser, work.created_by_id) if work.created_by_id else None
    if user is None:
        raise NotFound(_l("Whoever asked for this is gone."))
    kind = Format(work.params["format"])
    user_id = user.id
    with in_language(user.language or DEFAULT_LANGUAGE), tempfile.TemporaryDirectory(dir=incoming()) as folder:
        path = Path(folder) / f"export.{kind}"
        _write(path, kind, make(user), keep)
        with keep.batch() as held, path.open("rb") as content:
            name = str(title) % {"day": clock.now().date().isoformat()}
            actor = session.get_one(AppUser, user_id)
            file = store_file(f"{name}.{kind}", content, actor=actor, limit=LARGEST_FILE)
            held.place = {"file_id": file.id}
            return {"file_id": file.id}


def _write(path: Path, kind: Format, source: _Source, keep: Keep) -> None:
    """All rows come from one snapshot, on a connection of its own: the progress is written on the other."""
    with _snapshot() as connection:
        total = source.count(connection)
        with keep.batch() as held:
            held.total, held.done = total, 0
        with _OPENED[kind](path, source.export) as file:
            file.write(source.export.titles)
            rows = source.rows(connection)
            while batch := list(islice(rows, FETCHED_AT_ONCE)):
                for row in batch:
                    file.write(row)
                with keep.batch() as held:
                    held.done += len(batch)


@contextmanager
def _snapshot() -> Iterator[Connection]:
    with db.engine.connect().execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    ) as connection:
        yield connection


class _File(Protocol):
    def write(self, cells: Sequence[Cell]) -> None: ...


class _Csv:
    """UTF-8 with a mark, which spreadsheets need to see; semicolons where the comma is in numbers."""

    def __init__(self, handle: Any, export: _Exported) -> None:
        self._writer = csv.writer(handle, delimiter=";" if export.language == "pl" else ",")

    def write(self, cells: Sequence[Cell]) -> None:
        self._writer.writerow([_csv_text(cell) for cell in cells])


class _Xlsx:
    """Typed cells; written row by row, so that memory does not grow with the file."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._row = 0
        self._titles: Sequence[Cell] = ()
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = book.add_format({"num_format": "hh:mm"})
        self._bold = book.add_format({"bold": True})

    def write(self, cells: Sequence[Cell]) -> None:
        if not self._titles:
            self._titles = tuple(cells)
            self._begin_sheet()
            return
        if self._row == ROWS_OF_A_SHEET:
            self._begin_sheet()
        for place, cell in enumerate(cells):
            self._cell(place, cell)
        self._row += 1

    def _begin_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.set_column(0, max(0, len(self._titles) - 1), _COLUMN_WIDTH)
        self._sheet.freeze_panes(1, 0)
        for place, title in enumerate(self._titles):
            self._sheet.write_string(0, place, str(title), self._bold)
        self._row = 1

    def _cell(self, place: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if _is_changed_by_spreadsheets(cell):
            self._sheet.write_string(self._row, place, _csv_text(cell))
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(self._row, place, cell, self._moment)
        elif isinstance(cell, date):
            self._sheet.write_datetime(self._row, place, cell, self._day)
        elif isinstance(cell, time):
            self._sheet.write_datetime(self._row, place, cell, self._time)
        elif isinstance(cell, int | Decimal):
            self._sheet.write_number(self._row, place, cell)
        else:
            # Never `write`: text that begins with "=" would become a formula.
            self._sheet.write_string(self._row, place, str(cell))


@contextmanager
def _csv_file(path: Path, export: _Exported) -> Iterator[_File]:
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        yield _Csv(handle, export)


@contextmanager
def _xlsx_file(path: Path, _export: _Exported) -> Iterator[_File]:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        yield _Xlsx(book)


_OPENED = {Format.CSV: _csv_file, Format.XLSX: _xlsx_file}


def _is_changed_by_spreadsheets(cell: Cell) -> bool:
    """A number that a float does not hold, or a day that spreadsheets, which know a 29 February 1900, get wrong."""
    if isinstance(cell, int | Decimal):
        digits = Decimal(cell).normalize().as_tuple().digits
        return len(digits) > _DIGITS_OF_A_NUMBER
    if isinstance(cell, datetime):
        return cell.date() < _FIRST_DAY
    return isinstance(cell, date) and cell < _FIRST_DAY


def _csv_text(cell: Cell) -> str:
    """The cell as text; what a spreadsheet would run as a formula gets an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date | time):
        return cell.isoformat()
    text = str(cell)
    return neutral(text) if isinstance(cell, str) else text
