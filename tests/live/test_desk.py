"""The socket door: who comes in, who hears what, who is told to leave. Against a real process."""

from collections.abc import Callable
from typing import Any

import pytest
import socketio
from flask import Flask

from app.access.roles import ROLES
from app.cases import bulk, notes
from app.cases.moving import change_campaign, change_source
from app.cases.ownership import assign_owner
from app.cases.status import change_status
from app.core.db import session as rows
from app.core.db import transaction
from app.live.desk import EVENTS
from app.models import AppUser, Campaign, Case
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.people import users
from app.people.sessions import sign_out_everywhere
from app.work.rows import start_work
from tests import factories
from tests.access import doors
from tests.live.cards import a_card

Opens = Callable[..., Any]
CARD = {"case": 1, "language": "en", "audience": "", "form_version": 0, "script_version": 1}


@pytest.fixture
def campaign(session: Any) -> Campaign:
    return factories.a_campaign(script=factories.a_working_script())


def _agent(campaign: Campaign, *roles: str) -> AppUser:
    user = factories.a_user(*roles)
    campaign.users.append(user)
    rows.commit()
    return user


def _payload(event: str, case: Case, work_id: int) -> dict[str, Any]:
    parts = {"watch_list": {"campaigns": [case.campaign_id]}, "watch_work": {"work": work_id}, "beat": {}}
    return parts.get(event, a_card(case))


# ----- who comes in -----


def test_nobody_comes_in(screen: Opens) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        screen(None)


def test_a_forged_cookie_opens_nothing(live_port: int, session: Any) -> None:
    from tests.live.conftest import Screen  # noqa: PLC0415  (fixtures live beside it)

    with pytest.raises(socketio.exceptions.ConnectionError):
        Screen(live_port, "eyJrZXkiOiJ4In0.abc.def")


def test_a_page_of_another_site_is_kept_out(screen: Opens, campaign: Campaign) -> None:
    """The cookie travels with the request of any page; the origin tells them apart."""
    user = _agent(campaign)
    for origin in ("http://evil.example.com", "http://127.0.0.1:9999", "null"):
        with pytest.raises(socketio.exceptions.ConnectionError):
            screen(user, origin=origin)
    assert screen(user, origin="http://127.0.0.1:8080").ask("beat", {})["ok"]


def test_a_session_that_was_ended_opens_nothing(screen: Opens, app: Flask, live_port: int, campaign: Campaign) -> None:
    from tests.live.conftest import Screen, cookie_of  # noqa: PLC0415

    user = _agent(campaign)
    cookie = cookie_of(app, user)
    with transaction():
        sign_out_everywhere(user, actor=None)
    with pytest.raises(socketio.exceptions.ConnectionError):
        Screen(live_port, cookie)


# ----- every event with every role -----


def test_the_table_of_doors_knows_every_event() -> None:
    assert set(doors.EVENTS) == set(EVENTS), "say in tests/access/doors.py who may send it"


@pytest.mark.parametrize("role", [*ROLES, "a role without permissions"])
def test_every_event_with_every_role(screen: Opens, campaign: Campaign, role: str) -> None:
    """Inside one's campaigns by right; outside only with the right to see all; long work of others by right only."""
    user = _agent(campaign, role)
    inside, outside = factories.an_open_case(campaign), factories.an_open_case()
    with transaction():
        work_id = start_work("nothing", {}, queue="bulk", actor=factories.a_user()).id
    mine = screen(user)
    held = {permission.name for permission in ROLES.get(role, ())}
    for event, door in doors.EVENTS.items():
        may = door.permission is None or door.permission.name in held
        assert mine.ask(event, _payload(event, inside, work_id))["ok"] is may, event
        is_seen = event != "watch_case" or "CASE_SEE_ALL" in held
        assert mine.ask(event, _payload(event, outside, work_id))["ok"] is (may and is_seen), event
    with transaction():
        change_source(outside, Source.FAX, actor=None)
        change_source(inside, Source.FAX, actor=None)
    if "CASE_READ" in held:
        # Messages come in order: what was said of the foreign case would have come first.
        heard = mine.hears("cases")
        assert (heard["cases"][0]["id"] == outside.id) == ("CASE_SEE_ALL" in held)
    else:
        mine.ask("beat", {})
        assert not [name for name, _payload in mine.heard_so_far() if name in {"case", "people"}]


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("watch_case", {**CARD, "more": 2}), ("watch_case", {}), ("watch_case", {**CARD, "case": "1"}),
        ("watch_case", {**CARD, "case": True}), ("watch_case", {**CARD, "case": -1}),
        ("watch_case", {**CARD, "case": 2**70}), ("watch_case", {**CARD, "language": "de"}),
        ("watch_case", {**CARD, "language": 1}), ("watch_case", {**CARD, "audience": "x" * 300}),
        ("watch_case", {**CARD, "audience": None}), ("watch_case", {**CARD, "form_version": "1"}),
        ("watch_case", [1]), ("watch_case", "1"), ("watch_case", None), ("watch_list", {"campaigns": 1}),
        ("watch_list", {"campaigns": ["1"]}), ("watch_list", {"campaigns": list(range(2001))}),
        ("beat", {"x": 1}), ("fly_away", {}),
    ],
)  # fmt: skip
def test_other_parts_are_refused(screen: Opens, campaign: Campaign, event: str, payload: object) -> None:
    mine = screen(_agent(campaign))
    assert mine.ask(event, payload)["ok"] is False
    assert mine.ask("beat", {})["ok"] is True


# ----- what is heard -----


def test_lists_hear_of_new_and_changed_cases(screen: Opens, campaign: Campaign) -> None:
    mine = screen(_agent(campaign))
    mine.ask("watch_list", {"campaigns": [campaign.id]})
    with transaction():
        case = factories.an_open_case(campaign)
    opened = mine.hears("cases", lambda payload: payload["kind"] == "opened")
    assert opened == {"cases": [{"id": case.id, "version": 1}], "kind": "opened"}
    with transaction():
        change_status(case, factories.a_status(campaign.script, StatusKind.IN_PROGRESS), actor=None)
    changed = mine.hears("cases", lambda payload: payload["kind"] == "changed")
    assert changed["cases"] == [{"id": case.id, "version": case.version}]


def test_who_sees_only_their_own_cases_hears_only_of_these(screen: Opens, campaign: Campaign) -> None:
    campaign.agents_see_own_only = True
    mine, theirs = _agent(campaign, "agent"), _agent(campaign, "agent")
    leader = _agent(campaign, "supervisor")
    with transaction():
        of_mine, of_theirs, free = (factories.an_open_case(campaign, owner=owner) for owner in (mine, theirs, None))
    listener = screen(mine)
    listener.ask("watch_list", {"campaigns": [campaign.id]})
    for case in (of_theirs, free, of_mine):
        with transaction():
            change_source(case, Source.FAX, actor=None)
    with transaction():
        assign_owner(free, theirs, actor=leader)
    with transaction():
        change_source(free, Source.CHAT, actor=None)
    with transaction():
        factories.an_open_case(campaign, owner=theirs)
    with transaction():
        last = factories.an_open_case(campaign, owner=mine)
    heard: list[int] = []
    while last.id not in heard:
        heard += [each["id"] for each in listener.hears("cases")["cases"]]
    # The free one twice: when it changed, and when it was given away; of a colleague's case never a word.
    assert heard == [free.id, of_mine.id, free.id, last.id]


def test_both_campaigns_hear_of_a_case_that_moves(screen: Opens, campaign: Campaign) -> None:
    other = factories.a_campaign(script=factories.a_working_script())
    with transaction():
        case = factories.an_open_case(campaign)
    watched = []
    for each in (campaign, other):
        watched.append(screen(_agent(each)))
        watched[-1].ask("watch_list", {"campaigns": [each.id]})
    with transaction():
        change_campaign(case, other, actor=None)
    for each in watched:
        assert each.hears("cases")["cases"] == [{"id": case.id, "version": case.version}]


def test_cards_hear_who_did_what(screen: Opens, campaign: Campaign) -> None:
    user, other = _agent(campaign), _agent(campaign)
    case = factories.an_open_case(campaign)
    rows.commit()
    mine = screen(user)
    mine.ask("watch_case", a_card(case))
    with transaction():
        change_source(case, Source.FAX, actor=other)
    heard = mine.hears("case")
    assert heard == {"id": case.id, "version": case.version, "by": other.id, "name": other.full_name}
    with transaction():
        notes.add_note(case, "Called back.", actor=other)
    assert mine.hears("case")["version"] is None


def test_nothing_that_is_undone_is_told(screen: Opens, campaign: Campaign) -> None:
    case = factories.an_open_case(campaign)
    mine = screen(_agent(campaign))
    mine.ask("watch_case", a_card(case))

    def fail() -> None:
        with transaction():
            change_source(case, Source.FAX, actor=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transaction():
        change_source(case, Source.CHAT, actor=None)
    assert mine.hears("case")["version"] == case.version == 2


def test_bulk_work_is_told_in_one_breath(screen: Opens, campaign: Campaign) -> None:
    manager = factories.a_user("manager")
    cases = [factories.an_open_case(campaign) for _number in range(3)]
    rows.commit()
    mine = screen(_agent(campaign))
    mine.ask("watch_list", {"campaigns": [campaign.id]})
    with transaction():
        chosen = bulk.CaseSelection(ids=tuple(case.id for case in cases))
        work = bulk.start_change_many(chosen, bulk.BulkChange(source=Source.SMS), actor=manager)
        bulk.change_batch([case.id for case in cases], work=work, actor=manager)
    heard = mine.hears("cases", lambda payload: len(payload["cases"]) == len(cases))
    assert {each["id"] for each in heard["cases"]} == {case.id for case in cases}


def test_work_is_followed_by_whoever_started_it(screen: Opens, campaign: Campaign) -> None:
    from app.work.rows import stop_work  # noqa: PLC0415

    user = _agent(campaign)
    with transaction():
        work = start_work("nothing", {}, queue="bulk", actor=user)
    mine = screen(user)
    assert mine.ask("watch_work", {"work": work.id})["ok"]
    with transaction():
        stop_work(work)
    assert mine.hears("work") == {"id": work.id}


# ----- who is here -----


def test_people_at_a_card_see_each_other(screen: Opens, campaign: Campaign) -> None:
    user, other = _agent(campaign), _agent(campaign)
    case = factories.an_open_case(campaign)
    rows.commit()
    mine, theirs = screen(user), screen(other)
    mine.ask("watch_case", a_card(case))
    theirs.ask("watch_case", a_card(case))
    both = {user.id, other.id}
    mine.hears("people", lambda payload: {each["user"] for each in payload["people"]} == both)
    theirs.client.disconnect()
    alone = mine.hears("people", lambda payload: len(payload["people"]) == 1)
    assert alone["people"] == [{"user": user.id, "name": user.full_name}]


# ----- who has to leave -----


def test_a_deactivated_user_is_cut_off_at_once(screen: Opens, campaign: Campaign) -> None:
    user = _agent(campaign)
    mine = screen(user)
    with transaction():
        users.deactivate_user(user, actor=factories.a_user("admin"))
    assert mine.ended.get(timeout=10)


def test_whoever_leaves_a_campaign_hears_no_more_of_it(screen: Opens, campaign: Campaign) -> None:
    from app.campaigns.editing import CampaignChanged  # noqa: PLC0415
    from app.core.announce import announce  # noqa: PLC0415

    leaver, stayer = _agent(campaign), _agent(campaign)
    case = factories.an_open_case(campaign)
    rows.commit()
    gone, still = screen(leaver), screen(stayer)
    for each in (gone, still):
        each.ask("watch_list", {"campaigns": [campaign.id]})
        each.ask("watch_case", a_card(case))
    with transaction():
        campaign.users.remove(leaver)
        announce(CampaignChanged(campaign_id=campaign.id, version=2))
    still.ask("beat", {})
    gone.heard_so_far()
    deadline_rounds = 50
    for _round in range(deadline_rounds):
        with transaction():
            change_source(case, Source.FAX if case.source != Source.FAX else Source.CHAT, actor=None)
        still.hears("case", lambda payload: payload["version"] == case.version)
        gone.ask("beat", {})
        if not gone.heard_so_far():
            return
    pytest.fail("the rights were not asked anew")
