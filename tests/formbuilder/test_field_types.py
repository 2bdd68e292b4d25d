from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.formbuilder.definition import from_json, to_json
from app.formbuilder.field_types.base import AnswerType, FieldType, TypedValue
from app.formbuilder.registry import REGISTRY, Registry, answer_type, field_type
from tests.formbuilder.form_samples import choice, make_definition, make_field

RED, BLUE, FAX = choice("Czerwony"), choice("Niebieski"), choice("Faks", hidden=True)
CHOICES = {"choices": [RED, BLUE, FAX]}

# kind, its settings, what is typed, the value, its JSON, what is shown in Polish
SAMPLES = [
    ("text", {}, " Jan\nNowak ", "Jan Nowak", "Jan Nowak", "Jan Nowak"),
    ("long_text", {}, "a\r\nb", "a\nb", "a\nb", "a\nb"),
    ("number", {"unit": "kWh"}, "18 420 kWh", Decimal(18420), "18420", "18 420 kWh"),
    ("money", {}, "1 642,10 zł", Decimal("1642.10"), "1642.1", "1 642,10 zł"),
    ("money", {"currency": "EUR"}, "EUR 12.5", Decimal("12.5"), "12.5", "12,50 €"),
    ("percent", {}, "76,6%", Decimal("76.6"), "76.6", "76,6 %"),
    ("date", {}, "4.09.2026", date(2026, 9, 4), "2026-09-04", "4.09.2026"),
    ("time", {}, "9:05", time(9, 5), "09:05", "09:05"),
    (
        "date_time",
        {},
        "4.09.2026 11:30",
        datetime(2026, 9, 4, 9, 30, tzinfo=UTC),
        "2026-09-04T09:30+00:00",
        "4.09.2026 11:30",
    ),
    ("phone", {}, "500 100 200", "+48500100200", "+48500100200", "+48 500 100 200"),
    ("email", {}, "Anna@Example.COM", "Anna@example.com", "Anna@example.com", "Anna@example.com"),
    ("web_address", {}, "example.com/x", "https://example.com/x", "https://example.com/x", "https://example.com/x"),
    ("single_choice", CHOICES, RED["id"], RED["id"], RED["id"], "Czerwony"),
    (
        "multiple_choice",
        CHOICES,
        [BLUE["id"], RED["id"]],
        (RED["id"], BLUE["id"]),
        [RED["id"], BLUE["id"]],
        "Czerwony, Niebieski",
    ),
    ("yes_no", {}, "no", False, False, "No"),
    ("rating", {}, "5", 5, 5, "5"),
    ("rating", {"style": "nps"}, "0", 0, 0, "0"),
    ("file", {}, ["12", "7"], (12, 7), [12, 7], "12, 7"),
    ("contact_look_up", {}, "42", 42, 42, "42"),
    ("case_look_up", {}, "42", 42, 42, "42"),
    ("pesel", {}, "44051401359", "44051401359", "44051401359", "44051401359"),
    ("nip", {}, "PL 123-456-32-18", "1234563218", "1234563218", "123-456-32-18"),
    ("regon", {}, "192598184", "192598184", "192598184", "192598184"),
    (
        "iban",
        {},
        "61 1090 1014 0000 0712 1981 2874",
        "PL61109010140000071219812874",
        "PL61109010140000071219812874",
        "PL61 1090 1014 0000 0712 1981 2874",
    ),
    ("id_card", {}, "aba 300000", "ABA300000", "ABA300000", "ABA 300000"),
]

BAD = [
    ("text", {"limit": 3}, "abcd"),
    ("text", {}, "x" * 501),
    ("text", {}, ["a", "b"]),
    ("long_text", {}, "x" * 20_001),
    ("number", {"decimals": 0}, "1,5"),
    ("number", {"smallest": "10"}, "9"),
    ("number", {"largest": "10"}, "11"),
    ("money", {}, "1,005"),
    ("percent", {}, "wiele"),
    ("date", {}, "wczoraj"),
    ("phone", {}, "12"),
    ("phone", {}, "telefon"),
    ("email", {}, "anna(at)example.com"),
    ("web_address", {}, "javascript:alert(1)"),
    ("web_address", {}, "https://user:word@example.com"),
    ("web_address", {}, "https://exa mple.com"),
    ("web_address", {}, "https://[::1"),
    ("single_choice", CHOICES, "none-such"),
    ("single_choice", CHOICES, FAX["id"]),
    ("multiple_choice", CHOICES, [RED["id"], FAX["id"]]),
    ("yes_no", {}, "maybe"),
    ("rating", {}, "6"),
    ("rating", {}, "0"),
    ("rating", {"style": "nps"}, "11"),
    ("file", {"largest_count": 1}, ["1", "2"]),
    ("contact_look_up", {}, "Anna"),
    ("case_look_up", {}, str(2**63)),
    ("pesel", {}, "44051401358"),
    ("nip", {}, "1234563219"),
    ("regon", {}, "192598185"),
    ("iban", {}, "PL61109010140000071219812875"),
    ("id_card", {}, "ABA300001"),
]

# Entries of dictionaries are rows: `test_dictionaries.py` has the database that they need.
PURE = [kind for kind in REGISTRY.kinds() if issubclass(REGISTRY[kind], AnswerType) and kind != "dictionary"]


def answer(kind: str, **config) -> AnswerType:
    return answer_type(make_field(kind, config=config))


@pytest.mark.parametrize(("kind", "config", "typed", "value", "stored", "shown"), SAMPLES)
def test_an_answer_is_read_stored_and_shown(kind, config, typed, value, stored, shown):
    bound = answer(kind, **config)
    assert bound.parse(typed) == value
    assert bound.to_document(value) == stored
    assert bound.from_document(stored) == value
    assert bound.show(stored, "pl") == shown
    assert len(bound.typed_rows(value)) == 1 or (bound.is_several and bound.typed_rows(value))


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize(("kind", "config", "value"), [(kind, config, value) for kind, config, _, value, *_ in SAMPLES])
def test_what_the_control_shows_is_read_back(kind, config, value, language):
    bound = answer(kind, **config)
    assert bound.parse(bound.to_input(value, language), language=language) == value


@pytest.mark.parametrize(("kind", "config", "typed"), BAD)
def test_what_does_not_fit_is_refused_with_words(kind, config, typed):
    with pytest.raises(Invalid) as refusal:
        answer(kind, **config).parse(typed)
    assert str(refusal.value)


@pytest.mark.parametrize("kind", PURE)
@given(text=st.one_of(st.text(max_size=60), st.just("a\0b"), st.just("9" * 30_000)))
def test_any_text_is_an_answer_or_refused(kind, text):
    bound = answer(kind)
    try:
        value = bound.parse(text)
    except Invalid:
        return
    assert value is None or bound.from_document(bound.to_document(value)) == value
    assert "\0" not in str(value)


@pytest.mark.parametrize("kind", PURE)
@pytest.mark.parametrize("stored", [None, "", {}, [], [None], ["x"], {"a": 1}, 1.5, True, "x", "NaN", 7])
def test_whatever_is_stored_can_be_shown(kind, stored):
    bound = answer(kind)
    assert isinstance(bound.show(stored, "pl"), str)
    value = bound.stored(stored)
    assert value is None or bound.typed_rows(value)


def test_typed_rows_filter_sort_and_count():
    assert answer("text").typed_rows("Łódź") == [TypedValue(words="lodz")]
    assert answer("money").typed_rows(Decimal("1642.10")) == [TypedValue(words="1642.1", number=Decimal("1642.10"))]
    assert answer("yes_no").typed_rows(value=True) == [TypedValue(words="true")]
    assert answer("time").typed_rows(time(9, 5)) == [TypedValue(words="09:05", number=Decimal(545))]
    assert answer("date").typed_rows(date(2026, 9, 4)) == [
        TypedValue(words="2026-09-04", moment=datetime(2026, 9, 3, 22, tzinfo=UTC))
    ]
    assert [row.words for row in answer("multiple_choice", **CHOICES).typed_rows((RED["id"], BLUE["id"]))] == [
        RED["id"],
        BLUE["id"],
    ]


def test_numbers_and_dates_stay_typed_in_exports():
    assert answer("money").export(Decimal("1.5"), "pl") == Decimal("1.5")
    assert answer("date").export(date(2026, 9, 4), "pl") == date(2026, 9, 4)
    assert answer("date_time").export(datetime(2026, 9, 4, 9, 30, tzinfo=UTC), "pl") == datetime(2026, 9, 4, 11, 30)  # noqa: DTZ001
    assert answer("rating").export(4, "pl") == 4


def test_a_hidden_choice_stays_where_it_was_chosen_and_is_shown_as_hidden():
    bound = answer("single_choice", **CHOICES)
    assert bound.parse(FAX["id"], before=FAX["id"]) == FAX["id"]
    assert bound.show(FAX["id"], "pl") == "Faks (hidden)"


def test_two_classes_for_one_kind_stop_the_start():
    text = REGISTRY["text"]
    with pytest.raises(ValueError, match="two field types"):
        Registry([text, text])


def test_an_unknown_kind_is_kept_and_shown_as_unknown():
    raw = to_json(make_definition(make_field("text")))
    raw["fields"][0] |= {"kind": "hologram", "config": {"depth": [1, 2]}, "default": {"any": "thing"}}
    definition = from_json(raw)
    assert field_type(definition.fields[0]).kind == "unknown"
    assert answer_type(definition.fields[0]) is None
    assert to_json(definition) == raw


def test_settings_of_another_kind_are_a_fault_of_the_program():
    field = make_field("number")
    with pytest.raises(TypeError, match="NumberConfig"):
        REGISTRY["number"](make_field("text"))
    assert isinstance(field_type(field), FieldType)


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("single_choice", {"choices": []}),
        ("single_choice", {"choices": [choice(" ")]}),
        ("multiple_choice", {"choices": [choice("A", hidden=True)]}),
        ("number", {"smallest": "2", "largest": "1"}),
        ("script_text", {"text": " "}),
        ("script_text", {"text": "{{ contact.password }}"}),
        ("image", {}),
        ("button", {}),
        ("button", {"action": "go_to_page"}),
        ("button", {"action": "create_case"}),
        ("button", {"action": "call_webhook"}),
        ("button", {"action": "copy_text", "copied": " "}),
        ("button", {"action": "copy_text", "copied": "{{ contact.password }}"}),
        ("button", {"action": "open_address"}),
        ("button", {"action": "open_address", "address": "javascript:alert(1)"}),
        ("button", {"action": "open_address", "address": "//example.com/"}),
        ("button", {"action": "open_address", "address": "https://{{ contact.name }}/"}),
        ("button", {"action": "open_address", "address": "https://{{contact.name}}/"}),
        ("button", {"action": "open_address", "address": "https://user@example.com/"}),
        ("button", {"action": "open_address", "address": "https://{{ contact.name }}.example.com/"}),
        ("button", {"action": "open_address", "address": "https://example.com@{{ contact.name }}"}),
        ("button", {"action": "open_address", "address": "https://example.com\\@{{ contact.city }}/"}),
        ("button", {"action": "open_address", "address": "https://example.com/?q={{ contact.password }}"}),
    ],
)
def test_what_is_unfinished_is_named_before_publishing(kind, config):
    assert field_type(make_field(kind, config=config)).faults()


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("separator", {}),
        ("image", {"file_id": 7}),
        ("button", {"status_id": 7}),
        ("button", {"action": "go_to_page", "page_id": "page-2"}),
        ("button", {"action": "create_case", "campaign_id": 7}),
        ("button", {"action": "call_webhook", "webhook_id": 7}),
        ("button", {"action": "copy_text", "copied": "{{ contact.name }}, {{ case.number }}"}),
        ("button", {"action": "open_address", "address": "https://example.com"}),
        ("button", {"action": "open_address", "address": "http://example.com:8443/a?q={{ contact.name }}#x"}),
    ],
)
def test_what_is_finished_may_be_published(kind, config):
    assert field_type(make_field(kind, config=config)).faults() == []


def test_a_button_that_acts_and_a_picture_need_words():
    assert field_type(make_field("button", title=" ", config={"action": "call_webhook", "webhook_id": 7})).faults()
    assert field_type(make_field("button", title="", config={"status_id": 7})).faults() == []
    assert field_type(make_field("image", title="", config={"file_id": 7})).faults()
