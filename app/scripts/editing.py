"""Editing scripts and their status lists. Nothing is deleted: what is hidden can be shown again.

Each verb names the version of the script that the page showed, so that two managers never overwrite each other
silently; each change raises it by one.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select

from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import record_change
from app.models import AppUser, Case, Form, Script, Status
from app.scripts.changing import FormGiven, ScriptChanged, hold_script, note_change
from app.scripts.rules import StatusFacts
from app.scripts.ruling import lead_elsewhere, refuse_lost
from app.scripts.start import START
from app.scripts.statuses import facts_by_id
from app.scripts.values import (
    MOST_STATUSES,
    StatusValues,
    check_parent,
    checked,
    free_script_name,
    free_status_name,
    may_begin,
)

GRIDS = (0, 5, 10, 15, 20, 30, 60)
"""Minutes between the points that a postponement ends at; parts of an hour, so that no clock change moves them."""


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
    announce(ScriptChanged(script_id=script.id, version=script.version, actor_id=actor.id if actor else None))
    return script


def rename_script(
    script: Script, name: str, *, description: str | None = None, expected_version: int, actor: AppUser | None
) -> None:
    """Change the script's name and, if given, its description."""
    hold_script(script, expected_version)
    before = {"name": script.name, "description": script.description}
    script.name = free_script_name(name, but=script.id)
    if description is not None:
        script.description = description.strip()
    note_change(script, "change", before, {"name": script.name, "description": script.description}, actor)


def set_form(script: Script, form: Form | None, *, expected_version: int, actor: AppUser | None) -> None:
    """Give the script another form, or none. Answers that cases have stay stored."""
    hold_script(script, expected_version)
    before = {"form": script.form_id}
    script.form_id = form.id if form else None
    note_change(script, "set_form", before, {"form": script.form_id}, actor)
    session.expire(script, ["form"])
    if form is not None and form.id != before["form"]:
        announce(FormGiven(form_id=form.id))


def set_postpone_grid(script: Script, minutes: int, *, expected_version: int, actor: AppUser | None) -> None:
    """The grid that ends of postponements are rounded up to; 0 = exactly then."""
    if minutes not in GRIDS:
        raise Invalid(_l("A grid is one of these: %(grids)s minutes.", grids=", ".join(map(str, GRIDS))))
    hold_script(script, expected_version)
    before = {"postpone_grid_minutes": script.postpone_grid_minutes}
    script.postpone_grid_minutes = minutes
    note_change(script, "change", before, {"postpone_grid_minutes": minutes}, actor)


def add_status(
    script: Script,
    values: StatusValues,
    *,
    parent: Status | None = None,
    expected_version: int,
    actor: AppUser | None,
) -> Status:
    """A new status at the end of the list; with `parent`, a substatus of it."""
    hold_script(script, expected_version)
    if len(script.statuses) >= MOST_STATUSES:
        raise Refused(
            _l("A script has %(most)s statuses at most, hidden ones among them. Show one again.", most=MOST_STATUSES)
        )
    values = checked(script, values)
    after = facts_by_id(script)
    if parent is not None:
        check_parent(script, parent)
        after[parent.id] = replace(after[parent.id], has_substatuses=True)
    after[0] = _as_facts(StatusFacts(id=0, script_id=script.id, kind=values.kind), values)
    refuse_lost(script, after)
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
    note_change(script, "add_status", {}, {"status": status.id, **_recorded(status)}, actor)
    return status


def change_status_values(status: Status, values: StatusValues, *, expected_version: int, actor: AppUser | None) -> None:
    """Everything that a manager sets for a status, at once; cases in it keep the status and their due time.

    Its kind cannot change while cases are in it: they would end, reopen or lose a promise.
    """
    script = status.script
    hold_script(script, expected_version)
    values = checked(script, values, status=status)
    if values.kind is not status.kind and (cases := cases_in(status)):
        raise Refused(
            _l(
                "%(count)s cases are in “%(name)s”, so its kind cannot change. Hide it and add another status.",
                count=cases,
                name=status.name,
            )
        )
    after = facts_by_id(script)
    after[status.id] = _as_facts(after[status.id], values)
    refuse_lost(script, after)
    before = _recorded(status)
    for key, value in asdict(values).items():
        setattr(status, key, value)
    note_change(script, "change_status", before, _recorded(status), actor, status=status.id)


def reorder_statuses(script: Script, ids: Sequence[int], *, expected_version: int, actor: AppUser | None) -> None:
    """Put the statuses in this order; `ids` names each of the script's statuses once."""
    hold_script(script, expected_version)
    rows = {status.id: status for status in script.statuses}
    if sorted(ids) != sorted(rows):
        raise Conflict(_l("The list of statuses has changed meanwhile. Look at it again, then order it."))
    facts = facts_by_id(script)
    tops = [each for each in ids if rows[each].parent_id is None]
    refuse_lost(
        script,
        {each: facts[each] for top in tops for each in (top, *(one for one in ids if rows[one].parent_id == top))},
    )
    before = {"order": [status.id for status in script.statuses]}
    for place, status_id in enumerate(ids):
        rows[status_id].position = place
    note_change(script, "reorder_statuses", before, {"order": list(ids)}, actor)
    session.expire(script, ["statuses"])


def hide_status(
    status: Status, *, rules_to: Status | None = None, expected_version: int, actor: AppUser | None
) -> None:
    """Offer the status no more. Cases that are in it stay in it; substatuses are hidden with their parent.

    Rules that lead to it lead to `rules_to` from now; Refused when there are some and it is not given.
    """
    script = status.script
    hold_script(script, expected_version)
    if status.is_initial:
        raise Refused(_l("New cases begin in “%(name)s”. Make another status the initial one first.", name=status.name))
    initial = next(each for each in script.statuses if each.is_initial)
    if initial.parent_id == status.id:
        raise Refused(
            _l(
                "New cases begin in “%(name)s”, a substatus of this one. Make another status the initial one first.",
                name=initial.name,
            )
        )
    if status.is_hidden:
        return
    after = _shown_after(script, status, hidden=True)
    if rules_to is not None:
        lead_elsewhere(script, status, rules_to, after, actor=actor)
    refuse_lost(script, after)
    status.is_hidden = True
    note_change(script, "hide_status", {"is_hidden": False}, {"is_hidden": True}, actor, status=status.id)


def show_status(status: Status, *, expected_version: int, actor: AppUser | None) -> None:
    """Offer a hidden status again."""
    script = status.script
    hold_script(script, expected_version)
    free_status_name(script, status.name, but=status.id)
    parent = next((each for each in script.statuses if each.id == status.parent_id), None)
    if parent is not None:
        check_parent(script, parent)
    if not status.is_hidden:
        return
    refuse_lost(script, _shown_after(script, status, hidden=False))
    status.is_hidden = False
    note_change(script, "show_status", {"is_hidden": True}, {"is_hidden": False}, actor, status=status.id)


def set_initial(status: Status, *, expected_version: int, actor: AppUser | None) -> None:
    """New cases begin in this status."""
    script = status.script
    hold_script(script, expected_version)
    if status.is_hidden or any(each.is_hidden for each in script.statuses if each.id == status.parent_id):
        raise Refused(_l("A hidden status cannot be the initial one. Show it first."))
    if any(each.parent_id == status.id and not each.is_hidden for each in script.statuses):
        raise Refused(_l("“%(name)s” has substatuses: make one of them the initial one.", name=status.name))
    may_begin(values_of(status))
    earlier = next(each for each in script.statuses if each.is_initial)
    if earlier.id == status.id:
        return
    after = facts_by_id(script)
    after[earlier.id] = replace(after[earlier.id], is_initial=False)
    after[status.id] = replace(after[status.id], is_initial=True)
    refuse_lost(script, after)
    earlier.is_initial = False
    # One at a time: the database allows one initial status, at every moment.
    session.flush()
    status.is_initial = True
    note_change(script, "set_initial", {"initial": earlier.id}, {"initial": status.id}, actor)


def the_status(script: Script, status_id: int) -> Status:
    """The script's status with that id, or NotFound."""
    for status in script.statuses:
        if status.id == status_id:
            return status
    raise NotFound(_l("The script has no such status."))


def cases_in(status: Status) -> int:
    """How many cases are in the status."""
    return session.scalar(select(func.count()).select_from(Case).where(Case.status_id == status.id)) or 0


def values_of(status: Status) -> StatusValues:
    """What is set for the status now."""
    return StatusValues(
        name=status.name,
        kind=status.kind,
        colour=status.colour,
        limit_minutes=status.limit_minutes,
        date_mode=status.date_mode,
        relative_minutes=status.relative_minutes,
        absolute_at=status.absolute_at,
    )


def _recorded(status: Status) -> dict[str, Any]:
    return {
        "name": status.name,
        "kind": status.kind.value,
        "colour": status.colour.value if status.colour else None,
        "limit_minutes": status.limit_minutes,
        "date_mode": status.date_mode.value if status.date_mode else None,
        "relative_minutes": status.relative_minutes,
        "absolute_at": status.absolute_at.isoformat() if status.absolute_at else None,
    }


def _shown_after(script: Script, status: Status, *, hidden: bool) -> dict[int, StatusFacts]:
    """The facts of all statuses once this one is hidden, or shown again."""
    facts = facts_by_id(script)
    parents = {each.id: each.parent_id for each in script.statuses}
    is_hidden = {each.id: each.is_hidden for each in script.statuses} | {status.id: hidden}
    return {
        each: replace(
            row,
            is_hidden=is_hidden[each] or is_hidden.get(parents[each] or 0, False),
            has_substatuses=any(parents[other] == each and not is_hidden[other] for other in facts),
        )
        for each, row in facts.items()
    }


def _as_facts(facts: StatusFacts, values: StatusValues) -> StatusFacts:
    return replace(
        facts,
        kind=values.kind,
        limit_minutes=values.limit_minutes,
        date_mode=values.date_mode,
        relative_minutes=values.relative_minutes,
        absolute_at=values.absolute_at,
    )
