"""Bulk work on cases: opening them for many contacts, changing many at once. Both run as long work, batch by batch.

What was selected is fixed in the first batch; each case that cannot be done is named with the reason, and the others
are done all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.access.permissions import Permission, require
from app.access.visible import cases_of, contacts_of, the_campaign
from app.cases.changes import hold_many
from app.cases.events import CasesChanged
from app.cases.listing_query import query_from
from app.cases.listing_walks import matching
from app.cases.moving import apply_campaign, apply_source
from app.cases.opening import open_many
from app.cases.ownership import apply_owner, can_own
from app.cases.status import apply_status
from app.contacts.listing import conditions_of
from app.contacts.listing import query_from as contact_query
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Invalid, NotFound, Refused, SplotError
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Campaign, Case, Contact, ImportRow, Status, Work
from app.models.campaigns import DuplicateRule
from app.models.cases import Source
from app.scripts.rules import When, clears_answers
from app.scripts.statuses import facts_of
from app.work.rows import add_refusal, start_work

OPEN = "cases.open_for_contacts"
CHANGE = "cases.change_many"

_NO_CASE = _l("There is no such case, or you may not see it.")
_NO_CONTACT = _l("There is no such contact, or you may not see it.")
_DUPLICATE = _l("The contact has a case in this campaign already.")


@dataclass(frozen=True, kw_only=True)
class ContactSelection:
    """Which contacts: one of these."""

    ids: tuple[int, ...] = ()
    import_id: int | None = None
    """Those that an import created, updated or found."""
    tag: str | None = None
    query: Mapping[str, str] | None = None
    """All that a list of contacts shows (its query parameters, see `contacts/listing.py`)."""


@dataclass(frozen=True, kw_only=True)
class CaseSelection:
    """Which cases: these, or all that a list shows (its query parameters, see `listing_query`)."""

    ids: tuple[int, ...] = ()
    query: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, kw_only=True)
class BulkChange:
    """What to change: exactly one of these."""

    status_id: int | None = None
    date: When | None = None
    """The time of a dated status."""
    owner_id: int | None = None
    without_owner: bool = False
    source: Source | None = None
    campaign_id: int | None = None


def start_open_for_contacts(
    contacts: ContactSelection,
    campaign: Campaign,
    *,
    owners: Sequence[AppUser] = (),
    rule: DuplicateRule | None = None,
    actor: AppUser,
) -> Work:
    """Open a case for each contact; `owners` take turns, without any the cases belong to nobody yet."""
    require(actor, Permission.CASE_BULK)
    require(actor, Permission.CASE_CREATE)
    for owner in owners:
        if not can_own(owner, campaign):
            raise Refused(
                _l(
                    "%(name)s cannot own these cases: only agents who are assigned to the campaign can.",
                    name=owner.full_name,
                )
            )
    params = {
        "campaign": campaign.id,
        "contacts": {
            "ids": list(contacts.ids),
            "import": contacts.import_id,
            "tag": contacts.tag,
            "query": dict(contacts.query) if contacts.query is not None else None,
        },
        "owners": [owner.id for owner in owners],
        "rule": rule.value if rule else None,
    }
    return start_work(OPEN, params, queue="bulk", actor=actor)


def start_change_many(cases: CaseSelection, change: BulkChange, *, actor: AppUser) -> Work:
    """Change many cases at once. Ask first where `loses_answers(change)`."""
    require(actor, Permission.CASE_BULK)
    _require_for(change, actor)
    params = {
        "cases": {"ids": list(cases.ids), "query": dict(cases.query) if cases.query is not None else None},
        "change": _written(change),
    }
    return start_work(CHANGE, params, queue="bulk", actor=actor)


def loses_answers(change: BulkChange) -> bool:
    """Whether the change clears the answers of the cases: their page warns before it begins."""
    status = session.get(Status, change.status_id) if change.status_id else None
    return status is not None and clears_answers(facts_of(status))


def contacts_to_open(work: Work, *, actor: AppUser) -> Sequence[int] | Select[int]:
    """The contacts of a work row: those that were named, or a query of those that the actor sees now."""
    chosen = work.params["contacts"]
    rows = select(Contact.id).where(contacts_of(actor))
    if chosen["import"] is not None:
        of_import = select(ImportRow.contact_id).where(ImportRow.import_id == chosen["import"])
        rows = rows.where(Contact.id.in_(of_import))
    elif chosen["tag"] is not None:
        rows = rows.where(Contact.tags.contains([chosen["tag"]]))
    elif chosen.get("query") is not None:
        wanted = contact_query({name: [value] for name, value in chosen["query"].items()})
        rows = select(Contact.id).where(*conditions_of(wanted, user=actor))
    else:
        return list(chosen["ids"])
    return rows


def cases_to_change(work: Work, *, actor: AppUser) -> Sequence[int] | Select[int]:
    """The cases of a work row: those that were named, or a query of those that match now."""
    chosen = work.params["cases"]
    if chosen["query"] is None:
        return list(chosen["ids"])
    conditions = matching(query_from(chosen["query"]), user=actor)
    return select(Case.id).where(*conditions)


def open_batch(contact_ids: Sequence[int], *, work: Work, actor: AppUser) -> int:
    """Open the cases of one batch and name what was skipped; how many were opened."""
    params = work.params
    require(actor, Permission.CASE_BULK)
    campaign = the_campaign(params["campaign"], actor=actor)
    visible = set(session.scalars(select(Contact.id).where(Contact.id.in_(contact_ids), contacts_of(actor))))
    opened = open_many(
        [contact_id for contact_id in contact_ids if contact_id in visible],
        campaign,
        source=Source.OUTBOUND_CAMPAIGN,
        owners=_able(params["owners"], campaign) or (None,),
        start=work.place.get("opened", 0),
        rule=DuplicateRule(params["rule"]) if params["rule"] else None,
        actor=actor,
    )
    rows = session.execute(select(Contact.id, Contact.number).where(Contact.id.in_(contact_ids)))
    numbers = {row.id: row.number for row in rows}
    for contact_id in contact_ids:
        if contact_id not in visible:
            _problem(work, str(contact_id), _NO_CONTACT)
        elif contact_id in opened.duplicates:
            _problem(work, str(numbers[contact_id]), _DUPLICATE)
    return len(opened.case_ids)


def change_batch(case_ids: Sequence[int], *, work: Work, actor: AppUser) -> int:
    """Change the cases of one batch, each by itself, and name those that cannot be; how many were done."""
    change = _read(work.params["change"])
    require(actor, Permission.CASE_BULK)
    _require_for(change, actor)
    held = hold_many(list(session.scalars(select(Case.id).where(Case.id.in_(case_ids), cases_of(actor)))))
    owners = {case_id: case.owner_id for case_id, case in held.items()}
    campaigns = {case_id: case.campaign_id for case_id, case in held.items()}
    done = []
    for case_id in case_ids:
        case = held.get(case_id)
        if case is None:
            _problem(work, str(case_id), _NO_CASE)
            continue
        number = case.number
        try:
            with session.begin_nested():
                _apply(case, change, actor)
        except SplotError as error:
            _problem(work, str(number), error.message)
        else:
            done.append(case_id)
    announce(CasesChanged(case_ids=tuple(done), actor_id=actor.id, former_owners=owners, former_campaigns=campaigns))
    return len(done)


def _apply(case: Case, change: BulkChange, actor: AppUser) -> None:
    if change.status_id is not None:
        apply_status(case, session.get_one(Status, change.status_id), date=change.date, actor=actor, in_bulk=True)
    elif change.owner_id is not None or change.without_owner:
        owner = session.get(AppUser, change.owner_id) if change.owner_id else None
        apply_owner(case, owner, actor=actor)
    elif change.source is not None:
        apply_source(case, change.source, actor=actor)
    elif change.campaign_id is not None:
        apply_campaign(case, the_campaign(change.campaign_id, actor=actor), actor=actor)


def _require_for(change: BulkChange, actor: AppUser) -> None:
    """One change, of rows that exist, that the actor may make."""
    wanted = (change.status_id, change.owner_id, change.without_owner or None, change.source, change.campaign_id)
    if sum(each is not None for each in wanted) != 1:
        raise Invalid(_l("Choose one change for all these cases."))
    require(actor, Permission.CASE_EDIT)
    if change.owner_id is not None or change.without_owner:
        require(actor, Permission.CASE_ASSIGN)
        if change.owner_id is not None and session.get(AppUser, change.owner_id) is None:
            raise NotFound(_l("There is no such user."))
    if change.campaign_id is not None:
        require(actor, Permission.CASE_MOVE)
        the_campaign(change.campaign_id, actor=actor)
    if change.status_id is not None and session.get(Status, change.status_id) is None:
        raise NotFound(_l("The script has no such status."))


def _able(owner_ids: Sequence[int], campaign: Campaign) -> tuple[int, ...]:
    """Those who still can own cases of the campaign: somebody may have left while the work waited."""
    users = (session.get(AppUser, owner_id) for owner_id in owner_ids)
    return tuple(user.id for user in users if user is not None and can_own(user, campaign))


def _problem(work: Work, subject: str, message: Any) -> None:
    add_refusal(work, subject, message)
    work.failed += 1


def _written(change: BulkChange) -> dict[str, Any]:
    date = change.date
    return {
        "status": change.status_id,
        "date": {"local": date.local.isoformat(), "zone": date.zone, "fold": date.fold} if date else None,
        "owner": change.owner_id,
        "without_owner": change.without_owner,
        "source": change.source.value if change.source else None,
        "campaign": change.campaign_id,
    }


def _read(params: Mapping[str, Any]) -> BulkChange:
    date = params["date"]
    return BulkChange(
        status_id=params["status"],
        date=When(datetime.fromisoformat(date["local"]), date["zone"], date["fold"]) if date else None,
        owner_id=params["owner"],
        without_owner=params["without_owner"],
        source=Source(params["source"]) if params["source"] else None,
        campaign_id=params["campaign"],
    )
