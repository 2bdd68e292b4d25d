"""How a page of cases is found without reading more than the page: by short walks along indexes, merged.

For somebody who sees five campaigns in a table of a million cases, the newest fifty are among the newest fifty of
each campaign: five walks of fifty rows through an index that begins with the campaign, whatever the others hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    Subquery,
    any_,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from app.access.visible import cases_of
from app.cases.listing_filters import Condition, allowed_statuses, asks_current, conditions_of, due_order, one_of
from app.cases.listing_query import MOST_OWNERS, CaseQuery, Cursor, QuickView, Sort
from app.cases.listing_scope import Scope, scope_of
from app.core import clock
from app.models import AppUser, Case

MOST_WALKS = 120
"""With more of them, one walk through the order of the whole list costs less."""
_ORDERS_OF_CAMPAIGNS = frozenset({Sort.CREATED, Sort.TOUCHED, Sort.DUE})
"""Orders that indexes have for each campaign."""


@dataclass(frozen=True)
class Walk:
    """Cases of this campaign, status and owner, each None = any; `unowned` = of nobody.

    `among` are the campaigns that an owner's walk may touch: it follows the owner's cases through all of them.
    """

    campaign: int | None = None
    status: int | None = None
    owner: int | None = None
    unowned: bool = False
    among: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[Any, ...]:
        """Walks of one shape are one part of the statement."""
        return self.campaign is not None, self.status is not None, self.owner is not None, self.unowned, self.among


@dataclass(frozen=True)
class _Lead:
    """Which index a walk follows. What it does not lead by is asked of each row, in a form that no index has.

    Else the planner intersects bitmaps of two long indexes, which grows with the table; a short walk does not.
    """

    sort: Sort
    is_current: bool
    """Only current cases fit."""

    def pinned(self, walk: Walk, campaign: Any, status: Any, owner: Any) -> list[Condition]:
        """The conditions of a walk; the values may be columns of a LATERAL."""
        is_owned = walk.owner is not None
        by_status = walk.status is not None and not walk.unowned
        by_campaign = by_status or not is_owned or self.is_current
        found: list[Condition] = []
        if walk.campaign is not None:
            found.append((Case.campaign_id if by_campaign else Case.campaign_id + 0) == campaign)
        if walk.status is not None:
            found.append((Case.status_id if by_status else Case.status_id + 0) == status)
        if is_owned:
            found.append((Case.owner_id + 0 if by_status else Case.owner_id) == owner)
        if walk.unowned:
            found.append(Case.owner_id.is_(None))
        if walk.among:
            found.append((Case.campaign_id + 0) == any_(literal(walk.among, ARRAY(BigInteger))))
        if self.is_current:
            found.append(self._current(walk))
        return found

    def _current(self, walk: Walk) -> Condition:
        """By the indexes of current cases where those lead, else by row."""
        has_index = walk.status is None and (
            walk.owner is not None
            or (walk.unowned and walk.campaign is None)
            or (not walk.unowned and self.sort == Sort.CREATED)
        )
        return Case.is_current if has_index else func.coalesce(Case.is_current, false())  # type: ignore[return-value]


@dataclass(frozen=True)
class _Owners:
    """Whose cases are asked for."""

    ids: frozenset[int]
    unowned: bool

    def __and__(self, other: "_Owners") -> "_Owners":
        return _Owners(self.ids & other.ids, self.unowned and other.unowned)


def walks_of(query: CaseQuery, scope: Scope) -> list[Walk] | None:
    """The walks whose rows are what the query's campaigns, statuses and owners and the user's rights leave.

    None when there would be too many, or no indexes for them: then `whole_condition` says the same in one.
    """
    if query.order[0] not in _ORDERS_OF_CAMPAIGNS or len(query.owners) > MOST_OWNERS:
        return None
    owners = _owners(query, scope.user_id)
    statuses = allowed_statuses(query, scope)
    campaigns = _campaigns(query, scope)
    if owners is not None and statuses is None:
        owned = _walks_of_owners(owners, campaigns, scope, one_by_one=asks_current(query))
        found = [*owned, *_unowned_walks(owners, campaigns)]
    else:
        found = [
            walk
            for place in _places(campaigns, statuses, scope)
            for walk in _with_owners(place, owners, own_only=place.campaign in scope.own_only, me=scope.user_id)
        ]
    return found if len(found) <= MOST_WALKS else None


def whole_condition(query: CaseQuery, *, user: AppUser, scope: Scope) -> list[Condition]:
    """The same as plain conditions, for counting, and for work on all that match."""
    found = [cases_of(user)]
    if asks_current(query):
        found.append(Case.is_current)  # type: ignore[arg-type] # a column of booleans is a condition
    if query.campaigns:
        found.append(_any_of(Case.campaign_id, set(query.campaigns)))
    statuses = allowed_statuses(query, scope)
    if statuses is not None:
        found.append(_any_of(Case.status_id, statuses))
    owners = _owners(query, user.id)
    if owners is not None:
        of_nobody = Case.owner_id.is_(None) if owners.unowned else false()
        found.append(or_(_any_of(Case.owner_id, owners.ids), of_nobody))
    return found


def matching(query: CaseQuery, *, user: AppUser) -> list[Condition]:
    """All that match, as conditions on `Case`, rights included: for counts, exports and bulk work."""
    conditions = conditions_of(query, user=user, now=clock.now())
    return [*whole_condition(query, user=user, scope=scope_of(user)), *conditions]


def at_most(query: CaseQuery, most: int, *, user: AppUser) -> Select[*tuple[Any, ...]]:
    """Up to `most` rows that match, as a statement for counting: along the same walks, so that it stops early."""
    scope = scope_of(user)
    conditions = conditions_of(query, user=user, now=clock.now())
    is_narrow = query.is_narrow
    if query.order[0] not in _ORDERS_OF_CAMPAIGNS:
        query = replace(query, sort=Sort.CREATED)  # any order counts the same
    walks = None if is_narrow else walks_of(query, scope)
    if walks is None:
        whole = whole_condition(query, user=user, scope=scope)
        return select(Case.id).where(*whole, *conditions).limit(most)
    if not walks:
        return select(Case.id).where(false())
    order = Order(*query.order)
    parts = [
        _part(group, conditions, order, most, is_current=asks_current(query), is_sorted=False)
        for group in _by_shape(walks)
    ]
    if len(parts) == 1:
        return parts[0]
    every = union_all(*(select(part.subquery()) for part in parts)).subquery("every")
    return select(every.c.id).limit(most)


def page_ids(
    walks: Sequence[Walk],
    conditions: Sequence[Condition],
    *,
    order: tuple[Sort, bool],
    cursor: Cursor | None,
    limit: int,
    is_current: bool,
    name: str = "page",
) -> Subquery:
    """Ids of the first `limit` cases behind the cursor, as a subquery with the columns `id` and `key`."""
    sorting = Order.of(order, cursor)
    further = [*conditions, sorting.behind(cursor, sorting.key, Case.id)] if cursor else list(conditions)
    parts = [_part(group, further, sorting, limit, is_current=is_current) for group in _by_shape(walks)]
    if len(parts) == 1:
        return parts[0].subquery(name)
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery("walks")
    return sorting.sorted(select(merged.c.id, merged.c.key), merged.c.key, merged.c.id).limit(limit).subquery(name)


class Order:
    """The order of a list, and what lies behind a cursor in it."""

    def __init__(self, sort: Sort, descending: bool) -> None:  # noqa: FBT001
        keys: dict[Sort, Any] = {
            Sort.CREATED: Case.created_at,
            Sort.TOUCHED: Case.touched_at,
            Sort.STATUS_AGE: Case.status_at,
            Sort.DUE: due_order,
            Sort.NUMBER: Case.number,
        }
        self.key = keys[sort]
        self.sort = sort
        self.is_number = sort == Sort.NUMBER
        self.descending = descending

    @classmethod
    def of(cls, order: tuple[Sort, bool], cursor: Cursor | None) -> "Order":
        """The order in which the rows of a page are found: backwards from a cursor that leads to the page before."""
        sort, descending = order
        return cls(sort, descending != bool(cursor and cursor.backwards))

    def sorted(self, statement: Select[*tuple[Any, ...]], key: Any, row: Any) -> Select[*tuple[Any, ...]]:
        """The statement in this order. Numbers are unique, so they need no second key."""
        keys = [key] if self.is_number else [key, row]
        return statement.order_by(*(each.desc() if self.descending else each.asc() for each in keys))

    def behind(self, cursor: Cursor, key: Any, row: Any) -> Condition:
        """Rows behind the cursor in this order."""
        if self.is_number:
            bound = literal(int(cursor.key), BigInteger)
            return key < bound if self.descending else key > bound
        here = tuple_(key, row)
        bounds = tuple_(cast(cursor.key, DateTime(timezone=True)), literal(cursor.id, BigInteger))
        return here < bounds if self.descending else here > bounds


def _by_shape(walks: Sequence[Walk]) -> list[list[Walk]]:
    ordered = sorted(walks, key=lambda walk: walk.shape)
    return [list(group) for _, group in groupby(ordered, key=lambda walk: walk.shape)]


def _part(
    group: list[Walk],
    conditions: Iterable[Condition],
    order: Order,
    limit: int,
    *,
    is_current: bool,
    is_sorted: bool = True,
) -> Select[*tuple[Any, ...]]:
    """The first rows of walks of one shape: one plain statement, or one LATERAL over their ids.

    `is_sorted`: the first of all of them, in order; else any.
    """
    first = group[0]
    lead = _Lead(order.sort, is_current)
    if len(group) == 1:
        pinned = lead.pinned(first, first.campaign, first.status, first.owner)
        rows = select(Case.id, order.key.label("key")).where(*pinned, *conditions)
        return (order.sorted(rows, order.key, Case.id) if is_sorted else rows).limit(limit)
    ids = (
        func.unnest(*(_array(walk, group) for walk in ("campaign", "status", "owner")))
        .table_valued(column("campaign", BigInteger), column("status", BigInteger), column("owner", BigInteger))
        .render_derived(name="walk")
    )
    pinned = lead.pinned(first, ids.c.campaign, ids.c.status, ids.c.owner)
    rows = select(Case.id, order.key.label("key")).where(*pinned, *conditions)
    if not is_sorted:
        some = rows.limit(limit).lateral("found")
        return select(some.c.id, some.c.key).select_from(ids.join(some, true())).limit(limit)
    found = order.sorted(rows, order.key, Case.id).limit(limit).lateral("found")
    every = select(found.c.id, found.c.key).select_from(ids.join(found, true()))
    return order.sorted(every, found.c.key, found.c.id).limit(limit)


def _array(name: str, group: list[Walk]) -> ColumnElement[Any]:
    return literal([getattr(walk, name) for walk in group], ARRAY(BigInteger))


def _campaigns(query: CaseQuery, scope: Scope) -> frozenset[int] | None:
    """Campaigns to look in; None = all there are."""
    if query.campaigns:
        return frozenset(query.campaigns) & scope.campaign_ids
    return None if scope.sees_all else scope.campaign_ids


def _owners(query: CaseQuery, me: int) -> _Owners | None:
    """Owners that the view and the filter leave; None = whoever."""
    asked: _Owners | None = None
    if query.owners or query.owner_is_me or query.without_owner:
        asked = _Owners(frozenset(query.owners) | ({me} if query.owner_is_me else set()), query.without_owner)
    if query.view == QuickView.MINE:
        mine = _Owners(frozenset({me}), unowned=True)
        asked = asked & mine if asked else mine
    return asked


def _walks_of_owners(
    owners: _Owners, campaigns: frozenset[int] | None, scope: Scope, *, one_by_one: bool
) -> list[Walk]:
    """Walks through the cases of each owner. A colleague's do not show where one sees only one's own.

    `one_by_one`: an index has the owner's cases of each campaign.
    """
    walks: list[Walk] = []
    for owner in sorted(owners.ids):
        allowed = campaigns if owner == scope.user_id or campaigns is None else campaigns - scope.own_only
        if allowed is None:
            walks.append(Walk(owner=owner))
        elif one_by_one:
            walks += [Walk(campaign=each, owner=owner) for each in sorted(allowed)]
        elif allowed:
            walks.append(Walk(owner=owner, among=tuple(sorted(allowed))))
    return walks


def _unowned_walks(owners: _Owners, campaigns: frozenset[int] | None) -> list[Walk]:
    if not owners.unowned:
        return []
    return (
        [Walk(unowned=True)] if campaigns is None else [Walk(campaign=each, unowned=True) for each in sorted(campaigns)]
    )


def _places(campaigns: frozenset[int] | None, statuses: frozenset[int] | None, scope: Scope) -> list[Walk]:
    """Campaigns and statuses that go together, without owners."""
    if statuses is None:
        return [Walk()] if campaigns is None else [Walk(campaign=each) for each in sorted(campaigns)]
    if campaigns is None:
        return [Walk(status=each) for each in sorted(statuses)]
    of_script: dict[int, list[int]] = {}
    for status in scope.statuses:
        if status.id in statuses:
            of_script.setdefault(status.script_id, []).append(status.id)
    return [
        Walk(campaign=campaign.id, status=status)
        for campaign in scope.campaigns
        if campaign.id in campaigns
        for status in of_script.get(campaign.script_id, ())
    ]


def _with_owners(place: Walk, owners: _Owners | None, *, own_only: bool, me: int) -> list[Walk]:
    if own_only:
        mine = _Owners(frozenset({me}), unowned=True)
        owners = owners & mine if owners else mine
    if owners is None:
        return [place]
    walks = [replace(place, owner=owner) for owner in sorted(owners.ids)]
    return [*walks, replace(place, unowned=True)] if owners.unowned else walks


def _any_of(of: Any, ids: Iterable[int]) -> Condition:
    values = tuple(ids)
    return one_of(of, values) if values else false()
