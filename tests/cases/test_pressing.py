import pytest

from app.cases.linking import linked_cases
from app.cases.pressing import press
from app.core.errors import Forbidden, NotFound, Refused
from app.formbuilder.field_types.buttons import ButtonConfig
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case, signed_in, token


def a_button(**values):
    """A button with these settings, and attributes of the field as they are."""
    attributes = {key: values.pop(key) for key in ("hidden", "visible_roles", "editable_roles") if key in values}
    return a_field("button", config=ButtonConfig(**values), **attributes)


def a_case_with(agent, *fields):
    """An open case whose form has these fields."""
    script = a_working_script()
    script.form = a_form(*fields)
    return an_open_case(a_campaign(agent, script=script))


def test_a_button_opens_a_linked_case_in_its_campaign(session):
    agent = a_user()
    other = a_campaign(script=a_working_script())
    button = a_button(action="create_case", campaign_id=other.id)
    case = a_case_with(agent, button)
    opened = press(case, button.id, actor=agent).opened
    assert (opened.campaign_id, opened.contact_id) == (other.id, case.contact_id)
    manager = a_user("manager")
    assert [each.id for each in linked_cases(case, actor=manager)] == [opened.id]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"hidden": True}, NotFound),
        ({"visible_roles": ("manager",)}, NotFound),
        ({"editable_roles": ("manager",)}, Forbidden),
        ({"action": "copy_text", "copied": "x"}, Refused),
        ({"campaign_id": 2**40}, Refused),
    ],
)
def test_a_button_that_is_not_the_users_is_not_pressed(session, changed, refusal):
    agent = a_user()
    button = a_button(**{"action": "create_case", "campaign_id": 1, **changed})
    case = a_case_with(agent, button, a_field())
    with pytest.raises(refusal):
        press(case, button.id, actor=agent)
    with pytest.raises(NotFound):
        press(case, "no-such-button", actor=agent)


def test_the_card_tells_where_the_new_case_is_only_whoever_may_see_it(client, session):
    agent = a_user()
    mine, theirs = a_campaign(agent, script=a_working_script()), a_campaign(script=a_working_script())
    here = a_button(action="create_case", campaign_id=mine.id)
    there = a_button(action="create_case", campaign_id=theirs.id)
    case = a_case_with(agent, here, there)
    browser = signed_in(client, agent)
    headers = {"X-CSRFToken": token(client)}

    def pressed(button):
        return browser.post(f"/cases/{case.number}/press", json={"button": button.id}, headers=headers)

    seen = pressed(here).get_json()
    assert seen["go"].startswith("/cases/")
    assert seen["said"] == f"Case {seen['go'].rsplit('/', 1)[1]} was opened."
    assert seen["go"] in seen["links"]
    unseen = pressed(there).get_json()
    assert unseen["go"] == ""
    assert unseen["links"].count("sp-mini") == 1
    assert pressed(a_button()).status_code == 404
