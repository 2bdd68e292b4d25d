"""Ready campaigns: each loads in each language, through the verbs, with a form that can be filled in."""

import pytest
from sqlalchemy import select

from app.formbuilder.versions import current_version, definition_of
from app.models import Campaign
from app.scripts.statuses import status_choices
from app.seed.gallery import field_id, gallery, make_campaign, ready_campaign, source_of


def test_six_campaigns_stand_in_the_gallery():
    assert len(gallery()) == 6


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("name", gallery())
def test_a_ready_campaign_becomes_rows(session, name, language):
    told = ready_campaign(name, language)
    campaign = make_campaign(name, language, actor=None)

    assert session.scalar(select(Campaign.name)) == told["name"]
    statuses = campaign.script.statuses
    assert [status.name for status in statuses] == [each["name"] for each in told["statuses"]]
    assert statuses[0].is_initial
    assert status_choices(campaign.script)
    definition = definition_of(current_version(campaign.script.form_id))
    assert [field.kind for field in definition.fields] == [each["kind"] for each in told["form"]["fields"]]
    keyed = [each for each in told["form"]["fields"] if "key" in each]
    for each in keyed:
        assert definition.by_id[field_id(campaign.script.form_id, each["key"])].title == each["title"]
    assert source_of(name)


@pytest.mark.parametrize("name", gallery())
def test_both_languages_say_the_same_things_in_other_words(name):
    polish, english = ready_campaign(name, "pl"), ready_campaign(name, "en")
    assert _shape(polish) == _shape(english)
    assert polish["description"] != english["description"]


def test_two_campaigns_of_one_kind_have_fields_of_their_own(session):
    first = make_campaign(gallery()[0], "pl", actor=None)
    second = make_campaign(gallery()[0], "en", actor=None)
    ids = [
        {field.id for field in definition_of(current_version(campaign.script.form_id)).fields}
        for campaign in (first, second)
    ]
    assert ids[0].isdisjoint(ids[1])


def _shape(told):
    if isinstance(told, dict):
        return {key: _shape(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_shape(value) for value in told]
    return type(told) if isinstance(told, str) else told
