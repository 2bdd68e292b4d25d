"""Which contacts does a batch of rows mean? One query for each question, whatever the number of rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, String

from app.contacts.values import Address, ContactValues, Email, Phone
from app.core.db import session
from app.models.contacts import Contact, ContactAddress, ContactEmail, ContactKind, ContactPhone
from app.models.imports import ImportRow, RowOutcome

MATCH_BY = ("external_key", "phone", "email", "tax_number")
"""What can tell that two rows are one contact."""


@dataclass(frozen=True, slots=True)
class Known:
    """A contact as a batch needs it: its values, and the version they are of."""

    id: int
    number: int
    version: int
    values: ContactValues


def keys_of(values: ContactValues, match_by: str) -> tuple[str, ...]:
    """What of these values tells the contact; empty when the row has none of it."""
    if match_by == "phone":
        return tuple(phone.number for phone in values.phones)
    if match_by == "email":
        return tuple(email.address for email in values.emails)
    key: str = getattr(values, match_by)
    return (key,) if key else ()


def find_known(keys: Iterable[str], match_by: str) -> Mapping[str, set[int]]:
    """Key → ids of the contacts that have it."""
    wanted = literal(sorted(set(keys)), ARRAY(String))
    column, owner = {
        "phone": (ContactPhone.number, ContactPhone.contact_id),
        "email": (ContactEmail.address, ContactEmail.contact_id),
        "tax_number": (Contact.tax_number, Contact.id),
        "external_key": (Contact.external_key, Contact.id),
    }[match_by]
    found: dict[str, set[int]] = defaultdict(set)
    for key, contact_id in session.execute(select(column, owner).where(column == any_(wanted))):
        found[key].add(contact_id)
    return found


def load_known(ids: Iterable[int], *, for_update: bool = False) -> dict[int, Known]:
    """These contacts with all their values, locked when they are to be changed."""
    wanted = literal(sorted(set(ids)), ARRAY(BigInteger))
    phones: dict[int, list[Phone]] = defaultdict(list)
    emails: dict[int, list[Email]] = defaultdict(list)
    addresses: dict[int, list[Address]] = defaultdict(list)
    contacts = select(Contact.__table__).where(Contact.id == any_(wanted)).order_by(Contact.id)
    rows = session.execute(contacts.with_for_update() if for_update else contacts).all()
    for phone in session.execute(
        select(ContactPhone.__table__).where(ContactPhone.contact_id == any_(wanted)).order_by(ContactPhone.position)
    ):
        phones[phone.contact_id].append(Phone(phone.number, phone.label, phone.is_wrong))
    for email in session.execute(
        select(ContactEmail.__table__).where(ContactEmail.contact_id == any_(wanted)).order_by(ContactEmail.position)
    ):
        emails[email.contact_id].append(Email(email.address, email.label))
    for row in session.execute(
        select(ContactAddress.__table__)
        .where(ContactAddress.contact_id == any_(wanted))
        .order_by(ContactAddress.position)
    ):
        addresses[row.contact_id].append(Address(row.street, row.postal_code, row.city, row.country, row.label))
    return {
        row.id: Known(
            row.id,
            row.number,
            row.version,
            ContactValues(
                kind=ContactKind(row.kind),
                first_name=row.first_name or "",
                last_name=row.last_name or "",
                company_name=row.company_name or "",
                tax_number=row.tax_number or "",
                external_key=row.external_key or "",
                note=row.note or "",
                tags=tuple(row.tags),
                custom=row.custom,
                company_id=row.company_id,
                owner_id=row.owner_id,
                phones=tuple(phones[row.id]),
                emails=tuple(emails[row.id]),
                addresses=tuple(addresses[row.id]),
            ),
        )
        for row in rows
    }


def rows_that_made(import_id: int, ids: Iterable[int]) -> dict[int, int]:
    """Of these contacts, those that this import has made: id → row of the file."""
    rows = (
        select(ImportRow.contact_id, func.min(ImportRow.row))
        .where(
            ImportRow.contact_id == any_(literal(sorted(set(ids)), ARRAY(BigInteger))),
            ImportRow.import_id == import_id,
            ImportRow.outcome == RowOutcome.CREATED,
        )
        .group_by(ImportRow.contact_id)
    )
    return {contact_id: row for contact_id, row in session.execute(rows) if contact_id is not None}


def filled_in(known: ContactValues, given: ContactValues) -> ContactValues:
    """What an update by an import makes: what the file says replaces, what it does not say stays.

    Numbers, addresses and tags are added, none is taken away; the kind stays.
    """
    phones = {phone.number: phone for phone in known.phones}
    emails = {email.address: email for email in known.emails}
    places = {(address.street, address.postal_code, address.city): address for address in known.addresses}
    tags = {tag.casefold(): tag for tag in known.tags}
    for phone in given.phones:
        phones.setdefault(phone.number, phone)
    for email in given.emails:
        emails.setdefault(email.address, email)
    for address in given.addresses:
        places.setdefault((address.street, address.postal_code, address.city), address)
    for tag in given.tags:
        tags.setdefault(tag.casefold(), tag)
    return replace(
        known,
        first_name=given.first_name or known.first_name,
        last_name=given.last_name or known.last_name,
        company_name=given.company_name or known.company_name,
        tax_number=given.tax_number or known.tax_number,
        external_key=given.external_key or known.external_key,
        note=given.note or known.note,
        tags=tuple(tags.values()),
        custom={**known.custom, **given.custom},
        phones=tuple(phones.values()),
        emails=tuple(emails.values()),
        addresses=tuple(places.values()),
    )
