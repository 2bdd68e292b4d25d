"""What is asked of the database again and again, above all about a user's rights, kept until the transaction ends.

It lives on the session, so one request asks once, and neither another request nor another process can see it grow
old. A commit or a rollback forgets it.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.db import session

_KEY = "access"
T = TypeVar("T")


def remembered(key: tuple[Hashable, ...], load: Callable[[], T]) -> T:
    """The value of `key`, loaded at the first call of this session."""
    kept: dict[tuple[Hashable, ...], Any] = session.info.setdefault(_KEY, {})
    if key not in kept:
        kept[key] = load()
    value: T = kept[key]
    return value


def forget_rights() -> None:
    """Ask the database again: a verb has just changed somebody's roles, teams or campaigns."""
    session.info.pop(_KEY, None)


def _forget(ended: Session) -> None:
    ended.info.pop(_KEY, None)


event.listen(session, "after_commit", _forget)
event.listen(session, "after_rollback", _forget)
