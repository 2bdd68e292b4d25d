"""Exports: what the user may see, typed, and nothing that a spreadsheet would run."""

import csv
import io
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app.cases.exporting import Format, start_export
from app.cases.listing_query import CaseQuery, QuickView
from app.cases.saving import CaseChanges, save_case
from app.core import clock
from app.core.db import session as rows
from app.core.db import transaction
from app.core.errors import Forbidden
from app.files.store import incoming, open_file
from app.formbuilder.expression import check
from app.jobs.exports import export_cases
from app.jobs.work import run
from app.models import Case, StoredFile, Work
from app.models.work import WorkState
from app.work.rows import LEASE, stop_work
from app.work.running import claim
from tests import factories


def _exported(query: CaseQuery, kind: Format, actor: Any) -> tuple[Work, bytes]:
    with transaction():
        work_id = start_export(query, kind, actor=actor).id
    run(work_id)
    work = rows.get_one(Work, work_id)
    assert work.state == WorkState.DONE, work.error
    with open_file(rows.get_one(StoredFile, work.result["file_id"])) as content:
        return work, content.read()


def _table(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


@pytest.fixture
def manager(session: Any) -> Any:
    return factories.a_user("manager")


def test_a_campaign_is_exported_with_the_answers_of_its_form(manager: Any) -> None:
    """One column for each field that the user may see, titled by the current version, numbers as numbers."""
    amount = factories.a_field("number", title="Amount")
    day = factories.a_field("date", title="Visit on")
    secret = factories.a_field(title="Margin", visible_roles=("admin",))
    script = factories.a_working_script()
    script.form = factories.a_form(amount, day, secret)
    campaign = factories.a_campaign(script=script)
    case = factories.an_open_case(campaign, subject="=2+2")
    factories.an_open_case()
    typed = {amount.id: "12,5" if manager.language == "pl" else "12.5", day.id: "2026-11-18"}
    save_case(case, CaseChanges(answers=typed), loaded_version=case.version, actor=manager)
    _work, content = _exported(CaseQuery(view=QuickView.ALL, campaigns=(campaign.id,)), Format.XLSX, manager)
    titles, row = _table(content)
    assert titles[-2:] == ["Amount", "Visit on"]
    assert row[titles.index("Number")] == case.number
    assert row[titles.index("Subject")] == "=2+2"
    assert float(row[titles.index("Amount")]) == 12.5
    assert isinstance(row[titles.index("Visit on")], datetime)
    assert isinstance(row[titles.index("Opened")], datetime)


def test_an_answer_that_a_condition_hides_is_in_the_file_and_marked(manager: Any) -> None:
    reason = factories.a_field("text", title="Reason")
    meter = factories.a_field(
        "text", title="Meter", visible_if=check(["eq", ["field", reason.id], ["text", "reading"]])
    )
    script = factories.a_working_script()
    script.form = factories.a_form(reason, meter)
    campaign = factories.a_campaign(script=script)
    case = factories.an_open_case(campaign)
    for answers in ({reason.id: "reading", meter.id: "M-7"}, {reason.id: "price"}):
        save_case(case, CaseChanges(answers=answers), loaded_version=case.version, actor=manager)
    _work, content = _exported(CaseQuery(view=QuickView.ALL, campaigns=(campaign.id,)), Format.XLSX, manager)
    titles, row = _table(content)
    assert row[titles.index("Meter")] == "M-7"
    assert row[titles.index("Hidden by a condition")] == "Meter"


def test_a_text_file_is_safe_for_spreadsheets(manager: Any) -> None:
    campaign = factories.a_campaign(script=factories.a_working_script())
    for subject in ("=cmd|' /C calc'!A0", "@sum(1)", 'Zażółć; "gęślą"'):
        factories.an_open_case(campaign, subject=subject)
    work, content = _exported(CaseQuery(view=QuickView.ALL), Format.CSV, manager)
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["Subject"] for row in table] == ["'=cmd|' /C calc'!A0", "'@sum(1)", 'Zażółć; "gęślą"']
    assert (work.done, work.total) == (3, 3)


def test_only_what_the_user_may_see(session: Any) -> None:
    supervisor = factories.a_user("supervisor")
    mine = factories.an_open_case(factories.a_campaign(supervisor, script=factories.a_working_script()))
    factories.an_open_case()
    _work, content = _exported(CaseQuery(view=QuickView.ALL), Format.XLSX, supervisor)
    titles, *found = _table(content)
    assert [row[titles.index("Number")] for row in found] == [mine.number]
    with pytest.raises(Forbidden):
        start_export(CaseQuery(), Format.CSV, actor=factories.a_user("agent"))


def test_who_lost_the_right_meanwhile_gets_nothing(manager: Any) -> None:
    with transaction():
        work_id = start_export(CaseQuery(), Format.CSV, actor=manager).id
    manager.roles = [factories.a_role("agent")]
    rows.commit()
    run(work_id)
    assert rows.get_one(Work, work_id).state == WorkState.FAILED
    assert rows.scalars(select(StoredFile)).all() == []


def test_it_can_be_stopped(manager: Any) -> None:
    with transaction():
        work = start_export(CaseQuery(), Format.CSV, actor=manager)
        stop_work(work)
    run(work.id)
    assert rows.get_one(Work, work.id).state == WorkState.STOPPED


def test_nothing_is_written_outside_the_home(manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(incoming().iterdir())
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    for kind in Format:
        _exported(CaseQuery(view=QuickView.ALL), kind, manager)
    assert list(incoming().iterdir()) == before


def test_a_worker_that_dies_behind_the_file_leaves_no_second_one(manager: Any) -> None:
    with transaction():
        work = start_export(CaseQuery(), Format.CSV, actor=manager)
    keep = claim(work.id)
    assert keep is not None
    export_cases(work, keep)
    with clock.stopped_at(clock.now() + LEASE * 2):
        run(work.id)
    rows.refresh(work)
    assert work.state == WorkState.DONE
    assert rows.scalars(select(StoredFile.id)).all() == [work.result["file_id"]]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("number", "12345678901234567", "12345678901234567"),
        ("number", "-123456789012345.67", "-123456789012345.67"),
        ("number", "120000000000000000", 120000000000000000),
        ("date", "1899-12-31", "1899-12-31"),
        ("date", "1900-02-28", "1900-02-28"),
        ("date", "1900-03-01", datetime.fromisoformat("1900-03-01")),
    ],
)
def test_what_a_spreadsheet_would_change_is_written_as_text(manager: Any, kind: str, typed: str, kept: Any) -> None:
    field = factories.a_field(kind, title="Value")
    script = factories.a_working_script()
    script.form = factories.a_form(field)
    campaign = factories.a_campaign(script=script)
    case = factories.an_open_case(campaign)
    manager.language = "en"
    save_case(case, CaseChanges(answers={field.id: typed}), loaded_version=case.version, actor=manager)
    rows.commit()
    _work, content = _exported(CaseQuery(view=QuickView.ALL, campaigns=(campaign.id,)), Format.XLSX, manager)
    titles, row = _table(content)
    assert row[titles.index("Value")] == kept


def test_rows_are_in_the_order_of_their_opening(manager: Any) -> None:
    campaign = factories.a_campaign(script=factories.a_working_script())
    cases: Sequence[Case] = [factories.an_open_case(campaign) for _number in range(3)]
    for age, case in enumerate(cases):
        case.created_at = datetime(2026, 11, 17, tzinfo=UTC) - timedelta(days=age)
    _work, content = _exported(CaseQuery(view=QuickView.ALL), Format.XLSX, manager)
    titles, *found = _table(content)
    assert [row[titles.index("Number")] for row in found] == [case.number for case in reversed(cases)]
