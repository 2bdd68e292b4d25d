"""The rows of long work: start it, ask it to stop, look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from app.core import clock
from app.core.announce import Event, announce
from app.core.db import session
from app.core.i18n import source_of
from app.models import AppUser, Work, WorkProblem
from app.models.work import WorkState

LEASE = timedelta(seconds=30)
"""How long a worker may be silent before another takes its work over. A batch must take well under that."""

OPEN = (WorkState.WAITING, WorkState.RUNNING)


@dataclass(frozen=True, kw_only=True)
class WorkStarted(Event):
    """Long work waits in a queue: wake a worker."""

    work_id: int
    queue: str


@dataclass(frozen=True, kw_only=True)
class WorkMoved(Event):
    """The progress or the state of long work changed."""

    work_id: int


def start_work(
    kind: str,
    params: Mapping[str, Any],
    *,
    queue: str,
    actor: AppUser | None,
    total: int | None = None,
) -> Work:
    """Write down long work to be done; `params` are JSON values, `kind` names its runner in `app/jobs/work.py`."""
    work = Work(
        kind=kind,
        queue=queue,
        params=dict(params),
        place={},
        result={},
        total=total,
        created_at=clock.now(),
        created_by_id=actor.id if actor else None,
    )
    session.add(work)
    session.flush()
    announce(WorkStarted(work_id=work.id, queue=queue))
    return work


def stop_work(work: Work) -> None:
    """Ask for a stop. What waits is stopped at once; what runs ends after the batch it is in."""
    session.refresh(work, with_for_update=True)
    if work.state not in OPEN:
        return
    work.stop_asked = True
    if work.state == WorkState.WAITING:
        work.state = WorkState.STOPPED
        work.ended_at = clock.now()
    announce(WorkMoved(work_id=work.id))


def add_problem(work: Work, subject: str, reason: str, **details: Any) -> None:
    """Note one row that could not be done; `reason` is an English source text, shown translated."""
    session.add(WorkProblem(work_id=work.id, subject=subject[:200], reason=reason, details=details))


def add_refusal(work: Work, subject: str, message: Any) -> None:
    """Note one row that an error's lazy message refused, so that each reader sees it in their own language."""
    reason, details = source_of(message)
    add_problem(work, subject, reason, **details)


def waiting_work() -> list[tuple[int, str]]:
    """Ids and queues of what nobody works on: not begun, or left behind by a worker that died."""
    abandoned = or_(Work.lease_until.is_(None), Work.lease_until < clock.now())
    rows = select(Work.id, Work.queue).where(and_(Work.state.in_(OPEN), abandoned)).order_by(Work.id).limit(100)
    return [(row.id, row.queue) for row in session.execute(rows)]
