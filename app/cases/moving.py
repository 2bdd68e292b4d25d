"""Moving a case: to another campaign, to another contact, to another source.

Answers that leave with a form are parked with the case and come back when it returns; they stay in its history, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete

from app.cases.answers import differences, document_of, forget_document, form_of, language_of, profile_of
from app.cases.changes import add_activity, hold, id_of, note_change, refuse_archived
from app.cases.events import CaseMoved, CaseSaved
from app.cases.opening import made_subject
from app.cases.ownership import can_own
from app.cases.status import apply_status, open_promise
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Refused
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.answers import AnswerChange, store_many
from app.formbuilder.conversion import Brought
from app.formbuilder.converting import brought, hold_meaning, settle
from app.formbuilder.definition import FormDefinition
from app.formbuilder.form import starting_document
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import definition_of
from app.models import Answer, AppUser, Campaign, Case, CaseAnswers, Contact, FormVersion, Status
from app.models.activities import ActivityKind
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.scripts.statuses import initial_status


@dataclass(frozen=True, kw_only=True)
class AnswerText:
    """An answer as the preview shows it."""

    field_id: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MovePreview:
    """What a change of the campaign would do."""

    status: Status
    """The one that the case will stand in."""
    leaving: tuple[AnswerText, ...]
    """Answers that leave the form; they come back with it."""
    returning: tuple[AnswerText, ...]
    """Answers that were parked when the case left that form before."""
    loses_owner: bool
    """The owner does not work in that campaign."""
    cancels_promise: bool
    """An open callback is cancelled."""


def preview_move(case: Case, campaign: Campaign, *, actor: AppUser) -> MovePreview:
    """What `change_campaign` would do, as the actor may see it."""
    old, new = form_of(case.campaign), form_of(campaign)
    swaps = _form_id(old) != _form_id(new)
    back = _returning(case, new) if new else None
    parked = back.document if back else {}
    return MovePreview(
        status=initial_status(campaign.script),
        leaving=_texts(old, document_of(case), actor) if swaps else (),
        returning=_texts(new, parked, actor) if swaps else (),
        loses_owner=case.owner is not None and not can_own(case.owner, campaign),
        cancels_promise=open_promise(case) is not None,
    )


def change_campaign(case: Case, campaign: Campaign, *, actor: AppUser | None) -> None:
    """Move the case: the new script's initial status, its form, the same number, history and timeline."""
    hold(case)
    owner_id, campaign_id = case.owner_id, case.campaign_id
    if apply_campaign(case, campaign, actor=actor):
        _announce_move(case, owner_id, campaign_id, actor)


def apply_campaign(case: Case, campaign: Campaign, *, actor: AppUser | None) -> bool:
    """The same for a case that is held, without announcing it; False when it is there already."""
    if case.campaign_id == campaign.id:
        return False
    if case.status.kind is StatusKind.MERGED:
        raise Refused(_l("The case was merged into another one. It cannot be moved."))
    earlier = case.campaign
    refuse_archived(earlier)
    refuse_archived(campaign)
    before: dict[str, Any] = {"campaign": earlier.id}
    after: dict[str, Any] = {"campaign": campaign.id}
    old_answers, new_answers = _swap_form(case, earlier, campaign)
    if case.subject == made_subject(case.contact.name, earlier.name):
        before["subject"], after["subject"] = case.subject, made_subject(case.contact.name, campaign.name)
        case.subject = after["subject"]
    if case.owner is not None and not can_own(case.owner, campaign):
        before["owner"], after["owner"] = case.owner_id, None
        case.owner = None
        case.owner_id = None
    apply_status(case, initial_status(campaign.script), actor=actor, campaign=campaign, form_checked=True)
    case.campaign = campaign
    case.campaign_id = campaign.id
    payload = {"from": {"id": earlier.id, "name": earlier.name}, "to": {"id": campaign.id, "name": campaign.name}}
    add_activity(case, ActivityKind.CAMPAIGN, payload, actor=actor)
    note_change(case, "move", {**before, **old_answers}, {**after, **new_answers}, actor=actor)
    session.flush()
    return True


def change_contact_of_case(case: Case, contact: Contact, *, actor: AppUser | None) -> bool:
    """Put the case on another contact, with its open promise. The timeline so far stays with the former one, too."""
    hold(case)
    refuse_archived(case.campaign)
    earlier = case.contact
    if earlier.id == contact.id:
        return False
    before: dict[str, Any] = {"contact": earlier.id}
    after: dict[str, Any] = {"contact": contact.id}
    if case.subject == made_subject(earlier.name, case.campaign.name):
        before["subject"], after["subject"] = case.subject, made_subject(contact.name, case.campaign.name)
        case.subject = after["subject"]
    payload = {"from": {"id": earlier.id, "name": earlier.name}, "to": {"id": contact.id, "name": contact.name}}
    case.contact = contact
    case.contact_id = contact.id
    promise = open_promise(case)
    if promise is not None:
        promise.contact_id, promise.phone = contact.id, None
        promise.version += 1
    add_activity(case, ActivityKind.CONTACT, payload, actor=actor)
    note_change(case, "contact", before, after, actor=actor)
    session.flush()
    _announce_move(case, case.owner_id, case.campaign_id, actor)
    return True


def change_source(case: Case, source: Source, *, actor: AppUser | None) -> bool:
    """Say that the case came in by another channel."""
    hold(case)
    if not apply_source(case, source, actor=actor):
        return False
    announce(
        CaseSaved(
            case_id=case.id,
            version=case.version,
            fields=("source",),
            former_owner_id=case.owner_id,
            actor_id=id_of(actor),
        )
    )
    return True


def apply_source(case: Case, source: Source, *, actor: AppUser | None) -> bool:
    """The same for a case that is held, without announcing it."""
    refuse_archived(case.campaign)
    if case.source is source:
        return False
    earlier, case.source = case.source, source
    add_activity(case, ActivityKind.SOURCE, {"from": earlier.value, "to": source.value}, actor=actor)
    note_change(case, "save", {"source": earlier.value}, {"source": source.value}, actor=actor)
    session.flush()
    return True


def _swap_form(case: Case, earlier: Campaign, campaign: Campaign) -> tuple[dict[str, Any], dict[str, Any]]:
    """Park the answers of the old form, bring back those of the new one or its defaults; both sides of the change."""
    old_id, new_id = earlier.script.form_id, campaign.script.form_id
    if old_id == new_id:
        return {}, {}
    left, version = form_of(earlier), form_of(campaign)
    version = hold_meaning(version) if version else None
    if left is not None:
        settle(case.id, left)
        forget_document(case)
    document, parked = document_of(case), dict(_parked(case))
    if old_id is not None and document:
        parked[str(old_id)] = document
    definition = definition_of(version) if version else None
    back = _returning(case, version) if version else None
    if version:
        parked.pop(str(new_id), None)
    returning = back.document if back else starting_document(definition) if definition else {}
    _write_swapped(case, returning, parked, version, definition)
    _note_meanings(case, left, back.former if back else None)
    return differences(document, returning)


def _write_swapped(
    case: Case,
    document: Mapping[str, Any],
    parked: Mapping[str, Any],
    version: FormVersion | None,
    definition: FormDefinition | None,
) -> None:
    session.execute(delete(Answer).where(Answer.case_id == case.id))
    row = session.get(CaseAnswers, case.id)
    if row is None:
        row = CaseAnswers(case_id=case.id)
        session.add(row)
    row.document, row.parked = dict(document), dict(parked)
    row.form_version_id = version.id if version else None
    session.flush()
    forget_document(case)
    if version and definition:
        store_many([AnswerChange(case_id=case.id, before={}, after=document)], definition, version_id=version.id)


def _parked(case: Case) -> Mapping[str, Any]:
    row = session.get(CaseAnswers, case.id)
    return row.parked if row else {}


def _returning(case: Case, version: FormVersion) -> Brought | None:
    """The answers that were parked when the case left that form, as it means them now."""
    row = session.get(CaseAnswers, case.id)
    document = row.parked.get(str(version.form_id)) if row else None
    if row is None or document is None:
        return None
    return brought(document, row.former, row.parked_versions.get(str(version.form_id)), version)


def _note_meanings(case: Case, left: FormVersion | None, former: Mapping[str, Any] | None) -> None:
    """Which version the parked answers were given in, and what of those that came back fits no more."""
    row = session.get_one(CaseAnswers, case.id)
    if left is not None:
        row.parked_versions = {**row.parked_versions, str(left.form_id): left.id}
    if former is not None:
        row.former = dict(former)
    session.flush()


def _form_id(version: FormVersion | None) -> int | None:
    return version.form_id if version else None


def _texts(version: FormVersion | None, document: Mapping[str, Any], actor: AppUser) -> tuple[AnswerText, ...]:
    """The answers of a document that the actor may see."""
    if version is None:
        return ()
    definition = definition_of(version)
    visible = profile_of(actor, definition).visible
    found = []
    for field in definition.answer_fields():
        kind = answer_type(field)
        if kind and field.id in visible and document.get(field.id) is not None:
            text = kind.show(document[field.id], language_of(actor))
            found.append(AnswerText(field_id=field.id, title=field.title, text=text))
    return tuple(found)


def _announce_move(case: Case, owner_id: int | None, campaign_id: int, actor: AppUser | None) -> None:
    """`owner_id` and `campaign_id` are those before."""
    announce(
        CaseMoved(
            case_id=case.id,
            version=case.version,
            campaign_id=case.campaign_id,
            contact_id=case.contact_id,
            former_owner_id=owner_id,
            former_campaign_id=campaign_id,
            actor_id=id_of(actor),
        )
    )
