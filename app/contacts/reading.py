"""Reading tables that other programs wrote: which encoding, which separator, which row is the header.

Rows are streamed: a file of any size is read in bounded memory. CSV is read here, XLSX in `spreadsheets.py`.
"""

import csv
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from app.contacts import spreadsheets
from app.contacts.encodings import ENCODINGS, detect_encoding, is_binary
from app.contacts.mapping import looks_like_header
from app.core.errors import Invalid, TooLarge
from app.core.i18n import lazy_gettext as _l

SEPARATORS = {";": _l("semicolon"), ",": _l("comma"), "\t": _l("tab"), "|": _l("vertical bar")}
ROW_LIMIT = 2_000_000
LINE_LIMIT = 1_000_000
"""Characters of one line; a longer one is no table, or a quotation mark that nobody closed."""
CELL_LIMIT = 100_000
COLUMN_LIMIT = 500
_SAMPLE_LINES = 200
PREVIEW_ROWS = 20
_HEAD_ROWS = PREVIEW_ROWS + 1
_HEAD_CHARACTERS = 500_000
_FIRST_CELL_LIMIT = 1000
_TITLE_LIMIT = 120


@dataclass(frozen=True)
class Layout:
    """How a file is to be read. Kept with the import, and open to correction by a person."""

    kind: str = "csv"
    encoding: str = "utf-8"
    separator: str = ";"
    has_header: bool = True
    sheet: str = ""

    def as_document(self) -> dict[str, Any]:
        """For the column `imports.layout`."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Layout":
        """What `as_document` wrote; raises Invalid on an encoding or separator that we do not read."""
        layout = cls(**{key: value for key, value in document.items() if key in cls.__dataclass_fields__})
        if layout.encoding not in ENCODINGS or layout.separator not in SEPARATORS:
            raise Invalid(_l("This encoding or separator is not among those that can be read."))
        return layout


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row: its number as a person counts lines in the file, and its cells as text."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Head:
    """The first rows of a file, its header among them: all that is shown before an import runs."""

    layout: Layout
    records: tuple[SourceRow, ...]

    def columns(self) -> list[str]:
        """Titles of the columns; “Column 3” where the file has none. Equal titles are told apart by a number."""
        seen: Counter[str] = Counter()
        result = []
        for place, title in enumerate(self._titles(), start=1):
            seen[title] += 1
            if not title:
                result.append(str(_l("Column %(number)s", number=place)))
            else:
                result.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
        return result

    def repeated_titles(self) -> list[str]:
        """Titles that more than one column has, as they stand in the file."""
        return [title for title, count in Counter(self._titles()).items() if title and count > 1]

    def rows(self) -> Sequence[SourceRow]:
        """The rows below the header."""
        return self.records[1:] if self.layout.has_header else self.records

    def as_document(self) -> dict[str, Any]:
        """For the column `imports.head`. A NUL, which PostgreSQL does not take, is shown as an unknown character."""
        return {
            "records": [
                {"number": row.number, "cells": [cell.replace("\0", "\ufffd") for cell in row.cells]}
                for row in self.records
            ]
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any], layout: Layout) -> "Head":
        """What `as_document` wrote."""
        return cls(layout, tuple(SourceRow(row["number"], row["cells"]) for row in document["records"]))

    def _titles(self) -> list[str]:
        cells = self.records[0].cells
        return [" ".join(cell.split())[:_TITLE_LIMIT] if self.layout.has_header else "" for cell in cells]


def detect(path: Path) -> Head:
    """The layout that fits the file, and its first rows. Raises Invalid when it is empty or no table at all."""
    if path.stat().st_size == 0:
        raise Invalid(_l("The file is empty. Nothing was imported."))
    with path.open("rb") as stream:
        start = stream.read(65536)
    if start.startswith(spreadsheets.ZIP):
        layout = Layout(kind="xlsx")
    elif is_binary(start):
        raise Invalid(
            _l("This is not a table in text: the file looks binary. Export it as CSV or XLSX and choose that file.")
        )
    else:
        with path.open("rb") as stream:
            encoding = detect_encoding(stream)
        layout = Layout(encoding=encoding, separator=_separator(path, encoding))
    head = read_head(path, layout)
    return replace(head, layout=replace(head.layout, has_header=looks_like_header(head.records[0].cells)))


def read_head(path: Path, layout: Layout) -> Head:
    """The first rows of a file that is read in this way. Raises Invalid when it cannot be, or is blank."""
    if layout.kind == "xlsx":
        sheet, found = spreadsheets.begin_sheet(path, layout.sheet, _HEAD_ROWS)
        layout = replace(layout, sheet=sheet)
        records = [SourceRow(number, cells) for number, cells in found]
    else:
        with closing(_records(path, layout)) as all_records:
            records = list(islice(all_records, _HEAD_ROWS))
    if not records:
        raise Invalid(_l("There is nothing but blank lines in this file. Nothing was imported."))
    if len(records[0].cells) > COLUMN_LIMIT:
        raise TooLarge(_l("The file has more than %(limit)s columns.", limit=COLUMN_LIMIT))
    return Head(layout, tuple(_kept(records)))


def _kept(records: Iterable[SourceRow]) -> Iterator[SourceRow]:
    """As many as a page can well show: of a file with huge cells less than of others, but always its first row."""
    left = _HEAD_CHARACTERS
    for place, record in enumerate(records):
        left -= sum(map(len, record.cells))
        if left >= 0:
            yield record
        elif place == 0:
            yield SourceRow(record.number, [cell[:_FIRST_CELL_LIMIT] for cell in record.cells])
        else:
            return


def rows(path: Path, layout: Layout, *, after: int = 0) -> Generator[SourceRow, None, None]:
    """The rows below the header whose number is greater than `after`. Raises Invalid where the file cannot be read."""
    with closing(_records(path, layout)) as records:
        if layout.has_header:
            next(records, None)
        for count, record in enumerate(records, start=1):
            if count > ROW_LIMIT:
                raise TooLarge(
                    _l("A file may have at most %(limit)s rows. Split it and import the parts.", limit=ROW_LIMIT)
                )
            if record.number > after:
                yield record


def _records(path: Path, layout: Layout) -> Generator[SourceRow, None, None]:
    if layout.kind == "xlsx":
        for number, cells in spreadsheets.read_sheet(path, layout.sheet):
            yield SourceRow(number, cells)
        return
    # newline="" leaves line breaks inside quoted cells alone, as the csv module asks for.
    with path.open(encoding=layout.encoding, newline="") as text:
        yield from _csv_records(text, layout.encoding, layout.separator)


def _csv_records(text: TextIO, encoding: str, separator: str) -> Iterator[SourceRow]:
    reader = csv.reader(_lines(text), delimiter=separator, strict=False)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError as error:
            raise Invalid(
                _l(
                    "Near line %(line)s there are characters that are not %(encoding)s. Choose another encoding.",
                    line=reader.line_num + 1,
                    encoding=encoding,
                )
            ) from error
        except csv.Error as error:
            raise _unreadable(start) from error
        if any(len(cell) > CELL_LIMIT for cell in cells):
            raise _unreadable(start)
        if cells and (len(cells) > 1 or cells[0].strip()):
            yield SourceRow(start, cells)
        start = reader.line_num + 1


def _lines(text: TextIO) -> Iterator[str]:
    number = 0
    while line := text.readline(LINE_LIMIT + 1):
        number += 1
        if len(line) > LINE_LIMIT:
            raise _unreadable(number)
        if "\0" in line:
            raise Invalid(
                _l("Line %(line)s has a NUL character in it, so the file is damaged or not text.", line=number)
            )
        yield line


def _unreadable(line: int) -> Invalid:
    return Invalid(
        _l(
            "From line %(line)s on, a cell is longer than %(limit)s characters. "
            "Most likely a quotation mark is opened there and never closed.",
            line=line,
            limit=CELL_LIMIT,
        )
    )


def _separator(path: Path, encoding: str) -> str:
    """The separator under which most rows have as many cells as the first one."""
    best, best_score = ";", (0.0, 0)
    for separator in SEPARATORS:
        records = _records(path, Layout(encoding=encoding, separator=separator))
        with closing(records):
            try:
                widths = [len(record.cells) for record in islice(records, _SAMPLE_LINES)]
            except Invalid:
                continue
        if not widths or widths[0] < 2:  # noqa: PLR2004  (one cell means that it separates nothing)
            continue
        score = (round(widths.count(widths[0]) / len(widths), 2), widths[0])
        if score > best_score:
            best, best_score = separator, score
    return best
