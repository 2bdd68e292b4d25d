import signal
import threading

from app.core.db import transaction
from app.history.outbox import put_call
from app.history.webhooks import WebhookValues, add_webhook
from app.jobs.webhooks import deliver
from app.models import WebhookCall
from app.models.webhooks import CallState
from tests.listening import answer, listening
from tests.supervisor.running import wait_for


def a_call(listener):
    """A call to the listener that waits, and its row."""
    with transaction():
        values = WebhookValues(name="ERP", address=listener.address, allows_private=True)
        webhook = add_webhook(values, actor=None)
        return put_call(webhook, "button.pressed", {"case": {"number": 100017}}, case_id=None, actor=None).id


def test_what_waits_is_delivered_and_its_answer_kept(session):
    with listening() as listener:
        listener.reply = lambda handler: answer(handler, 200, b"thank you")
        call_id = a_call(listener)
        deliver()
        deliver()
    [told] = listener.heard
    assert b'"number":100017' in told.body
    call = session.get_one(WebhookCall, call_id)
    assert (call.state, call.answer, told.headers["Idempotency-Key"]) == (
        CallState.DELIVERED,
        "thank you",
        str(call.key),
    )


def test_a_server_that_is_away_is_tried_again(session):
    with listening() as listener:
        call_id = a_call(listener)
    deliver()
    call = session.get_one(WebhookCall, call_id)
    assert (call.state, call.attempts) == (CallState.WAITING, 1)
    assert call.error == "The server does not take the connection."


def test_a_worker_that_is_killed_while_it_waits_loses_nothing(start, session):
    """The other side may be told twice, and knows it by the key."""
    answers = threading.Event()
    with listening() as listener:
        listener.reply = lambda handler: answers.wait(60) and answer(handler, 204)
        call_id = a_call(listener)
        worker = start("worker", "outgoing")
        wait_for(lambda: len(listener.heard) == 1)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        answers.set()
        deliver()
        call = session.get_one(WebhookCall, call_id)
        assert (call.state, call.attempts) == (CallState.WAITING, 1)
        call.lease_until = call.created_at  # a minute later
        session.commit()
        deliver()
    first, second = listener.heard
    assert first.body == second.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert [told.headers["Splot-Attempt"] for told in listener.heard] == ["1", "2"]
    session.expire_all()
    assert call.state is CallState.DELIVERED
