"""What tests of imports share: a file that was sent in, and a worker that carries the import out."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.contacts import imports
from app.core.db import db, transaction
from app.core.i18n import in_language
from app.jobs.work import run
from app.models import AppUser, Work
from app.models.imports import Import, ImportRule
from tests.factories import a_user
from tests.supervisor.running import wait_for

LIMIT = 256 * 2**20


@pytest.fixture
def beside(app: Flask, session: Any) -> Iterator[Callable[[Callable[[], Any]], Future[Any]]]:
    """Do something on another connection, and come back when it waits for a lock that this one holds."""

    def on_its_own(action: Callable[[], Any]) -> Any:
        with app.app_context(), in_language("en"):
            return action()

    watched = db.engine.execution_options(isolation_level="AUTOCOMMIT")  # or its view stays what it was
    with ThreadPoolExecutor(1) as pool, watched.connect() as watching:

        def begun(action: Callable[[], Any]) -> Future[Any]:
            future = pool.submit(on_its_own, action)
            wait_for(lambda: future.done() or watching.scalar(text(_WAITING)) == 1)
            assert not future.done(), future.result()
            return future

        yield begun
        session.rollback()


_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def manager(session: Any) -> Iterator[AppUser]:
    """Somebody who may import, and reads English."""
    user = a_user("manager")
    session.commit()
    with in_language("en"):
        yield user


@pytest.fixture
def send(manager: AppUser) -> Callable[..., Import]:
    """Send a file in as the manager does; text is UTF-8. Words of the plan replace what was guessed."""

    def send_in(content: bytes | str, name: str = "contacts.csv", **plan: Any) -> Import:
        raw = content.encode() if isinstance(content, str) else content
        with transaction():
            imported = imports.begin_import(name, io.BytesIO(raw), actor=manager, limit=LIMIT)
            if plan:
                imports.plan_import(
                    imported,
                    mapping=plan.get("mapping", imported.mapping),
                    rule=ImportRule(plan.get("rule", imported.rule)),
                    match_by=plan.get("match_by", imported.match_by),
                    tags=plan.get("tags", ()),
                    actor=manager,
                )
        return imported

    return send_in


@pytest.fixture
def carry_out(session: Any, manager: AppUser) -> Callable[..., Work]:
    """Start an import and let a worker carry it out to its end."""

    def carried_out(imported: Import, *, dry_run: bool = False) -> Work:
        with transaction():
            work = imports.start_import(imported, dry_run=dry_run, actor=manager)
        run(work.id)
        session.expire_all()
        return work

    return carried_out
