"""A campaign with a form, agents and a case for each of them, made by the product's own verbs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from app.access.roles import sync_roles
from app.campaigns.editing import CampaignValues, assign_people, create_campaign
from app.cases.form_state import audience_of
from app.cases.opening import open_case
from app.core.db import session, transaction
from app.formbuilder.definition import FormDefinition, Page
from app.formbuilder.editing import new_field
from app.formbuilder.expression import check
from app.formbuilder.versions import create_form, publish
from app.models import AppUser, Case, Contact, Form, fab_models
from app.models.cases import Source
from app.models.contacts import ContactKind
from app.people.roles import AGENT, MANAGER
from app.scripts.editing import create_script
from bench.doors import cookie_of

MARKED = "Version"
"""How the title of the first field begins; the number of the version follows."""
LANGUAGE = "en"
FIELDS = 200
CONDITIONS = 50
_PAGES = 4


@dataclass(frozen=True)
class Desk:
    """An agent with a case."""

    cookie: str
    number: int
    case_id: int
    audience: str
    script_version: int


@dataclass(frozen=True)
class Centre:
    """What was made."""

    form_id: int
    manager: str
    """Cookie of the manager."""
    desks: Sequence[Desk]


def make_centre(app: Flask, agents: int) -> Centre:
    """A manager, so many agents, each with a case of their own, and a short form."""
    with app.app_context(), transaction():
        sync_roles()
        manager = _user("publisher", MANAGER)
        users = [_user(f"desk{number}", AGENT) for number in range(agents)]
        form = _published("Bench", short_definition())
        script = create_script("Bench", form=form, actor=None)
        campaign = create_campaign(CampaignValues(name="Bench", script_id=script.id), actor=None)
        assign_people(campaign, users=users, teams=[], expected_version=campaign.version, actor=None)
        for number, user in enumerate(users):
            case = open_case(_contact(number), campaign, source=Source.INBOUND_CALL, owner=user, actor=None)
            case.subject = user.username
        form_id, manager_id, campaign_id = form.id, manager.id, campaign.id
    with app.app_context():
        rows = session.scalars(select(Case).where(Case.campaign_id == campaign_id).order_by(Case.id)).all()
        found = []
        for case in rows:
            owner = case.owner
            if owner is not None:
                found.append(
                    (
                        owner.id,
                        case.number,
                        case.id,
                        audience_of(case, owner, LANGUAGE).key,
                        case.campaign.script.version,
                    )
                )
    desks = [Desk(cookie_of(app, user_id), *rest) for user_id, *rest in found]
    return Centre(form_id, cookie_of(app, manager_id), desks)


def publish_long_form(app: Flask) -> int:
    """The id of a published form of FIELDS fields with CONDITIONS conditions that no card shows."""
    with app.app_context(), transaction():
        return _published("Long", long_definition()).id


def long_definition() -> FormDefinition:
    """Texts, numbers, dates and choices on four pages; a quarter of the fields is shown by what stands in others."""
    fields = []
    for number in range(FIELDS):
        kind = ("text", "text", "number", "single_choice", "text", "date", "text", "long_text")[number % 8]
        choices = [{"id": str(uuid4()), "title": f"Choice {place}"} for place in range(5)]
        fields.append(
            new_field(
                kind,
                page=f"page-{1 + number * _PAGES // FIELDS}",
                title=f"Field {number}",
                help="What the customer said, in a few words." if number % 3 == 0 else "",
                config={"choices": choices} if kind == "single_choice" else {},
            )
        )
    for place in range(CONDITIONS):
        shown, by = place * 4 + 1, fields[place * 4 // 8 * 8 + 2]
        formula = check(["or", ["empty", ["field", by.id]], ["gt", ["field", by.id], ["number", str(place)]]])
        fields[shown] = replace(fields[shown], visible_if=formula)
    pages = tuple(Page(id=f"page-{1 + number}", title=f"Page {1 + number}") for number in range(_PAGES))
    return FormDefinition(pages=pages, fields=tuple(fields))


def short_definition() -> FormDefinition:
    """Twenty texts, two numbers and two dates on one page."""
    kinds = ["text"] * 16 + ["long_text"] * 4 + ["number"] * 2 + ["date"] * 2
    fields = (
        new_field(kind, page="page-1", title=f"{MARKED} 1" if number == 0 else f"Field {number}")
        for number, kind in enumerate(kinds)
    )
    return FormDefinition(pages=(Page(id="page-1"),), fields=tuple(fields))


def _published(name: str, definition: FormDefinition) -> Form:
    form = create_form(name, actor=None)
    publish(form, definition, base=0, actor=None)
    return form


def _user(name: str, role: str) -> AppUser:
    user = AppUser(
        username=name,
        first_name="Łucja",
        last_name=name.capitalize(),
        email=f"{name}@example.com",
        active=True,
        password="",
        session_epoch=0,
        language=LANGUAGE,
    )
    user.roles = [session.query(fab_models.Role).filter_by(name=role).one()]
    session.add(user)
    session.flush()
    return user


def _contact(number: int) -> Contact:
    contact = Contact(
        kind=ContactKind.PERSON, first_name="Halina", last_name=f"Próbna{number}", name=f"Halina Próbna{number}"
    )
    session.add(contact)
    session.flush()
    return contact
