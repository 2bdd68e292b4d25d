"""The cards that a user has open: the bar of tabs, the same on every machine and after the next log-in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from app.access.visible import cases_of
from app.core import clock
from app.core.db import session
from app.models import AppUser, Case, CaseDraft, Contact, OpenCard

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
