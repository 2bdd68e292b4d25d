"""Links with which a user sets a password once: an invitation, or a new password."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from app.core import clock
from app.core.db import session
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Invitation
from app.people.account import set_password
from app.people.settings import Key, value_of


def new_link(user: AppUser, *, actor: AppUser) -> str:
    """The secret part of a new link; earlier ones of the user end. Only its SHA-256 is kept."""
    void_links(user)
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        Invitation(
            user_id=user.id,
            digest=_digest(secret),
            created_at=now,
            created_by_id=actor.id,
            expires_at=now + timedelta(hours=value_of(Key.LINK_HOURS)),
        )
    )
    session.flush()
    return secret


def invitation_of(secret: str, *, to_use: bool = False) -> Invitation:
    """The invitation behind a link, or NotFound when it is used, over or made up."""
    query = select(Invitation).where(Invitation.digest == _digest(secret), Invitation.used_at.is_(None))
    found = session.scalar(query.with_for_update() if to_use else query)
    if found is None or found.expires_at <= clock.now() or not found.user.active:
        raise NotFound(_l("This link was used already, or its time is over. Ask your administrator for a new one."))
    return found


def use_link(secret: str, password: str) -> AppUser:
    """Set the password of the user whom the link was made for; it works once."""
    invitation = invitation_of(secret, to_use=True)
    set_password(invitation.user, password, actor=invitation.user)
    invitation.used_at = clock.now()
    session.flush()
    return invitation.user


def void_links(user: AppUser) -> None:
    """End the links that the user has not used."""
    session.execute(
        update(Invitation)
        .where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
        .values(used_at=clock.now())
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
