"""Pages of forms: the builder's draft, its preview by role and case, and what the verbs of the list do."""

import json
import re

import pytest

from app.formbuilder import versions
from app.formbuilder.answers import store_answers
from app.formbuilder.definition import from_json, to_json
from app.formbuilder.editing import new_field
from app.formbuilder.registry import REGISTRY
from app.models import Form
from app.models.scripts import StatusColour, StatusKind
from app.views.base import BODY_BYTES
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

RED = "00000000-0000-4000-8000-000000000001"


def post(client, url, body):
    return client.post(url, json=body, headers={"X-CSRFToken": token(client), "Accept": "application/json"})


def builder_of(client, form, page=""):
    """What the script of the builder's page works on."""
    html = client.get(f"/forms/{form.id}{page}").get_data(as_text=True)
    return json.loads(re.search(r'id="builder-data">(.*?)</script>', html, re.DOTALL)[1])


def renamed(builder, title):
    """The definition of the page, its first field with another title, as the script sends it."""
    first, *others = builder["definition"]["fields"]
    definition = {**builder["definition"], "fields": [{**first, "title": title}, *others]}
    return {"definition": definition, "seen": builder["seen"], "base": builder["base"]}


@pytest.fixture
def manager(client, session):
    user = a_user("manager", language="pl")
    signed_in(client, user)
    return user


def test_the_draft_is_kept_whole_and_published(client, session, manager):
    form = a_form(a_field(title="Powód"), a_field("single_choice", title="Wybór", hidden=True))
    session.commit()
    kept = post(client, f"/forms/{form.id}/draft", renamed(builder_of(client, form), "Przyczyna"))
    assert kept.status_code == 200, kept.get_json()
    again = builder_of(client, form)
    assert again["definition"]["fields"][0]["title"] == "Przyczyna"
    assert again["seen"] == kept.get_json()["seen"]
    assert form.published == 1
    body = {"base": again["base"], "seen": again["seen"], "comment": "lepszy tytuł"}
    assert post(client, f"/forms/{form.id}/publish", body).status_code == 200
    session.expire_all()
    current = versions.current_version(form.id)
    assert (current.number, current.comment) == (2, "lepszy tytuł")
    assert versions.definition_of(current).fields[0].title == "Przyczyna"
    assert builder_of(client, form)["seen"] == ""


def test_what_another_screen_kept_is_not_overwritten(client, session, manager):
    form = a_form(a_field(title="Powód"))
    session.commit()
    here = there = builder_of(client, form)
    assert post(client, f"/forms/{form.id}/draft", renamed(there, "Tam")).status_code == 200
    assert post(client, f"/forms/{form.id}/draft", renamed(here, "Tu")).status_code == 409
    assert post(client, f"/forms/{form.id}/publish", {"base": 1, "seen": here["seen"]}).status_code == 409
    assert post(client, f"/forms/{form.id}/discard", {"seen": here["seen"]}).status_code == 409
    assert post(client, f"/forms/{form.id}/discard", {}).status_code == 422
    now = client.get(f"/forms/{form.id}/draft").get_json()
    assert now["definition"]["fields"][0]["title"] == "Tam"
    assert post(client, f"/forms/{form.id}/discard", {"seen": now["seen"]}).status_code == 200
    assert builder_of(client, form)["definition"]["fields"][0]["title"] == "Powód"


def test_who_undoes_everything_has_no_draft(client, session, manager):
    form = a_form(a_field(title="Powód"))
    session.commit()
    before = builder_of(client, form)
    kept = post(client, f"/forms/{form.id}/draft", renamed(before, "Inny")).get_json()
    undone = {"definition": before["definition"], "seen": kept["seen"], "base": before["base"]}
    assert post(client, f"/forms/{form.id}/draft", undone).get_json()["seen"] == ""
    assert versions.draft_of(form, manager) is None


def test_faults_are_told_by_field_and_a_definition_that_is_none_is_refused(client, session, manager):
    form = a_form(a_field(title="Powód"))
    session.commit()
    builder = builder_of(client, form)
    unfinished = renamed(builder, "")
    told = post(client, f"/forms/{form.id}/draft", unfinished)
    assert told.status_code == 200
    assert list(told.get_json()["faults"]) == [builder["definition"]["fields"][0]["id"]]
    wrong = renamed({**builder, "seen": told.get_json()["seen"]}, "x" * 201)
    refused = post(client, f"/forms/{form.id}/draft", wrong)
    assert refused.status_code == 422
    assert list(refused.get_json()["fields"]) == ["fields.1.title"]
    assert (
        post(client, f"/forms/{form.id}/draft", {"definition": {"pages": []}, "seen": "", "base": 1}).status_code == 422
    )


def test_every_kind_is_described_and_can_be_built_from_its_description(client, session, manager):
    """The browser makes new fields of what the page says about their kind; the server takes each of them."""
    form = a_form(a_field())
    session.commit()
    builder = builder_of(client, form)
    assert builder["order"] == list(REGISTRY.kinds())
    for kind, described in builder["kinds"].items():
        assert described["group"] in {group["name"] for group in builder["groups"]}, kind
        made = to_json(from_json({"pages": [{"id": "page-1"}], "fields": [
            {"id": RED, "kind": kind, "page": "page-1", "config": described["config"]}
        ]}))  # fmt: skip
        assert made["fields"][0]["config"] == described["config"]
        assert {setting["name"] for setting in described["settings"]} == set(described["config"])
        assert not [setting for setting in described["settings"] if setting["rule"] == "other"], kind


ANSWERS = [
    ("text", {}, "Router", "Router"),
    ("long_text", {}, "a\nb", "a\nb"),
    ("number", {}, "12,5", "12.5"),
    ("date", {}, "31.03.2027", "2027-03-31"),
    ("rating", {}, "4", 4),
    ("multiple_choice", {"choices": [{"id": RED, "title": "Red"}]}, [RED], [RED]),
]


@pytest.mark.parametrize(("kind", "config", "raw", "stored"), ANSWERS, ids=[kind for kind, *_rest in ANSWERS])
def test_a_default_is_read_as_the_card_reads_it(client, session, manager, kind, config, raw, stored):
    form = a_form(field := new_field(kind, page="page-1", title="Pole", config=config))
    session.commit()
    sent = next(entry for entry in builder_of(client, form)["definition"]["fields"] if entry["id"] == field.id)
    read = post(client, f"/forms/{form.id}/default", {"field": sent, "raw": raw})
    assert read.get_json() == {"value": stored, "shown": raw}
    empty = post(client, f"/forms/{form.id}/default", {"field": sent, "raw": ""})
    assert empty.get_json()["value"] is None


def test_what_is_no_answer_of_the_kind_is_no_default(client, session, manager):
    figure = to_json_field(new_field("number", page="page-1", title="Ile", config={"smallest": "3"}))
    other = to_json_field(new_field("contact_look_up", page="page-1", title="Kto"))
    form = a_form(a_field())
    session.commit()
    for field, raw in ((figure, "dużo"), (figure, "2"), (other, "7")):
        assert post(client, f"/forms/{form.id}/default", {"field": field, "raw": raw}).status_code == 422


def to_json_field(field):
    return {"id": field.id, "kind": field.kind, "page": field.page, "title": field.title,
            "config": {"smallest": "3"} if field.kind == "number" else {}}  # fmt: skip


def test_the_preview_shows_what_the_role_may_see(client, session, manager):
    form = a_form(a_field(title="Dla wszystkich"), a_field(title="Dla przełożonych", visible_roles=("supervisor",)))
    session.commit()
    definition = builder_of(client, form, "/preview")["definition"]
    for role, both in (("agent", False), ("supervisor", True)):
        drawn = post(client, f"/forms/{form.id}/preview", {"definition": definition, "role": role}).get_json()
        assert "Dla wszystkich" in drawn["fragment"]
        assert ("Dla przełożonych" in drawn["fragment"]) is both
        assert set(drawn["values"].values()) == {""}


def test_a_button_has_the_colour_of_its_status(client, session, manager):
    script = a_working_script()
    status = a_status(script, StatusKind.PLAIN, colour=StatusColour.ROSE)
    form = a_form(new_field("button", page="page-1", title="Dalej", config={"status_id": status.id}))
    script.form_id = form.id
    session.commit()
    builder = builder_of(client, form)
    assert {each["id"]: each["look"] for each in builder["statuses"]}[status.id] == "plain c-rose"
    body = {"definition": builder["definition"], "role": "agent"}
    assert "k-plain c-rose" in post(client, f"/forms/{form.id}/preview", body).get_json()["fragment"]


def test_the_layout_shows_every_field_as_the_card_does(client, session, manager):
    hidden_from_all = a_field("percent", title="Nadpłata", visible_roles=())
    form = a_form(a_field("money", title="Kwota"), hidden_from_all)
    session.commit()
    shown = client.get(f"/forms/{form.id}").get_data(as_text=True)
    builder = builder_of(client, form)
    drawn = post(client, builder["urls"]["look"], {"definition": builder["definition"]}).get_json()["fragment"]
    assert drawn in shown
    assert '<span class="u">zł</span>' in drawn
    assert f'data-key="{hidden_from_all.id}"' in drawn
    again = post(client, builder["urls"]["look"], renamed(builder, "Kwota sporna")).get_json()["fragment"]
    assert again != drawn


def test_after_publishing_the_builder_says_where_the_form_is_used_or_what_it_lacks(client, session, manager):
    form = a_form()
    session.commit()

    def what_is_next():
        html = client.get(f"/forms/{form.id}").get_data(as_text=True)
        told = re.search(r'<template id="builder-published">(.*?)</template>', html, re.DOTALL)[1]
        return re.findall(r'<a [^>]*href="([^"]+)"', told)

    assert what_is_next() == ["/scripts/"]
    script = a_working_script(form=form)
    session.commit()
    assert what_is_next() == [f"/scripts/{script.id}", f"/campaigns/add?script={script.id}"]
    campaign = a_campaign(script=script)
    session.commit()
    assert what_is_next() == [f"/campaigns/show/{campaign.id}"]
    case = an_open_case(campaign)
    session.commit()
    assert what_is_next() == [f"/campaigns/show/{campaign.id}", f"/cases/{case.number}"]


def test_the_preview_fills_in_a_case_that_the_asker_may_see(client, session):
    open_, secret = a_field(title="Powód"), a_field(title="Tajne", visible_roles=("admin",))
    form = a_form(open_, secret)
    script = a_working_script()
    script.form_id = form.id
    campaign = a_campaign(script=script)
    supervisor, stranger = a_user("supervisor"), a_user("supervisor")
    campaign.users.append(supervisor)
    case = an_open_case(campaign, contact=a_person(first_name="Halina", last_name="Sójka"))
    version = versions.current_version(form.id)
    answers = {open_.id: "awaria", secret.id: "nie dla ciebie"}
    store_answers(case.id, {}, answers, versions.definition_of(version), version_id=version.id)
    session.commit()
    signed_in(client, supervisor)
    found = client.get(f"/forms/{form.id}/cases?q=sój").get_json()["results"]
    assert found == [{"id": case.number, "text": f"{case.number} Halina Sójka"}]
    body = {"definition": builder_of(client, form)["definition"], "role": "admin", "case": case.number}
    drawn = post(client, f"/forms/{form.id}/preview", body).get_json()
    assert drawn["values"] == {open_.id: "awaria", secret.id: ""}
    assert drawn["merge"]["contact.first_name"] == "Halina"
    other = client.application.test_client()
    signed_in(other, stranger)
    assert other.get(f"/forms/{form.id}/cases").get_json()["results"] == []
    assert post(other, f"/forms/{form.id}/preview", body).status_code == 404


def test_a_definition_that_is_sent_gives_nobody_the_right_to_see_an_answer(client, session):
    secret = a_field(title="Tajne", visible_roles=("admin",))
    form = a_form(secret)
    supervisor = a_user("supervisor")
    case = an_open_case(a_campaign(supervisor, script=a_working_script(form=form)))
    version = versions.current_version(form.id)
    store_answers(case.id, {}, {secret.id: "nie dla ciebie"}, versions.definition_of(version), version_id=version.id)
    session.commit()
    signed_in(client, supervisor)
    definition = builder_of(client, form)["definition"]
    opened = {**definition, "fields": [{**each, "visible_roles": None} for each in definition["fields"]]}
    body = {"definition": opened, "role": "admin", "case": case.number}
    assert post(client, f"/forms/{form.id}/preview", body).get_json()["values"] == {secret.id: ""}


def test_a_case_of_another_form_fills_in_nothing(client, session):
    signed_in(client, a_user("admin"))
    form = a_form(a_field())
    case = an_open_case(a_campaign(script=a_working_script()))
    session.commit()
    body = {"definition": builder_of(client, form)["definition"], "role": "agent", "case": case.number}
    assert post(client, f"/forms/{form.id}/preview", body).status_code == 404


def test_who_may_only_read_gets_a_page_without_edits(client, session):
    signed_in(client, a_user("supervisor"))
    form = a_form(a_field())
    session.commit()
    builder = builder_of(client, form)
    assert builder["may_edit"] is False
    assert post(client, f"/forms/{form.id}/draft", renamed(builder, "Nie")).status_code == 403
    assert 'id="publish"' not in client.get(f"/forms/{form.id}").get_data(as_text=True)


def test_who_is_at_the_builder_is_told_to_the_others(client, session):
    form = a_form(a_field())
    maria, ewa = a_user("manager"), a_user("manager")
    session.commit()
    other = client.application.test_client()
    signed_in(client, maria)
    signed_in(other, ewa)

    def beat(who, screen, **more):
        return post(who, f"/forms/{form.id}/here", {"screen": screen, "page": 2, **more}).get_json()

    assert beat(client, "m") == {"people": [], "published": 1}
    assert beat(other, "e")["people"] == [{"user": maria.id, "name": maria.full_name, "page": 2}]
    assert {each["user"] for each in beat(client, "second")["people"]} == {maria.id, ewa.id}
    beat(client, "second", gone=True)
    beat(client, "m", gone=True)
    assert beat(other, "e")["people"] == []


def test_the_form_of_a_script_is_made_whole_or_not_at_all(client, session, manager):
    script = a_working_script()
    session.commit()
    body = {"name": "Ankieta", "script_id": script.id}
    assert post(client, "/forms/add", {**body, "script_version": script.version + 1}).status_code == 409
    assert session.query(Form).filter_by(name="Ankieta").count() == 0
    made = post(client, "/forms/add", {**body, "script_version": script.version})
    assert made.status_code == 200, made.get_json()
    session.expire_all()
    assert script.form.name == "Ankieta"
    assert made.get_json()["go"] == f"/forms/{script.form_id}"


def test_a_body_beyond_all_measure_is_refused_before_it_is_read(client, session):
    signed_in(client, a_user("manager"))
    body = b'{"definition": "' + b"x" * BODY_BYTES + b'"}'
    headers = {"X-CSRFToken": token(client), "Accept": "application/json"}
    answer = client.post("/forms/987654/draft", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 413
