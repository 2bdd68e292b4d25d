"""What one answer of a case was before, for whoever rests on its title."""

from sqlalchemy import select

from app.access.permissions import Permission
from app.access.visible import the_case
from app.cases.answers import history_key
from app.core.db import session
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.models import Case, HistoryEntry
from app.views.base import Page, page, the_user
from app.views.card import FormShown

ENTRIES = 10
"""Changes of one answer that are shown; all of them stand in the history of the case."""


class AnswerHistoryView(Page):
    """The history of one answer, as a fragment."""

    route_base = "/cases"
    class_permission_name = "Case"

    @page("/<int:number>/answers/<field_id>/history", permission=Permission.CASE_READ)
    def answer_history(self, number: int, field_id: str) -> str:
        """The last changes of the answer, the newest first; NotFound for a field that the reader may not see."""
        user = the_user()
        case = the_case(number, actor=user)
        form, key = FormShown(case, user), history_key(field_id)
        if key not in form.values():
            raise NotFound(_l("The form has no such field."))
        rows = [
            {"at": entry.at, "who": entry.actor_name, "answer": form.text(key, (entry.after or {}).get(key), entry.at)}
            for entry in _changes_of(case, key)
        ]
        return self.render("cases/answer_history.html", rows=rows, title=form.titles()[key])


def _changes_of(case: Case, key: str) -> list[HistoryEntry]:
    entries = (
        select(HistoryEntry)
        .where(HistoryEntry.record == "case", HistoryEntry.record_id == case.id)
        .where(HistoryEntry.before.has_key(key) | HistoryEntry.after.has_key(key))
        .order_by(HistoryEntry.id.desc())
        .limit(ENTRIES)
    )
    return list(session.scalars(entries))
