"""Pressing a button of the form whose action is the server's: a linked case, a call to a webhook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.access.permissions import Permission, require
from app.cases.answers import document_of, form_of, profile_of
from app.cases.changes import add_activity, hold, note_change, refuse_archived
from app.cases.events import CaseTold
from app.cases.linking import open_linked_case
from app.cases.told import PRESSED, press_told
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Refused
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.definition import Field
from app.formbuilder.field_types.buttons import PRESSED_ON_SERVER, Action, ButtonConfig
from app.formbuilder.logic import instant, state
from app.formbuilder.versions import definition_of
from app.history.outbox import put_call
from app.models import AppUser, Campaign, Case, Webhook
from app.models.activities import ActivityKind


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """What a press did."""

    action: Action
    opened: Case | None = None
    """The linked case that it opened."""


def press(case: Case, button_id: str, *, actor: AppUser) -> Pressed:
    """Do what the button of the form's current version says.

    NotFound for a button that the actor does not see (any more), Forbidden for one that the actor may not press,
    Refused for one that the stored answers hide, whose action is the browser's, or whose campaign or webhook is gone.
    """
    require(actor, Permission.CASE_EDIT)
    refuse_archived(case.campaign)
    button, config = _the_button(case, button_id, actor)
    action = Action(config.action)
    if action not in PRESSED_ON_SERVER:
        raise Refused(_l("This button is not pressed on the server."))
    return _ACTIONS[action](case, button, config, actor)


def _the_button(case: Case, button_id: str, actor: AppUser) -> tuple[Field, ButtonConfig]:
    version = form_of(case.campaign)
    definition = definition_of(version) if version else None
    button = definition.by_id.get(button_id) if definition else None
    profile = profile_of(actor, definition) if definition else None
    if definition is None or button is None or profile is None or button.hidden or button.id not in profile.visible:
        raise NotFound(_l("The form has no such button any more. Load the card again."))
    if not isinstance(button.config, ButtonConfig):
        raise NotFound(_l("The form has no such button any more. Load the card again."))
    if button.id not in profile.editable:
        raise Forbidden(_l("You may not press this button."))
    if button.id not in state(definition, document_of(case), instant(clock.now())).visible:
        raise Refused(_l("The stored answers hide this button. Load the card again."))
    return button, button.config


def _create_case(case: Case, _button: Field, config: ButtonConfig, actor: AppUser) -> Pressed:
    campaign = session.get(Campaign, config.campaign_id) if config.campaign_id else None
    if campaign is None:
        raise Refused(_l("The campaign of this button is gone. Tell whoever keeps the form."))
    return Pressed(action=Action.CREATE_CASE, opened=open_linked_case(case, campaign, actor=actor))


def _call_webhook(case: Case, button: Field, config: ButtonConfig, actor: AppUser) -> Pressed:
    webhook = session.get(Webhook, config.webhook_id) if config.webhook_id else None
    if webhook is None:
        raise Refused(_l("The webhook of this button is gone. Tell whoever keeps the form."))
    hold(case)
    put_call(webhook, PRESSED, press_told(case, button, actor), case_id=case.id, actor=actor)
    payload = {"button": button.title, "webhook": webhook.name}
    activity = add_activity(case, ActivityKind.WEBHOOK, payload, actor=actor)
    session.flush()
    note_change(case, "call_webhook", {}, {"webhook": webhook.name}, actor=actor)
    announce(CaseTold(case_id=case.id, activity_id=activity.id, actor_id=actor.id))
    return Pressed(action=Action.CALL_WEBHOOK)


_ACTIONS: Mapping[Action, Callable[[Case, Field, ButtonConfig, AppUser], Pressed]] = {
    Action.CREATE_CASE: _create_case,
    Action.CALL_WEBHOOK: _call_webhook,
}
