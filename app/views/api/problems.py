"""Errors as RFC 9457 problems, in the caller's language."""

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, request
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.core import db
from app.core.errors import Invalid, SplotError
from app.core.i18n import lazy_gettext as _l
from app.views.api.kinds import plain
from app.views.api.language import callers_language, in_the_callers_language

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES = "/problems/"
"""A problem's type is this and its slug; docs/api.md lists them."""

_OWN_WORDS = {
    "bad-request": _l("The request cannot be understood"),
    "unreadable-body": _l("The body cannot be read"),
    "unauthorized": _l("Sign in first"),
    "forbidden": _l("You may not do this"),
    "not-found": _l("There is nothing here"),
    "method-not-allowed": _l("This address does not take that method"),
    "refused": _l("A rule says no"),
    "conflict": _l("Somebody else has changed this"),
    "clash": _l("This clashes with something saved already"),
    "invalid": _l("Some values do not fit"),
    "too-large": _l("This is too large"),
    "unsupported-media-type": _l("This address does not take that kind of body"),
    "version-needed": _l("Say which version you have seen"),
    "key-used-differently": _l("The idempotency key was used for something else"),
    "too-many-requests": _l("Too many requests"),
    "unavailable": _l("A part of the system does not answer"),
    "fault": _l("A fault of the program"),
}

_OF_STATUS = {
    400: ("bad-request", _l("The request cannot be understood.")),
    401: ("unauthorized", _l("Send a token: Authorization: Bearer …")),
    403: ("forbidden", _l("You may not do this.")),
    404: ("not-found", _l("There is no such address, or nothing that you may see.")),
    405: ("method-not-allowed", _l("See the Allow header for the methods of this address.")),
    413: ("too-large", _l("The body is larger than this address takes.")),
    415: ("unsupported-media-type", _l("Send a body of the type that the documentation names.")),
    429: ("too-many-requests", _l("Wait as long as the Retry-After header says.")),
    500: ("fault", _l("Nothing was saved. The log of the server has the details.")),
    503: ("unavailable", _l("Nothing was lost; try again in a moment.")),
}


@in_the_callers_language
def problem(slug: str, status: int, detail: Any, *, errors: Any = None, more: dict[str, Any] | None = None) -> Response:
    """A problem document. `errors` maps paths to messages; `more` holds further members (both sides of a conflict)."""
    told = {
        "type": TYPES + slug,
        "title": str(_OWN_WORDS.get(slug, HTTPStatus(status).phrase)),
        "status": status,
        "detail": str(detail),
        "instance": request.path,
        "request_id": g.get("request_id"),
    }
    if errors:
        told["errors"] = plain(errors)
    body = {**plain(more or {}), **told}
    headers = {"Content-Language": callers_language()}
    return Response(json.dumps(body, ensure_ascii=False) + "\n", status, headers, content_type=MEDIA_TYPE)


def register(blueprint: Blueprint) -> None:
    """Answer every error of the blueprint as a problem."""
    blueprint.register_error_handler(SplotError, of_splot_error)
    blueprint.register_error_handler(HTTPException, of_http)
    # Named again: handlers of the application for these classes would come before ours for all HTTP errors.
    blueprint.register_error_handler(RateLimitExceeded, of_http)
    blueprint.register_error_handler(IntegrityError, of_clash)
    blueprint.register_error_handler(OperationalError, of_outage)
    blueprint.register_error_handler(PoolTimeout, of_outage)
    blueprint.register_error_handler(Exception, of_fault)


def complete(response: Response) -> Response:
    """What others refuse under /api (the log-in of Flask-AppBuilder, a check before the view), as a whole problem."""
    if response.status_code < HTTPStatus.BAD_REQUEST or not request.path.startswith("/api/"):
        return response
    said = response.get_json(silent=True)
    if isinstance(said, dict) and "instance" in said:
        return response
    slug, detail = _OF_STATUS.get(response.status_code, _OF_STATUS[400])
    title = said.get("title") if isinstance(said, dict) else None
    answer = problem(slug, response.status_code, title or detail)
    for name in ("Retry-After", "Allow", "WWW-Authenticate"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer


def of_splot_error(error: SplotError) -> Response:
    """What the caller can mend."""
    errors = error.fields if isinstance(error, Invalid) else None
    answer = problem(error.slug, error.status, error.message, errors=errors, more=error.details)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Splot"'
    return answer


def of_http(error: HTTPException) -> Response:
    """What Flask and Werkzeug refuse."""
    status = error.code or 500
    slug, detail = _OF_STATUS.get(status, ("bad-request", error.description))
    answer = problem(slug, status, detail)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    if isinstance(error, RateLimitExceeded):
        answer.headers.setdefault("Retry-After", str(error.limit.limit.get_expiry()))
    return answer


def of_clash(error: IntegrityError) -> Response:
    """Two requests at one moment met a rule of the database, which decided; nothing of this one was saved."""
    log.warning("refused by the database: %s", error.orig)
    db.rollback()
    return problem("clash", 409, _l("Something with the same name or number was saved at the same moment."))


def of_outage(error: Exception) -> Response:
    """The database does not answer."""
    log.error("the database does not answer: %s", error)
    answer = problem("unavailable", 503, _OF_STATUS[503][1])
    answer.headers["Retry-After"] = "5"
    return answer


def of_fault(error: Exception) -> Response:
    """A fault of ours; its details stay in the log."""
    log.error("fault at %s %s", request.method, request.path, exc_info=error)
    return problem("fault", 500, _OF_STATUS[500][1])
