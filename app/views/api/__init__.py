"""The REST API: a plain blueprint over one table of endpoints.

Not Flask-AppBuilder's BaseApi: that brings its own permissions, answers and errors for each class, while here one
door asks `app/access` for all of them, and the routes and the OpenAPI document come from the same table.
"""

from collections.abc import Callable
from functools import wraps
from typing import NoReturn

from flask import Blueprint, Flask, Response, current_app
from flask_appbuilder import AppBuilder
from werkzeug.exceptions import MethodNotAllowed, NotFound

from app.views.api import callers, problems
from app.views.api.door import EXTENSION, come_in
from app.views.api.endpoints import TABLE, Endpoint
from app.views.api.openapi import BASE

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
RATE_LIMIT = "600 per minute"
NAME = "api"


def register(app: Flask, appbuilder: AppBuilder) -> None:
    """Put the API under /api/v1. The setting API_RATE_LIMIT overrides the requests that one caller may make."""
    from app.views.api import resources  # noqa: F401, PLC0415  (fills the table)

    app.config.setdefault("API_RATE_LIMIT", RATE_LIMIT)
    limiter = appbuilder.sm.limiter
    count = limiter.shared_limit(lambda: app.config["API_RATE_LIMIT"], scope="api", key_func=callers.limit_key)
    app.extensions[EXTENSION] = count(_counted)
    blueprint = Blueprint(NAME, __name__)
    problems.register(blueprint)
    for entry in TABLE:
        view, methods = _view(entry), [entry.method]
        blueprint.add_url_rule(BASE + entry.rule, entry.name, view, methods=methods, provide_automatic_options=False)
    blueprint.add_url_rule("/api/<path:rest>", view_func=_nowhere, methods=METHODS, provide_automatic_options=False)
    app.register_blueprint(blueprint)
    app.after_request(problems.complete)


def _view(entry: Endpoint) -> Callable[..., Response]:
    @wraps(entry.function)
    def called(**parts: int) -> Response:
        return come_in(entry, parts)

    return called


def _counted() -> None:
    """One request of a caller; the limiter counts its calls."""


def _nowhere(rest: str) -> NoReturn:
    """An address that is not there, or does not take this method: a problem, as everything under /api."""
    adapter = current_app.url_map.bind("")
    here = f"{NAME}.{_nowhere.__name__}"
    allowed = [method for method in METHODS if adapter.match(f"/api/{rest}", method)[0] != here]
    if allowed:
        raise MethodNotAllowed(allowed)
    raise NotFound
