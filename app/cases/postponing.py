"""Cases whose postponement is over: new again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_

from app.cases.changes import hold
from app.cases.ruled import after_postponement
from app.cases.status import change_status
from app.core import clock
from app.core.db import session
from app.models import Case, Status
from app.models.campaigns import Campaign, CampaignState
from app.models.scripts import StatusKind


@dataclass(frozen=True)
class Overdue:
    """A case whose postponement is over."""

    due_at: datetime
    case_id: int


def overdue_postponements(limit: int, *, after: Overdue | None = None) -> list[Overdue]:
    """Cases whose postponement is over, the longest waiting first; those behind `after`."""
    rows = (
        select(Case.due_at, Case.id)
        .join(Status, Status.id == Case.status_id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .where(
            Status.kind == StatusKind.POSTPONED,
            Case.due_at <= clock.now(),
            Campaign.state != CampaignState.ARCHIVED,
        )
    )
    if after is not None:
        rows = rows.where(tuple_(Case.due_at, Case.id) > (after.due_at, after.case_id))
    return [Overdue(*row) for row in session.execute(rows.order_by(Case.due_at, Case.id).limit(limit))]


def end_postponement(case: Case) -> bool:
    """Put the case where a rule leads, else into the script's first status of the kind *new* or the initial one.

    False when it is not postponed any more, or till later.
    """
    hold(case)
    if case.status.kind is not StatusKind.POSTPONED or case.due_at is None or case.due_at > clock.now():
        return False
    back = after_postponement(case)
    if back is None:
        # The script begins postponed and knows no other new status: nothing better to do than to wait again.
        return False
    change_status(case, back, actor=None)
    return True
