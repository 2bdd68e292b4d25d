"""The archive of a backup: one tar with a manifest, whose every member is known by its hash."""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from app.supervisor.program import NotStarted

MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
_FORMAT = 1
_CHUNK = 2**20


@dataclass(frozen=True)
class Manifest:
    """What an archive holds, written when it was made."""

    made_at: str
    migration: str
    rows: Mapping[str, int]
    """Of each table, counted in the snapshot that was dumped."""
    hashes: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each member."""
    format: int = _FORMAT


def add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Put a file in; its SHA-256."""
    with path.open("rb") as source:
        reader = _Hashing(source)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=source), reader)
    return reader.digest.hexdigest()


def add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    """Put the manifest in, last: an archive without it was interrupted."""
    text = json.dumps(asdict(manifest), indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(text)
    archive.addfile(entry, io.BytesIO(text))


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack into an empty folder, every byte checked. NotStarted says what is wrong with the file."""
    hashes: dict[str, str] = {}
    try:
        with tarfile.open(file) as archive:
            for entry in archive:
                if not entry.isfile() or PurePosixPath(entry.name).is_absolute() or ".." in entry.name.split("/"):
                    raise NotStarted(f"{file} holds {entry.name!r}, which no backup of Splot would")
                target = folder / entry.name
                target.parent.mkdir(parents=True, exist_ok=True)
                hashes[entry.name] = _copy(archive, entry, target)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise NotStarted(f"{file} cannot be read: {error}") from error
    return _checked(file, folder, hashes)


def _checked(file: Path, folder: Path, hashes: dict[str, str]) -> Manifest:
    if hashes.pop(MANIFEST, None) is None:
        raise NotStarted(f"{file} has no manifest: it is not a backup of Splot, or it was cut off")
    told = json.loads((folder / MANIFEST).read_text())
    if told.get("format") != _FORMAT:
        raise NotStarted(
            f"{file} was written by another release (format {told.get('format')}); restore it with that one"
        )
    manifest = Manifest(**told)
    differing = sorted(name for name in {*hashes, *manifest.hashes} if hashes.get(name) != manifest.hashes.get(name))
    if differing:
        raise NotStarted(f"{file} is damaged: {', '.join(differing[:5])}")
    return manifest


def _copy(archive: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> str:
    content = archive.extractfile(entry)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while content is not None and (chunk := content.read(_CHUNK)):
            digest.update(chunk)
            out.write(chunk)
    target.chmod(0o600)
    return digest.hexdigest()


class _Hashing(io.RawIOBase):
    """Reads through, and remembers the hash of what it has seen."""

    def __init__(self, source: io.BufferedReader) -> None:
        self.digest = hashlib.sha256()
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk
