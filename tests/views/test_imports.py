"""Pages of imports: what they show comes from the rows that were kept when the file was sent in."""

import io

import openpyxl

from app.contacts.imports import source_of
from app.models.imports import Import
from tests.factories import a_user, signed_in, token


def sent_in(client, rows, name="contacts.xlsx"):
    """Send a workbook in; the address of its page."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    content.seek(0)
    sent = client.post("/imports/", data={"file": (content, name), "csrf_token": token(client)})
    assert sent.status_code == 302, sent.get_data(as_text=True)
    return sent.headers["Location"]


def test_pages_of_a_plan_leave_the_workbook_alone(client, session):
    signed_in(client, a_user("manager"))
    address = sent_in(client, [["Imię", "Telefon"], ["Łucja", "500100101"], ["Ewa", "500100102"]])
    source_of(session.query(Import).one()).unlink()
    shown = client.get(address)
    assert shown.status_code == 200
    for part in ("Łucja", "Telefon", "+48 500 100 102"):
        assert part in shown.get_data(as_text=True)
    plan = {"mapping": {"0": "last_name", "1": "phone"}, "rule": "skip", "match_by": "phone"}
    previewed = client.post(f"{address}/preview", json=plan, headers={"X-CSRFToken": token(client)})
    assert "Łucja" in previewed.get_json()["html"]
    started = client.post(f"{address}/start", json={**plan, "dry_run": True}, headers={"X-CSRFToken": token(client)})
    assert started.status_code == 202


def test_a_workbook_is_read_again_without_its_header(client, session):
    signed_in(client, a_user("manager"))
    address = sent_in(client, [["Imię", "Telefon"], ["Łucja", "500100101"]])
    client.post(f"{address}/layout", data={"sheet": "Sheet", "csrf_token": token(client)})
    imported = session.query(Import).one()
    assert (imported.layout["has_header"], imported.mapping) == (False, {})
    assert '<td title="Telefon">Telefon</td>' in client.get(address).get_data(as_text=True)
