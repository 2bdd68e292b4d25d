"""The page of the list, its parts, saved views and columns, through the doors."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cases.listing_query import PAGE
from app.core import db
from app.models import Case, SavedView, Work
from app.models.scripts import StatusKind
from tests import factories
from tests.statements import statements

MOST_QUERIES = 15


@pytest.fixture
def people(session: Any, client: FlaskClient) -> dict[str, Any]:
    """A manager and an agent with one case each in campaigns of their own."""
    agent, manager = factories.a_user("agent"), factories.a_user("manager")
    campaign = factories.a_campaign(agent, script=factories.a_working_script())
    mine = factories.an_open_case(campaign, subject="Broken meter <b>")
    foreign = factories.an_open_case(subject="Somebody else's secret")
    session.commit()
    return {
        "agent": agent,
        "manager": manager,
        "campaign": campaign,
        "mine": mine,
        "foreign": foreign,
        "client": client,
    }


def _post(client: FlaskClient, url: str, body: dict[str, Any]) -> Any:
    return client.post(url, json=body, headers={"X-CSRFToken": factories.token(client), "Accept": "application/json"})


def test_the_page_shows_what_the_user_may_see(people: dict[str, Any]) -> None:
    client = factories.signed_in(people["client"], people["agent"])
    html = client.get("/cases/").get_data(as_text=True)
    assert "Broken meter &lt;b&gt;" in html
    assert "secret" not in html
    assert "secret" not in client.get("/cases/list?view=all").get_data(as_text=True)
    asked = f"{people['mine'].id},{people['foreign'].id}"
    answer = client.get(f"/cases/rows?ids={asked}", headers={"Accept": "application/json"}).get_json()
    assert set(answer["rows"]) == {str(people["mine"].id)}
    assert answer["gone"] == [people["foreign"].id]


def test_the_page_takes_few_queries(people: dict[str, Any]) -> None:
    """However many rows there are: sign-in and rights included."""
    campaign = people["campaign"]
    for _number in range(60):
        factories.an_open_case(campaign)
    db.session.commit()
    client = factories.signed_in(people["client"], people["agent"])
    client.get("/cases/")
    with statements() as seen:
        html = client.get(f"/cases/?campaign={campaign.id}&kind=unused&sort=-created").get_data(as_text=True)
    assert html.count("<tr data-id=") == PAGE
    assert len(seen) <= MOST_QUERIES, "\n".join(seen)


@pytest.mark.parametrize("query", ["campaign=x", "cursor=AAAA", "answer.7=eq:1", "created=yesterday", "text=ab"])
def test_an_address_that_cannot_be_read_is_told(people: dict[str, Any], query: str) -> None:
    client = factories.signed_in(people["client"], people["agent"])
    assert client.get(f"/cases/?{query}").status_code == 422


def test_an_empty_list_tells_what_hides_the_cases(people: dict[str, Any]) -> None:
    client = factories.signed_in(people["client"], people["agent"])
    html = client.get("/cases/?text=nothing+like+this").get_data(as_text=True)
    assert "nothing like this" in html
    assert "without it there would be 1 case" in html


def test_dialogs_offer_only_what_the_user_works_with(people: dict[str, Any]) -> None:
    client = factories.signed_in(people["client"], people["agent"])
    html = client.get("/cases/filters").get_data(as_text=True)
    assert people["campaign"].name in html
    assert people["foreign"].campaign.name not in html
    assert "Due" in client.get("/cases/columns").get_data(as_text=True)


def test_views_are_saved_and_shared_by_right(people: dict[str, Any]) -> None:
    client = factories.signed_in(people["client"], people["agent"])
    role = factories.a_role("agent")
    assert _post(client, "/cases/views", {"name": "Mine", "query": "view=mine&sort=due"}).status_code == 200
    assert _post(client, "/cases/views", {"name": "Ours", "query": "", "role": role.id}).status_code == 403
    assert _post(client, "/cases/views", {"name": " ", "query": ""}).status_code == 422
    assert "Mine" in client.get("/cases/").get_data(as_text=True)
    other = factories.signed_in(client.application.test_client(), people["manager"])
    assert _post(other, "/cases/views", {"name": "For agents", "query": "view=new", "role": role.id}).status_code == 200
    assert "For agents" in client.get("/cases/").get_data(as_text=True)
    shared = db.session.scalars(select(SavedView).filter_by(name="For agents")).one()
    assert _post(client, f"/cases/views/{shared.id}/delete", {}).status_code == 404
    assert _post(other, f"/cases/views/{shared.id}/delete", {}).status_code == 200
    assert "For agents" not in client.get("/cases/").get_data(as_text=True)


def test_columns_are_remembered(people: dict[str, Any]) -> None:
    client = factories.signed_in(people["client"], people["agent"])
    assert _post(client, "/cases/columns", {"columns": ["subject", "touched", "answer.x"]}).status_code == 422
    assert _post(client, "/cases/columns", {"columns": ["subject", "touched"]}).status_code == 200
    html = client.get("/cases/").get_data(as_text=True)
    assert "Last change" in html
    assert "Campaign</th>" not in html
    assert _post(client, "/cases/columns", {"columns": []}).status_code == 200
    assert "Last change" not in client.get("/cases/list").get_data(as_text=True)


def test_a_form_field_is_a_column_only_for_those_who_may_see_it(people: dict[str, Any]) -> None:
    open_field = factories.a_field(title="Tariff", show_in_lists=True)
    hidden = factories.a_field(title="Margin", show_in_lists=True, visible_roles=("manager",))
    campaign = people["campaign"]
    campaign.script.form = factories.a_form(open_field, hidden)
    db.session.commit()
    client = factories.signed_in(people["client"], people["agent"])
    html = client.get(f"/cases/?columns=subject,answer.{open_field.id},answer.{hidden.id}").get_data(as_text=True)
    assert "Tariff" in html
    assert "Margin" not in html
    assert client.get(f"/cases/?answer.{hidden.id}=eq:1").status_code == 422
    assert "Margin" not in client.get("/cases/filters").get_data(as_text=True)


def test_counters_follow_the_views(people: dict[str, Any]) -> None:
    client = factories.signed_in(people["client"], people["agent"])
    counts = client.get("/cases/counts", headers={"Accept": "application/json"}).get_json()
    assert counts["current"] == "1"
    assert counts["overdue"] == "0"


def test_bulk_work_begins_and_warns_first(people: dict[str, Any]) -> None:
    client = factories.signed_in(people["client"], people["manager"])
    script = people["campaign"].script
    closed = factories.a_status(script, StatusKind.CLOSED)
    first = factories.a_status(script, StatusKind.UNUSED)
    db.session.commit()
    body = {"action": "status", "value": str(closed.id), "ids": [people["mine"].id]}
    work = _post(client, "/cases/bulk", body).get_json()["work"]
    assert db.session.get_one(Work, work).params["cases"]["ids"] == [people["mine"].id]
    warned = _post(client, "/cases/bulk", {**body, "value": str(first.id)})
    assert warned.get_json() == {"clears": True}
    for wrong in (
        {"action": "status", "value": "x"},
        {"action": "fly", "value": "1"},
        {"action": "source", "value": "owl"},
    ):
        assert _post(client, "/cases/bulk", {**wrong, "ids": [1]}).status_code == 422
    agent = factories.signed_in(client.application.test_client(), people["agent"])
    assert _post(agent, "/cases/bulk", body).status_code == 403
    assert db.session.scalars(select(Case.version).where(Case.id == people["mine"].id)).one() == 1
