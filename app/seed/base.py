"""The rows without which nobody could sign in: roles with their permissions, and the first admin."""

import secrets

from sqlalchemy import select

from app.access.roles import sync_roles
from app.core.db import session
from app.models import AppUser, fab_models
from app.people.account import set_password
from app.people.roles import ADMIN
from app.people.users import UserValues, create_user

_MADE_PASSWORD_BYTES = 12


def ensure_base(admin_password: str | None) -> str | None:
    """Write what is missing; safe to repeat. Answers with the admin's password when it was made here, to be shown once.

    An installation that has a user is left alone: its admin may have another name by now.
    """
    sync_roles()
    if session.scalar(select(AppUser.id).limit(1)) is not None:
        return None
    password = admin_password or secrets.token_urlsafe(_MADE_PASSWORD_BYTES)
    role = session.scalars(select(fab_models.Role).filter_by(name=ADMIN)).one()
    values = UserValues(
        username="admin", first_name="Admin", last_name="Splot", email="admin@example.com", roles=(role,)
    )
    set_password(create_user(values, actor=None), password, actor=None)
    return None if admin_password else password
