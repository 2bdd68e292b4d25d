"""Verbs of one contact: make it, change it, mark one of its numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from app.access.fields import may_edit_custom_field, may_see_custom_field
from app.contacts.checking import checked
from app.contacts.events import ContactChanged
from app.contacts.fields import custom_fields
from app.contacts.problems import ValueProblem
from app.contacts.values import (
    PLAIN,
    Address,
    ContactValues,
    Email,
    Phone,
    as_document,
    from_document,
    values_of,
)
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import changes, record_change
from app.models import AppUser, HistoryEntry
from app.models.contacts import Contact, ContactAddress, ContactEmail, ContactKind, ContactPhone, CustomField


def create_contact(values: ContactValues, *, actor: AppUser | None) -> Contact:
    """Make a contact. Raises Invalid, with a message for each field that does not fit."""
    fields = custom_fields()
    values = replace(values, custom=_permitted(values.custom, {}, fields, actor))
    values = checked(values, _editable(fields, actor))
    _check_links(values, None)
    contact = Contact(kind=values.kind, created_by_id=actor.id if actor else None, version=1, name=values.name)
    _write(contact, values)
    session.add(contact)
    session.flush()
    record_change("contact", contact.id, "created", actor=actor, after=as_document(values))
    announce(ContactChanged(contact_id=contact.id))
    return contact


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What somebody chose where both had changed a field."""

    version: int
    """The version that they were shown; when there is a newer one by now, they are asked again."""
    mine: frozenset[str]
    """Fields where what was typed wins; in the others what is stored stays."""


def change_contact(
    contact: Contact,
    values: ContactValues,
    *,
    expected_version: int,
    actor: AppUser | None,
    choices: Choices | None = None,
) -> Contact:
    """Change a contact to `values`, which somebody edited from its version `expected_version`.

    What others changed since is kept where this editor did not touch it. Raises Conflict when both changed a field:
    `details["fields"]` maps it to what it was (`before`), what the others wrote (`theirs`) and what was typed (`mine`).
    The kind never changes.
    """
    session.refresh(contact, with_for_update=True)
    current = values_of(contact)
    if ContactKind(values.kind) != current.kind:
        raise Refused(_l("A contact stays what it is: a person or a company."))
    fields = custom_fields()
    before = as_document(current)
    values = replace(values, custom=_permitted(values.custom, current.custom, fields, actor))
    editable = _editable(fields, actor)
    if expected_version != contact.version:
        mine = as_document(_tidied(values, editable, current))
        values = _merged(contact, before, mine, expected_version, choices)
    values = _tidied(values, editable, current)
    _check_links(values, contact.id)
    if as_document(values) == before:
        return contact
    return restore_contact(contact, values, actor=actor)


def mark_number(contact: Contact, number: str, *, is_wrong: bool, actor: AppUser | None) -> Contact:
    """Note that nobody answers to this number there, or take that back. Nothing else is changed or checked."""
    session.refresh(contact, with_for_update=True)
    values = values_of(contact)
    if all(phone.number != number for phone in values.phones):
        raise NotFound(_l("The contact does not have this telephone number any more."))
    phones = tuple(replace(phone, is_wrong=is_wrong) if phone.number == number else phone for phone in values.phones)
    if phones == values.phones:
        return contact
    return restore_contact(contact, replace(values, phones=phones), actor=actor)


def restore_contact(contact: Contact, values: ContactValues, *, actor: AppUser | None) -> Contact:
    """Write values that were checked, or stored before: those are not checked again, for rules may have changed."""
    old, new = changes(as_document(values_of(contact)), as_document(values))
    _write(contact, values)
    contact.version += 1
    contact.updated_at = clock.now()
    session.flush()
    record_change("contact", contact.id, "changed", actor=actor, before=old, after=new)
    announce(ContactChanged(contact_id=contact.id))
    return contact


def version_document(contact: Contact, version: int) -> dict[str, Any]:
    """The values as they were in that version, read backwards from history. Raises Conflict when it is too old."""
    document = as_document(values_of(contact))
    steps = contact.version - version
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.record == "contact", HistoryEntry.record_id == contact.id, HistoryEntry.action == "changed")
        .order_by(HistoryEntry.id.desc())
        .limit(max(steps, 0))
    ).all()
    if steps < 0 or len(entries) != steps:
        raise Conflict(_l("The contact was changed too often since you opened it. Load it again."), fields={})
    for entry in entries:
        document = {**document, **(entry.before or {})}
    return {key: value for key, value in document.items() if value is not None}


def _tidied(values: ContactValues, editable: list[CustomField], current: ContactValues) -> ContactValues:
    """The values checked; those of custom fields that are retired, or not the actor's to edit, stay as they are."""
    known = {field.key for field in editable}
    kept = {key: value for key, value in current.custom.items() if key not in known}
    given = {key: value for key, value in values.custom.items() if key not in kept}
    tidied = checked(replace(values, custom=given), editable)
    return replace(tidied, custom={**kept, **tidied.custom})


def _editable(fields: Iterable[CustomField], actor: AppUser | None) -> list[CustomField]:
    """The fields that the actor may edit: nobody is asked for what they cannot give."""
    return [field for field in fields if actor is None or may_edit_custom_field(actor, field)]


def _merged(
    contact: Contact, theirs: dict[str, Any], mine: dict[str, Any], version: int, choices: Choices | None
) -> ContactValues:
    """Their changes and mine since `version`, when no field was changed by both in two ways."""
    base = version_document(contact, version)
    my_old, my_new = changes(base, mine)
    their_old, _new = changes(base, theirs)
    clash = [key for key in my_old if key in their_old and theirs.get(key) != my_new[key]]
    if choices is not None and choices.version == contact.version:
        my_new = {key: value for key, value in my_new.items() if key not in clash or key in choices.mine}
    elif clash:
        raise Conflict(
            _l("Somebody else has changed the same field of this contact. Choose which value stays."),
            fields={key: {"before": base.get(key), "theirs": theirs.get(key), "mine": my_new[key]} for key in clash},
            version=contact.version,
        )
    merged = {**theirs, **my_new}
    return from_document({key: value for key, value in merged.items() if value is not None})


def _permitted(
    given: Mapping[str, Any], current: Mapping[str, Any], fields: Iterable[CustomField], actor: AppUser | None
) -> dict[str, Any]:
    """Given custom values, and those of fields that this actor may not edit as they are now.

    Raises Invalid for another value of such a field; for any of one that does not exist for the actor.
    """
    result, refused = dict(given), {}
    for field in fields:
        if actor is None or may_edit_custom_field(actor, field):
            continue
        key = field.key
        if key in given and not may_see_custom_field(actor, field):
            refused[f"custom.{key}"] = [ValueProblem("unknown_field", value=key).message]
        elif key in given and given[key] != current.get(key):
            refused[f"custom.{key}"] = [_l("You may not change this field.")]
        result.pop(key, None)
        if key in current:
            result[key] = current[key]
    if refused:
        raise Invalid(_l("Some values do not fit; see the errors by field."), refused)
    return result


def _check_links(values: ContactValues, contact_id: int | None) -> None:
    if values.external_key:
        taken = select(Contact.id).where(Contact.external_key == values.external_key)
        if session.scalar(taken) not in (None, contact_id):
            problem = ValueProblem("external_key_taken", value=values.external_key)
            raise Invalid(problem.message, {"external_key": [problem.message]})
    if values.company_id is not None:
        company = session.get(Contact, values.company_id)
        if company is None or company.kind != ContactKind.COMPANY or company.id == contact_id:
            text = _l("Choose a company that exists.")
            raise Invalid(text, {"company_id": [text]})
    if values.owner_id is not None and session.get(AppUser, values.owner_id) is None:
        text = _l("There is no such user.")
        raise Invalid(text, {"owner_id": [text]})


def _write(contact: Contact, values: ContactValues) -> None:
    contact.name = values.name
    for key in PLAIN:
        setattr(contact, key, getattr(values, key) or None)
    contact.tags = list(values.tags)
    contact.custom = dict(values.custom)
    contact.company_id = values.company_id
    contact.owner_id = values.owner_id
    _write_phones(contact, values.phones)
    _write_emails(contact, values.emails)
    _write_addresses(contact, values.addresses)


def _write_phones(contact: Contact, phones: tuple[Phone, ...]) -> None:
    # Rows are matched by their number: a row that is written again under the unique key would clash with itself.
    known = {row.number: row for row in contact.phones}
    rows = []
    for position, phone in enumerate(phones):
        row = known.get(phone.number) or ContactPhone(number=phone.number)
        row.label, row.is_wrong, row.position = phone.label, phone.is_wrong, position
        rows.append(row)
    contact.phones = rows


def _write_emails(contact: Contact, emails: tuple[Email, ...]) -> None:
    known = {row.address: row for row in contact.emails}
    rows = []
    for position, email in enumerate(emails):
        row = known.get(email.address) or ContactEmail(address=email.address)
        row.label, row.position = email.label, position
        rows.append(row)
    contact.emails = rows


def _write_addresses(contact: Contact, addresses: tuple[Address, ...]) -> None:
    rows = list(contact.addresses)[: len(addresses)]
    rows += [ContactAddress() for _missing in range(len(addresses) - len(rows))]
    for position, (row, address) in enumerate(zip(rows, addresses, strict=True)):
        row.street, row.postal_code, row.city = address.street, address.postal_code, address.city
        row.country, row.label, row.position = address.country, address.label, position
    contact.addresses = rows
