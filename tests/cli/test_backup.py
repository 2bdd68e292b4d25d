"""`splot backup` and `splot restore` on a real home: what is saved comes back, what is damaged is refused."""

import shutil
import tarfile

import psycopg
import pytest

from app.core.config import settings_from
from app.core.sealing import seal, unseal
from app.supervisor.dump import libpq
from app.supervisor.embedded import servers
from tests.supervisor.running import environ, splot


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A home with a team and a stored file, and its backup."""
    home = tmp_path_factory.mktemp("backup") / "home"
    made = splot(home, "migrate")
    assert made.returncode == 0, made.stderr
    sql(home, "INSERT INTO teams (name) VALUES ('Warszawa')")
    sealed = seal("hush", key=settings_from(environ(home)).secret_key)
    sql(home, "INSERT INTO webhooks (name, address, sealed_secret) VALUES ('ERP', 'https://example.com', %s)", sealed)
    (home / "files" / "ab").mkdir(parents=True)
    (home / "files" / "ab" / "umowa.pdf").write_bytes(b"%PDF invented")
    (home / "files" / "ab" / "gone").symlink_to("nowhere")
    (home / "files" / "incoming" / "export").mkdir(parents=True)
    (home / "files" / "incoming" / "export" / "half.xlsx").write_bytes(b"half")
    file = home.parent / "splot.backup"
    done = splot(home, "backup", str(file))
    assert done.returncode == 0, done.stderr
    return home, file, done.stdout


def sql(home, statement, *values):
    settings = settings_from(environ(home))
    with servers(settings), psycopg.connect(libpq(settings.database_url), autocommit=True) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else None


def test_the_backup_says_that_it_was_verified(saved):
    home, file, said = saved
    assert "verified: read back" in said
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in home.parent.iterdir() if "unfinished" in path.name] == []


def test_keys_are_not_in_the_archive_but_beside_it(saved):
    home, file, _ = saved
    with tarfile.open(file) as archive:
        assert not [name for name in archive.getnames() if "key" in name or "secret" in name]
    with tarfile.open(f"{file}.keys") as keys:
        assert keys.extractfile("secret").read() == (home / "keys" / "secret").read_bytes()


def test_what_is_not_stored_yet_or_gone_by_now_is_not_in_the_archive(saved):
    _, file, _ = saved
    with tarfile.open(file) as archive:
        assert [name for name in archive.getnames() if name.startswith("files/")] == ["files/ab/umowa.pdf"]


def test_rows_and_files_come_back_and_what_was_there_is_kept(saved):
    home, file, _ = saved
    sql(home, "UPDATE teams SET name = 'Gdynia'")
    (home / "files" / "ab" / "umowa.pdf").write_bytes(b"changed")
    done = splot(home, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert sql(home, "SELECT name FROM teams") == [("Warszawa",)]
    assert (home / "files" / "ab" / "umowa.pdf").read_bytes() == b"%PDF invented"
    assert sql(home, "SELECT count(*) FROM pg_database WHERE datname LIKE 'splot_before_%'") == [(1,)]
    assert [path.name for path in home.glob("files-before-*/ab/*.pdf")] == ["umowa.pdf"]


def test_a_fresh_home_takes_over_all_with_its_keys(saved, tmp_path):
    home, file, _ = saved
    other = tmp_path / "other"
    done = splot(other, "restore", str(file), "--keys", f"{file}.keys")
    assert done.returncode == 0, done.stderr
    assert sql(other, "SELECT name FROM teams") == [("Warszawa",)]
    assert (other / "keys" / "secret").read_bytes() == (home / "keys" / "secret").read_bytes()
    [(sealed,)] = sql(other, "SELECT sealed_secret FROM webhooks")
    assert unseal(sealed, key=settings_from(environ(other)).secret_key) == "hush"
    listed = splot(other, "user", "list")
    assert "admin" in listed.stdout


@pytest.mark.parametrize("harm", ["cut", "changed", "stranger"])
def test_a_damaged_archive_is_refused_and_changes_nothing(saved, tmp_path, harm):
    home, file, _ = saved
    bad = tmp_path / "bad.backup"
    shutil.copy(file, bad)
    content = bytearray(bad.read_bytes())
    if harm == "cut":
        bad.write_bytes(content[: len(content) // 2])
    elif harm == "changed":
        place = content.index(b"%PDF invented")
        content[place : place + 4] = b"%XXX"
        bad.write_bytes(content)
    else:
        bad.write_bytes(b"PK\x03\x04 not a tar")
    before = sql(home, "SELECT count(*) FROM pg_database")
    done = splot(home, "restore", str(bad))
    assert done.returncode == 1
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr
    assert sql(home, "SELECT count(*) FROM pg_database") == before
