"""The database as a file and back, through PostgreSQL's own programs."""

import os
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.supervisor import postgres
from app.supervisor.program import NotStarted


def libpq(database_url: str, database: str | None = None) -> str:
    """Our address in the form that PostgreSQL's programs take; of another `database` on the same server."""
    url = make_url(database_url).set(drivername="postgresql")
    return (url.set(database=database) if database else url).render_as_string(hide_password=False)


def name_of(database_url: str) -> str:
    """The name of the database."""
    return str(make_url(database_url).database)


def dump(database_url: str, file: Path) -> Mapping[str, int]:
    """Write the database into `file`; the number of rows of each table, of the very same moment."""
    with psycopg.connect(libpq(database_url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        rows = count_rows(connection)
        assert snapshot is not None  # noqa: S101 (a SELECT of a function has one row)
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            f"--snapshot={snapshot[0]}",
            f"--file={file}",
            libpq(database_url),
        )
    return rows


def load(database_url: str, database: str, file: Path) -> None:
    """Read `file` into the empty `database` of the same server."""
    target = libpq(database_url, database)
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={target}", file)


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of each table, exactly."""
    tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    counts = {}
    for table in sorted(tables):
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counts[table] = row[0] if row else 0
    return counts


@contextmanager
def loaded(database_url: str, file: Path) -> Iterator[str]:
    """A database of its own, filled from `file`, dropped at the end unless it has another name by then."""
    name = f"splot_{uuid.uuid4().hex[:12]}"
    try:
        with administrator(database_url) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotStarted("the role of DATABASE_URL may not create databases: ALTER ROLE … CREATEDB") from error
    try:
        load(database_url, name, file)
        yield name
    finally:
        with administrator(database_url) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def check_rows(database_url: str, database: str, expected: Mapping[str, int]) -> None:
    """NotStarted names the tables of `database` whose number of rows is not the expected one."""
    with psycopg.connect(libpq(database_url, database)) as connection:
        found = count_rows(connection)
    differing = [
        f"{table}: {found.get(table)} rows instead of {expected.get(table)}"
        for table in sorted({*found, *expected})
        if found.get(table) != expected.get(table)
    ]
    if differing:
        raise NotStarted("the restored database differs from the one that was saved: " + "; ".join(differing[:5]))


def administrator(database_url: str) -> psycopg.Connection[Any]:
    """A connection to the server that is not inside our database, each statement its own transaction."""
    return psycopg.connect(libpq(database_url, "postgres"), autocommit=True)


def _run(program: str, *words: str | Path) -> None:
    done = subprocess.run(
        [postgres.binary(program), *words],
        env={**os.environ, "LC_ALL": "C"},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NotStarted(f"{program} failed: {done.stderr.strip()}")
