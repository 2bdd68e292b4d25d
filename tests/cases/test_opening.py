import pytest
from sqlalchemy import func, select

from app.campaigns.editing import archive_campaign
from app.cases.answers import document_of
from app.cases.opening import open_many
from app.cases.ownership import open_card
from app.cases.status import change_status, open_promise
from app.core import db
from app.core.errors import Refused
from app.models import Activity, Answer, AppUser, Case, CaseRead, HistoryEntry
from app.models.campaigns import DuplicateRule
from app.models.cases import Source
from app.models.scripts import DateMode, StatusKind
from app.scripts.editing import set_initial
from tests.factories import a_campaign, a_field, a_form, a_person, a_status, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")


def test_a_new_case_begins_in_the_initial_status_with_the_defaults():
    field = a_field(default="Warszawa")
    contact, agent = a_person(first_name="Ewa", last_name="Sowa"), a_user()
    campaign = a_campaign(agent, name="Support", script=a_working_script(form=a_form(field)))
    case = an_open_case(campaign, contact=contact, actor=agent, owner=agent)
    assert case.subject == "Ewa Sowa (Support)"
    assert (case.status.is_initial, case.is_current, case.owner_id) == (True, True, agent.id)
    assert case.number > 100000
    assert document_of(case) == {field.id: "Warszawa"}
    assert db.session.scalars(select(HistoryEntry.action)).all().count("open") == 1


def test_an_archived_campaign_takes_no_case():
    campaign = a_campaign(script=a_working_script())
    archive_campaign(campaign, expected_version=campaign.version, actor=None)
    with pytest.raises(Refused, match="archived"):
        an_open_case(campaign)


def test_many_are_opened_at_once_and_owners_take_turns():
    agents = [a_user(), a_user()]
    campaign = a_campaign(*agents, script=a_working_script(form=a_form(a_field(default="x"))))
    contacts = [a_person() for _ in range(5)]
    opened = open_many(
        [contact.id for contact in contacts],
        campaign,
        source=Source.OUTBOUND_CAMPAIGN,
        owners=[agent.id for agent in agents],
        start=1,
        actor=None,
    )
    cases = [db.session.get_one(Case, case_id) for case_id in opened.case_ids]
    assert [case.contact_id for case in cases] == [contact.id for contact in contacts]
    assert [case.owner_id for case in cases] == [agents[place % 2].id for place in (1, 2, 3, 4, 5)]
    assert all(case.status.is_initial for case in cases)
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 5
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 5


def test_what_the_initial_status_promises_is_promised_for_each():
    script = a_working_script()
    call = a_status(script, StatusKind.PUBLIC_CALLBACK, date_mode=DateMode.RELATIVE, relative_minutes=60)
    set_initial(call, expected_version=script.version, actor=None)
    campaign = a_campaign(script=script)
    contacts = [a_person() for _ in range(3)]
    opened = open_many([each.id for each in contacts], campaign, source=Source.OUTBOUND_CAMPAIGN, actor=None)
    cases = [db.session.get_one(Case, case_id) for case_id in opened.case_ids]
    promises = [open_promise(case) for case in cases]
    assert [promise.due_at for promise in promises] == [case.due_at for case in cases]
    assert [promise.contact_id for promise in promises] == [contact.id for contact in contacts]


@pytest.mark.parametrize(("rule", "made"), [("skip_any", 1), ("skip_open", 2), ("create", 3)])
def test_the_rule_for_duplicates(rule, made):
    campaign = a_campaign(script=a_working_script(), duplicate_rule=DuplicateRule(rule))
    with_open, with_closed, fresh = a_person(), a_person(), a_person()
    an_open_case(campaign, contact=with_open)
    closed = an_open_case(campaign, contact=with_closed)
    change_status(closed, a_status(campaign.script, StatusKind.CLOSED), actor=None)
    ids = [with_open.id, with_closed.id, fresh.id, fresh.id, 999_999]
    opened = open_many(ids, campaign, source=Source.OUTBOUND_CAMPAIGN, actor=None)
    assert len(opened.case_ids) == made
    assert len(opened.duplicates) == 3 - made
    assert opened.missing == (999_999,)


def test_an_agent_who_opens_an_unowned_case_becomes_its_owner():
    agent = a_user()
    case = an_open_case(a_campaign(agent, script=a_working_script()))
    assert open_card(case, actor=agent).became_owner
    assert case.owner_id == agent.id
    assert db.session.get(CaseRead, (agent.id, case.id)) is not None


def test_neither_a_manager_nor_an_agent_of_another_campaign_takes_it():
    case = an_open_case()
    for user in (a_user("manager"), a_user()):
        assert not open_card(case, actor=user).became_owner
        assert db.session.get(CaseRead, (user.id, case.id)) is not None
    assert case.owner_id is None


def test_two_agents_open_it_at_once_and_one_owns_it(at_once):
    agents = [a_user() for _ in range(4)]
    case_id = an_open_case(a_campaign(*agents, script=a_working_script())).id

    def door(agent_id):
        return lambda: (
            open_card(db.session.get_one(Case, case_id), actor=db.session.get_one(AppUser, agent_id)).became_owner
        )

    results = at_once([door(agent.id) for agent in agents])
    assert sorted(results) == [False, False, False, True]
    assert db.session.get_one(Case, case_id).owner_id == agents[results.index(True)].id
    assert db.session.scalar(select(func.count()).select_from(CaseRead)) == 4
