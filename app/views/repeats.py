"""Idempotency keys: a POST that is sent twice with the same key is done once, and answered alike both times.

The key is written in the transaction of what it protects. A second request with it waits for the first to end (the
database holds it at the unique key) and then finds its answer; what was refused left no key behind.
"""

import hashlib
from datetime import timedelta
from typing import Any

from flask import request
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.core import clock
from app.core.db import session
from app.core.errors import Invalid, SplotError
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, IdempotencyKey

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 200


class KeyUsedDifferently(SplotError):
    """The key came with another address or body before."""

    status = 422
    slug = "key-used-differently"


def claim(user: AppUser, key: str | None) -> IdempotencyKey | None:
    """The key that this request came with, new or with its answer; None when it came without one."""
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        message = _l("A key has 1 to %(most)s printable characters.", most=LONGEST_KEY)
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields={"Idempotency-Key": [message]})
    now = clock.now()
    session.execute(
        delete(IdempotencyKey).where(IdempotencyKey.user_id == user.id, IdempotencyKey.created_at < now - KEPT_FOR)
    )
    fingerprint = _fingerprint()
    session.execute(
        insert(IdempotencyKey)
        .values(user_id=user.id, key=key, fingerprint=fingerprint, created_at=now)
        .on_conflict_do_nothing()
    )
    row = session.get_one(IdempotencyKey, (user.id, key), populate_existing=True)
    if row.fingerprint != fingerprint:
        raise KeyUsedDifferently(_l("This idempotency key was sent before with another address or body."))
    return row


def keep(row: IdempotencyKey, status: int, answer: Any) -> None:
    """Write down the answer, to be given again."""
    row.status = status
    row.answer = answer


def _fingerprint() -> bytes:
    """Digest of what is asked: method, address and body; of a form its parts, for its boundary differs each time."""
    told = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.mimetype == "multipart/form-data":
        for name, text in sorted(request.form.items(multi=True)):
            told.update(f"{name}={text}\n".encode())
        for name, file in sorted(request.files.items(multi=True)):
            told.update(f"{name}={file.filename}\n".encode())
            while piece := file.stream.read(2**20):
                told.update(piece)
            file.stream.seek(0)
    else:
        told.update(request.get_data(cache=True))
    return told.digest()
