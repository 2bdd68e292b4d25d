"""How long work gets to a worker: once, however often it is called for, and without a limit of time."""

from collections.abc import Sequence

import pytest
from rq.job import Job

from app.core import clock
from app.core.db import transaction
from app.core.queue import queue
from app.jobs.work import wake_waiting
from app.models import Work
from app.work.rows import LEASE, start_work
from app.work.running import claim
from tests.factories import a_user

pytestmark = pytest.mark.usefixtures("session")


def a_work() -> Work:
    """Work that waits; its start has called a worker."""
    with transaction():
        return start_work("count", {}, queue="bulk", actor=a_user())


def called() -> Sequence[Job]:
    """What waits for a worker."""
    return queue("bulk").jobs


def test_a_queue_that_nobody_serves_holds_each_work_once() -> None:
    # Eleven, so that the id of one begins like the id of another.
    works = [a_work() for _number in range(11)]
    for _sweep in range(3):
        wake_waiting()
    assert sorted(job.args[0] for job in called()) == sorted(work.id for work in works)


def test_work_that_was_left_behind_is_called_again() -> None:
    work = a_work()
    queue("bulk").empty()
    assert claim(work.id) is not None
    wake_waiting()
    assert called() == []
    with clock.stopped_at(clock.now() + LEASE * 2):
        wake_waiting()
    assert [list(job.args) for job in called()] == [[work.id]]


def test_long_work_has_no_limit_of_time() -> None:
    a_work()
    assert [job.timeout for job in called()] == [-1]
