"""What goes wrong, told to whoever asked: a page in their language, or an RFC 9457 problem for a program."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from psycopg.errors import NumericValueOutOfRange
from redis.exceptions import ConnectionError as RedisGone
from redis.exceptions import TimeoutError as RedisSilent
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.core import db
from app.core.errors import Invalid, SplotError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.views.base import ask_to_sign_in, current_user, problem, wants_json
from app.views.shell import asset, language

log = logging.getLogger(__name__)

HTTP_TEXTS: Mapping[int, tuple[Any, Any]] = {
    400: (_l("The request could not be read."), _l("Go back and try again. Nothing was changed.")),
    401: (_l("Sign in first."), _l("This page is for signed-in users.")),
    403: (_l("Your role does not allow this."), _l("Ask your administrator if you need it.")),
    404: (_l("There is no such page."), _l("The address is wrong, or what it showed is gone.")),
    405: (_l("This address does not take that kind of request."), _l("Nothing was changed.")),
    409: (_l("This is not possible now."), _l("Nothing was changed.")),
    413: (_l("This is too large."), _l("Nothing was stored. Send a smaller file.")),
    415: (_l("This kind of content is not understood."), _l("Nothing was changed.")),
    422: (_l("Some values do not fit."), _l("Nothing was changed.")),
    429: (_l("Too many attempts."), _l("Wait a minute, then try again.")),
    500: (_l("Something went wrong on our side."), _l("It has been written to the log. Nothing half-done was saved.")),
    503: (
        _l("A part of the system does not answer."),
        _l("Nothing that was saved is lost. Wait a moment, then try again."),
    ),
}


def register(app: Flask) -> None:
    """Give every request an id and every error an answer."""
    app.before_request(_name_the_request)
    app.register_error_handler(SplotError, _told)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RateLimitExceeded, _too_often)
    app.register_error_handler(HTTPException, _refused)
    for gone in (OperationalError, InterfaceError, PoolExhausted, RedisGone, RedisSilent):
        app.register_error_handler(gone, _unavailable)
    app.register_error_handler(DataError, _misfit)
    app.register_error_handler(Exception, _unexpected)


def _name_the_request() -> None:
    g.request_id = uuid4().hex[:12]


def _told(error: SplotError) -> AnyResponse:
    db.rollback()
    if wants_json():
        details = dict(error.details)
        if isinstance(error, Invalid):
            details["fields"] = {key: [str(text) for text in texts] for key, texts in error.fields.items()}
        return problem(error.status, error.slug, error, **details)
    return error_page(error.status, title=error)


def _expired(_error: CSRFError) -> AnyResponse:
    title = _l("This page was open too long, or was opened before you signed in.")
    if wants_json():
        return problem(400, "stale-page", title)
    return error_page(400, title=title, text=_l("Go back, load the page again and repeat. Nothing was changed."))


def _too_often(error: RateLimitExceeded) -> AnyResponse:
    response = _refused(error)
    response.headers["Retry-After"] = "60"
    return response


def _refused(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    if code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    db.rollback()
    if code == HTTPStatus.UNAUTHORIZED and current_user() is None:
        return ask_to_sign_in()
    title = HTTP_TEXTS.get(code, HTTP_TEXTS[400])[0]
    response = problem(code, f"http-{code}", title) if wants_json() else error_page(code)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _unavailable(error: Exception) -> AnyResponse:
    """PostgreSQL or Redis does not answer. The page asks neither of them for anything."""
    log.warning("request %s: %s does not answer: %s", g.get("request_id"), type(error).__module__, error)
    db.rollback()
    # So that nothing asks the database who this is.
    current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]  # noqa: SLF001
    if wants_json():
        response: AnyResponse = problem(503, "unavailable", HTTP_TEXTS[503][0], detail=str(HTTP_TEXTS[503][1]))
    else:
        response = error_page(503)
    response.headers["Retry-After"] = "5"
    return response


def _misfit(error: DataError) -> AnyResponse:
    """Somebody sent a number that is too large for its column, or a text with a NUL, which psycopg refuses itself."""
    is_refused_by_psycopg = getattr(error.orig, "sqlstate", None) is None
    if not (is_refused_by_psycopg or isinstance(error.orig, NumericValueOutOfRange)):
        return _unexpected(error)
    log.info("request %s: %s", g.get("request_id"), error.orig)
    db.rollback()
    return problem(422, "http-422", HTTP_TEXTS[422][0]) if wants_json() else error_page(422)


def _unexpected(error: Exception) -> AnyResponse:
    log.error("request %s: %s %s failed", g.get("request_id"), request.method, request.path, exc_info=error)
    db.rollback()
    if wants_json():
        return problem(500, "internal", HTTP_TEXTS[500][0])
    return error_page(500)


def error_page(status: int, title: Any = None, text: Any = None) -> Response:
    """Inside the shell for whoever is signed in, unless the database is gone; if the page itself fails, a bare one."""
    default_title, default_text = HTTP_TEXTS.get(status, HTTP_TEXTS[400])
    try:
        body = render_template(
            "splot/error.html",
            status=status,
            title=title or default_title,
            text=text or default_text,
            request_id=g.get("request_id"),
        )
    except Exception:  # whatever broke the page that tells of an error, the reader is told of it all the same
        log.exception("request %s: the error page failed", g.get("request_id"))
        return bare_page(status, title)
    return make_response(body, status)


def bare_page(status: int, title: Any = None) -> Response:
    """An error page that needs neither a template nor the database, nor that anything was built."""
    default_title, text = HTTP_TEXTS.get(status, HTTP_TEXTS[500])
    number = _("Number of this request: %(number)s", number=g.get("request_id") or "-")
    try:
        look = f'<link rel="stylesheet" href="{escape(asset("app.css"))}">'
    except (LookupError, OSError):
        look = ""
    body = (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>Splot</title>{look}</head><body>'
        f'<main class="sp-alone is-plain"><div class="l"><div class="sp-empty">'
        f"<h1>{escape(title or default_title)}</h1><p>{escape(text)}</p>"
        f'<a class="btn btn-primary" href="">{escape(_("Try again"))}</a>'
        f'<p class="sp-xs sp-2 mt-3 mb-0">{escape(number)}</p></div></div></main></body></html>'
    )
    return make_response(body, status)
