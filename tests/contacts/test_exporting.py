"""What is exported can be imported again, and no cell of it runs in a spreadsheet."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, select

from app.contacts.changing import create_contact
from app.contacts.exporting import Format, start_export
from app.contacts.listing import ContactQuery
from app.contacts.values import Address, ContactValues, Email, Phone, as_document, values_of
from app.core.db import transaction
from app.files.store import open_file
from app.jobs.work import run
from app.models import Contact, StoredFile
from app.models.contacts import ContactKind
from app.models.work import WorkState

PEOPLE = (
    ContactValues(
        first_name="Świętosława",
        last_name="=cmd|' /C calc'!A0",
        phones=(Phone("+48500100501"), Phone("+48225551234"), Phone("+4930901820"), Phone("+48500100502")),
        emails=(Email("a@example.com"), Email("b@example.com"), Email("c@example.com")),
        addresses=(Address("Żwirowa 5; m. 3", "90-001", "Łódź"),),
        external_key="-00123",
        tags=("stały klient", "vip"),
        note='cudzysłów "tu"\ni nowa linia',
    ),
    ContactValues(kind=ContactKind.COMPANY, company_name="@Łąka S.A.", tax_number="5261040828"),
    ContactValues(phones=(Phone("+48500100503"),)),
)


@pytest.mark.parametrize("kind", Format)
def test_what_is_exported_is_imported_again_as_it_was(session, manager, send, carry_out, kind):
    with transaction():
        for values in PEOPLE:
            create_contact(values, actor=manager)
    before = [as_document(values_of(contact)) for contact in session.scalars(select(Contact).order_by(Contact.id))]
    with transaction():
        work = start_export(ContactQuery(), kind, actor=manager)
    run(work.id)
    session.expire_all()
    assert (work.state, work.done) == (WorkState.DONE, 3)
    file = session.get(StoredFile, work.result["file_id"])
    with open_file(file) as stream:
        content = stream.read()
    if kind == Format.XLSX:
        cells = [cell for row in load_workbook(io.BytesIO(content)).active for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
    with transaction():
        session.execute(delete(Contact))
    imported = send(content, f"contacts.{kind}")
    work = carry_out(imported)
    assert (work.result["created"], work.failed) == (3, 0)
    after = [as_document(values_of(contact)) for contact in session.scalars(select(Contact))]
    assert sorted(after, key=str) == sorted(before, key=str)
