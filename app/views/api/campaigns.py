"""/campaigns: the campaigns that the user works in or leads, and who works in them."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import select

from app.access.permissions import Permission
from app.access.visible import campaigns_of, the_campaign
from app.campaigns import editing
from app.campaigns.editing import CampaignValues
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Campaign, Team
from app.models.campaigns import CampaignState, DuplicateRule
from app.views.api.cursors import Page, Paging, page_by_id
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Whole, Words
from app.views.api.shapes import Identity, Items, write
from app.views.api.unset import UNSET, Unset, sent
from app.views.api.versions import must_be, seen_version

Name = Annotated[str, Words(160, least=1)]
Description = Annotated[str, Words(4000, lines=True)]
Keys = Annotated[list[Annotated[str, Words(80, least=1)]], Items(20)]
Version = Annotated[int, Whole(1, 2**31 - 1)]
Users = Annotated[list[Annotated[int, Whole(1, 2**31 - 1)]], Items(2000)]
Teams = Annotated[list[Identity], Items(500)]


@dataclass(frozen=True, kw_only=True)
class CampaignRow:
    """A campaign."""

    id: int
    name: str
    description: str
    state: CampaignState
    starts_on: date | None
    ends_on: date | None
    script_id: int
    duplicate_rule: DuplicateRule
    header_fields: list[str]
    agents_see_own_only: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class CampaignShown(CampaignRow):
    """A campaign with the ids of the users and teams that work in it."""

    users: list[int]
    teams: list[int]


@dataclass(frozen=True, kw_only=True)
class CampaignList(Paging):
    """Campaigns, oldest first."""

    text: Annotated[str, Words(120)] = ""
    state: CampaignState | None = None


@dataclass(frozen=True, kw_only=True)
class NewCampaign:
    """An active campaign with nobody assigned."""

    name: Name
    script_id: Identity
    description: Description = ""
    starts_on: date | None = None
    ends_on: date | None = None
    duplicate_rule: DuplicateRule = DuplicateRule.SKIP_OPEN
    header_fields: Keys | Unset = UNSET
    agents_see_own_only: bool = False


@dataclass(frozen=True, kw_only=True)
class CampaignChanges:
    """What is not sent stays as it is. `state` pauses, archives or resumes."""

    version: Version | Unset = UNSET
    name: Name | Unset = UNSET
    script_id: Identity | Unset = UNSET
    description: Description | Unset = UNSET
    starts_on: date | Unset | None = UNSET
    ends_on: date | Unset | None = UNSET
    duplicate_rule: DuplicateRule | Unset = UNSET
    header_fields: Keys | Unset = UNSET
    agents_see_own_only: bool | Unset = UNSET
    state: CampaignState | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody who is to work in the campaign, by id; what is not sent stays as it is."""

    version: Version | Unset = UNSET
    users: Users | Unset = UNSET
    teams: Teams | Unset = UNSET


@endpoint("GET", "/campaigns", permission=Permission.CAMPAIGN_READ, summary="Campaigns that the user may see.")
def list_campaigns(query: CampaignList, *, actor: AppUser) -> Page[CampaignRow]:
    """Archived ones too, unless a state is asked for."""
    rows = select(Campaign).where(campaigns_of(actor))
    if query.text:
        rows = rows.where(Campaign.name.icontains(query.text, autoescape=True))
    if query.state is not None:
        rows = rows.where(Campaign.state == query.state)
    return page_by_id(rows, Campaign.id, query, _row)


@endpoint("GET", "/campaigns/{campaign_id}", permission=Permission.CAMPAIGN_READ, summary="A campaign with its people.")
def show_campaign(campaign_id: int, *, actor: AppUser) -> CampaignShown:
    """One that the user may not see is not found."""
    return _shown(the_campaign(campaign_id, actor=actor))


@endpoint("POST", "/campaigns", permission=Permission.CAMPAIGN_EDIT, status=201, summary="Make a campaign.")
def create_campaign(body: NewCampaign, *, actor: AppUser) -> CampaignShown:
    """Assign people next."""
    values = CampaignValues(
        name=body.name,
        script_id=body.script_id,
        description=body.description,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        duplicate_rule=body.duplicate_rule,
        header_fields=tuple(sent(body.header_fields, [])),
        agents_see_own_only=body.agents_see_own_only,
    )
    return _shown(editing.create_campaign(values, actor=actor))


@endpoint(
    "PATCH", "/campaigns/{campaign_id}", permission=Permission.CAMPAIGN_EDIT, summary="Change a campaign or its state."
)
def change_campaign(campaign_id: int, body: CampaignChanges, *, actor: AppUser) -> CampaignShown:
    """An archived campaign is read-only: make it active first, or in the same request."""
    campaign = _seen(campaign_id, body, actor)
    if body.state is CampaignState.ACTIVE:
        editing.resume_campaign(campaign, expected_version=campaign.version, actor=actor)
    values = asdict(_values(campaign))
    wanted = {key: sent(getattr(body, key), value) for key, value in values.items()}
    wanted["header_fields"] = tuple(wanted["header_fields"])
    if wanted != values:
        editing.change_campaign_values(
            campaign, CampaignValues(**wanted), expected_version=campaign.version, actor=actor
        )
    if body.state is CampaignState.PAUSED:
        editing.pause_campaign(campaign, expected_version=campaign.version, actor=actor)
    elif body.state is CampaignState.ARCHIVED:
        editing.archive_campaign(campaign, expected_version=campaign.version, actor=actor)
    return _shown(campaign)


@endpoint(
    "PUT",
    "/campaigns/{campaign_id}/people",
    permission=Permission.CAMPAIGN_ASSIGN,
    summary="Say who works in a campaign.",
)
def assign_people(campaign_id: int, body: People, *, actor: AppUser) -> CampaignShown:
    """Those who leave keep their cases."""
    campaign = _seen(campaign_id, body, actor)
    editing.assign_people(
        campaign,
        users=_named(AppUser, body.users, campaign.users, "users"),
        teams=_named(Team, body.teams, campaign.teams, "teams"),
        expected_version=campaign.version,
        actor=actor,
    )
    return _shown(campaign)


def _seen(campaign_id: int, body: Any, actor: AppUser) -> Campaign:
    """The campaign, locked, in the version that the caller has seen; Conflict with both sides otherwise."""
    version = seen_version(body.version)
    campaign = the_campaign(campaign_id, actor=actor)
    session.refresh(campaign, with_for_update={"key_share": True})
    must_be(version, campaign.version, yours=write(type(body), body), theirs=write(CampaignShown, _shown(campaign)))
    return campaign


def _named(model: type[Any], ids: list[int] | Unset, present: list[Any], field: str) -> list[Any]:
    if isinstance(ids, Unset):
        return list(present)
    found = list(session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)))
    missing = sorted(set(ids) - {row.id for row in found})
    if missing:
        message = _l("There is nobody with the number %(numbers)s.", numbers=", ".join(map(str, missing)))
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields={field: [message]})
    return found


def _values(campaign: Campaign) -> CampaignValues:
    values = {field.name: getattr(campaign, field.name) for field in fields(CampaignValues)}
    return CampaignValues(**{**values, "header_fields": tuple(campaign.header_fields)})


def _row(campaign: Campaign) -> CampaignRow:
    values = {field.name: getattr(campaign, field.name) for field in fields(CampaignRow)}
    return CampaignRow(**{**values, "header_fields": list(campaign.header_fields)})


def _shown(campaign: Campaign) -> CampaignShown:
    return CampaignShown(
        **vars(_row(campaign)),
        users=sorted(user.id for user in campaign.users),
        teams=sorted(team.id for team in campaign.teams),
    )
