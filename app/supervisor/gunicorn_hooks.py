"""Hooks of gunicorn: the application is loaded once, and its memory stays shared between the workers."""

import gc
from typing import Any


def pre_fork(_server: Any, _worker: Any) -> None:
    """Before a worker is forked: what is loaded is no garbage, and the collector need not touch (and so copy) it."""
    gc.collect()
    gc.freeze()
