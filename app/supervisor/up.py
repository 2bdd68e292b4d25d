"""`splot up`: everything on one machine, from the database to the log-in page."""

import http.client
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import psycopg

from app.core.config import Settings
from app.supervisor import children, postgres, redis
from app.supervisor.home import Home
from app.supervisor.program import NotStarted
from app.supervisor.watch import Child, Watch

_SERVER_SECONDS = 120
_WEB_SECONDS = 240
_LOG_IN = "Log-in: "
"""Lines of `splot migrate` that the person at the terminal must see last."""
DEMO_LOG_INS = "admin, manager, supervisor, agent1 … agent12, home1 … home4, auditor"
_MADE_PASSWORD_BYTES = 12


def up(settings: Settings, *, ask_for_demo: Callable[[], bool]) -> None:
    """Run until Ctrl+C or SIGTERM. NotStarted says why it cannot."""
    home = Home(settings.home)
    try:
        home.end_left_over()
        children.check_port(settings.host, settings.port)
        settings = replace(settings, socket_port=children.free_port(settings.host, settings.socket_port))
        is_first = is_first_start(settings)
        # Asked for by DEMO=1 it is begun at any start: it does nothing twice, and a first start may have failed.
        wants_demo = (is_first and ask_for_demo()) if settings.demo is None else settings.demo
        log_ins: list[str] = []
        if wants_demo and is_first:
            settings, log_ins = _with_demo_password(settings)
        with Watch(on_change=home.note) as watch:
            _run(watch, settings, wants_demo=wants_demo, log_ins=log_ins)
    finally:
        home.close()


def is_first_start(settings: Settings) -> bool:
    """Whether the database holds nothing of ours yet."""
    if settings.embeds_database:
        return not (settings.home / "postgres" / "PG_VERSION").exists()
    try:
        with psycopg.connect(settings.database_url.replace("+psycopg", "", 1), connect_timeout=10) as connection:
            row = connection.execute("SELECT to_regclass('alembic_version') IS NULL").fetchone()
            return bool(row and row[0])
    except psycopg.OperationalError as error:
        message = f"DATABASE_URL does not answer: {error}"
        raise NotStarted(message) from error


def _with_demo_password(settings: Settings) -> tuple[Settings, list[str]]:
    """One password for the demo's users, the admin too unless that one has their own; and the line that tells it."""
    password = settings.demo_password or secrets.token_urlsafe(_MADE_PASSWORD_BYTES)
    made = f"{password} (made for this installation; shown only now)"
    told = "as you have set it" if settings.demo_password else made
    who = DEMO_LOG_INS if settings.admin_password in {None, password} else DEMO_LOG_INS.removeprefix("admin, ")
    demo = replace(settings, demo_password=password, admin_password=settings.admin_password or password)
    return demo, [f"{_LOG_IN}{who}; password {told}"]


def _run(watch: Watch, settings: Settings, *, wants_demo: bool, log_ins: list[str]) -> None:
    began = time.monotonic()
    servers = _start_servers(watch, settings)
    if servers is None:
        return
    for line in log_ins:
        watch.say("splot", line)  # now, too: should this start fail, nobody could ever sign in
    made = _migrate(watch, settings)
    if made is None:
        return
    log_ins = [*made, *log_ins]
    programs = [watch.start(what) for what in children.long_running(settings)]
    if watch.until(lambda: _is_ready(settings), "the web", _WEB_SECONDS):
        _welcome(settings, log_ins, seconds=time.monotonic() - began)
        if wants_demo:
            programs.append(watch.start(children.command(settings, "demo"), once=True))
        watch.until_asked_to_stop()
    sys.stdout.write("\nStopping …\n")
    watch.stop(programs)  # before the servers that they need
    watch.stop(servers)


def _start_servers(watch: Watch, settings: Settings) -> list[Child] | None:
    """The embedded ones; None when somebody asked us to stop meanwhile."""
    started = []
    if settings.embeds_database:
        watch.say("splot", f"PostgreSQL in {settings.home / 'postgres'}")
        postgres.wait_for_predecessor(settings.home)
        postgres.prepare(settings.home)
        started.append(watch.start(postgres.program(settings.home)))
    if settings.embeds_redis:
        redis.prepare(settings.home)
        started.append(watch.start(redis.program(settings.home)))
    if settings.embeds_database:
        if not watch.until(lambda: postgres.answers(settings.home), "PostgreSQL", _SERVER_SECONDS):
            return None
        postgres.ensure_database(settings.home)
    if settings.embeds_redis and not watch.until(lambda: redis.answers(settings.home), "Redis", _SERVER_SECONDS):
        return None
    return started


def _migrate(watch: Watch, settings: Settings) -> list[str] | None:
    """Lines about log-ins that were made; None when somebody asked us to stop meanwhile."""
    code, lines = watch.run_to_end(children.command(settings, "migrate"))
    if watch.asked_to_stop:
        return None
    if code:
        message = "the database could not be prepared; see the messages above"
        raise NotStarted(message)
    return [line for line in lines if line.startswith(_LOG_IN)]


def _is_ready(settings: Settings) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 (compared, not bound)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(settings: Settings, log_ins: list[str], *, seconds: float) -> None:
    address = f"{'https' if settings.https else 'http'}://{settings.host}:{settings.port}"
    lines = [f"Splot is ready after {seconds:.0f} s: {address}", *log_ins, "Stop it with Ctrl+C."]
    width = max(map(len, lines))
    sys.stdout.write("\n" + "\n".join(["─" * width, *lines, "─" * width]) + "\n\n")
    sys.stdout.flush()
