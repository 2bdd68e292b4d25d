"""What the server makes of definitions by itself: a new field, and an earlier version brought back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.formbuilder.definition import empty_definition
from app.formbuilder.editing import new_field, restored
from tests.formbuilder.edits import any_edit, ids_of


def test_there_is_no_field_of_an_unknown_kind():
    with pytest.raises(Invalid):
        new_field("hologram", page="page-1")


@given(st.data())
def test_no_sequence_of_edits_and_restores_loses_a_field_or_a_choice(data):
    versions = [empty_definition()]
    for _ in range(data.draw(st.integers(1, 12))):
        now = versions[-1]
        is_restored = data.draw(st.integers(0, 4)) == 0
        following = restored(data.draw(st.sampled_from(versions)), now) if is_restored else any_edit(data, now)
        assert ids_of(now) <= ids_of(following)
        kinds = {field.id: field.kind for field in following.fields}
        assert all(kinds[field.id] == field.kind for field in now.fields)
        versions.append(following)


@given(st.data())
def test_a_version_comes_back_as_it_was_and_what_came_since_is_hidden(data):
    old = empty_definition()
    for _ in range(data.draw(st.integers(0, 5))):
        old = any_edit(data, old)
    now = old
    for _ in range(data.draw(st.integers(0, 8))):
        now = any_edit(data, now)
    back = restored(old, now)
    assert [field.id for field in back.fields[: len(old.fields)]] == [field.id for field in old.fields]
    for field in old.fields:
        again = back.by_id[field.id]
        assert (again.title, again.hidden, again.page) == (field.title, field.hidden, field.page)
    assert all(field.hidden for field in back.fields if field.id not in old.by_id)
