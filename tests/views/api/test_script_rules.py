"""The rules of a script, as programs read and change them."""

import pytest

from app.core.db import transaction
from app.models import AppUser, Script
from app.models.scripts import StatusKind
from tests.factories import a_status, a_working_script
from tests.views.api.conftest import Api


@pytest.fixture
def script(session: object) -> Script:
    with transaction():
        return a_working_script()


def test_rules_are_read_added_changed_ordered_and_removed(api: Api, users: dict[str, AppUser], script: Script) -> None:
    manager, path = users["manager"], f"/scripts/{script.id}"
    with transaction():
        closed, waiting = a_status(script, StatusKind.CLOSED).id, a_status(script, StatusKind.WAITING).id
    seen = api("GET", path, by=manager).json
    new = {"event": "no_activity", "from_ids": [waiting], "to_id": closed, "minutes": 60, "version": seen["version"]}
    made = api("POST", f"{path}/rules", new, by=manager)
    assert made.status == 201
    [rule] = made.json["rules"]
    assert rule == {
        "id": rule["id"], "event": "no_activity", "from_any": False, "from_ids": [waiting], "to_id": closed,
        "minutes": 60,
    }  # fmt: skip
    assert api("POST", f"{path}/rules", new, by=manager).status == 409
    version = made.json["version"]
    changed = api("PATCH", f"{path}/rules/{rule['id']}", {"minutes": 90, "version": version}, by=manager).json
    assert changed["rules"] == [{**rule, "minutes": 90}]
    taken = {"event": "taken", "from_any": True, "to_id": closed, "version": changed["version"]}
    both = api("POST", f"{path}/rules", taken, by=manager).json
    order = [each["id"] for each in both["rules"]][::-1]
    turned = api("PUT", f"{path}/rules/order", {"order": order, "version": both["version"]}, by=manager).json
    assert [each["id"] for each in turned["rules"]] == order
    gone = {"version": turned["version"]}
    left = api("POST", f"{path}/rules/{rule['id']}/remove", gone, by=manager).json
    assert [each["event"] for each in left["rules"]] == ["taken"]
    assert api("GET", path, by=manager).json == left


def test_a_rule_that_could_not_be_followed_is_refused_with_its_field(
    api: Api, users: dict[str, AppUser], script: Script
) -> None:
    callback, path = a_status(script, StatusKind.PUBLIC_CALLBACK).id, f"/scripts/{script.id}/rules"
    new = {"event": "taken", "from_any": True, "to_id": callback, "version": script.version}
    refused = api("POST", path, new, by=users["manager"])
    assert (refused.status, list(refused.json["errors"])) == (422, ["to_id"])
    assert api("POST", path, new, by=users["agent"]).status == 403
    assert api("POST", f"{path}/999/remove", {"version": script.version}, by=users["manager"]).status == 404


def test_a_plain_status_gets_a_colour(api: Api, users: dict[str, AppUser], script: Script) -> None:
    new = {"name": "Own", "kind": "plain", "colour": "cyan", "version": script.version}
    made = api("POST", f"/scripts/{script.id}/statuses", new, by=users["manager"]).json
    status = next(each for each in made["statuses"] if each["name"] == "Own")
    assert status["colour"] == "cyan"
    body = {"colour": None, "version": made["version"]}
    path = f"/scripts/{script.id}/statuses/{status['id']}"
    changed = api("PATCH", path, body, by=users["manager"]).json
    assert next(each for each in changed["statuses"] if each["name"] == "Own")["colour"] is None
