"""Links between cases."""

from dataclasses import dataclass
from typing import Annotated

from app.access.permissions import Permission
from app.access.visible import the_case
from app.cases.linking import link_cases, linked_cases
from app.models import AppUser, Case
from app.models.scripts import StatusKind
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Whole


@dataclass(frozen=True, kw_only=True)
class LinkedCase:
    """A case that is linked to the one that was asked for."""

    id: int
    number: int
    subject: str
    campaign_id: int
    status: StatusKind


@dataclass(frozen=True, kw_only=True)
class Links:
    """The cases linked to one, the newest links first."""

    items: list[LinkedCase]


@dataclass(frozen=True, kw_only=True)
class NewLink:
    """The number of the other case."""

    number: Annotated[int, Whole(1)]


@endpoint("GET", "/cases/{number}/links", permission=Permission.CASE_READ, summary="Cases linked to a case.")
def list_links(number: int, *, actor: AppUser) -> Links:
    """In either direction, without those that the user may not see; at most fifty."""
    return _shown(the_case(number, actor=actor), actor)


@endpoint(
    "POST",
    "/cases/{number}/links",
    permission=(Permission.CASE_READ, Permission.CASE_EDIT),
    status=201,
    summary="Link two cases.",
)
def link_case(number: int, body: NewLink, *, actor: AppUser) -> Links:
    """Both get an entry in their timeline. Two that are linked already stay as they are."""
    case = the_case(number, actor=actor)
    link_cases(case, the_case(body.number, actor=actor), actor=actor)
    return _shown(case, actor)


def _shown(case: Case, actor: AppUser) -> Links:
    return Links(
        items=[
            LinkedCase(
                id=each.id,
                number=each.number,
                subject=each.subject,
                campaign_id=each.campaign_id,
                status=each.status.kind,
            )
            for each in linked_cases(case, actor=actor)
        ]
    )
