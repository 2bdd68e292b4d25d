"""Saved views of the case list: named filters with their columns and order, of one user or shared with a role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from app.access.permissions import Permission, require
from app.cases.listing_query import CaseQuery, parameters_of, query_from
from app.core import clock
from app.core.db import session
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import record_change
from app.models import AppUser, SavedView, fab_models

LIST = "cases"
MOST_VIEWS = 100
"""Views of one user."""
LONGEST_NAME = 80
_USUAL = ""
"""The view without a name: what the user last chose as columns."""


@dataclass(frozen=True)
class ViewRow:
    """One saved view as the menu shows it."""

    id: int
    name: str
    is_mine: bool
    role: str | None
    query: Mapping[str, list[str]]


@dataclass(frozen=True)
class Views:
    """The views that a user may open, and the columns they like."""

    rows: tuple[ViewRow, ...]
    usual_columns: tuple[str, ...]

    def shown_by(self, query: CaseQuery) -> ViewRow | None:
        """The view whose filters, columns and order these are exactly."""
        wanted = parameters_of(replace(query, cursor=None))
        return next((row for row in self.rows if row.query == wanted), None)


def views_of(user: AppUser) -> Views:
    """The user's own views and those shared with one of their roles; one query."""
    of_user = fab_models.assoc_user_role
    roles = select(of_user.c.role_id).where(of_user.c.user_id == user.id).scalar_subquery()
    found = session.execute(
        select(SavedView, fab_models.Role.name)
        .outerjoin(fab_models.Role, fab_models.Role.id == SavedView.role_id)
        .where(SavedView.list == LIST, or_(SavedView.user_id == user.id, SavedView.role_id.in_(roles)))
        .order_by(SavedView.name, SavedView.id)
    ).all()
    usual = next((view for view, _ in found if view.name == _USUAL and view.user_id == user.id), None)
    rows = [
        ViewRow(view.id, view.name, view.user_id == user.id, role, view.query)
        for view, role in found
        if view.name != _USUAL
    ]
    columns = usual.query.get("columns", [""])[0] if usual else ""
    return Views(tuple(rows), tuple(columns.split(",")) if columns else ())


def save_view(name: str, query: CaseQuery, *, role_id: int | None = None, actor: AppUser) -> SavedView:
    """Keep the list under a name; one of the actor's views with that name is replaced. `role_id` shares it."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        reason = _l("Give the view a name of at most %(limit)s characters.", limit=LONGEST_NAME)
        raise Invalid(reason, {"name": [reason]})
    if role_id is not None:
        require(actor, Permission.SAVED_VIEW_SHARE)
        if session.get(fab_models.Role, role_id) is None:
            raise NotFound(_l("There is no such role."))
    view = _own(name, actor)
    before = {"query": view.query, "role": view.role_id} if view else None
    if view is None:
        if len(views_of(actor).rows) >= MOST_VIEWS:
            raise Refused(_l("You have %(count)s views already. Delete one first.", count=MOST_VIEWS))
        view = SavedView(list=LIST, user_id=actor.id, name=name, created_at=clock.now())
        session.add(view)
    view.query = parameters_of(replace(query, cursor=None))
    view.role_id = role_id
    session.flush()
    after = {"name": name, "query": view.query, "role": role_id}
    record_change("saved_view", view.id, "changed" if before else "created", actor=actor, before=before, after=after)
    return view


def delete_view(view_id: int, *, actor: AppUser) -> None:
    """Forget one of the actor's own views."""
    view = session.get(SavedView, view_id)
    if view is None or view.user_id != actor.id or view.name == _USUAL:
        raise NotFound(_l("There is no such view, or it is somebody else's."))
    record_change("saved_view", view.id, "deleted", actor=actor, before={"name": view.name, "query": view.query})
    session.delete(view)


def remember_columns(columns: Sequence[str], *, actor: AppUser) -> None:
    """Show these columns wherever a list names none; none at all = the product's own choice again."""
    checked = query_from({"columns": [",".join(columns)]}).columns
    usual = _own(_USUAL, actor)
    if usual is None:
        usual = SavedView(list=LIST, user_id=actor.id, name=_USUAL, created_at=clock.now())
        session.add(usual)
    usual.query = {"columns": [",".join(checked)]} if checked else {}
    session.flush()


def _own(name: str, user: AppUser) -> SavedView | None:
    return session.scalar(
        select(SavedView).where(SavedView.list == LIST, SavedView.user_id == user.id, SavedView.name == name)
    )
