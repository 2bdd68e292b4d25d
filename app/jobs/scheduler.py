"""The scheduler: of all that run, the one with the PostgreSQL advisory lock puts periodic jobs into their queues."""

import logging
import time
from collections.abc import Sequence

from flask import Flask
from redis import RedisError
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.core.db import db
from app.core.queue import put
from app.jobs.schedule import PERIODIC, Periodic

log = logging.getLogger(__name__)

_LOCK = 0x53504C54
_TICK_SECONDS = 1.0
_RETRY_SECONDS = 2.0
_MOST_SECONDS = 3600


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
    try:
        put(periodic.queue, periodic.job, seconds=_MOST_SECONDS)
    except RedisError as error:
        log.warning("Redis does not answer (%s); %s is put at its next turn", error, periodic.job)
