"""What tests of imports share: a file that was sent in, and a worker that carries the import out."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.contacts import imports
from app.core.db import transaction
from app.core.i18n import in_language
from app.jobs.work import run
from app.models import AppUser, Work
from app.models.imports import Import, ImportRule
from tests.factories import a_user

LIMIT = 256 * 2**20


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
