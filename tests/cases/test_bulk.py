from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from app.cases import bulk
from app.cases.answers import document_of
from app.cases.bulk import BulkChange, CaseSelection, ContactSelection, start_change_many, start_open_for_contacts
from app.cases.opening import open_many
from app.cases.saving import CaseChanges, save_case
from app.core import db
from app.core.errors import Forbidden, Invalid
from app.jobs import work as jobs
from app.jobs.cases import run_change_many, run_open_for_contacts
from app.models import AppUser, Case, CaseAnswers, Work, WorkItem, WorkProblem
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.models.work import WorkState
from app.work.running import Keep, claim
from tests.factories import a_campaign, a_field, a_form, a_person, a_status, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")


class Died(Exception):
    pass


class DiesInItsFourthBatch(Keep):
    batches = 0

    @contextmanager
    def batch(self):
        self.batches += 1
        with super().batch() as work:
            yield work
            # After all was done, before it is committed.
            if self.batches == 4:
                raise Died


def run(work):
    db.session.commit()
    jobs.run(work.id)
    db.session.expire_all()
    return db.session.get_one(Work, work.id)


def problems(work):
    return db.session.execute(
        select(WorkProblem.subject, WorkProblem.reason, WorkProblem.details).where(WorkProblem.work_id == work.id)
    ).all()


def test_five_hundred_with_three_impossible_ones_are_497_done_and_3_named():
    manager, campaign = a_user("manager"), a_campaign(script=a_working_script())
    contacts = [a_person().id for _ in range(497)]
    ids = list(open_many(contacts, campaign, source=Source.OUTBOUND_CAMPAIGN, actor=None).case_ids)
    elsewhere = [an_open_case(), an_open_case()]
    status = a_status(campaign.script, StatusKind.IN_PROGRESS)
    chosen = [*ids[:250], elsewhere[0].id, 999_999, *ids[250:], elsewhere[1].id]
    work = run(start_change_many(CaseSelection(ids=tuple(chosen)), BulkChange(status_id=status.id), actor=manager))
    assert (work.state, work.total, work.done, work.failed) == (WorkState.DONE, 500, 497, 3)
    named = problems(work)
    assert [row.subject for row in named] == [str(elsewhere[0].number), "999999", str(elsewhere[1].number)]
    assert named[0].reason == "The status “%(status)s” belongs to another script than the case's campaign."
    assert named[0].details == {"status": status.name}
    assert db.session.scalar(select(func.count()).where(Case.status_id == status.id)) == 497


def test_a_bulk_change_to_unused_clears_the_answers_and_keeps_them_in_the_history():
    field, manager = a_field(), a_user("manager")
    case = an_open_case(a_campaign(script=a_working_script(form=a_form(field))))
    save_case(case, CaseChanges(answers={field.id: "Ewa"}), loaded_version=1, actor=manager)
    script = case.campaign.script
    save_case(
        case, CaseChanges(status_id=a_status(script, StatusKind.WAITING).id), loaded_version=case.version, actor=manager
    )
    change = BulkChange(status_id=a_status(script, StatusKind.UNUSED).id)
    assert bulk.loses_answers(change)
    run(start_change_many(CaseSelection(query={"view": ["all"]}), change, actor=manager))
    assert case.status.is_initial
    assert document_of(case) == {}


def test_owner_source_and_campaign_in_bulk():
    manager, agent = a_user("manager"), a_user()
    campaign, other = a_campaign(agent, script=a_working_script()), a_campaign(agent, script=a_working_script())
    case, agent_id, other_id = an_open_case(campaign), agent.id, other.id
    for change in (
        BulkChange(owner_id=agent_id),
        BulkChange(source=Source.EMAIL),
        BulkChange(campaign_id=other_id),
    ):
        manager = db.session.get_one(AppUser, manager.id)
        work = run(start_change_many(CaseSelection(ids=(case.id,)), change, actor=manager))
        assert (work.state, work.done, work.failed) == (WorkState.DONE, 1, 0)
    assert (case.owner_id, case.source, case.campaign_id) == (agent_id, Source.EMAIL, other_id)


def test_who_may_not_is_told_before_anything_begins():
    case, agent, manager = an_open_case(), a_user(), a_user("manager")
    with pytest.raises(Forbidden):
        start_change_many(CaseSelection(ids=(case.id,)), BulkChange(source=Source.FAX), actor=agent)
    with pytest.raises(Invalid):
        start_change_many(CaseSelection(ids=(case.id,)), BulkChange(), actor=manager)


def test_cases_for_contacts_go_on_where_a_dead_worker_stopped(monkeypatch):
    manager, agents = a_user("manager"), [a_user(), a_user()]
    campaign = a_campaign(*agents, script=a_working_script())
    contacts = [a_person() for _ in range(7)]
    an_open_case(campaign, contact=contacts[3])
    monkeypatch.setattr("app.jobs.cases.OPENED_AT_ONCE", 2)
    selection = ContactSelection(ids=tuple(contact.id for contact in contacts))
    work = start_open_for_contacts(selection, campaign, owners=agents, actor=manager)
    db.session.commit()
    keep = claim(work.id)
    with pytest.raises(Died):
        run_open_for_contacts(work, DiesInItsFourthBatch(keep._work_id, keep._holder))
    db.session.expire_all()
    assert (work.state, work.done) == (WorkState.RUNNING, 3)
    work.lease_until = None
    work = run(work)
    assert (work.state, work.total, work.done, work.failed) == (WorkState.DONE, 7, 6, 1)
    assert problems(work)[0].subject == str(contacts[3].number)
    made = db.session.scalars(select(Case).where(Case.owner_id.is_not(None)).order_by(Case.id)).all()
    assert [case.owner_id for case in made] == [agents[place % 2].id for place in range(6)]
    assert db.session.scalar(select(func.count()).select_from(CaseAnswers)) == 0


def test_all_that_match_are_changed_once_though_they_match_no_more_and_others_do(monkeypatch):
    """What is selected is fixed as it begins: cases that come meanwhile wait for the next time."""
    manager, campaign = a_user("manager"), a_campaign(script=a_working_script())
    status = a_status(campaign.script, StatusKind.IN_PROGRESS)
    cases = [an_open_case(campaign) for _ in range(7)]
    matching = {"view": ["all"], "status": [str(cases[0].status_id)]}
    change = BulkChange(status_id=status.id)
    work = start_change_many(CaseSelection(query=matching), change, actor=manager)
    db.session.commit()
    monkeypatch.setattr("app.jobs.cases.CHANGED_AT_ONCE", 2)
    keep = claim(work.id)
    with pytest.raises(Died):
        run_change_many(work, DiesInItsFourthBatch(keep._work_id, keep._holder))
    db.session.expire_all()
    assert (work.state, work.done, work.place) == (WorkState.RUNNING, 4, {"next": 4})
    late = an_open_case(campaign)
    work.lease_until = None
    work = run(work)
    assert (work.state, work.total, work.done, work.failed) == (WorkState.DONE, 7, 7, 0)
    assert {(case.status_id, case.version) for case in cases} == {(status.id, 2)}
    assert late.status_id != status.id
    assert "selected" not in work.params
    assert db.session.scalar(select(func.count()).select_from(WorkItem)) == 0
