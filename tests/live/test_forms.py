"""Forms and statuses on open cards: who is sent what, by which rights, and what a card that was away gets."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.campaigns.editing import CampaignChanged
from app.core.announce import announce
from app.core.db import session as rows
from app.core.db import transaction
from app.formbuilder.definition import Field
from app.formbuilder.versions import current_version, definition_of, publish
from app.models import AppUser, Campaign, Case
from app.models.campaigns import CampaignState
from app.models.scripts import StatusKind
from app.scripts.editing import change_status_values, hide_status, values_of
from tests import factories
from tests.live.cards import a_card, shown_by, state_in

Opens = Callable[..., Any]


class Desk:
    """A campaign with a form of an open field and one that only managers see, and a case of it."""

    def __init__(self) -> None:
        self.open = factories.a_field(title="Open")
        self.secret = factories.a_field(title="Secret", visible_roles=("manager",))
        self.form = factories.a_form(self.open, self.secret)
        self.campaign: Campaign = factories.a_campaign(script=factories.a_working_script(form=self.form))
        self.case: Case = factories.an_open_case(self.campaign)
        rows.commit()

    def user(self, *roles: str) -> AppUser:
        user = factories.a_user(*roles)
        self.campaign.users.append(user)
        rows.commit()
        return user

    def rename(self, field: Field, title: str) -> None:
        """Publish the form with another title of the field."""
        with transaction():
            version = current_version(self.form.id)
            assert version is not None
            former = definition_of(version)
            fields = tuple(replace(each, title=title) if each.id == field.id else each for each in former.fields)
            publish(self.form, replace(former, fields=fields), base=version.number, actor=None)


@pytest.fixture
def desk(session: Any) -> Desk:
    return Desk()


def _watching(screen: Opens, user: AppUser, case: Case) -> tuple[Any, dict[str, Any]]:
    """A screen with the card of the case, up to date; and what it has."""
    mine = screen(user)
    now = mine.ask("watch_case", a_card(case))["form"]
    return mine, now


def test_each_hears_of_the_fields_of_their_own_rights_once(screen: Opens, desk: Desk) -> None:
    agent, first = _watching(screen, desk.user(), desk.case)
    other_agent, same = _watching(screen, desk.user(), desk.case)
    manager, fuller = _watching(screen, desk.user("manager"), desk.case)
    stranger, _theirs = _watching(screen, factories.a_user("manager"), factories.an_open_case())
    assert first["packed"] == same["packed"]
    assert "Secret" not in state_in(first)["fragment"]
    assert "Secret" in state_in(fuller)["fragment"]
    desk.rename(desk.secret, "Hushed")
    desk.rename(desk.open, "Wide open")
    final = 3
    for each, sees in ((agent, False), (other_agent, False), (manager, True)):
        heard = state_in(each.hears("form", lambda payload: payload["form_version"] == final))
        assert "Wide open" in heard["fragment"]
        assert ("Hushed" in heard["fragment"]) is sees
        each.ask("beat", {})
        assert not [name for name, _payload in each.heard_so_far() if name == "form"]
    stranger.ask("beat", {})
    assert not [name for name, _payload in stranger.heard_so_far() if name == "form"]


def test_a_card_that_was_away_is_answered_with_the_whole_state(screen: Opens, desk: Desk) -> None:
    user = desk.user()
    mine, now = _watching(screen, user, desk.case)
    mine.client.disconnect()
    for title in ("One", "Two", "Three"):
        desk.rename(desk.open, title)
    again = screen(user)
    behind = again.ask("watch_case", a_card(desk.case, **shown_by(now)))["form"]
    assert (behind["form_version"], "Three" in state_in(behind)["fragment"]) == (4, True)
    assert "form" not in again.ask("watch_case", a_card(desk.case, **shown_by(behind)))


def test_another_script_version_brings_its_statuses_and_buttons(screen: Opens, desk: Desk) -> None:
    status = factories.a_status(desk.campaign.script, StatusKind.SUCCESS)
    mine, now = _watching(screen, desk.user(), desk.case)
    assert state_in(now)["names"][str(status.id)] == {"name": status.name, "kind": "success"}
    with transaction():
        values = replace(values_of(status), name="Sold <b>")
        change_status_values(status, values, expected_version=desk.campaign.script.version, actor=None)
    heard = state_in(mine.hears("form", lambda payload: payload["script_version"] == now["script_version"] + 1))
    assert "Sold &lt;b&gt;" in heard["statuses"]
    assert heard["names"][str(status.id)]["name"] == "Sold <b>"
    with transaction():
        hide_status(status, expected_version=desk.campaign.script.version, actor=None)
    heard = state_in(mine.hears("form", lambda payload: payload["script_version"] == now["script_version"] + 2))
    assert "Sold" not in heard["statuses"]
    assert str(status.id) in heard["names"], "cases that are in it keep it"


def test_the_language_and_what_may_be_edited_are_those_of_the_card(screen: Opens, desk: Desk) -> None:
    user = desk.user()
    mine = screen(user)
    polish = state_in(mine.ask("watch_case", a_card(desk.case, language="pl"))["form"])
    english = state_in(mine.ask("watch_case", a_card(desk.case))["form"])
    assert polish["audience"] != english["audience"]
    assert "zamyka" in polish["statuses"]
    assert "closes" in english["statuses"]
    assert "readonly" not in english["fragment"]
    with transaction():
        desk.campaign.state = CampaignState.ARCHIVED
    read_only = state_in(screen(user).ask("watch_case", a_card(desk.case))["form"])
    assert "readonly" in read_only["fragment"]
    assert read_only["audience"] != english["audience"]


def test_other_rights_bring_another_form_and_leave_the_room(screen: Opens, desk: Desk) -> None:
    user = desk.user()
    mine, now = _watching(screen, user, desk.case)
    mine.ask("watch_list", {"campaigns": [desk.campaign.id]})
    with transaction():
        user.roles = [factories.a_role("manager")]
        announce(CampaignChanged(campaign_id=desk.campaign.id, version=2))
    heard = mine.hears("form", lambda payload: payload["audience"] != now["audience"])
    assert "Secret" in state_in(heard)["fragment"]
    desk.rename(desk.open, "Wide open")
    heard = mine.hears("form", lambda payload: payload["form_version"] == now["form_version"] + 1)
    assert "Secret" in state_in(heard)["fragment"]
    mine.ask("beat", {})
    assert not [name for name, _payload in mine.heard_so_far() if name == "form"]
