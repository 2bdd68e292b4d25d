"""Fields that get another kind: what converts, and that nothing is ever lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formbuilder.conversion import bring_forward, changed_meanings, convert, means_the_same
from app.formbuilder.registry import answer_type
from tests.formbuilder.form_samples import choice, make_definition, make_field

MANY, ONE = "multiple_choice", "single_choice"
RED, BLUE, GREY = choice("Czerwony"), choice("Niebieski"), choice("Szary", hidden=True)
CHOICES = {"choices": [RED, BLUE, GREY]}
FIELD_ID = "11111111-1111-4111-8111-111111111111"


def field(kind, **settings):
    return replace(make_field(kind, **settings), id=FIELD_ID)


@pytest.fixture(autouse=True)
def _context(app):
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("raw", "old", "new", "expected"),
    [
        ("12,5", field("text"), field("number"), "12.5"),
        ("dwa", field("text"), field("number"), None),
        ("12.5", field("number", config={"unit": "kWh"}), field("text"), "12,5 kWh"),
        ("12.5", field("number", config={"unit": "kWh"}), field("percent"), "12.5"),
        ("100", field("money"), field("number"), "100"),
        ("100", field("money"), field("money", config={"currency": "EUR"}), None),
        (RED["id"], field(ONE, config=CHOICES), field("text"), "Czerwony"),
        (GREY["id"], field(ONE, config=CHOICES), field("text"), "Szary"),
        (RED["id"], field(ONE, config=CHOICES), field(MANY, config=CHOICES), [RED["id"]]),
        ([GREY["id"]], field(MANY, config=CHOICES), field(ONE, config=CHOICES), GREY["id"]),
        ([RED["id"], BLUE["id"]], field(MANY, config=CHOICES), field(ONE, config=CHOICES), None),
        ("czerwony", field("text"), field(ONE, config=CHOICES), RED["id"]),
        ("Czerwony, niebieski", field("text"), field(MANY, config=CHOICES), [RED["id"], BLUE["id"]]),
        ("Czerwony, inny", field("text"), field(MANY, config=CHOICES), None),
        ("Tak", field("text"), field("yes_no"), True),
        ("może", field("text"), field("yes_no"), None),
        ("2026-03-04", field("date"), field("text"), "4.03.2026"),
        ("2026-03-04T23:30+00:00", field("date_time"), field("date"), "2026-03-05"),
        ("2026-03-04T23:30+00:00", field("date_time"), field("time"), "00:30"),
        ("a\nb", field("long_text"), field("text"), "a b"),
        (4, field("rating"), field("number"), "4"),
        (4, field("rating"), field("rating", config={"style": "nps"}), None),
        ([7], field("file"), field("contact_look_up"), None),
        (7, field("contact_look_up"), field("case_look_up"), None),
        ("7", field("text"), field("contact_look_up"), None),
        ("7", field("text"), field("calculated"), None),
    ],
)  # fmt: skip
def test_an_answer_converts_or_it_does_not(raw, old, new, expected):
    assert convert(raw, old, new) == expected
    kind = answer_type(new)
    assert expected is None or kind.stored(expected) is not None


def test_what_gives_answers_their_meaning():
    zloty, euro = field("money"), field("money", config={"currency": "EUR"})
    assert means_the_same(zloty, field("money", config={"largest": "5"}))
    assert not means_the_same(zloty, euro)
    assert changed_meanings(make_definition(zloty), make_definition(euro)) == [(zloty, euro)]
    assert changed_meanings(make_definition(zloty), make_definition()) == []


SHAPES = [
    field("text"), field("long_text"), field("number"), field("money"), field("money", config={"currency": "EUR"}),
    field("yes_no"), field("date"), field("date_time"), field(ONE, config=CHOICES),
    field(MANY, config=CHOICES), field("rating"), field("email"),
]  # fmt: skip
ANSWERS = ["12,5", "5", "tak", "Czerwony", "04.03.2026", "ala@example.com", "a b", ""]


@given(st.data())
def test_no_sequence_of_kinds_and_answers_loses_an_answer(data):
    """Whatever the field becomes, every answer that anybody gave stands in the document or among the former ones."""
    versions = [data.draw(st.sampled_from(SHAPES))]
    document, former, written, given_answers = {}, {}, 0, []
    for _ in range(data.draw(st.integers(1, 6))):
        step = data.draw(st.sampled_from(["answer", "kind", "read"]))
        if step == "kind":
            versions.append(data.draw(st.sampled_from(SHAPES)))
            continue
        before = (dict(document), {key: list(entries) for key, entries in former.items()})
        now = len(versions) - 1
        brought = bring_forward(
            document,
            former,
            written=make_definition(versions[written]),
            now=make_definition(versions[now]),
            version=written,
            field_of=lambda number, _id: versions[number],
        )
        assert before == (document, former)
        document, former, written = brought.document, brought.former, now
        if FIELD_ID in document:
            assert answer_type(versions[now]).stored(document[FIELD_ID]) is not None
        if step == "answer":
            value = convert(data.draw(st.sampled_from(ANSWERS)), field("text"), versions[now])
            if versions[now].kind == "text" or value is not None:
                given_answers = given_answers[:-1] if FIELD_ID in document and given_answers else given_answers
                document = {**document, FIELD_ID: value} if value else document
                given_answers += [value] if value else []
    kept = [entry["value"] for entry in former.get(FIELD_ID, [])]
    if FIELD_ID in document:
        kept.append(document[FIELD_ID])
    assert all(each in kept for each in given_answers)


@given(st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.sampled_from(ANSWERS[:-1]))
def test_there_and_back_is_what_was_stored(old, new, typed):
    raw = convert(typed, field("text"), old)
    if raw is None:
        return
    versions = [old, new, old]
    document, former = {FIELD_ID: raw}, {}
    for step in (1, 2):
        brought = bring_forward(
            document,
            former,
            written=make_definition(versions[step - 1]),
            now=make_definition(versions[step]),
            version=step - 1,
            field_of=lambda number, _id: versions[number],
        )
        document, former = brought.document, brought.former
    assert document == {FIELD_ID: raw}
