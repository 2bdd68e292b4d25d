"""Whether this installation holds the demo, which is kept with the settings: a page reads those anyway."""

from dataclasses import dataclass

from app.core.db import session
from app.models import Work
from app.people.settings import keep_setting, kept_settings

_NAME = "demo"
PARTS = ("first", "rest")
"""Names of the places of the filling work that count cases."""


@dataclass(frozen=True)
class Demo:
    """The demo of this installation."""

    work_id: int
    """The work that fills it."""
    is_filled: bool


@dataclass(frozen=True)
class CasesMade:
    """How far the filling is."""

    done: int
    total: int


def note_demo(demo: Demo) -> None:
    """Keep that there is a demo, or that it is filled."""
    keep_setting(_NAME, {"work": demo.work_id, "filled": demo.is_filled})


def demo_here() -> Demo | None:
    """The demo, or None where people work in earnest."""
    kept = kept_settings().get(_NAME)
    return Demo(work_id=kept["work"], is_filled=kept["filled"]) if kept else None


def cases_made() -> CasesMade | None:
    """The cases that a demo has so far; None when nothing is being filled, or the filling was stopped or failed."""
    demo = demo_here()
    work = session.get(Work, demo.work_id) if demo is not None and not demo.is_filled else None
    if work is None or work.ended_at is not None:
        return None
    return CasesMade(done=sum(work.place.get(part, 0) for part in PARTS), total=work.params["cases"])
