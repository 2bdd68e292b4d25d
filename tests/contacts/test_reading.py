"""Tables that other programs wrote, good and bad, in every encoding and with every separator."""

import csv
import io
import os
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import date
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contacts import reading, spreadsheets
from app.contacts.encodings import ENCODINGS
from app.contacts.mapping import guess_mapping
from app.contacts.reading import SEPARATORS, Layout
from app.core.errors import Invalid, TooLarge
from tests.supervisor.running import ROOT

POLISH = "AaĄąBbCcĆćDdEeĘęKkLlŁłMmNnŃńOoÓóSsŚśZzŹźŻż0123456789 -.@"
WORDS = [
    "Łódź",
    "Świętosława",
    "Źrebak",
    "Żółw",
    "Gąsior",
    "Kraków",
    "ul. Długa 5",
    "500 100 200",
    "a@example.com",
    "x;y",
    "a,b",
]
CELL = st.text(st.sampled_from(POLISH + ';,|\t"\n'), max_size=12).map(str.strip)


def written(path: Path, rows, encoding="utf-8", separator=";") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def cells(path: Path, layout: Layout) -> list[list[str]]:
    return [row.cells for row in reading.rows(path, layout)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=6)),
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from(sorted(SEPARATORS)),
)
def test_any_table_is_read_back_as_it_was_written(tmp_path, rows, encoding, separator):
    path = written(tmp_path / "any.csv", [["first", *["other"] * 4], *rows], encoding, separator)
    kept = [row for row in rows if len(row) > 1 or any(row)]
    assert cells(path, Layout(encoding=encoding, separator=separator)) == kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=3), min_size=1, max_size=20),
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from(sorted(SEPARATORS)),
)
def test_encoding_separator_and_header_are_found(tmp_path, rows, encoding, separator):
    titles = ["Imię i nazwisko", "Telefon", "E-mail"]
    path = written(tmp_path / "found.csv", [titles, *rows], encoding, separator)
    head = reading.detect(path)
    assert (head.columns(), head.layout.has_header) == (titles, True)
    assert cells(path, head.layout) == rows


def test_a_byte_that_both_say_differently_decides_between_the_two_polish_encodings(tmp_path):
    rows = [["Imię", "Nazwisko"], ["Świętosława", "Żółć"]]
    for encoding in ("cp1250", "iso8859-2"):
        assert reading.detect(written(tmp_path / "x.csv", rows, encoding)).layout.encoding == encoding


def test_capitals_that_happen_to_be_valid_utf8_are_not_taken_for_it(tmp_path):
    path = written(tmp_path / "x.csv", [["Nazwa", "Miasto"], ["MĘŻCZYZNA", "Radom"]], "cp1250")
    assert reading.detect(path).layout.encoding == "cp1250"


def test_a_file_without_a_header_has_numbered_columns(tmp_path):
    path = written(tmp_path / "x.csv", [["Jan Próbny", "500100200"], ["Ewa Próbna", "500100201"]])
    layout = reading.detect(path).layout
    assert not layout.has_header
    assert len(cells(path, layout)) == 2


def test_equal_titles_are_told_apart_and_all_of_them_kept(tmp_path):
    path = written(tmp_path / "x.csv", [["Telefon", "Telefon", "", "Telefon"], ["1", "2", "3", "4"]])
    head = reading.detect(path)
    assert head.columns()[:2] == ["Telefon", "Telefon (2)"]
    assert head.repeated_titles() == ["Telefon"]
    assert cells(path, head.layout) == [["1", "2", "3", "4"]]
    assert guess_mapping(head.columns()) == {"0": "phone", "1": "phone", "3": "phone"}


def test_rows_are_numbered_as_lines_of_the_file(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('a;b\n\n"two\nlines";2\nlast;3\n')
    numbers = [row.number for row in reading.rows(path, Layout())]
    assert numbers == [3, 5]
    assert [row.number for row in reading.rows(path, Layout(), after=3)] == [5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\r\n\r\n  \r\n", "blank lines"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(3000), "binary"),
        (b"PK\x03\x04 not a zip at all", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path, content, words):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=words):
        reading.detect(path)


def test_a_nul_in_a_line_is_named_with_its_line(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a;b\n1;2\n3;\x004\n")
    with pytest.raises(Invalid, match="Line 3"):
        cells(path, reading.detect(path).layout)


def test_a_wrong_encoding_is_named_with_its_line(tmp_path):
    path = written(tmp_path / "x.csv", [["a", "b"], ["Łódź", "1"]], "cp1250")
    with pytest.raises(Invalid, match="Choose another encoding"):
        cells(path, Layout(encoding="utf-8"))


def test_a_quotation_mark_that_is_never_closed_is_named_and_does_not_fill_the_memory(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('a;b\n1;"open\n' + "more;text\n" * 300_000)
    with pytest.raises(Invalid, match="line 2"):
        cells(path, Layout())


def test_200_megabytes_are_read_in_little_memory(tmp_path):
    path = tmp_path / "big.csv"
    line = ("Jan Próbny;500 100 200;" + "x" * 975 + "\r\n").encode("cp1250")
    with path.open("wb") as file:
        file.write("Imię;Telefon;Uwagi\r\n".encode("cp1250"))
        for _piece in range(100):
            file.write(line * 2000)
    assert path.stat().st_size > 200_000_000
    tracemalloc.start()
    try:
        layout = reading.detect(path).layout
        count = sum(1 for _row in islice(reading.rows(path, layout), 20_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (layout.encoding, layout.separator, count) == ("cp1250", ";", 20_000)
    assert peak < 16 * 2**20


def test_one_endless_line_is_refused_without_reading_it_whole(tmp_path):
    path = tmp_path / "line.csv"
    path.write_bytes(b"a;b\n" + b"x" * 30_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match="never closed"):
            cells(path, Layout())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 2**20


def _workbook(path: Path, rows) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_keeps_numbers_whole_and_dates_readable(tmp_path):
    rows = [["Nazwisko", "Telefon", "Od"], ["Żółw", 48500100200, None], ["=1+1", "+48 500", date(2026, 3, 31)]]
    path = _workbook(tmp_path / "x.xlsx", rows)
    layout = reading.detect(path).layout
    assert layout.kind == "xlsx"
    assert cells(path, layout) == [["Żółw", "48500100200", ""], ["", "+48 500", "2026-03-31"]]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    path = _workbook(tmp_path / "x.xlsx", [["a"] * 20] * 200)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(3 * 2**20))
    monkeypatch.setattr(spreadsheets, "UNPACKED_LIMIT", 2 * 2**20)
    with pytest.raises(TooLarge):
        reading.detect(path)


def test_a_sheet_with_one_cell_far_away_is_refused_before_it_is_unfolded(tmp_path):
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "far"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(TooLarge):
        reading.detect(tmp_path / "x.xlsx")


def test_what_a_page_shows_of_a_file_is_kept_with_the_import(tmp_path):
    rows = [["Name", "Note"], *([f"Jan {number}", "new"] for number in range(100))]
    head = reading.read_head(_workbook(tmp_path / "x.xlsx", rows), Layout(kind="xlsx"))
    kept = reading.Head.from_document(head.as_document(), head.layout)
    assert kept == head
    assert (kept.columns(), [row.number for row in kept.rows()]) == (["Name", "Note"], list(range(2, 22)))


def test_of_huge_cells_few_rows_are_kept(tmp_path):
    path = written(tmp_path / "x.csv", [["a", "b"], *[["x" * 90_000, "y"]] * 20])
    head = reading.read_head(path, Layout())
    assert 1 <= len(head.rows()) < 20
    assert sum(len(cell) for row in head.records for cell in row.cells) <= 500_000


def test_a_sheet_that_is_not_there_is_named(tmp_path):
    path = _workbook(tmp_path / "x.xlsx", [["a", "b"]])
    assert reading.read_head(path, Layout(kind="xlsx")).layout.sheet == "Sheet"
    with pytest.raises(Invalid, match="Prices"):
        reading.read_head(path, Layout(kind="xlsx", sheet="Prices"))


WATCHED = """
import sys, time
from pathlib import Path
import gevent
from app.contacts import reading

pauses = []

def tick():
    while True:
        before = time.monotonic()
        gevent.sleep(0.01)
        pauses.append(time.monotonic() - before)

ticking = gevent.spawn(tick)
gevent.sleep(0)
begun = time.monotonic()
reading.detect(Path(sys.argv[1]))
print(len(pauses), max(pauses) / (time.monotonic() - begun))
"""


def test_a_web_worker_answers_others_while_a_workbook_is_parsed(tmp_path):
    path = _workbook(tmp_path / "x.xlsx", [[f"cell {row} {column}" for column in range(20)] for row in range(10_000)])
    (tmp_path / "watched.py").write_text(WATCHED)
    words = [sys.executable, "-m", "gevent.monkey", "--module", "watched", str(path)]
    environ = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    said = subprocess.run(words, env=environ, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ticks, longest = said.split()
    assert int(ticks) > 5
    assert float(longest) < 0.5
