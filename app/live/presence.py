"""Who looks at which case now. Kept in Redis for as long as their screens beat; nothing here has to survive."""

import time

from sqlalchemy import select

from app.cases.open_cards import presence_key
from app.core.db import session
from app.core.queue import redis_client
from app.live.payloads import People, Person
from app.models import AppUser

KEPT = 20
"""Seconds without a beat after which somebody is gone."""


def arrive(case_id: int, user_id: int, screen: str) -> bool:
    """Note that the screen shows the case; whether the people at it are others than before."""
    key = presence_key(case_id)
    now = time.time()
    with redis_client().pipeline() as pipe:
        pipe.zremrangebyscore(key, 0, now)
        pipe.zadd(key, {f"{user_id}|{screen}": now + KEPT})
        pipe.expire(key, 2 * KEPT)
        gone, new, _expiry = pipe.execute()
    return bool(gone or new)


def leave(case_id: int, user_id: int, screen: str) -> None:
    """The screen shows something else."""
    redis_client().zrem(presence_key(case_id), f"{user_id}|{screen}")


def people_at(case_id: int) -> People:
    """Everybody who looks at the case, by name; a user with two screens is one person."""
    members: list[bytes] = redis_client().zrangebyscore(presence_key(case_id), time.time(), "+inf")  # type: ignore[assignment]
    ids = {int(member.decode().partition("|")[0]) for member in members}
    users = (
        session.scalars(select(AppUser).where(AppUser.id.in_(ids)).order_by(AppUser.last_name, AppUser.id))
        if ids
        else []
    )
    return People(case=case_id, people=tuple(Person(user=user.id, name=user.full_name) for user in users))
