"""A small demo, made by the code that makes the large one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import transaction
from app.jobs.work import run
from app.models import (
    Activity,
    AppUser,
    Callback,
    Campaign,
    Case,
    CaseAnswers,
    Contact,
    HistoryEntry,
    SavedView,
    Status,
    StoredFile,
    Team,
    Work,
    WorkProblem,
)
from app.models.activities import ActivityKind
from app.models.work import WorkState
from app.people.demo import CasesMade, Demo, cases_made, demo_here
from app.people.passwords import is_password
from app.seed.base import ensure_base
from app.seed.demo import filling
from app.seed.demo.begin import Size, begin_demo
from app.seed.gallery import gallery, ready_campaign

PASSWORD = "seven quiet herons"
WHOLE = Size(contacts=200, cases=400, first=100)
FEW = Size(contacts=50, cases=60, first=20)
NOW = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)


def begin(language="pl", size=FEW):
    """The id of the work of a demo that has begun, and is not carried out yet."""
    with transaction():
        ensure_base(PASSWORD)
    with clock.stopped_at(NOW), transaction():
        return begin_demo(PASSWORD, language=language, size=size).id


def test_the_demo_has_everything_that_it_promises_once(session):
    begun = begin(size=WHOLE)
    assert demo_here() == Demo(work_id=begun, is_filled=False)
    assert cases_made() == CasesMade(done=0, total=400)
    run(begun)
    assert demo_here() == Demo(work_id=begun, is_filled=True)
    assert cases_made() is None

    work = session.get_one(Work, begun)
    assert work.state is WorkState.DONE, work.error
    assert [(problem.subject, problem.reason) for problem in session.scalars(select(WorkProblem))] == []
    assert (work.done, work.failed) == (600, 0)
    assert set(work.result) == {"contacts", "first_cases", "rest_cases"}
    assert counts(session) == {"users": 20, "teams": 2, "campaigns": 6, "contacts": 200, "cases": 400}
    has_all_kinds_of_rows(session)
    history_tells_everything_in_the_past(session)
    callbacks_and_overdue_cases_wait(session)
    speaks(session, "pl")

    assert begin("en", WHOLE) == begun
    run(begun)
    assert counts(session) == {"users": 20, "teams": 2, "campaigns": 6, "contacts": 200, "cases": 400}
    assert session.scalar(select(func.count()).select_from(Work)) == 1


def has_all_kinds_of_rows(session):
    assert session.scalar(select(func.count()).select_from(AppUser).where(AppUser.is_demo)) == 20
    assert is_password(session.scalar(select(AppUser).filter_by(username="agent12")), PASSWORD)
    assert session.scalar(select(func.count()).select_from(SavedView)) >= 5
    assert session.scalar(select(func.count()).select_from(StoredFile)) > 0
    assert session.scalar(select(func.count()).select_from(CaseAnswers)) > 200
    assert session.scalar(select(func.count()).select_from(Contact).where(Contact.company_id.is_not(None))) == 40
    assert len(set(session.scalars(select(Status.kind).join(Case, Case.status_id == Status.id)))) >= 6


def history_tells_everything_in_the_past(session):
    cases = session.scalars(select(Case)).all()
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.record == "case").order_by(HistoryEntry.id)).all()
    assert all(NOW - timedelta(days=100) < entry.at < NOW for entry in entries)
    assert {entry.record_id: entry.after["version"] for entry in entries} == {case.id: case.version for case in cases}
    moved = select(func.count()).select_from(Activity).where(Activity.kind == ActivityKind.STATUS)
    assert session.scalar(moved) == sum(entry.action == "status" for entry in entries) > 300
    assert max(case.created_at for case in cases) - min(case.created_at for case in cases) > timedelta(days=80)


def callbacks_and_overdue_cases_wait(session):
    due = select(func.count()).select_from(Callback).where(Callback.state == "scheduled", Callback.due_at > NOW)
    assert session.scalar(due) > 0
    assert session.scalar(select(func.count()).select_from(Case).where(Case.due_at < NOW, Case.is_current)) > 0


def test_a_killed_worker_is_followed_by_one_that_doubles_nothing(session, monkeypatch):
    begun = begin()
    batches = []

    def perform(self, batch, work, real=filling.Acting.perform, **options):
        opened = real(self, batch, work, **options)
        batches.append(len(batch))
        if len(batches) == 3:
            raise KeyboardInterrupt
        return opened

    monkeypatch.setattr(filling, "CASES_AT_ONCE", 9)
    monkeypatch.setattr(filling.Acting, "perform", perform)
    with pytest.raises(KeyboardInterrupt):
        run(begun)
    assert session.get_one(Work, begun).state is WorkState.RUNNING
    assert 0 < counts(session)["cases"] < 60
    assert cases_made() == CasesMade(done=counts(session)["cases"], total=60)

    with clock.stopped_at(datetime.now(UTC) + timedelta(minutes=1)):
        run(begun)
    assert session.get_one(Work, begun).state is WorkState.DONE
    assert counts(session)["cases"] == 60
    opened = (
        select(func.count())
        .select_from(HistoryEntry)
        .where(HistoryEntry.record == "case", HistoryEntry.action == "open")
    )
    assert session.scalar(opened) == 60
    assert session.get_one(Work, begun).done == 110


def test_the_demo_speaks_english_too(session):
    run(begin("en"))

    speaks(session, "en")
    every_agent_works_in_two_or_three_campaigns(session)


def speaks(session, language):
    assert set(session.scalars(select(Campaign.name))) == {ready_campaign(name, language)["name"] for name in gallery()}
    notes = " ".join(session.scalars(select(Activity.body).where(Activity.kind == ActivityKind.NOTE))).lower()
    assert ("klient" in notes, "customer" in notes) == (language == "pl", language == "en")
    polish = select(func.count()).select_from(Contact).where(Contact.name.op("~")("[łśżźćńąęó]"))
    assert session.scalar(polish) > 5


def every_agent_works_in_two_or_three_campaigns(session):
    agents = session.scalars(select(AppUser).where(AppUser.username.op("~")("^(agent|home)"))).all()
    assert len(agents) == 16
    for agent in agents:
        direct = select(Campaign.id).where(Campaign.users.any(AppUser.id == agent.id))
        by_team = select(Campaign.id).where(Campaign.teams.any(Team.members.any(AppUser.id == agent.id)))
        assert len(set(session.scalars(direct)) | set(session.scalars(by_team))) in {2, 3}


def counts(session):
    tables = {"users": AppUser, "teams": Team, "campaigns": Campaign, "contacts": Contact, "cases": Case}
    return {name: session.scalar(select(func.count()).select_from(table)) for name, table in tables.items()}
