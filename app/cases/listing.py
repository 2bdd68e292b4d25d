"""Pages of the case list: one statement for the rows, whatever the size of the table."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select

from app.access.visible import cases_of
from app.cases.counts import Count
from app.cases.listing_columns import ListColumn, columns_for, needs_answers, selected_for, shown_values
from app.cases.listing_filters import one_of
from app.cases.listing_query import CaseQuery, Cursor, Sort
from app.cases.listing_walks import Order
from app.cases.listing_ways import Way, ways_to
from app.core import clock
from app.core.db import session
from app.core.i18n import DEFAULT_LANGUAGE
from app.models import AppUser, Campaign, Case, CaseAnswers, CaseRead, Contact, Status
from app.models.cases import Source
from app.models.scripts import StatusColour, StatusKind


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case as the list shows it."""

    id: int
    number: int
    version: int
    subject: str
    source: Source
    contact_id: int
    contact_name: str
    campaign_id: int
    campaign_name: str
    status_id: int
    status_name: str
    kind: StatusKind
    colour: StatusColour | None
    owner_id: int | None
    owner_first_name: str | None
    owner_last_name: str | None
    created_at: datetime
    touched_at: datetime
    status_at: datetime
    due_at: datetime | None
    is_overdue: bool
    is_unread: bool
    values: dict[str, str]
    """Texts of the chosen columns that not every row has, by the column's key."""


@dataclass(frozen=True)
class Page:
    """Rows in the order of the list, and where the pages before and behind begin (None = there is none)."""

    rows: tuple[CaseRow, ...]
    previous: Cursor | None
    next: Cursor | None
    place: int
    """How many rows stand before the first one."""
    columns: tuple[ListColumn, ...]
    count: Count | None
    """How many there are, where the page alone tells; else `count_cases` does, and screens ask it after the rows."""


def case_page(query: CaseQuery, *, user: AppUser, columns: Sequence[ListColumn] | None = None) -> Page:
    """The page of the query that its cursor names."""
    chosen = tuple(columns) if columns is not None else columns_for(query, user).chosen
    now = clock.now()
    for way in ways_to(query, user=user, now=now):
        found = session.execute(_page_rows(query, way, chosen, user)).all()
        if way.led_there(found, query):
            return _page(query, list(_read(found, chosen, user, now)), chosen, way.count(found))
    return Page((), None, None, 0, chosen, Count(0))


def case_rows(ids: Collection[int], *, user: AppUser, columns: Sequence[ListColumn]) -> list[CaseRow]:
    """The cases of these ids that the user may see, as rows: for screens that heard of a change."""
    if not ids:
        return []
    found = session.execute(_rows(columns, user).where(one_of(Case.id, list(ids)))).all()
    return list(_read(found, columns, user, clock.now()))


def on_first_page(ids: Collection[int], query: CaseQuery, *, user: AppUser) -> list[int]:
    """Those of these cases that stand on the first page now: for screens that heard of cases they do not show."""
    if not ids:
        return []
    first = replace(query, cursor=None)
    for way in ways_to(first, user=user, now=clock.now()):
        found = session.execute(select(way.ids.c.id, way.fitting)).all()
        if way.led_there(found, first):
            return sorted(set(ids).intersection(row.id for row in found))
    return []


def _page_rows(query: CaseQuery, way: Way, columns: Sequence[ListColumn], user: AppUser) -> Select[*tuple[Any, ...]]:
    """The rows of the page, in its order from the cursor on."""
    order, key = Order.of(query.order, query.cursor), way.ids.c
    statement = _rows(columns, user).add_columns(way.fitting).join(way.ids, key.id == Case.id)
    return order.sorted(statement, key.key, key.id)


def _rows(columns: Sequence[ListColumn], user: AppUser) -> Select[*tuple[Any, ...]]:
    """The statement of rows, joined after the page was found; rights hold here once more, whatever found the page."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            *(Case.id, Case.number, Case.version, Case.subject, Case.source, Case.created_at, Case.touched_at),
            *(Case.status_at, Case.due_at, Case.is_current, Case.contact_id, Contact.name.label("contact_name")),
            *(Case.campaign_id, Campaign.name.label("campaign_name"), Case.status_id, Status.name.label("status_name")),
            *(Status.kind, Status.colour, Case.owner_id, AppUser.first_name, AppUser.last_name, CaseRead.read_at),
            *selected_for(columns),
        )
        .select_from(Case)
        .join(Contact, Contact.id == Case.contact_id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .join(Status, Status.id == Case.status_id)
        .outerjoin(AppUser, AppUser.id == Case.owner_id)
        .outerjoin(CaseRead, and_(CaseRead.case_id == Case.id, CaseRead.user_id == user.id))
        .where(cases_of(user))
    )
    return statement.outerjoin(CaseAnswers, CaseAnswers.case_id == Case.id) if needs_answers(columns) else statement


def _read(found: Iterable[Any], columns: Sequence[ListColumn], user: AppUser, now: datetime) -> Iterator[CaseRow]:
    language = user.language or DEFAULT_LANGUAGE
    for row in found:
        yield CaseRow(
            id=row.id,
            number=row.number,
            version=row.version,
            subject=row.subject,
            source=row.source,
            contact_id=row.contact_id,
            contact_name=row.contact_name,
            campaign_id=row.campaign_id,
            campaign_name=row.campaign_name,
            status_id=row.status_id,
            status_name=row.status_name,
            kind=row.kind,
            colour=row.colour,
            owner_id=row.owner_id,
            owner_first_name=row.first_name,
            owner_last_name=row.last_name,
            created_at=row.created_at,
            touched_at=row.touched_at,
            status_at=row.status_at,
            due_at=row.due_at,
            is_overdue=bool(row.is_current and row.due_at and row.due_at < now),
            is_unread=row.read_at is None or row.read_at < row.touched_at,
            values=shown_values(columns, row._mapping, language),  # noqa: SLF001  (public: so named to keep free of columns' names)
        )


def _page(query: CaseQuery, rows: list[CaseRow], columns: tuple[ListColumn, ...], count: Count | None) -> Page:
    """Rows and cursors. One row more than the page was asked for: it tells whether anything lies beyond."""
    is_more = len(rows) > query.size
    rows = rows[: query.size]
    cursor = query.cursor
    backwards = bool(cursor and cursor.backwards)
    if backwards and cursor is not None:
        rows.reverse()
        place = max(0, cursor.place - len(rows)) if is_more else 0
    else:
        place = cursor.place if cursor else 0
    has_previous = is_more if backwards else cursor is not None
    has_next = backwards or is_more
    if cursor is None and not is_more:
        count = Count(len(rows))
    return Page(
        tuple(rows),
        replace(_cursor(query, rows[0], place), backwards=True) if rows and has_previous else None,
        _cursor(query, rows[-1], place + len(rows)) if rows and has_next else None,
        place,
        columns,
        count,
    )


def _cursor(query: CaseQuery, row: CaseRow, place: int) -> Cursor:
    sort, _ = query.order
    if sort == Sort.NUMBER:
        return Cursor(str(row.number), row.id, place)
    moment = {
        Sort.CREATED: row.created_at,
        Sort.TOUCHED: row.touched_at,
        Sort.STATUS_AGE: row.status_at,
        Sort.DUE: row.due_at,
    }[sort]
    return Cursor(moment.isoformat() if moment else "infinity", row.id, place)
