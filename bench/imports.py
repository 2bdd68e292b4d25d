"""The rate of an import, beside COPY of the very rows that it wrote into the same tables with all their indexes.

Both take turns, file by file, so that they see the same machine: a file is imported, what it wrote is taken out of the
tables, and COPY puts it back.
"""

import csv
import io
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from flask import Flask

from app import create_app
from app.access.roles import sync_roles
from app.contacts import imports
from app.core.db import session, transaction
from app.jobs.work import run
from app.models import AppUser, Work, fab_models
from app.models.imports import Import
from app.models.work import WorkState
from bench.results import Row
from bench.servers import running

FILES = {"small": (4, 10_000), "full": (5, 40_000)}
"""Files and rows of each; the first one fills the tables and is not measured."""
AIM = 0.25
TABLES = ("contacts", "contact_phones", "contact_emails", "contact_addresses", "history", "import_rows")
_FIRST = "Anna Maria Zofia Łucja Halina Żaneta Piotr Paweł Michał Łukasz Stanisław Józef Wojciech Sławomir".split()
_LAST = (
    "Nowak Kowal Wójcik Dąbrowa Mazur Zając Król Wróbel Jabłoń Stępień Jawor Dudek Sikora Walczak Baran Żuraw".split()
)
_CITIES = "Łódź Kraków Gdańsk Poznań Bydgoszcz Końskie Żywiec Radom".split()
_TITLES = ("Imię", "Nazwisko", "Telefon", "Tel. kom.", "E-mail", "Ulica", "Kod", "Miasto", "Uwagi")


def measure(scale: str) -> Iterator[Row]:
    """All rows."""
    files, rows = FILES[scale]
    with running() as servers:
        app = create_app(servers.settings)
        url = servers.settings.database_url.replace("+psycopg", "")
        imported = copied = 0.0
        with psycopg.connect(url, autocommit=True) as connection, app.app_context():
            user_id = _user()
            for place in range(files):
                took = _import(app, _file(place, rows), user_id)
                again = _copy_again(connection)
                if place:
                    imported += took
                    copied += again
        measured = (files - 1) * rows
        rate, beside = measured / imported, measured / copied
        yield Row("import", rate, "rows/s", beside, rate / beside, aim=f"≥ {AIM} × COPY", ok=rate >= AIM * beside)


def _user() -> int:
    with transaction():
        sync_roles()
        user = AppUser(first_name="Import", last_name="Bench", username="bench", email="bench@example.com", active=True)
        user.roles = [session.query(fab_models.Role).filter_by(name="admin").one()]
        session.add(user)
        session.flush()
        return int(user.id)


def _import(app: Flask, content: bytes, user_id: int) -> float:
    user = session.get_one(AppUser, user_id)
    with transaction():
        planned = imports.begin_import(
            "bench.csv", io.BytesIO(content), actor=user, limit=app.config["MAX_CONTENT_LENGTH"]
        )
        work_id = imports.start_import(planned, dry_run=False, actor=user).id
    began = time.perf_counter()
    run(work_id)
    took = time.perf_counter() - began
    session.expire_all()
    work = session.get_one(Work, work_id)
    if work.state != WorkState.DONE or work.failed:
        message = f"the import ended as {work.state} with {work.failed} rows rejected: {work.error}"
        raise RuntimeError(message)
    session.rollback()
    return took


def _copy_again(connection: psycopg.Connection[Any]) -> float:
    """Take what the last import wrote out of the tables and put it back by COPY; the seconds of the COPY."""
    import_id = session.query(Import.id).order_by(Import.id.desc()).limit(1).scalar()
    session.rollback()
    of_contact = f"(SELECT contact_id FROM import_rows WHERE import_id = {import_id})"  # noqa: S608  (a number of ours)
    wanted = {
        "contacts": f"id IN {of_contact}",
        "history": f"record = 'contact' AND record_id IN {of_contact}",
        "import_rows": f"import_id = {import_id}",
    }
    kept = {}
    for table in TABLES:
        columns = _columns(connection, table)
        rows = f"SELECT {columns} FROM {table} WHERE {wanted.get(table, f'contact_id IN {of_contact}')}"  # noqa: S608
        with connection.cursor() as cursor, cursor.copy(f"COPY ({rows}) TO STDOUT") as stream:
            kept[table] = (columns, b"".join(bytes(piece) for piece in stream))
    for table in ("history", "contacts", "import_rows"):
        connection.execute(f"DELETE FROM {table} WHERE {wanted[table]}" if table != "contacts" else _DELETE_CONTACTS)  # noqa: S608
    connection.execute(f"VACUUM {', '.join(TABLES)}")
    began = time.perf_counter()
    with connection.transaction(), connection.cursor() as cursor:
        for table, (columns, content) in kept.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(content)
    return time.perf_counter() - began


_DELETE_CONTACTS = (
    "DELETE FROM contacts WHERE id IN "
    "(SELECT contact_id FROM import_rows WHERE import_id = (SELECT max(id) FROM imports))"
)


def _columns(connection: psycopg.Connection[Any], table: str) -> str:
    rows = connection.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return ", ".join(row[0] for row in rows)


def _file(place: int, rows: int) -> bytes:
    """CP1250 with semicolons; every row another person with two numbers, by fixed arithmetic."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_TITLES)
    for row in range(rows):
        number = place * rows + row
        first, last = _FIRST[number % len(_FIRST)], _LAST[number // 7 % len(_LAST)]
        landline = f"({22}) {number // 10000 % 1000:03d}-{number // 100 % 100:02d}-{number % 100:02d}"
        writer.writerow(
            [
                first, f"{last}-{number}", landline.replace(") 0", ") 5"), f"+48 50{number % 10_000_000:07d}",
                f"osoba{number}@example.com", f"Polna {number % 180}", "90-001", _CITIES[number % len(_CITIES)], "",
            ]
        )  # fmt: skip
    return text.getvalue().encode("cp1250")
