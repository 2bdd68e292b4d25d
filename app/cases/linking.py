"""Cases that belong together: linked by hand, or one opened from the other."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.access.permissions import Permission, require
from app.access.visible import cases_of
from app.cases.changes import add_activity, hold, id_of, note_change, refuse_archived
from app.cases.events import CaseLinked
from app.cases.opening import open_case
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Refused
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Campaign, Case, CaseLink
from app.models.activities import ActivityKind

SHOWN = 50
"""Links that a card shows: the newest."""


def link_cases(case: Case, other: Case, *, actor: AppUser | None) -> bool:
    """Link two cases, in the history and the timeline of both; False when they are linked already."""
    if case.id == other.id:
        raise Refused(_l("A case cannot be linked to itself."))
    for each in sorted((case, other), key=lambda each: each.id):  # two links at once lock in one order
        hold(each)
        refuse_archived(each.campaign)
    if session.scalar(select(CaseLink.from_id).where(_between(case.id, other.id))) is not None:
        return False
    _add(case, other, actor, opened=False)
    return True


def open_linked_case(case: Case, campaign: Campaign, *, actor: AppUser | None) -> Case:
    """Open a case for the same contact in another campaign and link the two; the source stays the first one's."""
    if actor is not None:
        require(actor, Permission.CASE_CREATE)
    hold(case)
    refuse_archived(case.campaign)
    opened = open_case(case.contact, campaign, source=case.source, actor=actor)
    _add(case, opened, actor, opened=True)
    return opened


def linked_cases(case: Case, *, actor: AppUser) -> Sequence[Case]:
    """The cases linked to this one, in either direction, that the actor may see; the newest links first."""
    joined = or_(
        and_(CaseLink.from_id == case.id, CaseLink.to_id == Case.id),
        and_(CaseLink.to_id == case.id, CaseLink.from_id == Case.id),
    )
    rows = select(Case).join(CaseLink, joined).where(cases_of(actor)).options(joinedload(Case.status))
    return session.scalars(rows.order_by(CaseLink.created_at.desc(), Case.id.desc()).limit(SHOWN)).all()


def _between(one: int, other: int) -> ColumnElement[bool]:
    return or_(
        and_(CaseLink.from_id == one, CaseLink.to_id == other), and_(CaseLink.from_id == other, CaseLink.to_id == one)
    )


def _add(case: Case, other: Case, actor: AppUser | None, *, opened: bool) -> None:
    """The row, and on both sides an entry that names the other one."""
    row = {"from_id": case.id, "to_id": other.id, "created_at": clock.now(), "created_by_id": id_of(actor)}
    session.execute(insert(CaseLink).values(**row).on_conflict_do_nothing())
    for each, linked, is_first in ((case, other, True), (other, case, False)):
        payload = {"case": linked.number, "opened": opened, "first": is_first}
        activity = add_activity(each, ActivityKind.LINKED, payload, actor=actor)
        session.flush()
        note_change(each, "link", {}, {"link": linked.number}, actor=actor)
        announce(CaseLinked(case_id=each.id, activity_id=activity.id, actor_id=id_of(actor)))
