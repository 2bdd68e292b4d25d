"""Recording a change: every verb calls this in its own transaction."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from app.core import clock
from app.core.db import session
from app.models import AppUser, HistoryEntry

origin: ContextVar[str | None] = ContextVar("origin", default=None)
"""Where the running request or job comes from; doors set it."""

SYSTEM = "system"


def record_change(
    record: str,
    record_id: int,
    action: str,
    *,
    actor: AppUser | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> HistoryEntry:
    """Add one entry. `before` and `after` hold only what changed, as JSON values; no actor means the system."""
    entry = HistoryEntry(
        at=clock.now(),
        actor_id=actor.id if actor else None,
        actor_name=actor.full_name if actor else SYSTEM,
        record=record,
        record_id=record_id,
        action=action,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        origin=origin.get(),
    )
    session.add(entry)
    return entry


def record_many(entries: list[dict[str, Any]]) -> None:
    """Add many entries in one statement (imports and bulk work); each dict has the columns of `HistoryEntry`."""
    if entries:
        session.execute(HistoryEntry.__table__.insert(), entries)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two sides of what differs, for `record_change`."""
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}
