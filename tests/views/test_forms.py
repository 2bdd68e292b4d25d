"""Pages of forms: the editor of one, as two people use it at once."""

import re

import pytest

from app.core.db import transaction
from app.formbuilder import versions
from app.formbuilder.editing import new_field
from app.formbuilder.form import starting_document
from app.models import Form
from tests.factories import a_field, a_form, a_user, a_working_script, signed_in, token

RED = "00000000-0000-4000-8000-000000000001"


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


ANSWERS = [
    ("text", {}, "Router", "Router"),
    ("long_text", {}, "a\nb", "a\nb"),
    ("number", {}, "12,5", "12.5"),
    ("date", {}, "31.03.2027", "2027-03-31"),
    ("yes_no", {}, "no", False),
    ("rating", {}, "4", 4),
    ("single_choice", {"choices": [{"id": RED, "title": "Red"}]}, RED, RED),
    ("multiple_choice", {"choices": [{"id": RED, "title": "Red"}]}, [RED], [RED]),
]


@pytest.mark.parametrize(("kind", "config", "sent", "stored"), ANSWERS, ids=[kind for kind, *_rest in ANSWERS])
def test_a_new_case_begins_with_the_answer_that_the_dialog_sets(client, session, kind, config, sent, stored):
    signed_in(client, a_user("manager", language="pl"))
    form = a_form(field := new_field(kind, page="page-1", title="Pole", config=config))
    session.commit()
    address = f"/forms/{form.id}/fields/{field.id}"
    body = {"default": sent, "placeholder": "jak na umowie", "seen": "", "base": 1}
    assert post(client, address, body).status_code == 200
    session.expire_all()
    definition = versions.draft_definition(form)
    assert definition.by_id[field.id].placeholder == "jak na umowie"
    assert starting_document(definition) == {field.id: stored}
    dialog = client.get(address).get_data(as_text=True)
    shown = re.findall(
        r'name="default" value="([^"]*)"(?: data-list checked| autocomplete)|value="([^"]+)" selected', dialog
    )
    shown += [(text,) for text in re.findall(r'name="default" rows="3">([^<]*)<', dialog)]
    assert (sent if isinstance(sent, str) else sent[0]) in {text for found in shown for text in found}
    assert ('name="placeholder"' in dialog) is (kind not in {"yes_no", "rating", "multiple_choice"})
    empty = [] if isinstance(sent, list) else ""
    assert post(client, address, {"default": empty, "seen": seen_by(client, form), "base": 1}).status_code == 200
    session.expire_all()
    assert starting_document(versions.draft_definition(form)) == {}


def test_what_is_no_answer_of_the_kind_is_no_default(client, session):
    signed_in(client, a_user("manager", language="pl"))
    figure, other = (
        new_field("number", page="page-1", title="Ile"),
        new_field("contact_look_up", page="page-1", title="Kto"),
    )
    form = a_form(figure, other)
    session.commit()
    body = {"seen": "", "base": 1}
    refused = post(client, f"/forms/{form.id}/fields/{figure.id}", {**body, "default": "dużo"})
    assert refused.status_code == 422
    assert set(refused.get_json()["fields"]) == {"default"}
    assert post(client, f"/forms/{form.id}/fields/{other.id}", {**body, "default": "7"}).status_code == 422
    assert 'name="default"' not in client.get(f"/forms/{form.id}/fields/{other.id}").get_data(as_text=True)
    narrower = {**body, "default": "5", "config": {"smallest": "3", "largest": "9"}}
    assert post(client, f"/forms/{form.id}/fields/{figure.id}", narrower).status_code == 200
