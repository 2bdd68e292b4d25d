"""The demo from the command line: begin it, and watch the worker that fills it, or fill it where there is none."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from app.core.db import session, transaction
from app.jobs.work import run
from app.models import Work
from app.models.work import WorkState
from app.seed.demo.begin import begin_demo, demo_work
from app.work.rows import OPEN

_EVERY_SECONDS = 1.0
_PATIENCE_SECONDS = 10
"""A worker takes the work at once, if there is one."""


def start(password: str, *, language: str) -> bool:
    """Begin the demo unless it was begun before; whether it is a new one."""
    with transaction():
        is_new = demo_work() is None
        begin_demo(password, language=language)
    return is_new


def follow() -> Iterator[str]:
    """Lines for a person, until the first cases stand and a worker goes on in the background, or all is done."""
    told: set[str] = set()
    waits_until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        work = _now()
        if work is None:
            return
        for part, done in work.result.items():
            if part not in told:
                told.add(part)
                yield _said(part, done)
        if work.state not in OPEN:
            yield status()
            return
        if "first_cases" in told and work.state is WorkState.RUNNING:
            yield "The rest follows in the background; `splot demo --status` tells how far it is."
            return
        if work.state is WorkState.WAITING and time.monotonic() > waits_until:
            run(work.id)
            continue
        time.sleep(_EVERY_SECONDS)


def status() -> str:
    """How far it is, in a line."""
    work = _now()
    if work is None:
        return "There is no demo here."
    whole = f"The demo is {work.state.value}: {work.done} of {work.total} contacts and cases"
    return "; ".join([whole, *(_said(part, done) for part, done in work.result.items())])


def _said(part: str, done: Mapping[str, Any]) -> str:
    return f"{done['count']} {part.replace('_', ' ')} after {done['after_seconds']} s"


def _now() -> Work | None:
    session.rollback()  # a look without a transaction left open
    return demo_work()
