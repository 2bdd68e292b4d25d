"""Filters by answers: which rows of `answers` fit, and which cases these belong to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from app.cases.listing_query import CaseQuery, ValueFilter
from app.cases.listing_scope import list_fields
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import DEFAULT_LANGUAGE
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.formbuilder.definition import Field
from app.formbuilder.field_types.base import AnswerType, Column, Operator
from app.formbuilder.registry import answer_type
from app.models import Answer, AppUser

CaseId = ColumnElement[int] | InstrumentedAttribute[int]
FEW = 5000
"""Answers that fit: up to that many are looked up before their cases."""
_INDEXED_WORDS = 120


@dataclass(frozen=True)
class AnswerFilter:
    """One filter by a form field."""

    field_id: str
    fits: ColumnElement[bool] | None
    """What the rows of the answer hold; None = the field has no answer."""
    is_several: bool
    """Whether an answer of the field may have several rows."""
    is_indexed: bool
    """Whether an index finds the rows that fit."""

    def holds(self, case_id: CaseId) -> ColumnElement[bool]:
        """Whether it lets the case of that id through."""
        of_case = and_(Answer.case_id == case_id, Answer.field_id == self.field_id)
        if self.fits is None:
            return ~exists().where(of_case)
        # Where a case has one row at most, the planner may follow the answers as they come, and stop early.
        return exists().where(of_case, self.fits, *([] if self.is_several else [Answer.place == 0]))

    def holds_by_row(self, case_id: CaseId) -> ColumnElement[bool]:
        """The same, asked of one case after another: OFFSET keeps the planner from making a join of it."""
        of_case = and_(Answer.case_id == case_id, Answer.field_id == self.field_id)
        fitting = select(Answer.case_id).where(of_case, *([] if self.fits is None else [self.fits])).offset(0)
        return ~fitting.exists() if self.fits is None else fitting.exists()

    def case_ids(self) -> Select[int]:
        """The cases with an answer that fits, each once. Not for a filter that wants none."""
        found = select(Answer.case_id).where(Answer.field_id == self.field_id, *self._compared())
        return found.distinct() if self.is_several else found

    def count(self) -> int:
        """How many answers fit, up to one more than FEW."""
        some = select(Answer.case_id).where(Answer.field_id == self.field_id, *self._compared()).limit(FEW + 1)
        return session.scalar(select(func.count()).select_from(some.subquery())) or 0

    def _compared(self) -> list[ColumnElement[bool]]:
        return [] if self.fits is None else [self.fits]


def answer_filters(query: CaseQuery, user: AppUser) -> list[AnswerFilter]:
    """What the query asks of answers. Invalid for a field that is gone or hidden, or not filtered in this way."""
    if not query.answers:
        return []
    fields = list_fields(user, query.campaigns)
    language = user.language or DEFAULT_LANGUAGE
    return [_filter(fields.get(field_id), value, language) for field_id, value in query.answers]


def leading(filters: Sequence[AnswerFilter]) -> AnswerFilter | None:
    """The filter that fewest answers fit, where these are few: its cases are looked up first. None = all fit many."""
    counted = [(each.count(), place) for place, each in enumerate(filters) if each.is_indexed]
    fewest, place = min(counted, default=(FEW + 1, 0))
    return filters[place] if fewest <= FEW else None


def _filter(field: Field | None, value: ValueFilter, language: str) -> AnswerFilter:
    kind = answer_type(field) if field else None
    if field is None or kind is None:
        raise Invalid(_l("The list is filtered by a form field that is gone, or that you may not see."))
    if value.operator not in kind.operators:
        raise Invalid(_l("“%(title)s” cannot be filtered in this way.", title=field.title))
    is_empty = value.operator == Operator.EMPTY
    return AnswerFilter(
        field_id=field.id,
        fits=None if is_empty else and_(True, *_comparison(kind, value, language)),  # noqa: FBT003  (no bound: any answer)
        is_several=kind.is_several,
        is_indexed=value.operator not in {Operator.EMPTY, Operator.CONTAINS},
    )


def _comparison(kind: AnswerType[Any, Any], value: ValueFilter, language: str) -> Iterator[ColumnElement[bool]]:
    column = {Column.WORDS: Answer.words, Column.NUMBER: Answer.number, Column.MOMENT: Answer.moment}[kind.column]
    if value.operator == Operator.CONTAINS:
        yield Answer.words.contains(fold("".join(value.values)), autoescape=True)
        return
    if value.operator == Operator.RANGE:
        since, until = (_typed(kind, text, language) if text else [] for text in value.values)
        if since:
            yield column >= min(since)
        if until:
            yield column <= max(until)
        return
    wanted = [each for text in value.values for each in _typed(kind, text, language)]
    if kind.column != Column.WORDS:
        yield column.in_(wanted)
        return
    # The length is written out, as the index has it. Only what is as long may go on behind what the index knows: to
    # compare the whole of a shorter one, too, would make the planner expect far fewer rows than there are.
    begins = func.left(Answer.words, literal_column(str(_INDEXED_WORDS)))
    yield begins.in_([each[:_INDEXED_WORDS] for each in wanted])
    if any(len(each) >= _INDEXED_WORDS for each in wanted):
        yield Answer.words.in_(wanted)


def _typed(kind: AnswerType[Any, Any], text: str, language: str) -> list[Any]:
    """What an answer of that text would store in the typed column."""
    value = kind.parse(text, language=language)
    return [] if value is None else [getattr(row, kind.column) for row in kind.typed_rows(value)]
