"""Editing scripts and their status lists. Nothing is deleted: what is hidden can be shown again.

Each verb names the version of the script that the page showed, so that two managers never overwrite each other
silently; each change raises it by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select

from app.core import clock
from app.core.announce import Event, announce
from app.core.db import session
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import changes, record_change
from app.models import AppUser, Case, Form, Script, Status
from app.scripts.start import START
from app.scripts.values import StatusValues, check_parent, checked, free_script_name, free_status_name, may_begin

GRIDS = (0, 5, 10, 15, 20, 30, 60)
"""Minutes between the points that a postponement ends at; parts of an hour, so that no clock change moves them."""


@dataclass(frozen=True, kw_only=True)
class ScriptChanged(Event):
    """The script's own fields or its statuses changed: open cards and lists show them anew."""

    script_id: int
    version: int


def create_script(
    name: str, *, description: str = "", form: Form | None = None, with_start_set: bool = True, actor: AppUser | None
) -> Script:
    """A new script, with the start set of statuses in the actor's language, or with its initial status alone."""
    script = Script(
        name=free_script_name(name),
        description=description.strip(),
        form_id=form.id if form else None,
        created_at=clock.now(),
        updated_at=clock.now(),
        created_by_id=actor.id if actor else None,
    )
    session.add(script)
    rows = START if with_start_set else START[:1]
    script.statuses = [
        Status(
            name=str(row.name),
            kind=row.kind,
            date_mode=row.date_mode,
            position=place,
            is_initial=row.is_initial,
            created_at=clock.now(),
        )
        for place, row in enumerate(rows)
    ]
    session.flush()
    record_change("script", script.id, "create", actor=actor, after={"name": script.name, "form": script.form_id})
    announce(ScriptChanged(script_id=script.id, version=script.version))
    return script


def rename_script(
    script: Script, name: str, *, description: str | None = None, expected_version: int, actor: AppUser | None
) -> None:
    """Change the script's name and, if given, its description."""
    _hold(script, expected_version)
    before = {"name": script.name, "description": script.description}
    script.name = free_script_name(name, but=script.id)
    if description is not None:
        script.description = description.strip()
    _changed(script, "change", before, {"name": script.name, "description": script.description}, actor)


def set_form(script: Script, form: Form | None, *, expected_version: int, actor: AppUser | None) -> None:
    """Give the script another form, or none. Answers that cases have stay stored."""
    _hold(script, expected_version)
    before = {"form": script.form_id}
    script.form_id = form.id if form else None
    _changed(script, "set_form", before, {"form": script.form_id}, actor)
    session.expire(script, ["form"])


def set_postpone_grid(script: Script, minutes: int, *, expected_version: int, actor: AppUser | None) -> None:
    """The grid that ends of postponements are rounded up to; 0 = exactly then."""
    if minutes not in GRIDS:
        raise Invalid(_l("A grid is one of these: %(grids)s minutes.", grids=", ".join(map(str, GRIDS))))
    _hold(script, expected_version)
    before = {"postpone_grid_minutes": script.postpone_grid_minutes}
    script.postpone_grid_minutes = minutes
    _changed(script, "change", before, {"postpone_grid_minutes": minutes}, actor)


def add_status(
    script: Script,
    values: StatusValues,
    *,
    parent: Status | None = None,
    expected_version: int,
    actor: AppUser | None,
) -> Status:
    """A new status at the end of the list; with `parent`, a substatus of it."""
    _hold(script, expected_version)
    values = checked(script, values)
    if parent is not None:
        check_parent(script, parent)
    status = Status(
        script_id=script.id,
        parent_id=parent.id if parent else None,
        position=1 + max((each.position for each in script.statuses), default=-1),
        created_at=clock.now(),
        **asdict(values),
    )
    session.add(status)
    session.flush()
    session.expire(script, ["statuses"])
    _changed(script, "add_status", {}, {"status": status.id, **_recorded(status)}, actor)
    return status


def change_status_values(status: Status, values: StatusValues, *, expected_version: int, actor: AppUser | None) -> None:
    """Everything that a manager sets for a status, at once; cases in it keep the status and their due time.

    Its kind cannot change while cases are in it: they would end, reopen or lose a promise.
    """
    script = status.script
    _hold(script, expected_version)
    values = checked(script, values, status=status)
    if values.kind is not status.kind and (cases := cases_in(status)):
        raise Refused(
            _l(
                "%(count)s cases are in “%(name)s”, so its kind cannot change. Hide it and add another status.",
                count=cases,
                name=status.name,
            )
        )
    before = _recorded(status)
    for key, value in asdict(values).items():
        setattr(status, key, value)
    _changed(script, "change_status", before, _recorded(status), actor, status=status.id)


def reorder_statuses(script: Script, ids: Sequence[int], *, expected_version: int, actor: AppUser | None) -> None:
    """Put the statuses in this order; `ids` names each of the script's statuses once."""
    _hold(script, expected_version)
    rows = {status.id: status for status in script.statuses}
    if sorted(ids) != sorted(rows):
        raise Conflict(_l("The list of statuses has changed meanwhile. Look at it again, then order it."))
    before = {"order": [status.id for status in script.statuses]}
    for place, status_id in enumerate(ids):
        rows[status_id].position = place
    _changed(script, "reorder_statuses", before, {"order": list(ids)}, actor)
    session.expire(script, ["statuses"])


def hide_status(status: Status, *, expected_version: int, actor: AppUser | None) -> None:
    """Offer the status no more. Cases that are in it stay in it; substatuses are hidden with their parent."""
    _hold(status.script, expected_version)
    if status.is_initial:
        raise Refused(_l("New cases begin in “%(name)s”. Make another status the initial one first.", name=status.name))
    initial = next(each for each in status.script.statuses if each.is_initial)
    if initial.parent_id == status.id:
        raise Refused(
            _l(
                "New cases begin in “%(name)s”, a substatus of this one. Make another status the initial one first.",
                name=initial.name,
            )
        )
    if not status.is_hidden:
        status.is_hidden = True
        _changed(status.script, "hide_status", {"is_hidden": False}, {"is_hidden": True}, actor, status=status.id)


def show_status(status: Status, *, expected_version: int, actor: AppUser | None) -> None:
    """Offer a hidden status again."""
    _hold(status.script, expected_version)
    free_status_name(status.script, status.name, but=status.id)
    parent = next((each for each in status.script.statuses if each.id == status.parent_id), None)
    if parent is not None:
        check_parent(status.script, parent)
    if status.is_hidden:
        status.is_hidden = False
        _changed(status.script, "show_status", {"is_hidden": True}, {"is_hidden": False}, actor, status=status.id)


def set_initial(status: Status, *, expected_version: int, actor: AppUser | None) -> None:
    """New cases begin in this status."""
    script = status.script
    _hold(script, expected_version)
    if status.is_hidden or any(each.is_hidden for each in script.statuses if each.id == status.parent_id):
        raise Refused(_l("A hidden status cannot be the initial one. Show it first."))
    if any(each.parent_id == status.id and not each.is_hidden for each in script.statuses):
        raise Refused(_l("“%(name)s” has substatuses: make one of them the initial one.", name=status.name))
    may_begin(values_of(status))
    earlier = next(each for each in script.statuses if each.is_initial)
    if earlier.id == status.id:
        return
    earlier.is_initial = False
    # One at a time: the database allows one initial status, at every moment.
    session.flush()
    status.is_initial = True
    _changed(script, "set_initial", {"initial": earlier.id}, {"initial": status.id}, actor)


def the_status(script: Script, status_id: int) -> Status:
    """The script's status with that id, or NotFound."""
    for status in script.statuses:
        if status.id == status_id:
            return status
    raise NotFound(_l("The script has no such status."))


def cases_in(status: Status) -> int:
    """How many cases are in the status."""
    return session.scalar(select(func.count()).select_from(Case).where(Case.status_id == status.id)) or 0


def _hold(script: Script, expected_version: int) -> None:
    """Lock the script's row and make sure that it is as the page showed it."""
    session.refresh(script, with_for_update={"key_share": True})
    session.expire(script, ["statuses"])
    if script.version != expected_version:
        raise Conflict(
            _l("Somebody else has changed this script meanwhile. Look at it again; what you typed is kept."),
            expected=expected_version,
            version=script.version,
        )


def _changed(
    script: Script,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor: AppUser | None,
    *,
    status: int | None = None,
) -> None:
    old, new = changes(before, after)
    if not new and not old:
        return
    if status is not None:
        old, new = {"status": status, **old}, {"status": status, **new}
    script.version += 1
    script.updated_at = clock.now()
    session.flush()
    record_change("script", script.id, action, actor=actor, before=old, after=new)
    announce(ScriptChanged(script_id=script.id, version=script.version))


def values_of(status: Status) -> StatusValues:
    """What is set for the status now."""
    return StatusValues(
        name=status.name,
        kind=status.kind,
        limit_minutes=status.limit_minutes,
        date_mode=status.date_mode,
        relative_minutes=status.relative_minutes,
        absolute_at=status.absolute_at,
    )


def _recorded(status: Status) -> dict[str, Any]:
    return {
        "name": status.name,
        "kind": status.kind.value,
        "limit_minutes": status.limit_minutes,
        "date_mode": status.date_mode.value if status.date_mode else None,
        "relative_minutes": status.relative_minutes,
        "absolute_at": status.absolute_at.isoformat() if status.absolute_at else None,
    }
