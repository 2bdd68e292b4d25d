"""Opening cases: one, or many contacts of a campaign at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from app.access.permissions import Permission, require
from app.cases.answers import begin_answers, form_of
from app.cases.changes import VERSION, add_activity, id_of, note_made, refuse_archived
from app.cases.events import CaseOpened, CasesOpened
from app.cases.ownership import can_own
from app.cases.status import begin, begin_promise, beginning_of, promise_columns
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Invalid, Refused
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.answers import AnswerChange, store_many
from app.formbuilder.converting import hold_meaning
from app.formbuilder.form import starting_document
from app.formbuilder.versions import definition_of
from app.history.record import SYSTEM, origin, record_change, record_many
from app.models import Activity, AppUser, Callback, Campaign, Case, Contact, Status
from app.models.activities import ActivityKind
from app.models.campaigns import DuplicateRule
from app.models.cases import Source
from app.scripts.kinds import KINDS
from app.scripts.rules import Promise, When
from app.scripts.statuses import initial_status

SUBJECT = 300


@dataclass(frozen=True, kw_only=True)
class OpenedMany:
    """What became of a batch of contacts."""

    case_ids: tuple[int, ...]
    duplicates: tuple[int, ...]
    """Contacts that were skipped, because the campaign's rule counts an earlier case of theirs."""
    missing: tuple[int, ...]
    """Contacts that are gone."""


def open_case(
    contact: Contact,
    campaign: Campaign,
    *,
    source: Source,
    actor: AppUser | None,
    owner: AppUser | None = None,
    status: Status | None = None,
    subject: str | None = None,
    date: When | None = None,
) -> Case:
    """A new case, in the script's initial status unless another is named, with the defaults of the form.

    Somebody opens it on purpose, so an earlier case of the contact is no obstacle. Forbidden when it is for somebody
    else and the actor may not assign.
    """
    refuse_archived(campaign)
    if actor is not None and owner is not None and owner.id != actor.id:
        require(actor, Permission.CASE_ASSIGN)
    if owner is not None and not can_own(owner, campaign):
        raise Refused(
            _l("%(name)s cannot own this case: only agents who are assigned to its campaign can.", name=owner.full_name)
        )
    now = clock.now()
    case = Case(
        contact=contact,
        campaign=campaign,
        owner=owner,
        owner_id=id_of(owner),
        source=source,
        subject=checked_subject(subject) if subject else made_subject(contact.name, campaign.name),
        created_at=now,
        touched_at=now,
        created_by_id=id_of(actor),
    )
    # The script and its statuses may be loaded here, while the case cannot be written yet: it has no status.
    with session.no_autoflush:
        decision = begin(case, status, date=date, actor=actor)
    session.add(case)
    session.flush()
    note_made(case.id)
    begin_promise(case, decision, actor=actor)
    begin_answers(case)
    add_activity(case, ActivityKind.CREATED, {"source": source.value, "campaign": campaign.name}, actor=actor)
    record_change("case", case.id, "open", actor=actor, after=_opened(case.__dict__))
    announce(CaseOpened(case_id=case.id, campaign_id=campaign.id))
    return case


def open_many(
    contact_ids: Sequence[int],
    campaign: Campaign,
    *,
    source: Source,
    owners: Sequence[int | None] = (None,),
    start: int = 0,
    rule: DuplicateRule | None = None,
    actor: AppUser | None,
) -> OpenedMany:
    """One case for each contact, in a few statements; `owners` take turns, the first case goes to `owners[start]`.

    The caller has checked that the owners can own cases of the campaign, and holds back more than some thousand.
    """
    refuse_archived(campaign)
    # Two jobs for one campaign take turns, so that both see what the other made.
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update(key_share=True))
    rows = session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(contact_ids)))
    names = {row.id: row.name for row in rows}
    taken = _with_earlier(names, campaign, rule or campaign.duplicate_rule)
    chosen = [
        contact_id for contact_id in dict.fromkeys(contact_ids) if contact_id in names and contact_id not in taken
    ]
    case_ids = _insert_cases(chosen, names, campaign, source, owners, start, actor) if chosen else ()
    if case_ids:
        if not KINDS[initial_status(campaign.script).kind].callback:
            # Of one that was just made nothing is looked up; here a promise would be missed.
            note_made(*case_ids)
        _store_defaults(case_ids, campaign)
        announce(CasesOpened(case_ids=case_ids, campaign_id=campaign.id))
    return OpenedMany(
        case_ids=case_ids,
        duplicates=tuple(contact_id for contact_id in dict.fromkeys(contact_ids) if contact_id in taken),
        missing=tuple(contact_id for contact_id in dict.fromkeys(contact_ids) if contact_id not in names),
    )


def made_subject(contact: str, campaign: str) -> str:
    """As in "Name Surname (Campaign)"; a long name is cut, the campaign is not."""
    tail = f" ({campaign})"
    return contact[: SUBJECT - len(tail)] + tail


def checked_subject(subject: str) -> str:
    """The subject on one line; Invalid when it is empty or over-long."""
    subject = " ".join(subject.replace("\0", "").split())
    if not subject:
        message = _l("A case needs a subject.")
        raise Invalid(message, {"subject": [message]})
    if len(subject) > SUBJECT:
        message = _l("At most %(limit)s characters fit here.", limit=SUBJECT)
        raise Invalid(message, {"subject": [message]})
    return subject


def _with_earlier(names: dict[int, str], campaign: Campaign, rule: DuplicateRule) -> set[int]:
    if rule is DuplicateRule.CREATE or not names:
        return set()
    rows = select(Case.contact_id).where(Case.contact_id.in_(names), Case.campaign_id == campaign.id)
    if rule is DuplicateRule.SKIP_OPEN:
        rows = rows.where(Case.closed_at.is_(None))
    return set(session.scalars(rows.distinct()))


def _insert_cases(
    chosen: Sequence[int],
    names: dict[int, str],
    campaign: Campaign,
    source: Source,
    owners: Sequence[int | None],
    start: int,
    actor: AppUser | None,
) -> tuple[int, ...]:
    now, beginning = clock.now(), beginning_of(campaign)
    same = {
        "campaign_id": campaign.id,
        "source": source,
        "created_at": now,
        "touched_at": now,
        "created_by_id": id_of(actor),
        **beginning.columns,
    }
    rows: list[dict[str, Any]] = [
        {
            **same,
            "contact_id": contact_id,
            "subject": made_subject(names[contact_id], campaign.name),
            "owner_id": owners[(start + place) % len(owners)] if owners else None,
        }
        for place, contact_id in enumerate(chosen)
    ]
    case_ids = tuple(session.scalars(insert(Case).returning(Case.id, sort_by_parameter_order=True), rows))
    if beginning.promise:
        _insert_promises(beginning.promise, case_ids, rows, actor)
    session.execute(
        insert(Activity),
        [
            {
                "contact_id": row["contact_id"],
                "case_id": case_id,
                "kind": ActivityKind.CREATED,
                "at": now,
                "author_id": id_of(actor),
                "payload": {"source": source.value, "campaign": campaign.name},
            }
            for case_id, row in zip(case_ids, rows, strict=True)
        ],
    )
    record_many(
        [
            {
                "at": now,
                "actor_id": id_of(actor),
                "actor_name": actor.full_name if actor else SYSTEM,
                "record": "case",
                "record_id": case_id,
                "action": "open",
                "before": None,
                "after": _opened(row),
                "origin": origin.get(),
            }
            for case_id, row in zip(case_ids, rows, strict=True)
        ]
    )
    return case_ids


def _store_defaults(case_ids: Sequence[int], campaign: Campaign) -> None:
    version = form_of(campaign)
    if version is None or not starting_document(definition_of(version)):
        return
    version = hold_meaning(version)
    definition = definition_of(version)
    document = starting_document(definition)
    store_many(
        [AnswerChange(case_id=case_id, before={}, after=document) for case_id in case_ids],
        definition,
        version_id=version.id,
    )


def _opened(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": row["subject"],
        "status": row["status_id"],
        "owner": row["owner_id"],
        "source": row["source"].value,
        VERSION: 1,
    }


def _insert_promises(
    promise: Promise, case_ids: Sequence[int], rows: Sequence[Mapping[str, Any]], actor: AppUser | None
) -> None:
    """What the initial status promises is promised for each of them."""
    session.execute(
        insert(Callback),
        [
            {
                "case_id": case_id,
                "contact_id": row["contact_id"],
                "campaign_id": row["campaign_id"],
                **promise_columns(promise, owner_id=row["owner_id"], actor=actor),
            }
            for case_id, row in zip(case_ids, rows, strict=True)
        ],
    )
