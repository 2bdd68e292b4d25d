"""How many cases have an answer: what people are told of hidden fields and choices. Counted no further than MOST."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func, literal, select, union_all

from app.core.db import session
from app.models import Answer

MOST = 1000
"""Whoever reads "1000" knows enough: there are at least so many."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A field, or one choice of it."""

    field_id: str
    choice_id: str | None = None


def cases_with(wanted: Collection[Counted]) -> dict[Counted, int]:
    """How many cases have an answer of the field, or that choice in it; one look into an index for each."""
    ordered = list(dict.fromkeys(wanted))
    if not ordered:
        return {}
    counts = (
        select(literal(place).label("place"), func.count().label("count")).select_from(
            select(literal(1)).where(*_is(each)).limit(MOST).subquery()
        )
        for place, each in enumerate(ordered)
    )
    return {ordered[row.place]: row.count for row in session.execute(union_all(*counts))}


def _is(counted: Counted) -> tuple[ColumnElement[bool], ...]:
    field = Answer.field_id == UUID(counted.field_id)
    if counted.choice_id is None:
        return (field, Answer.place == 0)  # each case once, however many choices were made
    return (field, func.left(Answer.words, 120, type_=Text) == counted.choice_id)
