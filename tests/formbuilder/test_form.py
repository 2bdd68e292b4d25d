from hypothesis import given
from hypothesis import strategies as st

from app.formbuilder.form import check, form_values, references, starting_document
from app.formbuilder.profile import profile_for
from tests.formbuilder.form_samples import choice, everybody, make_definition, make_field


def checked(definition, submitted, *, before=None, closing=False, **options):
    options.setdefault("profile", everybody(definition))
    return check(definition, submitted, before=before or {}, closing=closing, **options)


def test_answers_are_taken_and_the_changed_ones_named():
    amount, day = make_field("money"), make_field("date")
    result = checked(
        make_definition(amount, day),
        {amount.id: "1 642,10", day.id: "4.09.2026"},
        before={day.id: "2026-09-04"},
    )
    assert result.document == {amount.id: "1642.1", day.id: "2026-09-04"}
    assert result.changed == {amount.id}
    assert result.errors == {}


def test_a_wrong_value_is_refused_and_the_earlier_answer_stays():
    field = make_field("number")
    result = checked(make_definition(field), {field.id: "dużo"}, before={field.id: "5"})
    assert list(result.errors) == [field.id]
    assert result.document == {field.id: "5"}
    assert result.changed == set()


def test_what_was_not_submitted_keeps_its_answer_and_an_empty_text_clears_it():
    first, second = make_field("text"), make_field("text")
    result = checked(make_definition(first, second), {first.id: " "}, before={first.id: "a", second.id: "b"})
    assert result.document == {second.id: "b"}
    assert result.changed == {first.id}


def test_no_choice_at_all_is_an_answer():
    red = choice("Czerwony")
    field = make_field("multiple_choice", config={"choices": [red]})
    result = checked(make_definition(field), {field.id: []}, before={field.id: [red["id"]]})
    assert result.document == {}


def test_only_shown_fields_that_may_be_edited_are_taken():
    fields = [
        make_field("text", hidden=True),
        make_field("text", read_only=True),
        make_field("text", visible_roles=("manager",)),
        make_field("text", editable_roles=("manager",)),
        make_field("heading"),
    ]
    definition = make_definition(*fields)
    submitted = {field.id: "forged" for field in fields} | {"no-such-field": "forged"}
    assert checked(definition, submitted).document == {}
    assert set(checked(definition, submitted, profile=profile_for(definition, ["manager"])).document) == {
        fields[2].id,
        fields[3].id,
    }


def test_required_to_save_is_asked_always_and_required_to_close_when_closing():
    save, close = make_field("text", required_to_save=True), make_field("text", required_to_close=True)
    definition = make_definition(save, close)
    assert set(checked(definition, {}).errors) == {save.id}
    assert set(checked(definition, {}, closing=True).errors) == {save.id, close.id}
    assert checked(definition, {}, before={save.id: "a", close.id: "b"}, closing=True).errors == {}
    assert set(checked(definition, {save.id: ""}, before={save.id: "a"}).errors) == {save.id}


def test_false_and_zero_are_answers_of_required_fields():
    sure, score = make_field("yes_no", required_to_save=True), make_field("number", required_to_save=True)
    assert checked(make_definition(sure, score), {sure.id: "no", score.id: "0"}).errors == {}


def test_hidden_fields_are_kept_and_not_validated():
    field = make_field("number", hidden=True, required_to_save=True, required_to_close=True)
    result = checked(make_definition(field), {}, before={field.id: "no number"}, closing=True)
    assert (result.document, result.errors) == ({field.id: "no number"}, {})


def test_required_to_save_does_not_stop_those_who_cannot_fill_it():
    reserved = make_field("text", required_to_save=True, required_to_close=True, editable_roles=("supervisor",))
    secret = make_field("text", required_to_save=True, required_to_close=True, visible_roles=("supervisor",))
    definition = make_definition(reserved, secret)
    assert checked(definition, {}).errors == {}
    assert set(checked(definition, {}, closing=True).errors) == {reserved.id}


def test_an_answer_given_under_an_older_rule_is_not_refused_while_it_stays():
    fax = choice("Faks", hidden=True)
    number = make_field("number", config={"largest": "10"})
    listed = make_field("single_choice", config={"choices": [fax]})
    before = {number.id: "99", listed.id: fax["id"]}
    result = checked(make_definition(number, listed), {number.id: "99", listed.id: fax["id"]}, before=before)
    assert (result.errors, result.changed) == ({}, set())


def test_numbers_are_read_in_the_language_of_the_card():
    field = make_field("number", config={"decimals": 3})
    definition = make_definition(field)
    assert checked(definition, {field.id: "1,642"}, language="en").document == {field.id: "1642"}
    assert checked(definition, {field.id: "1,642"}, language="pl").document == {field.id: "1.642"}


def test_a_row_may_be_named_only_when_the_person_may_see_it():
    field = make_field("contact_look_up")
    definition = make_definition(field)
    assert list(checked(definition, {field.id: "7"}).errors) == [field.id]

    def find(kind, row_id):
        return "Anna Nowak" if (kind, row_id) == ("contact", 7) else None

    assert checked(definition, {field.id: "7"}, find=find).document == {field.id: 7}
    assert list(checked(definition, {field.id: "8"}, find=find).errors) == [field.id]
    assert checked(definition, {field.id: "8"}, before={field.id: 8}, find=find).errors == {}


def test_files_already_there_need_no_new_look():
    field = make_field("file")
    asked = []

    def find(kind, row_id):
        asked.append((kind, row_id))
        return "umowa.pdf"

    result = checked(make_definition(field), {field.id: ["1", "2"]}, before={field.id: [1]}, find=find)
    assert result.document == {field.id: [1, 2]}
    assert asked == [("file", 2)]


def test_a_text_with_nul_or_over_long_is_refused():
    field = make_field("text")
    for text in ("a\0b", "x" * 501):
        assert list(checked(make_definition(field), {field.id: text}).errors) == [field.id]


@given(
    st.dictionaries(st.sampled_from("abc"), st.one_of(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=3)))
)
def test_any_submission_is_checked_without_a_crash(drawn):
    fields = dict(zip("abc", [make_field("number"), make_field("yes_no"), make_field("multiple_choice")], strict=True))
    definition = make_definition(*fields.values())
    before = {fields["a"].id: "1"}
    result = checked(definition, {fields[key].id: value for key, value in drawn.items()}, before=before)
    assert set(result.errors) <= set(definition.by_id)
    assert result.changed == {key for key in definition.by_id if before.get(key) != result.document.get(key)}


def test_a_new_case_starts_with_the_defaults():
    given_, hidden = make_field("text", default="Dzień dobry"), make_field("text", default="x", hidden=True)
    assert starting_document(make_definition(given_, hidden, make_field("text"))) == {given_.id: "Dzień dobry"}


def test_the_card_gets_the_answers_that_its_user_may_see():
    amount, secret = make_field("money"), make_field("text", visible_roles=("manager",))
    definition = make_definition(amount, secret, make_field("heading"))
    document = {amount.id: "1642.1", secret.id: "x"}
    assert form_values(definition, document, everybody(definition), "pl") == {amount.id: "1 642,10"}
    assert form_values(definition, {}, everybody(definition), "en") == {amount.id: ""}


def test_the_rows_that_answers_name_are_listed_by_kind():
    contact, files = make_field("contact_look_up"), make_field("file")
    document = {contact.id: 7, files.id: [1, 2]}
    assert references(make_definition(contact, files), document) == {"contact": {7}, "file": {1, 2}}


def test_equal_rights_are_one_profile():
    definition = make_definition(make_field("text"), make_field("text", editable_roles=("manager", "supervisor")))
    manager, supervisor, agent = (profile_for(definition, [role]) for role in ("manager", "supervisor", "agent"))
    assert manager == supervisor != agent
    assert manager.key == supervisor.key != agent.key
