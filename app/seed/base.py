"""The rows without which nobody could sign in: roles with their permissions, and the first admin."""

import secrets

from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.access.roles import ADMIN, sync_roles
from app.core.db import session
from app.models import AppUser, fab_models

_MADE_PASSWORD_BYTES = 12


def ensure_base(admin_password: str | None) -> str | None:
    """Write what is missing; safe to repeat. Answers with the admin's password when it was made here, to be shown once.

    An installation that has a user is left alone: its admin may have another name by now.
    """
    sync_roles()
    if session.scalar(select(AppUser.id).limit(1)) is not None:
        return None
    password = admin_password or secrets.token_urlsafe(_MADE_PASSWORD_BYTES)
    admin = AppUser(
        username="admin",
        first_name="Admin",
        last_name="Splot",
        email="admin@example.com",
        active=True,
        password=generate_password_hash(password),
        roles=[session.scalars(select(fab_models.Role).filter_by(name=ADMIN)).one()],
    )
    session.add(admin)
    session.flush()
    return None if admin_password else password
