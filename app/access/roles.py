"""The six ready roles and what they hold, as one table; and the rows that it becomes."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.access.permissions import Permission as P
from app.access.permissions import granted
from app.access.remembered import forget_rights
from app.core.db import session
from app.core.errors import Forbidden
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, fab_models
from app.people.roles import ADMIN, AGENT, AUDITOR, HOME_AGENT, MANAGER, SUPERVISOR

_AGENT = frozenset(
    {P.CASE_READ, P.CASE_CREATE, P.CASE_EDIT, P.CONTACT_READ, P.CONTACT_CREATE, P.CONTACT_EDIT, P.API_USE}
)
_SUPERVISOR = _AGENT | {
    P.CASE_ASSIGN, P.CASE_MOVE, P.CASE_SEE_COLLEAGUES, P.CASE_EXPORT, P.CASE_BULK, P.CASE_EDIT_NOTES,
    P.CAMPAIGN_READ, P.CAMPAIGN_ASSIGN, P.SCRIPT_READ, P.FORM_READ, P.USER_READ, P.SAVED_VIEW_SHARE,
}  # fmt: skip
_MANAGER = _SUPERVISOR | {
    P.CASE_SEE_ALL, P.CONTACT_SEE_ALL, P.CONTACT_IMPORT, P.CONTACT_EXPORT, P.CAMPAIGN_EDIT,
    P.SCRIPT_EDIT, P.FORM_EDIT, P.FORM_EDIT_LIVE, P.TEAM_EDIT, P.HISTORY_READ, P.WEBHOOK_READ,
    P.DICTIONARY_READ,
}  # fmt: skip
_AUDITOR = frozenset(
    {
        P.CASE_READ, P.CASE_SEE_ALL, P.CASE_SEE_COLLEAGUES, P.CONTACT_READ, P.CONTACT_SEE_ALL, P.CAMPAIGN_READ,
        P.SCRIPT_READ, P.FORM_READ, P.USER_READ, P.HISTORY_READ, P.CASE_EXPORT, P.CONTACT_EXPORT, P.API_USE,
    }
)  # fmt: skip

ROLES: Mapping[str, frozenset[P]] = {
    ADMIN: frozenset(P),
    MANAGER: _MANAGER,
    SUPERVISOR: _SUPERVISOR,
    AGENT: _AGENT,
    HOME_AGENT: _AGENT,
    AUDITOR: _AUDITOR,
}


def sync_roles() -> None:
    """Write the rows of `Permission` and of `ROLES`; safe to repeat, at every start.

    A role or a permission that is new to this database is written as in the table. What an admin changed since
    stays as it is, but for the admin role itself, which always holds everything.
    """
    roles = {role.name: role for role in session.scalars(select(fab_models.Role))}
    new_roles = {name for name in ROLES if name not in roles}
    for name in new_roles:
        roles[name] = fab_models.Role(name=name)
        session.add(roles[name])
    known = {
        (row.permission.name, row.view_menu.name): row for row in session.scalars(select(fab_models.PermissionView))
    }
    for permission in P:
        pair = known.get((permission.action, permission.resource))
        is_new = pair is None
        if pair is None:
            pair = _add_pair(permission)
        for name, held in ROLES.items():
            is_due = permission in held and (is_new or name in new_roles or name == ADMIN)
            if is_due and pair not in roles[name].permissions:
                roles[name].permissions.append(pair)
    session.flush()
    forget_rights()


def require_not_above(actor: AppUser, pairs: Collection[str]) -> None:
    """Raise Forbidden when `pairs` hold more than the actor does: nobody gives, or takes over, more than they have."""
    if not set(pairs) <= granted(actor):
        raise Forbidden(_l("This would give more rights than you have yourself."))


def pairs_of(roles: Collection[fab_models.Role]) -> frozenset[str]:
    """Every permission that the roles hold together."""
    return frozenset(f"{row.permission.name} on {row.view_menu.name}" for role in roles for row in role.permissions)


def _add_pair(permission: P) -> fab_models.PermissionView:
    action = session.scalar(select(fab_models.Permission).filter_by(name=permission.action))
    resource = session.scalar(select(fab_models.ViewMenu).filter_by(name=permission.resource))
    pair = fab_models.PermissionView(
        permission=action or fab_models.Permission(name=permission.action),
        view_menu=resource or fab_models.ViewMenu(name=permission.resource),
    )
    session.add(pair)
    session.flush()
    return pair
