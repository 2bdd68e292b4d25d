"""Which fields a user may see and change, from the names of their roles."""

from app.access.permissions import Permission, may, rights_of
from app.models import AppUser, CustomField


def role_names(user: AppUser) -> frozenset[str]:
    """Names of the user's roles. Forms name roles in the rights of their fields."""
    return rights_of(user).roles


def may_see_custom_field(user: AppUser, field: CustomField) -> bool:
    """Whether the contact card shows the field to the user: hidden ones only to those who configure them."""
    return field.is_visible or may(user, Permission.CUSTOM_FIELD_EDIT)


def may_edit_custom_field(user: AppUser, field: CustomField) -> bool:
    """Whether the user may change the field's value: what agents may not, those who lead them still may."""
    if field.retired_at is not None or not may_see_custom_field(user, field) or not may(user, Permission.CONTACT_EDIT):
        return False
    return field.agents_may_edit or may(user, Permission.CASE_ASSIGN)
