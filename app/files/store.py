"""Storing files: the bytes first, the row after.

A crash between the two leaves bytes that the sweep removes, and never a row without its bytes.
"""

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import select

from app.core import clock
from app.core.db import session
from app.core.errors import Invalid, TooLarge, Unavailable
from app.core.i18n import lazy_gettext as _l
from app.core.installation import installation
from app.files.names import disposition, parts, safe_name
from app.files.types import FileType, type_of
from app.models import AppUser, Case, StoredFile

_CHUNK = 2**20
INCOMING = "incoming"
"""Folder, beside the stored files, of what is not stored yet."""
_PRIVATE = 0o700
ORPHANED_AFTER = timedelta(days=1)
"""Bytes without a row that are older belong to nothing: no transaction takes that long."""


def store_file(
    name: str, stream: IO[bytes], *, case: Case | None = None, actor: AppUser | None, limit: int | None = None
) -> StoredFile:
    """Keep a file. Invalid for an empty one and for a type that is not allowed, TooLarge above `limit` bytes.

    Without `limit` that of the installation holds. The type is found by the content.
    """
    key = uuid4()
    arrived, size, digest = _receive(stream, limit or installation().upload_limit)
    try:
        name = safe_name(name)
        with arrived.open("rb") as content:
            file_type = type_of(name, content)
        _keep(arrived, key)
    finally:
        arrived.unlink(missing_ok=True)
    file = StoredFile(
        key=key,
        name=_with_ending(name, file_type),
        media_type=file_type.media_type,
        size=size,
        sha256=digest,
        case_id=case.id if case else None,
        created_at=clock.now(),
        created_by_id=actor.id if actor else None,
    )
    session.add(file)
    session.flush()
    return file


def open_file(file: StoredFile) -> IO[bytes]:
    """The bytes, for reading. Unavailable when they are not where they should be."""
    try:
        return path_of(file.key).open("rb")
    except FileNotFoundError as error:
        raise Unavailable(
            _l("The content of “%(name)s” is not in its place. Tell your administrator.", name=file.name)
        ) from error


def download_headers(file: StoredFile) -> dict[str, str]:
    """Headers with which a browser saves the file and never runs or shows it."""
    return {
        "Content-Type": file.media_type,
        "Content-Length": str(file.size),
        "Content-Disposition": disposition(file.name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def picture_headers(file: StoredFile) -> dict[str, str]:
    """Headers with which a browser shows a picture inside a page, and keeps it for a while: it never changes."""
    shown = download_headers(file)
    del shown["Content-Disposition"]
    return {**shown, "Cache-Control": "private, max-age=3600"}


def path_of(key: UUID) -> Path:
    """Where the bytes of a key lie."""
    return installation().files / key.hex[:2] / key.hex


def incoming() -> Path:
    """Where a file is made before it is stored. What a process that died left there, the sweep removes."""
    folder = installation().files / INCOMING
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    return folder


def remove_orphans() -> int:
    """Remove bytes that no row names and that are old enough to belong to no running transaction; how many."""
    before = time.time() - ORPHANED_AFTER.total_seconds()
    orphans = [path for path in _files_below(incoming()) if _is_older(path, before)]
    for folder in sorted(installation().files.glob("*")):
        if folder.name != INCOMING:
            orphans += _without_row([path for path in _files_below(folder) if _is_older(path, before)])
    for path in orphans:
        path.unlink(missing_ok=True)
    for folder in incoming().iterdir():
        # Of a job that died. Removing what was in it made it young, so that it goes with the next sweep.
        if folder.is_dir() and _is_older(folder, before):
            with suppress(OSError):  # somebody still has something in it
                folder.rmdir()
    return len(orphans)


def _files_below(folder: Path) -> list[Path]:
    """All files there; folders that vanish meanwhile are passed over."""
    return [Path(place) / name for place, _folders, names in os.walk(folder) for name in names]


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def _receive(stream: IO[bytes], limit: int) -> tuple[Path, int, bytes]:
    """Write what comes into a file of its own; its path, size and SHA-256."""
    handle, name = tempfile.mkstemp(dir=incoming())
    arrived = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            size, digest = _copy(stream, target, limit)
    except BaseException:
        arrived.unlink(missing_ok=True)
        raise
    return arrived, size, digest


def _copy(stream: IO[bytes], target: IO[bytes], limit: int) -> tuple[int, bytes]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(_l("The file is larger than %(limit)s MB.", limit=limit // 2**20), limit=limit)
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise Invalid(_l("The file is empty."), {"file": [_l("The file is empty.")]})
    target.flush()
    os.fsync(target.fileno())
    return size, digest.digest()


def _keep(arrived: Path, key: UUID) -> None:
    place = path_of(key)
    place.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    arrived.rename(place)


def _with_ending(name: str, file_type: FileType) -> str:
    """The name with an ending that tells the truth."""
    return name if parts(name)[1] in file_type.endings else safe_name(f"{name}.{file_type.endings[0]}")


def _without_row(paths: list[Path]) -> list[Path]:
    keys = {UUID(hex=path.name): path for path in paths if len(path.name) == 32}  # noqa: PLR2004 - digits of a UUID
    known = set(session.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys)))) if keys else set()
    return [path for key, path in keys.items() if key not in known]
