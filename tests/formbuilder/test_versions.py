from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, select

from app.core import announce, clock
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.formbuilder import versions
from app.formbuilder.definition import empty_definition
from app.formbuilder.versions import FormPublished
from app.models import HistoryEntry
from tests.factories import a_user
from tests.formbuilder import edits
from tests.formbuilder.form_samples import choice, make_definition, make_field

NOON = datetime(2026, 9, 4, 12, tzinfo=UTC)


@pytest.fixture
def manager(session):
    return a_user("manager")


@pytest.fixture
def form(manager):
    return versions.create_form("Reklamacje", actor=manager)


def test_publishing_makes_a_version_and_ends_the_former_one(form, manager):
    field = make_field("text", title="Powód")
    with clock.stopped_at(NOON):
        first = versions.publish(form, make_definition(field), base=0, comment=" start ", actor=manager)
    renamed = edits.rename_field(make_definition(field), field.id, "Przyczyna")
    with clock.stopped_at(NOON + timedelta(hours=1)):
        second = versions.publish(form, renamed, base=1, actor=manager)
    assert (first.number, second.number, form.published) == (1, 2, 2)
    assert (first.comment, first.superseded_at) == ("start", NOON + timedelta(hours=1))
    assert versions.current_version(form.id) is second
    assert versions.definition_of(first).fields[0].title == "Powód"
    assert versions.definition_of(second) == renamed


def test_publishing_is_announced_and_in_the_history(form, manager, session):
    field = make_field("text", title="Powód")
    announce.forget()
    versions.publish(form, make_definition(field), base=0, actor=manager)
    announced = announce._announced.get()
    announce.forget()
    assert FormPublished(form_id=form.id, version=1) in announced
    session.flush()
    entry = session.scalars(select(HistoryEntry).filter_by(record="form", action="publish")).one()
    assert (entry.record_id, entry.actor_id, entry.before["number"], entry.after["number"]) == (
        form.id,
        manager.id,
        0,
        1,
    )
    assert entry.after["fields"][field.id]["title"] == "Powód"


def test_who_began_on_another_version_is_told_and_overwrites_nothing(form, manager):
    versions.publish(form, make_definition(make_field("text")), base=0, actor=manager)
    with pytest.raises(Conflict) as conflict:
        versions.publish(form, make_definition(make_field("text")), base=0, actor=manager)
    assert conflict.value.details == {"base": 0, "current": 1}
    assert form.published == 1


def test_nothing_that_was_published_is_removed_or_gets_another_kind(form, manager):
    red = choice("Czerwony")
    listed, amount = make_field("single_choice", config={"choices": [red]}), make_field("money")
    published = make_definition(listed, amount)
    versions.publish(form, published, base=0, actor=manager)
    without_choice = edits.change_config(published, listed.id, {"choices": [choice("Inny")]})
    other_currency = edits.change_config(published, amount.id, {"currency": "EUR"})
    other_kind = replace(make_field("text"), id=amount.id)
    for definition in (make_definition(listed), without_choice, other_currency, make_definition(listed, other_kind)):
        with pytest.raises(Refused):
            versions.publish(form, definition, base=1, actor=manager)
    hidden = edits.hide_field(edits.change_config(published, listed.id, {"choices": [red, choice("Inny")]}), amount.id)
    assert versions.publish(form, hidden, base=1, actor=manager).number == 2


def test_an_unfinished_form_is_not_published_and_says_what_is_missing(form, manager):
    field, hidden = make_field("single_choice"), make_field("button", hidden=True)
    with pytest.raises(Invalid) as refusal:
        versions.publish(form, make_definition(field, hidden), base=0, actor=manager)
    assert list(refusal.value.fields) == [field.id]


def test_a_kind_that_is_not_known_here_cannot_be_added(form, manager):
    strange = replace(make_field("text"), kind="hologram", config=versions.from_json(HOLOGRAM).fields[0].config)
    with pytest.raises(Invalid):
        versions.publish(form, make_definition(strange), base=0, actor=manager)


HOLOGRAM = {
    "pages": [{"id": "a"}],
    "fields": [{"id": "0b5ad6a1-6d9d-4d0e-8f43-6ad1a2f36a11", "kind": "hologram", "page": "a"}],
}


def test_a_draft_is_kept_until_it_is_published_or_discarded(form, manager):
    draft = make_definition(make_field("text"))
    assert versions.draft_definition(form, actor=manager) == empty_definition()
    kept = versions.save_draft(form, draft, base=0, seen=None, actor=manager)
    assert versions.draft_definition(form, actor=manager) == draft
    versions.publish_draft(form, base=0, seen=kept.at, actor=manager)
    assert versions.draft_of(form, manager) is None
    again = versions.save_draft(form, make_definition(), base=1, seen=None, actor=manager)
    versions.discard_draft(form, seen=again.at, actor=manager)
    assert versions.draft_definition(form, actor=manager) == draft


@pytest.mark.parametrize("base", [-1, 2, 2**40])
def test_a_draft_is_begun_on_a_version_that_there_was(form, manager, base):
    versions.publish(form, make_definition(make_field("text")), base=0, actor=manager)
    with pytest.raises(NotFound):
        versions.save_draft(form, make_definition(), base=base, seen=None, actor=manager)
    assert versions.draft_of(form, manager) is None


def test_two_managers_have_a_draft_each_and_the_second_publisher_overwrites_nothing(form, manager):
    other = a_user("manager")
    one, two = make_definition(make_field("text")), make_definition(make_field("number"))
    first = versions.save_draft(form, one, base=0, seen=None, actor=manager)
    second = versions.save_draft(form, two, base=0, seen=None, actor=other)
    versions.publish_draft(form, base=0, seen=first.at, actor=manager)
    assert versions.draft_definition(form, actor=other) == two
    with pytest.raises(versions.Outdated) as conflict:
        versions.publish_draft(form, base=0, seen=second.at, actor=other)
    assert conflict.value.details == {"base": 0, "current": 1}
    assert versions.draft_definition(form, actor=other) == two


def test_what_is_published_elsewhere_leaves_the_draft(form, manager):
    draft = make_definition(make_field("text"))
    versions.save_draft(form, draft, base=0, seen=None, actor=manager)
    versions.publish(form, make_definition(make_field("number")), base=0, actor=manager)
    assert versions.draft_definition(form, actor=manager) == draft


def test_a_draft_that_was_changed_on_another_screen_is_not_overwritten(form, manager):
    with clock.stopped_at(NOON):
        versions.save_draft(form, make_definition(), base=0, seen=None, actor=manager)
    with pytest.raises(Conflict):
        versions.save_draft(form, make_definition(), base=0, seen=None, actor=manager)
    versions.save_draft(form, make_definition(), base=0, seen=NOON, actor=manager)


def test_a_draft_that_was_changed_on_another_screen_is_neither_published_nor_discarded(form, manager):
    with clock.stopped_at(NOON):
        versions.save_draft(form, make_definition(make_field("text")), base=0, seen=None, actor=manager)
    for seen in (None, NOON - timedelta(seconds=1)):
        with pytest.raises(Conflict):
            versions.publish_draft(form, base=0, seen=seen, actor=manager)
        with pytest.raises(Conflict):
            versions.discard_draft(form, seen=seen, actor=manager)
    assert (form.published, versions.draft_of(form, manager).at) == (0, NOON)
    assert versions.publish_draft(form, base=0, seen=NOON, comment="razem", actor=manager).comment == "razem"


def test_a_superseded_version_is_accepted_for_a_minute(form, manager):
    with clock.stopped_at(NOON):
        first = versions.publish(form, make_definition(), base=0, actor=manager)
        second = versions.publish(form, make_definition(make_field("text")), base=1, actor=manager)
    assert versions.is_accepted(first, NOON + timedelta(seconds=60))
    assert not versions.is_accepted(first, NOON + timedelta(seconds=61))
    assert versions.is_accepted(second, NOON + timedelta(days=365))


def test_versions_are_found_by_number(form, manager):
    first = versions.publish(form, make_definition(), base=0, actor=manager)
    assert versions.version_of(form.id, 1) is first
    with pytest.raises(NotFound):
        versions.version_of(form.id, 2)


@pytest.mark.parametrize("name", ["", "  ", "x" * 161, "a\0"])
def test_a_form_needs_a_name(session, name):
    with pytest.raises(Invalid):
        versions.create_form(name, actor=None)


def test_a_form_is_renamed(form, manager, session):
    versions.rename_form(form, "Zwroty", actor=manager)
    session.flush()
    entry = session.scalars(select(HistoryEntry).filter_by(record="form", action="rename")).one()
    assert (entry.before, entry.after) == ({"name": "Reklamacje"}, {"name": "Zwroty"})


def test_a_published_definition_is_read_once_and_left_where_it_is_otherwise(form, manager, session):
    versions.publish(form, make_definition(make_field("text", title="Powód")), base=0, actor=manager)
    form_id = form.id
    session.flush()
    session.expunge_all()
    first = versions.current_version(form_id)
    assert "definition" in inspect(first).unloaded
    read = versions.definition_of(first)
    assert read.fields[0].title == "Powód"
    session.expunge_all()
    again = versions.current_version(form_id)
    assert versions.definition_of(again) is read
    assert "definition" in inspect(again).unloaded
