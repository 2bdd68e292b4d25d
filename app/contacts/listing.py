"""The list of contacts: pages by key, filters, and the same conditions for an export and for bulk work."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    cursor: tuple[str, int] | None = None
    """The key and the id of the last row of the page before."""


@dataclass(frozen=True)
class ContactPage:
    """One page, and where the next one begins (None at the end)."""

    rows: Sequence[Contact]
    next: tuple[str, int] | None
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
    if query.cursor:
        last = tuple_(literal(_key_value(query)), literal(query.cursor[1]))
        here = tuple_(key, Contact.id)
        rows = rows.where(here < last if query.descending else here > last)
    order = (key.desc(), Contact.id.desc()) if query.descending else (key, Contact.id)
    found = session.scalars(rows.order_by(*order).limit(PAGE + 1)).all()
    following = None
    if len(found) > PAGE:
        end = found[PAGE - 1]
        following = (end.sort_name if query.sort == Sort.NAME else end.created_at.isoformat(), end.id)
    count, is_estimate = _count(select(Contact.id).where(*conditions))
    return ContactPage(found[:PAGE], following, count, is_estimate)


def next_page(query: ContactQuery, page: ContactPage) -> ContactQuery | None:
    """The query of the following page."""
    return replace(query, cursor=page.next) if page.next else None


def _key_value(query: ContactQuery) -> Any:
    key = query.cursor[0] if query.cursor else ""
    if query.sort == Sort.NAME:
        return key
    try:
        return datetime.fromisoformat(key)
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


def _cursor_text(cursor: tuple[str, int] | None) -> str:
    return urlsafe_b64encode(dumps(cursor).encode()).decode().rstrip("=") if cursor else ""


def _cursor_from(given: str) -> tuple[str, int] | None:
    if not given:
        return None
    try:
        key, row = loads(urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        return str(key), int(row)
    except (NotBase64, TypeError) as error:
        message = "not a cursor"
        raise ValueError(message) from error
