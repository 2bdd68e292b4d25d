"""The real PostgreSQL and Redis of a test run: one of each for all workers, gone when the run is gone."""

import fcntl
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import IO, Any

import psycopg
from flask import Flask
from psycopg import sql

from app.access.roles import sync_roles
from app.core import db
from app.supervisor import migrate, postgres, program, redis

TEMPLATE = "splot_template"
_PREFIX = "splot-tests-"
_QUICK_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "300",
    "log_min_messages": "fatal",
}


class Servers:
    """Started by the process that owns the run; its workers only connect."""

    def __init__(self) -> None:
        _remove_left_over()
        self.home = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = _lock(self.home)
        self._running: list[tuple[program.Process, signal.Signals]] = []
        self._log = (self.home / "servers.log").open("wb")
        postgres.prepare(self.home)
        redis.prepare(self.home)
        for server in (
            postgres.program(self.home, _QUICK_AND_FORGETFUL),
            redis.program(self.home, {"databases": "64", "appendonly": "no"}),
        ):
            self._running.append((program.start(server, output=self._log.fileno()), server.stop_signal))
        program.wait_until(lambda: postgres.answers(self.home), self._running[0][0], "PostgreSQL")
        program.wait_until(lambda: redis.answers(self.home), self._running[1][0], "Redis")
        postgres.ensure_database(self.home, TEMPLATE)
        migrate.migrate(database_url(self.home, TEMPLATE), secret_key="")
        _write_roles(database_url(self.home, TEMPLATE))
        with postgres.connect(self.home, TEMPLATE) as connection:
            connection.execute(_NOTE_WHAT_IS_TOUCHED)

    def stop(self) -> None:
        """Stop both and remove what they wrote."""
        for process, _ in self._running:
            program.stop(process, signal.SIGQUIT if process is self._running[0][0] else signal.SIGTERM)
        self._log.close()
        shutil.rmtree(self.home, ignore_errors=True)
        self._lock.close()


def database_url(home: Path, name: str) -> str:
    """The address of a database, as DATABASE_URL has it."""
    return f"postgresql+psycopg://{postgres.ROLE}@/{name}?host={home / 'postgres'}"


def clone(home: Path, name: str) -> str:
    """A fresh database with every table and no row of a test; its address."""
    with postgres.connect(home) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )
    return database_url(home, name)


def forget_rows(connection: psycopg.Connection[Any]) -> None:
    """Put back every table that a statement has touched: tests commit for real, and leave nothing."""
    touched = [row[0] for row in connection.execute("SELECT DISTINCT name FROM test.touched ORDER BY name")]
    if not touched:
        return
    # A connection that a failing test left open must not stop the next one.
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
    )
    removed = 0
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in map(sql.Identifier, touched):
            removed += connection.execute(sql.SQL("DELETE FROM {}").format(table)).rowcount
            columns = sql.SQL(", ").join(map(sql.Identifier, _columns(connection, table)))
            connection.execute(
                sql.SQL("INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM base.{0}").format(table, columns)
            )
        connection.execute("DELETE FROM test.touched")
    if removed > _MANY:
        connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(map(sql.Identifier, touched))))


def _columns(connection: psycopg.Connection[Any], table: sql.Identifier) -> list[str]:
    """Columns that can be written: not those that PostgreSQL computes."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [f"public.{table.as_string()}"],
    )
    return [row[0] for row in rows]


def _write_roles(url: str) -> None:
    """The ready roles, as every installation has them; no user."""
    app = Flask("template")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.db.init_app(app)
    with app.app_context():
        with db.transaction():
            sync_roles()
        db.session.remove()
        db.db.engine.dispose()


def _lock(home: Path) -> IO[bytes]:
    handle = (home / "lock").open("wb")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise
    return handle


def _remove_left_over() -> None:
    """Folders of runs that were killed: nobody holds their lock."""
    for home in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if home.stat().st_uid == os.geteuid() and (home / "lock").exists():
            try:
                _lock(home).close()
            except BlockingIOError:
                continue
            shutil.rmtree(home, ignore_errors=True)


_MANY = 20_000
_NOTE_WHAT_IS_TOUCHED = """
CREATE SCHEMA test;
CREATE SCHEMA base;
CREATE UNLOGGED TABLE test.touched (name text);
CREATE FUNCTION test.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO test.touched VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $$;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('CREATE TABLE base.%I AS TABLE public.%I', name, name);
        EXECUTE format('CREATE TRIGGER zz_note AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION test.note()', name);
    END LOOP;
END $$;
"""
