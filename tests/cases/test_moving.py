import pytest
from sqlalchemy import select

from app.cases.answers import document_of, history_key
from app.cases.moving import change_campaign, change_contact_of_case, change_source, preview_move
from app.cases.saving import CaseChanges, save_case
from app.cases.timeline import history_of_field
from app.core import db
from app.models import Answer
from app.models.cases import Source
from tests.factories import a_campaign, a_field, a_form, a_person, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")

NAME, SIZE = a_field(title="Name"), a_field(title="Size", default="M")


@pytest.fixture
def agent():
    return a_user()


@pytest.fixture
def case(agent):
    campaign = a_campaign(agent, name="First", script=a_working_script(form=a_form(NAME)))
    case = an_open_case(campaign, owner=agent, contact=a_person(first_name="Ewa", last_name="Sowa"))
    save_case(case, CaseChanges(answers={NAME.id: "Ewa"}), loaded_version=case.version, actor=agent)
    return case


def test_answers_leave_with_their_form_and_come_back_with_it(case, agent):
    first = case.campaign
    second = a_campaign(agent, name="Second", script=a_working_script(form=a_form(SIZE)))
    preview = preview_move(case, second, actor=agent)
    assert [(each.title, each.text) for each in preview.leaving] == [("Name", "Ewa")]
    assert (preview.returning, preview.loses_owner, preview.status.is_initial) == ((), False, True)
    number = case.number
    change_campaign(case, second, actor=agent)
    assert document_of(case) == {SIZE.id: "M"}
    assert set(db.session.scalars(select(Answer.words))) == {"m"}
    assert (case.number, case.campaign_id, case.status.script_id) == (number, second.id, second.script_id)
    assert case.subject == "Ewa Sowa (Second)"
    assert history_of_field(case, history_key(NAME.id))[0].before == "Ewa"
    assert [each.text for each in preview_move(case, first, actor=agent).returning] == ["Ewa"]
    change_campaign(case, first, actor=agent)
    assert document_of(case) == {NAME.id: "Ewa"}
    assert set(db.session.scalars(select(Answer.words))) == {"ewa"}


def test_a_campaign_with_the_same_form_keeps_the_answers(case, agent):
    other = a_campaign(agent, script=a_working_script(form=case.campaign.script.form))
    assert preview_move(case, other, actor=agent).leaving == ()
    change_campaign(case, other, actor=agent)
    assert document_of(case) == {NAME.id: "Ewa"}


def test_an_owner_who_does_not_work_there_loses_the_case(case, agent):
    other = a_campaign(script=a_working_script())
    assert preview_move(case, other, actor=agent).loses_owner
    change_campaign(case, other, actor=agent)
    assert case.owner_id is None


def test_another_contact_and_another_source(case, agent):
    contact = a_person(first_name="Olga", last_name="Wilk")
    change_contact_of_case(case, contact, actor=agent)
    assert (case.contact_id, case.subject) == (contact.id, "Olga Wilk (First)")
    assert change_source(case, Source.EMAIL, actor=agent)
    assert not change_source(case, Source.EMAIL, actor=agent)
    assert case.source is Source.EMAIL
