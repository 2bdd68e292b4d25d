"""Users: invited, changed, deactivated. Nobody is deleted, because history names them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.announce import Event, announce
from app.core.db import session
from app.core.errors import Invalid, Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import changes, record_change
from app.models import ApiToken, AppUser, Team, fab_models
from app.people.account import check_locale
from app.people.links import new_link, void_links
from app.people.roles import ADMIN
from app.people.sessions import end_all_sessions

_ADMIN_LOCK = 7_301_001
"""Advisory lock: two admins who deactivate each other at once would leave none."""


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Event):
    """Somebody may not come in any more; what waits for them needs another hand."""

    user_id: int


@dataclass(frozen=True)
class UserValues:
    """What an administrator says about a user."""

    username: str
    first_name: str
    last_name: str
    email: str
    roles: Sequence[fab_models.Role]
    teams: Sequence[Team] = ()
    language: str | None = None
    time_zone: str = "Europe/Warsaw"
    phone: str | None = None
    is_demo: bool = field(default=False, kw_only=True)


def create_user(values: UserValues, *, actor: AppUser | None) -> AppUser:
    """A user who cannot sign in until a password is set: by a link, or by `account.set_password`."""
    _check(values, None)
    user = AppUser(active=True, password="", session_epoch=0, is_demo=values.is_demo, **_columns(values))
    user.roles = list(values.roles)
    user.teams = list(values.teams)
    user.created_on = user.changed_on = clock.now().replace(tzinfo=None)
    session.add(user)
    session.flush()
    record_change("user", user.id, "created", actor=actor, after=_told(user))
    return user


def invite_user(values: UserValues, *, actor: AppUser) -> tuple[AppUser, str]:
    """A new user, and the secret part of the link with which they set their password; shown once."""
    user = create_user(values, actor=actor)
    return user, new_link(user, actor=actor)


def change_user(user: AppUser, values: UserValues, *, actor: AppUser) -> None:
    """Save what an administrator changed. The last active admin keeps the role."""
    _check(values, user)
    if user.active and not any(role.name == ADMIN for role in values.roles):
        _keep_an_admin(user)
    before = _told(user)
    for name, value in _columns(values).items():
        setattr(user, name, value)
    user.roles = list(values.roles)
    user.teams = list(values.teams)
    session.flush()
    old, new = changes(before, _told(user))
    if old or new:
        record_change("user", user.id, "changed", actor=actor, before=old, after=new)


def deactivate_user(user: AppUser, *, actor: AppUser) -> None:
    """End every way in. Cases, notes and history stay under the user's name, and can be given to others."""
    if not user.active:
        return
    if user.id == actor.id:
        raise Refused(_l("You cannot deactivate yourself. Ask another administrator."))
    _keep_an_admin(user)
    user.active = False
    end_all_sessions(user)
    void_links(user)
    for token in session.scalars(select(ApiToken).filter_by(user_id=user.id)):
        session.delete(token)
    session.flush()
    record_change("user", user.id, "deactivated", actor=actor)
    announce(UserDeactivated(user_id=user.id))


def activate_user(user: AppUser, *, actor: AppUser) -> None:
    """Let a deactivated user in again, with the password they had."""
    if user.active:
        return
    user.active = True
    user.locked_until = None
    user.fail_login_count = 0
    session.flush()
    record_change("user", user.id, "activated", actor=actor)


def reset_password(user: AppUser, *, actor: AppUser) -> str:
    """The secret part of a link that sets a new password; shown once. The present password ends now."""
    if not user.active:
        raise Refused(_l("This user is deactivated. Activate them first."))
    user.password = ""
    end_all_sessions(user)
    record_change("user", user.id, "password_reset", actor=actor)
    return new_link(user, actor=actor)


def _keep_an_admin(leaving: AppUser) -> None:
    """Refuse when `leaving` is the last active admin."""
    session.execute(select(func.pg_advisory_xact_lock(_ADMIN_LOCK)))
    roles = fab_models.assoc_user_role
    admins = (
        select(AppUser.id)
        .join(roles, roles.c.user_id == AppUser.id)
        .join(fab_models.Role, fab_models.Role.id == roles.c.role_id)
        .where(AppUser.active.is_(True), fab_models.Role.name == ADMIN)
    )
    ids = set(session.scalars(admins))
    if ids == {leaving.id}:
        raise Refused(_l("This is the last active administrator. Give the role to somebody else first."))


def _check(values: UserValues, user: AppUser | None) -> None:
    check_locale(values.language, values.time_zone)
    problems: dict[str, list[object]] = {}
    for name in ("username", "first_name", "last_name", "email"):
        if not getattr(values, name).strip():
            problems[name] = [_l("Fill this in.")]
    if not values.roles:
        problems["roles"] = [_l("Choose at least one role.")]
    lowered = values.username.strip().lower(), values.email.strip().lower()
    taken = session.scalars(
        select(AppUser)
        .where(
            or_(
                func.lower(AppUser.username).in_(lowered),
                func.lower(AppUser.email).in_(lowered),
            ),
            AppUser.id != (user.id if user else 0),
        )
        .options(selectinload(AppUser.roles))
    )
    for other in taken:
        name = "username" if other.username.lower() in lowered else "email"
        problems[name] = [_l("Another user has it already.")]
    if problems:
        raise Invalid(_l("Some values do not fit. Nothing was saved."), problems)


def _columns(values: UserValues) -> dict[str, object]:
    return {
        "username": values.username.strip(),
        "first_name": values.first_name.strip(),
        "last_name": values.last_name.strip(),
        "email": values.email.strip().lower(),
        "language": values.language,
        "time_zone": values.time_zone,
        "phone": (values.phone or "").strip() or None,
    }


def _told(user: AppUser) -> dict[str, object]:
    """The user as the history tells it."""
    names = ("username", "first_name", "last_name", "email", "language", "time_zone", "phone")
    told: dict[str, object] = {name: getattr(user, name) for name in names}
    told["roles"] = sorted(role.name for role in user.roles)
    told["teams"] = sorted(team.name for team in user.teams)
    return told
