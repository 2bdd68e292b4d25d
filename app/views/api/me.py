"""/me: who the token belongs to and what it may do."""

from dataclasses import dataclass

from app.access.fields import role_names
from app.access.permissions import granted
from app.models import AppUser
from app.views.api.endpoints import endpoint


@dataclass(frozen=True, kw_only=True)
class Me:
    """The user of the token."""

    id: int
    username: str
    name: str
    email: str
    language: str | None
    time_zone: str
    roles: list[str]
    permissions: list[str]


@endpoint("GET", "/me", summary="The user of the token, with roles and permissions.")
def show_me(*, actor: AppUser) -> Me:
    """Also a quick check that a token works."""
    return Me(
        id=actor.id,
        username=actor.username,
        name=actor.full_name,
        email=actor.email,
        language=actor.language,
        time_zone=actor.time_zone,
        roles=sorted(role_names(actor)),
        permissions=sorted(granted(actor)),
    )
