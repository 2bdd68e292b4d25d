"""The names of everything that may be permitted, and the one question whether it is.

A value is the pair that Flask-AppBuilder stores: "can_ACTION on RESOURCE".
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.access.remembered import remembered
from app.core.db import session
from app.core.errors import Forbidden
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, fab_models


class Permission(StrEnum):
    """What a role is made of."""

    CASE_READ = "can_read on Case"
    """See cases: those of the user's campaigns, and only these."""
    CASE_CREATE = "can_create on Case"
    CASE_EDIT = "can_edit on Case"
    CASE_ASSIGN = "can_assign on Case"
    """Give a case to somebody else; taking one on oneself needs CASE_EDIT only."""
    CASE_MOVE = "can_move on Case"
    """Move a case to another campaign."""
    CASE_SEE_COLLEAGUES = "can_see_colleagues on Case"
    """See the cases of colleagues also where a campaign shows its agents only their own."""
    CASE_SEE_ALL = "can_see_all on Case"
    """See the cases of every campaign, assigned or not."""
    CASE_EXPORT = "can_export on Case"
    CASE_EDIT_NOTES = "can_edit_notes on Case"
    """Edit the notes of colleagues, too."""
    CASE_BULK = "can_bulk on Case"
    """Create or change many cases at once."""

    CONTACT_READ = "can_read on Contact"
    """See contacts: those with a case that the user sees, and the user's own."""
    CONTACT_CREATE = "can_create on Contact"
    CONTACT_EDIT = "can_edit on Contact"
    CONTACT_IMPORT = "can_import on Contact"
    CONTACT_EXPORT = "can_export on Contact"
    CONTACT_SEE_ALL = "can_see_all on Contact"

    CAMPAIGN_READ = "can_read on Campaign"
    CAMPAIGN_EDIT = "can_edit on Campaign"
    CAMPAIGN_ASSIGN = "can_assign on Campaign"
    """Say which users and teams work in a campaign."""

    SCRIPT_READ = "can_read on Script"
    SCRIPT_EDIT = "can_edit on Script"
    FORM_READ = "can_read on Form"
    FORM_EDIT = "can_edit on Form"
    FORM_EDIT_LIVE = "can_edit_live on Form"
    """Publish a version of a form that people are filling in."""
    CUSTOM_FIELD_EDIT = "can_edit on CustomField"
    DICTIONARY_READ = "can_read on Dictionary"
    DICTIONARY_EDIT = "can_edit on Dictionary"
    """Change lists that many forms share."""
    WEBHOOK_READ = "can_read on Webhook"
    """See webhooks and what became of their calls."""
    WEBHOOK_EDIT = "can_edit on Webhook"
    """Say where data of cases is sent, and see the secrets that sign it."""

    USER_READ = "can_read on User"
    USER_EDIT = "can_edit on User"
    TEAM_EDIT = "can_edit on Team"
    ROLE_EDIT = "can_edit on Role"
    SETTING_EDIT = "can_edit on Setting"
    HISTORY_READ = "can_read on History"
    SAVED_VIEW_SHARE = "can_share on SavedView"
    WORK_SEE_ALL = "can_see_all on Work"
    """See and stop long work that somebody else started."""
    API_USE = "can_use on Api"
    """Call the REST API, by a log-in or by a personal token."""
    STYLE_READ = "can_read on Style"
    """The page that shows every component of the interface."""

    @property
    def action(self) -> str:
        """Flask-AppBuilder's name of the permission: "can_read"."""
        return self.value.partition(" on ")[0]

    @property
    def resource(self) -> str:
        """Flask-AppBuilder's name of the view: "Case"."""
        return self.value.partition(" on ")[2]


@dataclass(frozen=True)
class Rights:
    """What the roles of a user are called, and the pairs that they hold."""

    roles: frozenset[str]
    pairs: frozenset[str]


def rights_of(user: AppUser) -> Rights:
    """Of the user's roles, whether or not the user is active; one query a request."""
    return remembered(("rights", user.id), lambda: _load(user.id))


def granted(user: AppUser) -> frozenset[str]:
    """Every pair that the user's roles hold. A deactivated user holds none."""
    return rights_of(user).pairs if user.active else frozenset()


def may(user: AppUser | None, permission: Permission) -> bool:
    """Whether the user's roles hold the permission. Nobody (None) holds none."""
    return user is not None and permission.value in granted(user)


def require(user: AppUser | None, permission: Permission) -> None:
    """Raise Forbidden unless `may(user, permission)`."""
    if not may(user, permission):
        raise Forbidden(_l("Your role does not allow this."), permission=permission.value)


def _load(user_id: int) -> Rights:
    rows = session.execute(_RIGHTS, {"user": user_id}).all()
    pairs = frozenset(f"{row.action} on {row.resource}" for row in rows if row.action)
    return Rights(roles=frozenset(row.role for row in rows), pairs=pairs)


def _rights() -> Select[Any]:
    role, pair = fab_models.Role, fab_models.PermissionView
    of_role, of_user = fab_models.assoc_permissionview_role, fab_models.assoc_user_role
    action, resource = fab_models.Permission, fab_models.ViewMenu
    return (
        select(role.name.label("role"), action.name.label("action"), resource.name.label("resource"))
        .select_from(of_user)
        .join(role, role.id == of_user.c.role_id)
        .outerjoin(of_role, of_role.c.role_id == role.id)
        .outerjoin(pair, pair.id == of_role.c.permission_view_id)
        .outerjoin(action, action.id == pair.permission_id)
        .outerjoin(resource, resource.id == pair.view_menu_id)
        .where(of_user.c.user_id == bindparam("user"))
    )


# Asked by every request, so it is built once.
_RIGHTS = _rights()
