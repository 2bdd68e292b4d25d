"""Roles: what the ready ones are called, and the changes that an administrator may make."""

from collections.abc import Collection

from sqlalchemy import exists, func, select

from app.core.db import session
from app.core.errors import Invalid, Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import changes, record_change
from app.models import AppUser, fab_models

LONGEST_NAME = 64
ADMIN = "admin"
MANAGER = "manager"
SUPERVISOR = "supervisor"
AGENT = "agent"
HOME_AGENT = "home_agent"
AUDITOR = "auditor"

TITLES = {
    ADMIN: _l("Administrator"),
    MANAGER: _l("Manager"),
    SUPERVISOR: _l("Supervisor"),
    AGENT: _l("Agent"),
    HOME_AGENT: _l("Home agent"),
    AUDITOR: _l("Auditor"),
}


def create_role(name: str, pairs: Collection[str], *, actor: AppUser) -> fab_models.Role:
    """A new role that holds the permissions `pairs` ("can_read on Case")."""
    role = fab_models.Role(name=_checked(name, None))
    role.permissions = _rows(pairs)
    session.add(role)
    session.flush()
    record_change("role", role.id, "created", actor=actor, after=_told(role))
    return role


def change_role(role: fab_models.Role, name: str, pairs: Collection[str], *, actor: AppUser) -> None:
    """Another name or other permissions. The administrator's role is not for changing; ready ones keep their names."""
    if role.name == ADMIN:
        raise Refused(_l("The administrator's role always holds everything, so that nobody locks the last door."))
    if role.name in TITLES and name.strip() != role.name:
        raise Refused(_l("The ready roles keep their names. Make a new role instead."))
    before = _told(role)
    role.name = _checked(name, role)
    role.permissions = _rows(pairs)
    session.flush()
    old, new = changes(before, _told(role))
    if old or new:
        record_change("role", role.id, "changed", actor=actor, before=old, after=new)


def delete_role(role: fab_models.Role, *, actor: AppUser) -> None:
    """Delete a role that nobody has and that is none of the ready ones."""
    if role.name in TITLES:
        raise Refused(_l("The ready roles cannot be deleted."))
    of_user = fab_models.assoc_user_role
    if session.scalar(select(exists().where(of_user.c.role_id == role.id))):
        raise Refused(_l("Somebody still has this role. Give them another one first."))
    record_change("role", role.id, "deleted", actor=actor, before=_told(role))
    session.delete(role)
    session.flush()


def _checked(name: str, role: fab_models.Role | None) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(_l("A role needs a name of at most 64 characters."), {"name": [_l("Fill this in.")]})
    taken = select(fab_models.Role.id).where(func.lower(fab_models.Role.name) == name.lower())
    if (found := session.scalar(taken)) is not None and (role is None or found != role.id):
        raise Invalid(_l("There is such a role already."), {"name": [_l("Choose another name.")]})
    return name


def _rows(pairs: Collection[str]) -> list[fab_models.PermissionView]:
    rows = {
        f"{row.permission.name} on {row.view_menu.name}": row
        for row in session.scalars(select(fab_models.PermissionView))
    }
    unknown = set(pairs) - set(rows)
    if unknown:
        raise Invalid(_l("There is no such permission."), {"permissions": [_l("Choose one of the list.")]})
    return [rows[pair] for pair in sorted(pairs)]


def _told(role: fab_models.Role) -> dict[str, object]:
    held = sorted(f"{row.permission.name} on {row.view_menu.name}" for row in role.permissions)
    return {"name": role.name, "permissions": held}
