"""Contacts, campaigns, scripts, forms and users through the API: the same rules as on the pages."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from app.core.db import session, transaction
from app.models import AppUser, Contact, CustomField, HistoryEntry, Invitation
from app.models.contacts import CustomFieldKind
from app.people.tokens import TokenScope
from tests.factories import a_user
from tests.views.api.conftest import Api

PERSON = {"first_name": "Zofia", "last_name": "Łęcka", "phones": [{"number": "500 100 200"}]}


def walked(api: Api, path: str, by: AppUser, *, limit: int, between: Any = None) -> list[int]:
    """Ids of all rows, page after page."""
    found, cursor = [], ""
    while True:
        page = api("GET", f"{path}{'&' if '?' in path else '?'}limit={limit}{cursor}", by=by).json
        found += [item["id"] for item in page["items"]]
        assert len(page["items"]) <= limit
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"
        if between:
            between()


def test_a_contact_is_made_read_changed(api: Api, users: dict[str, AppUser]) -> None:
    agent = users["agent"]
    made = api("POST", "/contacts", PERSON, by=agent)
    assert (made.status, made.json["phones"][0]["number"], made.headers["ETag"]) == (201, "+48500100200", '"1"')
    path = f"/contacts/{made.json['id']}"
    changed = api("PATCH", path, {"note": "VIP"}, by=agent, headers={"If-Match": made.headers["ETag"]})
    assert (changed.status, changed.json["note"], changed.json["version"]) == (200, "VIP", 2)
    assert changed.json["phones"] == made.json["phones"]
    assert api("GET", path, by=agent).json == changed.json
    entry = session.query(HistoryEntry).filter_by(record="contact", action="changed").one()
    assert (entry.actor_id, entry.origin) == (agent.id, "api 127.0.0.1")


def test_a_change_names_its_version_and_overwrites_nothing(api: Api, users: dict[str, AppUser]) -> None:
    admin = users["admin"]
    path = f"/contacts/{api('POST', '/contacts', PERSON, by=admin).json['id']}"
    assert api("PATCH", path, {"note": "x"}, by=admin).status == 428
    assert api("PATCH", path, {"note": "x"}, by=admin, headers={"If-Match": "*"}).status == 428
    assert api("PATCH", path, {"note": "x", "version": 1}, by=admin, headers={"If-Match": '"2"'}).status == 428
    assert api("PATCH", path, {"note": "theirs", "version": 1}, by=admin).status == 200
    refused = api("PATCH", path, {"note": "mine", "version": 1}, by=admin)
    assert refused.status == 409
    assert refused.json["fields"]["note"] == {"before": None, "theirs": "theirs", "mine": "mine"}
    merged = api("PATCH", path, {"last_name": "Nowa", "version": 1}, by=admin).json
    assert (merged["note"], merged["last_name"]) == ("theirs", "Nowa")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phones": [{"number": "12"}]}, "phones.0.number"),
        ({"phones": [{"number": "+48 000"}]}, "phones.0"),
        ({"emails": [{"address": "nobody"}]}, "emails.0"),
        ({"first_name": "x" * 121}, "first_name"),
        ({"kind": "robot"}, "kind"),
        ({"custom": {"nothing": 1}}, "custom.nothing"),
        ({"company_id": 999}, "company_id"),
        ({"name": "x"}, "name"),
    ],
)
def test_bad_contacts(api: Api, users: dict[str, AppUser], body: dict[str, Any], field: str) -> None:
    answer = api("POST", "/contacts", {"last_name": "A", **body}, by=users["admin"], headers={"Accept-Language": "en"})
    assert (answer.status, list(answer.json["errors"])) == (422, [field])


def test_rows_that_one_may_not_see_do_not_exist(api: Api, users: dict[str, AppUser]) -> None:
    theirs = api("POST", "/contacts", PERSON, by=users["manager"]).json
    mine = api("POST", "/contacts", {**PERSON, "company_id": None}, by=users["agent"]).json
    assert [row["id"] for row in api("GET", "/contacts", by=users["agent"]).json["items"]] == [mine["id"]]
    assert api("GET", "/contacts?phone=500100200", by=users["agent"]).json["items"] == [mine]
    assert len(api("GET", "/contacts", by=users["auditor"]).json["items"]) == 2
    assert api("GET", f"/contacts/{theirs['id']}", by=users["agent"]).status == 404
    assert api("PATCH", f"/contacts/{theirs['id']}", {"note": "x", "version": 1}, by=users["agent"]).status == 404
    assert api("PATCH", f"/contacts/{theirs['id']}", {"note": "x", "version": 1}, by=users["auditor"]).status == 403


def test_search_and_filters(api: Api, users: dict[str, AppUser]) -> None:
    admin = users["admin"]
    made = api("POST", "/contacts", {**PERSON, "tags": ["vip"], "external_key": "A-1"}, by=admin).json
    api("POST", "/contacts", {"kind": "company", "company_name": "Firma"}, by=admin)
    for query in (
        "text=lecka",
        "phone=%2B48500100200",
        "tag=vip",
        "external_key=A-1",
        "kind=person",
        f"number={made['number']}",
    ):
        assert [row["id"] for row in api("GET", f"/contacts?{query}", by=admin).json["items"]] == [made["id"]], query
    assert api("GET", "/contacts?text=%25%25%25", by=admin).json["items"] == []
    assert api("GET", "/contacts?text=ab", by=admin).status == 422


def test_hidden_fields_are_absent_and_read_only_ones_refused(api: Api, users: dict[str, AppUser]) -> None:
    with transaction():
        for key, values in {"secret": {"is_visible": False}, "fixed": {"agents_may_edit": False}, "free": {}}.items():
            session.add(CustomField(key=key, title=key, kind=CustomFieldKind.TEXT, **values))
    agent, admin = users["agent"], users["admin"]
    made = api("POST", "/contacts", {**PERSON, "custom": {"free": "a"}}, by=agent).json
    path = f"/contacts/{made['id']}"
    full = api("PATCH", path, {"custom": {"secret": "s", "fixed": "f"}, "version": 1}, by=admin).json
    assert full["custom"] == {"secret": "s", "fixed": "f", "free": "a"}
    assert api("GET", path, by=agent).json["custom"] == {"fixed": "f", "free": "a"}
    for key in ("secret", "fixed"):
        refused = api("PATCH", path, {"custom": {key: "x"}, "version": 2}, by=agent)
        assert (refused.status, list(refused.json["errors"])) == (422, [f"custom.{key}"])
    api("PATCH", path, {"custom": {"free": "b"}, "version": 2}, by=agent)
    assert api("GET", path, by=admin).json["custom"] == {"secret": "s", "fixed": "f", "free": "b"}
    leading = a_user("supervisor")
    path = f"/contacts/{api('POST', '/contacts', PERSON, by=leading).json['id']}"
    led = api("PATCH", path, {"custom": {"fixed": "g"}, "version": 1}, by=leading)
    assert (led.status, led.json["custom"]) == (200, {"fixed": "g"})
    assert api("PATCH", path, {"custom": {"secret": "g"}, "version": 2}, by=leading).status == 422


def test_cursors_walk_every_row_once_while_rows_come_in(api: Api, users: dict[str, AppUser]) -> None:
    admin = users["admin"]
    first = [api("POST", "/contacts", {"last_name": f"A{place}"}, by=admin).json["id"] for place in range(7)]
    added: list[int] = []

    def add() -> None:
        if len(added) < 3:
            added.append(api("POST", "/contacts", {"last_name": "New"}, by=admin).json["id"])

    assert walked(api, "/contacts", admin, limit=2, between=add) == first + added
    assert walked(api, "/users", admin, limit=1) == sorted(user.id for user in users.values())


def test_the_same_key_does_it_once(api: Api, users: dict[str, AppUser]) -> None:
    admin, key = users["admin"], {"Idempotency-Key": "k-1"}
    once = api("POST", "/contacts", PERSON, by=admin, headers=key)
    again = api("POST", "/contacts", PERSON, by=admin, headers=key)
    assert (again.status, again.json, again.headers["Idempotency-Replayed"]) == (201, once.json, "true")
    assert len(api("GET", "/contacts", by=admin).json["items"]) == 1
    assert api("POST", "/contacts", {**PERSON, "note": "x"}, by=admin, headers=key).status == 422
    assert api("POST", "/scripts", {"name": "x"}, by=admin, headers=key).status == 422
    assert api("POST", "/contacts", PERSON, by=users["manager"], headers=key).json["id"] != once.json["id"]
    assert api("POST", "/contacts", PERSON, by=admin, headers={"Idempotency-Key": "x" * 201}).status == 422


def test_the_same_key_at_the_same_moment(app: Flask, users: dict[str, AppUser], tokens: Callable[..., str]) -> None:
    headers = {"Authorization": f"Bearer {tokens(users['admin'])}", "Idempotency-Key": "both"}

    def send(_: int) -> Any:
        return app.test_client().post("/api/v1/contacts", json=PERSON, headers=headers).get_json()["id"]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    assert session.query(Contact).count() == 1


def test_what_was_refused_leaves_its_key_free(api: Api, users: dict[str, AppUser]) -> None:
    key = {"Idempotency-Key": "k-2"}
    assert api("POST", "/contacts", {}, by=users["admin"], headers=key).status == 422
    assert api("POST", "/contacts", PERSON, by=users["admin"], headers=key).status == 201


def test_a_script_with_its_statuses(api: Api, users: dict[str, AppUser]) -> None:
    manager = users["manager"]
    script = api("POST", "/scripts", {"name": "Sales"}, by=manager, headers={"Accept-Language": "en"}).json
    path = f"/scripts/{script['id']}"
    added = api(
        "POST", f"{path}/statuses", {"name": "Thinking", "kind": "waiting", "version": script["version"]}, by=manager
    )
    assert added.status == 201
    status = next(row for row in added.json["statuses"] if row["name"] == "Thinking")
    stale = api("PATCH", path, {"name": "Other", "version": script["version"]}, by=manager)
    assert (stale.status, stale.json["yours"]["name"], stale.json["theirs"]["name"]) == (409, "Other", "Sales")
    where = f"{path}/statuses/{status['id']}"
    body = {"name": "Thinks", "limit_minutes": 60, "is_initial": True, "version": added.json["version"]}
    changed = api("PATCH", where, body, by=manager).json
    assert [row["name"] for row in changed["statuses"] if row["is_initial"]] == ["Thinks"]
    assert api("PATCH", where, {"is_hidden": True, "version": changed["version"]}, by=manager).status == 409
    assert api("PATCH", where, {"is_initial": False, "version": changed["version"]}, by=manager).status == 422
    order = [row["id"] for row in reversed(changed["statuses"])]
    ordered = api("PUT", f"{path}/statuses/order", {"order": order, "version": changed["version"]}, by=manager).json
    assert [row["id"] for row in ordered["statuses"]] == order
    assert api("PUT", f"{path}/statuses/order", {"order": [1], "version": ordered["version"]}, by=manager).status == 409
    assert api("GET", path, by=users["auditor"]).json == ordered
    assert api("PATCH", path, {"form_id": 99, "version": ordered["version"]}, by=manager).status == 422


def test_forms_and_publishing(api: Api, users: dict[str, AppUser]) -> None:
    manager = users["manager"]
    form = api("POST", "/forms", {"name": "Survey"}, by=manager).json
    path = f"/forms/{form['id']}/versions"
    definition = {"pages": [{"id": "page-1", "title": ""}], "fields": []}
    first = api("POST", path, {"definition": definition, "base": 0, "comment": "first"}, by=manager)
    assert (first.status, first.json["number"]) == (201, 1)
    stale = api("POST", path, {"definition": definition, "base": 0}, by=manager)
    assert (stale.status, stale.json["theirs"]) == (409, first.json["definition"])
    wrong = {"pages": [], "fields": [{"id": 1}]}
    assert api("POST", path, {"definition": wrong, "base": 1}, by=manager).status == 422
    assert api("GET", f"{path}/1", by=users["supervisor"]).json == first.json
    assert api("GET", f"{path}/{2**40}", by=manager).status == 404
    assert [row["number"] for row in api("GET", path, by=manager).json["items"]] == [1]
    assert api("GET", f"/forms/{form['id']}", by=manager).json["published"] == 1


def test_campaigns_and_their_people(api: Api, users: dict[str, AppUser]) -> None:
    manager, supervisor = users["manager"], users["supervisor"]
    script = api("POST", "/scripts", {"name": "One"}, by=manager).json
    made = api(
        "POST", "/campaigns", {"name": "Spring", "script_id": script["id"], "starts_on": "2030-03-01"}, by=manager
    )
    path = f"/campaigns/{made.json['id']}"
    assert api("GET", path, by=supervisor).status == 404
    assert api("GET", "/campaigns", by=supervisor).json["items"] == []
    people = {"users": [supervisor.id, users["agent"].id], "version": made.json["version"]}
    assert api("PUT", f"{path}/people", {**people, "users": [0]}, by=manager).status == 422
    assert api("PUT", f"{path}/people", {**people, "users": [10**6]}, by=manager).status == 422
    assigned = api("PUT", f"{path}/people", people, by=manager).json
    assert (assigned["users"], assigned["teams"]) == (sorted(people["users"]), [])
    assert api("GET", path, by=supervisor).json == assigned
    assert api("PATCH", path, {"state": "archived", "version": 1}, by=manager).json["theirs"] == assigned
    archived = api("PATCH", path, {"state": "archived", "version": assigned["version"]}, by=manager).json
    assert api("PATCH", path, {"name": "New", "version": archived["version"]}, by=manager).status == 409
    back = api("PATCH", path, {"name": "New", "state": "active", "version": archived["version"]}, by=manager).json
    assert (back["name"], back["state"]) == ("New", "active")
    assert api("GET", "/campaigns?state=archived", by=manager).json["items"] == []


def test_users_are_invited_and_shut_out(api: Api, users: dict[str, AppUser]) -> None:
    admin = users["admin"]
    body = {
        "username": "nowa",
        "first_name": "Ewa",
        "last_name": "Nowa",
        "email": "ewa@example.com",
        "roles": ["agent"],
    }
    key = {"Idempotency-Key": "invite"}
    invited = api("POST", "/users", body, by=admin, headers=key)
    assert invited.status == 201
    assert "/welcome/" in invited.json["link"]
    assert api("POST", "/users", body, by=admin, headers=key).json == {**invited.json, "link": None}
    assert session.query(Invitation).count() == 1
    assert list(api("POST", "/users", body, by=admin).json["errors"]) == ["username"]
    assert list(api("POST", "/users", {**body, "roles": ["king"]}, by=admin).json["errors"]) == ["roles"]
    path = f"/users/{invited.json['user']['id']}"
    assert api("POST", f"{path}/password-link", by=admin).json["link"] != invited.json["link"]
    assert api("POST", f"{path}/deactivate", by=admin).json["active"] is False
    assert api("POST", f"{path}/activate", by=admin).json["active"] is True
    assert api("POST", f"/users/{admin.id}/deactivate", by=admin).status == 409
    assert api("POST", f"{path}/sign-out", by=admin).status == 204
    assert api("GET", "/users?text=ewa@&active=true", by=admin).json["items"][0]["username"] == "nowa"
    assert api("GET", path, by=admin, scopes=(TokenScope.READ,)).status == 403
