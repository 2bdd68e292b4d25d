"""What every change of a case has in common: the lock, the version, the history, the timeline."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import set_committed_value

from app.core import clock
from app.core.db import session
from app.core.errors import Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import record_change
from app.models import Activity, AppUser, Campaign, Case
from app.models.activities import ActivityKind
from app.models.campaigns import CampaignState

VERSION = "version"
"""Key in a history entry's `after`: the case's version that the change made."""


_HELD = "held cases"
MADE = "made"
"""Among what is known of a case: it was made in this transaction."""
_NEIGHBOURS = {"contact": "contact_id", "campaign": "campaign_id", "status": "status_id", "owner": "owner_id"}
"""What a case belongs to, and the column that says so."""


def hold(case: Case) -> None:
    """Lock the case's row until the transaction ends and read it anew, unless this transaction holds it already."""
    held = _held()
    if case not in session or inspect(case).expired:
        session.refresh(case, with_for_update={"key_share": True, "of": Case})
    elif case.id in held:
        return
    else:
        _read_anew(case)
    held[case.id] = {}


def note_made(*case_ids: int) -> None:
    """These cases were made in this transaction: nobody else sees them, so nobody else can change them."""
    _held().update({case_id: {MADE: True} for case_id in case_ids})


def known_of(case: Case) -> dict[str, Any]:
    """What this transaction has found out about a case that it holds; of another one nothing is kept."""
    return _held().get(case.id, {})


def hold_many(case_ids: Sequence[int]) -> dict[int, Case]:
    """Lock many, by rising id; those that exist, by id."""
    rows = select(Case).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update(key_share=True)
    found = {case.id: case for case in session.scalars(rows.execution_options(populate_existing=True))}
    _held().update({case_id: {} for case_id in found})
    return found


def refuse_archived(campaign: Campaign) -> None:
    """Cases of an archived campaign are read-only."""
    if campaign.state is CampaignState.ARCHIVED:
        raise Refused(_l("The campaign “%(name)s” is archived, so its cases can only be read.", name=campaign.name))


def note_change(
    case: Case, action: str, before: Mapping[str, Any], after: Mapping[str, Any], *, actor: AppUser | None
) -> None:
    """Raise the version of a case that is held, and record what changed: JSON values by field."""
    case.version += 1
    case.touched_at = clock.now()
    record_change("case", case.id, action, actor=actor, before=before, after={**after, VERSION: case.version})


def add_activity(
    case: Case, kind: ActivityKind, payload: Mapping[str, Any], *, actor: AppUser | None, body: str = ""
) -> Activity:
    """Add an entry to the timeline of the case and its contact."""
    activity = Activity(
        contact_id=case.contact_id,
        case_id=case.id,
        kind=kind,
        at=clock.now(),
        author_id=actor.id if actor else None,
        body=body,
        payload=dict(payload),
    )
    session.add(activity)
    return activity


def id_of(actor: AppUser | None) -> int | None:
    """The actor's id; None for the system."""
    return actor.id if actor else None


def _read_anew(case: Case) -> None:
    """Lock the row and read its columns; what the case belongs to stays loaded where it is still the same."""
    before = {name: getattr(case, column) for name, column in _NEIGHBOURS.items()}
    columns = Case.__table__.c
    row = session.execute(select(*columns).where(columns.id == case.id).with_for_update(key_share=True)).one()
    for column, value in zip(columns, row, strict=True):
        set_committed_value(case, column.key, value)
    moved = [name for name, column in _NEIGHBOURS.items() if getattr(case, column) != before[name]]
    if moved:
        session.expire(case, moved)


def _held() -> dict[int, dict[str, Any]]:
    """The cases whose rows this transaction has locked, by id, with what it knows of them."""
    held: dict[int, dict[str, Any]] = session.info.setdefault(_HELD, {})
    return held


def _let_go(ended: Session, transaction: SessionTransaction) -> None:
    # A savepoint that is undone gives back the locks that were taken in it.
    if transaction.parent is None or transaction.nested:
        ended.info.pop(_HELD, None)


event.listen(session, "after_transaction_end", _let_go)
