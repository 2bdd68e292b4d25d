"""The dialog of a new case: what it offers, and a contact that is made with the case or not at all."""

import pytest

from app.access.permissions import Permission
from app.contacts.changing import create_contact
from app.contacts.values import ContactValues
from app.core.db import transaction
from app.models import Case, Contact
from app.people.roles import create_role
from tests.factories import a_campaign, a_user, a_working_script, signed_in, token

NOWAK = {"first_name": "Anna Maria", "last_name": "Nowak", "phones.0": "500 100 101"}


@pytest.fixture
def campaign(session):
    with transaction():
        return a_campaign(script=a_working_script())


def add(client, **sent):
    return client.post("/cases/add", json=sent, headers={"X-CSRFToken": token(client), "Accept": "application/json"})


def dialog(client, address=""):
    return client.get(f"/cases/new{address}").get_data(as_text=True)


def test_a_new_contact_comes_with_its_case(client, session, campaign):
    signed_in(client, a_user("manager"))
    made = add(client, campaign_id=campaign.id, **NOWAK)
    assert made.status_code == 200, made.get_json()
    case = session.query(Case).one()
    assert (case.number, case.contact.name, case.campaign_id) == (
        made.get_json()["number"],
        "Anna Maria Nowak",
        campaign.id,
    )
    assert [phone.number for phone in case.contact.phones] == ["+48500100101"]


def test_somebody_like_that_is_told_first(client, session, campaign):
    signed_in(client, a_user("manager"))
    with transaction():
        known = create_contact(ContactValues(first_name="Anna Maria", last_name="Nowak"), actor=None)
    again = add(client, campaign_id=campaign.id, **NOWAK)
    assert again.status_code == 409
    assert [row["id"] for row in again.get_json()["similar"]] == [known.id]
    assert add(client, campaign_id=campaign.id, anyway=True, **NOWAK).status_code == 200
    assert session.query(Contact).count() == 2


def test_no_case_no_contact(client, session, campaign):
    signed_in(client, a_user("manager"))
    wrong = add(client, campaign_id=campaign.id, first_name="Jan", **{"phones.0": "no number"})
    assert wrong.status_code == 422
    assert list(wrong.get_json()["fields"]) == ["phones.0"]
    assert add(client, campaign_id=0, **NOWAK).status_code == 404
    assert session.query(Contact).count() == 0


def test_who_may_make_no_contact_is_offered_none(client, session):
    rights = (Permission.CASE_READ, Permission.CASE_CREATE, Permission.CONTACT_READ)
    with transaction():
        create_role("Opener", [right.value for right in rights], actor=a_user("admin"))
        opener = a_user("Opener")
        campaign = a_campaign(opener, script=a_working_script())
    signed_in(client, opener)
    assert "new-case-contact" in dialog(client)
    assert "data-fresh" not in dialog(client)
    assert add(client, campaign_id=campaign.id, **NOWAK).status_code == 403
    assert session.query(Contact).count() == 0


def test_the_campaign_is_chosen_that_one_comes_from_or_the_only_one(client, session, campaign):
    signed_in(client, a_user("manager"))
    selected = '<option value="{}" selected>'
    assert selected.format(campaign.id) in dialog(client)
    with transaction():
        other = a_campaign(script=a_working_script())
    assert "selected" not in dialog(client)
    assert selected.format(other.id) in dialog(client, f"?campaign={other.id}")
    assert "selected" not in dialog(client, "?campaign=9999")
