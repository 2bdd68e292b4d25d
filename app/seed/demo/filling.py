"""The long work that fills the demo: contacts, a first part of the cases that shows everything, then all the others.

Each batch writes its place, so that whoever goes on after a crash does nothing twice.
"""

import logging
from typing import Any

from app.core import clock
from app.core.db import session
from app.core.errors import SplotError
from app.models import AppUser, Work
from app.people.demo import PARTS, Demo, note_demo
from app.seed.demo.acting import Acting
from app.seed.demo.customers import AT_ONCE, customer_ids, write_customers
from app.seed.demo.plan import in_time, lives
from app.seed.demo.stage import Stage
from app.work.running import Keep

log = logging.getLogger(__name__)

KIND = "demo.fill"
CASES_AT_ONCE = 100


def run_fill(work: Work, keep: Keep) -> dict[str, Any]:
    """Fill the demo from `work.place` on; the result tells after how many seconds each part stood."""
    stage = Stage.from_params(work.params)
    _make_contacts(stage, keep)
    contacts = customer_ids(stage.contacts)
    first, rest = PARTS
    _make_cases(stage, keep, contacts, first, 0, min(stage.first, stage.cases))
    _make_cases(stage, keep, contacts, rest, min(stage.first, stage.cases), stage.cases)
    with keep.batch() as held:
        note_demo(Demo(work_id=held.id, is_filled=True))
    return {}


def _make_contacts(stage: Stage, keep: Keep) -> None:
    while True:
        with keep.batch() as held:
            begin = held.place.get("contacts", 0)
            end = min(begin + AT_ONCE, stage.contacts)
            if begin >= end:
                return
            write_customers(
                begin,
                end,
                seed=stage.seed,
                language=stage.language,
                total=stage.contacts,
                now=stage.now,
                actor=session.get_one(AppUser, stage.installer),
            )
            held.place = {**held.place, "contacts": end}
            held.done += end - begin
            if end == stage.contacts:
                _note_time(held, "contacts", end)


def _make_cases(stage: Stage, keep: Keep, contacts: dict[int, int], part: str, first: int, end: int) -> None:
    """Whole lives at once: no sweep and no person meets a case that stands where it stood two months ago."""
    planned = lives(stage, first, end, meanwhile=keep.renew)
    carefully = False
    while True:
        try:
            with keep.batch() as held:
                begin = held.place.get(part, 0)
                batch = planned[begin : begin + CASES_AT_ONCE]
                if not batch:
                    return
                held.done += Acting(stage, contacts).perform(in_time(batch), held, carefully=carefully)
                held.place = {**held.place, part: begin + len(batch)}
                if begin + len(batch) == len(planned):
                    _note_time(held, f"{part}_cases", end - first)
        except SplotError:
            if carefully:
                raise
            carefully = True
        else:
            carefully = False


def _note_time(work: Work, part: str, count: int) -> None:
    seconds = round((clock.now() - work.created_at).total_seconds(), 1)
    work.result = {**work.result, part: {"count": count, "after_seconds": seconds}}
    log.info("the demo has %s %s after %s s", count, part.replace("_", " "), seconds)
