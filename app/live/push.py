"""From any process to the screens: reactions that run after the commit hand hints to the socket processes over Redis.

A push that is lost does no harm: screens ask again when their connection comes back, and a card compares versions
before it saves.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

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
from app.models import AppUser, Case
from app.people.users import UserDeactivated
from app.scripts.changing import ScriptChanged
from app.work.rows import WorkMoved

log = logging.getLogger(__name__)

_NOTHING: Mapping[int, Any] = MappingProxyType({})
_AT_ONCE = 500
"""Hints in one message."""
ASK_RIGHTS = "ask rights"
"""Not for screens: the socket processes ask anew what everybody in the room may hear."""

SHOW_FORM = "show form"
"""Not for screens either: the socket processes send a form, or those of a script, to the cards that show it."""


def channel(settings: Settings) -> str:
    """Where the processes of one installation talk; a Redis may serve several, and its channels know no numbers."""
    return f"splot-{hashlib.sha256(settings.database_url.encode()).hexdigest()[:12]}"


def push(room: str, payload: Outgoing) -> None:
    """Send to everybody in the room, whichever socket process they are connected to."""
    _publish(room, payload.event, payload.as_json())


def case_opened(event: events.CaseOpened) -> None:
    """A new case: lists offer it."""
    _tell_lists([event.case_id], "opened")


def cases_opened(event: events.CasesOpened) -> None:
    """Many new cases of one campaign."""
    for part in _parts(event.case_ids):
        _tell_lists(part, "opened")


def status_changed(event: events.StatusChanged) -> None:
    """A case has a new version: cards and lists that show it draw it anew."""
    _tell([event.case_id], event.actor_id)


def case_changed(event: events.CaseSaved | events.OwnerChanged) -> None:
    """The same, and lists of whoever had it hear of it, too."""
    _tell([event.case_id], event.actor_id, owners={event.case_id: event.former_owner_id})


def case_moved(event: events.CaseMoved) -> None:
    """A case belongs to another campaign or contact: lists of the campaign that it left hear of it, too."""
    owners, campaigns = {event.case_id: event.former_owner_id}, {event.case_id: event.former_campaign_id}
    _tell([event.case_id], event.actor_id, owners=owners, campaigns=campaigns)


def cases_changed(event: events.CasesChanged) -> None:
    """Many cases changed in one step of bulk work."""
    for part in _parts(event.case_ids):
        _tell(part, event.actor_id, owners=event.former_owners, campaigns=event.former_campaigns)


def activity_added(event: events.ActivityAdded) -> None:
    """A note or a file: the timeline of open cards has more, and nothing else on them is another.

    The case has a new version, as every change of it has. None says so: cards load their timeline alone.
    """
    push(
        rooms.of_case(event.case_id),
        CaseMoved(id=event.case_id, version=None, by=event.actor_id, name=_name(event.actor_id)),
    )


def work_moved(event: WorkMoved) -> None:
    """Long work has other progress."""
    push(rooms.of_work(event.work_id), WorkHint(id=event.work_id))


def form_published(event: FormPublished) -> None:
    """Cards that show the form get its new version: the socket processes make it, each once for each of its rooms."""
    _publish("", SHOW_FORM, {"form": event.form_id})


def script_changed(event: ScriptChanged) -> None:
    """Cards of the script get its statuses anew, and its form, whose buttons bear their names."""
    _publish("", SHOW_FORM, {"script": event.script_id})


def campaign_changed(event: CampaignChanged) -> None:
    """Somebody may see more or fewer cases: every screen asks for its rooms anew."""
    _publish(rooms.of_list(event.campaign_id), ASK_RIGHTS, {})


def user_deactivated(event: UserDeactivated) -> None:
    """Screens of somebody who may not come in any more are cut off."""
    _publish(rooms.of_user(event.user_id), ASK_RIGHTS, {})


def _parts(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (case_ids[start : start + _AT_ONCE] for start in range(0, len(case_ids), _AT_ONCE))


def _tell(
    case_ids: Sequence[int],
    actor_id: int | None,
    *,
    owners: Mapping[int, int | None] = _NOTHING,
    campaigns: Mapping[int, int] = _NOTHING,
) -> None:
    """Cards and lists. `owners` and `campaigns`: whose and which campaign's a case was before, by case."""
    name = _name(actor_id)
    for hint in _tell_lists(case_ids, "changed", owners, campaigns):
        push(rooms.of_case(hint.id), CaseMoved(id=hint.id, version=hint.version, by=actor_id, name=name))


def _tell_lists(
    case_ids: Sequence[int],
    kind: Literal["opened", "changed"],
    owners: Mapping[int, int | None] = _NOTHING,
    campaigns: Mapping[int, int] = _NOTHING,
) -> list[CaseHint]:
    """One message a room. Whoever sees only their own cases hears only of these, and of those they have just lost."""
    wanted = (Case.id, Case.version, Case.campaign_id, Case.owner_id)
    heard: dict[str, list[CaseHint]] = {}
    hints = []
    for row in session.execute(select(*wanted).where(Case.id.in_(case_ids))).all():
        hints.append(CaseHint(id=row.id, version=row.version))
        for campaign_id in {row.campaign_id, campaigns.get(row.id, row.campaign_id)}:
            heard.setdefault(rooms.of_campaign(campaign_id), []).append(hints[-1])
            for owner_id in {row.owner_id, owners.get(row.id, row.owner_id)}:
                heard.setdefault(rooms.of_owner(campaign_id, owner_id), []).append(hints[-1])
    for room, told in heard.items():
        push(room, Cases(cases=tuple(told), kind=kind))
    return hints


def _name(user_id: int | None) -> str:
    user = session.get(AppUser, user_id) if user_id else None
    return user.full_name if user else ""


def _publish(room: str, event: str, payload: dict[str, object]) -> None:
    try:
        _emitter(installation().redis_url, channel(installation())).emit(event, payload, room=room or None)
    except RedisError:
        log.warning("nobody heard of %s: Redis does not answer", event, exc_info=True)


@cache
def _emitter(url: str, named: str) -> RedisManager:
    return RedisManager(url, channel=named, write_only=True)
