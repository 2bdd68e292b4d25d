"""Which way leads to the cases of a page: short walks, a look at the head of the list, or gathering all that fit.

Nobody knows beforehand how many cases fit a filter, and statistics of the database know neither texts nor fields of
forms. So there may be several ways, the cheap ones first; each tells by its rows whether it led to the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, Subquery, func, null, select

from app.cases.counts import EXACT, Count
from app.cases.listing_answers import AnswerFilter, answer_filters, leading
from app.cases.listing_filters import Condition, asks_current, conditions_of
from app.cases.listing_query import CaseQuery
from app.cases.listing_scope import scope_of
from app.cases.listing_walks import Order, Walk, page_ids, walks_of, whole_condition
from app.models import AppUser, Case

HEAD = 2000
"""Cases at the head of a list that are asked for their answers, where many answers fit."""
HEADS = 20_000
"""The same of all walks together: each of them is followed as far."""


@dataclass(frozen=True)
class Way:
    """Where the page's cases are, as a subquery with the columns `id` and `key`."""

    ids: Subquery
    every: CTE | None = None
    """All that fit, where they are gathered first."""
    most: int | None = None
    """So many are gathered; with more of them the page is another one."""
    is_partial: bool = False
    """Only the head of the list was looked through: with a row less than asked for, more may lie behind it."""

    @property
    def fitting(self) -> ColumnElement[Any]:
        """How many were gathered, as a column of the page's rows."""
        if self.every is None:
            return null().label("fitting")
        return select(func.count()).select_from(self.every).scalar_subquery().label("fitting")

    def count(self, rows: Sequence[Row[Any]]) -> Count | None:
        """How many cases fit, where the rows of the page tell."""
        return Count(rows[0].fitting) if self.every is not None and rows else None

    def led_there(self, rows: Sequence[Row[Any]], query: CaseQuery) -> bool:
        """Whether these rows are the page, with the one behind it if there is one."""
        if self.is_partial:
            return len(rows) > query.size
        if self.most is None:
            return True
        return bool(rows[0].fitting <= self.most) if rows else query.cursor is None


def ways_to(query: CaseQuery, *, user: AppUser, now: datetime) -> Iterator[Way]:
    """The ways to try, one after another until one led there; none = no case can fit."""
    scope = scope_of(user)
    walks = walks_of(query, scope)
    if walks is not None and not walks:
        return
    besides = replace(query, answers=())
    plain = conditions_of(besides, user=user, now=now)
    whole = [*whole_condition(query, user=user, scope=scope), *plain]
    filters = answer_filters(query, user)
    if filters:
        lead = leading(filters)
        if lead is not None:
            yield _gathered(query, whole, filters, lead=lead)
            return
        compared = next((each for each in filters if each.fits is not None), None)
        if walks is not None and compared is not None and not besides.is_narrow:
            yield _by_head(query, walks, plain, filters)
            yield _gathered(query, whole, filters, lead=compared)
            return
    if walks is None or query.is_narrow:
        yield _gathered(query, whole, filters, most=EXACT)
        yield Way(_walked(query, [Walk()], [*whole, *_held(filters)], is_current=False))
    else:
        yield Way(_walked(query, walks, plain, is_current=asks_current(query)))


def _walked(query: CaseQuery, walks: Sequence[Walk], conditions: Sequence[Condition], *, is_current: bool) -> Subquery:
    """Along the order of the list until the page is full."""
    return page_ids(
        walks, conditions, order=query.order, cursor=query.cursor, limit=query.size + 1, is_current=is_current
    )


def _by_head(
    query: CaseQuery, walks: Sequence[Walk], conditions: Sequence[Condition], filters: Sequence[AnswerFilter]
) -> Way:
    """Through the first of the list, asking each for its answers: where many fit, a page of them is soon found."""
    first = page_ids(
        walks,
        conditions,
        order=query.order,
        cursor=query.cursor,
        limit=max(query.size + 1, min(HEAD, HEADS // len(walks))),
        is_current=asks_current(query),
        name="first",
    )
    rows = select(first.c.id, first.c.key).where(*(each.holds_by_row(first.c.id) for each in filters))
    order = Order.of(query.order, query.cursor)
    return Way(order.sorted(rows, first.c.key, first.c.id).limit(query.size + 1).subquery("page"), is_partial=True)


def _gathered(
    query: CaseQuery,
    conditions: Sequence[Condition],
    filters: Sequence[AnswerFilter],
    *,
    lead: AnswerFilter | None = None,
    most: int | None = None,
) -> Way:
    """All that fit are found first, from the answers of `lead` or by whichever index, and sorted then.

    `most`: to be given up beyond that many.
    """
    order = Order.of(query.order, query.cursor)
    every = select(Case.id, order.key.label("key")).where(*conditions, *_held(filters, but=lead))
    if lead is not None:
        led = lead.case_ids().cte("led").prefix_with("MATERIALIZED")
        every = every.join(led, led.c.case_id == Case.id)
    if most is not None:
        every = every.limit(most + 1)
    found = every.cte("every").prefix_with("MATERIALIZED")
    rows: Select[*tuple[Any, ...]] = select(found.c.id, found.c.key)
    if query.cursor:
        rows = rows.where(order.behind(query.cursor, found.c.key, found.c.id))
    page = order.sorted(rows, found.c.key, found.c.id).limit(query.size + 1).subquery("page")
    return Way(page, every=found, most=most)


def _held(filters: Sequence[AnswerFilter], but: AnswerFilter | None = None) -> list[Condition]:
    return [each.holds(Case.id) for each in filters if each is not but]
