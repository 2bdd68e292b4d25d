"""What somebody types counts in the browser as it does on the server: numbers, dates, times, in both languages."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.core.errors import Invalid
from app.formbuilder.editing import new_field
from app.formbuilder.expression import plain, typed
from app.formbuilder.registry import answer_type
from tests.formbuilder.formula_samples import browser_half

DIGITS = [
    "1642,10",
    "1 642,10",
    "1\u00a0642.10",
    "1,642.10",
    "1.642,10",
    "1,642",
    "12,5",
    "-3",
    "−3",
    "0",
    "-0",
    ",5",
    ".5",
]
ODD = [
    "",
    "-",
    "1,2,3",
    "1.2.3",
    "1,642,100",
    "1 64",
    "1e3",
    "0x1",
    "١",
    "1'642",
    "12,1234567",
    "9" * 19,
    "5 zł",
    "PLN 5",
]
DATES = ["4.09.2026", "2026-09-04", "2026-9-4", "04/09/2026", "13/09/2026", "9/9/2026", "4-9-2026", "4 września 2026"]
NAMED = [
    "4 wrz 2026",
    "4 Sept 2026",
    "4 sep 2026",
    "4. maja 2026",
    "4 May 2026",
    "4 xxx 2026",
    "29.02.2026",
    "29.02.2024",
]
EDGES = ["31.04.2026", "1.1.1849", "1.1.1850", "31.12.2200", "1.1.2201", "4.09.26", "4.0", "2026-09"]
TIMES = ["9:30", "09.30", "24:00", "9:60", "9:30:15", "9:30 pm", "12:00 a.m.", "13:00 pm", "930", ""]
KINDS = {"money": DIGITS + ODD, "rating": ["5", "7"], "date": DATES + NAMED + EDGES + [""], "time": TIMES}


@pytest.fixture(scope="module")
def in_browser():
    with browser_half("reading_samples.js") as results:
        yield results


def on_server(kind, text, language):
    """What formulas read of the text when it is saved; None when it is refused."""
    try:
        value = kind.parse(text, language=language)
    except Invalid:
        return None
    stored = None if value is None else kind.to_document(value)
    return plain(typed(kind.sort, kind.in_formulas(stored))) if stored is not None else None


def compared(in_browser, kind_name, texts, language):
    config = {"style": "nps"} if kind_name == "rating" else {}
    kind = answer_type(new_field(kind_name, page="p", title="x", config=config))
    field = {"kind": kind_name, "sort": kind.sort, "units": ["PLN", "zł"] if kind_name == "money" else []}
    how = {"language": language, "zone": "Europe/Warsaw"}
    theirs = in_browser([{"field": field, "raw": text, "how": how} for text in texts])
    theirs = [plain(typed(kind.sort, value)) for value in theirs]
    return list(zip(texts, (on_server(kind, text, language) for text in texts), theirs, strict=True))


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_texts_count_as_on_the_server(in_browser, kind, language):
    differing = [row for row in compared(in_browser, kind, KINDS[kind], language) if row[1] != row[2]]
    # The server takes no more decimal places than the currency has; the browser leaves that to it.
    assert [row for row in differing if row[1] is not None or kind != "money"] == []


@pytest.mark.parametrize("language", ["pl", "en"])
def test_whatever_the_server_writes_is_read(in_browser, language):
    random = Random(7)  # noqa: S311 - samples
    start = datetime(2020, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(minutes=random.randint(0, 10_000_000)) for _ in range(200)]
    moments += [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in range(3)]
    moments += [datetime(2026, 3, 29, hour, 30, tzinfo=UTC) for hour in range(3)]
    kinds = {"date_time": moments, "date": [moment.date() for moment in moments]}
    for name, values in kinds.items():
        kind = answer_type(new_field(name, page="p", title="x"))
        rows = compared(in_browser, name, [kind.to_input(value, language) for value in values], language)
        assert all(mine is not None and mine == theirs for _, mine, theirs in rows), rows
    skipped = compared(
        in_browser, "date_time", ["29.03.2026 02:30", "2026-03-29T02:30", "29.03.2026", "4.09.2026, 9.30"], language
    )
    assert [(mine, theirs) for _, mine, theirs in skipped[:3]] == [(None, None)] * 3
    assert skipped[3][1] == skipped[3][2] == "2026-09-04T07:30+00:00"
