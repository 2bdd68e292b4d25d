"""Every endpoint with every role and with nobody; the description and the routes are one table."""

import re

from flask import Flask
from jsonschema import Draft202012Validator

from app.access.permissions import Permission
from app.access.roles import ROLES
from app.models import AppUser
from app.people.tokens import TokenScope
from app.views.api.described import describe
from app.views.api.endpoints import PATH_PART, TABLE, Endpoint
from tests.views.api.conftest import BASE, Api


def address(entry: Endpoint) -> str:
    """The path, with numbers that name nothing."""
    return PATH_PART.sub("999999999", entry.path)


def test_the_description_names_every_route_and_no_other(app: Flask) -> None:
    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") and rule.endpoint != "api._nowhere"
    }
    told = {(method.upper(), path) for path, methods in describe()["paths"].items() for method in methods}
    assert told == served


def test_the_description_is_sound() -> None:
    document = describe()
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))
    references = re.findall(r'"#/components/schemas/(\w+)"', str(document).replace("'", '"'))
    assert set(references) <= set(document["components"]["schemas"])


def test_anybody_may_read_the_description(api: Api) -> None:
    answer = api("GET", "/openapi.json")
    assert answer.status == 200
    assert answer.json["paths"].keys() == describe()["paths"].keys()


def test_nobody_and_bad_tokens_come_nowhere(api: Api) -> None:
    for entry in TABLE:
        for token in (None, "splot_unknown", "not.a.jwt"):
            status = api(entry.method, address(entry), token=token).status
            assert status == (200 if entry.public else 401), entry.name


def test_every_role_comes_where_its_permissions_lead(api: Api, users: dict[str, AppUser]) -> None:
    for entry in TABLE:
        for role, held in ROLES.items():
            needed = frozenset() if entry.public else {Permission.API_USE, *entry.permissions}
            status = api(entry.method, address(entry), by=users[role]).status
            assert status != 500, entry.name
            assert (status == 403) == (not needed <= held), (entry.name, role, status)


def test_every_scope_is_asked_for(api: Api, users: dict[str, AppUser]) -> None:
    for entry in TABLE:
        if not entry.public:
            others = tuple(scope for scope in TokenScope if scope != entry.scope)
            answer = api(entry.method, address(entry), by=users["admin"], scopes=others)
            assert (answer.status, answer.json["scope"]) == (403, entry.scope.value), entry.name


def test_a_table_row_names_its_permission() -> None:
    for entry in TABLE:
        if entry.changes:
            assert entry.permissions, entry.name
            assert entry.scope != TokenScope.READ


def test_base() -> None:
    assert all(path.startswith(BASE) for path in describe()["paths"])
