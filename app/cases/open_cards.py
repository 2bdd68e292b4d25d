"""The cards that a user has open: the bar of tabs, the same on every machine and after the next log-in."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from app.access.visible import cases_of
from app.core import clock
from app.core.db import session
from app.core.queue import redis_client
from app.models import AppUser, Campaign, Case, CaseDraft, Contact, Form, OpenCard, Script

MOST = 12
"""Tabs that are kept; the one opened longest ago goes first."""


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One open card."""

    id: int
    number: int
    name: str
    source: str
    unsaved: bool
    """A draft waits in it."""


def keep_open(case: Case, *, actor: AppUser) -> None:
    """Put the card into the actor's tabs. One that is there keeps its place."""
    opened = session.scalar(
        insert(OpenCard)
        .values(user_id=actor.id, case_id=case.id, opened_at=clock.now())
        .on_conflict_do_nothing(index_elements=["user_id", "case_id"])
        .returning(OpenCard.case_id)
    )
    if opened is None:
        return
    kept = select(OpenCard.case_id).where(OpenCard.user_id == actor.id).order_by(OpenCard.opened_at.desc()).limit(MOST)
    session.execute(
        delete(OpenCard)
        .where(OpenCard.user_id == actor.id, OpenCard.case_id.not_in(kept.scalar_subquery()))
        .execution_options(synchronize_session=False)
    )


def close_card(case: Case, *, actor: AppUser) -> None:
    """Take the card from the actor's tabs."""
    session.execute(delete(OpenCard).where(OpenCard.user_id == actor.id, OpenCard.case_id == case.id))


def open_tabs(actor: AppUser) -> Sequence[Tab]:
    """The actor's open cards, in the order in which they were opened; those that are no longer visible are left out."""
    has_draft = exists().where(CaseDraft.user_id == actor.id, CaseDraft.case_id == Case.id)
    rows = session.execute(
        select(Case.id, Case.number, Case.source, Contact.name, has_draft.label("unsaved"))
        .join(OpenCard, OpenCard.case_id == Case.id)
        .join(Contact, Contact.id == Case.contact_id)
        .where(OpenCard.user_id == actor.id, cases_of(actor))
        .order_by(OpenCard.opened_at, Case.id)
    )
    return [
        Tab(id=row.id, number=row.number, name=row.name, source=row.source.value, unsaved=row.unsaved) for row in rows
    ]


def cards_open_now(form: Form) -> int:
    """How many screens show a card with the form, of those that have given a sign of life (`live/presence.py`)."""
    case_ids = session.scalars(
        select(OpenCard.case_id)
        .distinct()
        .join(Case, Case.id == OpenCard.case_id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .join(Script, Script.id == Campaign.script_id)
        .where(Script.form_id == form.id)
    ).all()
    now = time.time()
    with redis_client().pipeline(transaction=False) as pipe:
        for case_id in case_ids:
            pipe.zcount(presence_key(case_id), now, "+inf")
        return sum(pipe.execute())


def presence_key(case_id: int) -> str:
    """Where Redis keeps who looks at the case: screens, each by the end of its time."""
    return f"here:{case_id}"
