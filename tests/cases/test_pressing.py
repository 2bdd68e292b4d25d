from concurrent.futures import ThreadPoolExecutor

import pytest

from app.cases.linking import linked_cases
from app.cases.pressing import press
from app.cases.saving import CaseChanges, save_case
from app.core.errors import Forbidden, NotFound, Refused
from app.formbuilder.expression import check
from app.formbuilder.field_types.buttons import ButtonConfig
from app.history.webhooks import WebhookValues, add_webhook, turn_webhook
from app.models import WebhookCall
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case, signed_in, token


def a_button(**values):
    """A button with these settings, and attributes of the field as they are."""
    attributes = {
        key: values.pop(key) for key in ("hidden", "visible_roles", "editable_roles", "visible_if") if key in values
    }
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


def test_a_button_tells_its_webhook_of_the_case_in_the_same_transaction(client, session):
    agent = a_user()
    webhook = add_webhook(WebhookValues(name="ERP", address="https://example.com/hook"), actor=None)
    button = a_button(action="call_webhook", webhook_id=webhook.id)
    amount, secret = a_field("money", title="Kwota"), a_field(title="Ukryte", hidden=True)
    case = a_case_with(agent, amount, secret, button)
    save_case(case, CaseChanges(answers={amount.id: "12,50"}), loaded_version=case.version, actor=None)
    version = case.version
    press(case, button.id, actor=agent)
    call = session.query(WebhookCall).one()
    assert (call.case_id, call.created_by_id, call.event, case.version) == (
        case.id, agent.id, "button.pressed", version + 1,
    )  # fmt: skip
    told = call.payload["case"]
    assert (told["number"], told["contact"]["name"]) == (case.number, case.contact.name)
    assert told["answers"] == [
        {"id": amount.id, "kind": "money", "title": "Kwota", "value": "12.5", "text": "12,50 zł"}
    ]
    assert call.payload["user"]["id"] == agent.id
    page = signed_in(client, agent).get(f"/cases/{case.number}").get_data(as_text=True)
    assert "“ERP” is told of the case" in page
    session.rollback()


def test_a_webhook_that_is_off_is_not_told_and_a_press_that_fails_leaves_nothing(session):
    agent = a_user()
    webhook = add_webhook(WebhookValues(name="ERP", address="https://example.com/hook"), actor=None)
    button = a_button(action="call_webhook", webhook_id=webhook.id)
    gone = a_button(action="call_webhook", webhook_id=2**40)
    case = a_case_with(agent, button, gone)
    turn_webhook(webhook, is_active=False, expected_version=1, actor=None)
    for each in (button, gone):
        with pytest.raises(Refused):
            press(case, each.id, actor=agent)
    assert session.query(WebhookCall).count() == 0


@pytest.mark.parametrize("action", ["create_case", "call_webhook"])
def test_a_press_that_comes_twice_is_done_once_and_answered_alike(app, session, action):
    agent, other = a_user(), a_campaign(script=a_working_script())
    other.users = [agent]
    webhook = add_webhook(WebhookValues(name="ERP", address="https://example.com/hook"), actor=None)
    button = a_button(action=action, campaign_id=other.id, webhook_id=webhook.id)
    case = a_case_with(agent, button)
    session.commit()
    number, button_id = case.number, button.id
    browsers = [signed_in(app.test_client(), agent) for _ in range(3)]

    def pressed(browser, key):
        headers = {"X-CSRFToken": token(browser)}
        return browser.post(f"/cases/{number}/press", json={"button": button_id, "key": key}, headers=headers)

    def done():
        session.expire_all()
        return len(linked_cases(case, actor=agent)) + session.query(WebhookCall).count()

    with ThreadPoolExecutor(2) as pool:  # both at once, then once more behind them
        answers = list(pool.map(pressed, browsers[:2], ["one", "one"]))
    answers.append(pressed(browsers[2], "one"))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.get_data() for answer in answers}) == 1
    assert done() == 1
    assert pressed(browsers[0], "two").status_code == 200
    assert done() == 2
    other_button = browsers[0].post(
        f"/cases/{number}/press", json={"button": "x", "key": "one"}, headers={"X-CSRFToken": token(browsers[0])}
    )
    assert other_button.status_code == 422
    assert done() == 2


def test_a_button_that_the_answers_hide_is_not_pressed(session):
    agent, other = a_user(), a_campaign(script=a_working_script())
    asked = a_field()
    button = a_button(action="create_case", campaign_id=other.id, visible_if=check(["filled", ["field", asked.id]]))
    case = a_case_with(agent, asked, button)
    with pytest.raises(Refused):
        press(case, button.id, actor=agent)
    save_case(case, CaseChanges(answers={asked.id: "yes"}), loaded_version=case.version, actor=agent)
    assert press(case, button.id, actor=agent).opened
