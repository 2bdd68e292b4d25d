"""Rows that tests need, made as the product makes them. One section for each subject; add yours below.

Numbers keep names apart, so that a test may ask for any number of things in any order.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.roles import sync_roles
from app.cases.opening import open_case
from app.core.db import session
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.definition import Page as FormPage
from app.formbuilder.versions import create_form, publish
from app.models import AppUser, Campaign, Case, Contact, Form, Script, Status, Team, fab_models
from app.models.cases import Source
from app.models.contacts import ContactKind
from app.models.scripts import StatusKind
from app.people.passwords import hash_password
from app.scripts.editing import add_status, create_script
from app.scripts.values import StatusValues

_numbers = count(1)
PASSWORD = "long blue bicycle"
_HASH: list[str] = []


# ----- users, roles, teams -----


def a_role(name: str) -> fab_models.Role:
    """One of the ready roles, or a role without permissions."""
    if not session.scalar(select(func.count()).select_from(fab_models.Role)):
        sync_roles()
    role = session.scalar(select(fab_models.Role).filter_by(name=name))
    if role is None:
        role = fab_models.Role(name=name)
        session.add(role)
        session.flush()
    return role


def a_user(*roles: str, **values: Any) -> AppUser:
    """An active user with these roles ("agent" when none is named) and the password PASSWORD."""
    number = next(_numbers)
    if not _HASH:
        _HASH.append(hash_password(PASSWORD))
    row: dict[str, Any] = {
        "username": f"user{number}",
        "first_name": "Łucja",
        "last_name": f"Próbna{number}",
        "email": f"user{number}@example.com",
        "active": True,
        "password": _HASH[0],
        "session_epoch": 0,
        "language": "en",
        **values,
    }
    user = AppUser(**row)
    user.roles = [a_role(name) for name in roles or ("agent",)]
    session.add(user)
    session.flush()
    return user


def a_team(*members: AppUser) -> Team:
    """A team of these users."""
    team = Team(name=f"Team {next(_numbers)}", members=list(members))
    session.add(team)
    session.flush()
    return team


def signed_in(client: FlaskClient, user: AppUser, password: str = PASSWORD) -> FlaskClient:
    """The client after the user came in through the log-in page."""
    session.flush()
    response = client.post(
        "/login/", data={"username": user.username, "password": password, "csrf_token": token(client)}
    )
    assert response.status_code == 302, response.get_data(as_text=True)[:400]
    return client


def token(client: FlaskClient) -> str:
    """What a form of this browser carries against forged requests."""
    from flask import g  # noqa: PLC0415
    from flask import session as cookie  # noqa: PLC0415
    from flask_wtf.csrf import generate_csrf  # noqa: PLC0415  (inside a request only)

    with client.session_transaction() as kept:
        raw = kept.get("csrf_token")
    with client.application.test_request_context():
        if raw:
            cookie["csrf_token"] = raw
        signed = generate_csrf()
        g.pop("csrf_token", None)
        raw = cookie["csrf_token"]
    with client.session_transaction() as kept:
        kept["csrf_token"] = raw
    return signed


# ----- campaigns -----


def a_script(**values: Any) -> Script:
    """A script without statuses."""
    script = Script(name=f"Script {next(_numbers)}", **values)
    session.add(script)
    session.flush()
    return script


def a_campaign(*users: AppUser, teams: Sequence[Team] = (), **values: Any) -> Campaign:
    """A campaign with these users and teams assigned, on a script of its own unless one is given."""
    row: dict[str, Any] = {"name": f"Campaign {next(_numbers)}", **values}
    if "script" not in row and "script_id" not in row:
        row["script"] = a_script()
    campaign = Campaign(users=list(users), teams=list(teams), **row)
    session.add(campaign)
    session.flush()
    return campaign


# ----- scripts with statuses, contacts, cases -----


def a_working_script(**values: Any) -> Script:
    """A script with the start set of statuses, made by its verb."""
    return create_script(f"Working script {next(_numbers)}", actor=None, **values)


def a_status(script: Script, kind: StatusKind, **values: Any) -> Status:
    """The script's first status of that kind; a new one when it has none, or when values are given."""
    if not values and (found := [status for status in script.statuses if status.kind is kind]):
        return found[0]
    row = StatusValues(**{"name": f"{kind.value} {next(_numbers)}", "kind": kind, **values})
    return add_status(script, row, expected_version=script.version, actor=None)


def a_form(*fields: Any) -> Form:
    """A published form with these fields of a definition."""
    form = create_form(f"Form {next(_numbers)}", actor=None)
    publish(form, FormDefinition(pages=(FormPage(id="page-1"),), fields=fields), base=0, actor=None)
    return form


def a_field(kind: str = "text", **values: Any) -> Field:
    """A field on the first page."""
    return Field(**{"id": str(uuid4()), "kind": kind, "page": "page-1", "title": f"Field {next(_numbers)}", **values})


def a_person(**values: Any) -> Contact:
    """A person without numbers and addresses."""
    number = next(_numbers)
    row = {"first_name": "Żaneta", "last_name": f"Próbna{number}", "kind": ContactKind.PERSON, **values}
    contact = Contact(name=f"{row['first_name']} {row['last_name']}", **row)
    session.add(contact)
    session.flush()
    return contact


def an_open_case(campaign: Campaign | None = None, **values: Any) -> Case:
    """A case in the campaign (a new one with a working script unless given), made by its verb."""
    campaign = campaign or a_campaign(script=a_working_script())
    row = {"contact": a_person(), "source": Source.OUTBOUND_CAMPAIGN, "actor": None, **values}
    return open_case(row.pop("contact"), campaign, **row)
