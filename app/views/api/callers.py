"""Who calls: by a JWT of the log-in or by a personal token, in the Authorization header and never by cookie."""

from dataclasses import dataclass, field

from flask import g, request

from app.core.db import transaction
from app.core.errors import SplotError
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser
from app.people import tokens
from app.people.tokens import TokenScope
from app.views import signing_in


class Unauthorized(SplotError):
    """No token, or none that is valid."""

    status = 401
    slug = "unauthorized"


@dataclass(frozen=True)
class Caller:
    """A user, and what the token in hand may be used for. A token never widens the rights of its user."""

    user: AppUser
    scopes: frozenset[str]
    key: str = field(repr=False)
    """Whose rate limit this request counts for."""


def the_caller() -> Caller:
    """Whoever the Authorization header names; raises Unauthorized, with one message for every invalid token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized(_l("Send a token: Authorization: Bearer …"))
    caller = _by_personal_token(token) if token.startswith(tokens.PREFIX) else _by_log_in()
    if caller is None:
        raise Unauthorized(_l("This token is not valid: it is unknown, has expired, or its user was signed out."))
    g.api_caller = caller
    return caller


def limit_key() -> str:
    """Whose rate limit this request counts for: the caller's, or without one the address's."""
    caller: Caller | None = g.get("api_caller")
    return caller.key if caller else f"address:{request.remote_addr}"


def _by_log_in() -> Caller | None:
    user = signing_in.bearer()
    return Caller(user, frozenset(TokenScope), f"user:{user.id}") if user else None


def _by_personal_token(text: str) -> Caller | None:
    token = tokens.token_of(text)
    if token is None:
        return None
    caller = Caller(token.user, frozenset(token.scopes), f"token:{token.id}")
    if tokens.is_use_due(token):
        with transaction():
            tokens.used(token)
    return caller
