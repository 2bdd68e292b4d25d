"""Long work as people see it: how far it is, stopping it, and what could not be done."""

import csv
import io
from typing import Any

from flask import Response
from sqlalchemy import select

from app.access.visible import the_work
from app.core.cells import neutral
from app.core.db import session, transaction
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.models import Work, WorkProblem
from app.models.work import WorkState
from app.views.base import Page, answer, page, the_user
from app.work.rows import stop_work

WORDS = {
    WorkState.WAITING: _l("waiting for a worker"),
    WorkState.RUNNING: _l("running"),
    WorkState.DONE: _l("done"),
    WorkState.STOPPED: _l("stopped"),
    WorkState.FAILED: _l("failed"),
}


class WorkView(Page):
    """Progress of imports, exports and bulk work."""

    route_base = "/work"

    @page("/<int:work_id>")
    def show(self, work_id: int) -> Any:
        """How far it is, as JSON."""
        return answer(progress(the_work(work_id, actor=the_user())))

    @page("/<int:work_id>/stop", methods=("POST",))
    def stop(self, work_id: int) -> Any:
        """Ask it to stop; what is done stays done."""
        with transaction():
            work = the_work(work_id, actor=the_user())
            stop_work(work)
        return answer(progress(work))

    @page("/<int:work_id>/problems.csv")
    def problems(self, work_id: int) -> Response:
        """What could not be done and why, as a file for a spreadsheet."""
        work = the_work(work_id, actor=the_user())
        table = io.StringIO()
        writer = csv.writer(table, delimiter=";")
        writer.writerow([_("What"), _("Why")])
        rows = select(WorkProblem).where(WorkProblem.work_id == work.id).order_by(WorkProblem.id)
        for problem in session.scalars(rows):
            writer.writerow([neutral(problem.subject), neutral(_(problem.reason, **problem.details))])
        headers = {"Content-Disposition": f'attachment; filename="problems-{work.id}.csv"'}
        return Response("\ufeff" + table.getvalue(), mimetype="text/csv", headers=headers)


def progress(work: Work) -> dict[str, Any]:
    """What the progress bar shows."""
    return {
        "id": work.id,
        "state": work.state.value,
        "words": str(WORDS[work.state]),
        "done": work.done,
        "total": work.total,
        "failed": work.failed,
        "result": work.result,
        "error": _(work.error, **work.error_details) if work.error else "",
        "ended": work.state in {WorkState.DONE, WorkState.STOPPED, WorkState.FAILED},
    }
