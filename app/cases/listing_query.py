"""What a list of cases is asked for: a view, filters, an order, columns. Read from and written to query parameters.

The same parameters stand in the address of the page, in a saved view and in the row of an export, so that a link, a
view and a file always mean the same cases.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.formbuilder.field_types.base import Operator
from app.models.cases import Source
from app.models.scripts import StatusKind

Parameters = Mapping[str, Sequence[str]]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

PAGE = 30
LARGEST_PAGE = 200
MOST_VALUES = 200
"""Values of one filter."""
MOST_PASTED = 1000
"""Case or telephone numbers that may be pasted at once."""
SHORTEST_TEXT = 3
"""Characters of a text that an index of trigrams can find."""
MOST_OWNERS = 3
"""Owners whose cases are followed one by one."""
NOBODY = "nobody"
ME = "me"


class QuickView(StrEnum):
    """The ready views of spec/01; *current* is what is not closed, merged or postponed."""

    CURRENT = "current"
    MINE = "mine"
    NEW = "new"
    TODAY = "today"
    OVERDUE = "overdue"
    UNREAD = "unread"
    POSTPONED = "postponed"
    MONTH = "month"
    ALL = "all"


class Sort(StrEnum):
    """What a list is ordered by."""

    CREATED = "created"
    TOUCHED = "touched"
    STATUS_AGE = "status_age"
    DUE = "due"
    NUMBER = "number"


@dataclass(frozen=True)
class Days:
    """From one day to another, both included, in the user's time zone; None = open."""

    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None


@dataclass(frozen=True)
class ValueFilter:
    """A comparison with what somebody typed: one value, two for a range ("" = open), several, or none for `empty`."""

    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind the row with this key and id, or before it; `place` rows stand before the page."""

    key: str
    id: int
    place: int = 0
    backwards: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseQuery:
    """One list. All filters hold together; several values of one filter are alternatives."""

    view: QuickView = QuickView.CURRENT
    campaigns: tuple[int, ...] = ()
    statuses: tuple[int, ...] = ()
    kinds: tuple[StatusKind, ...] = ()
    owners: tuple[int, ...] = ()
    owner_is_me: bool = False
    """Stands for whoever looks, so that a shared view shows everybody their own."""
    without_owner: bool = False
    sources: tuple[Source, ...] = ()
    created: Days = Days()
    touched: Days = Days()
    overdue: bool = False
    contact: int | None = None
    """Id of the one contact whose cases are wanted."""
    text: str = ""
    """Folded part of the subject or of the contact's name."""
    pasted: tuple[str, ...] = ()
    """Case numbers and telephone numbers: cases that fit any of them."""
    custom: tuple[tuple[str, ValueFilter], ...] = ()
    """Contact fields by key."""
    answers: tuple[tuple[UUID, ValueFilter], ...] = ()
    """Form fields by id."""
    sort: Sort | None = None
    descending: bool | None = None
    columns: tuple[str, ...] = ()
    """Keys of columns, see `listing_columns`; none = the user's usual ones."""
    size: int = PAGE
    cursor: Cursor | None = None

    @property
    def order(self) -> tuple[Sort, bool]:
        """What it is sorted by, and whether the greatest comes first: by what the list is about, else the newest."""
        sort = self.sort or self._usual_sort
        return sort, self.descending if self.descending is not None else sort != Sort.DUE

    @property
    def _usual_sort(self) -> Sort:
        if self.view in {QuickView.OVERDUE, QuickView.POSTPONED} or self.overdue:
            return Sort.DUE
        if (self.view == QuickView.TODAY or self.touched) and not self.created:
            return Sort.TOUCHED
        return Sort.CREATED

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for something that no index has in the order of the list: then few rows may fit."""
        sort, _ = self.order
        of_days = (self.touched or self.view == QuickView.TODAY, Sort.TOUCHED), (self.created, Sort.CREATED)
        return bool(
            self.contact or self.text or self.pasted or self.custom or self.answers or self.sources
            or len(self.owners) > MOST_OWNERS
            or any(days and sort != order for days, order in of_days)
            or ((self.overdue or self.view == QuickView.OVERDUE) and sort != Sort.DUE)
        )  # fmt: skip

    @property
    def is_guessable(self) -> bool:
        """Whether statistics of the table tell how much fits: they know columns, not texts or values of fields."""
        return not (self.text or self.custom or self.answers or self.view == QuickView.UNREAD)

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the parameters that filter, in a fixed order; the view is not one of them."""
        return tuple(name for name in parameters_of(self) if name not in _NO_FILTERS)

    def without(self, name: str) -> "CaseQuery":
        """The same without the filter of that parameter, on its first page."""
        rest = {key: values for key, values in parameters_of(self).items() if key not in {name, "cursor"}}
        return query_from(rest)


_NO_FILTERS = frozenset({"view", "sort", "columns", "size", "cursor"})
_COLUMN = re.compile(r"[a-z_]{2,24}|custom\.[a-z][a-z0-9_]{0,39}|answer\.[0-9a-f-]{36}")


def query_from(parameters: Parameters) -> CaseQuery:
    """The query of these parameters. Raises Invalid naming the one that cannot be read; unknown ones are ignored."""
    read = _Reader(parameters)
    descending, sort = _read_order(read.one("sort"))
    owners = read.many("owner")
    return CaseQuery(
        view=read.choice("view", QuickView, QuickView.CURRENT),
        campaigns=read.ids("campaign"),
        statuses=read.ids("status"),
        kinds=read.choices("kind", StatusKind),
        owners=read.checked("owner", lambda: _ids(value for value in owners if value not in {ME, NOBODY})),
        owner_is_me=ME in owners,
        without_owner=NOBODY in owners,
        sources=read.choices("source", Source),
        created=read.days("created"),
        touched=read.days("touched"),
        overdue=read.one("overdue") == "1",
        contact=next(iter(read.ids("contact")), None),
        text=_text(read.one("text")),
        pasted=_pasted(read.many("pasted")),
        custom=read.by_key("custom.", str),
        answers=read.by_key("answer.", UUID),
        sort=sort,
        descending=descending,
        columns=read.checked("columns", lambda: _columns(read.one("columns"))),
        size=read.checked("size", lambda: max(1, min(LARGEST_PAGE, int(read.one("size") or PAGE)))),
        cursor=read.checked("cursor", lambda: cursor_from(read.one("cursor"))),
    )


def parameters_of(query: CaseQuery) -> dict[str, list[str]]:
    """The parameters that `query_from` reads to an equal query; what is as usual is left out."""
    owners = [ME] * query.owner_is_me + [NOBODY] * query.without_owner + [str(each) for each in query.owners]
    sort, descending = query.order
    is_usual = query.sort is None and query.descending is None
    found: dict[str, list[str]] = {
        "view": [query.view] if query.view != QuickView.CURRENT else [],
        "campaign": [str(each) for each in query.campaigns],
        "status": [str(each) for each in query.statuses],
        "kind": [str(each) for each in query.kinds],
        "owner": owners,
        "source": [str(each) for each in query.sources],
        "created": _days_text(query.created),
        "touched": _days_text(query.touched),
        "overdue": ["1"] if query.overdue else [],
        "contact": [str(query.contact)] if query.contact else [],
        "text": [query.text] if query.text else [],
        "pasted": [" ".join(query.pasted)] if query.pasted else [],
        **{f"custom.{key}": [_value_text(each)] for key, each in query.custom},
        **{f"answer.{key}": [_value_text(each)] for key, each in query.answers},
        "sort": [] if is_usual else [("-" if descending else "") + sort],
        "columns": [",".join(query.columns)] if query.columns else [],
        "size": [str(query.size)] if query.size != PAGE else [],
        "cursor": [cursor_text(query.cursor)] if query.cursor else [],
    }
    return {name: [str(value) for value in values] for name, values in found.items() if values}


def cursor_text(cursor: Cursor) -> str:
    """A cursor for an address."""
    packed = json.dumps([cursor.key, cursor.id, cursor.place, int(cursor.backwards)], separators=(",", ":"))
    return urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def cursor_from(text: str) -> Cursor | None:
    """The cursor of an address. It names a place and grants nothing, so it is checked, not signed."""
    if not text:
        return None
    try:
        key, row, place, backwards = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (NotBase64, UnicodeDecodeError, TypeError) as error:
        message = "not a cursor"
        raise ValueError(message) from error
    if not (isinstance(key, str) and len(key) <= 40 and _is_count(row) and _is_count(place)):  # noqa: PLR2004
        message = "not a cursor"
        raise ValueError(message)
    return Cursor(key, row, place, backwards == 1)


class _Reader:
    """Parameters, each read with an error that names it."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def one(self, name: str) -> str:
        return next(iter(self._parameters.get(name, ())), "").strip()

    def many(self, name: str) -> list[str]:
        return [value.strip() for value in self._parameters.get(name, ()) if value.strip()]

    def checked(self, name: str, read: Callable[[], T]) -> T:
        try:
            return read()
        except (ValueError, RecursionError) as error:
            raise Invalid(
                _l("The filter “%(name)s” cannot be read.", name=name), {name: [self.one(name)[:80]]}
            ) from error

    def ids(self, name: str) -> tuple[int, ...]:
        return self.checked(name, lambda: _ids(self.many(name)))

    def choice(self, name: str, kind: type[E], usual: E) -> E:
        value = self.one(name)
        return self.checked(name, lambda: kind(value)) if value else usual

    def choices(self, name: str, kind: type[E]) -> tuple[E, ...]:
        return self.checked(name, lambda: _unique(kind(value) for value in self.many(name)))

    def days(self, name: str) -> Days:
        return self.checked(name, lambda: _days(self.one(name)))

    def by_key(self, prefix: str, kind: Callable[[str], T]) -> tuple[tuple[T, ValueFilter], ...]:
        names = [name for name in self._parameters if name.startswith(prefix) and self.many(name)]
        return tuple(
            (self.checked(name, lambda name=name: kind(name.removeprefix(prefix))),  # type: ignore[misc]
             self.checked(name, lambda name=name: _value_filter(self.one(name))))  # type: ignore[misc]
            for name in names
        )  # fmt: skip


def _read_order(text: str) -> tuple[bool | None, Sort | None]:
    bare = text.removeprefix("-")
    return (text.startswith("-"), Sort(bare)) if bare in list(Sort) else (None, None)


def _ids(values: Iterable[str]) -> tuple[int, ...]:
    found = _unique(int(value) for value in values)
    if len(found) > MOST_VALUES or not all(map(_is_count, found)):
        message = "no ids"
        raise ValueError(message)
    return found


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _text(text: str) -> str:
    folded = fold(text.replace("\0", ""))[:120].strip()
    if folded and len(folded) < SHORTEST_TEXT:
        raise Invalid(
            _l("Type at least %(count)s characters to search.", count=SHORTEST_TEXT),
            {"text": [_l("Type at least %(count)s characters to search.", count=SHORTEST_TEXT)]},
        )
    return folded


def _pasted(values: Iterable[str]) -> tuple[str, ...]:
    """Numbers as they stand in a column of a spreadsheet or a mail: by lines, commas, semicolons or tabs.

    Spaces part them only where every part could be a number of its own: "500 100 100" is one.
    """
    pieces = [piece.strip() for value in values for piece in re.split(r"[\r\n,;\t]+", value.replace("\0", ""))]
    found = _unique(
        number
        for piece in pieces
        if piece
        for number in (piece.split() if _stand_apart(piece) else ["".join(piece.split())])
    )
    if len(found) > MOST_PASTED:
        raise Invalid(_l("At most %(count)s numbers can be pasted at once.", count=MOST_PASTED), {"pasted": []})
    return tuple(number[:32] for number in found)


def _stand_apart(piece: str) -> bool:
    return all(len(re.sub(r"\D", "", part)) >= 6 for part in piece.split())  # noqa: PLR2004  (the shortest case number)


def _days(text: str) -> Days:
    if not text:
        return Days()
    since, dots, until = text.partition("..")
    first = date.fromisoformat(since) if since else None
    return Days(first, date.fromisoformat(until) if until else None) if dots else Days(first, first)


def _days_text(days: Days) -> list[str]:
    if not days:
        return []
    return [f"{days.since.isoformat() if days.since else ''}..{days.until.isoformat() if days.until else ''}"]


def _value_filter(text: str) -> ValueFilter:
    name, _, rest = text.replace("\0", "").partition(":")
    operator = Operator(name)
    if operator == Operator.EMPTY:
        return ValueFilter(operator)
    if operator == Operator.RANGE:
        since, dots, until = rest.partition("..")
        return ValueFilter(operator, (since.strip(), until.strip() if dots else since.strip()))
    if operator == Operator.ONE_OF:
        values = json.loads(rest) if rest.startswith("[") else rest.split("|")
        return ValueFilter(operator, tuple(str(value)[:200] for value in values[:MOST_VALUES]))
    return ValueFilter(operator, (rest.strip()[:200],))


def _value_text(value: ValueFilter) -> str:
    if value.operator == Operator.RANGE:
        return f"{value.operator}:{value.values[0]}..{value.values[1]}"
    if value.operator == Operator.ONE_OF:
        return f"{value.operator}:{json.dumps(value.values, ensure_ascii=False)}"
    return f"{value.operator}:{''.join(value.values)}"


def _columns(text: str) -> tuple[str, ...]:
    found = _unique(name for name in text.split(",") if name)
    if len(found) > 40 or not all(_COLUMN.fullmatch(name) for name in found):  # noqa: PLR2004
        message = "no columns"
        raise ValueError(message)
    return found
