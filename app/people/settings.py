"""Settings of the whole centre: a small catalogue, each with its kind, its limits and what it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.history.record import record_change
from app.models import AppUser, Setting

_KEPT = "settings"


class Key(StrEnum):
    """Names of the settings."""

    IDLE_MINUTES = "session.idle_minutes"
    SESSION_HOURS = "session.hours"
    PASSWORD_LENGTH = "password.length"  # noqa: S105  (the name of a setting)
    LOCK_AFTER = "sign_in.lock_after"
    LINK_HOURS = "invitation.hours"


@dataclass(frozen=True)
class WholeNumber:
    """A setting that is a whole number."""

    title: Any
    explanation: Any
    default: int
    least: int
    most: int
    unit: Any


CATALOGUE: Mapping[Key, WholeNumber] = {
    Key.IDLE_MINUTES: WholeNumber(
        _l("Idle time-out"),
        _l("Whoever does nothing for so long is signed out. Drafts of open cards are kept."),
        default=120, least=5, most=720, unit=_l("minutes"),
    ),
    Key.SESSION_HOURS: WholeNumber(
        _l("Longest session"),
        _l("After so long everybody signs in again, however busy they are."),
        default=12, least=1, most=72, unit=_l("hours"),
    ),
    Key.PASSWORD_LENGTH: WholeNumber(
        _l("Shortest password"),
        _l("Holds for new passwords; the present ones stay valid."),
        default=12, least=8, most=64, unit=_l("characters"),
    ),
    Key.LOCK_AFTER: WholeNumber(
        _l("Attempts before a lock-out"),
        _l("After so many wrong passwords in a row the account waits half a minute, then twice as long each time."),
        default=5, least=3, most=50, unit=_l("attempts"),
    ),
    Key.LINK_HOURS: WholeNumber(
        _l("Validity of a link"),
        _l("How long a link of an invitation or of a new password can be used."),
        default=72, least=1, most=720, unit=_l("hours"),
    ),
}  # fmt: skip


def value_of(key: Key) -> int:
    """The value that holds now."""
    value = kept_settings().get(key.value, CATALOGUE[key].default)
    return int(value)


def change_setting(key: Key, value: int, *, actor: AppUser | None) -> None:
    """Set it; Invalid outside its limits."""
    kind = CATALOGUE[key]
    if not kind.least <= value <= kind.most:
        text = _l("Between %(least)s and %(most)s.", least=kind.least, most=kind.most)
        raise Invalid(_l("This value does not fit."), {key.value: [text]})
    before = value_of(key)
    if before == value:
        return
    keep_setting(key.value, value)
    record_change("setting", 0, "changed", actor=actor, before={key.value: before}, after={key.value: value})


def kept_settings() -> Mapping[str, Any]:
    """Every stored setting by its name; all are read once in a transaction."""
    kept: dict[str, Any] | None = session.info.get(_KEPT)
    if kept is None:
        kept = {key: value for key, value in session.execute(select(Setting.key, Setting.value))}  # noqa: C416  (rows, not pairs)
        session.info[_KEPT] = kept
    return kept


def keep_setting(name: str, value: Any) -> None:
    """Store a setting that no page offers, as a JSON value."""
    row = session.get(Setting, name)
    if row is None:
        row = Setting(key=name)
        session.add(row)
    row.value = value
    row.updated_at = clock.now()
    session.flush()
    session.info.pop(_KEPT, None)


def idle_time() -> timedelta:
    """How long a session lives without a request."""
    return timedelta(minutes=value_of(Key.IDLE_MINUTES))


def _forget(ended: Session) -> None:
    ended.info.pop(_KEPT, None)


event.listen(session, "after_commit", _forget)
event.listen(session, "after_rollback", _forget)
