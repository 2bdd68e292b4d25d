"""From a query to conditions on `cases`: views, dates, texts, pasted numbers, contact fields, answers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    String,
    any_,
    cast,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute

from app.cases.listing_answers import answer_filters
from app.cases.listing_query import CaseQuery, Days, QuickView, ValueFilter
from app.cases.listing_scope import Scope, list_contact_fields
from app.contacts.numbers import normalise_phone
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.field_types.base import Operator
from app.models import AppUser, Case, CaseRead, Contact, ContactPhone, CustomField
from app.models.contacts import CustomFieldKind
from app.models.scripts import StatusKind

MONTH = timedelta(days=30)
MOST_CONTACTS = 1000
"""Contacts whose cases are looked up by contact; with more of them, each case is asked for its contact instead."""
_CASE_NUMBER_DIGITS = range(1, 9)
"""Telephone numbers are longer."""

KINDS_OF_VIEW = {QuickView.NEW: (StatusKind.NEW,), QuickView.POSTPONED: (StatusKind.POSTPONED,)}
_CURRENT_VIEWS = frozenset({QuickView.CURRENT, QuickView.MINE, QuickView.OVERDUE, QuickView.UNREAD})

Condition = ColumnElement[bool]

due_order: ColumnElement[datetime] = func.coalesce(
    Case.due_at, literal_column("'infinity'::timestamp with time zone", Case.due_at.type)
)
"""When a case is due; what is not due comes last. Written as in its indexes."""
_folded_subject: ColumnElement[str] = func.splot_fold(cast(Case.subject, String()))


def conditions_of(query: CaseQuery, *, user: AppUser, now: datetime) -> list[Condition]:
    """What the view and the filters ask for, but for what leads a walk (see `listing_walks`).

    That is campaigns, statuses, owners, and whether a case is current.
    """
    zone = ZoneInfo(user.time_zone)
    found = [*_view(query.view, user, now, zone)]
    if query.sources:
        found.append(Case.source.in_(query.sources))
    found += [*_days(Case.created_at, query.created, zone), *_days(Case.touched_at, query.touched, zone)]
    if query.overdue:
        found.append(due_order < now)
    if query.contact:
        found.append(Case.contact_id == query.contact)
    if query.text:
        found.append(_text(query.text))
    if query.pasted:
        found.append(_pasted(query.pasted))
    if query.custom:
        contact_fields = list_contact_fields(user)
        found += [_contact_field(contact_fields.get(key), value) for key, value in query.custom]
    return [*found, *(each.holds(Case.id) for each in answer_filters(query, user))]


def asks_current(query: CaseQuery) -> bool:
    """Whether only current cases fit: not closed, merged or postponed."""
    return query.view in _CURRENT_VIEWS or query.overdue


def allowed_statuses(query: CaseQuery, scope: Scope) -> frozenset[int] | None:
    """Ids of the statuses that the view and the filters leave; None = every status."""
    asked: list[frozenset[int]] = []
    if query.statuses:
        asked.append(frozenset(query.statuses))
    if query.kinds:
        asked.append(scope.statuses_of(query.kinds))
    if query.view in KINDS_OF_VIEW:
        asked.append(scope.statuses_of(KINDS_OF_VIEW[query.view]))
    return frozenset.intersection(*asked) if asked else None


def one_of(column: InstrumentedAttribute[Any], ids: Sequence[int]) -> Condition:
    """One parameter whatever the number of ids, so that one prepared statement serves all."""
    return column == ids[0] if len(ids) == 1 else column == any_(literal(sorted(ids), ARRAY(BigInteger)))


def _view(view: QuickView, user: AppUser, now: datetime, zone: ZoneInfo) -> Iterator[Condition]:
    if view == QuickView.OVERDUE:
        yield due_order < now
    if view == QuickView.POSTPONED:
        yield Case.due_at.is_not(None)
    if view == QuickView.TODAY:
        yield Case.touched_at >= _start(now.astimezone(zone).date(), zone)
    if view == QuickView.MONTH:
        yield Case.created_at >= now - MONTH
    if view == QuickView.UNREAD:
        yield ~exists().where(
            CaseRead.user_id == user.id, CaseRead.case_id == Case.id, CaseRead.read_at >= Case.touched_at
        )


def _days(column: InstrumentedAttribute[datetime], days: Days, zone: ZoneInfo) -> Iterator[Condition]:
    if days.since:
        yield column >= _start(days.since, zone)
    if days.until and days.until < date.max:
        yield column < _start(days.until + timedelta(days=1), zone)


def _start(day: date, zone: ZoneInfo) -> datetime:
    """Midnight there; days at the ends of the calendar have no moment in every zone."""
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def _text(text: str) -> Condition:
    """Part of the subject, or of the contact's name. Few contacts are looked up first: indexes find their cases."""
    pattern = _pattern(text)
    contacts = _few_contacts(Contact.folded.like(pattern))
    in_subject = _folded_subject.like(pattern)
    if contacts is None:
        return or_(in_subject, exists().where(Contact.id == Case.contact_id, Contact.folded.like(pattern)))
    return or_(in_subject, one_of(Case.contact_id, contacts)) if contacts else in_subject


def _pasted(pasted: Sequence[str]) -> Condition:
    """Cases with one of these numbers, and those of contacts with one of these telephone numbers."""
    numbers: list[int] = []
    phones: list[str] = []
    for text in pasted:
        if text.isdecimal() and len(text) in _CASE_NUMBER_DIGITS:
            numbers.append(int(text))
            continue
        try:
            phones.append(normalise_phone(text))
        except Invalid:
            continue
    owners = session.scalars(select(ContactPhone.contact_id).where(ContactPhone.number.in_(phones))) if phones else []
    fits = [
        one_of(column, ids) for column, ids in ((Case.number, numbers), (Case.contact_id, sorted(set(owners)))) if ids
    ]
    return or_(*fits) if fits else literal(value=False)


def _contact_field(field: CustomField | None, value: ValueFilter) -> Condition:
    if field is None:
        raise Invalid(_l("The list is filtered by a contact field that is gone, or that you may not see."))
    stored = Contact.custom[field.key]
    if value.operator == Operator.EMPTY:
        return ~exists().where(Contact.id == Case.contact_id, Contact.custom.has_key(field.key))
    if value.operator not in {Operator.EQUALS, Operator.ONE_OF}:
        raise Invalid(_l("“%(title)s” cannot be filtered in this way.", title=field.title))
    wanted = [_contact_value(field, text) for text in value.values]
    fits = or_(*(Contact.custom.contains({field.key: each}) for each in wanted))
    contacts = _few_contacts(fits)
    if contacts is None:
        same = or_(*(stored == cast(literal(each, JSONB), JSONB) for each in wanted))
        return exists().where(Contact.id == Case.contact_id, same)
    return one_of(Case.contact_id, contacts) if contacts else literal(value=False)


def _contact_value(field: CustomField, text: str) -> Any:
    """The value as `contacts.custom` stores it."""
    if field.kind == CustomFieldKind.YES_NO:
        return text in {"true", "1", "yes"}
    if field.kind == CustomFieldKind.NUMBER:
        try:
            number = float(text.replace(",", "."))
        except ValueError as error:
            raise Invalid(_l("“%(title)s” is compared with a number.", title=field.title)) from error
        if not isfinite(number):
            raise Invalid(_l("“%(title)s” is compared with a number.", title=field.title))
        return int(number) if number.is_integer() else number
    return text


def _few_contacts(condition: Condition) -> list[int] | None:
    """Ids of the contacts, or None when there are more than MOST_CONTACTS."""
    found = session.scalars(select(Contact.id).where(condition).limit(MOST_CONTACTS + 1)).all()
    return list(found) if len(found) <= MOST_CONTACTS else None


def _pattern(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
