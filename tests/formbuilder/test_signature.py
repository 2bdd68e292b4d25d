import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.errors import Invalid
from app.formbuilder.field_types.base import TypedValue
from app.formbuilder.field_types.signature import HEIGHT, NUMBERS, STROKES, WIDTH
from app.formbuilder.form import check, form_values
from app.formbuilder.registry import answer_type
from tests.formbuilder.form_samples import everybody, make_definition, make_field

SIGNED_AT = datetime(2026, 11, 22, 9, 31, 12, tzinfo=UTC)
LINES = [[10, 20, 30, 40], [50, 60]]
FIELD = make_field("signature", required_to_save=True)
DEFINITION = make_definition(FIELD)


def kind():
    return answer_type(FIELD)


def sent(name="Anna Próbna", strokes=LINES):
    return json.dumps({"name": name, "strokes": strokes})


def signed(name="Anna Próbna", strokes=LINES):
    with clock.stopped_at(SIGNED_AT):
        return kind().parse(sent(name, strokes))


def test_it_says_who_signed_and_when():
    value = signed()
    stored = kind().to_document(value)
    assert stored == {"name": "Anna Próbna", "at": "2026-11-22T09:31:12+00:00", "strokes": LINES}
    assert kind().from_document(json.loads(json.dumps(stored))) == value
    assert kind().show(stored, "en") == "signed 22 Nov 2026 10:31 by Anna Próbna"
    assert kind().export(value, "en") == "signed 22 Nov 2026 10:31 by Anna Próbna"
    assert kind().display(signed(name=""), "en") == "signed 22 Nov 2026 10:31"
    assert kind().typed_rows(value) == [TypedValue(words="anna probna", moment=SIGNED_AT)]
    assert kind().in_formulas(stored) == "Anna Próbna"
    assert kind().in_formulas(kind().to_document(signed(name=""))) == "signed"


def test_a_typed_name_is_a_signature_and_nothing_is_none():
    assert signed(strokes=[]).name == "Anna Próbna"
    assert kind().parse("") is None
    with pytest.raises(Invalid):
        signed(name=" ", strokes=[])


def test_the_moment_is_the_servers_and_stays_while_the_signature_does():
    before = {FIELD.id: kind().to_document(signed())}
    later = SIGNED_AT + timedelta(days=1)

    def saved(text):
        with clock.stopped_at(later):
            return check(DEFINITION, {FIELD.id: text}, before=before, profile=everybody(DEFINITION), closing=False)

    shown = form_values(DEFINITION, before, everybody(DEFINITION), "en")[FIELD.id]
    assert json.loads(shown)["said"] == "signed 22 Nov 2026 10:31 by Anna Próbna"
    assert saved(shown).changed == saved(sent()).changed == set()
    forged = json.loads(sent(name="Jan")) | {"at": "2000-01-01T00:00:00+00:00"}
    assert saved(json.dumps(forged)).document[FIELD.id]["at"] == "2026-11-23T09:31:12+00:00"
    assert saved("").errors


@pytest.mark.parametrize(
    "strokes",
    [
        [[1]], [[]], [[1, 2.5]], [["1", 2]], [[True, 1]], [[-1, 0]], [[WIDTH + 1, 0]], [[0, HEIGHT + 1]], "x", [1, 2],
        {"a": 1}, [[0, 0]] * (STROKES + 1), [[0, 0] * (NUMBERS // 2 + 1)],
    ],
)  # fmt: skip
def test_what_no_pad_draws_is_refused(strokes):
    with pytest.raises(Invalid):
        signed(strokes=strokes)


def test_names_and_texts_have_their_limits():
    for text in (sent(name="x" * 121), "x", "[]", "7", "[" * 20_000, '{"name": 1}', "x" * 40_001, "\0"):
        with pytest.raises(Invalid):
            kind().parse(text)


@given(
    st.text(max_size=60),
    st.lists(st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)), min_size=1, max_size=20), max_size=5),
)
def test_every_drawing_is_kept_as_it_was(name, drawn):
    strokes = [[number for point in stroke for number in point] for stroke in drawn]
    try:
        value = kind().parse(sent(name, strokes))
    except Invalid:
        assert not strokes
        return
    assert kind().from_document(kind().to_document(value)) == value
    assert [list(stroke) for stroke in value.strokes] == strokes
