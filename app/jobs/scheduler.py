"""The scheduler: of all that run, the one with the PostgreSQL advisory lock puts periodic jobs into their queues."""

import logging
import time
import uuid
from collections.abc import Sequence

from flask import Flask
from redis import RedisError
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.core.db import db
from app.core.queue import queue
from app.jobs.schedule import PERIODIC, Periodic

log = logging.getLogger(__name__)

_LOCK = 0x53504C54
_TICK_SECONDS = 1.0
_RETRY_SECONDS = 2.0


def run(app: Flask, periodic: Sequence[Periodic] = PERIODIC) -> None:
    """Lead, or wait to lead, until the process is stopped. The lock falls with the connection that holds it."""
    with app.app_context():
        while True:
            try:
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    _wait_for_lead(connection)
                    log.info("leading: %s periodic jobs", len(periodic))
                    _lead(connection, periodic)
            except OperationalError as error:
                log.warning("the database does not answer (%s); trying again", error.orig)
            time.sleep(_RETRY_SECONDS)


def _wait_for_lead(connection: Connection) -> None:
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
        time.sleep(_TICK_SECONDS)


def _lead(connection: Connection, periodic: Sequence[Periodic]) -> None:
    due = dict.fromkeys(periodic, time.monotonic())
    while True:
        connection.execute(text("SELECT 1"))  # raises when the lock is gone with its connection
        for job in periodic:
            if due[job] <= time.monotonic():
                due[job] = time.monotonic() + job.seconds
                _put(job)
        time.sleep(_TICK_SECONDS)


def _put(periodic: Periodic) -> None:
    """A queue that nobody serves collects one of each job, not one for every period."""
    prefix = f"{periodic.job.replace('.', '-')}-"
    try:
        waiting = queue(periodic.queue)
        if not any(job_id.startswith(prefix) for job_id in waiting.job_ids):
            waiting.enqueue_call(
                periodic.job, timeout=3600, result_ttl=0, failure_ttl=86400, job_id=prefix + uuid.uuid4().hex
            )
    except RedisError as error:
        log.warning("Redis does not answer (%s); %s is put at its next turn", error, periodic.job)
