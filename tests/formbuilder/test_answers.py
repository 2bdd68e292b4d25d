from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.formbuilder.answers import AnswerChange, rows_for, store_answers, store_many
from app.models import Answer, Case, CaseAnswers, Contact, Status
from app.models.cases import Source
from app.models.contacts import ContactKind
from app.models.scripts import StatusKind
from tests.factories import a_campaign
from tests.formbuilder.form_samples import choice, make_definition, make_field

RED, BLUE = choice("Czerwony"), choice("Niebieski")
AMOUNT = make_field("money")
COLOURS = make_field("multiple_choice", config={"choices": [RED, BLUE]})
NOTE = make_field("long_text")
DEFINITION = make_definition(AMOUNT, COLOURS, NOTE)


@pytest.fixture
def cases(session):
    campaign = a_campaign()
    status = Status(script_id=campaign.script_id, name="Nowa", kind=StatusKind.NEW)
    contact = Contact(kind=ContactKind.PERSON, first_name="Zofia", last_name="Próbna", name="Zofia Próbna")
    made = [
        Case(contact=contact, campaign=campaign, status=status, source=Source.OUTBOUND_CAMPAIGN, subject="x")
        for _ in range(3)
    ]
    session.add_all([status, *made])
    session.flush()
    return [case.id for case in made]


def rows(session, case_id):
    """Rows of a case by field and place."""
    found = session.scalars(select(Answer).filter_by(case_id=case_id).execution_options(populate_existing=True))
    return {(str(row.field_id), row.place): (row.words, row.number) for row in found}


def test_answers_are_a_document_and_typed_rows(session, cases):
    document = {AMOUNT.id: "1642.1", COLOURS.id: [RED["id"], BLUE["id"]], NOTE.id: "Łódź"}
    store_answers(cases[0], {}, document, DEFINITION)
    assert session.get(CaseAnswers, cases[0]).document == document
    assert rows(session, cases[0]) == {
        (AMOUNT.id, 0): ("1642.1", Decimal("1642.1")),
        (COLOURS.id, 0): (RED["id"], None),
        (COLOURS.id, 1): (BLUE["id"], None),
        (NOTE.id, 0): ("lodz", None),
    }


def test_only_rows_of_changed_fields_are_written_anew(session, cases):
    before = {AMOUNT.id: "1", COLOURS.id: [RED["id"], BLUE["id"]]}
    store_answers(cases[0], {}, before, DEFINITION)
    session.execute(Answer.__table__.update().where(Answer.field_id == UUID(AMOUNT.id)).values(words="kept"))
    store_answers(cases[0], before, {AMOUNT.id: "1", COLOURS.id: [BLUE["id"]]}, DEFINITION)
    assert rows(session, cases[0]) == {
        (AMOUNT.id, 0): ("kept", Decimal(1)),
        (COLOURS.id, 0): (BLUE["id"], None),
    }


def test_a_loaded_row_shows_what_was_stored(session, cases):
    store_answers(cases[0], {}, {NOTE.id: "a"}, DEFINITION)
    loaded = session.get(CaseAnswers, cases[0])
    assert loaded.document == {NOTE.id: "a"}
    store_answers(cases[0], {NOTE.id: "a"}, {}, DEFINITION)
    assert loaded.document == {}
    assert rows(session, cases[0]) == {}


def test_many_cases_are_stored_at_once_and_apart(session, cases):
    store_answers(cases[0], {}, {NOTE.id: "old"}, DEFINITION)
    store_many(
        [
            AnswerChange(case_id=cases[0], before={NOTE.id: "old"}, after={AMOUNT.id: "1"}),
            AnswerChange(case_id=cases[1], before={}, after={AMOUNT.id: "2"}),
        ],
        DEFINITION,
    )
    assert rows(session, cases[0]) == {(AMOUNT.id, 0): ("1", Decimal(1))}
    assert rows(session, cases[1]) == {(AMOUNT.id, 0): ("2", Decimal(2))}
    assert rows(session, cases[2]) == {}
    store_many([], DEFINITION)


def test_answers_that_the_form_does_not_know_are_kept_without_rows(session, cases):
    strange = "0b5ad6a1-6d9d-4d0e-8f43-6ad1a2f36a11"
    store_answers(cases[0], {}, {strange: {"any": 1}, AMOUNT.id: "no number"}, DEFINITION)
    assert session.get(CaseAnswers, cases[0]).document[strange] == {"any": 1}
    assert rows(session, cases[0]) == {}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            AMOUNT.id: st.decimals(0, 9999, places=2).map(str),
            COLOURS.id: st.lists(st.sampled_from([RED["id"], BLUE["id"]]), min_size=1, unique=True),
            NOTE.id: st.text(min_size=1, max_size=9),
        },
    )
)
def test_each_place_of_each_field_has_one_row(document):
    keys = [(row["field_id"], row["place"]) for row in rows_for(DEFINITION, document)]
    assert len(keys) == len(set(keys))
    assert {str(field_id) for field_id, _ in keys} == set(document)
