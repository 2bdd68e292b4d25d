"""Verbs on campaigns. Nothing is deleted: an archived campaign is read-only and leaves the lists."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.access.remembered import forget_rights
from app.core import clock
from app.core.announce import Event, announce
from app.core.db import session
from app.core.errors import Conflict, Invalid, Refused
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.history.record import changes, record_change
from app.models import AppUser, Campaign, Case, Script, Team
from app.models.campaigns import CampaignState, DuplicateRule

_NAME, _DESCRIPTION, _HEADER_FIELDS = 160, 4000, 20


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(Event):
    """A campaign was made or changed, or other people work in it."""

    campaign_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class CampaignValues:
    """What a manager sets for a campaign."""

    name: str
    script_id: int
    description: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    duplicate_rule: DuplicateRule = DuplicateRule.SKIP_OPEN
    header_fields: tuple[str, ...] = ()
    agents_see_own_only: bool = False


def create_campaign(values: CampaignValues, *, actor: AppUser | None) -> Campaign:
    """A new, active campaign with nobody assigned."""
    columns = _checked(values)
    campaign = Campaign(
        **columns, created_at=clock.now(), updated_at=clock.now(), created_by_id=actor.id if actor else None
    )
    session.add(campaign)
    session.flush()
    record_change("campaign", campaign.id, "create", actor=actor, after=_recorded(campaign))
    announce(CampaignChanged(campaign_id=campaign.id, version=campaign.version))
    return campaign


def change_campaign_values(
    campaign: Campaign, values: CampaignValues, *, expected_version: int, actor: AppUser | None
) -> None:
    """Change what a manager sets. The script stays as it is once the campaign has cases."""
    _hold(campaign, expected_version)
    _refuse_archived(campaign)
    if values.script_id != campaign.script_id and _has_cases(campaign):
        raise Refused(
            _l("The campaign has cases whose statuses belong to its script. Copy the campaign to use another script.")
        )
    before = _recorded(campaign)
    for column, value in _checked(values, but=campaign.id).items():
        setattr(campaign, column, value)
    session.flush()
    session.expire(campaign, ["script"])
    _changed(campaign, "change", before, actor)


def copy_campaign(campaign: Campaign, *, name: str | None = None, actor: AppUser | None) -> Campaign:
    """A new campaign with the same settings and people, and without cases."""
    values = _values_of(campaign)
    copy = create_campaign(
        CampaignValues(**{**asdict(values), "name": name or _free_copy_name(campaign.name)}), actor=actor
    )
    assign_people(copy, users=campaign.users, teams=campaign.teams, expected_version=copy.version, actor=actor)
    return copy


def pause_campaign(campaign: Campaign, *, expected_version: int, actor: AppUser | None) -> None:
    """Stop giving out its work; its cases can still be handled."""
    _set_state(campaign, CampaignState.PAUSED, {CampaignState.ACTIVE}, expected_version, actor)


def resume_campaign(campaign: Campaign, *, expected_version: int, actor: AppUser | None) -> None:
    """Make a paused or archived campaign active again."""
    _set_state(campaign, CampaignState.ACTIVE, {CampaignState.PAUSED, CampaignState.ARCHIVED}, expected_version, actor)


def archive_campaign(campaign: Campaign, *, expected_version: int, actor: AppUser | None) -> None:
    """Make the campaign read-only and take it from the lists."""
    _set_state(campaign, CampaignState.ARCHIVED, {CampaignState.ACTIVE, CampaignState.PAUSED}, expected_version, actor)


def assign_people(
    campaign: Campaign,
    *,
    users: Sequence[AppUser],
    teams: Sequence[Team],
    expected_version: int,
    actor: AppUser | None,
) -> None:
    """Say who works in the campaign. Those who leave keep their cases: these are still handled or given away."""
    _hold(campaign, expected_version)
    _refuse_archived(campaign)
    idle = [user for user in users if not user.active]
    if idle:
        raise Refused(_l("%(name)s is deactivated and cannot be assigned.", name=idle[0].full_name))
    before = _people(campaign)
    campaign.users = list(dict.fromkeys(users))
    campaign.teams = list(dict.fromkeys(teams))
    session.flush()
    forget_rights()
    old, new = changes(before, _people(campaign))
    if new:
        _raise_version(campaign)
        record_change("campaign", campaign.id, "assign", actor=actor, before=old, after=new)
        announce(CampaignChanged(campaign_id=campaign.id, version=campaign.version))


def _set_state(
    campaign: Campaign,
    state: CampaignState,
    possible_from: set[CampaignState],
    expected_version: int,
    actor: AppUser | None,
) -> None:
    _hold(campaign, expected_version)
    if campaign.state is state:
        return
    if campaign.state not in possible_from:
        raise Refused(_l("An archived campaign must be made active first."))
    before = _recorded(campaign)
    campaign.state = state
    _changed(campaign, state.value, before, actor)


def _hold(campaign: Campaign, expected_version: int) -> None:
    session.refresh(campaign, with_for_update={"key_share": True})
    if campaign.version != expected_version:
        raise Conflict(
            _l("Somebody else has changed this campaign meanwhile. Look at it again; what you typed is kept."),
            expected=expected_version,
            version=campaign.version,
        )


def _refuse_archived(campaign: Campaign) -> None:
    if campaign.state is CampaignState.ARCHIVED:
        raise Refused(_l("The campaign “%(name)s” is archived. Make it active first.", name=campaign.name))


def _changed(campaign: Campaign, action: str, before: dict[str, Any], actor: AppUser | None) -> None:
    old, new = changes(before, _recorded(campaign))
    if not new:
        return
    _raise_version(campaign)
    # The rule whether agents see their colleagues' cases may have changed with it.
    forget_rights()
    record_change("campaign", campaign.id, action, actor=actor, before=old, after=new)
    announce(CampaignChanged(campaign_id=campaign.id, version=campaign.version))


def _raise_version(campaign: Campaign) -> None:
    campaign.version += 1
    campaign.updated_at = clock.now()
    session.flush()


def _checked(values: CampaignValues, *, but: int | None = None) -> dict[str, Any]:
    """The columns; Invalid with messages by field."""
    faults: dict[str, list[Any]] = {}
    name = " ".join(values.name.replace("\0", "").split())
    description = values.description.replace("\0", "").strip()
    if not name:
        faults["name"] = [_l("Give the campaign a name.")]
    elif len(name) > _NAME:
        faults["name"] = [_l("At most %(limit)s characters fit here.", limit=_NAME)]
    elif _name_taken(name, but):
        faults["name"] = [_l("There is a campaign of this name already.")]
    if len(description) > _DESCRIPTION:
        faults["description"] = [_l("At most %(limit)s characters fit here.", limit=_DESCRIPTION)]
    if values.starts_on and values.ends_on and values.ends_on < values.starts_on:
        faults["ends_on"] = [_l("The campaign would end before it begins.")]
    if session.get(Script, values.script_id) is None:
        faults["script_id"] = [_l("Choose a script.")]
    header_fields = list(dict.fromkeys(values.header_fields))
    if len(header_fields) > _HEADER_FIELDS:
        faults["header_fields"] = [_l("The header shows at most %(limit)s fields.", limit=_HEADER_FIELDS)]
    if faults:
        raise Invalid(_l("The campaign cannot be saved like this: mend what is marked."), faults)
    return {**asdict(values), "name": name, "description": description, "header_fields": header_fields}


def _name_taken(name: str, but: int | None) -> bool:
    rows = select(Campaign.id).where(func.lower(Campaign.name) == name.lower(), Campaign.id != (but or 0))
    return session.scalar(rows) is not None


def _free_copy_name(name: str) -> str:
    for number in range(1, 1000):
        word = _("copy")
        suffix = f" ({word})" if number == 1 else f" ({word} {number})"
        candidate = name[: _NAME - len(suffix)] + suffix
        if not _name_taken(candidate, None):
            return candidate
    raise Refused(_l("There are too many copies of this campaign. Give the new one a name."))


def _has_cases(campaign: Campaign) -> bool:
    return session.scalar(select(Case.id).where(Case.campaign_id == campaign.id).limit(1)) is not None


def _values_of(campaign: Campaign) -> CampaignValues:
    return CampaignValues(
        name=campaign.name,
        script_id=campaign.script_id,
        description=campaign.description,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        duplicate_rule=campaign.duplicate_rule,
        header_fields=tuple(campaign.header_fields),
        agents_see_own_only=campaign.agents_see_own_only,
    )


def _recorded(campaign: Campaign) -> dict[str, Any]:
    return {
        **asdict(_values_of(campaign)),
        "starts_on": campaign.starts_on.isoformat() if campaign.starts_on else None,
        "ends_on": campaign.ends_on.isoformat() if campaign.ends_on else None,
        "duplicate_rule": campaign.duplicate_rule.value,
        "header_fields": list(campaign.header_fields),
        "state": campaign.state.value,
    }


def _people(campaign: Campaign) -> dict[str, Any]:
    return {
        "users": sorted(user.id for user in campaign.users),
        "teams": sorted(team.id for team in campaign.teams),
    }
