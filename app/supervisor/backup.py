"""`splot backup`: database and files in one archive, proven by restoring it beside the original."""

import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg

from app.core import clock
from app.core.config import Settings
from app.files.store import INCOMING
from app.supervisor import archive, dump
from app.supervisor.program import NotStarted

_ONLY_OURS = 0o600


def back_up(settings: Settings, file: Path) -> Iterator[str]:
    """Write `file` and `file`.keys, telling what was done. Splot may go on running meanwhile."""
    if not file.parent.is_dir():
        raise NotStarted(f"there is no folder {file.parent}")
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.touch(mode=_ONLY_OURS)
    try:
        with tempfile.TemporaryDirectory(prefix="splot-backup-", dir=file.parent) as folder:
            manifest = _write(settings, unfinished, Path(folder))
            rows = sum(manifest.rows.values())
            yield f"written: {rows} rows of {len(manifest.rows)} tables, {len(manifest.hashes) - 1} files"
        with tempfile.TemporaryDirectory(prefix="splot-verify-", dir=file.parent) as folder:
            archive.unpack(unfinished, Path(folder))
            with dump.loaded(settings.database_url, Path(folder) / archive.DUMP) as copy:
                dump.check_rows(settings.database_url, copy, manifest.rows)
        yield "verified: read back, restored into a database of its own, all rows are there"
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    keys = file.with_name(f"{file.name}.keys")
    _write_keys(settings, keys)
    yield f"{file}"
    yield f"{keys}: keep it in another place than the archive; whoever has both can read everything"


def _write(settings: Settings, file: Path, folder: Path) -> archive.Manifest:
    dumped = folder / archive.DUMP
    rows = dump.dump(settings.database_url, dumped)
    with tarfile.open(file, "w") as out:
        hashes = {archive.DUMP: archive.add(out, dumped, archive.DUMP)}
        # After the database: a file that a row of the dump names was stored before the row.
        for path in _stored(settings.files):
            name = f"{archive.FILES}/{path.relative_to(settings.files).as_posix()}"
            with suppress(FileNotFoundError):  # the sweep removed it meanwhile
                hashes[name] = archive.add(out, path, name)
        manifest = archive.Manifest(
            made_at=clock.now().isoformat(), migration=_migration(settings), rows=rows, hashes=hashes
        )
        archive.add_manifest(out, manifest)
    return manifest


def _stored(files: Path) -> list[Path]:
    """What lies there, apart from what is not stored yet: that comes and goes, and no row names it."""
    found: list[Path] = []
    for folder, folders, names in os.walk(files):
        if Path(folder) == files and INCOMING in folders:
            folders.remove(INCOMING)
        found += [Path(folder) / name for name in names]
    return sorted(found)


def _write_keys(settings: Settings, file: Path) -> None:
    file.touch(mode=_ONLY_OURS)
    with tarfile.open(file, "w") as out:
        for path in sorted((settings.home / "keys").glob("*")):
            archive.add(out, path, path.name)


def _migration(settings: Settings) -> str:
    with psycopg.connect(dump.libpq(settings.database_url)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else ""
