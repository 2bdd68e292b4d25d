"""Long work as RQ jobs: which function runs which kind, and the sweep that finds what was left behind."""

from app.cases import bulk
from app.cases.exporting import KIND as CASE_EXPORT
from app.contacts.exporting import KIND as CONTACT_EXPORT
from app.contacts.imports import RUN as IMPORT
from app.contacts.imports import UNDO as UNDO_IMPORT
from app.core.db import session
from app.core.queue import wake
from app.formbuilder.versions import CONVERT
from app.jobs.answers import run_convert
from app.jobs.cases import run_change_many, run_open_for_contacts
from app.jobs.exports import export_cases, export_contacts
from app.jobs.imports import run_import, run_undo
from app.models import Work
from app.work.rows import waiting_work
from app.work.running import Runner, carry_out

RUN = "app.jobs.work.run"


RUNNERS: dict[str, Runner] = {
    CASE_EXPORT: export_cases,
    CONTACT_EXPORT: export_contacts,
    IMPORT: run_import,
    UNDO_IMPORT: run_undo,
    bulk.OPEN: run_open_for_contacts,
    bulk.CHANGE: run_change_many,
    CONVERT: run_convert,
}
"""Kind of work → the function that carries it out. `create_app` adds those that stand above the jobs."""


def run(work_id: int) -> None:
    """Job: carry out one row of long work."""
    work = session.get(Work, work_id)
    if work is not None:
        carry_out(work_id, RUNNERS[work.kind])


def wake_waiting() -> None:
    """Periodic job: put back in its queue what nobody works on, because Redis forgot it or its worker died."""
    for work_id, queue in waiting_work():
        wake(queue, RUN, work_id)
