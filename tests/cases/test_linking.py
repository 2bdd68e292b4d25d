import pytest
from sqlalchemy import select

from app.cases.linking import link_cases, linked_cases, open_linked_case
from app.core.db import session as rows
from app.core.errors import Forbidden, Refused
from app.models import Activity, CaseLink, HistoryEntry
from app.models.activities import ActivityKind
from app.models.campaigns import CampaignState
from app.models.cases import Source
from tests.factories import a_campaign, a_user, a_working_script, an_open_case, signed_in, token


def entries(case):
    found = select(Activity).where(Activity.case_id == case.id, Activity.kind == ActivityKind.LINKED)
    return [(row.payload["case"], row.payload["first"], row.payload["opened"]) for row in rows.scalars(found)]


def test_an_opened_case_keeps_contact_and_source_and_both_tell_of_the_other(session):
    agent = a_user()
    sales, complaints = (a_campaign(agent, script=a_working_script()) for _each in range(2))
    case = an_open_case(sales, source=Source.CHAT)
    version = case.version

    opened = open_linked_case(case, complaints, actor=agent)

    assert (opened.contact_id, opened.campaign_id, opened.source) == (case.contact_id, complaints.id, Source.CHAT)
    assert entries(case) == [(opened.number, True, True)]
    assert entries(opened) == [(case.number, False, True)]
    assert [each.id for each in linked_cases(case, actor=agent)] == [opened.id]
    assert [each.id for each in linked_cases(opened, actor=agent)] == [case.id]
    assert case.version == version + 1
    history = select(HistoryEntry.after["link"]).where(HistoryEntry.record_id == case.id, HistoryEntry.action == "link")
    assert list(session.scalars(history)) == [opened.number]


def test_a_link_is_made_once_in_whichever_direction(session):
    agent = a_user("manager")
    one, other = an_open_case(), an_open_case()
    assert link_cases(one, other, actor=agent)
    assert not link_cases(other, one, actor=agent)
    assert not link_cases(one, other, actor=agent)
    assert session.scalars(select(CaseLink.from_id)).all() == [one.id]
    assert entries(one) == [(other.number, True, False)]
    with pytest.raises(Refused):
        link_cases(one, one, actor=agent)


def test_a_link_to_a_case_that_one_may_not_see_is_not_shown(session):
    agent, manager = a_user(), a_user("manager")
    case, secret = an_open_case(a_campaign(agent, script=a_working_script())), an_open_case()
    link_cases(case, secret, actor=manager)
    assert linked_cases(case, actor=agent) == []
    assert [each.id for each in linked_cases(case, actor=manager)] == [secret.id]


def test_archived_campaigns_and_users_who_may_open_none_get_no_case(session):
    agent, auditor = a_user(), a_user("auditor")
    case, archived = an_open_case(), a_campaign(script=a_working_script(), state=CampaignState.ARCHIVED)
    with pytest.raises(Refused):
        open_linked_case(case, archived, actor=agent)
    with pytest.raises(Forbidden):
        open_linked_case(case, case.campaign, actor=auditor)


def test_rest_links_two_cases_that_the_caller_sees(client, session):
    manager = a_user("manager")
    one, other = an_open_case(), an_open_case()
    logged = signed_in(client, manager)
    page = logged.get(f"/cases/{one.number}").get_data(as_text=True)
    assert 'id="card-links" hidden' in page
    tokens = client.post(
        "/api/v1/security/login",
        json={"username": manager.username, "password": "long blue bicycle", "provider": "db"},
    ).get_json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    made = client.post(f"/api/v1/cases/{one.number}/links", json={"number": other.number}, headers=bearer)
    assert (made.status_code, [each["number"] for each in made.get_json()["items"]]) == (201, [other.number])
    listed = client.get(f"/api/v1/cases/{other.number}/links", headers=bearer).get_json()
    assert [each["number"] for each in listed["items"]] == [one.number]
    missing = client.post(f"/api/v1/cases/{one.number}/links", json={"number": 1}, headers=bearer)
    assert missing.status_code == 404
    page = logged.get(f"/cases/{one.number}").get_data(as_text=True)
    assert f"Linked to the case {other.number}" in page
    assert f'href="/cases/{other.number}"' in page
    assert token(client)
