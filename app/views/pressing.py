"""Buttons of a card's form whose action is the server's."""

from http import HTTPStatus
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.access.permissions import Permission
from app.access.visible import cases_of, the_case
from app.cases.linking import linked_cases
from app.cases.pressing import Pressed, press
from app.core.db import session, transaction
from app.core.i18n import gettext as _
from app.formbuilder.field_types.buttons import Action
from app.models import AppUser, Case, IdempotencyKey
from app.views import repeats
from app.views.base import Page, answer, body, page, the_user
from app.views.sent import sent_text


class PressView(Page):
    """Presses of one case."""

    route_base = "/cases"
    class_permission_name = "Case"

    @page("/<int:number>/press", permission=Permission.CASE_EDIT, methods=("POST",))
    def press(self, number: int) -> Any:
        """What was done, in words; for a linked case its address, if the user may see it, and the list of links.

        `key` is the card's own for this press: a press that comes twice, because its answer was lost, is done once.
        """
        user, sent = the_user(), body("button")
        case = the_case(number, actor=user)
        with transaction():
            row = repeats.claim(user, sent_text(sent.get("key")) or None)
            pressed = _done_before(row) or press(case, sent_text(sent["button"]), actor=user)
            _keep(row, pressed)
            done = {"said": _said(pressed), "go": _address_of(pressed.opened, user)}
            if pressed.opened is not None:
                links = linked_cases(case, actor=user)
                done["links"] = self.render("cases/card_links.html", links=links)
        return answer(done)


def _keep(row: IdempotencyKey | None, pressed: Pressed) -> None:
    if row is not None:
        opened = pressed.opened.id if pressed.opened else None
        repeats.keep(row, HTTPStatus.OK, {"action": pressed.action.value, "opened": opened})


def _done_before(row: IdempotencyKey | None) -> Pressed | None:
    """What the press of this key did, if it came before."""
    if row is None or row.status is None:
        return None
    opened = row.answer["opened"]
    return Pressed(action=Action(row.answer["action"]), opened=session.get_one(Case, opened) if opened else None)


def _said(pressed: Pressed) -> str:
    if pressed.opened is not None:
        return _("Case %(number)s was opened.", number=pressed.opened.number)
    return {Action.CALL_WEBHOOK: _("Handed over. It is sent at once, and again if the other side does not answer.")}[
        pressed.action
    ]


def _address_of(opened: Case | None, user: AppUser) -> str:
    """Where the user finds the case; "" for one that the user may not see."""
    if opened is None or session.scalar(select(Case.id).where(Case.id == opened.id, cases_of(user))) is None:
        return ""
    return url_for("CaseView.card", number=opened.number)
