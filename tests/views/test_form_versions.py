"""Pages of a form's versions: side by side, restored, merged."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from app.cases.saving import CaseChanges, save_case
from app.formbuilder import versions
from app.formbuilder.field_types.figures import NumberConfig
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case, signed_in, token
from tests.formbuilder import edits


def post(client, url, body):
    return client.post(url, json=body, headers={"X-CSRFToken": token(client), "Accept": "application/json"})


@pytest.fixture
def manager(client, session):
    user = a_user("manager")
    signed_in(client, user)
    return user


@pytest.fixture
def form(manager, session):
    form = a_form(a_field(title="Amount"), a_field(title="Fax"))
    renamed = edits.rename_field(versions.draft_definition(form), first_field(form).id, "Amount in total")
    versions.publish(form, renamed, base=1, comment="<b>clearer</b> \u202e", actor=manager)
    session.commit()
    return form


def first_field(form):
    return versions.draft_definition(form).fields[0]


def test_two_versions_stand_side_by_side(client, form):
    page = client.get(f"/forms/{form.id}/versions").get_data(as_text=True)
    assert "Field “Amount”, title" in page
    assert "<ins>in total</ins>" in page
    assert "&lt;b&gt;clearer&lt;/b&gt;" in page
    assert "current" in page
    same = client.get(f"/forms/{form.id}/versions?old=1&new=1").get_data(as_text=True)
    assert "Both are the same." in same


@pytest.mark.parametrize("sides", ["old=7&new=2", "old=x", "old=1&new=99999999999999999999", "before=x"])
def test_versions_that_are_not_there_are_not_found(client, form, sides):
    assert client.get(f"/forms/{form.id}/versions?{sides}").status_code in {200, 404}


def test_a_version_is_restored_as_a_draft_and_later_fields_stay_hidden(client, form, manager, session):
    later = edits.add_field(versions.draft_definition(form), a_field(title="Later"))
    versions.publish(form, later, base=2, actor=manager)
    session.commit()
    assert post(client, f"/forms/{form.id}/restore", {"version": 1, "seen": ""}).status_code == 200
    draft = versions.draft_definition(form, actor=manager)
    assert [(field.title, field.hidden) for field in draft.fields] == [
        ("Amount", False),
        ("Fax", False),
        ("Later", True),
    ]
    page = client.get(f"/forms/{form.id}/versions").get_data(as_text=True)
    assert re.search(r'/restore" data-confirm="Restoring version 2 replaces your draft', page)
    assert post(client, f"/forms/{form.id}/restore", {"version": 2, "seen": ""}).status_code == 409
    seen = versions.draft_of(form, manager).at.isoformat()
    published = post(client, f"/forms/{form.id}/publish", {"base": 3, "seen": seen})
    assert published.status_code == 200
    session.expire_all()
    assert form.published == 4


def test_the_second_publisher_merges_and_overwrites_nothing(client, form, manager, session):
    amount, fax = versions.draft_definition(form).fields
    mine = edits.hide_field(edits.rename_field(versions.draft_definition(form), amount.id, "Sum"), fax.id)
    draft = versions.save_draft(form, mine, base=2, seen=None, actor=manager)
    theirs = edits.set_width(edits.rename_field(versions.draft_definition(form), amount.id, "Total"), fax.id, 3)
    versions.publish(form, theirs, base=2, actor=a_user("manager"))
    session.commit()
    seen = draft.at.isoformat()
    url = f"/forms/{form.id}/merge"
    assert post(client, f"/forms/{form.id}/publish", {"base": 2, "seen": seen}).get_json() == {"go": url}
    page = client.get(url).get_data(as_text=True)
    assert "1 thing that both of you changed" in page
    assert "Total" in page
    assert "Sum" in page
    undecided = post(client, url, {"current": 3, "seen": seen, "decisions": {}})
    assert undecided.status_code == 422
    key = f"fields/{amount.id}/title"
    assert post(client, url, {"current": 2, "seen": seen, "decisions": {key: "mine"}}).status_code == 409
    assert post(client, url, {"current": 3, "seen": seen, "decisions": {key: "mine"}}).status_code == 200
    merged = versions.draft_definition(form, actor=manager)
    assert (merged.by_id[amount.id].title, merged.by_id[fax.id].width, merged.by_id[fax.id].hidden) == ("Sum", 3, True)
    seen = versions.draft_of(form, manager).at.isoformat()
    assert post(client, f"/forms/{form.id}/publish", {"base": 3, "seen": seen}).status_code == 200
    assert client.get(url).status_code == 302


def test_another_kind_is_looked_at_before_it_is_published(client, manager, session):
    size = a_field(title="Size")
    form = a_form(size)
    campaign = a_campaign(manager, script=a_working_script(form=form))
    for text in ("42", "<i>large</i>"):
        case = an_open_case(campaign)
        save_case(case, CaseChanges(answers={size.id: text}), loaded_version=case.version, actor=manager)
    numbers = replace(a_field("number", title="Size", config=NumberConfig()), id=size.id)
    edited = replace(versions.draft_definition(form), fields=(numbers,))
    draft = versions.save_draft(form, edited, base=1, seen=None, actor=manager)
    session.commit()
    seen, url = draft.at.isoformat(), f"/forms/{form.id}/conversion"
    assert post(client, f"/forms/{form.id}/publish", {"base": 1, "seen": seen}).get_json() == {"go": url}
    page = client.get(url).get_data(as_text=True)
    assert "1 answer converts" in page
    assert "1 answer does not convert" in page
    assert f">{case.number}</a>" in page
    assert page.count('class="sp-num" href="/cases/') == 1
    tried = client.get(f"/forms/{form.id}/trial").get_data(as_text=True)
    assert "1 answer would not fit." in tried
    assert f">{case.number}</a>" in tried
    published = post(client, f"/forms/{form.id}/publish", {"base": 1, "seen": seen, "converts": size.id})
    assert published.status_code == 200
    assert client.get(url).status_code == 302
    card = client.get(f"/cases/{case.number}").get_data(as_text=True)
    assert "(formerly Text)" in card
    assert "&lt;i&gt;large&lt;/i&gt;" in card
    assert "nothing would change" in client.get(f"/forms/{form.id}/trial?cases=1,x,{case.number}").get_data(
        as_text=True
    )


def test_a_trial_names_cases_that_would_miss_something(client, manager, session):
    size, name = a_field(title="Size"), a_field(title="Name")
    form = a_form(size, name)
    campaign = a_campaign(manager, script=a_working_script(form=form))
    cases = [an_open_case(campaign) for _ in range(3)]
    save_case(cases[0], CaseChanges(answers={size.id: "L"}), loaded_version=cases[0].version, actor=manager)
    edited = edits.set_required(versions.draft_definition(form), size.id, to_save=False, to_close=True)
    versions.save_draft(form, edited, base=1, seen=None, actor=manager)
    session.commit()
    page = client.get(f"/forms/{form.id}/trial").get_data(as_text=True)
    assert "tried on 3 cases" in page
    assert "2 cases would miss a required field." in page
    chosen = client.get(f"/forms/{form.id}/trial?cases={cases[0].number}").get_data(as_text=True)
    assert "Nothing is missing" in chosen


def many(kind, count, **config):
    return [{"id": str(uuid4()), "kind": kind, "page": "page-1", "title": "x", "config": config} for _ in range(count)]


BAD = {
    "5,000 choices": many("single_choice", 1, choices=[{"id": f"c{n}", "title": "x"} for n in range(5000)]),
    "1,000 fields": many("text", 1000),
    "a text that cannot be stored": [{**many("text", 1)[0], "title": "a\0b"}],
    "no such page": [{**many("text", 1)[0], "page": "page-9"}],
}


@pytest.mark.parametrize("fields", BAD.values(), ids=BAD.keys())
def test_a_definition_that_does_not_fit_gets_a_clear_answer(client, form, fields):
    definition = {"pages": [{"id": "page-1"}], "fields": fields}
    refused = post(client, f"/forms/{form.id}/draft", {"definition": definition, "seen": "", "base": 2})
    assert refused.status_code == 422
    assert refused.get_json()["title"]
    assert client.get(f"/forms/{form.id}/versions").status_code == 200


def test_titles_with_html_and_right_to_left_text_break_no_page(client, form, manager, session):
    evil = "<script>alert(1)</script> \u202eمرحبا \u2066"
    amount = first_field(form)
    edited = edits.rename_field(versions.draft_definition(form), amount.id, evil)
    edited = edits.rename_page(edited, "page-1", evil)
    versions.save_draft(form, edited, base=2, seen=None, actor=manager)
    other = edits.rename_field(versions.draft_definition(form), amount.id, evil + "!")
    versions.publish(form, other, base=2, comment=evil, actor=manager)
    session.commit()
    for address in ("versions", "versions?old=3&new=draft", "merge", "trial"):
        page = client.get(f"/forms/{form.id}/{address}").get_data(as_text=True)
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page or address == "trial"
