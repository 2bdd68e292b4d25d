from app.core.sealing import seal
from app.history.outbox import Outcome, claim_call, note_outcome, put_call
from app.history.webhooks import secret_of
from app.models import Webhook, WebhookCall
from app.models.webhooks import CallState
from tests.factories import a_user, signed_in, token


def test_an_administrator_sets_one_up_and_a_manager_reads_its_log(client, session):
    admin, manager = a_user("admin"), a_user("manager")
    browser = signed_in(client, admin)

    def post(path, **body):
        return browser.post(f"/webhooks{path}", json=body, headers={"X-CSRFToken": token(client)})

    assert post("/add", name="ERP", address="http://example.com/").status_code == 422
    made = post("/add", name="ERP", address="https://example.com/hook")
    assert made.status_code == 200
    webhook = session.query(Webhook).one()

    def shown(to=browser):
        """Whether the page shows the secret that the webhook has now."""
        session.expire_all()
        return secret_of(webhook) in to.get(made.get_json()["go"]).get_data(as_text=True)

    colleague = signed_in(client.application.test_client(), a_user("admin"))
    assert not shown(colleague)
    assert shown()
    assert not shown(), "never again"
    path = f"/{webhook.id}"
    assert post(f"{path}/change", name="ERP 2", address="https://example.com/hook", version=1).status_code == 200
    assert post(f"{path}/off", version=1).status_code == 409
    assert post(f"{path}/secret", version=2).status_code == 200
    assert shown()
    assert not shown()
    assert post(f"{path}/nothing", version=3).status_code == 404

    put_call(webhook, "button.pressed", {}, case_id=None, actor=None)
    note_outcome(claim_call(), Outcome(is_taken=False, status=503, text="<b>later</b>"))
    session.commit()
    other = client.application.test_client()
    reader = signed_in(other, manager)
    page = reader.get(f"/webhooks/{webhook.id}").get_data(as_text=True)
    assert "answered 503: &lt;b&gt;later&lt;/b&gt;" in page
    assert secret_of(webhook) not in page
    assert "ERP 2" in reader.get("/webhooks/").get_data(as_text=True)
    call = session.query(WebhookCall).one()
    headers = {"X-CSRFToken": token(other)}
    assert reader.post(f"/webhooks/calls/{call.id}/again", headers=headers).status_code == 403
    assert "No webhook call." in reader.get(f"/webhooks/{webhook.id}?state=failed").get_data(as_text=True)


def test_a_call_is_sent_again_at_once(client, session):
    browser = signed_in(client, a_user("admin"))
    webhook = Webhook(name="ERP", address="https://example.com/", sealed_secret=seal("invented"))
    session.add(webhook)
    session.flush()
    call = put_call(webhook, "button.pressed", {}, case_id=None, actor=None)
    note_outcome(claim_call(), Outcome(is_taken=False, status=503))
    call.state = CallState.FAILED
    again = f"/webhooks/calls/{call.id}/again"
    assert browser.post(again, json={}, headers={"X-CSRFToken": token(client)}).status_code == 200
    assert (call.state, call.attempts) == (CallState.WAITING, 0)
