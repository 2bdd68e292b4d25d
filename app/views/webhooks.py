"""Webhooks: administrators set them up, managers see what became of each call."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request, url_for
from flask import session as cookie
from sqlalchemy import func, select

from app.access.permissions import Permission, may
from app.core.db import session, transaction
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.history import webhooks
from app.history.outbox import calls_not_taken, send_again
from app.history.webhooks import WebhookValues
from app.models import Case, Webhook, WebhookCall
from app.models.webhooks import CallState
from app.views.base import Page, answer, body, page, the_user
from app.views.sent import sent_number, sent_text

STATES = {
    CallState.WAITING: _l("waiting"),
    CallState.DELIVERED: _l("taken"),
    CallState.FAILED: _l("failed"),
}
ON_PAGE = 100
_FRESH = "fresh webhook"
"""In the cookie of whoever made a secret: the webhook whose next page shows it, to nobody else and not again."""


class WebhookView(Page):
    """The list of webhooks, and the calls of one."""

    route_base = "/webhooks"
    class_permission_name = "Webhook"

    @page("/", permission=Permission.WEBHOOK_READ)
    def index(self) -> str:
        """All of them, with how many calls wait or failed."""
        return self.render(
            "webhooks/list.html",
            webhooks=session.scalars(select(Webhook).order_by(func.lower(Webhook.name), Webhook.id)).all(),
            counts=_counts(),
            may_edit=may(the_user(), Permission.WEBHOOK_EDIT),
        )

    @page("/add", permission=Permission.WEBHOOK_EDIT, methods=("POST",))
    def add(self) -> Any:
        """A new one; its page shows its secret, once."""
        values = _values(body("name", "address"))
        with transaction():
            webhook = webhooks.add_webhook(values, actor=the_user())
            go = url_for("WebhookView.show", webhook_id=webhook.id)
        cookie[_FRESH] = webhook.id
        return answer({"go": go})

    @page("/<int:webhook_id>", permission=Permission.WEBHOOK_READ)
    def show(self, webhook_id: int) -> str:
        """Its settings, and its calls from the newest on: `state`, `before` (the id that a page ended with)."""
        webhook = the_webhook(webhook_id)
        rows = select(WebhookCall, Case.number).outerjoin(Case, Case.id == WebhookCall.case_id)
        rows = rows.where(WebhookCall.webhook_id == webhook.id)
        state = request.args.get("state", "")
        if state in set(CallState):
            rows = rows.where(WebhookCall.state == CallState(state))
        if before := request.args.get("before", type=int):
            rows = rows.where(WebhookCall.id < before)
        found = session.execute(rows.order_by(WebhookCall.id.desc()).limit(ON_PAGE + 1)).all()
        return self.render(
            "webhooks/show.html",
            webhook=webhook,
            calls=[(call, number, _outcome(call)) for call, number in found[:ON_PAGE]],
            secret=_shown_once(webhook),
            older=found[ON_PAGE - 1][0].id if len(found) > ON_PAGE else None,
            state=state,
            states=STATES,
            may_edit=may(the_user(), Permission.WEBHOOK_EDIT),
        )

    @page("/<int:webhook_id>/change", permission=Permission.WEBHOOK_EDIT, methods=("POST",))
    def change(self, webhook_id: int) -> Any:
        """Other values."""
        sent = body("name", "address", "version")
        with transaction():
            webhooks.change_webhook(
                the_webhook(webhook_id), _values(sent), expected_version=sent_number(sent["version"]), actor=the_user()
            )
        return answer({})

    @page("/<int:webhook_id>/<what>", permission=Permission.WEBHOOK_EDIT, methods=("POST",))
    def turn(self, webhook_id: int, what: str) -> Any:
        """Turn it on or off, or renew its secret."""
        verbs: Mapping[str, Callable[[Webhook, int], Any]] = {
            "on": lambda row, seen: _turn(row, seen, is_active=True),
            "off": lambda row, seen: _turn(row, seen, is_active=False),
            "secret": _renew,
        }
        if what not in verbs:
            raise NotFound(_l("There is no such page."))
        seen = sent_number(body("version")["version"])
        with transaction():
            verbs[what](the_webhook(webhook_id), seen)
        return answer({})

    @page("/calls/<int:call_id>/again", permission=Permission.WEBHOOK_EDIT, methods=("POST",))
    def again(self, call_id: int) -> Any:
        """Send a call now that failed, or that waits for its next turn."""
        call = session.get(WebhookCall, call_id)
        if call is None:
            raise NotFound(_l("There is no such webhook call."))
        with transaction():
            send_again(call, actor=the_user())
        return answer({})


def the_webhook(webhook_id: int) -> Webhook:
    """The webhook with that id, or NotFound."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFound(_l("There is no such webhook."))
    return webhook


def _turn(webhook: Webhook, seen: int, *, is_active: bool) -> None:
    webhooks.turn_webhook(webhook, is_active=is_active, expected_version=seen, actor=the_user())


def _renew(webhook: Webhook, seen: int) -> None:
    webhooks.renew_secret(webhook, expected_version=seen, actor=the_user())
    cookie[_FRESH] = webhook.id


def _shown_once(webhook: Webhook) -> str:
    """The secret, for whoever has just made it and sees it now for the first time; else nothing."""
    if cookie.get(_FRESH) != webhook.id or not may(the_user(), Permission.WEBHOOK_EDIT):
        return ""
    del cookie[_FRESH]
    return webhooks.secret_of(webhook)


def _values(sent: Mapping[str, Any]) -> WebhookValues:
    return WebhookValues(
        name=sent_text(sent["name"]),
        address=sent_text(sent["address"]),
        allows_private=bool(sent.get("allows_private")),
    )


def _counts() -> dict[int, dict[str, int]]:
    """Calls by webhook and state; those that were taken are not counted: they may be many."""
    counts: dict[int, dict[str, int]] = {}
    for webhook_id, state, count in session.execute(calls_not_taken()):
        counts.setdefault(webhook_id, {})[state.value] = count
    return counts


def _outcome(call: WebhookCall) -> str:
    """What came of the last attempt, in words."""
    if call.error:
        return _(call.error, **call.error_details)
    if call.answer_status is None:
        return ""
    return _("answered %(status)s", status=call.answer_status) + (f": {call.answer[:300]}" if call.answer else "")
