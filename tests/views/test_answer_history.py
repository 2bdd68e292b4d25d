"""The history of one answer: by the rights of whoever asks."""

from dataclasses import replace
from uuid import uuid4

from app.cases.saving import CaseChanges, save_case
from app.formbuilder.config import Choice
from app.formbuilder.definition import FormDefinition, Page
from app.formbuilder.field_types.choices import SingleChoiceConfig
from app.formbuilder.field_types.texts import TextConfig
from app.formbuilder.versions import publish
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case, signed_in


def _saved(case, field, answers, agent):
    for answer in answers:
        save_case(case, CaseChanges(answers={field.id: answer}), loaded_version=case.version, actor=agent)


def test_the_last_answers_stand_with_who_gave_them_and_when(client, session):
    agent = a_user(first_name="Marta", last_name="Próbna")
    field, other = a_field("text", title="Reason"), a_field("text", title="Remark")
    campaign = a_campaign(agent, script=a_working_script(form=a_form(field, other)))
    case = an_open_case(campaign)
    _saved(case, field, ["late", "broken", ""], agent)
    _saved(case, other, ["something else"], agent)

    shown = signed_in(client, agent).get(f"/cases/{case.number}/answers/{field.id}/history").get_data(as_text=True)

    assert shown.index("empty") < shown.index("broken") < shown.index("late"), "the newest first"
    assert shown.count("Marta Próbna") == 3
    assert "something else" not in shown


def test_an_answer_that_one_may_not_see_has_no_history(app, session):
    agent, manager = a_user(), a_user("manager")
    field = a_field("text", title="Margin", visible_roles=("manager",))
    case = an_open_case(a_campaign(agent, manager, script=a_working_script(form=a_form(field))))
    address = f"/cases/{case.number}/answers/{field.id}/history"

    assert signed_in(app.test_client(), agent).get(address).status_code == 404
    assert signed_in(app.test_client(), manager).get(address).status_code == 200


def test_an_answer_from_before_its_field_changed_its_kind_reads_as_it_did(client, session):
    agent = a_user("agent", "manager")
    late = Choice(id=str(uuid4()), title="Delivered late")
    field = a_field("single_choice", title="Reason", config=SingleChoiceConfig(choices=(late,)))
    form = a_form(field)
    case = an_open_case(a_campaign(agent, script=a_working_script(form=form)))
    _saved(case, field, [late.id], agent)
    session.commit()
    as_text = replace(field, kind="text", config=TextConfig())
    publish(
        form, FormDefinition(pages=(Page(id="page-1"),), fields=(as_text,)), base=1, converts=[field.id], actor=None
    )
    _saved(case, field, ["Something else"], agent)

    browser = signed_in(client, agent)
    for page in (f"answers/{field.id}/history", "history"):
        shown = browser.get(f"/cases/{case.number}/{page}").get_data(as_text=True)
        assert "Something else" in shown
        assert "Delivered late" in shown
        assert late.id not in shown
