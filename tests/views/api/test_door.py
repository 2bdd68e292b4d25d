"""The one way in: tokens, scopes, limits, problems, languages."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import session, transaction
from app.models import ApiToken, AppUser
from app.people.account import set_password
from app.people.sessions import sign_out_everywhere
from app.people.tokens import TokenScope
from app.people.users import deactivate_user
from tests.views.api.conftest import Api

PASSWORD = "correct horse battery staple"


def test_nobody_and_wrong_tokens(api: Api, users: dict[str, AppUser], tokens: Callable[..., str]) -> None:
    expired = tokens(users["admin"], age=timedelta(seconds=1))
    for token in (None, "splot_wrong", "a.b.c", "splot_" + "x" * 5000, expired):
        answer = api("GET", "/me", token=token)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert api("GET", "/me", headers={"Authorization": "Basic YTpi"}).status == 401


def test_a_cookie_is_no_way_in(client: FlaskClient, users: dict[str, AppUser]) -> None:
    with transaction():
        set_password(users["admin"], PASSWORD, actor=None)
    page = client.get("/login/")
    form = {"username": "admin", "password": PASSWORD}
    found = page.get_data(as_text=True).partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert client.post("/login/", data={**form, "csrf_token": found}).status_code == 302
    assert client.get("/api/v1/me").status_code == 401


def test_log_in_refresh_and_the_end_of_it(api: Api, client: FlaskClient, users: dict[str, AppUser]) -> None:
    with transaction():
        set_password(users["agent"], PASSWORD, actor=None)
    sent = {"username": "agent", "password": PASSWORD, "provider": "db", "refresh": True}
    got = client.post("/api/v1/security/login", json=sent).get_json()
    assert "access_token" in got, got
    assert api("GET", "/me", token=got["access_token"]).json["username"] == "agent"
    assert api("GET", "/me", token=got["refresh_token"]).status == 401
    renewed = client.post("/api/v1/security/refresh", headers={"Authorization": f"Bearer {got['refresh_token']}"})
    assert api("GET", "/me", token=renewed.get_json()["access_token"]).status == 200
    with transaction():
        sign_out_everywhere(users["agent"], actor=None)
    assert api("GET", "/me", token=got["access_token"]).status == 401
    late = client.post("/api/v1/security/refresh", headers={"Authorization": f"Bearer {got['refresh_token']}"})
    assert (late.status_code, late.mimetype) == (401, "application/problem+json")


@pytest.mark.parametrize("sent", [{"username": "agent", "password": "no", "provider": "db"}, {"username": 1}, [], None])
@pytest.mark.usefixtures("users")
def test_a_refused_log_in_is_a_problem(client: FlaskClient, sent: object) -> None:
    answer = client.post("/api/v1/security/login", data=json.dumps(sent), content_type="application/json")
    assert answer.status_code in {400, 401}
    assert answer.mimetype == "application/problem+json"


def test_a_deactivated_user_is_out(api: Api, users: dict[str, AppUser]) -> None:
    assert api("GET", "/me", by=users["agent"]).status == 200
    with transaction():
        deactivate_user(users["agent"], actor=users["admin"])
    assert api("GET", "/me", by=users["agent"]).status == 401


def test_scopes(api: Api, users: dict[str, AppUser]) -> None:
    admin = users["admin"]
    new = {"name": "One"}
    assert api("GET", "/scripts", by=admin, scopes=(TokenScope.WRITE,)).status == 403
    assert api("POST", "/scripts", new, by=admin, scopes=(TokenScope.READ,)).json["scope"] == "write"
    assert api("POST", "/scripts", new, by=admin, scopes=(TokenScope.WRITE,)).status == 201
    assert api("GET", "/users", by=admin, scopes=(TokenScope.READ, TokenScope.WRITE)).status == 403
    assert api("GET", "/users", by=admin, scopes=(TokenScope.ADMIN,)).status == 200


def test_use_is_noted_at_most_once_a_minute(api: Api, users: dict[str, AppUser]) -> None:
    start = clock.now()
    noted = []
    for seconds in (0, 30, 61):
        with clock.stopped_at(start + timedelta(seconds=seconds)):
            assert api("GET", "/me", by=users["agent"]).status == 200
        noted.append(session.query(ApiToken).one().last_used_at)
    assert noted == [start, start, start + timedelta(seconds=61)]


def test_one_callers_limit_is_not_the_others(app: Flask, api: Api, users: dict[str, AppUser]) -> None:
    usual, app.config["API_RATE_LIMIT"] = app.config["API_RATE_LIMIT"], "2 per minute"
    try:
        assert [api("GET", "/me", by=users["agent"]).status for _ in range(3)] == [200, 200, 429]
        assert api("GET", "/me", by=users["admin"]).status == 200
        assert [api("GET", "/me").status for _ in range(3)] == [401, 401, 429]
        assert int(api("GET", "/me", by=users["agent"]).headers["Retry-After"]) <= 60
    finally:
        app.config["API_RATE_LIMIT"] = usual


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/scripts/0", 404),
        ("GET", f"/scripts/{10**30}", 404),
        ("GET", "/scripts/x", 404),
        ("GET", f"/users/{2**40}", 404),
        ("DELETE", "/scripts", 405),
        ("PUT", "/me", 405),
        ("GET", "/scripts?text=%00", 422),
        ("GET", "/scripts?limit=201", 422),
        ("GET", "/scripts?cursor=zzz", 422),
        ("GET", "/me?x=1", 422),
    ],
)
def test_errors_are_problems(api: Api, users: dict[str, AppUser], method: str, path: str, status: int) -> None:
    answer = api(method, path, by=users["admin"])
    assert answer.status == status
    assert answer.json["instance"] == "/api/v1" + path.partition("?")[0]
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_a_fault_tells_nothing(
    app: Flask, api: Api, users: dict[str, AppUser], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        message = "secret"
        raise RuntimeError(message)

    monkeypatch.setitem(app.extensions, "splot-api-limit", fail)
    answer = api("GET", "/me", by=users["admin"])
    assert answer.status == 500
    assert b"secret" not in answer.data


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"data": "{}", "content_type": "text/plain"}, 415),
        ({"data": "{"}, 400),
        ({"data": '{"name": "a", "name": "b"}'}, 400),
        ({"data": "[" * 100_000}, 400),
        ({"data": '{"name": "' + "x" * 2**20 + '"}'}, 413),
        ({"data": '{"name": "a\\u0000"}'}, 422),
        ({"data": '{"name": 1}'}, 422),
        ({"data": '{"name": "' + "x" * 161 + '"}'}, 422),
        ({"data": '{"name": "a", "z": 1}'}, 422),
        ({"data": "null"}, 422),
        ({"data": b"\xff"}, 400),
    ],
)
def test_bad_bodies(api: Api, users: dict[str, AppUser], more: dict[str, object], status: int) -> None:
    answer = api("POST", "/scripts", by=users["admin"], **{"content_type": "application/json", **more})
    assert answer.status == status
    assert api("GET", "/scripts", by=users["admin"]).json["items"] == []


def test_the_language_is_the_requests_else_the_users(api: Api, users: dict[str, AppUser]) -> None:
    def detail(language: str | None) -> str:
        headers = {"Accept-Language": language or ""}
        return str(api("GET", "/nowhere", by=users["agent"], headers=headers).headers.get("Content-Language"))

    assert (detail("en-GB,en;q=0.8"), detail("pl"), detail("de"), detail(None)) == ("en", "pl", "pl", "pl")
    with transaction():
        users["agent"].language = "en"
    # An address that is not there asks nobody who they are; one that is there does.
    told = api("GET", "/scripts", by=users["agent"], scopes=(TokenScope.READ,))
    assert (told.status, told.headers["Content-Language"]) == (403, "en")
