"""The page of a script, and what it sends."""

import html
import re
from datetime import timedelta

import pytest

from app.core import clock, db
from app.core.db import transaction
from app.jobs.work import RUNNERS
from app.models import Campaign, CaseDraft, Script, Status, Work
from app.models.scripts import RuleEvent, StatusColour, StatusKind
from app.models.work import WorkState
from app.scripts import editing, ruling
from app.scripts.ruling import RuleValues
from app.work.running import carry_out
from tests.factories import (
    a_campaign,
    a_field,
    a_form,
    a_status,
    a_user,
    a_working_script,
    an_open_case,
    signed_in,
    token,
)


@pytest.fixture
def manager(client, session):
    user = a_user("manager")
    signed_in(client, user)
    return user


@pytest.fixture
def script(manager):
    script = a_working_script()
    a_campaign(manager, script=script)
    return script


def send(client, url, **body):
    return client.post(url, json=body, headers={"X-CSRFToken": token(client)})


def page(client, script):
    return html.unescape(client.get(f"/scripts/{script.id}").get_data(as_text=True))


def version(script):
    db.session.expire_all()
    return db.session.get(Script, script.id).version


def test_a_dead_end_says_how_many_cases_stand_there_and_since_when(client, script):
    waiting = a_status(script, StatusKind.WAITING)
    for days in (6, 2):
        case = an_open_case(_campaign(script), status=waiting)
        case.touched_at = clock.now() - timedelta(days=days)
    text = page(client, script)
    assert f"Dead end: “{waiting.name}”." in text
    assert "Cases in it: 2, one of them untouched for 6 d." in text
    assert f'data-do="rule-new:{waiting.id}"' in text
    answer = send(
        client,
        f"/scripts/{script.id}/rules",
        event="no_activity",
        to_id=a_status(script, StatusKind.IN_PROGRESS).id,
        from_ids=[waiting.id],
        minutes=2880,
        version=version(script),
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    text = page(client, script)
    assert "Dead end" not in text
    assert "no activity: 2 d" in text


def test_the_picture_has_a_box_for_each_status_and_the_list_says_the_same(client, script):
    text = page(client, script)
    names = [status.name for status in script.statuses]
    assert len(re.findall(r'<g class="node', text)) == len(names)
    listed = re.search(r'<details class="sp-flowlist">.*?</details>', text, re.DOTALL).group()
    assert all(f"<b>{name}</b>" in listed for name in names)
    assert "an agent chooses → Closed" in listed
    assert "postponement over → Not started" in listed


def test_a_name_is_changed_in_the_list_and_every_list_of_cases_shows_it(client, script, manager):
    status = a_status(script, StatusKind.IN_PROGRESS)
    case = an_open_case(_campaign(script), status=status)
    url = f"/scripts/{script.id}/statuses/{status.id}/name"
    assert send(client, url, name="With the fitter", version=version(script)).status_code == 200
    assert "With the fitter" in client.get("/cases/?view=all").get_data(as_text=True)
    assert "With the fitter" in client.get(f"/cases/{case.number}").get_data(as_text=True)
    refused = send(client, url, name="Closed", version=version(script))
    assert refused.status_code == 422
    assert "name" in refused.get_json()["fields"]
    assert send(client, url, name="Other", version=1).status_code == 409


def test_a_script_says_what_it_still_lacks_one_thing_at_a_time(client, manager):
    script = a_working_script()
    db.session.commit()
    assert "has no form yet" in page(client, script)
    form = a_form(a_field())
    script.form = form
    db.session.commit()
    assert f'href="/campaigns/add?script={script.id}"' in page(client, script)
    a_campaign(manager, script=script)
    db.session.commit()
    shown = page(client, script)
    assert "has no form yet" not in shown
    assert "campaigns/add" not in shown


def test_a_new_status_is_in_progress_unless_said_otherwise_and_its_row_can_be_found(client, script):
    shown = page(client, script)
    assert re.search(r'<option value="in_progress" selected', shown)
    made = send(client, f"/scripts/{script.id}/statuses", name="Checked", kind="in_progress", version=version(script))
    assert f'data-at="name-{made.get_json()["status"]}"' in page(client, script)


def test_a_plain_status_is_recoloured_everywhere(client, script):
    plain = a_status(script, StatusKind.PLAIN)
    case = an_open_case(_campaign(script), status=plain)
    sent = {"name": plain.name, "kind": "plain", "colour": "rose", "version": version(script)}
    assert send(client, f"/scripts/{script.id}/statuses/{plain.id}", **sent).status_code == 200
    assert db.session.get(Status, plain.id).colour is StatusColour.ROSE
    for address in (f"/scripts/{script.id}", "/cases/?view=all", f"/cases/{case.number}"):
        assert "k-plain c-rose" in client.get(address).get_data(as_text=True), address


def test_hiding_a_status_moves_its_cases_as_long_work_when_asked_to(client, script):
    progress, closed = a_status(script, StatusKind.IN_PROGRESS), a_status(script, StatusKind.CLOSED)
    cases = [an_open_case(_campaign(script), status=progress) for _ in range(3)]
    url = f"/scripts/{script.id}/statuses/{progress.id}/hide"
    answer = send(client, url, cases_to=closed.id, version=version(script))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    work = db.session.get(Work, answer.get_json()["work"])
    assert db.session.get(Status, progress.id).is_hidden
    carry_out(work.id, RUNNERS[work.kind])
    db.session.expire_all()
    assert (work.state, work.done, work.failed) == (WorkState.DONE, 3, 0)
    assert {case.status_id for case in cases} == {closed.id}


def test_cases_may_stay_in_a_hidden_status_and_are_moved_later(client, script):
    progress, closed = a_status(script, StatusKind.IN_PROGRESS), a_status(script, StatusKind.CLOSED)
    an_open_case(_campaign(script), status=progress)
    url = f"/scripts/{script.id}/statuses/{progress.id}"
    assert send(client, f"{url}/hide", version=version(script)).get_json() == {"work": None}
    assert f'data-do="status-move-cases:{progress.id}"' in page(client, script)
    answer = send(client, f"{url}/cases", cases_to=closed.id, version=version(script))
    carry_out(answer.get_json()["work"], RUNNERS["cases.change_many"])
    assert "still stand in it" not in page(client, script)


def test_cases_are_not_moved_where_somebody_would_have_to_choose_a_time(client, script):
    progress, callback = a_status(script, StatusKind.IN_PROGRESS), a_status(script, StatusKind.PUBLIC_CALLBACK)
    url = f"/scripts/{script.id}/statuses/{progress.id}/hide"
    answer = send(client, url, cases_to=callback.id, version=version(script))
    assert answer.status_code == 409
    assert not db.session.get(Status, progress.id).is_hidden


def test_a_hidden_status_takes_the_rules_that_led_to_it_to_another_one(client, script):
    closed, success = a_status(script, StatusKind.CLOSED), a_status(script, StatusKind.SUCCESS)
    ruling.add_rule(
        script,
        RuleValues(event=RuleEvent.TAKEN, to_id=closed.id, from_any=True),
        expected_version=script.version,
        actor=None,
    )
    url = f"/scripts/{script.id}/statuses/{closed.id}/hide"
    refused = send(client, url, version=version(script))
    assert (refused.status_code, "A rule stands against it" in refused.get_json()["title"]) == (409, True)
    assert send(client, url, rules_to=success.id, version=version(script)).status_code == 200
    assert db.session.get(Script, script.id).rules[0].to_id == success.id


def test_rules_are_changed_ordered_and_removed_on_the_page(client, script):
    one, two = (
        ruling.add_rule(
            script,
            RuleValues(event=RuleEvent.TAKEN, to_id=a_status(script, kind).id, from_any=True),
            expected_version=script.version,
            actor=None,
        )
        for kind in (StatusKind.CLOSED, StatusKind.SUCCESS)
    )
    url, one, two = f"/scripts/{script.id}/rules", one.id, two.id
    to_id = script.rules[0].to_id
    assert send(client, f"{url}/{two}/up", version=version(script)).status_code == 200
    assert [rule.id for rule in db.session.get(Script, script.id).rules] == [two, one]
    assert send(client, f"{url}/{two}/up", version=version(script)).status_code == 200
    assert len(re.findall('data-do="rule-edit"', page(client, script))) == len([one, two])
    changed = {"event": "no_activity", "to_id": to_id, "from_any": True, "version": version(script)}
    refused = send(client, f"{url}/{one}", **changed)
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["minutes"])
    assert send(client, f"{url}/{one}", **changed, minutes=60).status_code == 200
    assert send(client, f"{url}/{one}/remove", version=version(script)).status_code == 200
    assert send(client, f"{url}/{one}/remove", version=version(script)).status_code == 404
    assert send(client, f"{url}/{two}/burn", version=version(script)).status_code == 404


def test_a_stale_card_that_sets_a_hidden_status_is_told_so_and_keeps_all_that_was_typed(client, script):
    progress = a_status(script, StatusKind.IN_PROGRESS)
    case = an_open_case(_campaign(script))
    with transaction():
        editing.hide_status(progress, expected_version=script.version, actor=None)
    changes = {"status": progress.id, "subject": "Typed", "note": "Words that must not be lost"}
    refused = send(client, f"/cases/{case.number}/save", changes=changes, loaded_version=case.version)
    assert refused.status_code == 409
    assert "was hidden and can no longer be set" in refused.get_json()["title"]
    db.session.expire_all()
    assert case.status.is_initial
    draft = db.session.query(CaseDraft).filter_by(case_id=case.id).one()
    assert "Words that must not be lost" in str(draft.content)
    assert "Typed" in str(draft.content)


def _campaign(script):
    return db.session.query(Campaign).filter_by(script_id=script.id).one()
