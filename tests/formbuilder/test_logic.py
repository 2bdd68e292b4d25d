"""Which fields show, what must be filled in, where pages lead, what is calculated; and what is refused before."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formbuilder.definition import Branch, FormDefinition, Page, from_json, to_json
from app.formbuilder.editing import new_field
from app.formbuilder.expression import check as formula
from app.formbuilder.form import check, starting_document
from app.formbuilder.logic import has_logic, logic_faults, order_of, sorts_of, state
from app.formbuilder.registry import answer_type
from tests.formbuilder.form_samples import choice, everybody, make_definition, make_field
from tests.formbuilder.formula_samples import AT, SORTS, random_tree

YES = ["flag", True]


def read(field):
    return ["field", field.id]


def when(*tree):
    return formula(list(tree))


def calculated(tree, **settings):
    config = settings.pop("config", {})
    return make_field("calculated", config={"formula": tree, **config}, **settings)


def paged(pages, *fields):
    return FormDefinition(pages=tuple(pages), fields=fields)


def on(page, kind, **settings):
    return new_field(kind, page=page, title=settings.pop("title", kind), **settings)


@pytest.fixture
def reason():
    return make_field("single_choice", config={"choices": [choice("A"), choice("B")]})


def checked(definition, submitted, *, before=None, closing=False, **options):
    options.setdefault("profile", everybody(definition))
    return check(definition, submitted, before=before or {}, closing=closing, at=AT, **options)


def test_a_field_shows_while_its_condition_holds(reason):
    first = reason.config.choices[0].id
    other = make_field("text", visible_if=when("eq", read(reason), ["text", first]))
    definition = make_definition(reason, other)
    assert state(definition, {}, AT).visible == {reason.id}
    assert state(definition, {reason.id: first}, AT).visible == {reason.id, other.id}


def test_what_is_hidden_keeps_its_answer_and_is_neither_checked_nor_required(reason):
    first, second = (each.id for each in reason.config.choices)
    condition = when("eq", read(reason), ["text", first])
    number = make_field("number", visible_if=condition, required_to_save=True, required_to_close=True)
    definition = make_definition(reason, number)
    assert set(checked(definition, {reason.id: first}).errors) == {number.id}
    result = checked(definition, {reason.id: second, number.id: "dużo"}, before={number.id: "5"}, closing=True)
    assert result.errors == {}
    assert result.document == {reason.id: second, number.id: "5"}
    assert checked(definition, {reason.id: second, number.id: "7"}).document[number.id] == "7"


def test_a_hidden_field_names_no_row_that_the_person_may_not_see(reason):
    contact = make_field("contact_look_up", visible_if=when("filled", read(reason)))
    definition = make_definition(reason, contact)
    assert checked(definition, {contact.id: "7"}).document == {}
    seen = checked(definition, {contact.id: "7"}, find=lambda _kind, _id: "Anna Nowak")
    assert seen.document == {contact.id: 7}


def test_an_answer_that_does_not_show_decides_nothing(reason):
    first = reason.config.choices[0].id
    kind = make_field("text", visible_if=when("eq", read(reason), ["text", first]))
    breed = make_field("text", visible_if=when("filled", read(kind)))
    definition = make_definition(breed, kind, reason)
    document = {kind.id: "pies", breed.id: "jamnik"}
    assert state(definition, document, AT).visible == {reason.id}
    assert state(definition, {**document, reason.id: first}, AT).visible == {reason.id, kind.id, breed.id}


def test_a_condition_says_when_a_field_is_required(reason):
    note = make_field("text", required_to_save=True, required_if=when("filled", read(reason)))
    definition = make_definition(reason, note)
    assert checked(definition, {}).errors == {}
    assert set(checked(definition, {reason.id: reason.config.choices[0].id}).errors) == {note.id}


def test_conditions_read_what_the_person_may_not_see(reason):
    secret = make_field("money", visible_roles=("manager",))
    note = make_field("text", required_if=when("gt", read(secret), ["number", "100"]))
    definition = make_definition(secret, note)
    assert set(checked(definition, {}, before={secret.id: "100.01"}).errors) == {note.id}
    assert checked(definition, {}, before={secret.id: "100"}).errors == {}


def test_every_kind_has_its_sort_in_formulas(reason):
    several = make_field("multiple_choice", config={"choices": [choice("A")]})
    chosen = several.config.choices[0].id
    answers = {
        make_field("rating"): (4, ("number", 4)),
        make_field("time"): ("09:30", ("text", "09:30")),
        make_field("date_time"): ("2026-03-04T10:00+00:00", ("moment", "2026-03-04T10:00+00:00")),
        make_field("yes_no"): (False, ("flag", False)),
        several: ([chosen], ("list", (chosen,))),
        make_field("contact_look_up"): (7, ("text", "7")),
        make_field("file"): ([1, 2], ("list", ("1", "2"))),
        make_field("percent"): ("23", ("number", 23)),
        make_field("phone"): ("+48500100200", ("text", "+48500100200")),
        make_field("date"): ("2026-02-30", None),
    }
    definition = make_definition(*answers)
    found = state(definition, {field.id: stored for field, (stored, _) in answers.items()}, AT)
    for field, (_stored, value) in answers.items():
        assert found.read(field.id) == value
    assert set(sorts_of(definition).values()) == {"number", "text", "moment", "flag", "list", "date"}


def test_a_calculated_answer_is_stored_rounded_and_follows_others():
    net, rate = make_field("money"), make_field("percent", default="23")
    tax = calculated(["divide", ["multiply", read(net), read(rate)], ["number", "100"]])
    gross = calculated(["add", read(net), read(tax)], config={"unit": "zł"})
    definition = make_definition(gross, tax, net, rate)
    result = checked(definition, {net.id: "1 642,15", rate.id: "23"})
    assert result.document == {net.id: "1642.15", rate.id: "23", tax.id: "377.69", gross.id: "2019.84"}
    assert result.changed == set(result.document)
    kind = answer_type(gross)
    assert kind.show("2019.84", "pl") == "2 019,84 zł"
    assert kind.to_input(kind.stored("2019.8"), "pl") == "2 019,80"
    assert kind.typed_rows(kind.stored("2019.84"))[0].number == kind.export(kind.stored("2019.84"), "pl")
    emptied = checked(definition, {net.id: ""}, before=result.document)
    assert emptied.document == {rate.id: "23"}
    assert starting_document(definition) == {rate.id: "23"}


def test_nobody_gives_a_calculated_answer():
    total = calculated(["number", "2"], required_to_save=True, required_to_close=True)
    empty = calculated(["add", ["number", ""], ["number", "1"]], required_to_save=True, required_to_close=True)
    definition = make_definition(total, empty)
    assert everybody(definition).editable == set()
    result = checked(definition, {total.id: "99"}, closing=True)
    assert (result.document, result.errors) == ({total.id: "2"}, {})
    assert starting_document(definition) == {total.id: "2"}


@pytest.mark.parametrize(
    ("tree", "result", "stored", "shown"),
    [
        (["join", ["text", " "], ["text", "Anna"], ["text", "Nowak"]], "text", "Anna Nowak", "Anna Nowak"),
        (["today"], "date", "2026-03-04", "4 Mar 2026"),
        (["now"], "moment", "2026-03-04T10:00+00:00", "4 Mar 2026 11:00"),
        (["gt", ["number", "2"], ["number", "1"]], "flag", True, "Yes"),
        (["text", "12"], "number", None, ""),
    ],
)
def test_a_result_is_of_the_sort_that_is_set(tree, result, stored, shown):
    field = calculated(tree, config={"result": result})
    assert state(make_definition(field), {}, AT).calculated == {field.id: stored}
    kind = answer_type(field)
    assert kind.show(stored, "en") == shown
    assert stored is None or kind.to_document(kind.from_document(stored)) == stored


def test_a_calculated_field_that_does_not_show_keeps_what_it_was(reason):
    total = calculated(["number", "2"], visible_if=when("filled", read(reason)))
    assert checked(make_definition(reason, total), {}, before={total.id: "1"}).document == {total.id: "1"}


def three_pages(branch_to):
    wish = on("a", "yes_no")
    pages = [
        Page(id="a", branches=(Branch(when=when("eq", read(wish), YES), page=branch_to),)),
        Page(id="b"),
        Page(id="c"),
    ]
    middle, last = on("b", "text", required_to_save=True), on("c", "text", required_to_save=True)
    return paged(pages, wish, middle, last), wish, middle, last


def test_a_branch_leaves_pages_out_and_asks_nothing_of_them():
    definition, wish, middle, last = three_pages("c")
    assert state(definition, {}, AT).path == ("a", "b", "c")
    assert state(definition, {wish.id: True}, AT).path == ("a", "c")
    assert set(checked(definition, {}).errors) == {middle.id, last.id}
    result = checked(definition, {wish.id: "yes"}, before={middle.id: "stays"})
    assert set(result.errors) == {last.id}
    assert result.document[middle.id] == "stays"


def test_a_branch_may_end_the_form_and_the_first_that_holds_is_taken():
    definition, wish, *_rest = three_pages(None)
    assert state(definition, {wish.id: True}, AT).path == ("a",)
    first, *others = definition.pages
    more = replace(first, branches=(Branch(when=when("empty", read(wish)), page="c"), *first.branches))
    definition = replace(definition, pages=(more, *others))
    assert state(definition, {}, AT).path == ("a", "c")
    assert state(definition, {wish.id: True}, AT).path == ("a",)
    assert state(definition, {wish.id: False}, AT).path == ("a", "b", "c")


def test_a_branch_back_is_not_taken():
    definition, wish, *_rest = three_pages("a")
    assert state(definition, {wish.id: True}, AT).path == ("a", "b", "c")
    assert set(logic_faults(definition)) == {"a"}


def faults_of(definition):
    return {key: [str(message) for message in messages] for key, messages in logic_faults(definition).items()}


def test_what_cannot_work_is_told_before_it_is_published(reason):
    heading, gone = make_field("heading"), make_field("text", hidden=True)
    text = make_field("text")
    wrong = {
        "unknown": make_field("text", visible_if=when("filled", ["field", "nobody"])),
        "display": make_field("text", visible_if=when("filled", read(heading))),
        "hidden": make_field("text", required_if=when("filled", read(gone))),
        "sort": make_field("text", visible_if=when("gt", read(text), ["number", "1"])),
        "no condition": make_field("text", visible_if=when("length", read(text))),
        "result": calculated(["join", ["text", ""], read(text)]),
        "if": calculated(["if", YES, ["number", "1"], ["text", "a"]]),
    }
    fine = make_field("text", visible_if=when("or", ["filled", read(text)], ["lt", ["today"], ["date", "2027-01-01"]]))
    definition = make_definition(heading, gone, text, fine, *wrong.values())
    assert set(faults_of(definition)) == {field.id for field in wrong.values()}
    hidden = replace(definition, fields=tuple(replace(field, hidden=True) for field in definition.fields))
    assert faults_of(hidden) == {}


def test_what_depends_on_itself_is_told_and_ends():
    one, other = make_field("text", title="Jedno"), make_field("text", title="Drugie")
    itself = replace(one, visible_if=when("empty", read(one)))
    assert set(faults_of(make_definition(itself))) == {one.id}
    assert state(make_definition(itself), {}, AT).visible == {one.id}
    both = make_definition(
        replace(one, visible_if=when("empty", read(other))), replace(other, visible_if=when("empty", read(one)))
    )
    assert set(faults_of(both)) == {one.id, other.id}
    assert "Jedno, Drugie" in faults_of(both)[one.id][0]
    assert state(both, {}, AT).visible
    later = on("b", "text")
    pages = [Page(id="a", branches=(Branch(when=when("filled", read(later)), page="c"),)), Page(id="b"), Page(id="c")]
    assert "b" in faults_of(paged(pages, later))
    assert "a" in state(paged(pages, later), {later.id: "x"}, AT).path


def test_a_long_row_of_fields_that_depend_on_each_other_is_followed():
    fields = [make_field("number")]
    for _ in range(399):
        fields.append(calculated(["add", read(fields[-1]), ["number", "1"]]))
    definition = make_definition(*reversed(fields))
    assert state(definition, {fields[0].id: "1"}, AT).calculated[fields[-1].id] == "400"
    assert logic_faults(definition) == {}


def test_a_form_without_conditions_has_no_logic(reason):
    assert not has_logic(make_definition(reason))
    assert has_logic(make_definition(reason, calculated(["today"])))
    assert has_logic(paged([Page(id="a"), Page(id="b")]))


def random_form(random):
    """Any conditions, formulas and branches over fields of every sort, circles included."""
    kinds = {
        "number": "number",
        "text": "text",
        "date": "date",
        "moment": "date_time",
        "flag": "yes_no",
        "list": "file",
    }
    pages = ["a", "b", "c"]
    ids = {name: on("a", kinds[sort]).id for name, sort in SORTS.items()}

    def some_formula(sort):
        def renamed(tree):
            if tree[0] == "field":
                return ["field", ids.get(tree[1], tree[1])]
            return [renamed(part) if isinstance(part, list) and tree[0] != "list" else part for part in tree]

        return formula(renamed(random_tree(random, 3, sort)))

    fields = []
    for name, sort in SORTS.items():
        kind = "calculated" if random.random() < 0.3 and sort != "list" else kinds[sort]
        config = {"formula": list(some_formula(sort)), "result": sort} if kind == "calculated" else {}
        field = on(random.choice(pages), kind, config=config, title=name)
        condition = some_formula("flag") if random.random() < 0.4 else None
        required = some_formula("flag") if random.random() < 0.4 else None
        fields.append(replace(field, id=ids[name], visible_if=condition, required_if=required))
    shown = [
        Page(
            id=page,
            branches=tuple(
                Branch(when=some_formula("flag"), page=random.choice([*pages, None]))
                for _ in range(random.randint(0, 2))
            ),
        )
        for page in pages
    ]
    return paged(shown, *fields)


@given(st.integers(0, 2**63))
def test_any_form_has_a_state_and_faults_and_is_kept_as_json(seed):
    definition = random_form(Random(seed))  # noqa: S311 - samples
    found = state(definition, {}, AT)
    assert found.path[0] == "a"
    assert found.required <= found.visible <= set(definition.by_id)
    assert len(order_of(definition)) == len(definition.fields) + 3
    logic_faults(definition)
    assert from_json(to_json(definition)) == definition
