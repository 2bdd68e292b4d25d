"""Signing in with a password: one answer for everything that is wrong, and a growing wait after wrong guesses."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.core import clock
from app.core.db import session
from app.history.record import record_change
from app.models import AppUser
from app.people.passwords import is_password
from app.people.settings import Key, value_of

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


def sign_in(name: str, password: str) -> AppUser | None:
    """The user with that login or e-mail address and password, else None.

    Unknown, deactivated, locked and wrong are not told apart, neither by the answer nor by the time it takes. The
    caller commits in every case: the guess is counted. The row is locked, so that guesses made at once all count.
    """
    user = _user_called(name)
    is_right = is_password(user, password)
    if user is None or not user.active:
        return None
    now = clock.now()
    if user.locked_until is not None and user.locked_until > now:
        return None
    if not is_right:
        _count(user, now)
        return None
    user.fail_login_count = 0
    user.locked_until = None
    user.login_count = (user.login_count or 0) + 1
    user.last_login = now.replace(tzinfo=None)  # Flask-AppBuilder's column knows no time zone; it is UTC
    session.flush()
    return user


def wait_after(failures: int, allowed: int) -> timedelta | None:
    """How long an account waits after so many wrong passwords in a row; None = not yet."""
    if failures < allowed:
        return None
    doublings = min(failures - allowed, 16)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def _user_called(name: str) -> AppUser | None:
    wanted = name.strip().lower()
    if not wanted or "\x00" in wanted:
        return None
    found = session.scalars(
        select(AppUser)
        .where(or_(func.lower(AppUser.username) == wanted, func.lower(AppUser.email) == wanted))
        .order_by((func.lower(AppUser.username) == wanted).desc())
        .limit(1)
        .with_for_update()
    )
    return found.first()


def _count(user: AppUser, now: datetime) -> None:
    user.fail_login_count = (user.fail_login_count or 0) + 1
    wait = wait_after(user.fail_login_count, value_of(Key.LOCK_AFTER))
    if wait is not None:
        user.locked_until = now + wait
        record_change("user", user.id, "locked_out", actor=None, after={"seconds": int(wait.total_seconds())})
    session.flush()
