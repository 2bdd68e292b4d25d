"""Sessions of the browser. The cookie holds a random key; the row says whose it is and until when.

So signing out, a new password and a deactivation end a session at once, also one whose cookie was copied.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.db import session
from app.history.record import record_change
from app.models import AppUser, UserSession
from app.people.settings import Key, idle_time, value_of

_SEEN_STEP = timedelta(minutes=1)
"""A session's last moment is written at most so often: it is no counter of requests."""

# Asked by every request, so it is built once.
_OPEN = (
    select(UserSession)
    .where(UserSession.digest == bindparam("digest"), UserSession.ended_at.is_(None))
    .options(joinedload(UserSession.user))
)


def begin_session(user: AppUser, *, address: str | None, browser: str | None) -> str:
    """Start one; returns the key for the cookie."""
    key = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        UserSession(
            user_id=user.id,
            digest=_digest(key),
            epoch=user.session_epoch,
            created_at=now,
            seen_at=now,
            address=(address or "")[:64],
            browser=(browser or "")[:200],
        )
    )
    session.flush()
    return key


def live_session(key: str) -> UserSession | None:
    """The session with its user, unless it has ended, was idle too long, or its user may not come in any more."""
    found = session.scalar(_OPEN, {"digest": _digest(key)})
    if found is None or not found.user.active or found.epoch != found.user.session_epoch:
        return None
    now = clock.now()
    is_over = now - found.created_at > timedelta(hours=value_of(Key.SESSION_HOURS))
    return None if is_over or now - found.seen_at > idle_time() else found


def is_due(found: UserSession) -> bool:
    """Whether `saw` has something to write."""
    return clock.now() - found.seen_at > _SEEN_STEP


def saw(found: UserSession) -> None:
    """Remember that its user did something just now."""
    found.seen_at = clock.now()
    session.flush()


def end_session(key: str) -> None:
    """Sign this browser out."""
    session.execute(update(UserSession).where(UserSession.digest == _digest(key)).values(ended_at=clock.now()))


def open_sessions(user: AppUser) -> list[UserSession]:
    """Where the user is signed in, the latest first."""
    return list(
        session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user.id,
                UserSession.ended_at.is_(None),
                UserSession.epoch == user.session_epoch,
                UserSession.seen_at > clock.now() - idle_time(),
            )
            .order_by(UserSession.seen_at.desc())
            .limit(50)
        )
    )


def sign_out_everywhere(user: AppUser, *, actor: AppUser | None) -> None:
    """End every session and every REST log-in of the user."""
    end_all_sessions(user)
    record_change("user", user.id, "signed_out_everywhere", actor=actor)


def end_all_sessions(user: AppUser) -> None:
    """The same as a part of another verb, which records itself."""
    user.session_epoch += 1
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    session.flush()


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
