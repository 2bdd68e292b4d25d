"""What may be stored: a list of types, found by the content. The ending of a name only chooses among equals."""

import zipfile
from dataclasses import dataclass
from typing import IO

import puremagic

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.files.names import parts

HEAD = 8192
"""Bytes at the beginning that tell a type."""


@dataclass(frozen=True)
class FileType:
    """A type that may be stored, with the endings that it goes by; the first is the usual one."""

    media_type: str
    endings: tuple[str, ...]


_BINARY = (
    FileType("application/pdf", ("pdf",)),
    FileType("image/png", ("png",)),
    FileType("image/jpeg", ("jpg", "jpeg")),
    FileType("image/gif", ("gif",)),
    FileType("image/webp", ("webp",)),
    FileType("image/tiff", ("tif", "tiff")),
    FileType("image/bmp", ("bmp",)),
    FileType("image/heic", ("heic", "heif")),
    FileType("application/rtf", ("rtf",)),
    FileType("audio/mpeg", ("mp3",)),
    FileType("audio/wav", ("wav",)),
    FileType("audio/ogg", ("ogg", "oga", "opus")),
    FileType("audio/mp4", ("m4a",)),
    FileType("video/mp4", ("mp4",)),
    FileType("video/webm", ("webm",)),
)
_OFFICE = {
    "word/": FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "xl/": FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "ppt/": FileType("application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",)),
}
_OPEN_DOCUMENT = {
    each.media_type: each
    for each in (
        FileType("application/vnd.oasis.opendocument.text", ("odt",)),
        FileType("application/vnd.oasis.opendocument.spreadsheet", ("ods",)),
        FileType("application/vnd.oasis.opendocument.presentation", ("odp",)),
    )
}
_COMPOUND = {
    "doc": FileType("application/msword", ("doc",)),
    "xls": FileType("application/vnd.ms-excel", ("xls",)),
    "ppt": FileType("application/vnd.ms-powerpoint", ("ppt",)),
    "msg": FileType("application/vnd.ms-outlook", ("msg",)),
}
_TEXT = {
    "txt": FileType("text/plain", ("txt", "log")),
    "log": FileType("text/plain", ("txt", "log")),
    "csv": FileType("text/csv", ("csv",)),
    "tsv": FileType("text/tab-separated-values", ("tsv",)),
    "json": FileType("application/json", ("json",)),
    "eml": FileType("message/rfc822", ("eml",)),
    "ics": FileType("text/calendar", ("ics",)),
    "vcf": FileType("text/vcard", ("vcf",)),
}
ALLOWED = tuple(
    dict.fromkeys(
        ending
        for group in (_BINARY, _OFFICE.values(), _OPEN_DOCUMENT.values(), _COMPOUND.values(), _TEXT.values())
        for each in group
        for ending in each.endings
    )
)

_COMPOUND_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<?php", b"<head", b"<body", b"<iframe", b"#!")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def type_of(name: str, stream: IO[bytes]) -> FileType:
    """The type of a file that can be sought; Invalid, naming what is allowed, for any other."""
    stream.seek(0)
    head = stream.read(HEAD)
    ending = parts(name)[1]
    found = _zipped(stream) if head.startswith(b"PK\x03\x04") else _plain(head, ending)
    if found is None:
        raise Invalid(
            _l(
                "Files of this type cannot be stored. These can: %(allowed)s.",
                allowed=", ".join(ALLOWED),
            ),
            {"file": [_l("Choose a file of another type.")]},
        )
    return found


def _plain(head: bytes, ending: str) -> FileType | None:
    if head.startswith(_COMPOUND_MAGIC):
        return _COMPOUND.get(ending)
    if head.startswith(b"%PDF-"):
        # Its beginning may be text throughout.
        return _BINARY[0]
    if _is_text(head):
        return _text_type(head, ending)
    found = _by_signature(head)
    return next((each for each in _BINARY if found & set(each.endings) and ending in each.endings), None) or next(
        (each for each in _BINARY if found & set(each.endings)), None
    )


def _text_type(head: bytes, ending: str) -> FileType | None:
    if head.startswith(b"{\\rtf"):
        return next(each for each in _BINARY if "rtf" in each.endings)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\0").replace(b"\0", b"").lower()
    # A page begins at once or after a comment; a script says so in its first line.
    if start.startswith(_MARKUP) or any(mark in start for mark in (b"<script", b"<svg", b"<html", b"<iframe")):
        return None
    return _TEXT.get(ending or "txt")


def _is_text(head: bytes) -> bool:
    """No control signs but those of texts; text of 16 bits has a mark at its beginning."""
    if head.startswith(_UTF16):
        return True
    return bool(head) and not any(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in head)  # noqa: PLR2004


def _by_signature(head: bytes) -> set[str]:
    try:
        return {match.extension.removeprefix(".") for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()


def _zipped(stream: IO[bytes]) -> FileType | None:
    """Office documents are archives; other archives may hold anything, and those with macros are programs."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".dll")) for name in names):
                return None
            if "mimetype" in names:
                with archive.open("mimetype") as told:
                    return _OPEN_DOCUMENT.get(told.read(120).decode("ascii", "replace").strip())
            if "[Content_Types].xml" in names:
                return next(
                    (each for folder, each in _OFFICE.items() if any(n.startswith(folder) for n in names)), None
                )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return None
    return None
