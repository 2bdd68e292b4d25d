"""Workers and schedulers as real processes on the servers of the test run."""

import psutil
import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from rq.utils import import_attribute
from sqlalchemy import text

from app.core.queue import redis_client
from app.jobs import scheduler
from app.jobs.schedule import PERIODIC, Periodic
from tests.supervisor.running import wait_for


def queue(name):
    return Queue(name, connection=redis_client(), serializer=JSONSerializer)


def test_a_worker_runs_what_is_in_its_queue(start, tmp_path):
    queue("bulk").enqueue("os.mkdir", str(tmp_path / "made"))
    start("worker", "bulk")
    wait_for((tmp_path / "made").is_dir)


def test_a_job_dies_with_its_worker(start):
    queue("bulk").enqueue("time.sleep", 600)
    worker = start("worker", "bulk")
    wait_for(lambda: len(psutil.Process(worker.pid).children()) == 1)
    job = psutil.Process(worker.pid).children()
    worker.kill()
    assert psutil.wait_procs(job, timeout=10)[1] == []


def test_of_two_schedulers_one_leads_and_the_other_takes_over(start, session):
    leader = start("scheduler")
    wait_for(lambda: queue("realtime").count >= 1)
    start("scheduler")
    wait_for(lambda: _connections(session) == 2)
    assert _locks(session) == 1
    leader.kill()
    queue("realtime").empty()
    wait_for(lambda: queue("realtime").count >= 1)
    assert _locks(session) == 1


def test_a_queue_that_nobody_serves_collects_one_of_each_periodic_job(session):
    for _ in range(3):
        scheduler._put(Periodic("app.jobs.one", queue="bulk", seconds=1))
        scheduler._put(Periodic("app.jobs.other", queue="bulk", seconds=1))
    assert queue("bulk").count == 2


@pytest.mark.parametrize("periodic", PERIODIC, ids=lambda periodic: periodic.job)
def test_every_periodic_job_exists(session, periodic):
    assert callable(import_attribute(periodic.job))


def _connections(session):
    """Of schedulers: those that ask for the lock, and the one that has it."""
    session.rollback()
    query = r"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~ :asked"
    return session.scalar(text(query), {"asked": "^SELECT (1$|pg_try_advisory_lock)"})


def _locks(session):
    session.rollback()
    query = "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database WHERE locktype = 'advisory'"
    return session.scalar(text(query + " AND datname = current_database() AND granted"))
