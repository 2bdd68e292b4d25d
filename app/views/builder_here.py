"""Who has the builder of a form open, and at which page of it. Kept in Redis for as long as their pages beat."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import session
from app.core.queue import redis_client
from app.models import AppUser

KEPT = 25
"""Seconds without a beat after which somebody is gone; pages beat every 8 (frontend/builder/here.js)."""
SCREEN = 16
"""Characters of the name of a screen."""


@dataclass(frozen=True, kw_only=True)
class Here:
    """Somebody at the builder."""

    user: int
    name: str
    page: int
    """Number of the page of the form that they look at, from 1."""


def arrive(form_id: int, user_id: int, screen: str, page: int) -> None:
    """Note that a screen of the user shows the page."""
    key = _key(form_id)
    with redis_client().pipeline() as pipe:
        pipe.hset(key, _member(user_id, screen), f"{page}|{time.time() + KEPT}")
        pipe.expire(key, 2 * KEPT)
        pipe.execute()


def leave(form_id: int, user_id: int, screen: str) -> None:
    """The screen shows something else."""
    redis_client().hdel(_key(form_id), _member(user_id, screen))


def others(form_id: int, user_id: int, screen: str) -> Sequence[Here]:
    """Every other screen that shows the builder of the form, by name; the user's own other ones among them."""
    own, now = _member(user_id, screen), time.time()
    found: dict[bytes, bytes] = redis_client().hgetall(_key(form_id))  # type: ignore[assignment]
    pages: dict[int, int] = {}
    for member, value in found.items():
        page, _, until = value.decode().partition("|")
        if float(until) < now:
            redis_client().hdel(_key(form_id), member)
        elif member.decode() != own:
            pages[int(member.decode().partition("|")[0])] = int(page)
    if not pages:
        return ()
    users = session.scalars(select(AppUser).where(AppUser.id.in_(pages)).order_by(AppUser.last_name, AppUser.id))
    return [Here(user=user.id, name=user.full_name, page=pages[user.id]) for user in users]


def _member(user_id: int, screen: str) -> str:
    return f"{user_id}|{screen[:SCREEN]}"


def _key(form_id: int) -> str:
    return f"builder:{form_id}"
