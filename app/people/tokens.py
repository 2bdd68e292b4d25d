"""Personal tokens for the REST API."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.db import session
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.history.record import record_change
from app.models import ApiToken, AppUser

PREFIX = "splot_"
"""What every token begins with, so that scanners of leaked secrets know it."""
LONGEST_DAYS = 366
_USED_STEP = timedelta(minutes=1)


class TokenScope(StrEnum):
    """How much of its user's rights a token has."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    """Users: what a leaked token must not reach unless it was made for that."""


def create_token(user: AppUser, name: str, scopes: list[TokenScope], days: int) -> str:
    """A new token of the user, valid for `days`; returned once, kept as SHA-256."""
    problems: dict[str, list[object]] = {}
    if not name.strip():
        problems["name"] = [_l("Say what the token is for.")]
    if not scopes:
        problems["scopes"] = [_l("Choose at least one.")]
    if not 1 <= days <= LONGEST_DAYS:
        problems["days"] = [_l("Between %(least)s and %(most)s.", least=1, most=LONGEST_DAYS)]
    if problems:
        raise Invalid(_l("The token was not made."), problems)
    text = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    token = ApiToken(
        user_id=user.id,
        name=name.strip()[:120],
        digest=_digest(text),
        scopes=[scope.value for scope in scopes],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    record_change("api_token", token.id, "created", actor=user, after={"name": token.name, "scopes": token.scopes})
    return text


def token_of(text: str) -> ApiToken | None:
    """The token with its user, while it is valid and its user active."""
    token = session.scalar(select(ApiToken).where(ApiToken.digest == _digest(text)).options(joinedload(ApiToken.user)))
    if token is None or token.expires_at <= clock.now() or not token.user.active:
        return None
    return token


def is_use_due(token: ApiToken) -> bool:
    """Whether `used` has something to write: at most once a minute."""
    return token.last_used_at is None or clock.now() - token.last_used_at > _USED_STEP


def used(token: ApiToken) -> None:
    """Remember that it was used just now."""
    token.last_used_at = clock.now()
    session.flush()


def tokens_of(user: AppUser) -> list[ApiToken]:
    """The user's tokens, the newest first."""
    return list(session.scalars(select(ApiToken).filter_by(user_id=user.id).order_by(ApiToken.id.desc())))


def revoke_token(user: AppUser, token_id: int) -> None:
    """End one of the user's own tokens."""
    token = session.scalar(select(ApiToken).filter_by(id=token_id, user_id=user.id))
    if token is None:
        raise NotFound(_l("There is no such token."))
    session.delete(token)
    session.flush()
    record_change("api_token", token_id, "revoked", actor=user, before={"name": token.name})


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
