"""Long work on cases, and the sweep that ends postponements."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select

from app.cases import bulk, ruled
from app.cases.postponing import Overdue, end_postponement, overdue_postponements
from app.core.db import session, transaction
from app.core.errors import NotFound, SplotError
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Case, Work
from app.work.items import items_behind, write_items
from app.work.running import Keep

log = logging.getLogger(__name__)

OPENED_AT_ONCE = 1000
CHANGED_AT_ONCE = 100
_SWEPT = 200
_MOVED_AT_ONCE = 100
_MOST_MOVED = 5000
"""In one sweep for idle cases, so that a new rule for a big campaign leaves room for other work."""


def run_open_for_contacts(work: Work, keep: Keep) -> dict[str, Any]:
    """Open a case for each selected contact."""
    _fix(work, keep, bulk.contacts_to_open)
    while True:
        with keep.batch() as held:
            part = items_behind(held, held.place["next"], OPENED_AT_ONCE)
            if not part:
                return {"opened": held.done}
            opened = bulk.open_batch(part, work=held, actor=_actor(held))
            held.done += opened
            held.place = {
                "next": held.place["next"] + len(part),
                "opened": held.place.get("opened", 0) + opened,
            }


def run_change_many(work: Work, keep: Keep) -> dict[str, Any]:
    """Make one change in each selected case."""
    _fix(work, keep, bulk.cases_to_change)
    while True:
        with keep.batch() as held:
            part = items_behind(held, held.place["next"], CHANGED_AT_ONCE)
            if not part:
                return {"changed": held.done}
            held.done += bulk.change_batch(part, work=held, actor=_actor(held))
            held.place = {"next": held.place["next"] + len(part)}


def end_postponements() -> None:
    """Periodic job: cases whose postponement is over are new again. One that cannot be holds up no other."""
    last: Overdue | None = None
    while found := overdue_postponements(_SWEPT, after=last):
        for overdue in found:
            try:
                with transaction():
                    end_postponement(session.get_one(Case, overdue.case_id))
            except SplotError as error:
                log.warning("case %s stays postponed: %s", overdue.case_id, error)
        last = found[-1]


def move_idle_cases() -> None:
    """Periodic job: cases that nobody has touched for as long as a rule says go where it leads, batch by batch."""
    left = _MOST_MOVED
    for place in ruled.idle_places():
        last: ruled.Idle | None = None
        while left > 0 and (found := ruled.idle_cases(place, min(left, _MOVED_AT_ONCE), after=last)):
            with transaction():
                ruled.move_idle(place, found)
            left -= len(found)
            last = found[-1]


def _fix(work: Work, keep: Keep, chosen: Callable[..., Sequence[int] | Select[int]]) -> None:
    """Write down what was selected, as it is when the first batch begins: what others do since changes nothing."""
    if "next" in work.place:
        return
    with keep.batch() as held:
        held.total = write_items(held, chosen(held, actor=_actor(held)))
        held.place = {"next": 0}


def _actor(work: Work) -> AppUser:
    actor = session.get(AppUser, work.created_by_id) if work.created_by_id else None
    if actor is None:
        raise NotFound(_l("The user who started this is gone."))
    return actor
