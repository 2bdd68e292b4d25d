"""The beginning of the demo: people, teams, campaigns, fields in one transaction, and the long work that fills them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import exists, select

from app.campaigns.editing import assign_people
from app.cases.listing_query import query_from
from app.cases.saved_views import save_view
from app.core import clock
from app.core.db import session
from app.core.errors import Refused
from app.core.i18n import lazy_gettext as _l
from app.history.record import record_change
from app.models import AppUser, Campaign, Contact, CustomField, Team, Work, fab_models
from app.models.contacts import CustomFieldKind
from app.people.account import set_passwords
from app.people.demo import Demo, note_demo
from app.people.passwords import is_password
from app.people.roles import ADMIN, AGENT, AUDITOR, HOME_AGENT, MANAGER, SUPERVISOR
from app.people.users import UserValues, create_user
from app.seed.demo.filling import KIND
from app.seed.demo.stage import Part, Stage
from app.seed.demo.words import phrases
from app.seed.gallery import gallery, make_campaign
from app.work.rows import start_work

_OPENED = timedelta(days=97)
_PEOPLE = (
    ("manager", MANAGER, "Magdalena", "Sobczyńska"), ("supervisor", SUPERVISOR, "Tomasz", "Wieczorek"),
    ("agent1", AGENT, "Anna", "Wrona"), ("agent2", AGENT, "Piotr", "Zieliński"), ("agent3", AGENT, "Joanna", "Mazur"),
    ("agent4", AGENT, "Kamil", "Jabłoński"), ("agent5", AGENT, "Natalia", "Król"),
    ("agent6", AGENT, "Michał", "Ślusarz"), ("agent7", AGENT, "Ewa", "Górska"), ("agent8", AGENT, "Łukasz", "Stępień"),
    ("agent9", AGENT, "Karolina", "Lis"), ("agent10", AGENT, "Jakub", "Sikora"),
    ("agent11", AGENT, "Żaneta", "Malinowska"), ("agent12", AGENT, "Paweł", "Bąk"),
    ("home1", HOME_AGENT, "Dorota", "Kubiak"), ("home2", HOME_AGENT, "Marek", "Sadowski"),
    ("home3", HOME_AGENT, "Beata", "Walczak"), ("home4", HOME_AGENT, "Rafał", "Czerwiński"),
    ("auditor", AUDITOR, "Zofia", "Adamska"),
)  # fmt: skip
_TEAMS = {
    "care": ("agent1", "agent2", "agent3", "agent4", "agent5", "agent6", "home1", "home2", "supervisor"),
    "sales": ("agent7", "agent8", "agent9", "agent10", "agent11", "agent12", "home3", "home4", "supervisor"),
}
_TEAM_CAMPAIGNS = {
    "complaints": "care", "customer_service": "care", "insurance_renewal": "sales", "solar_leads": "sales",
}  # fmt: skip
_OWN_CAMPAIGNS = {
    "nps_survey": ("agent1", "agent2", "home1", "agent10", "agent11", "home4", "supervisor"),
    "debt_reminder": ("agent4", "agent5", "home2", "agent7", "agent8", "home3", "supervisor"),
}
"""So everybody works in two campaigns or three."""
_FIELDS = (
    ("segment", CustomFieldKind.CHOICE), ("customer_since", CustomFieldKind.DATE),
    ("e_invoice", CustomFieldKind.YES_NO),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there will be."""

    contacts: int = 5_000
    cases: int = 20_000
    first: int = 1_000
    """Cases that stand before all others."""


def begin_demo(password: str, *, language: str, size: Size | None = None, seed: int = 2026) -> Work:
    """Everything but contacts and cases, and the work that makes those. A demo that was begun before is left alone.

    Refused where somebody has begun to work in earnest; Invalid when the password is too weak.
    """
    begun = demo_work()
    if begun is not None:
        return begun
    if session.scalar(select(exists().select_from(Campaign))) or session.scalar(select(exists().select_from(Contact))):
        raise Refused(_l("The demo goes into an empty database; this one has campaigns or contacts already."))
    size, now = size or Size(), clock.now()
    with clock.stopped_at(now - _OPENED):
        admin = _admin(password)
        users = {"admin": admin, **_users(password, language, admin)}
        teams = _teams(users, language, admin)
        _custom_fields(language, admin)
        parts = tuple(_campaign(name, language, users, teams) for name in gallery())
        _saved_views(users, parts, language)
    stage = Stage(
        seed=seed,
        now=now,
        language=language,
        contacts=size.contacts,
        cases=size.cases,
        first=size.first,
        installer=users["manager"].id,
        campaigns=parts,
    )
    work = start_work(KIND, stage.to_params(), queue="bulk", total=size.contacts + size.cases, actor=admin)
    note_demo(Demo(work_id=work.id, is_filled=False))
    return work


def demo_work() -> Work | None:
    """The work that fills the demo of this installation, if there is one."""
    return session.scalar(select(Work).where(Work.kind == KIND))


def _admin(password: str) -> AppUser:
    """The first admin; one of the demo's users when its password is theirs."""
    has_role = AppUser.roles.any(fab_models.Role.name == ADMIN)
    admin = session.scalars(select(AppUser).where(has_role, AppUser.active).order_by(AppUser.id)).first()
    if admin is None:
        raise Refused(_l("There is no administrator yet: run `splot migrate` first."))
    if is_password(admin, password):
        admin.is_demo = True
    return admin


def _users(password: str, language: str, admin: AppUser) -> dict[str, AppUser]:
    roles = {role.name: role for role in session.scalars(select(fab_models.Role))}
    users = {}
    for username, role, first_name, last_name in _PEOPLE:
        values = UserValues(
            username, first_name, last_name, f"{username}@example.com", (roles[role],), language=language, is_demo=True
        )
        users[username] = create_user(values, actor=admin)
    set_passwords(list(users.values()), password, actor=admin)
    return users


def _teams(users: dict[str, AppUser], language: str, admin: AppUser) -> dict[str, Team]:
    teams = {}
    for key, members in _TEAMS.items():
        team = Team(
            name=phrases(language)["teams"][key], members=[users[name] for name in members], created_at=clock.now()
        )
        session.add(team)
        session.flush()
        after = {"name": team.name, "members": [user.full_name for user in team.members]}
        record_change("team", team.id, "created", actor=admin, after=after)
        teams[key] = team
    return teams


def _custom_fields(language: str, admin: AppUser) -> None:
    words = phrases(language)
    for place, (key, kind) in enumerate(_FIELDS):
        field = CustomField(
            key=key,
            title=words["fields"][key],
            kind=kind,
            choices=words["segments"] if kind is CustomFieldKind.CHOICE else [],
            position=place,
            created_at=clock.now(),
        )
        session.add(field)
        session.flush()
        record_change("custom_field", field.id, "created", actor=admin, after={"key": key, "title": field.title})


def _campaign(name: str, language: str, users: dict[str, AppUser], teams: dict[str, Team]) -> Part:
    manager = users["manager"]
    campaign = make_campaign(name, language, actor=manager)
    own = [users[each] for each in _OWN_CAMPAIGNS.get(name, ())]
    team = teams[_TEAM_CAMPAIGNS[name]] if name in _TEAM_CAMPAIGNS else None
    assign_people(campaign, users=own, teams=[team] if team else [], expected_version=campaign.version, actor=manager)
    people: Sequence[AppUser] = team.members if team else own
    agents = sorted(user.id for user in people if user is not users["supervisor"])
    return Part(name, campaign.id, tuple(status.id for status in campaign.script.statuses), tuple(agents))


def _saved_views(users: dict[str, AppUser], parts: Sequence[Part], language: str) -> None:
    names = phrases(language)["views"]
    ids = {part.name: str(part.id) for part in parts}
    role = {row.name: row.id for row in session.scalars(select(fab_models.Role))}
    save_view(
        names["late"],
        query_from({"view": ["overdue"], "sort": ["due"]}),
        role_id=role[SUPERVISOR],
        actor=users["manager"],
    )
    save_view(
        names["callbacks"],
        query_from({"view": ["current"], "kind": ["private_callback", "public_callback"], "sort": ["due"]}),
        role_id=role[AGENT],
        actor=users["manager"],
    )
    save_view(names["complaints"], query_from({"campaign": [ids["complaints"]]}), actor=users["manager"])
    save_view(names["free"], query_from({"owner": ["nobody"]}), actor=users["supervisor"])
    for username in Random(len(parts)).sample([f"agent{number}" for number in range(1, 13)], 4):
        save_view(names["today"], query_from({"view": ["today"], "owner": ["me"]}), actor=users[username])
