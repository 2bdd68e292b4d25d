"""Time. Rules take it as an argument; verbs and doors ask here, so that tests can stop it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _stopped.get() or datetime.now(UTC)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block (tests, and the demo's history of 90 days)."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
