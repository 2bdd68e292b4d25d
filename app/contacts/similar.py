"""Is somebody making a contact that is there already?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from app.access.visible import contacts_of
from app.contacts.checking import checked
from app.contacts.values import ContactValues
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.models import AppUser
from app.models.contacts import Contact, ContactEmail, ContactPhone

MOST = 5
ALIKE = 0.7
"""Similarity of names (pg_trgm) from which they may be one: "Jan Kowalski" and "Jan Kowalska" have 0.73."""
_SHORTEST_NAME = 5
_SHORTEST_STEM = 4


@dataclass(frozen=True)
class Similar:
    """A contact that may be the same, and what they share."""

    contact: Contact
    reason: Any


def similar_contacts(values: ContactValues, *, user: AppUser) -> list[Similar]:
    """Contacts that the user may see with the same number, address or tax number, or nearly the same name."""
    try:
        values = checked(replace(values, custom={}))
    except Invalid:
        return []  # saving will say what is wrong
    found: dict[int, Similar] = {}
    for reason, condition in _questions(values):
        rows: Select[Contact] = select(Contact).where(condition, contacts_of(user)).order_by(Contact.id).limit(MOST)
        for contact in session.scalars(rows.options(selectinload(Contact.phones), selectinload(Contact.emails))):
            found.setdefault(contact.id, Similar(contact, reason))
    return list(found.values())[:MOST]


def _questions(values: ContactValues) -> Sequence[tuple[Any, ColumnElement[bool]]]:
    questions: list[tuple[Any, ColumnElement[bool]]] = []
    if values.phones:
        numbers = [phone.number for phone in values.phones]
        owners = select(ContactPhone.contact_id).where(ContactPhone.number.in_(numbers))
        questions.append((_l("the same telephone number"), Contact.id.in_(owners)))
    if values.emails:
        addresses = [email.address for email in values.emails]
        owners = select(ContactEmail.contact_id).where(ContactEmail.address.in_(addresses))
        questions.append((_l("the same e-mail address"), Contact.id.in_(owners)))
    if values.tax_number:
        questions.append((_l("the same tax number"), Contact.tax_number == values.tax_number))
    folded = fold(values.name)
    if (values.first_name or values.last_name or values.company_name) and len(folded) >= _SHORTEST_NAME:
        # The stem of the longest word finds candidates by the index: pg_trgm's own "%" would propose half the table.
        longest = max(folded.split(), key=len)
        stem = longest[: max(_SHORTEST_STEM, len(longest) * 2 // 3)]
        alike = Contact.folded.contains(stem, autoescape=True) & (func.similarity(Contact.folded, folded) >= ALIKE)
        questions.append((_l("nearly the same name"), alike))
    return questions
