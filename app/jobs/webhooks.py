"""Deliveries: what waits in the outbox goes out, one call after the other."""

import logging

from app.channels.web.port import Post, Undelivered
from app.channels.web.posting import send
from app.core.db import transaction
from app.core.i18n import lazy_gettext as _l
from app.history.outbox import Claimed, Outcome, claim_call, forget_calls, note_outcome

log = logging.getLogger(__name__)

QUEUE = "outgoing"
DELIVER = "app.jobs.webhooks.deliver"
AT_ONCE = 200
"""Calls of one job; the next one goes on."""


def deliver() -> None:
    """Job: send what is due. Safe to run twice at once, and at any time."""
    for _turn in range(AT_ONCE):
        with transaction():
            claimed = claim_call()
        if claimed is None:
            return
        outcome = _attempt(claimed)
        with transaction():
            note_outcome(claimed, outcome)


def forget_old_calls() -> None:
    """Periodic job: the log of calls does not grow for ever."""
    with transaction():
        forget_calls()


def _attempt(claimed: Claimed) -> Outcome:
    """Outside of any transaction: a server that thinks must hold no lock."""
    if claimed.fault is not None:
        return Outcome(is_taken=False, error=claimed.fault)
    post = Post(
        address=claimed.address,
        body=claimed.body,
        headers=claimed.headers,
        allows_private=claimed.allows_private,
    )
    try:
        answer = send(post)
    except Undelivered as error:
        return Outcome(is_taken=False, error=error.message)
    except Exception:
        # One call that nobody can send must not stop those behind it, and ends as failed like any other.
        log.exception("the webhook call %s could not be sent", claimed.call_id)
        return Outcome(is_taken=False, error=_l("The webhook call could not be sent."))
    return Outcome(is_taken=answer.is_taken, status=answer.status, text=answer.text)
