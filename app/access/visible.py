"""Which rows a user may see. No view, job or socket fetches cases, contacts, campaigns or files otherwise.

Conditions are made of ids that were looked up before, so that PostgreSQL answers them from the indexes of a table of
a million cases: `campaign_id = ANY (…)`, never a subquery over assignments in every row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    exists,
    false,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.base import ExecutableOption

from app.access.permissions import Permission, may
from app.access.remembered import remembered
from app.core.db import session
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.models import (
    AppUser,
    Campaign,
    Case,
    Contact,
    HistoryEntry,
    StoredFile,
    Work,
    campaign_teams,
    campaign_users,
    team_members,
)


@dataclass(frozen=True)
class Assigned:
    """Ids of the campaigns that a user is assigned to, directly or through a team."""

    whole: tuple[int, ...]
    """Every case of these."""
    own_only: tuple[int, ...]
    """The user's own and the unowned cases of these."""
    rows: tuple[Any, ...]
    """All of them by name: rows with `id`, `name`, `script_id`, `state`."""


def cases_of(user: AppUser) -> ColumnElement[bool]:
    """Cases that the user may see, as a condition on `Case`; one object a request, as a page asks several times."""
    return remembered(("cases", user.id), lambda: _cases_of(user))


def _cases_of(user: AppUser) -> ColumnElement[bool]:
    if not may(user, Permission.CASE_READ):
        return false()
    if may(user, Permission.CASE_SEE_ALL):
        return true()
    assigned = assigned_campaigns(user)
    if not assigned.own_only:
        return _one_of(Case.campaign_id, assigned.whole)
    own = and_(_one_of(Case.campaign_id, assigned.own_only), or_(Case.owner_id == user.id, Case.owner_id.is_(None)))
    return or_(_one_of(Case.campaign_id, assigned.whole), own) if assigned.whole else own


def contacts_of(user: AppUser) -> ColumnElement[bool]:
    """Contacts that the user may see: those with a visible case, and those the user owns or created."""
    if not may(user, Permission.CONTACT_READ):
        return false()
    if may(user, Permission.CONTACT_SEE_ALL):
        return true()
    return or_(
        Contact.owner_id == user.id,
        Contact.created_by_id == user.id,
        exists().where(Case.contact_id == Contact.id, cases_of(user)),
    )


def campaigns_of(user: AppUser) -> ColumnElement[bool]:
    """Campaigns that the user works in, has made, or sees all cases of."""
    if may(user, Permission.CASE_SEE_ALL):
        return true()
    assigned = assigned_campaigns(user)
    mine = _one_of(Campaign.id, (*assigned.whole, *assigned.own_only))
    return or_(mine, Campaign.created_by_id == user.id) if may(user, Permission.CAMPAIGN_EDIT) else mine


def files_of(user: AppUser) -> ColumnElement[bool]:
    """Files of visible cases, and the user's own that belong to no case (exports, import files)."""
    return or_(
        and_(StoredFile.case_id.is_(None), StoredFile.created_by_id == user.id),
        exists().where(Case.id == StoredFile.case_id, cases_of(user)),
    )


def history_of(user: AppUser) -> ColumnElement[bool]:
    """The whole history with HISTORY_READ; else that of visible cases and contacts."""
    if may(user, Permission.HISTORY_READ):
        return true()
    record = HistoryEntry.record
    return or_(
        and_(record == "case", exists().where(Case.id == HistoryEntry.record_id, cases_of(user))),
        and_(record == "contact", exists().where(Contact.id == HistoryEntry.record_id, contacts_of(user))),
    )


def the_case(number: int, *, actor: AppUser, options: Sequence[ExecutableOption] = ()) -> Case:
    """The case with that number, or NotFound, also when the actor may not see it; `options` say what is loaded too."""
    case = session.scalar(select(Case).where(Case.number == number, cases_of(actor)).options(*options))
    if case is None:
        raise NotFound(_l("There is no such case, or you may not see it."))
    return case


def the_contact(contact_id: int, *, actor: AppUser) -> Contact:
    """The contact with that id, or NotFound, also when the actor may not see it."""
    contact = session.scalar(select(Contact).where(Contact.id == contact_id, contacts_of(actor)))
    if contact is None:
        raise NotFound(_l("There is no such contact, or you may not see it."))
    return contact


def the_campaign(campaign_id: int, *, actor: AppUser) -> Campaign:
    """The campaign with that id, or NotFound, also when the actor may not see it."""
    campaign = session.scalar(select(Campaign).where(Campaign.id == campaign_id, campaigns_of(actor)))
    if campaign is None:
        raise NotFound(_l("There is no such campaign, or you may not see it."))
    return campaign


def the_file(file_id: int, *, actor: AppUser) -> StoredFile:
    """The file with that id, or NotFound, also when the actor may not see it."""
    file = session.scalar(select(StoredFile).where(StoredFile.id == file_id, files_of(actor)))
    if file is None:
        raise NotFound(_l("There is no such file, or you may not see it."))
    return file


def the_work(work_id: int, *, actor: AppUser) -> Work:
    """Long work that the actor started, or any by right; else NotFound: its problems name other people's records."""
    work = session.get(Work, work_id)
    if work is None or (work.created_by_id != actor.id and not may(actor, Permission.WORK_SEE_ALL)):
        raise NotFound(_l("There is no such job, or it is somebody else's."))
    return work


def assigned_campaigns(user: AppUser) -> Assigned:
    """The campaigns that the user is assigned to; one query a request."""
    return remembered(("assigned", user.id), lambda: _load_assigned(user))


def agents_of(campaign: Campaign) -> ColumnElement[bool]:
    """Active users who are assigned to the campaign, as a condition on `AppUser`: the owners that its cases may get."""
    ids = union(
        select(campaign_users.c.user_id).where(campaign_users.c.campaign_id == campaign.id),
        select(team_members.c.user_id)
        .join(campaign_teams, campaign_teams.c.team_id == team_members.c.team_id)
        .where(campaign_teams.c.campaign_id == campaign.id),
    )
    return and_(AppUser.active.is_(True), AppUser.id.in_(ids))


def _load_assigned(user: AppUser) -> Assigned:
    rows = session.execute(_ASSIGNED, {"user": user.id}).all()
    sees_colleagues = may(user, Permission.CASE_SEE_COLLEAGUES)
    own_only = tuple(row.id for row in rows if row.agents_see_own_only and not sees_colleagues)
    whole = tuple(row.id for row in rows if row.id not in own_only)
    return Assigned(whole=whole, own_only=own_only, rows=tuple(rows))


def _assigned() -> Select[*tuple[Any, ...]]:
    by_name = select(campaign_users.c.campaign_id).where(campaign_users.c.user_id == bindparam("user"))
    by_team = (
        select(campaign_teams.c.campaign_id)
        .join(team_members, team_members.c.team_id == campaign_teams.c.team_id)
        .where(team_members.c.user_id == bindparam("user"))
    )
    of_list = (Campaign.id, Campaign.name, Campaign.script_id, Campaign.state, Campaign.agents_see_own_only)
    return select(*of_list).where(Campaign.id.in_(union(by_name, by_team))).order_by(Campaign.name)


# Asked by nearly every request, so it is built once.
_ASSIGNED = _assigned()


def _one_of(column: InstrumentedAttribute[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """One parameter whatever the number of ids, so that one prepared statement serves every user."""
    if not ids:
        return false()
    if len(ids) == 1:
        return column == ids[0]
    return column == any_(literal(sorted(ids), ARRAY(BigInteger)))
