"""Measuring a request from inside its process: how long, how many queries, and the same SQL without us."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import psycopg
from sqlalchemy import Engine, event


@dataclass
class Query:
    """One statement that a request ran."""

    statement: str
    parameters: Any
    seconds: float


@dataclass
class Runs:
    """Times of many runs, in milliseconds."""

    times: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The middle one."""
        return quantiles(self.times, n=100, method="inclusive")[49]

    @property
    def p95(self) -> float:
        """Nineteen of twenty are faster."""
        return quantiles(self.times, n=100, method="inclusive")[94]


@contextmanager
def queries_of(engine: Engine) -> Iterator[list[Query]]:
    """What runs on the engine inside the block."""
    found: list[Query] = []

    def begin(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:  # noqa: FBT001
        context.began = time.perf_counter()

    def end(_connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool) -> None:  # noqa: FBT001
        found.append(Query(statement, parameters, time.perf_counter() - context.began))

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(engine, "after_cursor_execute", end)


def timed(run: Callable[[], Any], times: list[float]) -> Any:
    """Run once and note the milliseconds."""
    began = time.perf_counter()
    result = run()
    times.append((time.perf_counter() - began) * 1000)
    return result


def bare(connection: psycopg.Connection[Any], queries: Sequence[Query]) -> None:
    """The same statements through psycopg alone."""
    for query in queries:
        connection.execute(query.statement, query.parameters).fetchall()
