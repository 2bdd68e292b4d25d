"""The status of a case: the only place that sets it.

Setting one decides, by `scripts/rules.py`, whether the case is current, closed, due, and what is promised in it. A case
has at most one open promise: a new one replaces it, and a status without one cancels it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from app.cases.answers import check_closable, clear_answers
from app.cases.changes import MADE, add_activity, hold, id_of, known_of, note_change, refuse_archived
from app.cases.events import StatusChanged
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Invalid, Refused
from app.core.i18n import DEFAULT_TIME_ZONE
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Callback, Campaign, Case, Status
from app.models.activities import ActivityKind
from app.models.callbacks import CallbackKind, CallbackState
from app.scripts.kinds import KINDS
from app.scripts.rules import Decision, Promise, Refusal, StatusChange, When, decide
from app.scripts.statuses import facts_of, initial_status

_REFUSALS: Mapping[Refusal, Callable[[str], Any]] = {
    Refusal.OTHER_SCRIPT: lambda name: _l(
        "The status “%(status)s” belongs to another script than the case's campaign.", status=name
    ),
    Refusal.HIDDEN: lambda name: _l(
        "The status “%(status)s” was hidden and can no longer be set. Choose another one.", status=name
    ),
    Refusal.CHOOSE_SUBSTATUS: lambda name: _l("“%(status)s” has substatuses. Choose one of them.", status=name),
    Refusal.MERGED: lambda _: _l("The case was merged into another one. Its status no longer changes."),
    Refusal.NOT_BY_PEOPLE: lambda name: _l("The status “%(status)s” is set by the system.", status=name),
    Refusal.NOT_IN_BULK: lambda name: _l("The status “%(status)s” cannot be set for many cases at once.", status=name),
    Refusal.NEEDS_OWNER: lambda name: _l(
        "“%(status)s” is a promise of the case's owner. Choose an owner first.", status=name
    ),
}
_BAD_DATES: Mapping[Refusal, Callable[[str], Any]] = {
    Refusal.NEEDS_DATE: lambda name: _l("Choose the date and time of “%(status)s”.", status=name),
    Refusal.DATE_NOT_TAKEN: lambda name: _l("The status “%(status)s” takes no chosen time.", status=name),
    Refusal.UNKNOWN_ZONE: lambda _: _l("This time zone is not known."),
    Refusal.PAST: lambda name: _l("The time of “%(status)s” has passed already. Choose a later one.", status=name),
    Refusal.TOO_FAR: lambda name: _l("The time of “%(status)s” lies too far ahead.", status=name),
}


_PROMISE = "promise"
"""Among what is known of a case that is held."""
_OPEN = select(Callback).where(Callback.case_id == bindparam("case_id"), Callback.state == CallbackState.SCHEDULED)


@dataclass(frozen=True)
class StatusOutcome:
    """What a change of status did."""

    changed: bool
    """False: the case stood in that status already, and it has no time."""
    promise: Callback | None = None
    replaced: datetime | None = None
    """When the promise was due that this one replaced."""
    cancelled: datetime | None = None
    """When the promise was due that the new status has no use for."""


def change_status(case: Case, to: Status, *, date: When | None = None, actor: AppUser | None) -> StatusOutcome:
    """Put the case into the status. Refused by a rule of the script, Invalid for a date that does not fit."""
    hold(case)
    before = case.status_id
    outcome = apply_status(case, to, date=date, actor=actor)
    if outcome.changed:
        announce(
            StatusChanged(case_id=case.id, version=case.version, before=before, after=to.id, actor_id=id_of(actor))
        )
    return outcome


def apply_status(
    case: Case,
    to: Status,
    *,
    date: When | None = None,
    actor: AppUser | None,
    in_bulk: bool = False,
    campaign: Campaign | None = None,
    form_checked: bool = False,
) -> StatusOutcome:
    """The same for a case that is held, without announcing it. `campaign` is the one that it is being moved to.

    A person is refused what only the system sets, and an end before the form has what it needs to close.
    """
    campaign = campaign or case.campaign
    refuse_archived(campaign)
    if to.id == case.status_id and not KINDS[to.kind].dated:
        return StatusOutcome(changed=False)
    moves = campaign.script_id != case.status.script_id
    decision = _decision(
        campaign,
        to,
        current=None if moves else case.status,
        owner_id=case.owner_id,
        date=date,
        actor=actor,
        in_bulk=in_bulk,
    )
    if actor is not None and KINDS[to.kind].ends and not form_checked:
        check_closable(case, actor=actor)
    earlier, earlier_due = case.status, case.due_at
    lost, cleared = clear_answers(case) if decision.clears_answers else ({}, {})
    _write(case, to, decision)
    replaced, promise = _keep_promise(case, decision.promise, actor)
    payload: dict[str, Any] = {"from": _named(earlier), "to": _named(to)}
    if decision.due_at and KINDS[to.kind].dated:
        payload["due_at"] = decision.due_at.isoformat()
    if replaced:
        payload["replaced" if promise else "cancelled"] = replaced.isoformat()
    add_activity(case, ActivityKind.STATUS, payload, actor=actor)
    before, after = {**_recorded(earlier, earlier_due), **lost}, {**_recorded(to, decision.due_at), **cleared}
    note_change(case, "status", before, after, actor=actor)
    return StatusOutcome(
        changed=True,
        promise=promise,
        replaced=replaced if promise else None,
        cancelled=None if promise else replaced,
    )


def begin(case: Case, status: Status | None, *, date: When | None, actor: AppUser | None) -> Decision:
    """Give a case that is not stored yet its first status: the script's initial one unless another is named."""
    status = status or initial_status(case.campaign.script)
    decision = _decision(
        case.campaign, status, current=None, owner_id=case.owner_id, date=date, actor=actor, in_bulk=False
    )
    _write(case, status, decision)
    return decision


def begin_promise(case: Case, decision: Decision, *, actor: AppUser | None) -> None:
    """Write the promise of the first status, once the case has an id."""
    if decision.promise:
        _write_promise(case, decision.promise, actor)


@dataclass(frozen=True)
class Beginning:
    """How many new cases of a campaign begin."""

    columns: Mapping[str, Any]
    promise: Promise | None


def beginning_of(campaign: Campaign) -> Beginning:
    """In its initial status; the promise of that one is written for each case, see `promise_columns`."""
    status = initial_status(campaign.script)
    decision = _decision(campaign, status, current=None, owner_id=None, date=None, actor=None, in_bulk=False)
    return Beginning({"status_id": status.id, **_columns(decision)}, decision.promise)


def promise_columns(promise: Promise, *, owner_id: int | None, actor: AppUser | None) -> dict[str, Any]:
    """The columns of an open callback, but for the case, its contact and its campaign."""
    return {
        "kind": promise.kind,
        "owner_id": owner_id if promise.kind is CallbackKind.PRIVATE else None,
        "local_at": promise.local,
        "time_zone": promise.zone,
        "fold": promise.fold,
        "due_at": promise.due_at,
        "state": CallbackState.SCHEDULED,
        "version": 1,
        "created_at": clock.now(),
        "created_by_id": id_of(actor),
    }


def open_promise(case: Case) -> Callback | None:
    """The case's open callback."""
    known = known_of(case)
    if _PROMISE not in known:
        known[_PROMISE] = None if MADE in known else session.scalar(_OPEN, {"case_id": case.id})
    promise: Callback | None = known[_PROMISE]
    return promise if promise and promise.state is CallbackState.SCHEDULED else None


def _decision(
    campaign: Campaign,
    to: Status,
    *,
    current: Status | None,
    owner_id: int | None,
    date: When | None,
    actor: AppUser | None,
    in_bulk: bool,
) -> Decision:
    change = StatusChange(
        script_id=campaign.script_id,
        current=facts_of(current) if current else None,
        target=facts_of(to),
        owner_id=owner_id,
        zone=actor.time_zone if actor else DEFAULT_TIME_ZONE,
        when=date,
        grid_minutes=campaign.script.postpone_grid_minutes,
        in_bulk=in_bulk,
        by_people=actor is not None,
    )
    answer = decide(change, clock.now())
    if isinstance(answer, Decision):
        return answer
    raise _error(answer, to)


def _error(refusal: Refusal, status: Status) -> Refused | Invalid:
    if refusal in _REFUSALS:
        return Refused(_REFUSALS[refusal](status.name), rule=refusal.value, status=status.id)
    message = _BAD_DATES[refusal](status.name)
    return Invalid(message, {"date": [message]}, rule=refusal.value, status=status.id)


def _columns(decision: Decision) -> dict[str, Any]:
    now = clock.now()
    return {
        "is_current": decision.is_current,
        "due_at": decision.due_at,
        "status_at": now,
        "closed_at": now if decision.ends else None,
    }


def _write(case: Case, status: Status, decision: Decision) -> None:
    earlier_end = case.closed_at
    case.status = status
    # The next look at the case may come before it is written.
    case.status_id = status.id
    for column, value in _columns(decision).items():
        setattr(case, column, value)
    if decision.ends and earlier_end:
        # From one closed status to another: it was closed then, not now.
        case.closed_at = earlier_end


def _keep_promise(
    case: Case, promise: Promise | None, actor: AppUser | None
) -> tuple[datetime | None, Callback | None]:
    """End the open callback, write the new one; when the ended one was due, and the new one."""
    open_one = open_promise(case)
    if open_one:
        open_one.state = CallbackState.CANCELLED
        open_one.ended_at = clock.now()
        open_one.version += 1
        if promise:
            # One open callback a case: the database must see the old one end first.
            session.flush()
    written = _write_promise(case, promise, actor) if promise else None
    return (open_one.due_at if open_one else None), written


def _write_promise(case: Case, promise: Promise, actor: AppUser | None) -> Callback:
    callback = Callback(
        case_id=case.id,
        contact_id=case.contact_id,
        campaign_id=case.campaign_id,
        **promise_columns(promise, owner_id=case.owner_id, actor=actor),
    )
    session.add(callback)
    known_of(case)[_PROMISE] = callback
    return callback


def _recorded(status: Status, due_at: datetime | None) -> dict[str, Any]:
    return {"status": status.id, "due_at": due_at.isoformat() if due_at else None}


def _named(status: Status) -> dict[str, Any]:
    return {"id": status.id, "name": status.name, "kind": status.kind.value}
