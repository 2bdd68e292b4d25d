"""The answers of a case: which form it has, what is stored, what must be filled in before it closes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.access.fields import role_names
from app.access.remembered import remembered
from app.access.visible import cases_of, contacts_of
from app.cases.changes import known_of
from app.contacts.numbers import shown_phone
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import DEFAULT_LANGUAGE
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.answers import store_answers
from app.formbuilder.converting import (
    brought,
    former_meanings,
    former_texts,
    hold_meaning,
    settle,
    store_brought,
    value_of,
)
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.entries import dictionary_named, entry_of, entry_text
from app.formbuilder.form import check, starting_document
from app.formbuilder.profile import Profile, profile_for
from app.formbuilder.versions import current_version, definition_of
from app.models import AppUser, Campaign, Case, CaseAnswers, Contact, FormVersion, StoredFile

Document = dict[str, Any]
_KEY = "answer:"
_DOCUMENT = "document"
"""Among what is known of a case that is held."""


def form_of(campaign: Campaign) -> FormVersion | None:
    """The current version of the campaign's form; None without a form, or before its first version."""
    form_id = campaign.script.form_id
    if not form_id:
        return None
    version = remembered(("form", form_id), lambda: current_version(form_id))
    # One that was published in this very transaction supersedes what was remembered.
    return version if version is not None and version.superseded_at is None else current_version(form_id)


def document_of(case: Case) -> Document:
    """The stored answers, by field id."""
    known = known_of(case)
    if _DOCUMENT not in known:
        row = session.get(CaseAnswers, case.id)
        version = form_of(case.campaign) if row else None
        known[_DOCUMENT] = (
            brought(row.document, row.former, row.form_version_id, version, parked=row.parked_versions).document
            if row and version
            else (row.document if row else {})
        )
    return dict(known[_DOCUMENT])


def former_answers(case: Case, *, actor: AppUser | None) -> dict[str, list[str]]:
    """Answers that do not fit the present kind of their field: the former kind and the text, by field id."""
    version = form_of(case.campaign)
    visible = profile_of(actor, definition_of(version)).visible if version else frozenset()
    row = session.get(CaseAnswers, case.id)
    if row is None or version is None:
        return {}
    former = brought(row.document, row.former, row.form_version_id, version, parked=row.parked_versions).former
    found = former_texts(former, language_of(actor))
    return {field_id: texts for field_id, texts in found.items() if field_id in visible}


def stored_answer(field: Field, document: Mapping[str, Any] | None, version_id: int | None) -> Any:
    """The stored answer of a field, from a document of that form version, as the field means answers now."""
    value = (document or {}).get(field.id)
    if value is None or version_id not in remembered(("former meanings", 0), former_meanings):
        return value
    return value_of(field, value, version_id)


def forget_document(case: Case) -> None:
    """The stored answers were written by other means than `write_answers`."""
    known_of(case).pop(_DOCUMENT, None)


def begin_answers(case: Case) -> None:
    """Store the defaults of the form with a new case."""
    version = form_of(case.campaign)
    if version is None or not starting_document(definition_of(version)):
        return
    version = hold_meaning(version)
    definition = definition_of(version)
    store_answers(case.id, {}, starting_document(definition), definition, version_id=version.id)


def write_answers(
    case: Case, before: Mapping[str, Any], after: Mapping[str, Any], version: FormVersion
) -> tuple[Document, Document]:
    """Store the document of a case that is held, in place of `before`; both sides of what changed, for its history."""
    now = hold_meaning(version)
    settle(case.id, now)
    if now is version:
        store_answers(case.id, before, after, definition_of(version), version_id=version.id)
        known_of(case)[_DOCUMENT] = dict(after)
    else:
        store_brought(case.id, after, version, now)
        forget_document(case)
    return differences(before, after)


def clear_answers(case: Case) -> tuple[Document, Document]:
    """Empty the form of a case that is held; the answers stay in its history."""
    version = form_of(case.campaign)
    before = document_of(case)
    if not before or version is None:
        return {}, {}
    return write_answers(case, before, {}, version)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Document, Document]:
    """Both sides of what differs, keyed as in the history."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return (
        {history_key(key): before.get(key) for key in changed},
        {history_key(key): after.get(key) for key in changed},
    )


def history_key(field_id: str) -> str:
    """The key of an answer in the case's history, in conflicts and in drafts."""
    return f"{_KEY}{field_id}"


def field_of(key: str) -> str | None:
    """The field id of a history key; None for a field of the case itself."""
    return key.removeprefix(_KEY) if key.startswith(_KEY) else None


def profile_of(actor: AppUser | None, definition: FormDefinition) -> Profile:
    """Which fields the actor may see and edit; the system sees and edits all."""
    if actor is None:
        every = frozenset(definition.by_id)
        return Profile(visible=every, editable=every)
    return profile_for(definition, role_names(actor))


def language_of(actor: AppUser | None) -> str:
    """The language that the actor writes numbers and dates in."""
    return (actor.language if actor else None) or DEFAULT_LANGUAGE


def check_closable(case: Case, *, actor: AppUser) -> None:
    """Invalid, with the fields, when something that is required to close is empty."""
    version = form_of(case.campaign)
    if version is None:
        return
    definition = definition_of(version)
    checked = check(
        definition,
        {},
        before=document_of(case),
        profile=profile_of(actor, definition),
        closing=True,
        language=language_of(actor),
    )
    if checked.errors:
        raise Invalid(_l("Fill in what the form needs before the case is closed."), by_field(checked.errors))


def by_field(errors: Mapping[str, list[str]]) -> dict[str, list[Any]]:
    """The messages of the form, keyed as the other fields of a case."""
    return {history_key(field_id): list(messages) for field_id, messages in errors.items()}


class Finder:
    """Titles of the rows that answers may name: those that the actor sees, and the files of the case."""

    def __init__(self, case: Case, actor: AppUser | None) -> None:
        self._case = case
        self._actor = actor

    def __call__(self, kind: str, row_id: int) -> str | None:
        """The title of a `contact`, `case`, `file` or `dictionary:<id>`; None when there is none."""
        if kind == "file":
            own = select(StoredFile.name).where(StoredFile.id == row_id, StoredFile.case_id == self._case.id)
            return session.scalar(own)
        if (dictionary_id := dictionary_named(kind)) is not None:
            known = entry_of(dictionary_id, row_id)
            return entry_text(dictionary_id, row_id, language_of(self._actor)) if known else None
        if self._actor is None:
            return None
        if kind == "contact":
            contact = session.scalar(select(Contact).where(Contact.id == row_id, contacts_of(self._actor)))
            return contact_title(contact) if contact else None
        if kind == "case":
            case = session.scalar(select(Case).where(Case.id == row_id, cases_of(self._actor)))
            return case_title(case) if case else None
        return None


def contact_title(contact: Contact) -> str:
    """What a look-up calls a contact: two of one name are told apart."""
    marks = [f"K-{contact.number}", *(shown_phone(phone.number) for phone in contact.phones[:1])]
    return f"{contact.name} ({' · '.join(marks)})"


def case_title(case: Case) -> str:
    """What a look-up calls a case."""
    return f"{case.number} {case.subject}"
