from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.formbuilder.definition import FIELDS, empty_definition, from_json, to_json
from app.formbuilder.merge import merge
from tests.formbuilder import edits
from tests.formbuilder.edits import any_edit, ids_of
from tests.formbuilder.form_samples import choice, make_definition, make_field


def edited(data, definition, most=6):
    for _ in range(data.draw(st.integers(0, most))):
        definition = any_edit(data, definition)
    return definition


def ids(definition):
    return [field.id for field in definition.fields]


@given(st.data())
def test_what_only_one_side_changed_is_that_side(data):
    base = edited(data, empty_definition())
    changed = edited(data, base)
    for merged in (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)):
        assert merged.definition == changed
        assert not merged.clashes


@given(st.data())
def test_nothing_of_either_side_is_lost_whatever_is_decided(data):
    base = edited(data, empty_definition())
    theirs, mine = edited(data, base), edited(data, base)
    first = merge(base, theirs, mine)
    decisions = {clash.key: data.draw(st.sampled_from(["theirs", "mine"])) for clash in first.clashes}
    merged = merge(base, theirs, mine, decisions)
    assert not merged.undecided
    assert merged.clashes == first.clashes
    for definition in (first.definition, merged.definition):
        assert ids_of(definition) == ids_of(theirs) | ids_of(mine)
        assert len(ids(definition)) == len(set(ids(definition)))


@given(st.data())
def test_deciding_all_for_one_side_keeps_every_value_that_it_changed(data):
    base = edited(data, empty_definition())
    theirs, mine = edited(data, base), edited(data, base)
    keys = [clash.key for clash in merge(base, theirs, mine).clashes]
    merged = merge(base, theirs, mine, dict.fromkeys(keys, "mine")).definition
    for field in mine.fields:
        former, got = base.by_id.get(field.id), merged.by_id[field.id]
        for name in ("title", "help", "width", "hidden", "required_to_save", "page"):
            if former is None or getattr(field, name) != getattr(former, name):
                assert getattr(got, name) == getattr(field, name)


@given(st.data())
def test_edits_of_different_fields_commute(data):
    base = edited(data, empty_definition(), most=10)
    places = data.draw(st.permutations(base.fields))
    half = len(places) // 2
    sides = []
    for fields in (places[:half], places[half:]):
        side = base
        for field in fields:
            title = data.draw(st.text("ab", max_size=2))
            side = edits.rename_field(side, field.id, title)
            if data.draw(st.booleans()):
                side = edits.hide_field(side, field.id)
        sides.append(side)
    one, other = merge(base, *sides), merge(base, *reversed(sides))
    assert one.definition == other.definition
    assert not one.clashes
    assert not other.clashes


def test_both_changed_one_setting_differently_and_a_person_decides():
    field = make_field("text", title="Powód", config={"limit": 100})
    base = make_definition(field)
    theirs = edits.change_config(edits.rename_field(base, field.id, "Przyczyna"), field.id, {"limit": 50})
    mine = edits.set_width(edits.rename_field(base, field.id, "Dlaczego?"), field.id, 3)
    merged = merge(base, theirs, mine)
    [clash] = merged.undecided
    assert (clash.path, clash.base, clash.theirs, clash.mine) == (
        ("fields", field.id, "title"),
        "Powód",
        "Przyczyna",
        "Dlaczego?",
    )
    decided = merge(base, theirs, mine, {clash.key: "mine"})
    got = decided.definition.by_id[field.id]
    assert (got.title, got.width, got.config.limit, decided.undecided) == ("Dlaczego?", 3, 50, ())


def test_choices_of_both_sides_stand_in_one_list():
    red, blue = choice("Czerwony"), choice("Niebieski")
    field = make_field("single_choice", config={"choices": [red]})
    base = make_definition(field)
    theirs = edits.change_config(base, field.id, {"choices": [red, blue]})
    mine = edits.add_choice(edits.rename_choice(base, field.id, red["id"], "Rudy"), field.id, "Zielony")
    titles = [each.title for each in merge(base, theirs, mine).definition.fields[0].config.choices]
    assert titles == ["Rudy", "Niebieski", "Zielony"]


def test_a_field_that_one_moved_and_one_added_behind_another_keep_their_places():
    first, second, third, new = (make_field("text", title=title) for title in "1234")
    base = make_definition(first, second, third)
    theirs = edits.move_field(base, third.id)
    mine = edits.add_field(base, new, after=first.id)
    assert ids(merge(base, theirs, mine).definition) == [third.id, first.id, new.id, second.id]
    assert ids(merge(base, mine, theirs).definition) == [third.id, first.id, new.id, second.id]


def test_one_field_moved_to_two_places_is_a_clash_of_the_order():
    first, second, third = (make_field("text", title=title) for title in "123")
    base = make_definition(first, second, third)
    theirs = edits.move_field(base, third.id)
    mine = edits.move_field(base, third.id, after=first.id)
    merged = merge(base, theirs, mine)
    [clash] = merged.undecided
    assert clash.path == ("fields", "order")
    assert ids(merge(base, theirs, mine, {clash.key: "theirs"}).definition) == [third.id, first.id, second.id]
    assert ids(merge(base, theirs, mine, {clash.key: "mine"}).definition) == [first.id, third.id, second.id]


def test_settings_go_with_the_kind_that_one_side_gave():
    field = make_field("text", config={"limit": 100})
    base = make_definition(field)
    theirs = edits.change_config(base, field.id, {"limit": 50})
    number = replace(make_field("number", title="Ile?"), id=field.id)
    mine = make_definition(number)
    [clash] = merge(base, theirs, mine).undecided
    assert clash.path[-1] == "kind"
    decided = merge(base, theirs, mine, {clash.key: "mine"}).definition
    assert decided.by_id[field.id] == number
    assert merge(base, base, mine).definition == mine


def test_what_an_older_edit_does_not_know_stays():
    kept, new = make_field("text"), make_field("text")
    raw = to_json(make_definition(kept))
    assert ids(merge(make_definition(kept), make_definition(kept, new), from_json(raw)).definition) == [kept.id, new.id]
    assert ids(merge(make_definition(kept), make_definition(), make_definition(new)).definition) == [kept.id, new.id]


def test_two_edits_that_are_too_much_together_get_a_clear_answer():
    half = FIELDS // 2 + 1
    sides = [make_definition(*(make_field("text") for _ in range(half))) for _ in range(2)]
    with pytest.raises(Invalid):
        merge(make_definition(), *sides)
