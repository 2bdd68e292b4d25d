"""The values of a contact on their way in: from a form, a file or the API, before and after they are checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.contacts.numbers import shown_phone
from app.models.contacts import Contact, ContactKind

NAME_LIMIT = 260


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number; checked ones are in E.164."""

    number: str
    label: str = ""
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address; checked ones are in lower case."""

    address: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is an ISO 3166 code of two letters."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "PL"
    label: str = ""

    def is_empty(self) -> bool:
        """Whether nothing of it was written; a country alone is no address."""
        return not (self.street or self.postal_code or self.city)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactValues:
    """All that a person or an import can say about a contact. `checked()` makes it fit to be stored."""

    kind: ContactKind = ContactKind.PERSON
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    tax_number: str = ""
    external_key: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
    company_id: int | None = None
    owner_id: int | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    addresses: tuple[Address, ...] = ()

    @property
    def name(self) -> str:
        """What the contact is called everywhere; empty when nothing names it."""
        person = f"{self.first_name} {self.last_name}".strip()
        both = (self.company_name, person) if self.kind == ContactKind.COMPANY else (person, self.company_name)
        named = both[0] or both[1]
        if not named and self.phones:
            named = shown_phone(self.phones[0].number)
        if not named and self.emails:
            named = self.emails[0].address
        return named[:NAME_LIMIT]


PLAIN = ("first_name", "last_name", "company_name", "tax_number", "external_key", "note")
"""Text columns of a contact that are empty text in values and NULL in the table."""


def values_of(contact: Contact) -> ContactValues:
    """The values as they are stored now."""
    return ContactValues(
        kind=ContactKind(contact.kind),
        **{key: getattr(contact, key) or "" for key in PLAIN},
        tags=tuple(contact.tags),
        custom=dict(contact.custom),
        company_id=contact.company_id,
        owner_id=contact.owner_id,
        phones=tuple(Phone(row.number, row.label, row.is_wrong) for row in contact.phones),
        emails=tuple(Email(row.address, row.label) for row in contact.emails),
        addresses=tuple(
            Address(row.street, row.postal_code, row.city, row.country, row.label) for row in contact.addresses
        ),
    )


def as_document(values: ContactValues) -> dict[str, Any]:
    """The values as JSON, without what is empty: what history stores and a conflict shows."""
    document: dict[str, Any] = {"kind": values.kind.value}
    for key in PLAIN:
        if getattr(values, key):
            document[key] = getattr(values, key)
    document |= {f"custom.{key}": value for key, value in values.custom.items() if value not in (None, "")}
    if values.tags:
        document["tags"] = list(values.tags)
    if values.company_id is not None:
        document["company_id"] = values.company_id
    if values.owner_id is not None:
        document["owner_id"] = values.owner_id
    if values.phones:
        document["phones"] = [
            {"number": phone.number}
            | ({"label": phone.label} if phone.label else {})
            | ({"is_wrong": True} if phone.is_wrong else {})
            for phone in values.phones
        ]
    if values.emails:
        document["emails"] = [
            {"address": email.address} | ({"label": email.label} if email.label else {}) for email in values.emails
        ]
    if values.addresses:
        document["addresses"] = [
            {
                key: getattr(address, key)
                for key in ("street", "postal_code", "city", "country", "label")
                if getattr(address, key)
            }
            for address in values.addresses
        ]
    return document


def from_document(document: Mapping[str, Any]) -> ContactValues:
    """The values that `as_document` wrote; what is missing is empty."""
    return ContactValues(
        kind=ContactKind(document["kind"]),
        **{key: document.get(key, "") for key in PLAIN},
        tags=tuple(document.get("tags", ())),
        custom={key.removeprefix("custom."): value for key, value in document.items() if key.startswith("custom.")},
        company_id=document.get("company_id"),
        owner_id=document.get("owner_id"),
        phones=tuple(Phone(**phone) for phone in document.get("phones", ())),
        emails=tuple(Email(**email) for email in document.get("emails", ())),
        addresses=tuple(Address(**address) for address in document.get("addresses", ())),
    )
