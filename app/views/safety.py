"""What holds for every request: the check against forged requests, where it came from, and safe headers."""

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from app.history.record import origin
from app.views.base import UNSAFE

WITHOUT_COOKIE = frozenset({"api", "SignInApi"})
"""Blueprints that read no cookie and set none: there is nothing to forge. Everything else needs the form's token."""

csrf = CSRFProtect()


def register(app: Flask) -> None:
    """Switch it on. Call it before the pages are registered: the check comes first."""
    csrf.init_app(app)
    app.before_request(_note_origin)
    app.before_request(_check_forgery)
    app.after_request(_add_headers)


def _note_origin() -> None:
    is_api = request.path.startswith("/api/")
    origin.set(f"{'api' if is_api else 'web'} {request.remote_addr or ''}".strip()[:80])


def _check_forgery() -> None:
    """A request with an Authorization header is judged by that header alone, so it has no cookie to abuse."""
    if request.method not in UNSAFE or request.endpoint is None or request.blueprint in WITHOUT_COOKIE:
        return
    if "Authorization" not in request.headers:
        csrf.protect()


def _add_headers(response: AnyResponse) -> AnyResponse:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), payment=(), usb=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    if current_app.config["SETTINGS"].https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def content_policy() -> str:
    """No script and no style but those of our own files; the socket's origin is the only other one."""
    settings = current_app.config["SETTINGS"]
    socket = settings.socket_origin(request.host.rpartition(":")[0] or request.host)
    web_socket = socket.replace("http", "ws", 1)
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        f"connect-src 'self' {socket} {web_socket}; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
