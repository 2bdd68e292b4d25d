"""Pages of a form's versions: side by side, restored, merged."""

import re

import pytest

from app.formbuilder import editing, versions
from tests.factories import a_field, a_form, a_user, signed_in, token


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
    renamed = editing.rename_field(versions.draft_definition(form), first_field(form).id, "Amount in total")
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
    later = editing.add_field(versions.draft_definition(form), a_field(title="Later"))
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
    mine = editing.hide_field(editing.rename_field(versions.draft_definition(form), amount.id, "Sum"), fax.id)
    draft = versions.save_draft(form, mine, base=2, seen=None, actor=manager)
    theirs = editing.set_width(editing.rename_field(versions.draft_definition(form), amount.id, "Total"), fax.id, 3)
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
