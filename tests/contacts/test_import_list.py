"""The list of 10,000 contacts, compared with a slow and obvious reading of the same rows."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.contacts import imports
from app.models import HistoryEntry
from app.models.contacts import Contact, ContactEmail, ContactKind, ContactPhone
from app.models.imports import ImportRow
from app.models.work import WorkState

DATA = Path(__file__).parents[1] / "data"
FILE = DATA / "contacts_cp1250.csv"


def _maker():
    spec = spec_from_file_location("make_contacts", DATA / "make_contacts.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = _maker()


def _digits(cell: str) -> str:
    """Nine digits of a number that the maker wrote."""
    digits = re.sub(r"\D", "", re.split(r"\bw", cell)[0])
    for prefix in ("0048", "48", "0"):
        if len(digits) > 9 and digits.startswith(prefix):
            digits = digits.removeprefix(prefix)
    return digits


def _expected() -> dict[str, object]:
    """What must become of the rows when known numbers are skipped."""
    seen: set[str] = set()
    counts = {"created": 0, "updated": 0, "skipped": 0, "rejected": 0}
    emails, companies, people_without_all = set(), 0, 0
    for row in MAKER.make_rows():
        is_bad = len(row) != len(MAKER.HEADER) or row[3] in MAKER.BAD_PHONES or row[5] in MAKER.BAD_EMAILS
        if is_bad or not any(row):
            counts["rejected"] += 1
            continue
        numbers = {_digits(cell) for cell in row[3:5] if cell}
        if numbers & seen:
            counts["skipped"] += 1
            continue
        seen |= numbers
        counts["created"] += 1
        companies += bool(row[1])
        people_without_all += not (row[0] or row[1])
        if row[5]:
            emails.add(row[5].lower())
    return {"counts": counts, "numbers": seen, "emails": emails, "companies": companies, "unnamed": people_without_all}


@pytest.fixture(scope="module")
def expected():
    return _expected()


def test_the_file_is_the_one_that_the_maker_makes():
    assert FILE.read_bytes() == MAKER.as_bytes(MAKER.make_rows())


def test_figures_equal_the_database_and_the_slow_reading(session, send, carry_out, expected):
    imported = send(FILE.read_bytes(), FILE.name)
    work = carry_out(imported)
    assert (work.state, work.error) == (WorkState.DONE, None)
    assert imports.figures(imported) == expected["counts"]
    assert {key: work.result[key] for key in expected["counts"]} == expected["counts"]
    assert (work.total, work.done + work.failed) == (10_000, 10_000)
    assert work.failed == expected["counts"]["rejected"]

    assert session.scalar(select(func.count(Contact.id))) == expected["counts"]["created"]
    assert set(session.scalars(select(ContactPhone.number))) == {f"+48{number}" for number in expected["numbers"]}
    assert set(session.scalars(select(ContactEmail.address))) == expected["emails"]
    companies = select(func.count(Contact.id)).where(Contact.kind == ContactKind.COMPANY)
    assert session.scalar(companies) == expected["companies"]
    assert session.scalar(companies.where(Contact.tax_number.is_not(None))) == expected["companies"]
    unnamed = select(func.count(Contact.id)).where(Contact.last_name.is_(None), Contact.company_name.is_(None))
    assert session.scalar(unnamed) == expected["unnamed"]
    assert (
        session.scalar(select(func.count(HistoryEntry.id)).where(HistoryEntry.record == "contact"))
        == (expected["counts"]["created"])
    )


def test_a_dry_run_says_the_same_and_writes_no_contact(session, send, carry_out, expected):
    imported = send(FILE.read_bytes(), FILE.name)
    carry_out(imported, dry_run=True)
    assert imports.figures(imported) == expected["counts"]
    assert session.scalar(select(func.count(Contact.id))) == 0
    assert session.scalar(select(func.count(HistoryEntry.id)).where(HistoryEntry.record == "contact")) == 0


def test_importing_it_again_makes_nothing_and_undoing_it_leaves_nothing(session, send, carry_out, manager, expected):
    from app.core.db import transaction  # noqa: PLC0415
    from app.jobs.work import run  # noqa: PLC0415

    first = send(FILE.read_bytes(), FILE.name)
    carry_out(first)
    again = send(FILE.read_bytes(), FILE.name)
    carry_out(again)
    figures = imports.figures(again)
    assert (figures["created"], figures["skipped"]) == (0, 10_000 - expected["counts"]["rejected"])
    with transaction():
        undo = imports.undo_import(first, actor=manager)
    run(undo.id)
    session.expire_all()
    assert undo.result["deleted"] == expected["counts"]["created"]
    assert session.scalar(select(func.count(Contact.id))) == 0
    assert session.scalar(select(func.count()).select_from(ImportRow).where(ImportRow.import_id == first.id)) == 10_000
