"""Long work: leases, batches, stopping, and going on where another worker died."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import session as rows
from app.core.db import transaction
from app.core.errors import Refused
from app.core.i18n import in_language
from app.core.i18n import lazy_gettext as _l
from app.models import Work
from app.models.work import WorkState
from app.views.work import progress
from app.work.rows import LEASE, start_work, stop_work, waiting_work
from app.work.running import MOST_ATTEMPTS, Keep, LeaseLost, carry_out, claim
from tests.factories import a_user

BATCHES = 5

pytestmark = pytest.mark.usefixtures("session")


def counting(until: int = BATCHES, *, die_after: int | None = None) -> Callable[[Work, Keep], dict[str, Any]]:
    """A runner that counts one a batch and writes its place; with `die_after` its process dies there."""

    def run(work: Work, keep: Keep) -> dict[str, Any]:
        while work.place.get("next", 0) < until:
            if die_after is not None and work.done == die_after:
                raise SystemExit
            with keep.batch() as held:
                held.done += 1
                held.place = {"next": held.place.get("next", 0) + 1}
            rows.refresh(work)
        return {"counted": work.done}

    return run


@pytest.fixture
def work_id() -> int:
    """Work that waits."""
    user = a_user()
    with transaction():
        return start_work("count", {}, queue="bulk", actor=user, total=BATCHES).id


def stored(work_id: int) -> Work:
    """The row as the database has it."""
    rows.expire_all()
    return rows.get_one(Work, work_id)


def test_work_is_carried_out_once(work_id: int) -> None:
    carry_out(work_id, counting())
    carry_out(work_id, counting())
    work = stored(work_id)
    assert (work.state, work.done, work.result) == (WorkState.DONE, BATCHES, {"counted": BATCHES})


def test_another_worker_goes_on_where_one_died(work_id: int) -> None:
    with pytest.raises(SystemExit):
        carry_out(work_id, counting(die_after=2))
    assert stored(work_id).state is WorkState.RUNNING
    assert waiting_work() == []
    with clock.stopped_at(clock.now() + LEASE + timedelta(seconds=1)):
        assert waiting_work() == [(work_id, "bulk")]
        carry_out(work_id, counting())
    work = stored(work_id)
    assert (work.state, work.done) == (WorkState.DONE, BATCHES)


def test_nobody_takes_what_somebody_holds(work_id: int) -> None:
    assert claim(work_id) is not None
    assert claim(work_id) is None


def test_a_worker_that_was_overtaken_writes_no_more(work_id: int) -> None:
    slow = claim(work_id)
    assert slow is not None
    with clock.stopped_at(clock.now() + LEASE + timedelta(seconds=1)):
        quick = claim(work_id)
    assert quick is not None
    with pytest.raises(LeaseLost), slow.batch() as held:
        held.done += 1
    with quick.batch() as held:
        held.done += 1
    assert stored(work_id).done == 1


def test_a_stop_ends_it_after_the_batch(work_id: int) -> None:
    def run(work: Work, keep: Keep) -> dict[str, Any]:
        with keep.batch() as held:
            held.done += 1
        with transaction():
            stop_work(rows.get_one(Work, work.id))
        return counting()(work, keep)

    carry_out(work_id, run)
    work = stored(work_id)
    assert (work.state, work.done) == (WorkState.STOPPED, 1)


def test_what_waits_is_stopped_at_once(work_id: int) -> None:
    with transaction():
        stop_work(stored(work_id))
    carry_out(work_id, counting())
    assert stored(work_id).state is WorkState.STOPPED
    assert stored(work_id).done == 0


def test_a_refusal_is_told(work_id: int) -> None:
    def run(_work: Work, _keep: Keep) -> dict[str, Any]:
        raise Refused("The campaign is archived.")

    carry_out(work_id, run)
    work = stored(work_id)
    assert (work.state, work.error) == (WorkState.FAILED, "The campaign is archived.")


def test_a_fault_is_logged_and_told(work_id: int, caplog: pytest.LogCaptureFixture) -> None:
    def run(_work: Work, _keep: Keep) -> dict[str, Any]:
        return {"never": 1 / 0}

    carry_out(work_id, run)
    assert stored(work_id).state is WorkState.FAILED
    assert "ZeroDivisionError" in caplog.text


def test_work_that_kills_its_workers_is_given_up(work_id: int) -> None:
    moment = clock.now()
    for _ in range(MOST_ATTEMPTS):
        moment += LEASE + timedelta(seconds=1)
        with clock.stopped_at(moment), pytest.raises(SystemExit):
            carry_out(work_id, counting(die_after=0))
    with clock.stopped_at(moment + LEASE + timedelta(seconds=1)):
        carry_out(work_id, counting())
    assert stored(work_id).state is WorkState.FAILED


def test_work_that_gets_on_each_time_is_never_given_up(work_id: int) -> None:
    moment = clock.now()
    for done in range(1, MOST_ATTEMPTS + 3):
        moment += LEASE + timedelta(seconds=1)
        with clock.stopped_at(moment), pytest.raises(SystemExit):
            carry_out(work_id, counting(until=100, die_after=done))
    with clock.stopped_at(moment + LEASE + timedelta(seconds=1)):
        carry_out(work_id, counting(until=MOST_ATTEMPTS + 3))
    assert stored(work_id).state is WorkState.DONE


def test_work_that_begins_anew_each_time_is_given_up(work_id: int) -> None:
    def run(_work: Work, keep: Keep) -> dict[str, Any]:
        with keep.batch() as held:
            held.done = 0
        with keep.batch() as held:
            held.done = 1
        raise SystemExit

    moment = clock.now()
    for _ in range(MOST_ATTEMPTS):
        moment += LEASE + timedelta(seconds=1)
        with clock.stopped_at(moment), pytest.raises(SystemExit):
            carry_out(work_id, run)
    with clock.stopped_at(moment + LEASE + timedelta(seconds=1)):
        carry_out(work_id, run)
    assert stored(work_id).state is WorkState.FAILED


def test_why_it_failed_is_told_to_each_reader_in_their_language(work_id: int) -> None:
    def run(_work: Work, _keep: Keep) -> dict[str, Any]:
        raise Refused(_l("A file may have at most %(limit)s rows. Split it and import the parts.", limit=2000))

    with in_language("pl"):
        carry_out(work_id, run)
    work = stored(work_id)
    assert work.error == "A file may have at most %(limit)s rows. Split it and import the parts."
    with in_language("en"):
        assert progress(work)["error"] == "A file may have at most 2000 rows. Split it and import the parts."
    with in_language("pl"):
        assert progress(work)["error"].startswith("Plik może mieć")


def test_a_batch_that_fails_leaves_no_trace(work_id: int) -> None:
    keep = claim(work_id)
    assert keep is not None

    def half_a_batch() -> None:
        with keep.batch() as held:
            held.done += 1
            rows.flush()
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        half_a_batch()
    assert rows.scalar(select(Work.done).where(Work.id == work_id)) == 0
