"""Carrying long work out: claim by lease, batch after batch, each in a transaction of its own.

Work is done at least once, so a batch writes its place (`work.place`) together with what it did: whoever goes on after
a crash begins behind the last batch that was committed, and nothing is done twice.
"""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.core import clock
from app.core.announce import announce
from app.core.db import session, transaction
from app.core.errors import SplotError
from app.core.i18n import source_of
from app.core.i18n import source_text as N_  # noqa: N812  (the name that Babel looks for)
from app.models import Work
from app.models.work import WorkState
from app.work.items import forget_items
from app.work.rows import LEASE, OPEN, WorkMoved

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""How often work is begun without getting on."""
_DIED = N_("It was begun several times and the worker died each time.")
_FAULT = N_("A fault of the program; the log has the details.")


class Stopped(Exception):
    """Somebody asked for a stop; what the batches before did stays."""


class LeaseLost(Exception):
    """The lease ran out and another worker goes on; this one must not write any more."""


Runner = Callable[[Work, "Keep"], dict[str, Any]]
"""Does the work in batches and returns its result as JSON values."""


class Keep:
    """What a runner holds on to: the row of its work, by lease."""

    def __init__(self, work_id: int, holder: str) -> None:
        self._work_id = work_id
        self._holder = holder

    @contextmanager
    def batch(self) -> Iterator[Work]:
        """One transaction. Inside, add to `work.done` and `work.failed` and assign `work.place` anew.

        Raises Stopped or LeaseLost before the batch begins. A place that moved is what counts as getting on: work that
        begins anew each time writes none, and is given up when its workers die again and again.
        """
        with transaction():
            work = self._locked()
            if work.stop_asked:
                raise Stopped
            place = work.place
            yield work
            if work.place != place:
                work.attempts = 0
            work.lease_until = clock.now() + LEASE
            announce(WorkMoved(work_id=work.id))

    def renew(self) -> None:
        """Keep the lease through a long stretch without a batch (reading a file through, say)."""
        with self.batch():
            pass

    def finish(self, state: WorkState, *, result: dict[str, Any] | None = None, error: Any = None) -> None:
        """Write how it ended; `error` is a source text or a lazy message, shown translated."""
        with transaction():
            work = self._locked()
            work.state = state
            work.result = {**work.result, **(result or {})}
            if error is not None:
                work.error, work.error_details = source_of(error)
            work.ended_at = clock.now()
            work.lease_until = None
            forget_items(work)
            announce(WorkMoved(work_id=work.id))

    def _locked(self) -> Work:
        row = select(Work).where(Work.id == self._work_id).with_for_update().execution_options(populate_existing=True)
        work = session.execute(row).scalar_one()
        if work.lease_holder != self._holder or work.state != WorkState.RUNNING:
            raise LeaseLost
        return work


def claim(work_id: int) -> Keep | None:
    """Take the work if nobody has it; None when somebody does, or it has ended."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    with transaction():
        row = select(Work).where(Work.id == work_id, Work.state.in_(OPEN)).with_for_update(skip_locked=True)
        work = session.execute(row).scalar_one_or_none()
        if work is None or (work.lease_until and work.lease_until > clock.now()):
            return None
        work.attempts += 1
        work.state = WorkState.RUNNING
        work.lease_holder = holder
        work.lease_until = clock.now() + LEASE
        work.started_at = work.started_at or clock.now()
        announce(WorkMoved(work_id=work.id))
    return Keep(work_id, holder)


def carry_out(work_id: int, runner: Runner) -> None:
    """Claim the work, run it, write how it ended. Safe to call twice, and at the same time from two workers."""
    keep = claim(work_id)
    if keep is None:
        return
    work = session.get_one(Work, work_id)
    if work.attempts > MOST_ATTEMPTS:
        keep.finish(WorkState.FAILED, error=_DIED)
        return
    try:
        result = runner(work, keep)
        keep.finish(WorkState.DONE, result=result)
    except Stopped:
        keep.finish(WorkState.STOPPED)
    except LeaseLost:
        log.warning("work %s was taken over by another worker", work_id)
    except OperationalError:
        log.warning("work %s: the database went away; the sweep will go on with it", work_id, exc_info=True)
    except SplotError as error:
        keep.finish(WorkState.FAILED, error=error.message)
    except Exception:  # a fault of a runner must not leave a row that says "running" for ever
        log.exception("work %s failed", work_id)
        keep.finish(WorkState.FAILED, error=_FAULT)
