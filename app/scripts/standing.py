"""How many cases stand in the statuses of a script, and how long nobody has touched them: never more than a look."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.db import session
from app.models import Campaign, Case, Script

MOST = 1000
"""Counting stops there, so that a big campaign does not slow the page."""


@dataclass(frozen=True)
class Standing:
    """The cases in one status."""

    count: int
    """MOST means that many or more."""

    @property
    def text(self) -> str:
        """The number, with a plus where counting stopped."""
        return f"{MOST}+" if self.count >= MOST else str(self.count)


def standing_in(script: Script) -> Mapping[int, Standing]:
    """The cases in each status of the script, by its id."""
    listed = func.unnest(literal([status.id for status in script.statuses], ARRAY(BigInteger)))
    places = listed.table_valued("id", name="places").render_derived()
    few = select(Case.id).where(Case.status_id == places.c.id).limit(MOST).lateral()
    rows = session.execute(
        select(places.c.id, func.count(few.c.id)).select_from(places).outerjoin(few, true()).group_by(places.c.id)
    )
    return {row[0]: Standing(row[1]) for row in rows}


def untouched_since(script: Script, status_ids: Collection[int]) -> Mapping[int, datetime]:
    """When the case in each of these statuses was touched that was left alone longest; none where there is no case."""
    if not status_ids:
        return {}
    listed = func.unnest(literal(sorted(status_ids), ARRAY(BigInteger)))
    places = listed.table_valued("id", name="places").render_derived()
    first = (
        select(Case.touched_at)
        .where(Case.campaign_id == Campaign.id, Case.status_id == places.c.id)
        .order_by(Case.touched_at, Case.id)
        .limit(1)
        .lateral()
    )
    rows = (
        select(places.c.id, func.min(first.c.touched_at))
        .select_from(Campaign)
        .join(places, true())
        .join(first, true())
        .where(Campaign.script_id == script.id)
        .group_by(places.c.id)
    )
    return {row[0]: row[1] for row in session.execute(rows)}
