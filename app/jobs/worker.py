"""A worker: takes the jobs of one queue, each in a process of its own that ends with the job."""

import os
import signal
from typing import Any

from flask import Flask
from rq import Worker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer

from app.core.db import db, session
from app.core.lifeline import tied_to
from app.core.queue import queue, redis_client

# With RQ's defaults the job of a worker that was killed with its child waits for minutes before it is run again.
_WORKER_SECONDS = 20
_MAINTENANCE_SECONDS = 15
_MONITORING_SECONDS = 5


def run(app: Flask, name: str) -> None:
    """Work on the queue `name` until the process is stopped; a job that runs is finished first."""
    with app.app_context():
        worker = _Worker(
            [queue(name)],
            connection=redis_client(),
            serializer=JSONSerializer,
            worker_ttl=_WORKER_SECONDS,
            maintenance_interval=_MAINTENANCE_SECONDS,
            job_monitoring_interval=_MONITORING_SECONDS,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING")


class _Worker(Worker):
    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        self._parent = os.getpid()
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> Any:
        """A job dies with its worker: another one takes it over, and two must not run it at once."""
        tied_to(self._parent, signal.SIGKILL)()
        db.engine.dispose(close=False)  # connections of the worker, if it has any, stay the worker's
        return super().main_work_horse(job, queue)

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run it, and give the connection back: the process ends without doing so."""
        try:
            return bool(super().perform_job(job, queue, execution))
        finally:
            session.remove()
            db.engine.dispose()
