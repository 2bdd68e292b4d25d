"""Pages of contacts and imports, walked through as a person does."""

import html
import io
import json
import re

from app.contacts.changing import create_contact
from app.contacts.values import Address, ContactValues, Email, Phone
from app.core.db import transaction
from app.jobs.work import run
from app.models import Contact, ContactPhone, CustomField, Work
from app.models.contacts import ContactKind, CustomFieldKind
from tests.factories import a_campaign, a_user, a_working_script, an_open_case, signed_in, token

JSON = {"Accept": "application/json"}


def post(client, url, body):
    return client.post(url, json=body, headers={"X-CSRFToken": token(client), "Accept": "application/json"})


def a_contact(actor=None, **values):
    with transaction():
        return create_contact(ContactValues(**values), actor=actor)


def test_a_contact_is_made_warned_about_changed_and_found(client, session):
    signed_in(client, a_user("manager"))
    assert client.get("/contacts/add").status_code == 200
    form = {
        "kind": "person", "first_name": "Łucja", "last_name": "Żółw",
        "phones.0": "500 100 101", "phones.0.label": "mobile",
        "phones.2": "(22) 555-12-34", "emails.0": "Lucja@Example.com", "addresses.0": "Polna 1",
        "addresses.0.postal_code": "90-001", "addresses.0.city": "Łódź", "tags": "vip, stały klient",
    }  # fmt: skip
    made = post(client, "/contacts/save", form)
    assert made.status_code == 200, made.get_json()
    card = client.get(made.get_json()["go"])
    text = card.get_data(as_text=True)
    assert session.query(ContactPhone.label).order_by(ContactPhone.id).first() == ("mobile",)
    for part in ("Łucja Żółw", "+48 500 100 101", "lucja@example.com", "Łódź", "stały klient"):
        assert part in text
    again = post(client, "/contacts/save", form)
    assert again.status_code == 409
    assert again.get_json()["similar"][0]["name"] == "Łucja Żółw"
    assert post(client, "/contacts/save", {**form, "anyway": True}).status_code == 200

    found = client.get("/search?q=zolw").get_json()["groups"][-1]["items"]
    assert [item["title"] for item in found] == ["Łucja Żółw"] * 2
    choices = client.get("/search/contacts?q=lodz").get_json()["results"]
    assert len(choices) == 2
    listed = client.get(
        "/contacts/list/?q=500100101&tag=vip&kind=person&open_case=no&columns=phone,tags,owner,company,kind"
    )
    assert listed.get_data(as_text=True).count("Łucja Żółw") >= 2


def test_a_wrong_value_is_named_at_its_field_also_behind_a_gap(client, session):
    signed_in(client, a_user("manager"))
    body = {"kind": "person", "last_name": "Próbna", "phones.0": "500 100 102", "phones.3": "123", "emails.1": "nobody"}
    refused = post(client, "/contacts/save", body)
    assert refused.status_code == 422
    assert set(refused.get_json()["fields"]) == {"phones.3", "emails.1"}
    assert session.query(Contact).count() == 0


def test_two_editors_of_one_field_are_asked_and_of_two_fields_are_merged(client, session):
    user = a_user("manager")
    signed_in(client, user)
    contact = a_contact(user, first_name="Jan", last_name="Próbny", phones=(Phone("500100103"),))
    contact_id, number = contact.id, "+48500100103"
    base = {"version": 1, "phones.0": number}
    assert (
        post(
            client, f"/contacts/{contact_id}/save", {**base, "first_name": "Janusz", "last_name": "Próbny"}
        ).status_code
        == 200
    )
    merged = post(client, f"/contacts/{contact_id}/save", {**base, "first_name": "Jan", "last_name": "Nowy"})
    assert merged.status_code == 200, merged.get_json()
    contact = session.get(Contact, contact_id)
    assert (contact.first_name, contact.last_name, contact.version) == ("Janusz", "Nowy", 3)

    clash = post(client, f"/contacts/{contact_id}/save", {**base, "first_name": "Jakub", "last_name": "Próbny"})
    assert clash.status_code == 409
    sides = clash.get_json()["clash"]
    assert sides == [{"key": "first_name", "title": "First name", "theirs": "Janusz", "mine": "Jakub"}]
    chosen = {
        **base, "first_name": "Jakub", "last_name": "Próbny",
        "choices": {"first_name": "mine"}, "chosen_version": clash.get_json()["version"],
    }  # fmt: skip
    assert post(client, f"/contacts/{contact_id}/save", chosen).status_code == 200
    session.expire_all()
    contact = session.get(Contact, contact_id)
    assert (contact.first_name, contact.last_name, contact.version) == ("Jakub", "Nowy", 4)
    history = client.get(f"/contacts/show/{contact_id}").get_data(as_text=True)
    assert "Janusz" in history


def test_an_agent_sees_only_contacts_with_a_case_of_theirs(client, session):
    manager, agent = a_user("manager"), a_user("agent")
    hidden = a_contact(manager, last_name="Ukryty", phones=(Phone("500100104"),))
    hidden_id = hidden.id
    signed_in(client, agent)
    assert client.get(f"/contacts/show/{hidden_id}").status_code == 404
    assert client.get(f"/contacts/edit/{hidden_id}").status_code == 404
    assert "Ukryty" not in client.get("/contacts/list/").get_data(as_text=True)
    assert all(not group["items"] for group in client.get("/search?q=500100104").get_json()["groups"])
    assert client.get("/imports/").status_code == 403
    assert post(client, f"/contacts/{hidden_id}/save", {"version": 1, "last_name": "x"}).status_code == 404
    assert post(client, "/contacts/export", {"format": "csv"}).status_code == 403
    assert post(client, "/contacts/open-cases", {"campaign_id": 1}).status_code == 403


def test_a_company_names_only_the_people_whom_the_user_may_see(app, session):
    manager, agent = a_user("manager"), a_user("agent")
    company = a_contact(agent, company_name="Łąka", kind=ContactKind.COMPANY)
    a_contact(agent, last_name="Widoczna", company_id=company.id)
    a_contact(manager, last_name="Ukryta", company_id=company.id)
    address = f"/contacts/show/{company.id}"
    for user, hidden in ((agent, True), (manager, False)):
        people = signed_in(app.test_client(), user).get(address).get_data(as_text=True)
        assert 'data-do="new-case:' in people
        people = people.partition('id="c-people"')[2]
        assert "Widoczna" in people
        assert ("Ukryta" in people) != hidden
        assert f'<span class="sp-tag">{1 if hidden else 2}</span>' in people


def test_the_centres_own_fields_are_shown_and_changed_by_one_rule(app, client, session):
    with transaction():
        for key, values in {"hidden": {"is_visible": False}, "fixed": {"agents_may_edit": False}}.items():
            session.add(CustomField(key=key, title=f"Pole {key}", kind=CustomFieldKind.TEXT, **values))
    agent, supervisor, admin = a_user("agent"), a_user("supervisor"), a_user("admin")
    contact = a_contact(agent, last_name="Próbna")
    campaign = a_campaign(agent, supervisor, script=a_working_script(), header_fields=["custom.hidden", "custom.fixed"])
    case = an_open_case(campaign, contact=contact)
    session.commit()
    address, card = f"/contacts/show/{contact.id}", f"/cases/{case.number}"
    signed_in(client, admin)
    body = {"last_name": "Próbna", "custom.hidden": "tajne", "custom.fixed": "umowa 1"}
    assert post(client, f"/contacts/{contact.id}/save", {**body, "version": 1}).status_code == 200

    for user, locked in ((agent, True), (supervisor, False)):
        browser = signed_in(app.test_client(), user)
        pages = [browser.get(url).get_data(as_text=True) for url in (address, f"/contacts/edit/{contact.id}", card)]
        for page in pages:
            assert "umowa 1" in page
            assert "tajne" not in page
            assert "Pole hidden" not in page
        control = re.search(r'<input[^>]* name="custom.fixed"[^>]*>', pages[1])[0]
        assert ("disabled" in control) is locked
    assert "tajne" in client.get(address).get_data(as_text=True)

    browser = signed_in(app.test_client(), agent)
    version = {"last_name": "Próbna", "version": 2}
    for key in ("hidden", "fixed"):
        refused = post(browser, f"/contacts/{contact.id}/save", {**version, f"custom.{key}": "x"})
        assert (refused.status_code, set(refused.get_json()["fields"])) == (422, {f"custom.{key}"})
    browser = signed_in(app.test_client(), supervisor)
    assert post(browser, f"/contacts/{contact.id}/save", {**version, "custom.fixed": "umowa 2"}).status_code == 200
    session.expire_all()
    assert session.get(Contact, contact.id).custom == {"hidden": "tajne", "fixed": "umowa 2"}


def test_a_wrong_number_is_marked_and_unmarked(client, session):
    user = a_user("manager")
    contact_id = a_contact(user, last_name="Próbny", phones=(Phone("500100105"),)).id
    signed_in(client, user)
    body = {"number": "+48500100105", "is_wrong": True}
    assert post(client, f"/contacts/{contact_id}/number", body).status_code == 200
    assert "wrong number" in client.get(f"/contacts/show/{contact_id}").get_data(as_text=True)
    assert post(client, f"/contacts/{contact_id}/number", {**body, "is_wrong": False}).status_code == 200
    assert "wrong number" not in client.get(f"/contacts/show/{contact_id}").get_data(as_text=True)


def test_pages_by_key_show_every_contact_once(client, session):
    user = a_user("manager")
    names = [f"Nazwisko {place:03d}" for place in range(123)]
    with transaction():
        for name in names:
            create_contact(ContactValues(last_name=name), actor=user)
    signed_in(client, user)
    seen, address = [], "/contacts/list/?sort=-name"
    while address:
        page = client.get(address).get_data(as_text=True)
        seen += [name for name in reversed(names) if f">{name}</b>" in page]
        found = re.search(r'href="([^"]+)"[^>]*rel="next"', page)
        address = html.unescape(found.group(1)) if found else ""
    assert seen == names[::-1]


def test_the_page_before_is_the_one_that_was_left(client, session):
    user = a_user("manager")
    with transaction():
        for place in range(170):
            create_contact(ContactValues(last_name=f"Nazwisko {place:03d}"), actor=user)
    signed_in(client, user)

    def walk(way, address):
        """Names of each page on the way, and the address of the last one."""
        found = []
        while True:
            page = client.get(address).get_data(as_text=True)
            found.append(re.findall(r">(Nazwisko \d+)</b>", page))
            link = re.search(rf'href="([^"]+)"[^>]*rel="{way}"', page)
            if link is None:
                return found, address
            address = html.unescape(link.group(1))

    for sort in ("name", "-name", "created", "-created"):
        there, last = walk("next", f"/contacts/list/?sort={sort}")
        back, _first = walk("prev", last)
        assert [len(page) for page in there] == [50, 50, 50, 20]
        assert back == there[::-1]


def test_a_company_is_offered_behind_many_people_of_its_name(client, session):
    user = a_user("manager")
    with transaction():
        for place in range(30):
            create_contact(ContactValues(last_name=f"Zielony {place:02d}"), actor=user)
        create_contact(ContactValues(company_name="Biuro Zielony Sad", kind=ContactKind.COMPANY), actor=user)
    signed_in(client, user)
    offered = client.get("/search/contacts?q=zielony&kind=company").get_json()["results"]
    assert [one["text"] for one in offered] == ["Biuro Zielony Sad"]
    assert len(client.get("/search/contacts?q=zielony").get_json()["results"]) == 20
    assert client.get("/search/contacts?q=zielony&kind=nothing", headers=JSON).status_code == 422


def test_an_import_is_sent_planned_tried_run_and_undone(client, session):
    user = a_user("manager")
    signed_in(client, user)
    content = "Imię;Nazwisko;Telefon;Telefon;Zupa\r\nŁucja;Próbna;500 100 106;;x\r\nJan;;123;;\r\n".encode("cp1250")
    sent = client.post("/imports/", data={"file": (io.BytesIO(content), "lista.csv"), "csrf_token": token(client)})
    assert sent.status_code == 302
    address = sent.headers["Location"]
    plan = client.get(address).get_data(as_text=True)
    assert "Windows-1250" in plan
    assert "Łucja Próbna" in plan
    assert "More than one column is called Telefon" in plan
    assert "too short" in plan
    body = {
        "mapping": {"0": "first_name", "1": "last_name", "2": "phone"},
        "rule": "skip",
        "match_by": "phone",
        "tags": "nowi",
    }
    preview = post(client, f"{address}/preview", {**body, "mapping": {"1": "last_name", "2": "phone"}})
    assert "Próbna" in preview.get_json()["html"]
    assert "Łucja" not in preview.get_json()["html"].replace("Łucja · ", "")
    assert post(client, f"{address}/preview", {**body, "mapping": {"0": "first_name"}}).status_code == 422

    for dry_run, words in ((True, "Dry run: 1 new"), (False, "new contacts")):
        begun = post(client, f"{address}/start", {**body, "dry_run": dry_run})
        assert begun.status_code == 202, begun.get_json()
        run(begun.get_json()["work"])
        assert words in client.get(address).get_data(as_text=True)
    session.expire_all()
    assert [contact.name for contact in session.query(Contact)] == ["Łucja Próbna"]
    with client.get(f"{address}/errors.csv") as answer:
        errors = answer.get_data().decode("utf-8-sig")
    assert errors.splitlines()[1].startswith("Jan;;123;;;This telephone number is too short")
    assert "lista.csv" in client.get("/imports/").get_data(as_text=True)
    assert post(client, f"{address}/start", {**body, "dry_run": False}).status_code == 409

    assert post(client, f"{address}/undo", {}).status_code == 202
    run(session.query(Work).order_by(Work.id.desc()).first().id)
    session.expire_all()
    assert "was undone: 1 contacts deleted" in client.get(address).get_data(as_text=True)
    assert session.query(Contact).count() == 0


def test_all_that_match_are_exported_and_get_cases(client, session, app):
    user, agent = a_user("manager"), a_user("agent")
    campaign = a_campaign(agent, user)
    campaign_id = campaign.id
    a_contact(
        user, last_name="=HYPERLINK()", phones=(Phone("500100107"),), emails=(Email("a@example.com"),), tags=("a",)
    )
    a_contact(
        user,
        company_name="Łąka",
        kind=ContactKind.COMPANY,
        phones=(Phone("500100108"),),
        addresses=(Address(city="Łódź"),),
    )
    signed_in(client, user)
    begun = post(client, "/contacts/export", {"format": "csv", "query": "q=500100"})
    assert begun.status_code == 202
    work_id = begun.get_json()["work"]
    run(work_id)
    state = client.get(f"/work/{work_id}").get_json()
    assert (state["state"], state["done"]) == ("done", 2)
    with client.get(f"/files/{state['result']['file_id']}") as answer:
        rows = answer.get_data().decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert any("'=HYPERLINK()" in row and "+48500100107" in row for row in rows)
    assert client.get(f"/contacts/list/?open_in={campaign_id}").status_code == 200
    place = re.search(r'name="owners"[^>]*data-owners="([^"]+)"', client.get("/contacts/list/").get_data(as_text=True))
    offered = client.get(place[1].replace("/0/", f"/{campaign_id}/")).get_json()["results"]
    assert [one["id"] for one in offered] == [agent.id], "a manager who is assigned owns no cases"
    owners = [one["id"] for one in offered]
    chosen = {"campaign_id": campaign_id, "all": True, "query": "tag=a", "owners": owners}
    begun = post(client, "/contacts/open-cases", chosen)
    assert begun.status_code == 202, json.dumps(begun.get_json())
    session.expire_all()
    work = session.get(Work, begun.get_json()["work"])
    assert work.params["contacts"]["query"] == {"tag": "a"}
    assert work.params["owners"] == owners


def test_the_columns_of_the_list_are_kept_for_the_user_who_chose_them(app, client):
    user = a_user("manager")
    signed_in(client, user)
    a_contact(last_name="Kot", tax_number="5261040828")
    heads = re.compile(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)')

    def shown(browser):
        return heads.findall(browser.get("/contacts/list/").get_data(as_text=True))

    usual = shown(client)
    assert "Tax number" not in usual
    assert post(client, "/contacts/columns", {"columns": ["tax_number", "kind"]}).status_code == 200
    assert shown(client)[-2:] == ["Tax number", "Kind"]
    assert shown(signed_in(app.test_client(), user))[-2:] == ["Tax number", "Kind"], "in another browser, too"
    assert shown(signed_in(app.test_client(), a_user("manager"))) == usual, "others see what they saw"
    assert post(client, "/contacts/columns", {"columns": []}).status_code == 200
    assert shown(client) == usual
    assert post(client, "/contacts/columns", {"columns": "kind"}).status_code == 422
