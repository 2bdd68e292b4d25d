"""Domain events: a verb says what happened; `reactions.py` says what follows.

Reactions *inside* the transaction run at once and undo the verb when they fail. Reactions *after* the commit
only hurry things along (a push to a screen, a wake-up of a job): whatever must happen is a row already, and a
sweep finds it. So a failing one is logged, and the next one still runs.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened, in ids and plain values: it may outlive the session that loaded the rows."""


Reaction = Callable[[Any], None]


@dataclass(frozen=True)
class Reactions:
    """What one kind of event sets off."""

    inside: Sequence[Reaction] = ()
    after: Sequence[Reaction] = ()


@dataclass
class _Table:
    rows: Mapping[type[Event], Reactions] = field(default_factory=dict)


_table = _Table()
_announced: ContextVar[tuple[Event, ...]] = ContextVar("announced", default=())


def bind(rows: Mapping[type[Event], Reactions]) -> None:
    """Install the table of reactions; called once, by create_app()."""
    _table.rows = rows


def announce(event: Event) -> None:
    """Run the reactions inside the transaction and remember the event for after the commit."""
    for reaction in _table.rows.get(type(event), Reactions()).inside:
        reaction(event)
    _announced.set((*_announced.get(), event))


def after_commit() -> None:
    """Run what waited for the commit, in the order of the announcements."""
    events = _announced.get()
    forget()
    for event in events:
        for reaction in _table.rows.get(type(event), Reactions()).after:
            try:
                reaction(event)
            except Exception:
                log.exception("reaction %s to %s failed; a sweep will find the row", reaction, event)


def forget() -> None:
    """Drop what a transaction that was undone had announced."""
    _announced.set(())
