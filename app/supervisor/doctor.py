"""`splot doctor`: each connection and setting, with what to do about it."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import redis
from rq import Worker
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import Settings
from app.core.queue import QUEUES
from app.supervisor.embedded import servers
from app.supervisor.migrate import pending
from app.supervisor.program import NotStarted

_OLDEST_PYTHON = (3, 11)
_OLDEST_POSTGRES = 14_00_00
"""As server_version_num has it."""
_LEAST_FREE_BYTES = 2 * 2**30
_SHORTEST_KEY = 32
_APP = Path(__file__).parents[1]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    ok: bool
    says: str
    advice: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything; a part that is broken does not keep the others from being looked at."""
    yield from (_python(), _home(settings), _space(settings), _key(settings), _https(settings), _front_end())
    with ExitStack() as stack:
        try:
            stack.enter_context(servers(settings))
        except NotStarted as error:
            yield Finding("servers", ok=False, says=str(error), advice="Mend this first; the rest depends on it.")
            return
        yield from _database(settings)
        yield from _redis(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info[:2] >= _OLDEST_PYTHON, version, "Install Python 3.11 or newer.")


def _home(settings: Settings) -> Finding:
    home = settings.home
    place = home if home.exists() else home.parent
    if not os.access(place, os.W_OK):
        return Finding(
            "home", ok=False, says=f"{home} cannot be written", advice="Start as its owner, or set SPLOT_HOME."
        )
    open_to_others = home.exists() and stat.S_IMODE(home.stat().st_mode) & 0o007
    return Finding("home", not open_to_others, str(home), f"Close it to others: chmod o= {home}")


def _space(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    return Finding("disk", free >= _LEAST_FREE_BYTES, f"{free / 2**30:.1f} GiB free", "Make room, or move SPLOT_HOME.")


def _key(settings: Settings) -> Finding:
    kept = settings.home / "keys" / "secret"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Finding("secret key", ok=False, says=f"{kept} can be read by others", advice=f"chmod 600 {kept}")
    long_enough = len(settings.secret_key) >= _SHORTEST_KEY
    return Finding(
        "secret key", long_enough, "long enough" if long_enough else "too short to be safe",
        f"Set SPLOT_SECRET_KEY to at least {_SHORTEST_KEY} random characters, the same in every process.",
    )  # fmt: skip


def _https(settings: Settings) -> Finding:
    where = f"{settings.host}:{settings.port}{' behind TLS' if settings.https else ''}"
    is_local = settings.host in {"127.0.0.1", "::1", "localhost"}
    return Finding(
        "address", is_local or settings.https, where,
        "Others can reach this address: put a proxy with TLS before it and set SPLOT_HTTPS=1.",
    )  # fmt: skip


def _front_end() -> Finding:
    built = (_APP / "static" / "dist").is_dir()
    return Finding(
        "front end", built, "built" if built else "not built", "Run `make run`, or `npm ci && npm run build`."
    )


def _database(settings: Settings) -> Iterator[Finding]:
    engine = create_engine(settings.database_url, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            version = int(connection.scalar(text("SHOW server_version_num")) or 0)
            kind = "embedded" if settings.embeds_database else "DATABASE_URL"
            yield Finding(
                "PostgreSQL", version >= _OLDEST_POSTGRES, f"{kind}, {version / 10_000:.4g}",
                "Use PostgreSQL 14 or newer.",
            )  # fmt: skip
            query = text("SELECT name FROM pg_available_extensions WHERE name IN ('unaccent', 'pg_trgm')")
            missing = {"unaccent", "pg_trgm"} - set(connection.scalars(query))
            says = ", ".join(sorted(missing)) + " missing" if missing else "unaccent and pg_trgm are there"
            yield Finding("extensions", not missing, says, "Install Debian's postgresql-contrib on the server.")
            waiting = pending(connection)
            says = f"{len(waiting)} to run" if waiting else "all done"
            yield Finding("migrations", not waiting, says, "Run `splot migrate`, or start `splot up`.")
    except SQLAlchemyError as error:
        yield Finding("PostgreSQL", ok=False, says=_first_line(error), advice="Check DATABASE_URL and that server.")
    finally:
        engine.dispose()


def _redis(settings: Settings) -> Iterator[Finding]:
    client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=5, socket_timeout=5)
    try:
        version = client.info("server")["redis_version"]
        yield Finding("Redis", ok=True, says=f"{'embedded' if settings.embeds_redis else 'REDIS_URL'}, {version}")
        yield from _durable(client)
        idle = [name for name in QUEUES if not _workers(client, name)]
        says = f"nobody works on {', '.join(idle)}" if idle else "one or more on each queue"
        yield Finding("workers", not idle, says, "Start `splot up`, or `splot worker QUEUE` for each.")
    except redis.RedisError as error:
        yield Finding("Redis", ok=False, says=_first_line(error), advice="Check REDIS_URL and that server.")
    finally:
        client.close()


def _durable(client: "redis.Redis") -> Iterator[Finding]:
    try:
        on = client.config_get("appendonly").get("appendonly") == "yes"
    except redis.ResponseError:
        yield Finding("Redis AOF", ok=True, says="the server does not tell (a hosted one)")
        return
    yield Finding(
        "Redis AOF", on, "on" if on else "off", "Set `appendonly yes`, or queued jobs vanish with the server."
    )


def _workers(client: "redis.Redis", name: str) -> int:
    return sum(name in worker.queue_names() for worker in Worker.all(connection=client))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
