"""The one list of periodic jobs. Each is safe to repeat: it looks for rows that wait, and does or wakes them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Periodic:
    """The scheduler puts `job` (a dotted path) into `queue` every `seconds`, unless it still waits there."""

    job: str
    queue: str
    seconds: int


PERIODIC: Sequence[Periodic] = (
    Periodic("app.jobs.work.wake_waiting", queue="realtime", seconds=15),
    Periodic("app.jobs.cases.end_postponements", queue="realtime", seconds=60),
    Periodic("app.jobs.cases.move_idle_cases", queue="bulk", seconds=60),
    Periodic("app.jobs.webhooks.deliver", queue="outgoing", seconds=10),
    Periodic("app.jobs.webhooks.forget_old_calls", queue="bulk", seconds=24 * 3600),
    Periodic("app.jobs.files.sweep_files", queue="bulk", seconds=24 * 3600),
)
