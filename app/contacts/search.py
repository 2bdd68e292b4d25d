"""Finding contacts by what somebody types.

A number in any format, an e-mail or address part, a name part without accents, a contact number, a case number. Every
question has its index: three or more characters are looked up as trigrams, fewer as the beginning of a name. Each gives
a bounded number of candidates, so that no answer grows with the table.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.types import BigInteger

from app.access.visible import cases_of, contacts_of
from app.contacts.numbers import searched_digits
from app.core.db import session
from app.core.text import fold
from app.models import AppUser, Case
from app.models.contacts import Contact, ContactAddress, ContactEmail, ContactKind, ContactPhone

CANDIDATES = 200
"""Most contacts that one question may propose."""
SHORTEST = 3
"""Characters that a trigram index can look up."""
_CONTACT_NUMBER = re.compile(r"^\s*k\s*-?\s*(\d{1,18})\s*$", re.IGNORECASE)
_LOOKS_LIKE_NUMBER = re.compile(r"^[\s+\d().\-/]+$")
_BIGGEST = 2**63
_FIELDS = 4
"""How many of the words of a text are looked up; more would only narrow what few words found."""


@dataclass(frozen=True)
class Wanted:
    """What a text may mean."""

    contact_number: int | None
    digits: str
    """Digits of a telephone, case, contact or tax number; empty when the text is no number."""
    typed: str
    folded: str
    words: tuple[str, ...]


def search_contacts(text: str, *, user: AppUser, limit: int = 20, kind: ContactKind | None = None) -> list[Contact]:
    """Contacts (of that kind) that the user may see and that fit, the nearest first; none for an empty text."""
    wanted = wanted_by(text)
    questions = _questions(wanted)
    if not questions:
        return []
    visible = contacts_of(user) if kind is None else and_(contacts_of(user), Contact.kind == kind)
    ids = union_all(*(_bounded(question, visible) for question in questions)).subquery()
    # Ranked by a few columns; only what is shown is loaded whole.
    candidates = session.execute(
        select(Contact.id, Contact.number, Contact.folded, Contact.sort_name)
        .where(Contact.id.in_(select(ids.c.id)))
        .limit(CANDIDATES * 2)
    ).all()
    nearest = [row.id for row in sorted(candidates, key=lambda row: _distance(row, wanted))[:limit]]
    if not nearest:
        return []
    rows = select(Contact).where(Contact.id.in_(nearest))
    found = session.scalars(rows.options(selectinload(Contact.phones), selectinload(Contact.emails)))
    return sorted(found, key=lambda contact: nearest.index(contact.id))


def wanted_by(text: str) -> Wanted:
    """Read what somebody typed."""
    text = text.replace("\0", "").strip()[:200]
    number = _CONTACT_NUMBER.match(text)
    digits = searched_digits(text) if _LOOKS_LIKE_NUMBER.match(text) else ""
    folded = " ".join(fold(text).split())
    return Wanted(
        _in_range(number.group(1)) if number else None, digits[:20], text, folded, tuple(folded.split())[:_FIELDS]
    )


def matching_contacts(text: str) -> ColumnElement[bool]:
    """The same search as one condition on `Contact`, unbounded: what a list filters by."""
    questions = _questions(wanted_by(text))
    return Contact.id.in_(union_all(*questions)) if questions else literal(value=False)


def has_words(words: Sequence[str], column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Every word stands in the folded column; short ones only narrow what the long ones find."""
    return and_(*(column.contains(word, autoescape=True) for word in words))


def _questions(wanted: Wanted) -> list[Select[int]]:
    if wanted.contact_number is not None:
        return [select(Contact.id).where(Contact.number == wanted.contact_number)]
    if wanted.digits:
        return _number_questions(wanted.digits, wanted.typed)
    longest = max(map(len, wanted.words), default=0)
    if not longest:
        return []
    if longest < SHORTEST:
        return [select(Contact.id).where(Contact.sort_name.startswith(wanted.folded, autoescape=True))]
    questions = [
        select(Contact.id).where(has_words(wanted.words, Contact.folded)),
        select(ContactAddress.contact_id.label("id")).where(has_words(wanted.words, ContactAddress.folded)),
        select(Contact.id).where(Contact.external_key == wanted.typed),
    ]
    if len(wanted.words) == 1:
        address = ContactEmail.address.contains(wanted.folded, autoescape=True)
        questions.append(select(ContactEmail.contact_id.label("id")).where(address))
    return questions


def _number_questions(digits: str, typed: str) -> list[Select[int]]:
    questions = [
        select(Contact.id).where(Contact.tax_number == digits),
        select(Contact.id).where(Contact.external_key == typed),
    ]
    if len(digits) >= SHORTEST:
        part = ContactPhone.number.contains(digits, autoescape=True)
        questions.append(select(ContactPhone.contact_id.label("id")).where(part))
    exact = _in_range(digits)
    if exact is not None:
        questions.append(select(Contact.id).where(Contact.number == exact))
        questions.append(select(Case.contact_id.label("id")).where(Case.number == exact))
    return questions


def search_cases(text: str, *, user: AppUser, limit: int = 10) -> list[Case]:
    """Visible cases by their whole number, or by the beginning of their subject (three characters and more)."""
    wanted = wanted_by(text)
    if wanted.digits:
        exact = _in_range(wanted.digits)
        condition = Case.number == exact if exact is not None else None
    elif len(wanted.folded) >= SHORTEST:
        contacts = [contact.id for contact in search_contacts(text, user=user, limit=20)]
        condition = Case.contact_id == any_(literal(contacts, ARRAY(BigInteger))) if contacts else None
    else:
        condition = None
    if condition is None:
        return []
    rows = select(Case).where(condition, cases_of(user)).order_by(Case.created_at.desc(), Case.id.desc()).limit(limit)
    return list(session.scalars(rows.options(selectinload(Case.status), selectinload(Case.campaign))))


def _bounded(question: Select[int], visible: ColumnElement[bool]) -> Select[int]:
    """At most CANDIDATES ids that the user may see."""
    found = question.subquery()
    rows = select(Contact.id).where(Contact.id == found.c.id, visible).limit(CANDIDATES).subquery()
    return select(rows.c.id)


def _in_range(digits: str) -> int | None:
    number = int(digits)
    return number if number < _BIGGEST else None


def _distance(row: Any, wanted: Wanted) -> tuple[int, str]:
    """Whole matches first, then names that begin so, then the rest by name."""
    if row.folded == wanted.folded or row.number in {wanted.contact_number, _in_range(wanted.digits or "0")}:
        return 0, row.sort_name
    begins = any(word.startswith(wanted.folded) for word in (row.folded, *row.folded.split()))
    return (1 if begins else 2), row.sort_name
