"""A PostgreSQL, a Redis and processes of the product for a benchmark, in a folder that is gone afterwards."""

import os
import shutil
import signal
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from app.core.config import Settings
from app.supervisor import children, postgres, program, redis
from app.supervisor.migrate import migrate

POSTGRES = {"shared_buffers": "512MB", "max_wal_size": "4GB", "effective_cache_size": "4GB"}
_PATIENCE = 240


@dataclass
class Servers:
    """Where they are."""

    settings: Settings
    processes: dict[str, program.Process]

    def environ(self) -> dict[str, str]:
        """What processes of the product find in their environment."""
        return {**os.environ, **_environ(self.settings)}


@contextmanager
def running() -> Iterator[Servers]:
    """Start both with an empty, migrated database."""
    home = Path(tempfile.mkdtemp(prefix="splot-bench-"))
    processes: dict[str, program.Process] = {}
    try:
        postgres.prepare(home)
        redis.prepare(home)
        with (home / "servers.log").open("wb") as log:
            for each in (postgres.program(home, POSTGRES), redis.program(home)):
                processes[each.name] = program.start(each, output=log.fileno())
        program.wait_until(lambda: postgres.answers(home), processes["postgres"], "PostgreSQL")
        program.wait_until(lambda: redis.answers(home), processes["redis"], "Redis")
        postgres.ensure_database(home)
        settings = Settings(
            home=home,
            database_url=f"postgresql+psycopg://{postgres.ROLE}@/splot?host={home / 'postgres'}",
            redis_url=redis.url(home),
            secret_key="only-for-a-benchmark-" * 3,
            port=children.free_port("127.0.0.1", 0),
            socket_port=children.free_port("127.0.0.1", 0),
        )
        migrate(settings.database_url)
        yield Servers(settings, processes)
    finally:
        for process in reversed(processes.values()):
            program.stop(process, signal.SIGINT)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def product(servers: Servers) -> Iterator[None]:
    """The processes of one machine: pages, sockets, a worker for each queue, the scheduler."""
    settings = servers.settings
    environ = servers.environ()
    started: dict[str, program.Process] = {}
    try:
        with (settings.home / "product.log").open("wb") as log:
            for each in children.long_running(settings):
                name = each.name if each.name in {"web", "socket", "scheduler"} else f"worker {each.name}"
                started[name] = program.start(replace(each, environ=environ), output=log.fileno())
        servers.processes |= started
        wait_for(f"http://127.0.0.1:{settings.port}/healthz")
        wait_for(f"http://127.0.0.1:{settings.socket_port}/healthz")
        yield
    finally:
        for name, process in started.items():
            program.stop(process, signal.SIGTERM)
            del servers.processes[name]


def memory_of(process: program.Process) -> tuple[float, float]:
    """RSS and PSS of a process with its children, in MiB. Pages that processes share count once in PSS."""
    root = psutil.Process(process.pid)
    found = [each.memory_full_info() for each in (root, *root.children(recursive=True))]
    return sum(each.rss for each in found) / 2**20, sum(each.pss for each in found) / 2**20


def wait_for(url: str) -> None:
    """Until something answers there."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  (our own address)
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _environ(settings: Settings) -> Mapping[str, str]:
    return {
        "SPLOT_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SPLOT_SECRET_KEY": settings.secret_key,
        "SPLOT_PORT": str(settings.port),
        "SPLOT_SOCKET_PORT": str(settings.socket_port),
        "PYTHONUNBUFFERED": "1",
    }
