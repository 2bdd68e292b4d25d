"""Which fields a user may see and change, from the names of their roles."""

from sqlalchemy import select

from app.access.permissions import Permission, may
from app.access.remembered import remembered
from app.core.db import session
from app.models import AppUser, CustomField, fab_models


def role_names(user: AppUser) -> frozenset[str]:
    """Names of the user's roles; one query a request. Forms name roles in the rights of their fields."""
    return remembered(("roles", user.id), lambda: _load(user.id))


def may_see_custom_field(user: AppUser, field: CustomField) -> bool:
    """Whether the contact card shows the field to the user: hidden ones only to those who configure them."""
    return field.is_visible or may(user, Permission.CUSTOM_FIELD_EDIT)


def may_edit_custom_field(user: AppUser, field: CustomField) -> bool:
    """Whether the user may change the field's value: what agents may not, those who lead them still may."""
    if field.retired_at is not None or not may_see_custom_field(user, field) or not may(user, Permission.CONTACT_EDIT):
        return False
    return field.agents_may_edit or may(user, Permission.CASE_ASSIGN)


def _load(user_id: int) -> frozenset[str]:
    role, of_user = fab_models.Role, fab_models.assoc_user_role
    names = session.scalars(
        select(role.name).join(of_user, of_user.c.role_id == role.id).where(of_user.c.user_id == user_id)
    )
    return frozenset(names)
