"""Holes of Flask-AppBuilder's forms and lists, each shown to be closed."""

import logging
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.permissions import Permission
from app.core.db import session as database
from app.models import AppUser, Campaign, CustomField, HistoryEntry, StoredFile, Team, fab_models
from app.views import permission_names
from app.views.crud import MAX_PAGE_SIZE, CrudView
from app.views.related import Converter, LinesField
from app.views.rows import Interface
from tests.factories import a_campaign, a_role, a_team, a_user, signed_in, token
from tests.statements import statements

FIELD = {"title": "Taryfa", "key": "tariff", "kind": "text", "position": "0"}


def _post(client: FlaskClient, path: str, **values: object) -> int:
    return client.post(path, data={**values, "csrf_token": token(client)}).status_code


def _who_edits_fields(*more: str) -> AppUser:
    """Somebody who may edit fields of contacts, and sees the campaigns they are assigned to only."""
    user = a_user("admin")
    role = fab_models.Role(name="fields")
    pairs = database.scalars(select(fab_models.PermissionView)).all()
    wanted = {Permission.CUSTOM_FIELD_EDIT.value, Permission.CASE_READ.value, *more}
    role.permissions = [row for row in pairs if f"{row.permission.name} on {row.view_menu.name}" in wanted]
    user.roles = [role]
    database.flush()
    return user


def test_a_select_offers_and_takes_only_rows_of_the_user(client: FlaskClient) -> None:
    user = _who_edits_fields()
    mine, other = a_campaign(user, name="Moja"), a_campaign(name="Cudza")
    field = CustomField(title="Numer", key="number", kind="text", campaign=mine)
    database.add(field)
    signed_in(client, user)
    for path in ("/contact-fields/add", f"/contact-fields/edit/{field.id}"):
        page = client.get(path).get_data(as_text=True)
        assert ("Moja" in page, "Cudza" in page) == (True, False)
    assert _post(client, "/contact-fields/add", **FIELD, campaign=other.id) == 200
    assert _post(client, f"/contact-fields/edit/{field.id}", title="Numer", position=0, campaign=other.id) == 200
    assert field.campaign_id == mine.id
    assert database.scalar(select(CustomField).filter_by(key="tariff")) is None
    assert _post(client, "/contact-fields/add", **FIELD, campaign=mine.id) == 302
    assert database.scalars(select(CustomField).filter_by(key="tariff")).one().campaign_id == mine.id


def test_a_search_for_choices_is_scoped_too(client: FlaskClient) -> None:
    user = _who_edits_fields()
    mine = a_campaign(user, name="Moja kampania")
    a_campaign(name="Cudza kampania")
    signed_in(client, user)
    found = client.get("/contact-fields/options/campaign?q=kampania").get_json()
    assert found == {"results": [{"id": mine.id, "text": "Moja kampania"}]}
    assert client.get("/contact-fields/options/password").status_code == 404


def test_a_select_never_loads_the_whole_table(client: FlaskClient) -> None:
    signed_in(client, a_user("admin"))
    for _ in range(40):
        a_campaign()
    page = client.get("/contact-fields/add").get_data(as_text=True)
    select_part = page[page.index('name="campaign"') :]
    assert 'data-url="/contact-fields/options/campaign"' in page
    assert select_part[: select_part.index("</select>")].count("<option") == 26


def test_the_page_size_is_bounded_and_nonsense_is_no_fault(client: FlaskClient) -> None:
    signed_in(client, a_user("admin"))
    database.add_all(Team(name=f"Zespół {number:03}") for number in range(MAX_PAGE_SIZE + 5))
    page = client.get("/teams/list/?psize_TeamView=100000").get_data(as_text=True)
    assert page.count("/teams/show/") == MAX_PAGE_SIZE
    for query in ("psize_TeamView=-1", "psize_TeamView=x", "page_TeamView=x", "page_TeamView=99999999999999999999"):
        assert client.get(f"/teams/list/?{query}").status_code == 200


def test_secrets_are_neither_sorted_by_nor_searched(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    signed_in(client, a_user("admin"))
    with statements() as asked:
        for query in ("_oc_UserView=password&_od_UserView=asc", "_flt_0_password=x"):
            assert client.get(f"/users/list/?{query}").status_code in (200, 400)
    assert not [text for text in asked if "ORDER BY" in text and "password" in text.partition("ORDER BY")[2]]
    assert not [text for text in asked if "password" in text.partition("WHERE")[2]]


def test_a_list_asks_for_permissions_once(client: FlaskClient) -> None:
    signed_in(client, a_user("admin"))
    client.get("/teams/list/")
    with statements() as asked:
        assert client.get("/teams/list/").status_code == 200
    assert len([text for text in asked if "ab_permission" in text]) == 1
    assert len(asked) <= 8, asked


def test_a_save_is_one_transaction_with_its_history(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    user = signed_in_admin(client)
    members = [a_user(), a_user()]
    assert _post(client, "/teams/add", name="Dzień", members=[member.id for member in members]) == 302
    team = database.scalars(select(Team)).one()
    assert {member.id for member in team.members} == {member.id for member in members}
    entry = database.scalars(select(HistoryEntry).filter_by(record="team")).one()
    assert (entry.action, entry.actor_id, entry.record_id) == ("created", user.id, team.id)
    assert _post(client, f"/teams/edit/{team.id}", name="Noc", members=[members[0].id]) == 302
    changed = database.scalars(select(HistoryEntry).filter_by(record="team", action="changed")).one()
    assert (changed.before["name"], changed.after["name"]) == ("Dzień", "Noc")
    assert len(changed.before["members"]) == 2

    def fail(*_args: object, **_values: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.views.rows.record_change", fail)
    assert _post(client, "/teams/add", name="Bez historii") == 500
    assert database.scalar(select(Team).filter_by(name="Bez historii")) is None


def test_a_name_that_exists_is_told_at_the_field(client: FlaskClient) -> None:
    signed_in_admin(client)
    team = a_team()
    answer = client.post("/teams/add", data={"name": team.name, "csrf_token": token(client)})
    assert answer.status_code == 200
    assert "sp-err" in answer.get_data(as_text=True)


def test_an_unticked_box_can_be_saved(client: FlaskClient) -> None:
    signed_in_admin(client)
    assert _post(client, "/contact-fields/add", **FIELD, is_visible="y", agents_may_edit="y") == 302
    field = database.scalars(select(CustomField)).one()
    assert (field.is_visible, field.is_required) == (True, False)
    assert _post(client, f"/contact-fields/edit/{field.id}", title="Taryfa", position=0) == 302
    assert field.is_visible is False


def test_a_delete_is_a_post_and_what_is_used_stays(client: FlaskClient) -> None:
    signed_in_admin(client)
    team = a_team()
    assert client.get(f"/teams/delete/{team.id}").status_code == 405
    assert _post(client, f"/teams/delete/{team.id}") == 302
    assert database.scalars(select(Team)).all() == []


def test_columns_without_a_field_break_nothing(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for model in (StoredFile, Campaign, CustomField):
            names = list(Interface(model).list_columns)
            form = Converter(Interface(model), "Somewhere").create_form({}, names)
            with app.test_request_context():
                assert "key" not in form() or model is CustomField
        with app.test_request_context():
            lines = Converter(Interface(Campaign), "Somewhere").create_form({}, ["header_fields"])
            assert isinstance(lines().header_fields, LinesField)
    assert caplog.records == []


def test_a_view_must_say_its_columns() -> None:
    class Careless(CrudView):
        datamodel = Interface(Team)
        reads = Permission.USER_READ
        changes = Permission.TEAM_EDIT
        list_columns: ClassVar = ["name"]

    with pytest.raises(LookupError, match="show_columns"):
        Careless()


@pytest.mark.parametrize(
    "path",
    [
        "/userstatschartview/chart/", "/registeruser/form", "/registerusermodelview/list/", "/permissions/list/",
        "/viewmenus/list/", "/permissionviews/list/", "/resetpassword/form?pk=1", "/resetmypassword/form",
        "/userinfoeditview/form", "/api/v1/menu/", "/api/v1/_openapi", "/swagger/v1", "/api/v1/security/users/",
        "/users/action/anything/1", "/users/download/x", "/groups/list/",
    ],
)  # fmt: skip
def test_pages_that_are_off(client: FlaskClient, path: str) -> None:
    signed_in_admin(client)
    assert client.get(path).status_code == 404


def test_every_permission_has_a_name_and_a_group() -> None:
    assert set(permission_names.NAMES) == set(Permission)
    assert {permission.resource for permission in Permission} <= set(permission_names.GROUPS)


def test_a_row_out_of_reach_is_not_found(client: FlaskClient) -> None:
    signed_in_admin(client)
    for path in ("/teams/show/987654", "/teams/edit/987654", "/teams/show/x", "/teams/show/99999999999999999999999"):
        assert client.get(path).status_code == 404


def test_an_unexpected_fault_has_a_number_and_is_logged(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    signed_in_admin(client)

    def fail(_self: object) -> None:
        message = "a secret detail"
        raise RuntimeError(message)

    monkeypatch.setattr("app.views.account.AccountPage._shown", fail)
    answer = client.get("/account/")
    assert answer.status_code == 500
    assert "a secret detail" not in answer.get_data(as_text=True)
    number = next(record.args[0] for record in caplog.records if record.name == "app.views.errors")
    assert number in answer.get_data(as_text=True)


def signed_in_admin(client: FlaskClient) -> AppUser:
    a_role("admin")
    user = a_user("admin")
    signed_in(client, user)
    return user
