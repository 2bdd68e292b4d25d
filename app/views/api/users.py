"""/users: who may come in. For administrators; a personal token needs the scope `admin`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from flask import url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.access.permissions import Permission
from app.core.db import session
from app.core.errors import Invalid, NotFound
from app.core.i18n import DEFAULT_TIME_ZONE
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Team, fab_models
from app.people import sessions, users
from app.people.tokens import TokenScope
from app.people.users import UserValues
from app.views.api.cursors import Page, Paging, page_by_id
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Words
from app.views.api.shapes import Identity, Items

LARGEST_ID = 2**31 - 1
"""Of Flask-AppBuilder's tables."""

Login = Annotated[str, Words(64, least=1)]
Name = Annotated[str, Words(64, least=1)]
Address = Annotated[str, Words(254, least=3, pattern=r"[^@\s]+@[^@\s]+")]
Short = Annotated[str, Words(64)]


@dataclass(frozen=True, kw_only=True)
class UserShown:
    """A user. One who is not active may not come in; nobody is deleted, because history names them."""

    id: int
    username: str
    first_name: str
    last_name: str
    email: str
    active: bool
    roles: list[str]
    teams: list[str]
    language: str | None
    time_zone: str
    phone: str | None
    last_login: datetime | None


@dataclass(frozen=True, kw_only=True)
class UserInvited:
    """A user and the link with which they set their password; it is shown once, and null in a repeated answer."""

    user: UserShown
    link: str | None


@dataclass(frozen=True, kw_only=True)
class UserList(Paging):
    """Users, oldest first."""

    text: Annotated[str, Words(120)] = ""
    active: bool | None = None


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """Roles by name, teams by id."""

    username: Login
    first_name: Name
    last_name: Name
    email: Address
    roles: Annotated[list[Short], Items(20)]
    teams: Annotated[list[Identity], Items(50)] | None = None
    language: Short | None = None
    time_zone: Short = DEFAULT_TIME_ZONE
    phone: Annotated[str, Words(32)] | None = None


@endpoint("GET", "/users", permission=Permission.USER_READ, scope=TokenScope.ADMIN, summary="Users.")
def list_users(query: UserList) -> Page[UserShown]:
    """`text` is a part of the login, the name or the address."""
    rows = select(AppUser).options(selectinload(AppUser.roles), selectinload(AppUser.teams))
    if query.active is not None:
        rows = rows.where(AppUser.active.is_(query.active))
    if query.text:
        columns = (AppUser.username, AppUser.first_name, AppUser.last_name, AppUser.email)
        rows = rows.where(or_(*(column.icontains(query.text, autoescape=True) for column in columns)))
    return page_by_id(rows, AppUser.id, query, _shown)


@endpoint("GET", "/users/{user_id}", permission=Permission.USER_READ, scope=TokenScope.ADMIN, summary="A user.")
def show_user(user_id: int) -> UserShown:
    """Deactivated ones too."""
    return _shown(_the_user(user_id))


@endpoint(
    "POST",
    "/users",
    permission=Permission.USER_EDIT,
    scope=TokenScope.ADMIN,
    status=201,
    keeps_answer=False,
    summary="Invite a user.",
)
def invite_user(body: NewUser, *, actor: AppUser) -> UserInvited:
    """The user cannot sign in before they have used the link."""
    values = UserValues(
        username=body.username,
        first_name=body.first_name,
        last_name=body.last_name,
        email=body.email,
        roles=_roles(body.roles),
        teams=_teams(body.teams or []),
        language=body.language,
        time_zone=body.time_zone,
        phone=body.phone,
    )
    user, secret = users.invite_user(values, actor=actor)
    return UserInvited(user=_shown(user), link=_link(secret))


@endpoint(
    "POST",
    "/users/{user_id}/password-link",
    permission=Permission.USER_EDIT,
    scope=TokenScope.ADMIN,
    keeps_answer=False,
    summary="A link that sets a new password.",
)
def reset_password(user_id: int, *, actor: AppUser) -> UserInvited:
    """The present password and every session end now."""
    user = _the_user(user_id)
    secret = users.reset_password(user, actor=actor)
    return UserInvited(user=_shown(user), link=_link(secret))


@endpoint(
    "POST",
    "/users/{user_id}/deactivate",
    permission=Permission.USER_EDIT,
    scope=TokenScope.ADMIN,
    summary="End every way in.",
)
def deactivate_user(user_id: int, *, actor: AppUser) -> UserShown:
    """Their cases, notes and history stay."""
    user = _the_user(user_id)
    users.deactivate_user(user, actor=actor)
    return _shown(user)


@endpoint(
    "POST",
    "/users/{user_id}/activate",
    permission=Permission.USER_EDIT,
    scope=TokenScope.ADMIN,
    summary="Let a deactivated user in again.",
)
def activate_user(user_id: int, *, actor: AppUser) -> UserShown:
    """With the password that they had."""
    user = _the_user(user_id)
    users.activate_user(user, actor=actor)
    return _shown(user)


@endpoint(
    "POST",
    "/users/{user_id}/sign-out",
    permission=Permission.USER_EDIT,
    scope=TokenScope.ADMIN,
    summary="End every session and every REST log-in of a user.",
)
def sign_out_everywhere(user_id: int, *, actor: AppUser) -> None:
    """Personal tokens stay: they are ended one by one, or all by a deactivation."""
    sessions.sign_out_everywhere(_the_user(user_id), actor=actor)


def _the_user(user_id: int) -> AppUser:
    user = session.get(AppUser, user_id) if user_id <= LARGEST_ID else None
    if user is None:
        raise NotFound(_l("There is no such user."))
    return user


def _roles(names: list[str]) -> list[fab_models.Role]:
    rows = session.scalars(select(fab_models.Role).where(fab_models.Role.name.in_(names)))
    found = {role.name: role for role in rows}
    unknown = [name for name in names if name not in found]
    if unknown:
        _refuse("roles", _l("There is no such role: %(names)s.", names=", ".join(unknown)))
    return list(found.values())


def _teams(ids: list[int]) -> list[Team]:
    found = list(session.scalars(select(Team).where(Team.id.in_(ids))))
    if len(found) < len(set(ids)):
        _refuse("teams", _l("There is no such team."))
    return found


def _refuse(field: str, message: object) -> None:
    raise Invalid(_l("Some values do not fit; see the errors by field."), fields={field: [message]})


def _shown(user: AppUser) -> UserShown:
    return UserShown(
        id=user.id,
        username=user.username,
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email,
        active=bool(user.active),
        roles=sorted(role.name for role in user.roles),
        teams=sorted(team.name for team in user.teams),
        language=user.language,
        time_zone=user.time_zone,
        phone=user.phone,
        # Flask-AppBuilder's column knows no time zone; it is UTC.
        last_login=user.last_login.replace(tzinfo=UTC) if user.last_login else None,
    )


def _link(secret: str) -> str:
    return url_for("WelcomePage.index", secret=secret, _external=True)
