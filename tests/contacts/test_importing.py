"""What becomes of the rows of an import: rules for known contacts, repeats, stops, crashes, and taking it back."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access.visible import the_contact
from app.contacts import importing, imports
from app.contacts.changing import change_contact, create_contact
from app.contacts.values import ContactValues, Email, Phone, values_of
from app.core import clock
from app.core.db import transaction
from app.core.errors import Invalid, Refused
from app.jobs import imports as import_jobs
from app.jobs.work import run
from app.models import AppUser, Case, Contact, ContactPhone, CustomField, HistoryEntry, ImportRow, Work, WorkProblem
from app.models.contacts import CustomFieldKind
from app.models.imports import ImportRule
from app.models.work import WorkState
from app.views.work import progress
from app.work.rows import stop_work
from tests.factories import a_campaign, a_user, a_working_script, an_open_case

HEAD = "Imię;Nazwisko;Telefon;E-mail;Klucz;Tagi\n"


def known(manager, **values):
    with transaction():
        return create_contact(ContactValues(**values), actor=manager)


def outcomes(session, imported):
    rows = select(ImportRow.row, ImportRow.outcome, ImportRow.reason).where(ImportRow.import_id == imported.id)
    return [(row, outcome.value, reason) for row, outcome, reason in session.execute(rows.order_by(ImportRow.row))]


def undo(session, imported, manager):
    with transaction():
        work = imports.undo_import(imported, actor=manager)
    run(work.id)
    session.expire_all()
    return work


def test_a_known_contact_is_left_filled_in_or_made_again_by_the_rule(session, send, carry_out, manager):
    contact = known(manager, first_name="Łucja", phones=(Phone("500100201"),), tags=("dawni",))
    content = HEAD + "Lucyna;Próbna;+48 500-100-201;lucja@example.com;;nowi\n"
    for rule, outcome, names in (
        ("skip", "skipped", ["Łucja"]),
        ("update", "updated", ["Lucyna Próbna"]),
        ("create", "created", ["Lucyna Próbna"] * 2),
    ):
        imported = send(content, rule=rule, match_by="phone")
        carry_out(imported, dry_run=True)
        dry = imports.figures(imported)
        carry_out(imported)
        assert imports.figures(imported) == dry
        assert dry[outcome] == 1
        assert sorted(session.scalars(select(Contact.name))) == names
    session.refresh(contact)
    assert (contact.tags, [email.address for email in contact.emails]) == (["dawni", "nowi"], ["lucja@example.com"])
    assert contact.version == 2


@pytest.mark.parametrize("batch", [1, 2, 100])
@pytest.mark.parametrize("match_by", ["phone", "email", "external_key"])
def test_repeats_inside_the_file_are_found_whatever_the_batches(session, send, carry_out, monkeypatch, batch, match_by):
    monkeypatch.setattr(import_jobs, "BATCH", batch)
    content = (
        HEAD + "A;A;500100202;a@example.com;1;\nB;B;500100203;b@example.com;2;\nC;C;0048500100202;A@example.com;1;\n"
    )
    imported = send(content, match_by=match_by)
    carry_out(imported, dry_run=True)
    expected = [(2, "created", None), (3, "created", None), (4, "skipped", "in_file_already")]
    assert outcomes(session, imported) == expected
    carry_out(imported)
    assert outcomes(session, imported) == expected
    reason = session.scalar(select(ImportRow.details).where(ImportRow.row == 4, ImportRow.import_id == imported.id))
    assert imports.reason_of(reason) == "The same contact stands in row 2 of this file."


@pytest.mark.parametrize("batch", [1, 100])
def test_rows_of_one_contact_fill_it_in_one_after_the_other_and_undo_goes_back(
    session, send, carry_out, manager, monkeypatch, batch
):
    monkeypatch.setattr(import_jobs, "BATCH", batch)
    contact = known(manager, first_name="Łucja", last_name="Stara", phones=(Phone("500100204"),))
    before, contact_id = values_of(contact), contact.id
    rows = "Lucyna;;500100204;a@example.com;;x\n;Nowa;500100204;b@example.com;7;y\n;Nowa;500100204;;;\n"
    imported = send(HEAD + rows, rule="update", match_by="phone")
    carry_out(imported)
    assert [outcome for _row, outcome, _reason in outcomes(session, imported)] == ["updated", "updated", "skipped"]
    values = values_of(session.get(Contact, contact_id))
    assert (values.first_name, values.last_name, values.external_key) == ("Lucyna", "Nowa", "7")
    assert values.emails == (Email("a@example.com"), Email("b@example.com"))
    assert undo(session, imported, manager).result["restored"] == 1
    assert values_of(session.get(Contact, contact_id)) == before


def test_an_undo_leaves_and_lists_what_was_touched_since(session, send, carry_out, manager):
    imported = send(HEAD + "".join(f"A;Nr{n};50010030{n};;;\n" for n in range(4)))
    carry_out(imported)
    touched, in_use = session.scalars(select(Contact).order_by(Contact.id).limit(2)).all()
    ids = {touched.id, in_use.id}
    with transaction():
        change_contact(touched, replace(values_of(touched), note="ważny"), expected_version=1, actor=manager)
        create_contact(ContactValues(last_name="Pracownik"), actor=manager).company_id = in_use.id
    work = undo(session, imported, manager)
    assert (work.state, work.result["deleted"], work.result["left"]) == (WorkState.DONE, 2, 2)
    problems = session.scalars(select(WorkProblem).where(WorkProblem.work_id == work.id)).all()
    assert len(problems) == 2
    assert {problem.subject.split()[0] for problem in problems} == {f"K-{touched.number}", f"K-{in_use.number}"}
    assert set(session.scalars(select(Contact.id).where(Contact.first_name == "A"))) == ids
    deleted = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.action == "deleted")
    assert session.scalar(deleted.where(HistoryEntry.record == "contact")) == 2
    with pytest.raises(Refused):
        imports.undo_import(imported, actor=manager)


def test_a_case_that_is_opened_while_its_contact_is_taken_back_keeps_the_contact(
    session, send, carry_out, manager, beside
):
    imported = send(HEAD + "A;Nr0;500100300;;;\nA;Nr1;500100301;;;\n")
    carry_out(imported)
    campaign = a_campaign(script=a_working_script())
    with transaction():
        work_id = imports.undo_import(imported, actor=manager).id
    contact = session.scalars(select(Contact).order_by(Contact.id)).first()
    contact_id, case_id = contact.id, an_open_case(campaign, contact=contact).id
    undone = beside(lambda: run(work_id))
    session.commit()
    undone.result()
    session.expire_all()
    work = session.get(Work, work_id)
    assert (work.state, work.result["deleted"], work.result["left"]) == (WorkState.DONE, 1, 1)
    assert session.get(Case, case_id).contact_id == session.get(Contact, contact_id).id


def test_a_plan_is_not_changed_under_an_import_that_begins(session, send, manager, beside):
    imported = send(HEAD + "A;Nr0;500100302;;;\n")
    import_id, mapping, layout = imported.id, dict(imported.mapping), imports.layout_of(imported)
    plan = {"mapping": {"2": "phone"}, "rule": ImportRule.CREATE, "match_by": "phone", "tags": ()}

    def planned_again():
        user = session.get(AppUser, manager.id)
        imports.plan_import(imports.the_import(import_id, actor=user), **plan, actor=user)

    def read_in_another_way():
        user = session.get(AppUser, manager.id)
        imports.read_again(imports.the_import(import_id, actor=user), replace(layout, has_header=False), actor=user)

    for change in (planned_again, read_in_another_way):
        work = imports.start_import(imported, dry_run=True, actor=manager)
        late = beside(change)
        session.commit()
        with pytest.raises(Refused, match="is running"):
            late.result()
        run(work.id)
        session.expire_all()
        assert imported.mapping == mapping


def test_titles_of_the_error_file_run_in_no_spreadsheet(session, send, carry_out):
    imported = send("=cmd|' /C calc'!A0;Telefon\nx;12\n", mapping={"1": "phone"})
    carry_out(imported)
    first = b"".join(imports.error_file(imported)).decode("utf-8-sig").splitlines()[0]
    assert first == "'=cmd|' /C calc'!A0;Telefon;Reason"


def test_leading_zeros_plus_signs_and_formulas_survive_and_a_telephone_is_enough(session, send, carry_out):
    content = HEAD + ";;'+48 500100205;;00123;\n;'=1+1;0048500100206;;'-5;\n;;;;;\n"
    imported = send(content)
    carry_out(imported)
    contacts = session.scalars(select(Contact).order_by(Contact.id)).all()
    assert [(one.last_name, one.external_key, one.phones[0].number) for one in contacts] == [
        (None, "00123", "+48500100205"),
        ("=1+1", "-5", "+48500100206"),
    ]
    assert contacts[0].name == "+48 500 100 205"
    assert outcomes(session, imported)[2] == (4, "rejected", "nothing_to_name")


def test_the_error_file_has_the_columns_of_the_source_and_can_be_imported_when_mended(session, send, carry_out):
    content = HEAD + 'Ada;=cmd;123;x;7;"a;b"\nEwa;Zła;500100207;ewa@example.com\nIda;Dobra;500100208;;;\n'
    imported = send(content)
    carry_out(imported)
    lines = b"".join(imports.error_file(imported)).decode("utf-8-sig").splitlines()
    assert lines[0] == HEAD.strip() + ";Reason"
    assert lines[1].startswith('Ada;\'=cmd;123;x;7;"a;b";')
    assert "too short" in lines[1]
    assert "not an e-mail address" in lines[1]
    assert lines[2] == "Ewa;Zła;500100207;ewa@example.com;;;This row has 4 cells, and the header has 6."
    mended = "\n".join(lines).replace("123;x", "500100209;ada@example.com")
    again = send("\ufeff" + mended)
    carry_out(again)
    assert imports.figures(again) == {"created": 2, "updated": 0, "skipped": 0, "rejected": 0}
    assert session.scalar(select(func.count(Contact.id)).where(Contact.last_name == "=cmd")) == 1


def test_custom_fields_are_read_checked_and_required(session, send, carry_out):
    session.add_all(
        [
            CustomField(key="meter", title="Licznik", kind=CustomFieldKind.NUMBER, is_required=True),
            CustomField(key="since", title="Od", kind=CustomFieldKind.DATE),
        ]
    )
    session.commit()
    content = "Nazwisko;Telefon;Licznik;Od\nA;500100210;12,5;31.03.2026\nB;500100211;dużo;\nC;500100212;;\n"
    imported = send(content)
    assert imported.mapping == {"0": "last_name", "1": "phone", "2": "custom:meter", "3": "custom:since"}
    carry_out(imported)
    assert [(outcome, reason) for _row, outcome, reason in outcomes(session, imported)] == [
        ("created", None), ("rejected", "number_bad"), ("rejected", "required_field"),
    ]  # fmt: skip
    assert session.scalars(select(Contact.custom)).all() == [{"meter": 12.5, "since": "2026-03-31"}]


def test_an_external_key_that_another_contact_has_is_refused_for_that_row_alone(session, send, carry_out, manager):
    known(manager, last_name="Pierwszy", external_key="7")
    imported = send(HEAD + "A;A;500100213;;7;\nB;B;500100214;;8;\nC;C;500100215;;8;\n", match_by="phone")
    for dry_run in (True, False):
        carry_out(imported, dry_run=dry_run)
        assert [outcome for _row, outcome, _reason in outcomes(session, imported)] == [
            "rejected",
            "created",
            "rejected",
        ]


def test_one_number_of_several_contacts_is_never_filled_into_one_of_them(session, send, carry_out, manager):
    for name in ("A", "B"):
        known(manager, last_name=name, phones=(Phone("500100216"),))
    imported = send(HEAD + "X;X;500100216;;;\n", rule="update", match_by="phone")
    carry_out(imported)
    assert outcomes(session, imported) == [(2, "rejected", "several_known")]


def test_a_file_that_breaks_in_the_middle_imports_nothing_and_says_where(session, send, carry_out):
    # Behind the first bytes, by which a file's type is told.
    imported = send(HEAD.encode() + b"A;A;500100217;;;\n" * 1000 + b"B;B;5001\x0000218;;;\n")
    work = carry_out(imported)
    assert work.state == WorkState.FAILED
    assert "Line 1002" in progress(work)["error"]
    assert session.scalar(select(func.count(Contact.id))) == 0


def test_a_plan_that_cannot_be_is_refused(session, send, manager):
    imported = send(HEAD + "A;A;500100219;;;\n")
    plan = {"mapping": imported.mapping, "rule": imported.rule, "match_by": "phone", "tags": (), "actor": manager}
    for wrong in (
        {"mapping": {"0": "first_name", "1": "first_name", "2": "phone"}},
        {"mapping": {"0": "nothing", "2": "phone"}},
        {"mapping": {"9": "phone"}},
        {"match_by": "tax_number"},
        {"mapping": {"5": "tags"}},
    ):
        with pytest.raises(Invalid):
            imports.plan_import(imported, **{**plan, **wrong})


def test_a_stop_keeps_what_is_stored_and_going_on_takes_no_row_twice(session, send, manager, monkeypatch):
    monkeypatch.setattr(import_jobs, "BATCH", 2)
    imported = send(HEAD + "".join(f"A;Nr{n};5001{n:05d};;;\n" for n in range(9)))
    with transaction():
        work = imports.start_import(imported, dry_run=False, actor=manager)
    write = importing.Batch.write

    def write_and_ask_to_stop(batch, **given):
        counts = write(batch, **given)
        session.flush()
        stop_work(session.get(Work, work.id))
        return counts

    monkeypatch.setattr(importing.Batch, "write", write_and_ask_to_stop)
    run(work.id)
    session.expire_all()
    assert work.state == WorkState.STOPPED
    assert session.scalar(select(func.count(Contact.id))) == 2 == work.done
    monkeypatch.setattr(importing.Batch, "write", write)
    with transaction():
        onward = imports.continue_import(imported, actor=manager)
    run(onward.id)
    session.expire_all()
    assert (onward.state, onward.done, onward.result["created"]) == (WorkState.DONE, 9, 9)
    assert session.scalar(select(func.count(Contact.id))) == 9


KILLED = """
import sys
from pathlib import Path
from app import create_app
from app.core.config import Settings
from app.jobs.work import run
app = create_app(Settings(home=Path(sys.argv[1]), database_url=sys.argv[2], redis_url=sys.argv[3], secret_key="k" * 40))
with app.app_context():
    run(int(sys.argv[4]))
"""


def test_a_worker_that_is_killed_loses_no_row_and_takes_none_twice(session, send, manager, settings):
    count = 12_000
    rows = (f"Ada;Nr{n};5{n:08d};ada{n}@example.com;{n};\n" for n in range(10_000_000, 10_000_000 + count))
    imported = send(HEAD + "".join(rows), match_by="external_key")
    with transaction():
        work = imports.start_import(imported, dry_run=False, actor=manager)
    work_id = work.id
    arguments = [str(settings.home), settings.database_url, settings.redis_url, str(work_id)]
    with subprocess.Popen([sys.executable, "-c", KILLED, *arguments]) as worker:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and worker.poll() is None:
            session.rollback()
            if session.scalar(select(Work.done).where(Work.id == work_id)):
                break
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
    session.expire_all()
    done = session.get(Work, work_id).done
    assert 0 < done < count
    assert session.scalar(select(func.count(Contact.id))) == done
    session.rollback()
    run(work_id)
    session.expire_all()
    assert session.get(Work, work_id).done == done, "the lease of the dead worker still holds"
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        run(work_id)
    session.expire_all()
    work = session.get(Work, work_id)
    assert (work.state, work.done) == (WorkState.DONE, count)
    assert session.scalar(select(func.count(Contact.id))) == count
    assert session.scalar(select(func.count(func.distinct(ContactPhone.number)))) == count
    assert imports.figures(imported)["created"] == count


def test_an_import_is_its_users_own(session, send):
    imported = send(HEAD + "A;A;500100220;;;\n")
    other = a_user("manager")
    with pytest.raises(Exception, match="somebody else"):
        imports.the_import(imported.id, actor=other)
    assert imports.the_import(imported.id, actor=a_user("admin")) is imported
    assert session.get(AppUser, imported.created_by_id) is not None


def test_imported_contacts_belong_to_whoever_imported_them(session, send, carry_out, manager):
    carry_out(send(HEAD + "A;A;500100221;;;\n", tags=["lista"]))
    contact = session.scalars(select(Contact)).one()
    assert the_contact(contact.id, actor=manager).tags == ["lista"]
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.record == "contact")).one()
    assert (entry.actor_id, entry.action, entry.after["phones"]) == (
        manager.id,
        "created",
        [{"number": "+48500100221"}],
    )
