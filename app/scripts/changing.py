"""What every change of a script has in common: the lock, the version, the history, the announcement."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core import clock
from app.core.announce import Event, announce
from app.core.db import session
from app.core.errors import Conflict
from app.core.i18n import lazy_gettext as _l
from app.history.record import changes, record_change
from app.models import AppUser, Script


@dataclass(frozen=True, kw_only=True)
class ScriptChanged(Event):
    """The script's own fields, its statuses or its rules changed: open cards and lists show them anew."""

    script_id: int
    version: int
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class FormGiven(Event):
    """The cases of a script have this form now, and may have had it before."""

    form_id: int


def hold_script(script: Script, expected_version: int) -> None:
    """Lock the script's row and make sure that it is as the page showed it."""
    session.refresh(script, with_for_update={"key_share": True})
    session.expire(script, ["statuses", "rules"])
    if script.version != expected_version:
        raise Conflict(
            _l("Somebody else has changed this script meanwhile. Look at it again; what you typed is kept."),
            expected=expected_version,
            version=script.version,
        )


def note_change(
    script: Script,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor: AppUser | None,
    **about: int | None,
) -> None:
    """Raise the version of a script that is held, record what differs, and announce it; `about` is named in both."""
    old, new = changes(before, after)
    if not new and not old:
        return
    named = {key: value for key, value in about.items() if value is not None}
    script.version += 1
    script.updated_at = clock.now()
    session.flush()
    record_change("script", script.id, action, actor=actor, before={**named, **old}, after={**named, **new})
    announce(ScriptChanged(script_id=script.id, version=script.version, actor_id=actor.id if actor else None))
