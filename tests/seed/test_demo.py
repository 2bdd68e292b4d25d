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
)
from app.models.activities import ActivityKind
from app.models.work import WorkState
from app.people.passwords import is_password
from app.seed.base import ensure_base
from app.seed.demo import filling
from app.seed.demo.begin import Size, begin_demo
from app.seed.gallery import gallery, ready_campaign
from app.work.running import Keep

PASSWORD = "seven quiet herons"
SMALL = Size(contacts=200, cases=400, first=100)
NOW = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)


@pytest.fixture
def begun(session):
    """The id of the work of a small Polish demo, not carried out yet."""
    return begin("pl")


def begin(language):
    with transaction():
        ensure_base(PASSWORD)
    with clock.stopped_at(NOW), transaction():
        return begin_demo(PASSWORD, language=language, size=SMALL).id


def test_the_demo_has_everything_that_it_promises(session, begun):
    run(begun)

    work = session.get_one(Work, begun)
    assert work.state is WorkState.DONE, work.error
    assert (work.done, work.failed) == (600, 0)
    assert set(work.result) == {"contacts", "first_cases", "rest_cases"}
    assert counts(session) == {"users": 20, "teams": 2, "campaigns": 6, "contacts": 200, "cases": 400}
    assert session.scalar(select(func.count()).select_from(AppUser).where(AppUser.is_demo)) == 20
    assert is_password(session.scalar(select(AppUser).filter_by(username="agent12")), PASSWORD)
    assert session.scalar(select(func.count()).select_from(SavedView)) >= 5
    assert session.scalar(select(func.count()).select_from(StoredFile)) > 0
    assert session.scalar(select(func.count()).select_from(CaseAnswers)) > 200
    assert session.scalar(select(func.count()).select_from(Contact).where(Contact.company_id.is_not(None))) == 40
    kinds = set(session.scalars(select(Status.kind).join(Case, Case.status_id == Status.id)))
    assert len(kinds) >= 6
    due = select(func.count()).select_from(Callback).where(Callback.state == "scheduled", Callback.due_at > NOW)
    assert session.scalar(due) > 0
    assert session.scalar(select(func.count()).select_from(Case).where(Case.due_at < NOW, Case.is_current)) > 0


def test_every_verb_leaves_its_history_in_the_past(session, begun):
    run(begun)

    cases = session.scalars(select(Case)).all()
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.record == "case")).all()
    latest = {}
    for entry in sorted(entries, key=lambda each: each.id):
        assert NOW - timedelta(days=100) < entry.at < NOW
        latest[entry.record_id] = entry.after["version"]
    assert latest == {case.id: case.version for case in cases}
    moved = select(func.count()).select_from(Activity).where(Activity.kind == ActivityKind.STATUS)
    assert session.scalar(moved) == sum(entry.action == "status" for entry in entries)
    assert session.scalar(moved) > 300
    assert max(case.created_at for case in cases) - min(case.created_at for case in cases) > timedelta(days=80)


def test_every_agent_works_in_two_or_three_campaigns(session, begun):
    agents = session.scalars(select(AppUser).where(AppUser.username.op("~")("^(agent|home)")))
    for agent in agents:
        direct = select(Campaign.id).where(Campaign.users.any(AppUser.id == agent.id))
        by_team = select(Campaign.id).where(Campaign.teams.any(Team.members.any(AppUser.id == agent.id)))
        assert len(set(session.scalars(direct)) | set(session.scalars(by_team))) in {2, 3}


def test_a_second_call_does_nothing(session, begun):
    run(begun)
    before = counts(session)
    assert begin("en") == begun
    run(begun)
    assert counts(session) == before
    assert session.scalar(select(func.count()).select_from(Work)) == 1


def test_a_killed_worker_is_followed_by_one_that_doubles_nothing(session, begun, monkeypatch):
    batches = []

    class Dying(Keep):
        """Dies in the middle of its eighth batch, before it is committed."""

        def finish(self, *_args, **_values):
            """A process that was killed writes nothing any more."""

    def perform(self, batch, work, real=filling.Acting.perform):
        opened = real(self, batch, work)
        batches.append(len(batch))
        if len(batches) == 3:
            raise KeyboardInterrupt
        return opened

    monkeypatch.setattr(filling, "EVENTS_AT_ONCE", 60)
    monkeypatch.setattr(filling.Acting, "perform", perform)
    with pytest.raises(KeyboardInterrupt):
        run(begun)
    assert session.get_one(Work, begun).state is WorkState.RUNNING
    assert 0 < counts(session)["cases"] < 400

    with clock.stopped_at(datetime.now(UTC) + timedelta(minutes=1)):
        run(begun)
    assert session.get_one(Work, begun).state is WorkState.DONE
    assert counts(session)["cases"] == 400
    opened = (
        select(func.count())
        .select_from(HistoryEntry)
        .where(HistoryEntry.record == "case", HistoryEntry.action == "open")
    )
    assert session.scalar(opened) == 400
    assert session.get_one(Work, begun).done == 600


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_demo_speaks_the_language_that_was_asked_for(session, language):
    run(begin(language))

    assert set(session.scalars(select(Campaign.name))) == {ready_campaign(name, language)["name"] for name in gallery()}
    notes = " ".join(session.scalars(select(Activity.body).where(Activity.kind == ActivityKind.NOTE)))
    assert ("klient" in notes, "customer" in notes) == (language == "pl", language == "en")
    assert session.scalar(select(func.count()).select_from(Contact).where(Contact.name.op("~")("[łśżźćńąęó]"))) > 20


def test_the_same_seed_makes_the_same_demo(session, begun):
    stage = filling.Stage.from_params(session.get_one(Work, begun).params)
    assert filling.events(stage, 0, 100) == filling.events(stage, 0, 100)
    assert filling.events(stage, 0, 100) != filling.events(
        filling.Stage.from_params({**stage.to_params(), "seed": 1}), 0, 100
    )


def counts(session):
    tables = {"users": AppUser, "teams": Team, "campaigns": Campaign, "contacts": Contact, "cases": Case}
    return {name: session.scalar(select(func.count()).select_from(table)) for name, table in tables.items()}
