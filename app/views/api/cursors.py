"""Cursor pages: `?limit=` and `?cursor=`, by key and not by number, so that rows which come in shift nothing."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select

from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.views.api.kinds import Whole, Words

T = TypeVar("T")

LARGEST_PAGE = 200

Limit = Annotated[int, Whole(1, LARGEST_PAGE)]
Cursor = Annotated[str, Words(1000)]


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `next` is the cursor of the following one, null on the last."""

    items: list[T]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Paging:
    """What every list takes: how many rows, and after which."""

    limit: Limit = 50
    cursor: Cursor | None = None


def page_by_id(
    rows: Select[Any], by: ColumnElement[int] | Any, paging: Paging, shown: Callable[[Any], T], *, scalar: bool = True
) -> Page[T]:
    """A page in the order of an ever growing key; rows that are added while somebody reads come at the end."""
    if paging.cursor is not None:
        rows = rows.where(by > opened(paging.cursor, 1)[0])
    found = session.execute(rows.order_by(by).limit(paging.limit + 1))
    items: Sequence[Any] = found.scalars().all() if scalar else found.all()
    there_is_more = len(items) > paging.limit
    items = items[: paging.limit]
    return Page([shown(item) for item in items], closed(items[-1].id) if there_is_more else None)


def closed(*key: int | str) -> str:
    """The key of the last row of a page, as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def opened(cursor: str, length: int) -> list[int]:
    """The numbers of a cursor; Invalid when it is not one of ours."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise _unknown() from None
    fits = isinstance(key, list) and len(key) == length
    if not fits or any(type(part) is not int or abs(part) >= 2**63 for part in key):
        raise _unknown()
    return list(key)


def _unknown() -> Invalid:
    message = _l("This is no cursor of this list. Begin again without one.")
    return Invalid(_l("Some values do not fit; see the errors by field."), fields={"cursor": [message]})
