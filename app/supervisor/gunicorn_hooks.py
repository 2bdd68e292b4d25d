"""Hooks of gunicorn: the application is loaded once, and its memory stays shared between the workers."""

import gc
import threading
from typing import Any

_PATIENCE = 5.0


def pre_fork(_server: Any, _worker: Any) -> None:
    """Before a worker is forked: no timer is under way, and the collector will not touch (and so copy) what is loaded.

    The store of the rate limits clears itself by a timer when it is made. Forked while it runs, it would end in a
    process that does not know it.
    """
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(_PATIENCE)
    gc.collect()
    gc.freeze()
