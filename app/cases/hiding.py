"""Hiding a status that cases are in: they stay in it, or go to another one as long work."""

from app.access.permissions import Permission, require
from app.cases.bulk import BulkChange, CaseSelection, start_change_many
from app.core.errors import Refused
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Script, Status, Work
from app.scripts.changing import hold_script
from app.scripts.editing import hide_status
from app.scripts.rules import takes_a_date
from app.scripts.statuses import facts_of, status_choices


def hide_and_move(
    status: Status,
    *,
    cases_to: Status | None,
    rules_to: Status | None,
    expected_version: int,
    actor: AppUser,
) -> Work | None:
    """Hide the status; the cases in it that the actor sees go to `cases_to`, without one all of them stay.

    What a kill interrupts goes on where it was: the status is hidden and the work is written down in one transaction.
    """
    hide_status(status, rules_to=rules_to, expected_version=expected_version, actor=actor)
    return _move(status, cases_to, actor) if cases_to is not None else None


def move_cases(status: Status, cases_to: Status, *, expected_version: int, actor: AppUser) -> Work:
    """Move the cases that a hidden status still holds."""
    hold_script(status.script, expected_version)
    return _move(status, cases_to, actor)


def places_for_cases(script: Script) -> list[Status]:
    """The statuses that many cases can be moved to: none that an agent chooses the time of, or the owner promises."""
    rows = {status.id: status for status in script.statuses}
    return [
        rows[choice.id]
        for choice in status_choices(script, in_bulk=True)
        if not choice.takes_date and not choice.kind.needs_owner
    ]


def _move(status: Status, to: Status, actor: AppUser) -> Work:
    require(actor, Permission.CASE_BULK)
    facts = facts_of(to)
    if to.id == status.id or facts.is_hidden or takes_a_date(facts) or to not in places_for_cases(status.script):
        raise Refused(_l("Cases cannot be moved to “%(status)s”, many at once.", status=to.name))
    cases = CaseSelection(query={"view": ["all"], "status": [str(status.id)]})
    return start_change_many(cases, BulkChange(status_id=to.id), actor=actor)
