"""Which columns of the list of contacts a user chose: kept for the user, beside the views of the list of cases."""

from collections.abc import Sequence

from sqlalchemy import select

from app.contacts.listing import query_from
from app.core import clock
from app.core.db import session
from app.models import AppUser, SavedView

LIST = "contacts"


def kept_columns(user: AppUser) -> tuple[str, ...]:
    """What was chosen last; nothing = the usual ones."""
    kept = _kept(user)
    columns = kept.query.get("columns", [""])[0] if kept else ""
    return tuple(columns.split(",")) if columns else ()


def keep_columns(columns: Sequence[str], *, actor: AppUser) -> None:
    """Show these columns wherever the list names none; none at all = the usual ones again."""
    checked = query_from({"columns": [",".join(columns)]}).columns
    kept = _kept(actor)
    if kept is None:
        kept = SavedView(list=LIST, user_id=actor.id, name="", created_at=clock.now())
        session.add(kept)
    kept.query = {"columns": [",".join(checked)]} if checked else {}
    session.flush()


def _kept(user: AppUser) -> SavedView | None:
    return session.scalar(select(SavedView).where(SavedView.list == LIST, SavedView.user_id == user.id))
