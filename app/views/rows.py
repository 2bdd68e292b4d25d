"""Rows behind Flask-AppBuilder's pages: scoped to the user, flushed and recorded, never committed here."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from re import sub
from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import ColumnElement, String, Time, inspect, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Query

from app.access import visible
from app.core.db import session
from app.history.record import record_change
from app.models import AppUser, Campaign, Case, Contact, HistoryEntry, StoredFile, fab_models
from app.people.roles import TITLES as ROLE_TITLES
from app.views.base import the_user

Scope = Callable[[AppUser], ColumnElement[bool]]

PROTECTED: Mapping[type, Scope] = {
    Campaign: visible.campaigns_of,
    Case: visible.cases_of,
    Contact: visible.contacts_of,
    HistoryEntry: visible.history_of,
    StoredFile: visible.files_of,
}
"""Models whose rows are scoped wherever Flask-AppBuilder reads them: lists, forms, selects and searches alike."""

SECRET_COLUMNS = frozenset({"password", "digest", "session_epoch"})
"""Never in a history entry, a list or a search."""

CHOICES = 25
"""Rows that a select offers at once; more are found by typing."""


class Interface(SQLAInterface):
    """Flask-AppBuilder's access to one model: the door commits, once."""

    def __init__(self, model: type[Any], scope: Scope | None = None) -> None:
        super().__init__(model)
        self.scope = scope or PROTECTED.get(model)

    def apply_filters(self, query: Query[Any], filters: Any) -> Query[Any]:
        """The filters of the page, and always the rows of the user."""
        query = super().apply_filters(query, filters)
        return query if self.scope is None else query.filter(self.scope(the_user()))

    def get_related_interface(self, col_name: str) -> "Interface":
        """The other side of a relation, scoped like everything else."""
        return Interface(self.get_related_model(col_name))

    def is_nullable(self, col_name: str) -> bool:
        """Whether a form may leave it empty: a box that is not ticked is an answer, and so is a text with a default."""
        column = self.list_columns.get(col_name)
        if column is not None and isinstance(column.type, String) and column.server_default is not None:
            return not self.is_enum(col_name)
        return self.is_boolean(col_name) or super().is_nullable(col_name)

    def is_texts(self, col_name: str) -> bool:
        """A list of texts."""
        column = self.list_columns.get(col_name)
        return column is not None and isinstance(column.type, ARRAY) and isinstance(column.type.item_type, String)

    def is_time(self, col_name: str) -> bool:
        """A time of day."""
        column = self.list_columns.get(col_name)
        return column is not None and isinstance(column.type, Time)

    def is_known(self, col_name: str) -> bool:
        """Whether a form or a search can show the column at all (UUID, INET and bytes it cannot)."""
        if self.is_relation(col_name) or self.is_texts(col_name) or self.is_time(col_name) or self.is_enum(col_name):
            return True
        kinds = ("string", "text", "integer", "numeric", "float", "boolean", "date", "datetime")
        return any(getattr(self, f"is_{kind}")(col_name) for kind in kinds)

    def add(self, item: Any, commit: bool = True) -> None:
        """Flush the new row and record it; `commit` is Flask-AppBuilder's wish, not granted."""
        session.add(item)
        session.flush()
        record_change(record_name(item), item.id, "created", actor=the_user(), after=_shown(item))

    def edit(self, item: Any, commit: bool = True) -> None:
        """Flush the change and record both sides of what differs."""
        before, after = _changed(item)
        session.flush()
        if before or after:
            record_change(record_name(item), item.id, "changed", actor=the_user(), before=before, after=after)

    def delete(self, item: Any, commit: bool = True) -> None:
        """Flush the removal and record what was there."""
        record_change(record_name(item), item.id, "deleted", actor=the_user(), before=_shown(item))
        session.delete(item)
        session.flush()

    def delete_all(self, items: list[Any]) -> None:
        """Each by itself, so that each is recorded."""
        for item in items:
            self.delete(item)

    def by_ids(self, ids: Sequence[int]) -> list[Any]:
        """The rows with these ids that the user may see."""
        return list(self._scoped().filter(self.get_pk().in_(ids))) if ids else []

    def choices(self, text: str = "", limit: int = CHOICES) -> list[Any]:
        """Rows whose name has `text` in it, that the user may see; what a select offers."""
        query = self._scoped()
        named = [getattr(self.obj, name) for name in _NAMES if name in self.list_columns]
        if text and named:
            like = "%" + sub(r"([%_\\])", r"\\\1", text.strip()) + "%"
            query = query.filter(or_(*(column.ilike(like) for column in named)))
        return list(query.order_by(*named[:1], self.get_pk()).limit(limit))

    def _scoped(self) -> Query[Any]:
        query = session.query(self.obj)
        return query if self.scope is None else query.filter(self.scope(the_user()))


_NAMES = ("name", "title", "last_name", "first_name", "username")


def label_of(row: Any) -> str:
    """What a person calls the row."""
    return getattr(row, "full_name", None) or str(row)


def title_of(row: Any) -> str:
    """What the reader calls the row: a ready role has a title in each language. (The history keeps `label_of`.)"""
    return str(ROLE_TITLES.get(row.name, row.name)) if isinstance(row, fab_models.Role) else label_of(row)


def record_name(item: Any) -> str:
    """Kind of record in the history: `custom_field` for CustomField, `user` for AppUser."""
    name = sub(r"(?<!^)([A-Z])", r"_\1", type(item).__name__).lower()
    return name.removeprefix("app_")


def _shown(item: Any) -> dict[str, Any]:
    columns = inspect(item).mapper.column_attrs
    return {column.key: _plain(getattr(item, column.key)) for column in columns if column.key not in SECRET_COLUMNS}


def _changed(item: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in inspect(item).attrs:
        change = attribute.history
        if attribute.key in SECRET_COLUMNS or not change.has_changes():
            continue
        kept = list(change.unchanged)
        if (
            attribute.key in inspect(item).mapper.relationships
            and inspect(item).mapper.relationships[attribute.key].uselist
        ):
            before[attribute.key] = sorted(label_of(row) for row in (*kept, *change.deleted))
            after[attribute.key] = sorted(label_of(row) for row in (*kept, *change.added))
        else:
            before[attribute.key] = _plain(change.deleted[0] if change.deleted else None)
            after[attribute.key] = _plain(change.added[0] if change.added else None)
    return before, after


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    return label_of(value)
