"""Killing a worker in the middle of long work, and waiting until another one has ended it."""

from collections.abc import Callable

import psutil

from app.core import clock, db
from app.models import Work
from app.models.work import WorkState
from tests.browser.product import Product
from tests.supervisor.running import wait_for


def kill_in_the_middle(
    product: Product, work_id: int, has_begun: Callable[[Work], object] = lambda work: work.done > 0
) -> None:
    """Kill the worker and its child when the first batches are written; wait until the work has ended."""
    wait_for(lambda: bool(has_begun(work(product, work_id))), product.up.said)
    worker = product.up.child("worker", "bulk")
    assert worker is not None
    for process in [*worker.children(recursive=True), worker]:
        process.kill()
    psutil.wait_procs([worker], timeout=10)
    with product.inside(), db.transaction():
        row = db.session.get_one(Work, work_id)
        assert row.state == WorkState.RUNNING, "it was over before it could be interrupted"
        row.lease_until = clock.now()  # as if half a minute had passed
    wait_for(lambda: work(product, work_id).state == WorkState.DONE, product.up.said)


def work(product: Product, work_id: int) -> Work:
    """The row as it is now."""
    with product.inside():
        row = db.session.get_one(Work, work_id)
        db.session.expunge(row)
        return row
