from dataclasses import replace
from datetime import date

import pytest

from app.access.visible import assigned_campaigns
from app.campaigns import editing
from app.campaigns.editing import CampaignValues
from app.core.errors import Conflict, Invalid, Refused
from app.models.campaigns import CampaignState
from tests.factories import a_team, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def values():
    return CampaignValues(name="Autumn", script_id=a_working_script().id, header_fields=("contact.phone",))


def test_a_campaign_is_made_changed_and_copied_with_its_people(values):
    manager, agent, member = a_user("manager"), a_user(), a_user()
    campaign = editing.create_campaign(values, actor=manager)
    team = a_team(member)
    editing.assign_people(campaign, users=[agent], teams=[team], expected_version=1, actor=manager)
    assert assigned_campaigns(agent).whole == assigned_campaigns(member).whole == (campaign.id,)
    editing.change_campaign_values(campaign, replace(values, name="Winter"), expected_version=2, actor=manager)
    assert (campaign.name, campaign.version) == ("Winter", 3)
    copy = editing.copy_campaign(campaign, actor=manager)
    assert (copy.script_id, copy.users, copy.teams) == (campaign.script_id, [agent], [team])
    assert copy.name != campaign.name
    with pytest.raises(Conflict):
        editing.change_campaign_values(campaign, values, expected_version=2, actor=manager)


def test_what_does_not_fit_is_told_by_field(values):
    editing.create_campaign(values, actor=None)
    wrong = replace(values, name="AUTUMN", starts_on=date(2026, 5, 2), ends_on=date(2026, 5, 1), script_id=0)
    with pytest.raises(Invalid) as error:
        editing.create_campaign(wrong, actor=None)
    assert set(error.value.fields) == {"name", "ends_on", "script_id"}


def test_an_archived_campaign_is_read_only_until_it_is_active_again(values):
    campaign = editing.create_campaign(values, actor=None)
    editing.pause_campaign(campaign, expected_version=1, actor=None)
    editing.archive_campaign(campaign, expected_version=2, actor=None)
    with pytest.raises(Refused):
        editing.pause_campaign(campaign, expected_version=3, actor=None)
    with pytest.raises(Refused):
        editing.change_campaign_values(campaign, values, expected_version=3, actor=None)
    editing.resume_campaign(campaign, expected_version=3, actor=None)
    assert campaign.state is CampaignState.ACTIVE


def test_the_script_stays_once_there_are_cases(values):
    campaign = editing.create_campaign(values, actor=None)
    other = replace(values, script_id=a_working_script().id)
    editing.change_campaign_values(campaign, other, expected_version=1, actor=None)
    an_open_case(campaign)
    with pytest.raises(Refused, match="statuses belong to its script"):
        editing.change_campaign_values(campaign, values, expected_version=2, actor=None)
