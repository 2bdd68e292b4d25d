"""Who handles a case: giving it to somebody, and taking it by opening its card."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import load_only

from app.access.fields import role_names
from app.access.permissions import Permission, may
from app.access.remembered import remembered
from app.access.visible import agents_of, assigned_campaigns
from app.cases.changes import add_activity, hold, id_of, note_change, refuse_archived
from app.cases.events import OwnerChanged
from app.cases.status import open_promise
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Forbidden, Refused
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Campaign, Case, CaseRead, fab_models
from app.models.activities import ActivityKind
from app.models.callbacks import CallbackKind
from app.models.campaigns import CampaignState
from app.people.roles import AGENT, HOME_AGENT
from app.scripts.kinds import KINDS

AGENT_ROLES = frozenset({AGENT, HOME_AGENT})
"""Only users with one of these own cases."""


@dataclass(frozen=True)
class Opened:
    """What opening a card did."""

    became_owner: bool


def assign_owner(case: Case, owner: AppUser | None, *, actor: AppUser | None) -> bool:
    """Give the case to an agent of its campaign, or to nobody; False when it was so already.

    Forbidden when the actor may not assign; Refused for somebody who cannot own it.
    """
    hold(case)
    before = case.owner_id
    if not apply_owner(case, owner, actor=actor):
        return False
    _announce(case, before, actor)
    return True


def apply_owner(case: Case, owner: AppUser | None, *, actor: AppUser | None) -> bool:
    """The same for a case that is held, without announcing it."""
    if case.owner_id == id_of(owner):
        return False
    refuse_archived(case.campaign)
    if actor is not None and not may_assign(actor, case, owner):
        raise Forbidden(_l("You may take a case yourself, but not give it to somebody else."))
    if owner is None and KINDS[case.status.kind].needs_owner:
        raise Refused(
            _l("“%(status)s” is a promise of the case's owner. Choose another status first.", status=case.status.name)
        )
    if owner is not None and not can_own(owner, case.campaign):
        raise Refused(
            _l("%(name)s cannot own this case: only agents who are assigned to its campaign can.", name=owner.full_name)
        )
    _set_owner(case, owner, actor=actor)
    return True


def open_card(case: Case, *, actor: AppUser) -> Opened:
    """Mark the case as read by the actor, and give it to an agent of its campaign who opens it unowned."""
    became_owner = False
    if case.owner_id is None and _takes_by_opening(case, actor):
        hold(case)
        # Two open it at once: whoever held the row first owns it.
        if case.owner_id is None:
            _set_owner(case, actor, actor=actor)
            _announce(case, None, actor)
            became_owner = True
    with session.no_autoflush:
        session.execute(
            insert(CaseRead.__table__)
            .values(user_id=actor.id, case_id=case.id, read_at=clock.now())
            .on_conflict_do_update(index_elements=["user_id", "case_id"], set_={"read_at": clock.now()})
        )
    return Opened(became_owner)


def possible_owners(campaign: Campaign) -> list[AppUser]:
    """The agents that cases of the campaign may be given to, by surname."""
    role, of_user = fab_models.Role, fab_models.assoc_user_role
    is_agent = select(of_user.c.user_id).join(role, role.id == of_user.c.role_id).where(role.name.in_(AGENT_ROLES))
    # Of a whole centre only names are shown.
    names = load_only(AppUser.first_name, AppUser.last_name, AppUser.username)
    rows = select(AppUser).where(agents_of(campaign), AppUser.id.in_(is_agent)).options(names)
    return list(session.scalars(rows.order_by(AppUser.last_name, AppUser.first_name, AppUser.id)))


def can_own(user: AppUser, campaign: Campaign) -> bool:
    """An active agent who is assigned to the campaign."""
    if not user.active or role_names(user).isdisjoint(AGENT_ROLES):
        return False
    # Somebody who is not among them may have been assigned since.
    return user.id in remembered(("agents", campaign.id), lambda: _agents(campaign)) or user.id in _agents(campaign)


def may_assign(actor: AppUser, case: Case, owner: AppUser | None) -> bool:
    """Whether the actor may make `owner` the owner: anybody by right, oneself where nobody owns the case."""
    if may(actor, Permission.CASE_ASSIGN):
        return True
    if owner is None:
        return case.owner_id == actor.id
    return owner.id == actor.id and case.owner_id is None


def _agents(campaign: Campaign) -> frozenset[int]:
    return frozenset(session.scalars(select(AppUser.id).where(agents_of(campaign))))


def _takes_by_opening(case: Case, actor: AppUser) -> bool:
    if case.campaign.state is CampaignState.ARCHIVED or role_names(actor).isdisjoint(AGENT_ROLES):
        return False
    assigned = assigned_campaigns(actor)
    return case.campaign_id in assigned.whole or case.campaign_id in assigned.own_only


def _set_owner(case: Case, owner: AppUser | None, *, actor: AppUser | None) -> None:
    before = case.owner
    case.owner = owner
    case.owner_id = id_of(owner)
    promise = open_promise(case)
    if promise and promise.kind is CallbackKind.PRIVATE:
        # The promise goes with the case: its former owner is reminded of nothing.
        promise.owner_id = id_of(owner)
        promise.version += 1
    payload = {"from": _named(before), "to": _named(owner)}
    add_activity(case, ActivityKind.OWNER, payload, actor=actor)
    note_change(case, "owner", {"owner": id_of(before)}, {"owner": id_of(owner)}, actor=actor)


def _announce(case: Case, before: int | None, actor: AppUser | None) -> None:
    announce(
        OwnerChanged(
            case_id=case.id,
            version=case.version,
            former_owner_id=before,
            owner_id=case.owner_id,
            actor_id=id_of(actor),
        )
    )


def _named(user: AppUser | None) -> dict[str, object] | None:
    return {"id": user.id, "name": user.full_name} if user else None
