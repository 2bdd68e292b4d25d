import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from app.core import clock
from app.core.errors import Conflict, Invalid, Refused
from app.core.i18n import lazy_gettext as _l
from app.core.sealing import Unreadable, seal, unseal
from app.history.outbox import (
    DELAYS,
    KEPT,
    LEASE,
    RESTS,
    Outcome,
    body_of,
    calls_not_taken,
    claim_call,
    forget_calls,
    note_outcome,
    put_call,
    send_again,
    signature,
)
from app.history.webhooks import (
    WebhookValues,
    add_webhook,
    change_webhook,
    renew_secret,
    secret_of,
    turn_webhook,
)
from app.models import HistoryEntry, WebhookCall
from app.models.webhooks import CallState
from tests.factories import a_user

NOON = datetime(2030, 3, 2, 12, tzinfo=UTC)
TAKEN = Outcome(is_taken=True, status=200, text="ok")
REFUSED = Outcome(is_taken=False, status=500, text="boom")
SILENT = Outcome(is_taken=False, error=_l("The server did not answer in time."))


@pytest.fixture
def webhook(session):
    return add_webhook(WebhookValues(name="ERP", address="https://example.com/hook"), actor=None)


def put(webhook, **content):
    return put_call(webhook, "button.pressed", {"case": 7, **content}, case_id=None, actor=None)


def attempt(outcome):
    claimed = claim_call()
    assert claimed is not None
    assert note_outcome(claimed, outcome)
    return claimed


def test_a_call_is_claimed_once_signed_and_forgets_what_it_told(webhook, session):
    call = put(webhook)
    claimed = claim_call()
    assert claim_call() is None
    moment, _, given = claimed.headers["Splot-Signature"].removeprefix("t=").partition(",v1=")
    expected = hmac.new(secret_of(webhook).encode(), f"{moment}.".encode() + claimed.body, sha256).hexdigest()
    assert given == expected
    assert claimed.headers["Idempotency-Key"] == str(call.key)
    assert note_outcome(claimed, TAKEN)
    assert (call.state, call.payload, call.answer_status, call.attempts) == (CallState.DELIVERED, None, 200, 1)
    assert claim_call() is None


def test_the_signature_is_the_documented_one():
    assert signature("secret", datetime(2026, 11, 22, 10, 31, tzinfo=UTC), b'{"a":1}') == (
        "t=1795343460,v1=" + hmac.new(b"secret", b'1795343460.{"a":1}', sha256).hexdigest()
    )


def test_a_refused_call_is_tried_again_later_and_later_and_then_has_failed(webhook, session):
    with clock.stopped_at(NOON):
        call = put(webhook)
    moment, bodies = NOON, set()
    for place in range(len(DELAYS) + 1):
        with clock.stopped_at(moment):
            bodies.add(attempt(REFUSED).body)
            assert claim_call() is None
        assert call.attempts == place + 1
        moment = call.due_at
    assert (call.state, call.answer, len(bodies)) == (CallState.FAILED, "boom", 1)
    assert moment - NOON == sum(DELAYS, timedelta())
    with clock.stopped_at(moment + timedelta(days=1)):
        assert claim_call() is None
        send_again(call, actor=a_user("admin"))
        attempt(TAKEN)
    assert call.state is CallState.DELIVERED
    with pytest.raises(Refused):
        send_again(call, actor=a_user("admin"))


def test_whoever_lost_the_lease_does_not_tell_what_came_of_it(webhook, session):
    with clock.stopped_at(NOON):
        call = put(webhook)
        died = claim_call()
    with clock.stopped_at(NOON + LEASE):
        assert claim_call() is None
    with clock.stopped_at(NOON + LEASE + timedelta(seconds=1)):
        second = claim_call()
        assert second.headers["Idempotency-Key"] == died.headers["Idempotency-Key"]
        assert second.body == died.body
        assert not note_outcome(died, REFUSED)
        assert note_outcome(second, TAKEN)
        assert not note_outcome(died, REFUSED)
    assert (call.state, call.attempts) == (CallState.DELIVERED, 2)


def test_a_silent_server_rests_and_holds_up_no_other(webhook, session):
    other = add_webhook(WebhookValues(name="CRM", address="https://example.com/crm"), actor=None)
    with clock.stopped_at(NOON):
        for _each in range(3):
            put(webhook)
        attempt(SILENT)
        assert claim_call() is None
        put(other)
        assert attempt(TAKEN).address == other.address
    with clock.stopped_at(NOON + RESTS[0]):
        attempt(SILENT)
        assert claim_call() is None
    assert webhook.failures == 2
    with clock.stopped_at(NOON + timedelta(hours=1)):
        attempt(TAKEN)
    assert (webhook.failures, webhook.rests_until) == (0, None)


def test_a_webhook_that_is_off_gets_nothing_new_and_keeps_what_waits(webhook, session):
    call = put(webhook)
    turn_webhook(webhook, is_active=False, expected_version=1, actor=None)
    assert claim_call() is None
    with pytest.raises(Refused):
        put(webhook)
    turn_webhook(webhook, is_active=True, expected_version=2, actor=None)
    attempt(TAKEN)
    assert call.state is CallState.DELIVERED


def test_calls_that_ended_long_ago_are_forgotten(webhook, session):
    with clock.stopped_at(NOON):
        put(webhook)
        attempt(TAKEN)
        waiting = put(webhook)
    with clock.stopped_at(NOON + KEPT + timedelta(seconds=1)):
        assert forget_calls() == 1
        assert forget_calls() == 0
    assert session.scalars(select(WebhookCall.id)).all() == [waiting.id]


def test_values_are_checked_and_changes_recorded_without_secrets(webhook, session):
    admin = a_user("admin")
    before = secret_of(webhook)
    values = WebhookValues(name=" ERP \n 2 ", address="http://10.0.0.1/hook", allows_private=True)
    change_webhook(webhook, values, expected_version=1, actor=admin)
    assert (webhook.name, webhook.version) == ("ERP 2", 2)
    renew_secret(webhook, expected_version=2, actor=admin)
    after = secret_of(webhook)
    assert after != before
    entries = session.scalars(
        select(HistoryEntry).where(HistoryEntry.record == "webhook").order_by(HistoryEntry.id)
    ).all()
    assert [entry.action for entry in entries] == ["add", "change", "renew_secret"]
    assert not any(secret in str((entry.before, entry.after)) for entry in entries for secret in (before, after))
    with pytest.raises(Conflict):
        change_webhook(webhook, values, expected_version=1, actor=admin)


def test_the_database_holds_no_secret_that_somebody_could_read(webhook, session):
    secret = secret_of(webhook)
    kept = session.scalar(text("SELECT to_jsonb(webhooks)::text FROM webhooks"))
    assert secret not in kept
    assert webhook.sealed_secret in kept
    with pytest.raises(Unreadable):
        unseal(webhook.sealed_secret, key="the key of another installation")


def test_a_secret_that_another_key_sealed_holds_up_no_other_webhook(webhook, session):
    lost = add_webhook(WebhookValues(name="Lost", address="https://example.org/hook"), actor=None)
    lost.sealed_secret = seal("secret", key="the key of another installation")
    call = put(lost)
    claimed = claim_call()
    assert not claimed.headers
    assert "another key" in str(claimed.fault)
    assert note_outcome(claimed, Outcome(is_taken=False, error=claimed.fault))
    assert call.state is CallState.WAITING
    put(webhook)
    assert claim_call().fault is None


def test_what_waits_or_failed_is_counted_by_an_index_whatever_the_log_holds(webhook, session):
    other = add_webhook(WebhookValues(name="Other", address="https://example.org/hook"), actor=None)
    row = """
        INSERT INTO webhook_calls (webhook_id, event, state, due_at, payload)
        SELECT :webhook, 'button.pressed', :state, now(), '{"case": 7}' FROM generate_series(1, :count)
    """
    for target, state, count in ((webhook, "delivered", 20_000), (webhook, "failed", 30), (other, "waiting", 5)):
        session.execute(text(row), {"webhook": target.id, "state": state, "count": count})
    session.execute(text("ANALYZE webhook_calls"))
    assert sorted(session.execute(calls_not_taken())) == [
        (webhook.id, CallState.FAILED, 30), (other.id, CallState.WAITING, 5),
    ]  # fmt: skip
    statement = str(calls_not_taken().compile(session.get_bind()))
    plan = "\n".join(session.scalars(text(f"EXPLAIN {statement}")))
    assert "ix_webhook_calls_open" in plan, plan
    assert "Seq Scan" not in plan, plan


@pytest.mark.parametrize(
    ("name", "address", "allows_private"),
    [
        ("", "https://example.com/", False),
        ("x" * 161, "https://example.com/", False),
        ("ERP", "http://example.com/", False),
        ("ERP", "ftp://example.com/", True),
        ("ERP", "https://user:word@example.com/", False),
        ("ERP", "https://example.com:99999/", False),
        ("ERP", "https://exa mple.com/", False),
        ("ERP", "https://żółw.example.com/", False),
        ("ERP", "https://example.com/\r\nHost: x", False),
        ("ERP", "https://", False),
        ("ERP", "https://[::1/", True),
        ("ERP", "https://example.com/" + "x" * 2000, False),
    ],
)
def test_an_address_that_cannot_be_called_is_refused(session, name, address, allows_private):
    with pytest.raises(Invalid):
        add_webhook(WebhookValues(name=name, address=address, allows_private=allows_private), actor=None)


def test_the_body_is_the_same_in_every_attempt(webhook, session):
    call = put(webhook, name="Żółw")
    first = body_of(call)
    session.commit()
    session.expire_all()
    assert body_of(call) == first
    assert "Żółw".encode() in first
