"""/openapi.json: the description of the API. With the log-in, which Flask-AppBuilder's blueprint serves."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from app.views.api import openapi, shapes
from app.views.api.endpoints import TABLE, endpoint
from app.views.api.kinds import Words
from app.views.api.shapes import Document
from app.views.api.unset import UNSET, Unset


class Provider(StrEnum):
    """Where the password is checked."""

    DB = "db"


@dataclass(frozen=True, kw_only=True)
class LogIn:
    """A user's login or e-mail address, and the password."""

    username: Annotated[str, Words(320, least=1)]
    password: Annotated[str, Words(1024, least=1)]
    provider: Provider
    refresh: bool = False


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """JSON web tokens. The access token is valid for a quarter of an hour; the refresh token gets a new one."""

    access_token: str
    refresh_token: str | Unset = UNSET


@endpoint("GET", "/openapi.json", summary="This description of the API.", public=True)
def describe() -> Document:
    """OpenAPI 3.1."""
    made = openapi.document(TABLE)
    made["paths"] |= {
        f"{openapi.BASE}/security/login": _post("log_in", "Get an access token for a login and a password.", LogIn),
        f"{openapi.BASE}/security/refresh": _post("renew", "Get a new access token; send the refresh token.", None),
    }
    records = (shapes.record_of(LogIn), shapes.record_of(Tokens))
    made["components"]["schemas"] |= {record.title: record.definition() for record in records}
    return made


def _post(name: str, summary: str, body: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "tags": ["security"],
        "responses": {
            "200": {
                "description": "Done.",
                "content": {"application/json": {"schema": shapes.record_of(Tokens).schema()}},
            },
            "default": openapi.PROBLEM_ANSWER,
        },
    }
    if body is not None:
        made["security"] = []
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": shapes.record_of(body).schema()}},
        }
    return {"post": made}
