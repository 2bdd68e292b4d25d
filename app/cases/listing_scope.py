"""What a list of cases may be about for one user: campaigns, statuses, form fields, contact fields. Two small reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import and_, select

from app.access.fields import may_see_custom_field, role_names
from app.access.permissions import Permission, may
from app.access.remembered import remembered
from app.access.visible import assigned_campaigns, campaigns_of
from app.core.db import session
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.profile import profile_for
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import definition_by_id
from app.models import AppUser, Campaign, CustomField, Form, FormVersion, Script, Status
from app.models.campaigns import CampaignState
from app.models.scripts import StatusKind


@dataclass(frozen=True)
class CampaignRow:
    """A campaign that the user may see cases of."""

    id: int
    name: str
    script_id: int
    is_archived: bool


@dataclass(frozen=True)
class StatusRow:
    """A status of the script of such a campaign."""

    id: int
    script_id: int
    name: str
    kind: StatusKind
    is_hidden: bool


@dataclass(frozen=True)
class Scope:
    """The user's campaigns with their statuses."""

    user_id: int
    sees_all: bool
    own_only: frozenset[int]
    """Campaigns where the user sees their own and the unowned cases only."""
    campaigns: tuple[CampaignRow, ...]
    statuses: tuple[StatusRow, ...]

    @cached_property
    def campaign_ids(self) -> frozenset[int]:
        """Every campaign that the user may see cases of."""
        return frozenset(campaign.id for campaign in self.campaigns)

    def statuses_of(self, kinds: Iterable[StatusKind]) -> frozenset[int]:
        """Ids of the statuses of these kinds."""
        wanted = frozenset(kinds)
        return frozenset(status.id for status in self.statuses if status.kind in wanted)


def scope_of(user: AppUser) -> Scope:
    """The scope of the user; two queries a request."""
    return remembered(("listing scope", user.id), lambda: _load_scope(user))


def list_fields(user: AppUser, campaigns: Iterable[int] = ()) -> dict[UUID, Field]:
    """Form fields that lists may show and filter by: of the current forms of these campaigns, or of all the user's.

    Fields that the user's roles may not see are not among them.
    """
    roles = role_names(user)
    found: dict[UUID, Field] = {}
    for definition in list_definitions(user, campaigns):
        visible = profile_for(definition, roles).visible
        for field in definition.answer_fields():
            if field.id in visible and not field.hidden and answer_type(field):
                found[UUID(field.id)] = field
    return found


def list_definitions(user: AppUser, campaigns: Iterable[int] = ()) -> list[FormDefinition]:
    """The current forms of these campaigns, or of all the user's, whole: rights to their fields are another matter."""
    chosen = frozenset(campaigns) & scope_of(user).campaign_ids or scope_of(user).campaign_ids
    return remembered(("current forms", *sorted(chosen)), lambda: _current_definitions(chosen))


def list_contact_fields(user: AppUser) -> dict[str, CustomField]:
    """The centre's own contact fields that the user may see, by key."""
    fields = session.scalars(select(CustomField).where(CustomField.retired_at.is_(None)).order_by(CustomField.position))
    return {field.key: field for field in fields if may_see_custom_field(user, field)}


def _current_definitions(campaign_ids: Iterable[int]) -> list[FormDefinition]:
    versions = session.scalars(
        select(FormVersion.id)
        .distinct()
        .join(Form, and_(Form.id == FormVersion.form_id, FormVersion.number == Form.published))
        .join(Script, Script.form_id == Form.id)
        .join(Campaign, Campaign.script_id == Script.id)
        .where(Campaign.id.in_(campaign_ids))
        .order_by(FormVersion.id)
    )
    return [definition_by_id(version_id) for version_id in versions.all()]


def _load_scope(user: AppUser) -> Scope:
    if not may(user, Permission.CASE_READ):
        return Scope(user.id, sees_all=False, own_only=frozenset(), campaigns=(), statuses=())
    sees_all = may(user, Permission.CASE_SEE_ALL)
    assigned = assigned_campaigns(user)
    campaigns = assigned.rows
    if sees_all:
        of_list = (Campaign.id, Campaign.name, Campaign.script_id, Campaign.state)
        campaigns = tuple(session.execute(select(*of_list).where(campaigns_of(user)).order_by(Campaign.name)))
    statuses = session.execute(
        select(Status.id, Status.script_id, Status.name, Status.kind, Status.is_hidden)
        .where(Status.script_id.in_({campaign.script_id for campaign in campaigns}))
        .order_by(Status.script_id, Status.position, Status.id)
    ).all()
    return Scope(
        user.id,
        sees_all=sees_all,
        own_only=frozenset() if sees_all else frozenset(assigned.own_only),
        campaigns=tuple(
            CampaignRow(row.id, row.name, row.script_id, row.state == CampaignState.ARCHIVED) for row in campaigns
        ),
        statuses=tuple(StatusRow(*row) for row in statuses),
    )
