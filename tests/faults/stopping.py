"""Processes of the product that are stopped under use, and come back."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.browser.product import Product
from tests.supervisor.running import wait_for


def child_of(product: Product, *words: str) -> psutil.Process:
    """The process whose command line has all the words."""
    child = product.up.child(*words)
    assert child is not None
    return child


@contextmanager
def without(product: Product, *words: str, by: signal.Signals = signal.SIGINT) -> Iterator[None]:
    """Inside the block the process is down; its supervisor, which would start it again at once, holds its breath."""
    supervisor = psutil.Process(product.up.process.pid)
    child = child_of(product, *words)
    supervisor.suspend()
    try:
        child.send_signal(by)
        wait_for(lambda: child.status() == psutil.STATUS_ZOMBIE, lambda: f"{' '.join(words)} does not stop")
        yield
    finally:
        supervisor.resume()
        wait_for(lambda: product.up.get("/readyz")[0] == 200, product.up.said)
