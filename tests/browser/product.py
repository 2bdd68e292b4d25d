"""The product as `splot up` really runs it, for tests that look at it from outside."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from app import create_app
from app.core import db
from app.core.config import Settings, settings_from
from app.models import AppUser, fab_models
from app.people.account import set_password
from app.people.users import UserValues, create_user
from app.seed.base import ensure_base
from app.supervisor import embedded, migrate
from tests.supervisor.running import Up, running

PASSWORD = "long blue bicycle"
PEOPLE = {
    "maria": ("Maria", "Nowak", "manager", "pl"),
    "anna": ("Anna", "Lis", "agent", "en"),
    "jan": ("Jan", "Kot", "agent", "pl"),
    "ewa": ("Ewa", "Zych", "admin", "en"),
}
"""User name: first name, last name, role, language."""


@dataclass(frozen=True)
class Product:
    """A running product: where it answers, and its supervisor."""

    up: Up

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.up.port}"

    @property
    def settings(self) -> Settings:
        return settings_of(self.up.home)

    def faults(self) -> str:
        """What its processes wrote since their first traceback."""
        return self.up.said().partition("Traceback (most recent call last)")[2][-6000:]

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The application's context on the same database, for what a test prepares by verbs or looks up."""
        with inside(self.settings):
            yield


def settings_of(home: Path) -> Settings:
    return settings_from({"SPLOT_HOME": str(home)})


@contextmanager
def inside(settings: Settings) -> Iterator[None]:
    """An application of our own on the database of `settings`, whose connections end with the block."""
    with create_app(settings).app_context(), force_locale("en"):
        try:
            yield
        finally:
            db.rollback()
            db.session.remove()
            db.db.engine.dispose()


def the_person(name: str) -> AppUser:
    """One of PEOPLE, as a row."""
    return db.session.scalars(select(AppUser).filter_by(username=name)).one()


@contextmanager
def started(home: Path, prepared: Path) -> Iterator[Product]:
    """A product with the people of this page and nothing else; all of it is gone after the block."""
    # With owners and modes: under root PostgreSQL runs as the user who owns its folder.
    subprocess.run(["cp", "-a", str(prepared), str(home)], check=True)  # noqa: S607
    with running(home) as up:
        yield Product(up)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home with migrated tables, roles and people: made once for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    home = shared / "prepared"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "prepared.done").exists():
            _prepare(settings_of(home))
            (shared / "prepared.done").touch()
    return home


@pytest.fixture(scope="module")
def product(prepared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The running product of this file."""
    with started(tmp_path_factory.mktemp("product") / "home", prepared_home) as product:
        yield product


def _prepare(settings: Settings) -> None:
    with embedded.servers(settings):
        migrate.migrate(settings.database_url, secret_key=settings.secret_key)
        with inside(settings), db.transaction():
            ensure_base(None)
            for name, (first, last, role, language) in PEOPLE.items():
                _make(name, first, last, role, language)


def _make(name: str, first: str, last: str, role: str, language: str) -> Any:
    roles = db.session.scalars(select(fab_models.Role).filter_by(name=role)).all()
    values = UserValues(
        username=name,
        first_name=first,
        last_name=last,
        email=f"{name}@example.com",
        roles=roles,
        language=language,
    )
    set_password(create_user(values, actor=None), PASSWORD, actor=None)
