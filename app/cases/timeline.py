"""What happened to a case, field by field: who changed what since a version, and every value that a field had."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, or_, select

from app.access.remembered import remembered
from app.cases.changes import VERSION
from app.core.db import session
from app.formbuilder.converting import meanings_of
from app.formbuilder.definition import Field
from app.formbuilder.versions import definition_of
from app.models import Case, FormVersion, HistoryEntry


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a case that was changed: `subject`, `status`, `owner`, `answer:<field id>` …"""

    field: str
    before: Any
    after: Any
    actor_id: int | None
    actor_name: str
    at: datetime
    version: int


def changed_since(case: Case, version: int) -> dict[str, FieldChange]:
    """What others changed after that version of the case: the value then, the value now, who touched it last."""
    if case.version == version:
        return {}
    rows = session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.record == "case",
            HistoryEntry.record_id == case.id,
            HistoryEntry.after[VERSION].astext.cast(Integer) > version,
        )
        .order_by(HistoryEntry.id)
    )
    found: dict[str, FieldChange] = {}
    for change in _field_changes(rows):
        first = found.get(change.field)
        base = first.before if first else change.before
        found[change.field] = FieldChange(**{**vars(change), "before": base})
    return {key: change for key, change in found.items() if change.before != change.after}


def history_of_field(case: Case, field: str, *, limit: int = 100) -> list[FieldChange]:
    """Every value that the field had, newest first."""
    rows = session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.record == "case",
            HistoryEntry.record_id == case.id,
            or_(HistoryEntry.after.has_key(field), and_(HistoryEntry.before.has_key(field))),
        )
        .order_by(HistoryEntry.id.desc())
        .limit(limit)
    )
    return [change for change in _field_changes(rows) if change.field == field]


def _field_changes(entries: Iterable[HistoryEntry]) -> Iterable[FieldChange]:
    for entry in entries:
        before, after = entry.before or {}, entry.after or {}
        for field in {**before, **after}:
            if field != VERSION:
                yield FieldChange(
                    field=field,
                    before=before.get(field),
                    after=after.get(field),
                    actor_id=entry.actor_id,
                    actor_name=entry.actor_name,
                    at=entry.at,
                    version=int(after.get(VERSION, 0)),
                )


def field_then(field: Field, version: FormVersion, moment: datetime | None) -> Field:
    """The field as answers of that moment were meant, which may have been of another kind; `version` is the current."""
    if moment is None or not version.meaning:
        return field
    meanings = remembered(("meanings", version.form_id), lambda: meanings_of(version.form_id))
    then = next(each for each in meanings if each.superseded_at is None or moment < each.superseded_at)
    return field if then.meaning == version.meaning else definition_of(then).by_id.get(field.id, field)
