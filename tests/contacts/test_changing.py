"""Verbs of one contact: who may change which of the centre's own fields."""

from dataclasses import replace

import pytest

from app.contacts.changing import change_contact, create_contact, mark_number
from app.contacts.values import ContactValues, Phone, values_of
from app.core.errors import Invalid
from app.models import CustomField
from app.models.contacts import CustomFieldKind
from tests.factories import a_user

STORED = {"hidden": "h", "fixed": "f", "free": "x"}


@pytest.fixture
def contact(session):
    for key, values in {"hidden": {"is_visible": False}, "fixed": {"agents_may_edit": False}, "free": {}}.items():
        session.add(CustomField(key=key, title=key, kind=CustomFieldKind.TEXT, **values))
    session.flush()
    values = ContactValues(last_name="Próbna", phones=(Phone("+48500100100"),), custom=STORED)
    return create_contact(values, actor=None)


def changed(contact, user, **custom):
    values = replace(values_of(contact), custom=custom)
    return change_contact(contact, values, expected_version=contact.version, actor=user).custom


@pytest.mark.parametrize(
    ("role", "refused"),
    [("agent", {"hidden", "fixed"}), ("supervisor", {"hidden"}), ("manager", {"hidden"}), ("admin", set())],
)
def test_a_field_is_changed_by_whom_the_rule_names_and_refused_to_others(contact, role, refused):
    user = a_user(role)
    for key in STORED:
        custom = {name: value for name, value in STORED.items() if name not in refused} | {key: "new"}
        if key in refused:
            with pytest.raises(Invalid) as told:
                changed(contact, user, **custom)
            assert set(told.value.fields) == {f"custom.{key}"}
            assert contact.custom == STORED
        else:
            assert changed(contact, user, **custom)[key] == "new"
            change_contact(
                contact, replace(values_of(contact), custom=STORED), expected_version=contact.version, actor=None
            )


def test_a_field_that_the_form_does_not_send_stays_unless_the_user_may_clear_it(contact):
    assert changed(contact, a_user("agent")) == {"hidden": "h", "fixed": "f"}
    assert changed(contact, a_user("supervisor")) == {"hidden": "h"}
    assert changed(contact, a_user("admin")) == {}


def test_not_even_the_stored_value_of_a_hidden_field_can_be_guessed(contact):
    with pytest.raises(Invalid):
        changed(contact, a_user("agent"), hidden="h")


def test_a_new_contact_has_no_value_that_its_maker_may_not_give(contact):
    with pytest.raises(Invalid) as told:
        create_contact(ContactValues(last_name="Inna", custom={"fixed": "f", "hidden": "h"}), actor=a_user("agent"))
    assert set(told.value.fields) == {"custom.fixed", "custom.hidden"}


@pytest.mark.parametrize("rule", [{"agents_may_edit": False}, {"is_visible": False}])
def test_nobody_is_asked_for_a_required_field_that_they_may_not_fill_in(session, contact, rule):
    agent = a_user("agent")
    session.add(CustomField(key="deal", title="Deal", kind=CustomFieldKind.TEXT, is_required=True, **rule))
    session.flush()
    assert create_contact(ContactValues(last_name="Inna"), actor=agent).custom == {}
    assert changed(contact, agent, free="new")["free"] == "new"
    mark_number(contact, "+48500100100", is_wrong=True, actor=agent)
    assert contact.phones[0].is_wrong
    with pytest.raises(Invalid) as told:
        create_contact(ContactValues(last_name="Inna"), actor=a_user("admin"))
    assert set(told.value.fields) == {"custom.deal"}


def test_a_value_that_fits_no_more_stops_only_those_who_may_mend_it(session, contact):
    session.query(CustomField).filter_by(key="fixed").update({"kind": CustomFieldKind.NUMBER})
    assert changed(contact, a_user("agent"), free="new") == {**STORED, "free": "new"}
    with pytest.raises(Invalid) as told:
        changed(contact, a_user("supervisor"), fixed="f")
    assert set(told.value.fields) == {"custom.fixed"}


def test_a_number_is_marked_though_the_rest_of_the_contact_fits_no_more(session, contact):
    session.add(CustomField(key="deal", title="Deal", kind=CustomFieldKind.TEXT, is_required=True))
    session.flush()
    mark_number(contact, "+48500100100", is_wrong=True, actor=a_user("agent"))
    assert contact.phones[0].is_wrong


def test_who_marks_a_number_changes_nothing_else(contact):
    mark_number(contact, "+48500100100", is_wrong=True, actor=a_user("agent"))
    assert contact.phones[0].is_wrong
    assert contact.custom == STORED
