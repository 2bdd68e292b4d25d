"""Fixtures: real servers, a database and a Redis number for each worker, and nothing left over between tests.

Doors commit, and so do tests: what a test wrote is removed after it, so several connections, threads and processes
of one test see the same rows. Tests of pure rules ask for no fixture and start no server.
"""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from flask_babel import force_locale
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from redis import Redis
from sqlalchemy.orm import scoped_session

from app import create_app
from app.core import db
from app.core.config import Settings
from app.supervisor import postgres
from app.supervisor import redis as embedded_redis
from tests import servers
from tests.browsers import chromium, firefox

__all__ = ["chromium", "firefox"]

# Speed is measured by the benchmarks; on a busy machine a slow example is no fault, and no reason to fail.
property_settings.register_profile("splot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.load_profile("splot")

_SERVERS = pytest.StashKey[servers.Servers]()


def _shared_servers(config: pytest.Config) -> servers.Servers:
    if _SERVERS not in config.stash:
        config.stash[_SERVERS] = servers.Servers()
    return config.stash[_SERVERS]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the servers of the run are."""
    node.workerinput["servers_home"] = str(_shared_servers(node.config).home)


def pytest_configure(config: pytest.Config) -> None:
    """Where tests are reported, each failure is told at once: a run that is cut off has named its faults."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_ToldAtOnce(config))


class _ToldAtOnce:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            terminal.write_line(f"\n{report.nodeid} ({report.when})\n{report.longreprtext}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    if (running := config.stash.get(_SERVERS, None)) is not None:
        running.stop()


@pytest.fixture(scope="session")
def servers_home(request: pytest.FixtureRequest) -> Path:
    """Home of the PostgreSQL and Redis of this run."""
    given = getattr(request.config, "workerinput", {}).get("servers_home")
    return Path(given) if given else _shared_servers(request.config).home


@pytest.fixture(scope="session")
def settings(servers_home: Path, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of this worker: its own database, Redis number and home."""
    number = 1 + int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    return Settings(
        home=tmp_path_factory.mktemp("home"),
        database_url=servers.clone(servers_home, f"splot_{worker_id}"),
        redis_url=embedded_redis.url(servers_home, number),
        secret_key="only-for-tests-" * 4,
        testing=True,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The application, wired once for this worker."""
    app = create_app(settings)
    app.test_client_class = _Client
    yield app
    with app.app_context():
        db.db.engine.dispose()


@pytest.fixture(scope="session")
def _broom(app: Flask, servers_home: Path, worker_id: str) -> Iterator[Callable[[], None]]:
    """Sweeps the database and the Redis number of this worker."""
    with (
        postgres.connect(servers_home, f"splot_{worker_id}") as connection,
        Redis.from_url(app.config["REDIS_URL"]) as client,
    ):

        def sweep() -> None:
            servers.forget_rows(connection)
            client.flushdb()

        yield sweep


@pytest.fixture
def session(app: Flask, _broom: Callable[[], None]) -> Iterator[scoped_session[Any]]:
    """The session of the product, in an application context; all that was committed is gone afterwards.

    Verbs speak English here; a request speaks the language of its user.
    """
    with app.app_context(), force_locale("en"):
        yield db.session
        db.rollback()
        db.session.remove()
    _broom()


@pytest.fixture
def client(app: Flask, session: scoped_session[Any]) -> FlaskClient:
    """A browser without a log-in. Each request sees what the test has flushed, and the test what it changed."""
    return app.test_client()


class _Client(FlaskClient):
    """Requests of their own application context, as on a server: else they share session and `g` with the test.

    The browser prefers English, so that a test of a page without a log-in reads the texts as they are written.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if _cv_app.get(None) is None:
            return super().open(*args, **kwargs)
        db.session.commit()
        context = copy_context()
        context.run(_cv_app.set, None)
        try:
            return context.run(super().open, *args, **kwargs)
        finally:
            db.session.expire_all()
