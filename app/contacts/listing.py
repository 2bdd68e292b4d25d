"""The list of contacts: pages by key, filters, and the same conditions for an export and for bulk work."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from json import dumps, loads
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, literal, select, tuple_
from sqlalchemy.orm import selectinload

from app.access.visible import contacts_of
from app.contacts.search import matching_contacts
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Case
from app.models.contacts import Contact, ContactKind
from app.models.imports import ImportRow

PAGE = 50
EXACT_COUNT = 1000
"""Up to so many rows are counted; of more the estimate of the planner is told."""
NOBODY = "nobody"


class Sort(StrEnum):
    """What the list is ordered by."""

    NAME = "name"
    CREATED = "created"


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind the row with this key and id, or before it."""

    key: str
    id: int
    is_backwards: bool = False


@dataclass(frozen=True, kw_only=True)
class ContactQuery:
    """One list of contacts; all filters hold together."""

    text: str = ""
    tag: str = ""
    owner: str = ""
    """Id of a user, or `nobody`."""
    kind: ContactKind | None = None
    has_open_case: bool | None = None
    import_id: int | None = None
    sort: Sort = Sort.NAME
    descending: bool = False
    columns: tuple[str, ...] = ()
    cursor: Cursor | None = None


@dataclass(frozen=True)
class ContactPage:
    """One page, and where the pages before and behind begin (None = there is none)."""

    rows: Sequence[Contact]
    previous: Cursor | None
    next: Cursor | None
    count: int
    is_estimate: bool


COLUMNS: Mapping[str, Any] = {
    "number": _l("Number"),
    "kind": _l("Kind"),
    "phone": _l("Telephone"),
    "email": _l("E-mail"),
    "city": _l("City"),
    "company": _l("Company"),
    "tax_number": _l("Tax number"),
    "tags": _l("Tags"),
    "owner": _l("Caretaker"),
    "created": _l("Created"),
}
"""Columns beside the name; custom fields are added as `custom.<key>`."""
USUAL = ("number", "phone", "email", "city", "tags", "created")


def query_from(parameters: Mapping[str, Sequence[str]]) -> ContactQuery:
    """The query of an address. Raises Invalid naming what cannot be read; unknown parameters are ignored."""

    def one(name: str) -> str:
        return next(iter(parameters.get(name, ())), "").strip()

    try:
        sort = one("sort")
        return ContactQuery(
            text=one("q").replace("\0", "")[:200],
            tag=one("tag")[:64],
            owner=one("owner") if one("owner") == NOBODY else str(int(one("owner"))) if one("owner") else "",
            kind=ContactKind(one("kind")) if one("kind") else None,
            has_open_case={"yes": True, "no": False, "": None}[one("open_case")],
            import_id=int(one("import")) if one("import") else None,
            sort=Sort(sort.removeprefix("-")) if sort else Sort.NAME,
            descending=sort.startswith("-"),
            columns=tuple(name for name in one("columns").split(",") if name)[:40],
            cursor=_cursor_from(one("cursor")),
        )
    except (ValueError, KeyError) as error:
        raise Invalid(_l("One of the filters of this address cannot be read.")) from error


def parameters_of(query: ContactQuery) -> dict[str, str]:
    """What `query_from` reads to an equal query; what is as usual is left out."""
    sort = ("-" if query.descending else "") + query.sort
    found = {
        "q": query.text,
        "tag": query.tag,
        "owner": query.owner,
        "kind": query.kind.value if query.kind else "",
        "open_case": {True: "yes", False: "no", None: ""}[query.has_open_case],
        "import": str(query.import_id or ""),
        "sort": "" if sort == Sort.NAME else sort,
        "columns": ",".join(query.columns),
        "cursor": _cursor_text(query.cursor),
    }
    return {name: value for name, value in found.items() if value}


def conditions_of(query: ContactQuery, *, user: AppUser) -> list[ColumnElement[bool]]:
    """The rows of the list, those that the user may see and no others."""
    conditions = [contacts_of(user)]
    if query.text:
        conditions.append(matching_contacts(query.text))
    if query.tag:
        conditions.append(Contact.tags.contains([query.tag]))
    if query.owner:
        conditions.append(Contact.owner_id.is_(None) if query.owner == NOBODY else Contact.owner_id == int(query.owner))
    if query.kind:
        conditions.append(Contact.kind == query.kind)
    if query.has_open_case is not None:
        is_open = exists().where(Case.contact_id == Contact.id, Case.is_current)
        conditions.append(is_open if query.has_open_case else ~is_open)
    if query.import_id is not None:
        rows = select(ImportRow.contact_id).where(ImportRow.import_id == query.import_id)
        conditions.append(Contact.id.in_(rows))
    return conditions


def contact_page(query: ContactQuery, *, user: AppUser) -> ContactPage:
    """One page of the list."""
    conditions = conditions_of(query, user=user)
    key = Contact.sort_name if query.sort == Sort.NAME else Contact.created_at
    rows = select(Contact).where(*conditions).options(
        selectinload(Contact.phones), selectinload(Contact.emails), selectinload(Contact.addresses),
        selectinload(Contact.company), selectinload(Contact.owner),
    )  # fmt: skip
    is_backwards = query.cursor is not None and query.cursor.is_backwards
    falls = query.descending != is_backwards
    if query.cursor:
        edge = tuple_(literal(_key_value(query.sort, query.cursor)), literal(query.cursor.id))
        here = tuple_(key, Contact.id)
        rows = rows.where(here < edge if falls else here > edge)
    order = (key.desc(), Contact.id.desc()) if falls else (key, Contact.id)
    # One row more than the page has: it tells whether anything lies beyond.
    found = session.scalars(rows.order_by(*order).limit(PAGE + 1)).all()
    shown = found[:PAGE][::-1] if is_backwards else found[:PAGE]
    is_more = len(found) > PAGE
    count, is_estimate = _count(select(Contact.id).where(*conditions))
    return ContactPage(
        shown,
        _cursor(query.sort, shown[0], is_backwards=True)
        if shown and (is_more if is_backwards else query.cursor)
        else None,
        _cursor(query.sort, shown[-1]) if shown and (is_backwards or is_more) else None,
        count,
        is_estimate,
    )


def _cursor(sort: Sort, row: Contact, *, is_backwards: bool = False) -> Cursor:
    key = row.sort_name if sort == Sort.NAME else row.created_at.isoformat()
    return Cursor(key, row.id, is_backwards)


def _key_value(sort: Sort, cursor: Cursor) -> Any:
    if sort == Sort.NAME:
        return cursor.key
    try:
        return datetime.fromisoformat(cursor.key)
    except ValueError as error:
        raise Invalid(_l("One of the filters of this address cannot be read.")) from error


def _count(rows: Select[int]) -> tuple[int, bool]:
    """How many: what the planner believes, when it believes in many; few are counted."""
    compiled = rows.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    plan = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", compiled.params).scalar_one()
    believed = int(plan[0]["Plan"]["Plan Rows"])
    if believed > EXACT_COUNT:
        return believed, True
    counted = len(session.scalars(rows.limit(EXACT_COUNT + 1)).all())
    return counted, counted > EXACT_COUNT


def _cursor_text(cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    packed = dumps([cursor.key, cursor.id, int(cursor.is_backwards)], separators=(",", ":"))
    return urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _cursor_from(given: str) -> Cursor | None:
    if not given:
        return None
    try:
        key, row, backwards = loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        return Cursor(str(key), int(row), backwards == 1)
    except (NotBase64, TypeError) as error:
        message = "not a cursor"
        raise ValueError(message) from error
