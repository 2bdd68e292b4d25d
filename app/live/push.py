"""From any process to the screens: reactions that run after the commit hand hints to the socket processes over Redis.

A push that is lost does no harm: screens ask again when their connection comes back, and a card compares versions
before it saves.
"""

import hashlib
import logging
from functools import cache

from redis.exceptions import RedisError
from socketio import RedisManager
from sqlalchemy import select

from app.campaigns.editing import CampaignChanged
from app.cases import events
from app.core.config import Settings
from app.core.db import session
from app.core.installation import installation
from app.formbuilder.versions import FormPublished
from app.live import rooms
from app.live.payloads import CaseHint, CaseMoved, Cases, Outgoing, WorkHint
from app.live.payloads import FormPublished as FormHint
from app.models import AppUser, Case
from app.people.users import UserDeactivated
from app.work.rows import WorkMoved

log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Hints in one message."""
ASK_RIGHTS = "ask rights"
"""Not for screens: the socket processes ask anew what everybody in the room may hear."""


def channel(settings: Settings) -> str:
    """Where the processes of one installation talk; a Redis may serve several, and its channels know no numbers."""
    return f"splot-{hashlib.sha256(settings.database_url.encode()).hexdigest()[:12]}"


def push(room: str, payload: Outgoing) -> None:
    """Send to everybody in the room, whichever socket process they are connected to."""
    _publish(room, payload.event, payload.as_json())


def case_opened(event: events.CaseOpened) -> None:
    """A new case: lists offer it."""
    hint = CaseHint(id=event.case_id, version=1)
    push(rooms.of_campaign(event.campaign_id), Cases(cases=(hint,), kind="opened"))


def cases_opened(event: events.CasesOpened) -> None:
    """Many new cases of one campaign."""
    for start in range(0, len(event.case_ids), _AT_ONCE):
        part = event.case_ids[start : start + _AT_ONCE]
        hints = tuple(CaseHint(id=case_id, version=1) for case_id in part)
        push(rooms.of_campaign(event.campaign_id), Cases(cases=hints, kind="opened"))


def case_changed(event: events.StatusChanged | events.CaseSaved | events.OwnerChanged | events.CaseMoved) -> None:
    """A case has a new version: cards and lists that show it draw it anew."""
    _tell([event.case_id], event.actor_id)


def cases_changed(event: events.CasesChanged) -> None:
    """Many cases changed in one step of bulk work."""
    for start in range(0, len(event.case_ids), _AT_ONCE):
        _tell(event.case_ids[start : start + _AT_ONCE], event.actor_id)


def activity_added(event: events.ActivityAdded) -> None:
    """A note or a file: the card's timeline has more. The case itself has the version it had."""
    push(
        rooms.of_case(event.case_id),
        CaseMoved(id=event.case_id, version=None, by=event.actor_id, name=_name(event.actor_id)),
    )


def work_moved(event: WorkMoved) -> None:
    """Long work has other progress."""
    push(rooms.of_work(event.work_id), WorkHint(id=event.work_id))


def form_published(event: FormPublished) -> None:
    """Cards that show the form ask for its new version."""
    push(rooms.of_form(event.form_id), FormHint(form=event.form_id, version=event.version))


def campaign_changed(event: CampaignChanged) -> None:
    """Somebody may see more or fewer cases: every screen asks for its rooms anew."""
    _publish(rooms.of_campaign(event.campaign_id), ASK_RIGHTS, {})


def user_deactivated(event: UserDeactivated) -> None:
    """Screens of somebody who may not come in any more are cut off."""
    _publish(rooms.of_user(event.user_id), ASK_RIGHTS, {})


def _tell(case_ids: list[int] | tuple[int, ...], actor_id: int | None) -> None:
    rows = session.execute(select(Case.id, Case.version, Case.campaign_id).where(Case.id.in_(case_ids))).all()
    name = _name(actor_id)
    of_campaign: dict[int, list[CaseHint]] = {}
    for row in rows:
        push(rooms.of_case(row.id), CaseMoved(id=row.id, version=row.version, by=actor_id, name=name))
        of_campaign.setdefault(row.campaign_id, []).append(CaseHint(id=row.id, version=row.version))
    for campaign_id, hints in of_campaign.items():
        push(rooms.of_campaign(campaign_id), Cases(cases=tuple(hints), kind="changed"))


def _name(user_id: int | None) -> str:
    user = session.get(AppUser, user_id) if user_id else None
    return user.full_name if user else ""


def _publish(room: str, event: str, payload: dict[str, object]) -> None:
    try:
        _emitter(installation().redis_url, channel(installation())).emit(event, payload, room=room)
    except RedisError:
        log.warning("nobody heard of %s: Redis does not answer", event, exc_info=True)


@cache
def _emitter(url: str, named: str) -> RedisManager:
    return RedisManager(url, channel=named, write_only=True)
