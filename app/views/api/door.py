"""The one way in: who calls, how often, may they, what do they say; then the endpoint in one transaction."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import UnsupportedMediaType

from app.access.permissions import Permission, require
from app.core.db import transaction
from app.core.errors import Forbidden, NotFound
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser
from app.views import repeats
from app.views.api import shapes
from app.views.api.body import read_body
from app.views.api.callers import Caller, the_caller
from app.views.api.endpoints import Download, Endpoint
from app.views.api.kinds import LARGEST
from app.views.api.language import in_the_callers_language
from app.views.api.versions import etag

EXTENSION = "splot-api-limit"
_ROUND_A_FILE = 2**16
"""Bytes that multipart/form-data needs around the file itself."""


def come_in(endpoint: Endpoint, parts: dict[str, int]) -> Response:
    """Answer one request to one endpoint; errors are raised, and told as problems by the blueprint."""
    actor = _admit(endpoint)
    if any(part > LARGEST for part in parts.values()):
        raise NotFound(_l("There is nothing with that number."))
    arguments: dict[str, Any] = dict(parts)
    if endpoint.query is not None:
        arguments["query"] = shapes.read_query(endpoint.query, request.args.to_dict(flat=False))
    elif request.args:
        shapes.read_query(Nothing, request.args.to_dict(flat=False))
    if endpoint.upload:
        _prepare_upload()
    if endpoint.body is not None:
        arguments["body"] = shapes.read(endpoint.body, read_body(request))
    if endpoint.takes_actor:
        arguments["actor"] = actor
    return _answer(endpoint, arguments, actor)


def _prepare_upload() -> None:
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    request.max_content_length = current_app.config["SETTINGS"].upload_limit + _ROUND_A_FILE


def _admit(endpoint: Endpoint) -> AppUser | None:
    """The user behind the token, once the rate limit, the token's scopes and the user's permissions allow the call."""
    if endpoint.public:
        current_app.extensions[EXTENSION]()
        return None
    try:
        caller = the_caller()
    finally:
        # Counts for the caller, or for the address of whoever tries tokens that are none.
        current_app.extensions[EXTENSION]()
    _check_scope(caller, endpoint)
    require(caller.user, Permission.API_USE)
    for permission in endpoint.permissions:
        require(caller.user, permission)
    return caller.user


def _check_scope(caller: Caller, endpoint: Endpoint) -> None:
    if endpoint.scope not in caller.scopes:
        raise Forbidden(
            _l("This token may not be used for that: it lacks the scope “%(scope)s”.", scope=endpoint.scope.value),
            scope=endpoint.scope.value,
        )


@in_the_callers_language
def _answer(endpoint: Endpoint, arguments: dict[str, Any], actor: AppUser | None) -> Response:
    if not endpoint.changes or actor is None:
        return _told(endpoint, endpoint.function(**arguments))
    with transaction():
        row = repeats.claim(actor, request.headers.get("Idempotency-Key")) if endpoint.method == "POST" else None
        if row is not None and row.status is not None:
            told = Response(status=row.status) if row.answer is None else _sent(row.answer, row.status, {})
            told.headers["Idempotency-Replayed"] = "true"
            return told
        response = _told(endpoint, endpoint.function(**arguments))
        if row is not None:
            kept = response.get_json(silent=True)
            repeats.keep(row, response.status_code, kept if endpoint.keeps_answer else _without_secrets(kept))
    return response


def _told(endpoint: Endpoint, result: Any) -> Response:
    if isinstance(result, Download):
        return Response(result.stream, headers=result.headers, direct_passthrough=True)
    if endpoint.answer is None:
        return Response(status=204)
    value = shapes.write(endpoint.answer, result)
    version = value.get("version")
    return _sent(value, endpoint.status, {"ETag": etag(version)} if isinstance(version, int) else {})


def _sent(value: Any, status: int, headers: dict[str, str]) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False) + "\n", status, headers, content_type="application/json")
    # Rows of one user must not be shown to another by something in between.
    response.headers["Cache-Control"] = "no-store"
    return response


def _without_secrets(kept: Any) -> Any:
    return {**kept, "link": None} if isinstance(kept, dict) and "link" in kept else kept


@dataclass(frozen=True)
class Nothing:
    """An address that takes no query."""
