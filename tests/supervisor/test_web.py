"""The web process is loaded once and forked: what it loads must hold nothing that two processes may not share."""

import threading
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from app import create_app
from app.core.config import Settings


def test_loading_opens_no_connection_and_starts_no_thread(settings: Settings) -> None:
    opened: list[Any] = []

    def note(*arguments: Any) -> None:
        opened.append(arguments)

    before = set(threading.enumerate())
    event.listen(Pool, "connect", note)
    try:
        create_app(settings)
    finally:
        event.remove(Pool, "connect", note)
    assert not opened
    assert set(threading.enumerate()) <= before
