"""Redis and RQ: a wake-up call, never the promise itself (that is a row)."""

import uuid
from functools import cache

from flask import current_app
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

QUEUES = ("realtime", "outgoing", "bulk", "reports")
"""One worker process for each: an RQ worker on several queues can lose a job when it dies (see docs/decisions.md)."""


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=10, health_check_interval=30)


def redis_client() -> Redis:
    """The Redis of this installation."""
    return _client(current_app.config["REDIS_URL"])


def queue(name: str) -> Queue:
    """One of QUEUES; arguments travel as JSON."""
    if name not in QUEUES:
        message = f"no such queue: {name}"
        raise LookupError(message)
    return Queue(name, connection=redis_client(), serializer=JSONSerializer)


def wake(name: str, job: str, *ids: int | str) -> None:
    """Ask a worker of queue `name` to run the job function with that dotted path; it claims its rows itself.

    What waits in the queue already is not put there again. No limit of time: the lease on the row guards the work.
    """
    put(name, job, *ids, seconds=-1)


def put(name: str, job: str, *ids: int | str, seconds: int) -> None:
    """Put the job into the queue, to run for so many seconds at most, unless it still waits there."""
    prefix = "-".join([job.replace(".", "-"), *map(str, ids), ""])
    waiting = queue(name)
    if not any(job_id.startswith(prefix) for job_id in waiting.job_ids):
        # An id of its own each time: one that runs, or that a dead worker left behind, keeps its record.
        job_id = prefix + uuid.uuid4().hex
        waiting.enqueue_call(job, args=ids, timeout=seconds, result_ttl=0, failure_ttl=86400, job_id=job_id)
