"""How many cases there are: exact while there are few, estimated when there are many, never by counting a million."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, Executable

from app.cases.listing_filters import Condition
from app.cases.listing_query import CaseQuery, QuickView
from app.cases.listing_walks import at_most, matching
from app.core.db import session
from app.models import AppUser, Case

EXACT = 1000
"""Up to that many cases are counted."""


@dataclass(frozen=True)
class Count:
    """A number of cases; `at_least` and `about` say how sure it is."""

    number: int
    about: bool = False
    """An estimate of the planner, rounded."""
    at_least: bool = False
    """Counting was given up here."""

    @property
    def is_exact(self) -> bool:
        """Whether it was counted to the end."""
        return not (self.about or self.at_least)


def count_cases(query: CaseQuery, *, user: AppUser) -> Count:
    """How many cases match. Only columns that the planner has statistics of are estimated."""
    number = session.scalar(_counted(query, user)) or 0
    if number <= EXACT:
        return Count(number)
    if not query.is_guessable:
        return Count(EXACT, at_least=True)
    return Count(max(_estimate(matching(query, user=user)), EXACT), about=True)


def count_views(views: Iterable[QuickView], *, user: AppUser) -> dict[QuickView, Count]:
    """How many cases each quick view has, without filters, in one statement; large ones are only *at least*."""
    asked = list(views)
    numbers = session.execute(
        select(*(_counted(CaseQuery(view=view), user).scalar_subquery().label(view.value) for view in asked))
    ).one()
    return {
        view: Count(min(number, EXACT), at_least=number > EXACT) for view, number in zip(asked, numbers, strict=True)
    }


def hidden_by(query: CaseQuery, *, user: AppUser) -> tuple[str, Count] | None:
    """The filter without which most cases would show, and how many, for an empty list. None = no filter helps."""
    names = [*query.filters, *(["view"] if query.view != QuickView.ALL else [])]
    if not names:
        return None
    eased = [query.without(name) if name != "view" else _in_all(query) for name in names]
    numbers = session.execute(select(*(_counted(each, user).scalar_subquery() for each in eased))).one()
    most = max(range(len(names)), key=lambda place: numbers[place])
    if not numbers[most]:
        return None
    return names[most], Count(min(numbers[most], EXACT), at_least=numbers[most] > EXACT)


def _in_all(query: CaseQuery) -> CaseQuery:
    return replace(query, view=QuickView.ALL, cursor=None)


def _counted(query: CaseQuery, user: AppUser) -> Select[*tuple[Any, ...]]:
    """Counts up to one more than EXACT: it reads no more rows than that."""
    some = at_most(replace(query, cursor=None), EXACT + 1, user=user).subquery()
    return select(func.count()).select_from(some)


class _Explain(Executable, ClauseElement):
    """EXPLAIN of a statement: its plan, without running it."""

    inherit_cache = False

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement


@compiles(_Explain)
def _compile_explain(element: _Explain, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def _estimate(conditions: list[Condition]) -> int:
    """Rows that the planner expects, rounded to two figures so that nobody takes it for a count."""
    plan = session.scalar(_Explain(select(Case.id).where(*conditions)))
    expected = int(plan[0]["Plan"]["Plan Rows"])
    return round(expected, 2 - len(str(expected)))
