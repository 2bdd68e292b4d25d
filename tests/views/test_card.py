import re
from datetime import datetime

import pytest

from app.cases.answers import Finder, form_of
from app.cases.drafts import draft_of, save_draft
from app.cases.notes import add_note
from app.cases.saving import CaseChanges, save_case
from app.contacts.changing import create_contact
from app.contacts.values import ContactValues, Phone
from app.core import clock
from app.formbuilder.answers import store_answers
from app.formbuilder.versions import definition_of
from app.models import CustomField
from app.models.contacts import CustomFieldKind
from app.models.scripts import StatusKind
from app.scripts.rules import When
from tests.factories import (
    a_campaign,
    a_field,
    a_form,
    a_person,
    a_status,
    a_user,
    a_working_script,
    an_open_case,
    signed_in,
    token,
)

NOON = datetime(2030, 3, 2, 12, 0)  # noqa: DTZ001  (local, as an agent chooses it)


def test_a_yes_no_field_of_the_contact_is_read_as_a_word(client, session):
    agent = a_user()
    session.add(
        CustomField(
            key="e_invoice",
            title="E-invoice",
            kind=CustomFieldKind.YES_NO,
            choices=[],
            position=0,
            created_at=clock.now(),
        )
    )
    campaign = a_campaign(agent, script=a_working_script(), header_fields=["custom.e_invoice"])
    case = an_open_case(campaign, contact=a_person(custom={"e_invoice": False}))

    page = signed_in(client, agent).get(f"/cases/{case.number}").get_data(as_text=True)

    assert "<dd>no</dd>" in page
    assert '<span class="sp-num">no</span>' in page


def test_what_the_card_does_not_show_is_said_and_where_it_is(client, session):
    agent = a_user()
    campaign = a_campaign(agent, script=a_working_script())
    person, other = a_person(), a_person()
    cases = [an_open_case(campaign, contact=person) for _each in range(11)]
    an_open_case(campaign, contact=other)
    case = cases[0]
    for place in range(205):
        add_note(case, f"Notatka {place}.", actor=agent)
    signed_in(client, agent)

    page = client.get(f"/cases/{case.number}").get_data(as_text=True)
    assert re.search(r"Other cases<span[^>]*>10</span>", page)
    assert page.count('class="sp-mini"') == 8
    assert "These are the newest 200." in page
    assert "These are the newest 200." not in client.get(f"/cases/{cases[1].number}").get_data(as_text=True)
    newest_first = client.get(f"/cases/{case.number}/activities?order=newest").get_data(as_text=True)
    assert newest_first.index("Notatka 204.") < newest_first.index("Notatka 10.") < newest_first.index("the newest 200")
    assert "the newest 200" not in client.get(f"/cases/{case.number}/activities?text=Notatka 1").get_data(as_text=True)

    address = re.search(r'href="([^"]+)">All cases of this contact', page)[1].replace("&amp;", "&")
    listed = client.get(address).get_data(as_text=True)
    assert set(map(int, re.findall(r'<td class="c-no no">(\d+)</td>', listed))) == {each.number for each in cases}
    assert person.name in re.search(r'class="sp-filter">.*?</span>', listed)[0]


def test_two_contacts_of_one_name_are_told_apart_in_a_look_up(client, session):
    agent = a_user("manager")
    field = a_field("contact_look_up", title="Polecający")
    campaign = a_campaign(agent, script=a_working_script(form=a_form(field)))
    case = an_open_case(campaign)
    values = {"first_name": "Jan", "last_name": "Kowalski"}
    one = create_contact(ContactValues(**values, phones=(Phone("+48500100100"),)), actor=agent)
    other = create_contact(ContactValues(**values), actor=agent)
    found = signed_in(client, agent).get(f"/cases/{case.number}/look-up?kind=contact&q=kowalski").get_json()["results"]
    titles = {row["id"]: row["title"] for row in found}
    assert titles == {
        one.id: f"Jan Kowalski (K-{one.number} · +48 500 100 100)",
        other.id: f"Jan Kowalski (K-{other.number})",
    }
    find = Finder(case, agent)
    assert {row_id: find("contact", row_id) for row_id in titles} == titles
    offered = client.get(f"/cases/{case.number}/look-up?kind=case&q={case.number}").get_json()["results"]
    assert offered == [{"id": case.id, "title": find("case", case.id)}]


@pytest.fixture
def agent(session):
    return a_user()


@pytest.fixture
def case(agent):
    form = a_form(a_field(title="City", required_to_save=True))
    return an_open_case(a_campaign(agent, script=a_working_script(form=form)), owner=agent)


def sent(client, case, path, method="POST", **body):
    headers = {"X-CSRFToken": token(client), "Accept": "application/json"}
    return client.open(f"/cases/{case.number}/{path}", method=method, json=body, headers=headers)


def test_leaving_keeps_the_draft(client, session, agent, case):
    save_draft(case, {"subject": "Typed"}, base_version=1, actor=agent)

    assert sent(signed_in(client, agent), case, "leave").status_code == 200

    assert draft_of(case, actor=agent).content == {"subject": "Typed"}


def test_a_note_that_was_edited_meanwhile_is_a_conflict_that_shows_it(client, session, agent, case):
    note = add_note(case, "First", actor=agent)
    browser = signed_in(client, agent)

    edited = sent(browser, case, f"notes/{note.id}", "PUT", text="Second", seen="First")
    late = sent(browser, case, f"notes/{note.id}", "PUT", text="Third", seen="First")

    assert edited.status_code == 200
    assert (late.status_code, late.get_json()["theirs"]) == (409, "Second")


def test_a_note_is_saved_with_the_card_and_alone_it_asks_nothing_of_the_form(client, session, agent, case):
    browser = signed_in(client, agent)
    alone = sent(browser, case, "save", changes={"note": "Called."}, loaded_version=case.version, form_version=1)
    refused = {"note": "Again.", "subject": "Other"}

    assert alone.status_code == 200
    assert alone.get_json()["card"]["values"]["note"] == ""
    assert sent(browser, case, "save", changes=refused, loaded_version=case.version).status_code == 422
    shown = browser.get(f"/cases/{case.number}/activities").get_data(as_text=True)
    assert "Called." in shown
    assert "Again." not in shown


def test_the_state_names_others_who_changed_it_and_brings_the_header(client, session, agent):
    case = an_open_case(a_campaign(agent, script=a_working_script(form=a_form(a_field()))), owner=agent)
    other = a_user(first_name="Jan", last_name="Kot")
    case.campaign.users.append(other)
    later = a_status(case.campaign.script, StatusKind.PUBLIC_CALLBACK)
    browser = signed_in(client, agent)
    shown = case.version
    save_case(
        case, CaseChanges(status_id=later.id, date=When(NOON, "Europe/Warsaw")), loaded_version=shown, actor=other
    )
    add_note(case, "Mine.", actor=agent)
    session.flush()

    state = browser.get(f"/cases/{case.number}/state?version={shown}&form_version=1").get_json()

    assert (state["who"], state["form"]["form_version"]) == ("Jan Kot", 1)
    has = "&".join(f"{name}={state['card'][name]}" for name in ("form_version", "script_version", "audience"))
    again = browser.get(f"/cases/{case.number}/state?version={shown}&{has}").get_json()
    assert again["form"] is None, "what a card has is not sent again"
    assert 'id="card-due"' in state["facts"]
    assert "hidden" not in state["facts"].partition("card-due")[2].partition(">")[0]
    campaign = case.campaign
    belongs = [campaign.id, campaign.script_id, campaign.script.form_id, case.contact_id]
    assert state["card"]["belongs"] == belongs


@pytest.mark.parametrize(("role", "edits"), [("agent", True), ("auditor", False)])
def test_whoever_may_not_save_a_card_may_not_type_into_it(client, session, role, edits):
    user = a_user(role)
    campaign = a_campaign(user, script=a_working_script(form=a_form(a_field(title="City"))))
    case = an_open_case(campaign)

    page = signed_in(client, user).get(f"/cases/{case.number}").get_data(as_text=True)

    field = re.search(r"<splot-field[^>]*>", page)
    assert field
    assert ("data-readonly" not in field[0]) is edits
    assert ("data-save" in page) is edits


def test_titles_of_fields_that_one_may_not_see_stay_away_from_the_card_and_its_history(app, session):
    agent, auditor = a_user(), a_user("admin")
    secret, open_to_all = a_field(title="Margin", visible_roles=("manager",)), a_field(title="Remark")
    case = an_open_case(a_campaign(agent, auditor, script=a_working_script(form=a_form(secret, open_to_all))))
    answers = {secret.id: "40 %", open_to_all.id: "polite"}
    save_case(case, CaseChanges(answers=answers), loaded_version=case.version, actor=None)

    for user in (agent, auditor):
        browser = signed_in(app.test_client(), user)
        card = browser.get(f"/cases/{case.number}").get_data(as_text=True)
        history = browser.get(f"/cases/{case.number}/history").get_data(as_text=True)
        assert "Remark" in card
        assert "polite" in history
        assert "Margin" not in card
        assert "40 %" not in history


def test_rows_that_unseen_answers_name_stay_away_from_the_card(client, session):
    agent = a_user()
    secret = a_field("contact_look_up", title="Guarantor", visible_roles=("manager",))
    open_to_all = a_field("contact_look_up", title="Neighbour")
    campaign = a_campaign(agent, script=a_working_script(form=a_form(secret, open_to_all)))
    guarantor, neighbour = (a_person(last_name=name, owner=agent) for name in ("Sowa", "Kruk"))
    case = an_open_case(campaign)
    version = form_of(campaign)
    answers = {secret.id: guarantor.id, open_to_all.id: neighbour.id}
    store_answers(case.id, {}, answers, definition_of(version), version_id=version.id)

    signed_in(client, agent)
    names = client.get(f"/cases/{case.number}/state").get_json()["card"]["names"]

    assert list(names) == [f"contact:{neighbour.id}"]
