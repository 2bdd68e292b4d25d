"""The doors in, and what a request may do once inside."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core import clock
from app.core.db import session as database
from app.models import AppUser, HistoryEntry, UserSession
from tests.factories import PASSWORD, a_user, signed_in, token


def _attempt(client: FlaskClient, name: str, password: str) -> int:
    return client.post(
        "/login/", data={"username": name, "password": password, "csrf_token": token(client)}
    ).status_code


def test_a_user_comes_in_and_goes_on_to_the_page_asked_for(client: FlaskClient) -> None:
    user = a_user("admin")
    asked = client.get("/users/list/?q=1")
    assert asked.status_code == 302
    assert asked.location.startswith("/login/?next=")
    data = {"username": user.email.upper(), "password": PASSWORD, "csrf_token": token(client)}
    came = client.post(asked.location, data=data)
    assert (came.status_code, came.location) == (302, "/users/list/?q=1")
    assert client.get("/users/list/").status_code == 200


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"])
def test_the_way_back_stays_on_this_site(client: FlaskClient, target: str) -> None:
    user = a_user()
    data = {"username": user.username, "password": PASSWORD, "csrf_token": token(client)}
    assert client.post("/login/", query_string={"next": target}, data=data).location == "/"


def test_everything_wrong_gets_the_same_answer(client: FlaskClient) -> None:
    locked = a_user(locked_until=clock.now() + timedelta(minutes=1))
    gone = a_user(active=False)
    known = a_user()
    texts = set()
    for name, password in (
        ("nobody", "x"),
        (known.username, "x"),
        (locked.username, PASSWORD),
        (gone.username, PASSWORD),
    ):
        data = {"username": name, "password": password, "csrf_token": token(client)}
        answer = client.post("/login/", data=data)
        assert answer.status_code == 401
        texts.add(answer.get_data(as_text=True).count("too many attempts"))
    assert texts == {1}


def test_wrong_passwords_lock_an_account_for_longer_each_time(client: FlaskClient, session: object) -> None:
    user = a_user()
    for _ in range(5):
        assert _attempt(client, user.username, "wrong") == 401
    assert user.locked_until is not None
    assert timedelta(seconds=25) < user.locked_until - clock.now() <= timedelta(seconds=30)
    assert _attempt(client, user.username, PASSWORD) == 401
    with_wait = user.locked_until
    user.locked_until = clock.now() - timedelta(seconds=1)
    assert _attempt(client, user.username, "wrong") == 401
    assert user.locked_until > with_wait + timedelta(seconds=20)
    user.locked_until = clock.now() - timedelta(seconds=1)
    assert _attempt(client, user.username, PASSWORD) == 302
    assert (user.fail_login_count, user.locked_until) == (0, None)


@pytest.mark.parametrize("path", ["/login/", "/api/v1/security/login"])
def test_attempts_on_one_account_are_limited_at_both_doors_together(client: FlaskClient, path: str) -> None:
    for _ in range(5):
        _attempt(client, "somebody", "x")
        client.post("/api/v1/security/login", json={"username": "SOMEBODY ", "password": "x", "provider": "db"})
    if path == "/login/":
        assert _attempt(client, "somebody", "x") == 429
    else:
        answer = client.post(path, json={"username": "somebody", "password": "x", "provider": "db"})
        assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert _attempt(client, "somebody-else", "x") == 401


def test_attempts_are_limited_without_redis_too(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    limiter = app.appbuilder.sm.limiter
    monkeypatch.setattr(limiter, "_storage_dead", True)
    monkeypatch.setattr(limiter, "_Limiter__check_backend_count", 100)
    limiter._fallback_storage.reset()
    answers = [_attempt(client, "nobody-there", "x") for _ in range(11)]
    assert answers.count(401) == 10
    assert answers[-1] == 429


def test_a_new_password_ends_sessions_and_jwts(client: FlaskClient, app: Flask) -> None:
    user = a_user("admin")
    signed_in(client, user)
    sent = {"username": user.username, "password": PASSWORD, "provider": "db", "refresh": True}
    tokens = app.test_client().post("/api/v1/security/login", json=sent).get_json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    refresh = {"Authorization": f"Bearer {tokens['refresh_token']}"}
    assert app.test_client().get("/api/v1/me", headers=bearer).status_code == 200
    other = signed_in(app.test_client(), user)
    new = "an even longer bicycle"
    data = {"present": PASSWORD, "password": new, "csrf_token": token(other)}
    assert other.post("/account/password", data=data).status_code == 302
    assert other.get("/account/").status_code == 200
    assert client.get("/account/").status_code == 302
    assert app.test_client().get("/api/v1/me", headers=bearer).status_code == 401
    assert app.test_client().post("/api/v1/security/refresh", headers=refresh).status_code == 401


def test_a_deactivated_user_is_out_at_once(client: FlaskClient) -> None:
    user = a_user()
    signed_in(client, user)
    user.active = False
    assert client.get("/account/").status_code == 302


def test_signing_out_ends_the_session_of_a_copied_cookie(client: FlaskClient, app: Flask) -> None:
    signed_in(client, a_user())
    with client.session_transaction() as kept:
        copied = dict(kept)
    thief = app.test_client()
    with thief.session_transaction() as kept:
        kept.update(copied)
    assert thief.get("/account/").status_code == 200
    assert client.post("/logout/", data={"csrf_token": token(client)}).status_code == 302
    assert thief.get("/account/").status_code == 302


def test_signing_out_needs_a_post_with_a_token(client: FlaskClient) -> None:
    signed_in(client, a_user())
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 400
    assert client.get("/account/").status_code == 200


def test_an_idle_session_ends(client: FlaskClient, session: object) -> None:
    user = a_user()
    signed_in(client, user)
    row = app_session(user)
    row.seen_at = clock.now() - timedelta(minutes=121)
    assert client.get("/account/").status_code == 302


def test_a_busy_session_ends_too(client: FlaskClient) -> None:
    user = a_user()
    signed_in(client, user)
    row = app_session(user)
    row.created_at = clock.now() - timedelta(hours=13)
    assert client.get("/account/").status_code == 302


def test_nothing_of_the_time_before_the_log_in_stays(client: FlaskClient) -> None:
    with client.session_transaction() as kept:
        kept["planted"] = "by somebody else"
        kept["locale"] = "en"
    before = token(client)
    signed_in(client, a_user())
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept["locale"] == "en"
    assert client.post("/logout/", data={"csrf_token": before}).status_code == 400


def test_a_post_without_a_token_changes_nothing(client: FlaskClient) -> None:
    signed_in(client, a_user("admin"))
    assert client.post("/teams/add", data={"name": "Forged"}).status_code == 400
    answer = client.post("/teams/add", data={"name": "Forged"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_cookie_says_nothing_beside_an_authorization_header(client: FlaskClient) -> None:
    signed_in(client, a_user("admin"))
    answer = client.post("/teams/add", data={"name": "Forged"}, headers={"Authorization": "Bearer nothing"})
    assert answer.status_code == 401


def test_cookies_and_headers_are_safe(client: FlaskClient) -> None:
    answer = client.get("/login/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    came = client.post(
        "/login/", data={"username": a_user().username, "password": PASSWORD, "csrf_token": token(client)}
    )
    cookie = came.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_page_has_no_script_or_style_of_its_own(client: FlaskClient) -> None:
    signed_in(client, a_user("admin"))
    for path in ("/login/", "/users/list/", "/roles/add", "/account/", "/settings/", "/teams/add"):
        page = client.get(path, follow_redirects=True).get_data(as_text=True)
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
        assert "https://" not in page.replace("https://www.w3.org", "")


def test_signing_in_is_noted_but_passwords_never_are(client: FlaskClient, session: object) -> None:
    user = a_user()
    signed_in(client, user)
    data = {"present": PASSWORD, "password": "an even longer bicycle", "csrf_token": token(client)}
    client.post("/account/password", data=data)
    entries = database.scalars(select(HistoryEntry).where(HistoryEntry.record == "user")).all()
    assert [entry.action for entry in entries] == ["password_changed"]
    assert "bicycle" not in str([(entry.before, entry.after) for entry in entries])
    assert "argon2id" in database.get(AppUser, user.id).password


def app_session(user: AppUser) -> UserSession:
    return database.scalars(select(UserSession).filter_by(user_id=user.id)).one()
