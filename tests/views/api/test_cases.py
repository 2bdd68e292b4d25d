"""Cases through the API: rows, fields, conflicts, statuses, timeline, files."""

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from app.campaigns.editing import CampaignValues, assign_people, create_campaign
from app.contacts.changing import create_contact
from app.contacts.values import ContactValues
from app.core import clock
from app.core.db import session, transaction
from app.formbuilder.definition import FormDefinition, empty_definition
from app.formbuilder.editing import new_field
from app.formbuilder.versions import create_form, publish
from app.models import AppUser, CaseRead
from app.models.scripts import StatusKind
from app.scripts.editing import create_script
from tests.views.api.conftest import Api


@dataclass
class Desk:
    """A campaign with a form, an agent and a supervisor, and a contact."""

    campaign: int
    contact: int
    statuses: dict[str, int]
    name: str
    amount: str
    secret: str
    fixed: str


@pytest.fixture
def desk(users: dict[str, AppUser]) -> Desk:
    """Made by the verbs."""
    with transaction():
        name, amount = (
            new_field("text", page="page-1", title="Name"),
            new_field("number", page="page-1", title="Amount"),
        )
        secret = new_field("text", page="page-1", title="Secret", visible_roles=("manager",))
        fixed = new_field("text", page="page-1", title="Fixed", editable_roles=("manager",))
        form = create_form("Form", actor=None)
        definition: FormDefinition = replace(empty_definition(), fields=(name, amount, secret, fixed))
        publish(form, definition, base=0, actor=None)
        script = create_script("Script", form=form, actor=None)
        campaign = create_campaign(CampaignValues(name="Campaign", script_id=script.id), actor=users["manager"])
        people = [users["agent"], users["supervisor"]]
        assign_people(campaign, users=people, teams=[], expected_version=campaign.version, actor=None)
        contact = create_contact(ContactValues(last_name="Łęcka", owner_id=users["agent"].id), actor=None)
        return Desk(
            campaign=campaign.id,
            contact=contact.id,
            statuses={status.kind.value: status.id for status in script.statuses},
            name=name.id,
            amount=amount.id,
            secret=secret.id,
            fixed=fixed.id,
        )


def opened(api: Api, desk: Desk, by: AppUser, **more: Any) -> dict[str, Any]:
    """A new case."""
    answer = api("POST", "/cases", {"contact_id": desk.contact, "campaign_id": desk.campaign, **more}, by=by)
    assert answer.status == 201, answer.json
    return dict(answer.json)


def test_a_case_is_opened_changed_and_read(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent = users["agent"]
    case = opened(api, desk, agent, answers={desk.name: "Zofia", desk.amount: 12.5})
    assert case["answers"] == {desk.name: "Zofia", desk.amount: "12.5"}
    path = f"/cases/{case['number']}"
    body = {"subject": "New", "owner_id": agent.id, "answers": {desk.name: None}, "version": case["version"]}
    changed = api("PATCH", path, body, by=agent)
    assert (changed.status, changed.json["subject"], changed.json["owner_id"]) == (200, "New", agent.id)
    assert changed.json["answers"] == {desk.amount: "12.5"}
    assert api("GET", path, by=agent).json == changed.json
    assert session.query(CaseRead).count() == 0


def test_who_does_not_see_a_case_does_not_find_it(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    case = opened(api, desk, users["agent"])
    path = f"/cases/{case['number']}"
    for role, status in {"agent": 200, "supervisor": 200, "manager": 200, "auditor": 200, "home_agent": 404}.items():
        assert api("GET", path, by=users[role]).status == status
        shown = [row["number"] for row in api("GET", "/cases", by=users[role]).json["items"]]
        assert shown == ([case["number"]] if status == 200 else [])
    stranger = users["home_agent"]
    for method, rest, body in (
        ("PATCH", "", {"subject": "x", "version": 1}),
        ("POST", "/status", {"status_id": desk.statuses["closed"]}),
        ("POST", "/notes", {"body": "x"}),
        ("GET", "/activities", None),
        ("GET", "/files", None),
        ("GET", "/statuses", None),
    ):
        assert api(method, path + rest, body, by=stranger).status == 404
    assert api("POST", "/cases", {"contact_id": desk.contact, "campaign_id": desk.campaign}, by=stranger).status == 404


def test_field_rights(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent, manager = users["agent"], users["manager"]
    case = opened(api, desk, agent)
    path = f"/cases/{case['number']}"
    answers = {desk.secret: "s", desk.fixed: "f"}
    full = api("PATCH", path, {"answers": answers, "version": case["version"]}, by=manager).json
    assert full["answers"] == answers
    assert api("GET", path, by=agent).json["answers"] == {desk.fixed: "f"}
    for field in (desk.secret, desk.fixed, "nothing"):
        refused = api("PATCH", path, {"answers": {field: "x"}, "version": full["version"]}, by=agent)
        assert (refused.status, list(refused.json["errors"])) == (422, [f"answers.{field}"])
    fields = [
        entry["payload"]["fields"]
        for entry in api("GET", f"{path}/activities", by=agent).json["items"]
        if entry["kind"] == "form"
    ]
    assert fields == [[desk.fixed]]


@pytest.mark.parametrize("wrong", [True, [], {"a": 1}, "x", 1e299, "1,5"])
def test_an_answer_of_another_kind(api: Api, users: dict[str, AppUser], desk: Desk, wrong: Any) -> None:
    case = opened(api, desk, users["agent"])
    body = {"answers": {desk.amount: wrong}, "version": case["version"]}
    answer = api("PATCH", f"/cases/{case['number']}", body, by=users["agent"])
    assert (answer.status, list(answer.json["errors"])) == (422, [f"answers.{desk.amount}"])


def test_saves_merge_or_show_both_sides(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent, supervisor = users["agent"], users["supervisor"]
    case = opened(api, desk, agent)
    path, version = f"/cases/{case['number']}", case["version"]
    assert api("PATCH", path, {"subject": "x"}, by=agent).status == 428
    assert api("PATCH", path, {"answers": {desk.name: "theirs"}, "version": version}, by=supervisor).status == 200
    both = api("PATCH", path, {"answers": {desk.name: "mine"}, "version": version}, by=agent)
    assert both.status == 409
    conflict = both.json["conflicts"][0]
    assert (conflict["mine"], conflict["theirs"], conflict["who"]) == ("mine", "theirs", supervisor.full_name)
    merged = api("PATCH", path, {"subject": "Merged", "version": version}, by=agent).json
    assert (merged["subject"], merged["answers"]) == ("Merged", {desk.name: "theirs"})
    chosen = {"answers": {desk.name: "mine"}, "version": merged["version"]}
    assert api("PATCH", path, chosen, by=agent).json["answers"] == {desk.name: "mine"}


def test_statuses_and_their_times(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent = users["agent"]
    case = opened(api, desk, agent, owner_id=agent.id)
    path = f"/cases/{case['number']}"
    choices = {row["kind"]: row for row in api("GET", f"{path}/statuses", by=agent).json["items"]}
    dated = choices[StatusKind.PRIVATE_CALLBACK.value]
    assert (dated["takes_date"], dated["promises"]) == (True, "private")
    missing = api("POST", f"{path}/status", {"status_id": dated["id"]}, by=agent)
    assert (missing.status, list(missing.json["errors"])) == (422, ["when"])
    local = (clock.now() + timedelta(days=2)).replace(tzinfo=None, microsecond=0, second=0).isoformat()
    body = {"status_id": dated["id"], "when": {"local": local, "zone": "Europe/Warsaw"}}
    set_ = api("POST", f"{path}/status", body, by=agent).json
    assert (set_["status"]["kind"], set_["callback"]["local_at"]) == ("private_callback", local)
    closed = {"status_id": desk.statuses["closed"]}
    assert api("POST", f"{path}/status", {**closed, "version": case["version"]}, by=agent).status == 409
    done = api("POST", f"{path}/status", {**closed, "version": set_["version"]}, by=agent).json
    assert (done["callback"], done["closed_at"] is None) == (None, False)
    assert api("POST", f"{path}/status", {"status_id": 10**9}, by=agent).status == 404
    when = {"local": "2030-01-01T10:00+01:00"}
    assert list(api("POST", f"{path}/status", {**body, "when": when}, by=agent).json["errors"]) == ["when.local"]


def test_the_lists_filters_and_cursors(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent = users["agent"]
    numbers = [
        opened(api, desk, agent, subject=f"Case {place}", answers={desk.name: f"n{place}"})["number"]
        for place in range(5)
    ]
    api("POST", f"/cases/{numbers[0]}/status", {"status_id": desk.statuses["closed"]}, by=agent)
    walked, cursor = [], ""
    while True:
        page = api("GET", f"/cases?limit=2{cursor}", by=agent).json
        walked += [row["number"] for row in page["items"]]
        if page["next"] is None:
            break
        opened(api, desk, agent)
        cursor = f"&cursor={page['next']}"
    assert walked == numbers[::-1]

    def found(query: str) -> list[int]:
        return [row["number"] for row in api("GET", f"/cases?{query}", by=agent).json["items"]]

    assert found("kind=closed") == found("view=all&status=" + str(desk.statuses["closed"])) == [numbers[0]]
    assert numbers[0] not in found("view=current")
    assert found("text=case 3") == [numbers[3]]
    assert found(f"pasted={numbers[1]}&pasted={numbers[2]}&sort=number") == [numbers[1], numbers[2]]
    assert found(f"answer={desk.name}=eq:n4") == [numbers[4]]
    assert found("owner=me") == []
    for wrong in (
        "view=mine2",
        "owner=you",
        "created=2030-13-01",
        "limit=0",
        "cursor=x",
        "answer=1",
        "campaign=x",
        "text=ab",
    ):
        assert api("GET", f"/cases?{wrong}", by=agent).status == 422, wrong


def test_giving_a_case_away_needs_the_right(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent, supervisor = users["agent"], users["supervisor"]
    wanted = {"contact_id": desk.contact, "campaign_id": desk.campaign, "owner_id": supervisor.id}
    assert api("POST", "/cases", wanted, by=agent).status == 403
    assert api("POST", "/cases", wanted, by=users["manager"]).status == 409
    case = opened(api, desk, users["manager"], owner_id=agent.id)
    nobody = {"owner_id": None, "version": case["version"]}
    assert api("PATCH", f"/cases/{case['number']}", nobody, by=supervisor).json["owner_id"] is None
    assert api("POST", f"/cases/{case['number']}/campaign", {"campaign_id": desk.campaign}, by=agent).status == 403


def test_notes(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent = users["agent"]
    path = f"/cases/{opened(api, desk, agent)['number']}"
    key = {"Idempotency-Key": "note"}
    note = api("POST", f"{path}/notes", {"body": "Called\ntwice"}, by=agent, headers=key).json
    assert api("POST", f"{path}/notes", {"body": "Called\ntwice"}, by=agent, headers=key).json == note
    where = f"{path}/notes/{note['id']}"
    assert api("PATCH", where, {"body": "x", "seen": "other"}, by=agent).status == 409
    assert api("PATCH", where, {"body": "x", "seen": note["body"]}, by=agent).json["edited_at"] is not None
    bodies = [row["body"] for row in api("GET", f"{path}/activities", by=agent).json["items"] if row["kind"] == "note"]
    assert bodies == ["x"]
    other = f"/cases/{opened(api, desk, agent)['number']}"
    assert api("PATCH", f"{other}/notes/{note['id']}", {"body": "y", "seen": "x"}, by=agent).status == 404
    assert api("POST", f"{path}/notes", {"body": "x" * 20_001}, by=agent).status == 422


def test_files(api: Api, users: dict[str, AppUser], desk: Desk) -> None:
    agent = users["agent"]
    path = f"/cases/{opened(api, desk, agent)['number']}/files"

    def send(content: bytes, name: str = "list.txt", part: str = "file", **more: Any) -> Any:
        return api(
            "POST", path, by=agent, data={part: (io.BytesIO(content), name)}, content_type="multipart/form-data", **more
        )

    sent = send(b"a;b\n1;2\n", headers={"Idempotency-Key": "f"})
    assert (sent.status, sent.json["size"]) == (201, 8)
    assert send(b"a;b\n1;2\n", headers={"Idempotency-Key": "f"}).json == sent.json
    assert send(b"other", headers={"Idempotency-Key": "f"}).status == 422
    assert [row["id"] for row in api("GET", path, by=agent).json["items"]] == [sent.json["id"]]
    got = api("GET", f"{path}/{sent.json['id']}", by=agent)
    assert (got.data, got.headers["X-Content-Type-Options"]) == (b"a;b\n1;2\n", "nosniff")
    assert "attachment" in got.headers["Content-Disposition"]
    assert send(b"MZ\x90\x00" + b"\0" * 100, "tool.exe").status == 422
    assert send(b"x", part="other").status == 422
    assert send(b"").status == 422
    assert api("POST", path, {"file": "x"}, by=agent).status == 415
    assert api("GET", f"{path}/999", by=agent).status == 404
    assert api("GET", f"{path}/{sent.json['id']}", by=users["home_agent"]).status == 404
