import os
import shutil
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import db
from app.core.errors import Invalid, TooLarge, Unavailable
from app.files.names import LONGEST, disposition, safe_name
from app.files.store import download_headers, incoming, open_file, path_of, remove_orphans, store_file
from app.files.types import type_of
from app.models import StoredFile


def an_archive(**members):
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


DOCX = an_archive(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<w/>"})
CONTENTS = {
    "a.pdf": (b"%PDF-1.7\nplain", "application/pdf"),
    "a.png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40, "image/png"),
    "a.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + b"\0" * 40, "image/jpeg"),
    "b.jpeg": (b"\xff\xd8\xff\xe1\0\x10Exif\0\0" + b"\0" * 40, "image/jpeg"),
    "a.gif": (b"GIF89a\x01\0\x01\0\0\0\0;", "image/gif"),
    "a.webp": (b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40, "image/webp"),
    "a.wav": (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40, "audio/wav"),
    "a.mp3": (b"ID3\x03\0\0\0\0\0\0" + b"\0" * 40, "audio/mpeg"),
    "a.mp4": (b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + b"\0" * 40, "video/mp4"),
    "a.docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.odt": (
        an_archive(mimetype="application/vnd.oasis.opendocument.text"),
        "application/vnd.oasis.opendocument.text",
    ),
    "a.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 40, "application/msword"),
    "a.txt": ("Zażółć gęślą jaźń".encode("cp1250"), "text/plain"),
    "a.csv": ("imię;telefon\nŁucja;+48 500 100 200".encode(), "text/csv"),
    "b.txt": ("BMW i PDF".encode("utf-16"), "text/plain"),
}
REFUSED = {
    "a.exe": b"MZ\x90\0\x03\0\0\0" + b"\0" * 60,
    "photo.png": b"MZ\x90\0\x03\0\0\0" + b"\0" * 60,
    "tool.pdf": b"\x7fELF\x02\x01\x01\0" + b"\0" * 60,
    "a.html": b"<!DOCTYPE html><p>hello",
    "notes.txt": b"  \n<!-- note -->\n<html><script>alert(1)</script>",
    "picture.txt": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a.svg": b"<svg/>",
    "page.csv": "﻿<html>".encode("utf-16"),
    "run.sh": b"#!/bin/sh\necho",
    "run.txt": b"#!/bin/sh\necho",
    "macro.js": b"alert(1)",
    "macro.vbs": b"MsgBox 1",
    "setup.msi": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 40,
    "macros.docx": an_archive(**{"[Content_Types].xml": "", "word__vbaProject.bin": ""}),
    "a.zip": an_archive(readme="x"),
    "broken.docx": DOCX[:20],
}


@pytest.mark.parametrize("name", CONTENTS)
def test_what_may_be_stored_is_known_by_its_content(name):
    content, media_type = CONTENTS[name]
    assert type_of(name, BytesIO(content)).media_type == media_type


@pytest.mark.parametrize("name", REFUSED)
def test_programs_pages_and_scripts_are_refused_whatever_they_are_called(name):
    with pytest.raises(Invalid, match="These can: pdf, png"):
        type_of(name, BytesIO(REFUSED[name]))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ewa\\Umowa najmu.PDF", "Umowa najmu.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ("a\0b\r\nc\u200b.txt", "abc.txt"),
        ("...", "file"),
        ("", "file"),
        ('a"b<c>|d?.txt', "a b c d.txt"),
        ("Zażółć.txt", "Zażółć.txt"),
        ("x" * 500 + ".pdf", "x" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_names_are_made_harmless(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_is_safe_and_stays_so(name):
    safe = safe_name(name)
    assert safe
    assert len(safe) <= LONGEST
    assert not set(safe) & set('/\\<>:"|?*\0\r\n\u202e')
    assert safe_name(safe) == safe
    disposition(safe).encode("ascii")


@pytest.mark.usefixtures("session")
class TestStore:
    def test_bytes_row_and_headers(self):
        file = store_file("Skan Łódź.pdf", BytesIO(CONTENTS["a.pdf"][0]), actor=None)
        with open_file(file) as content:
            assert content.read() == CONTENTS["a.pdf"][0]
        headers = download_headers(file)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Disposition"].startswith("attachment; ")
        assert "filename*=UTF-8''Skan%20%C5%81%C3%B3d%C5%BA.pdf" in headers["Content-Disposition"]
        assert path_of(file.key).stat().st_mode & 0o077 == 0

    def test_a_wrong_ending_is_mended(self):
        file = store_file("photo.jpg", BytesIO(CONTENTS["a.png"][0]), actor=None)
        assert (file.name, file.media_type) == ("photo.jpg.png", "image/png")

    def test_too_large_and_empty_leave_nothing(self, app):
        with pytest.raises(TooLarge):
            store_file("a.txt", BytesIO(b"x" * 2_000_000), limit=1_000_000, actor=None)
        with pytest.raises(Invalid, match="empty"):
            store_file("a.txt", BytesIO(b""), actor=None)
        with pytest.raises(Invalid):
            store_file("a.exe", BytesIO(REFUSED["a.exe"]), actor=None)
        assert list((app.config["SETTINGS"].files / "incoming").iterdir()) == []
        assert db.session.scalars(select(StoredFile)).all() == []

    def test_the_sweep_removes_old_bytes_without_a_row(self):
        kept = store_file("kept.txt", BytesIO(b"kept"), actor=None)
        db.session.commit()
        lost = store_file("lost.txt", BytesIO(b"lost"), actor=None)
        key, long_ago = lost.key, time.time() - 3 * 86400
        db.session.rollback()
        assert remove_orphans() == 0
        for place in (path_of(key), path_of(kept.key)):
            os.utime(place, (long_ago, long_ago))
        assert remove_orphans() == 1
        assert path_of(kept.key).exists()
        path_of(kept.key).unlink()
        with pytest.raises(Unavailable, match="not in its place"):
            open_file(kept)


def test_what_a_job_that_died_left_half_made_is_swept_with_its_folder(app, session):
    long_ago = time.time() - 2 * 86400
    folder = incoming() / "of_a_job"
    folder.mkdir()
    (folder / "export.xlsx").write_bytes(b"half")
    (incoming() / "young").mkdir()
    (incoming() / "young" / "export.csv").write_bytes(b"half")
    os.utime(folder / "export.xlsx", (long_ago, long_ago))
    assert remove_orphans() == 1
    os.utime(folder, (long_ago, long_ago))
    assert remove_orphans() == 0
    assert not folder.exists()
    assert (incoming() / "young" / "export.csv").exists()
    shutil.rmtree(incoming() / "young")
