"""Editing a form on the card: who may begin, and how far a change reaches."""

import time

import pytest

from app.access.permissions import Permission
from app.cases import open_cards
from app.core.queue import redis_client
from app.formbuilder import counting, versions
from app.formbuilder.answers import store_answers
from app.formbuilder.editing import new_field
from tests.factories import (
    a_campaign,
    a_field,
    a_form,
    a_person,
    a_role,
    a_user,
    a_working_script,
    an_open_case,
    signed_in,
)
from tests.formbuilder.edits import hide_field

RED, BLUE = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def manager(client, session):
    user = a_user("manager")
    signed_in(client, user)
    return user


def test_the_mode_begins_with_the_draft_and_what_it_began_on(client, session, manager):
    text = a_field(title="Reason")
    form = a_form(text)
    versions.save_draft(form, hide_field(versions.draft_definition(form), text.id), base=1, seen=None, actor=manager)
    session.commit()
    data = client.get(f"/forms/{form.id}/live-edit").get_json()
    assert (data["version"], data["base"]) == (1, 1)
    assert data["begun"]["fields"][0]["hidden"] is False
    assert data["definition"]["fields"][0]["hidden"] is True
    assert {"draft", "reach", "discard", "builder", "merge", "here"} <= set(data["urls"])


def test_open_cards_and_answers_are_counted_so_far_and_no_further(client, session, manager, monkeypatch):
    choices = [{"id": RED, "title": "Red"}, {"id": BLUE, "title": "Blue"}]
    colours = new_field("multiple_choice", page="page-1", title="Colours", config={"choices": choices})
    form, other = a_form(colours), a_field(title="Of another form")
    stranger = a_form(other)
    script, second = a_working_script(form=form), a_working_script(form=stranger)
    cases = [an_open_case(a_campaign(script=script), contact=a_person()) for _ in range(3)]
    elsewhere = an_open_case(a_campaign(script=second), contact=a_person())
    for case, chosen in zip(cases, ([RED, BLUE], [RED], [RED]), strict=True):
        store_answers(case.id, {}, {colours.id: chosen}, versions.draft_definition(form))
    for case in (*cases, elsewhere):
        open_cards.keep_open(case, actor=manager)
    for case, screen, until in ((cases[0], "a", 9), (cases[0], "b", 9), (cases[1], "c", -1), (elsewhere, "d", 9)):
        redis_client().zadd(open_cards.presence_key(case.id), {screen: time.time() + until})
    session.commit()
    wanted = [colours.id, f"{colours.id}:{RED}", f"{colours.id}:{BLUE}", other.id]
    url = f"/forms/{form.id}/reach?" + "&".join(f"of={each}" for each in wanted)
    told = client.get(url).get_json()
    assert told["cards"] == 2
    assert told["answers"] == {wanted[0]: 3, wanted[1]: 3, wanted[2]: 1}
    monkeypatch.setattr(counting, "MOST", 2)
    assert client.get(url).get_json()["answers"][wanted[0]] == 2
    assert client.get(f"/forms/{form.id}/reach?of=:x").status_code == 422


@pytest.mark.parametrize(
    "lacks", [Permission.FORM_EDIT, Permission.FORM_EDIT_LIVE, Permission.CASE_SEE_ALL, None], ids=str
)
def test_the_mode_is_for_who_may_publish_in_every_campaign(client, session, lacks):
    # Without CASE_SEE_ALL one sees the own campaign alone, and the form is shared with another one.
    name = f"all but {lacks}"
    held = {row for row in a_role("manager").permissions if f"{row.permission.name} on {row.view_menu.name}" != lacks}
    a_role(name).permissions = list(held)
    user = a_user(name)
    form = a_form(a_field(title="Reason"))
    script = a_working_script(form=form)
    case = an_open_case(a_campaign(user, script=script), contact=a_person())
    a_campaign(script=script)
    session.commit()
    signed_in(client, user)
    status = 200 if lacks is None else 403
    assert client.get(f"/forms/{form.id}/live-edit").status_code == status
    assert client.get(f"/forms/{form.id}/reach").status_code == (200 if lacks is Permission.FORM_EDIT else status)
    card = client.get(f"/cases/{case.number}").get_data(as_text=True)
    assert ("card-edit-form" in card) is (lacks is None)
