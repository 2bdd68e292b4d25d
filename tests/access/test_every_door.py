"""Every route with every role, and with nobody. What the table says is what happens; what it lacks fails."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.access.permissions import Permission, granted
from app.access.roles import ROLES
from app.models import AppUser
from app.people.tokens import TokenScope, create_token
from tests.access.doors import DOORS, Door
from tests.factories import a_user, signed_in, token

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NUMBER = "987654"


def _rules(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Rule, method and an address that names nothing that exists."""
    for rule in app.url_map.iter_rules():
        values = {name: _something(rule, name) for name in rule.arguments}
        with app.test_request_context():
            built = rule.build(values, append_unknown=False)
        assert built is not None
        for method in METHODS:
            if method in (rule.methods or ()):
                yield rule, method, built[1]


def _something(rule: Rule, name: str) -> str:
    """A value that fits the place in the address: one of a few words, else a number that nothing has."""
    return str(min(getattr(rule._converters[name], "items", None) or [NUMBER]))


def test_every_route_is_in_the_table(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes - set(DOORS) == set(), "say in tests/access/doors.py who may use these"
    assert set(DOORS) - routes == set(), "these routes are gone: take them out of tests/access/doors.py"


def test_nobody_comes_in_anywhere_but_where_everybody_may(app: Flask, client: FlaskClient) -> None:
    for rule, method, path in _rules(app):
        door = DOORS.get(rule.endpoint)
        if door is None or door.is_public:
            continue
        answer = client.open(path, method=method, data={"csrf_token": token(client)})
        if door.is_api:
            assert answer.status_code == 401, (method, path, answer.status_code)
        else:
            assert answer.status_code == 302, (method, path, answer.status_code)
            assert answer.location.startswith("/login/"), (method, path, answer.location)


@pytest.mark.parametrize("role", [*ROLES, "of nothing"])
def test_a_role_comes_in_where_the_table_says(app: Flask, client: FlaskClient, role: str) -> None:
    user = a_user(role)
    bearer = {"Authorization": "Bearer " + create_token(user, "walk", list(TokenScope), 1)}
    signed_in(client, user)
    for rule, method, path in _rules(app):
        door = DOORS.get(rule.endpoint)
        if door is None:
            continue
        if rule.endpoint.startswith("api."):
            answer = client.open(path, method=method, headers=bearer, json={})
        else:
            answer = client.open(path, method=method, data={"csrf_token": token(client)})
        may = _may(role, door)
        seen = (role, method, path, answer.status_code)
        assert answer.status_code < 500 or rule.endpoint == "health.readyz", seen
        assert (answer.status_code == 403) is not may, seen
        if may and not door.is_public and not door.ends_session:
            assert "/login/" not in (answer.location or ""), seen
        if door.ends_session:
            signed_in(client, user)


def test_a_deactivated_user_comes_in_nowhere(app: Flask, client: FlaskClient) -> None:
    user = a_user("admin")
    bearer = {"Authorization": "Bearer " + create_token(user, "walk", list(TokenScope), 1)}
    signed_in(client, user)
    user.active = False
    for rule, method, path in _rules(app):
        door = DOORS.get(rule.endpoint)
        if door is None or door.is_public:
            continue
        if door.is_api:
            assert client.open(path, method=method, headers=bearer, json={}).status_code == 401, (method, path)
        else:
            answer = client.open(path, method=method, data={"csrf_token": token(client)})
            assert (answer.location or "").startswith("/login/"), (method, path)


def test_the_table_of_roles_is_what_the_database_holds(client: FlaskClient) -> None:
    for role, permissions in ROLES.items():
        user: AppUser = a_user(role)
        assert granted(user) == {permission.value for permission in permissions}


def _may(role: str, door: Door) -> bool:
    held = ROLES.get(role, frozenset())
    if door.is_api and Permission.API_USE not in held:
        return False
    return door.permission is None or door.permission in held
