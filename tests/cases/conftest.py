"""Two people at once: verbs in threads with connections of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from app.core import db


@pytest.fixture
def at_once(app: Flask, session: Any) -> Callable[[Sequence[Callable[[], Any]]], list[Any]]:
    """Run doors at the same time, each in a transaction of its own; their results, or what they raised."""

    def run(doors: Sequence[Callable[[], Any]]) -> list[Any]:
        session.commit()
        start = Barrier(len(doors))

        def one(door: Callable[[], Any]) -> Any:
            with app.app_context():
                start.wait(timeout=10)
                try:
                    with db.transaction():
                        return door()
                except Exception as error:  # noqa: BLE001 - the test looks at it
                    return error
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(len(doors)) as pool:
            results = list(pool.map(one, doors))
        session.expire_all()
        return results

    return run
