"""The API as programs see it: users of every role, tokens, answers that are held against the description."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from app.access.roles import ROLES, sync_roles
from app.core import clock
from app.core.db import transaction
from app.models import ApiToken, AppUser, fab_models
from app.people.tokens import TokenScope, create_token, token_of
from app.people.users import UserValues, create_user
from app.views.api import resources  # noqa: F401  (fills the table)
from app.views.api.described import describe
from app.views.api.endpoints import PATH_PART, TABLE, Endpoint

BASE = "/api/v1"


@dataclass
class Answer:
    """Status, headers and JSON of an answer."""

    status: int
    headers: Any
    json: Any
    data: bytes


class Api:
    """Calls the API with the token of a user, and holds every answer against the OpenAPI document."""

    def __init__(self, client: FlaskClient, tokens: Callable[..., str]) -> None:
        self._client = client
        self._tokens = tokens
        self._made: dict[tuple[int, tuple[TokenScope, ...]], str] = {}
        self._document = describe()
        resource = Resource.from_contents(self._document, default_specification=DRAFT202012)
        self._registry = Registry().with_resource("urn:api", resource)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: AppUser | None = None,
        token: str | None = None,
        scopes: tuple[TokenScope, ...] = tuple(TokenScope),
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        """One request, by a user (with a personal token of these scopes), by a token, or by nobody."""
        sent = dict(headers or {})
        if by is not None:
            key = (by.id, scopes)
            self._made.setdefault(key, self._made.get(key) or self._tokens(by, scopes))
            token = self._made[key]
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            more["data"] = json.dumps(body)
            more["content_type"] = "application/json"
        response = self._client.open(BASE + path, method=method, headers=sent, **more)
        assert "Set-Cookie" not in response.headers
        answer = Answer(response.status_code, response.headers, response.get_json(silent=True), response.data)
        response.close()
        self._check(method, path.partition("?")[0], answer)
        return answer

    def _check(self, method: str, path: str, answer: Answer) -> None:
        """An answer fits what the description says of it; whatever is refused is a problem."""
        if answer.status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json", answer.data
            self._validate("/components/schemas/Problem", answer.json)
            assert answer.json["status"] == answer.status
            return
        found = endpoint_of(method, path)
        assert found is not None
        told = self._document["paths"][BASE + found.path][method.lower()]["responses"][str(answer.status)]
        if "application/json" in told.get("content", {}):
            where = f"{BASE}{found.path}".replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
            pointer = f"/paths/{where}/{method.lower()}/responses/{answer.status}/content/application~1json/schema"
            self._validate(pointer, answer.json)

    def _validate(self, pointer: str, value: Any) -> None:
        checker = Draft202012Validator({"$ref": f"urn:api#{pointer}"}, registry=self._registry)
        problems = [f"{list(error.absolute_path)}: {error.message}" for error in checker.iter_errors(value)]
        assert not problems, problems


def endpoint_of(method: str, path: str) -> Endpoint | None:
    """The entry of the table that a path belongs to."""
    for entry in TABLE:
        parts, given = entry.path.split("/"), path.split("/")
        fits = (
            part == there or (PATH_PART.fullmatch(part) and there.isdecimal())
            for part, there in zip(parts, given, strict=False)
        )
        if entry.method == method and len(parts) == len(given) and all(fits):
            return entry
    return None


@pytest.fixture
def users(session: scoped_session[Any]) -> dict[str, AppUser]:
    """A user of every ready role, by the role's name."""
    with transaction():
        sync_roles()
        made = {}
        for name in ROLES:
            role = session.scalars(select(fab_models.Role).filter_by(name=name)).one()
            values = UserValues(name, name.title(), "Nowak", f"{name}@example.com", [role])
            made[name] = create_user(values, actor=None)
    return made


@pytest.fixture
def tokens(users: dict[str, AppUser]) -> Callable[..., str]:
    """Makes personal tokens; there are roles and users."""
    assert users

    def make(user: AppUser, scopes: tuple[TokenScope, ...] = tuple(TokenScope), *, age: timedelta | None = None) -> str:
        with transaction():
            text = create_token(user, "test", list(scopes), 30)
            if age is not None:
                token = token_of(text)
                assert isinstance(token, ApiToken)
                token.expires_at = clock.now() - age
        return text

    return make


@pytest.fixture
def api(client: FlaskClient, tokens: Callable[..., str]) -> Api:
    """Calls the API."""
    return Api(client, tokens)
