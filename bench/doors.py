"""People at the doors of the running product: requests with a session and its token, as browsers send them."""

import http.client
import json
import re
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from flask import Flask

from app.core.db import session, transaction
from app.models import AppUser
from app.people.sessions import begin_session
from app.views.signing_in import _KEY as SESSION_KEY

_PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    body: bytes
    sent: float
    """By `time.monotonic`, when the request went out."""
    seconds: float

    @property
    def json(self) -> Any:
        """Its JSON; an empty object when it is something else."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}


@dataclass
class Visitor:
    """Somebody who is signed in. Each request has a connection of its own."""

    port: int
    cookie: str
    token: str = ""
    statuses: list[int] = field(default_factory=list)
    """Of every answer so far."""

    def look(self, path: str) -> Answer:
        """Open a page, and keep the token that its scripts send."""
        answer = self.send("GET", path)
        found = re.search(rb'name="csrf-token" content="([^"]+)"', answer.body)
        if found is None:
            message = f"{path} answered {answer.status}, without a token"
            raise RuntimeError(message)
        self.token = found[1].decode()
        return answer

    def send(self, method: str, path: str, content: Any = None) -> Answer:
        """One request, as frontend/http.js makes it."""
        headers = {"Cookie": f"splot={self.cookie}", "Accept": "application/json, application/problem+json, text/html"}
        if self.token:
            headers["X-CSRFToken"] = self.token
        body = None
        if content is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(content)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        sent = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.read(), sent, time.monotonic() - sent)
            for line in response.headers.get_all("Set-Cookie") or ():
                if (morsel := SimpleCookie(line).get("splot")) is not None:
                    self.cookie = morsel.value
        finally:
            connection.close()
        self.statuses.append(answer.status)
        return answer


def cookie_of(app: Flask, user_id: int) -> str:
    """The cookie of a browser in which the user has just signed in."""
    client = app.test_client()
    with app.app_context(), transaction():
        key = begin_session(session.get_one(AppUser, user_id), address="127.0.0.1", browser="bench")
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = key
        cookie.permanent = True
    kept = client.get_cookie("splot")
    return kept.value if kept else ""


class Manager:
    """Somebody who edits a form in the builder and publishes it."""

    def __init__(self, visitor: Visitor, form_id: int) -> None:
        self.visitor = visitor
        self._path = f"/forms/{form_id}"
        visitor.look(self._path)

    def definition(self) -> dict[str, Any]:
        """What the form is now."""
        found: dict[str, Any] = self.visitor.send("GET", f"{self._path}/draft").json["definition"]
        return found

    def publish(self, definition: dict[str, Any]) -> Answer:
        """Keep it as the draft, which the builder does long before; then the one request that publishes it."""
        draft = self.visitor.send("GET", f"{self._path}/draft").json
        kept = self.visitor.send(
            "POST", f"{self._path}/draft", {"definition": definition, "seen": draft["seen"], "base": draft["base"]}
        )
        answer = self.visitor.send(
            "POST", f"{self._path}/publish", {"base": draft["base"], "seen": kept.json.get("seen", "")}
        )
        if answer.status != 200 or answer.json:  # noqa: PLR2004
            message = f"publishing answered {answer.status} {answer.body[:300]!r}; the draft {kept.body[:300]!r}"
            raise RuntimeError(message)
        return answer
