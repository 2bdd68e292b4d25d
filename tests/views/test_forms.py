"""Pages of forms: the editor of one, as two people use it at once."""

import re

from app.core.db import transaction
from app.formbuilder import versions
from app.models import Form
from tests.factories import a_field, a_form, a_user, a_working_script, signed_in, token


def post(client, url, body):
    return client.post(url, json=body, headers={"X-CSRFToken": token(client), "Accept": "application/json"})


def seen_by(client, form):
    """What the editor of the form holds: when the draft was kept that it shows."""
    page = client.get(f"/forms/{form.id}").get_data(as_text=True)
    return re.search(r'id="editor" data-seen="([^"]*)"', page)[1]


def test_edits_that_the_page_did_not_show_are_neither_published_nor_discarded(client, session):
    signed_in(client, a_user("manager"))
    form = a_form(a_field(title="Powód"))
    session.commit()
    before = seen_by(client, form)
    added = post(client, f"/forms/{form.id}/fields", {"kind": "text", "title": "Pół", "seen": before, "base": 1})
    assert added.status_code == 200
    assert post(client, f"/forms/{form.id}/publish", {"base": 1, "seen": before}).status_code == 409
    assert post(client, f"/forms/{form.id}/discard", {"seen": before}).status_code == 409
    assert post(client, f"/forms/{form.id}/discard", {}).status_code == 422
    session.expire_all()
    assert form.published == 1
    assert form.draft is not None
    published = post(client, f"/forms/{form.id}/publish", {"base": 1, "seen": seen_by(client, form)})
    assert published.status_code == 200, published.get_json()
    session.expire_all()
    assert (form.published, form.draft) == (2, None)


def test_the_draft_is_discarded_after_a_question(client, session):
    user = a_user("manager")
    signed_in(client, user)
    with transaction():
        form = a_form(a_field(title="Powód"))
        versions.save_draft(form, versions.draft_definition(form), base=1, seen=None, actor=user)
    page = client.get(f"/forms/{form.id}").get_data(as_text=True)
    assert re.search(rf'<form data-send="/forms/{form.id}/discard" data-confirm="[^"]+"', page)
    assert post(client, f"/forms/{form.id}/discard", {"seen": seen_by(client, form)}).status_code == 200
    session.expire_all()
    assert form.draft is None


def test_the_form_of_a_script_is_made_whole_or_not_at_all(client, session):
    signed_in(client, a_user("manager"))
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
