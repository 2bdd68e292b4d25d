"""What users change about themselves."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import LANGUAGES
from app.core.i18n import lazy_gettext as _l
from app.history.record import changes, record_change
from app.models import AppUser
from app.people.passwords import check_new_password, hash_password, is_password
from app.people.sessions import end_all_sessions


@dataclass(frozen=True)
class Account:
    """The part of a user that is their own to change."""

    first_name: str
    last_name: str
    language: str | None
    time_zone: str
    phone: str | None = None


def change_account(user: AppUser, values: Account, *, actor: AppUser | None) -> None:
    """Save name, language, time zone and telephone number."""
    check_locale(values.language, values.time_zone)
    if not values.first_name.strip() or not values.last_name.strip():
        raise Invalid(_l("A name and a surname are needed."), {"first_name": [_l("Fill this in.")]})
    before = {name: getattr(user, name) for name in Account.__dataclass_fields__}
    for name in Account.__dataclass_fields__:
        setattr(user, name, getattr(values, name))
    session.flush()
    old, new = changes(before, {name: getattr(values, name) for name in Account.__dataclass_fields__})
    if old or new:
        record_change("user", user.id, "changed", actor=actor, before=old, after=new)


def choose_language(user: AppUser, language: str) -> None:
    """Show everything to the user in this language."""
    check_locale(language, user.time_zone)
    if user.language == language:
        return
    before, user.language = user.language, language
    session.flush()
    record_change("user", user.id, "changed", actor=user, before={"language": before}, after={"language": language})


def change_own_password(user: AppUser, present: str, new: str) -> None:
    """Set a new password; the present one is asked for. Every other session ends."""
    if not is_password(user, present):
        raise Invalid(_l("The present password is wrong."), {"present": [_l("This is not your present password.")]})
    set_password(user, new, actor=user)


def set_password(user: AppUser, new: str, *, actor: AppUser | None) -> None:
    """Set the password without asking for the old one: first start, a link, the command line. All sessions end."""
    set_passwords([user], new, actor=actor)


def set_passwords(users: Sequence[AppUser], new: str, *, actor: AppUser | None) -> None:
    """Set one password for several users, a hash for each: these take time, so they are made side by side."""
    for user in users:
        check_new_password(new, user)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        hashes = list(pool.map(hash_password, [new] * len(users)))
    for user, hashed in zip(users, hashes, strict=True):
        user.password = hashed
        user.fail_login_count = 0
        user.locked_until = None
        end_all_sessions(user)
        record_change("user", user.id, "password_changed", actor=actor)


def check_locale(language: str | None, time_zone: str) -> None:
    """Raise Invalid for a language or a time zone that we do not have."""
    if language is not None and language not in LANGUAGES:
        raise Invalid(_l("This language is not available."), {"language": [_l("Choose one of the list.")]})
    if time_zone not in _time_zones():
        raise Invalid(_l("There is no such time zone."), {"time_zone": [_l("Choose one of the list.")]})


@cache
def _time_zones() -> frozenset[str]:
    """Read from files, which takes longer than all the rest of a save."""
    return frozenset(available_timezones())
