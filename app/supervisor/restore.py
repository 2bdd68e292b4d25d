"""`splot restore`: an archive in the place of what is here. What was here is renamed, never deleted."""

import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from psycopg import sql

from app.core import clock
from app.core.config import Settings
from app.supervisor import archive, dump
from app.supervisor.program import NotStarted

_ONLY_OURS = 0o600


def put_back(settings: Settings, file: Path, keys: Path | None) -> Iterator[str]:
    """Check and load first, exchange last: whatever fails before leaves everything as it was."""
    stamp = f"{clock.now():%Y%m%d%H%M%S}"
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.home) as unpacked:
        folder = Path(unpacked)
        manifest = archive.unpack(file, folder)
        yield f"checked: the archive of {manifest.made_at} is whole"
        with dump.loaded(settings.database_url, folder / archive.DUMP) as copy:
            dump.check_rows(settings.database_url, copy, manifest.rows)
            yield f"loaded: {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables"
            kept = _exchange_database(settings, copy, stamp)
        yield f"the database that was here is kept as {kept}"
        if settings.files.exists():
            old = settings.files.with_name(f"files-before-{stamp}")
            settings.files.rename(old)
            yield f"the files that were here are kept in {old}"
        (folder / archive.FILES).mkdir(mode=0o700, exist_ok=True)
        (folder / archive.FILES).rename(settings.files)
    if keys is not None:
        _put_keys(settings, keys)
        yield "the keys are back"
    yield "Restored. Start with `splot up`: it runs the migrations that the backup lacks."


def _exchange_database(settings: Settings, copy: str, stamp: str) -> str:
    ours = dump.name_of(settings.database_url)
    kept = f"{ours}_before_{stamp}"
    with dump.administrator(settings.database_url) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", [ours]
        ).fetchone()
        if others and others[0]:
            raise NotStarted("Splot is running on this database: stop it, then restore")
        with connection.transaction():
            for old, new in ((ours, kept), (copy, ours)):
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                connection.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
    return kept


def _put_keys(settings: Settings, keys: Path) -> None:
    folder = settings.home / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with tarfile.open(keys) as source:
            for entry in source:
                content = source.extractfile(entry)
                if content is None or "/" in entry.name or entry.name.startswith("."):
                    raise NotStarted(f"{keys} is not a file of keys that `splot backup` wrote")
                (folder / entry.name).touch(mode=_ONLY_OURS)
                (folder / entry.name).write_bytes(content.read())
    except tarfile.TarError as error:
        raise NotStarted(f"{keys} cannot be read: {error}") from error
