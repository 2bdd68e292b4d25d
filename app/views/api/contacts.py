"""/contacts: persons and companies that the user may see."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import selectinload

from app.access.permissions import Permission
from app.access.visible import contacts_of, the_contact
from app.contacts.changing import change_contact as save_contact
from app.contacts.changing import create_contact as make_contact
from app.contacts.fields import hidden_keys
from app.contacts.numbers import normalise_phone
from app.contacts.values import Address, ContactValues, Email, Phone, values_of
from app.core.db import session
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.models import AppUser, Contact, ContactEmail, ContactPhone
from app.models.contacts import ContactKind
from app.views.api.cursors import Page, Paging, page_by_id
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Whole, Words
from app.views.api.shapes import Document, Identity, Items
from app.views.api.unset import UNSET, Unset
from app.views.api.versions import seen_version

SHORTEST_TEXT = 3
"""Characters that an index of trigrams can find."""

Name = Annotated[str, Words(120)]
Label = Annotated[str, Words(60)]
Note = Annotated[str, Words(20_000, lines=True)]
Tags = Annotated[list[Annotated[str, Words(64)]], Items(50)]
Version = Annotated[int, Whole(1, 2**31 - 1)]
UserId = Annotated[int, Whole(1, 2**31 - 1)]


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """A telephone number; answers have it in E.164."""

    number: Annotated[str, Words(40, least=3)]
    label: Label = ""
    is_wrong: bool = False


@dataclass(frozen=True, kw_only=True)
class EmailAddress:
    """An e-mail address, in lower case."""

    address: Annotated[str, Words(320, least=3)]
    label: Label = ""


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """A postal address; `country` is an ISO 3166 code of two letters."""

    street: Annotated[str, Words(240)] = ""
    postal_code: Annotated[str, Words(16)] = ""
    city: Name = ""
    country: Annotated[str, Words(2, pattern="[A-Za-z]{2}")] = "PL"
    label: Label = ""


Phones = Annotated[list[PhoneNumber], Items(50)]
Emails = Annotated[list[EmailAddress], Items(50)]
Addresses = Annotated[list[PostalAddress], Items(50)]


@dataclass(frozen=True, kw_only=True)
class ContactShown:
    """A contact. `custom` has the centre's own fields, without those that the user may not see."""

    id: int
    number: int
    kind: ContactKind
    name: str
    first_name: str
    last_name: str
    company_name: str
    tax_number: str
    external_key: str
    note: str
    tags: list[str]
    custom: Document
    company_id: int | None
    owner_id: int | None
    phones: list[PhoneNumber]
    emails: list[EmailAddress]
    addresses: list[PostalAddress]
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class ContactList(Paging):
    """Contacts, oldest first; all filters hold together. `text` is a part of the name, accents do not matter."""

    text: Annotated[str, Words(120)] = ""
    number: Identity | None = None
    phone: Annotated[str, Words(40)] | None = None
    email: Annotated[str, Words(320)] | None = None
    external_key: Annotated[str, Words(120)] | None = None
    tag: Annotated[str, Words(64)] | None = None
    kind: ContactKind | None = None
    owner_id: UserId | None = None
    company_id: Identity | None = None


@dataclass(frozen=True, kw_only=True)
class NewContact:
    """A contact. Something must name it: a name, a number or an address."""

    kind: ContactKind = ContactKind.PERSON
    first_name: Name = ""
    last_name: Name = ""
    company_name: Annotated[str, Words(240)] = ""
    tax_number: Annotated[str, Words(32)] = ""
    external_key: Name = ""
    note: Note = ""
    tags: Tags | Unset = UNSET
    custom: Document | Unset = UNSET
    company_id: Identity | None = None
    owner_id: UserId | None = None
    phones: Phones | Unset = UNSET
    emails: Emails | Unset = UNSET
    addresses: Addresses | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ContactChanges:
    """What is not sent stays as it is. A list is replaced as a whole; of `custom` only the keys that are sent."""

    version: Version | Unset = UNSET
    first_name: Name | Unset = UNSET
    last_name: Name | Unset = UNSET
    company_name: Annotated[str, Words(240)] | Unset = UNSET
    tax_number: Annotated[str, Words(32)] | Unset = UNSET
    external_key: Name | Unset = UNSET
    note: Note | Unset = UNSET
    tags: Tags | Unset = UNSET
    custom: Document | Unset = UNSET
    company_id: Identity | Unset | None = UNSET
    owner_id: UserId | Unset | None = UNSET
    phones: Phones | Unset = UNSET
    emails: Emails | Unset = UNSET
    addresses: Addresses | Unset = UNSET


@endpoint("GET", "/contacts", permission=Permission.CONTACT_READ, summary="Contacts that the user may see.")
def list_contacts(query: ContactList, *, actor: AppUser) -> Page[ContactShown]:
    """A page by id: contacts that are added meanwhile come at the end."""
    rows = _filtered(select(Contact).where(contacts_of(actor)), query).options(
        selectinload(Contact.phones), selectinload(Contact.emails), selectinload(Contact.addresses)
    )
    hidden = hidden_keys(actor)
    return page_by_id(rows, Contact.id, query, lambda contact: _shown(contact, hidden))


@endpoint("GET", "/contacts/{contact_id}", permission=Permission.CONTACT_READ, summary="A contact.")
def show_contact(contact_id: int, *, actor: AppUser) -> ContactShown:
    """One that the user may not see is not found."""
    return _shown(the_contact(contact_id, actor=actor), hidden_keys(actor))


@endpoint(
    "POST",
    "/contacts",
    permission=(Permission.CONTACT_READ, Permission.CONTACT_CREATE),
    status=201,
    summary="Make a contact.",
)
def create_contact(body: NewContact, *, actor: AppUser) -> ContactShown:
    """Numbers and addresses are checked and normalised."""
    _check_company(body.company_id, actor)
    values = replace(ContactValues(kind=body.kind), **_sent(body))
    return _shown(make_contact(values, actor=actor), hidden_keys(actor))


@endpoint(
    "PATCH",
    "/contacts/{contact_id}",
    permission=(Permission.CONTACT_READ, Permission.CONTACT_EDIT),
    summary="Change a contact.",
)
def change_contact(contact_id: int, body: ContactChanges, *, actor: AppUser) -> ContactShown:
    """What others changed since the version that the caller has seen is kept, where this change does not touch it."""
    version = seen_version(body.version)
    contact = the_contact(contact_id, actor=actor)
    session.refresh(contact, with_for_update=True)
    _check_company(body.company_id, actor)
    hidden, current = hidden_keys(actor), values_of(contact)
    # What the caller does not see stays as it is, and naming it is refused.
    own = {key: value for key, value in current.custom.items() if key not in hidden}
    sent = _sent(body)
    sent["custom"] = {**own, **sent.get("custom", {})}
    save_contact(contact, replace(current, **sent), expected_version=version, actor=actor)
    return _shown(contact, hidden)


def _filtered(rows: Select[Any], query: ContactList) -> Select[Any]:
    if query.text:
        folded = fold(query.text).strip()
        if len(folded) < SHORTEST_TEXT:
            message = _l("Type at least %(count)s characters to search.", count=SHORTEST_TEXT)
            raise Invalid(_l("Some values do not fit; see the errors by field."), fields={"text": [message]})
        rows = rows.where(Contact.folded.contains(folded, autoescape=True))
    if query.phone is not None:
        number = normalise_phone(query.phone)
        rows = rows.where(exists().where(ContactPhone.contact_id == Contact.id, ContactPhone.number == number))
    if query.email is not None:
        address = query.email.strip().lower()
        rows = rows.where(exists().where(ContactEmail.contact_id == Contact.id, ContactEmail.address == address))
    if query.tag is not None:
        rows = rows.where(Contact.tags.contains([query.tag]))
    for key in ("number", "external_key", "kind", "owner_id", "company_id"):
        if (wanted := getattr(query, key)) is not None:
            rows = rows.where(getattr(Contact, key) == wanted)
    return rows


def _sent(body: NewContact | ContactChanges) -> dict[str, Any]:
    """The values that the request has, as the verbs take them."""
    lists: dict[str, Any] = {
        "phones": lambda rows: tuple(Phone(row.number, row.label, row.is_wrong) for row in rows),
        "emails": lambda rows: tuple(Email(row.address, row.label) for row in rows),
        "addresses": lambda rows: tuple(
            Address(row.street, row.postal_code, row.city, row.country, row.label) for row in rows
        ),
        "tags": tuple,
    }
    values = {field.name: getattr(body, field.name) for field in fields(body) if field.name != "version"}
    return {key: lists[key](value) if key in lists else value for key, value in values.items() if value is not UNSET}


def _check_company(company_id: int | Unset | None, actor: AppUser) -> None:
    """A company that the actor does not see cannot be named."""
    if company_id is None or isinstance(company_id, Unset):
        return
    try:
        the_contact(company_id, actor=actor)
    except NotFound:
        message = _l("Choose a company that exists.")
        told = _l("Some values do not fit; see the errors by field.")
        raise Invalid(told, fields={"company_id": [message]}) from None


def _shown(contact: Contact, hidden: frozenset[str]) -> ContactShown:
    values = values_of(contact)
    return ContactShown(
        id=contact.id,
        number=contact.number,
        kind=contact.kind,
        name=contact.name,
        first_name=values.first_name,
        last_name=values.last_name,
        company_name=values.company_name,
        tax_number=values.tax_number,
        external_key=values.external_key,
        note=values.note,
        tags=list(values.tags),
        custom={key: value for key, value in values.custom.items() if key not in hidden},
        company_id=values.company_id,
        owner_id=values.owner_id,
        phones=[PhoneNumber(number=row.number, label=row.label, is_wrong=row.is_wrong) for row in values.phones],
        emails=[EmailAddress(address=row.address, label=row.label) for row in values.emails],
        addresses=[
            PostalAddress(
                street=row.street, postal_code=row.postal_code, city=row.city, country=row.country, label=row.label
            )
            for row in values.addresses
        ],
        created_at=contact.created_at,
        updated_at=contact.updated_at,
        version=contact.version,
    )
