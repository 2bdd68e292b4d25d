"""Which rows a user sees: by assignment, by team, by ownership, by permission."""

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import scoped_session

from app.access import visible
from app.access.remembered import forget_rights
from app.core import db
from app.core.db import session
from app.core.errors import NotFound
from app.models import AppUser, Campaign, Case, Contact, HistoryEntry, StoredFile
from app.models.cases import Source
from app.models.contacts import ContactKind
from app.models.scripts import Status, StatusKind
from tests.factories import a_campaign, a_team, a_user

pytestmark = pytest.mark.usefixtures("session")


def _case(campaign: Campaign, owner: AppUser | None = None, contact: Contact | None = None) -> Case:
    contact = contact or _contact()
    status = session.scalar(select(Status).filter_by(script_id=campaign.script_id))
    if status is None:
        status = Status(script_id=campaign.script_id, name="New", kind=StatusKind.NEW, is_initial=True)
        session.add(status)
        session.flush()
    case = Case(
        contact_id=contact.id, campaign_id=campaign.id, status_id=status.id, owner_id=owner.id if owner else None,
        source=Source.INBOUND_CALL, subject="Invented",
    )  # fmt: skip
    session.add(case)
    session.flush()
    return case


def _contact(**values: object) -> Contact:
    contact = Contact(kind=ContactKind.COMPANY, company_name="Przykład", name="Przykład", **values)
    session.add(contact)
    session.flush()
    return contact


def _seen(user: AppUser) -> set[int]:
    forget_rights()
    return set(session.scalars(select(Case.id).where(visible.cases_of(user))))


def test_an_agent_sees_the_cases_of_assigned_campaigns_only() -> None:
    agent = a_user("agent")
    mine, of_team, other = a_campaign(agent), a_campaign(teams=[a_team(agent)]), a_campaign()
    first, second, third = _case(mine), _case(of_team), _case(other, owner=agent)
    assert _seen(agent) == {first.id, second.id}
    assert visible.the_case(first.number, actor=agent) is first
    with pytest.raises(NotFound):
        visible.the_case(third.number, actor=agent)


def test_own_only_hides_colleagues_cases_from_agents_but_not_from_their_supervisor() -> None:
    agent, colleague, supervisor = a_user("agent"), a_user("agent"), a_user("supervisor")
    campaign = a_campaign(agent, colleague, supervisor, agents_see_own_only=True)
    own, unowned, foreign = _case(campaign, agent), _case(campaign), _case(campaign, colleague)
    assert _seen(agent) == {own.id, unowned.id}
    assert _seen(supervisor) == {own.id, unowned.id, foreign.id}


def test_own_only_of_one_campaign_says_nothing_about_another() -> None:
    agent, colleague = a_user("agent"), a_user("agent")
    narrow, wide = a_campaign(agent, agents_see_own_only=True), a_campaign(agent)
    hidden, shown = _case(narrow, colleague), _case(wide, colleague)
    assert _seen(agent) == {shown.id}
    assert hidden.id not in _seen(agent)


@pytest.mark.parametrize("role", ["admin", "manager", "auditor"])
def test_see_all_needs_no_assignment(role: str) -> None:
    case = _case(a_campaign())
    assert _seen(a_user(role)) == {case.id}


@pytest.mark.parametrize("role", ["agent", "supervisor", "home_agent", "of nothing"])
def test_without_an_assignment_there_is_nothing_to_see(role: str) -> None:
    _case(a_campaign())
    user = a_user(role)
    assert _seen(user) == set()
    assert session.scalars(select(Contact).where(visible.contacts_of(user))).all() == []


def test_a_deactivated_admin_sees_nothing() -> None:
    _case(a_campaign())
    assert _seen(a_user("admin", active=False)) == set()


def test_contacts_are_reached_through_visible_cases_or_are_ones_own() -> None:
    agent = a_user("agent")
    campaign, other = a_campaign(agent), a_campaign()
    reached = _case(campaign).contact
    unreached = _case(other).contact
    owned, created = _contact(owner_id=agent.id), _contact(created_by_id=agent.id)
    seen = set(session.scalars(select(Contact.id).where(visible.contacts_of(agent))))
    assert seen == {reached.id, owned.id, created.id}
    with pytest.raises(NotFound):
        visible.the_contact(unreached.id, actor=agent)


def test_campaigns_are_those_that_one_works_in() -> None:
    agent = a_user("agent")
    mine, other = a_campaign(agent), a_campaign()
    assert session.scalars(select(Campaign).where(visible.campaigns_of(agent))).all() == [mine]
    with pytest.raises(NotFound):
        visible.the_campaign(other.id, actor=agent)
    assert visible.the_campaign(other.id, actor=a_user("manager")) is other


def test_files_follow_their_case_and_others_their_uploader() -> None:
    agent, colleague = a_user("agent"), a_user("agent")
    seen_case, hidden_case = _case(a_campaign(agent)), _case(a_campaign())
    values = {"name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": b"x" * 32}
    of_case = StoredFile(case_id=seen_case.id, **values)
    of_hidden = StoredFile(case_id=hidden_case.id, created_by_id=agent.id, **values)
    own = StoredFile(created_by_id=agent.id, **values)
    foreign = StoredFile(created_by_id=colleague.id, **values)
    session.add_all([of_case, of_hidden, own, foreign])
    session.flush()
    assert set(session.scalars(select(StoredFile.id).where(visible.files_of(agent)))) == {of_case.id, own.id}
    assert visible.the_file(own.id, actor=agent) is own
    with pytest.raises(NotFound):
        visible.the_file(foreign.id, actor=agent)


def test_history_is_that_of_visible_cases_or_all_of_it() -> None:
    agent = a_user("agent")
    seen_case, hidden_case = _case(a_campaign(agent)), _case(a_campaign())
    for record, number in (("case", seen_case.id), ("case", hidden_case.id), ("setting", 0)):
        session.add(HistoryEntry(actor_name="system", record=record, record_id=number, action="changed"))
    session.flush()
    entries = session.scalars(select(HistoryEntry).where(visible.history_of(agent))).all()
    assert [(entry.record, entry.record_id) for entry in entries] == [("case", seen_case.id)]
    assert len(session.scalars(select(HistoryEntry).where(visible.history_of(a_user("auditor")))).all()) == 3


def test_rights_are_asked_for_once_and_again_after_a_commit(session: scoped_session) -> None:
    agent = a_user("agent")
    campaign = a_campaign(agent)
    db.commit()
    asked: list[str] = []
    listener = lambda *call: asked.append(call[2])  # noqa: E731
    event.listen(db.db.engine, "before_cursor_execute", listener)
    try:
        _ = agent.active  # loaded again after the commit
        asked.clear()
        for _ in range(5):
            visible.cases_of(agent)
            visible.campaigns_of(agent)
        assert len(asked) == 2, asked
    finally:
        event.remove(db.db.engine, "before_cursor_execute", listener)
    campaign.users.clear()
    db.commit()
    assert visible.assigned_campaigns(agent).whole == ()


def test_the_condition_walks_an_index_and_asks_nothing_of_the_assignments() -> None:
    agent = a_user("agent")
    for _ in range(3):
        a_campaign(agent)
    text = str(select(Case.id).where(visible.cases_of(agent)))
    assert "ANY" in text
    assert "campaign_users" not in text
