"""The outbox: what must leave the house is a row, written together with what it tells of.

A job claims a row by a lease, sends it and writes what came of it. When it dies in between, the lease runs out and
another one sends it again, under the same key: at least once, and the other side can tell a repeat.
"""

import hashlib
import hmac
import json
import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, or_, select

from app.core import clock
from app.core.announce import Event, announce
from app.core.db import session
from app.core.errors import Refused
from app.core.i18n import lazy_gettext as _l
from app.core.i18n import source_of
from app.core.sealing import Unreadable, unseal
from app.history.record import record_change
from app.models import AppUser, Webhook, WebhookCall
from app.models.webhooks import NOT_TAKEN, CallState

LEASE = timedelta(seconds=60)
"""How long one attempt may take before another worker tries; a request ends well under that."""
DELAYS: Sequence[timedelta] = (
    timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1),
    timedelta(hours=3), timedelta(hours=6), timedelta(hours=12), timedelta(hours=24),
)  # fmt: skip
"""Between attempts; after the last one the call has failed, and a manager may send it again."""
RESTS: Sequence[timedelta] = (
    timedelta(seconds=5), timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5),
)  # fmt: skip
"""How long a server that did not answer is left alone, by its failures in a row; the last one holds for more."""
KEPT = timedelta(days=90)
"""Calls that have ended are forgotten after that."""


@dataclass(frozen=True, kw_only=True)
class CallWaiting(Event):
    """Something waits to leave the house: wake a worker."""

    call_id: int


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A call that this process holds by lease: all that is needed to send it."""

    call_id: int
    holder: str
    address: str
    allows_private: bool
    body: bytes
    headers: Mapping[str, str]
    fault: Any = None
    """Why it cannot be sent at all (a lazy message)."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an attempt: an answer, or the reason why there was none (a lazy message)."""

    is_taken: bool
    status: int | None = None
    text: str = ""
    error: Any = None


def put_call(
    webhook: Webhook, event: str, content: Mapping[str, Any], *, case_id: int | None, actor: AppUser | None
) -> WebhookCall:
    """Write down that the webhook is to be told. Refused for one that is turned off. `content`: JSON values."""
    if not webhook.is_active:
        raise Refused(_l("The webhook “%(name)s” is turned off.", name=webhook.name))
    now = clock.now()
    call = WebhookCall(
        webhook_id=webhook.id,
        event=event,
        case_id=case_id,
        payload=dict(content),
        due_at=now,
        created_at=now,
        created_by_id=actor.id if actor else None,
    )
    session.add(call)
    session.flush()
    announce(CallWaiting(call_id=call.id))
    return call


def claim_call() -> Claimed | None:
    """Take the call that has waited longest; None when none is due. To be committed before it is sent."""
    now = clock.now()
    free = or_(WebhookCall.lease_until.is_(None), WebhookCall.lease_until < now)
    rested = or_(Webhook.rests_until.is_(None), Webhook.rests_until <= now)
    row = (
        select(WebhookCall, Webhook)
        .join(Webhook, Webhook.id == WebhookCall.webhook_id)
        .where(WebhookCall.state == CallState.WAITING, WebhookCall.due_at <= now, free, Webhook.is_active, rested)
        .order_by(WebhookCall.due_at, WebhookCall.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=WebhookCall)
        .execution_options(populate_existing=True)
    )
    found = session.execute(row).one_or_none()
    if found is None:
        return None
    call, webhook = found
    call.attempts += 1
    call.tried_at = now
    call.lease_until = now + LEASE
    call.lease_holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    body = body_of(call)
    headers: Mapping[str, str] = {}
    fault = None
    try:
        headers = _headers(call, unseal(webhook.sealed_secret), body, now)
    except Unreadable:
        fault = _l("The secret of this webhook was sealed with another key. Make another one.")
    return Claimed(
        call_id=call.id,
        holder=call.lease_holder,
        address=webhook.address,
        allows_private=webhook.allows_private,
        body=body,
        headers=headers,
        fault=fault,
    )


def note_outcome(claimed: Claimed, outcome: Outcome) -> bool:
    """Write what came of the attempt; False when the lease was lost, and another worker tells."""
    row = select(WebhookCall).where(WebhookCall.id == claimed.call_id).with_for_update()
    call = session.execute(row.execution_options(populate_existing=True)).scalar_one()
    if call.lease_holder != claimed.holder or call.state is not CallState.WAITING:
        return False
    call.lease_until = call.lease_holder = None
    call.answer_status, call.answer = outcome.status, outcome.text
    call.error, call.error_details = source_of(outcome.error) if outcome.error is not None else (None, {})
    if outcome.is_taken:
        call.state, call.payload = CallState.DELIVERED, None
    elif call.attempts > len(DELAYS):
        call.state = CallState.FAILED
    else:
        call.due_at = clock.now() + DELAYS[call.attempts - 1]
    _let_rest(call.webhook, is_silent=outcome.error is not None)
    return True


def send_again(call: WebhookCall, *, actor: AppUser) -> None:
    """Let a call that failed, or that waits for its next turn, go out now. Refused for one that was taken."""
    session.refresh(call, with_for_update=True)
    if call.state is CallState.DELIVERED:
        raise Refused(_l("This call was taken by the other side. It is not sent again."))
    call.state, call.due_at, call.attempts = CallState.WAITING, clock.now(), 0
    call.webhook.rests_until = None
    record_change("webhook", call.webhook_id, "send_again", actor=actor, after={"call": call.id})
    session.flush()
    announce(CallWaiting(call_id=call.id))


def forget_calls() -> int:
    """Remove calls that ended long ago; how many."""
    old = delete(WebhookCall).where(WebhookCall.state != CallState.WAITING, WebhookCall.created_at < clock.now() - KEPT)
    return int(session.execute(old).rowcount)


def calls_not_taken() -> Select[int, CallState, int]:
    """Webhook, state, and how many of its calls wait or have failed; those that were taken may be many."""
    columns = (WebhookCall.webhook_id, WebhookCall.state)
    return select(*columns, func.count()).where(NOT_TAKEN).group_by(*columns)


def body_of(call: WebhookCall) -> bytes:
    """The bytes that are sent, the same in every attempt: what the signature is made over."""
    whole = {"id": str(call.key), "event": call.event, "at": call.created_at.isoformat(), **(call.payload or {})}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def signature(secret: str, moment: datetime, body: bytes) -> str:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA-256 over "<seconds>.<body>", so that an old request cannot be sent anew."""
    seconds = int(moment.timestamp())
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def _headers(call: WebhookCall, secret: str, body: bytes, now: datetime) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Splot-Webhook/1",
        "Idempotency-Key": str(call.key),
        "Splot-Event": call.event,
        "Splot-Attempt": str(call.attempts),
        "Splot-Signature": signature(secret, now, body),
    }


def _let_rest(webhook: Webhook, *, is_silent: bool) -> None:
    if is_silent:
        webhook.failures += 1
        webhook.rests_until = clock.now() + RESTS[min(webhook.failures, len(RESTS)) - 1]
    elif webhook.failures:
        webhook.failures, webhook.rests_until = 0, None
