"""The `splot` command. Each command imports what it needs, so that `splot --help` answers at once."""

import logging
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.core.config import Settings, settings_from

if TYPE_CHECKING:
    from flask import Flask


class _Commands(click.Group):
    """Turns what a person can mend into one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        from app.supervisor.program import NotStarted

        try:
            return super().invoke(ctx)
        except NotStarted as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands)
def main() -> None:
    """Splot: a contact-centre CRM."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("flask_appbuilder").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # `migrate` prints the titles itself


@main.command()
def up() -> None:
    """Start everything on this machine and watch over it until Ctrl+C."""
    from app.supervisor.up import up as run

    run(_settings(), ask_for_demo=_ask_for_demo)


@main.command()
def migrate() -> None:
    """Bring the database up to date; in an empty one, make the roles and the admin."""
    from app.core.db import transaction
    from app.seed.base import ensure_base
    from app.supervisor.embedded import servers
    from app.supervisor.migrate import migrate as run

    settings = _settings()
    with servers(settings):
        for title in run(settings.database_url, secret_key=settings.secret_key):
            click.echo(f"migrated: {title}")
        with _inside(settings), transaction():
            password = ensure_base(settings.admin_password)
        if password:
            click.echo(f"Log-in: admin, password {password} (made for this installation; shown only now)")


@main.command()
@click.option("--status", "only_status", is_flag=True, help="Only tell how far it is.")
def demo(*, only_status: bool) -> None:
    """Fill an empty database with the demo: invented people, six campaigns, 90 days of work. Safe to repeat."""
    from app.seed.demo.following import follow, start, status
    from app.supervisor.embedded import servers

    settings = _settings()
    with servers(settings), _inside(settings):
        if only_status:
            click.echo(status())
            return
        password = settings.demo_password or secrets.token_urlsafe(12)
        is_new = start(password, language=settings.demo_language)
        if is_new and not settings.demo_password:
            click.echo(f"Log-in: every user of the demo, password {password} (shown only now)")
        for line in follow():
            click.echo(line)


@main.command()
@click.argument("queue")
def worker(queue: str) -> None:
    """Work on one queue (`splot up` starts one for each)."""
    from app.jobs.worker import run

    run(_app(_settings()), queue)


@main.command()
def scheduler() -> None:
    """Put periodic jobs into their queues; of several, one leads."""
    from app.jobs.scheduler import run

    run(_app(_settings()))


@main.command()
def socket() -> None:
    """Serve live screens. Start it as `python -m gevent.monkey --module app.cli socket`."""
    import_module("app.live.process").main(_app(_settings()))


@main.group()
def user() -> None:
    """People who sign in."""


@user.command("list")
def list_users() -> None:
    """Everybody, with their roles."""
    from sqlalchemy import select

    from app.core.db import session
    from app.models import AppUser
    from app.supervisor.embedded import servers

    settings = _settings()
    with servers(settings), _inside(settings):
        for row in session.scalars(select(AppUser).order_by(AppUser.username)):
            roles = ", ".join(sorted(role.name for role in row.roles))
            state = "" if row.active else "  (deactivated)"
            click.echo(f"{row.username:<20} {row.full_name:<30} {roles}{state}")


@user.command("reset-password")
@click.argument("username")
@click.option("--password", help="The new one; without it one is made and printed.")
def reset_password(username: str, password: str | None) -> None:
    """Give a user another password, unlock them, and sign them out everywhere."""
    from sqlalchemy import select

    from app.core.db import session, transaction
    from app.models import AppUser
    from app.people.account import set_password
    from app.supervisor.embedded import servers

    settings = _settings()
    made = password or secrets.token_urlsafe(12)
    with servers(settings), _inside(settings), transaction():
        row = session.scalar(select(AppUser).filter_by(username=username))
        if row is None:
            raise click.ClickException(f"there is no user {username}; `splot user list` shows everybody")
        set_password(row, made, actor=None)
    click.echo(f"{username} has the new password" if password else f"Log-in: {username}, password {made}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write database and files into one archive, and prove that it can be restored. Keys go into FILE.keys."""
    from app.supervisor.backup import back_up
    from app.supervisor.embedded import servers

    settings = _settings()
    with servers(settings):
        for line in back_up(settings, file):
            click.echo(line)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--keys", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The keys of that backup.")
def restore(file: Path, keys: Path | None) -> None:
    """Put an archive in the place of what is here; what was here is kept under another name."""
    from app.supervisor.embedded import servers
    from app.supervisor.restore import put_back

    settings = _settings()
    with servers(settings):
        for line in put_back(settings, file, keys):
            click.echo(line)


@main.command()
def doctor() -> None:
    """Check every connection and setting, and say what to do."""
    from app.supervisor.doctor import examine

    findings = list(examine(_settings()))
    for finding in findings:
        mark = click.style("ok     ", fg="green") if finding.ok else click.style("PROBLEM", fg="red", bold=True)
        click.echo(f"{mark} {finding.subject}: {finding.says}")
        if not finding.ok:
            click.echo(f"        {finding.advice}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def _settings() -> Settings:
    try:
        return settings_from(os.environ)
    except (ValueError, OSError) as error:
        raise click.ClickException(f"the settings do not fit: {error}") from error


def _app(settings: Settings) -> "Flask":
    from app import create_app

    return create_app(settings)


@contextmanager
def _inside(settings: Settings) -> Iterator[None]:
    """The application's context, in English; what a verb refuses is told with its reasons."""
    from app.core.errors import Invalid, SplotError
    from app.core.i18n import in_language

    with _app(settings).app_context(), in_language("en"):
        try:
            yield
        except SplotError as error:
            fields = error.fields.values() if isinstance(error, Invalid) else ()
            reasons = [reason for field in fields for reason in field]
            raise click.ClickException(" ".join(map(str, [error, *reasons]))) from error


def _ask_for_demo() -> bool:
    if not sys.stdin.isatty():
        return False
    return click.confirm("The database is empty. Fill it with demo data (invented people and cases)?", default=True)


if __name__ == "__main__":
    main(prog_name="splot")
