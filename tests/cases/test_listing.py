"""Pages of the list: every query shows exactly the cases that fit and that the user may see, in order, once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.cases.counts import count_cases, count_views, hidden_by
from app.cases.listing import case_page, case_rows
from app.cases.listing_columns import FIXED
from app.cases.listing_query import CaseQuery, Days, QuickView, Sort, ValueFilter
from app.cases.listing_walks import matching
from app.core import clock
from app.core.db import session as rows
from app.core.errors import Invalid
from app.formbuilder.field_types.base import Operator
from app.models import AppUser, Campaign, Case, CaseRead, Contact, ContactPhone, CustomField, Status
from app.models.cases import Source
from app.models.contacts import CustomFieldKind
from app.models.scripts import StatusKind
from app.scripts.kinds import KINDS
from tests import factories

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
KINDS_USED = (StatusKind.UNUSED, StatusKind.NEW, StatusKind.IN_PROGRESS, StatusKind.POSTPONED, StatusKind.CLOSED)


@dataclass
class Centre:
    """A small call centre with every mixture of campaign, status and owner."""

    manager: AppUser
    agent: AppUser
    other: AppUser
    campaigns: list[Campaign]
    """Of the agent: the first whole, the second only their own and the unowned; the third not at all."""
    statuses: dict[int, list[Status]]
    """By script."""


@pytest.fixture
def centre(session: Any) -> Iterator[Centre]:
    """120 cases, spread by a fixed seed."""
    manager, agent, other = factories.a_user("manager"), factories.a_user(), factories.a_user()
    campaigns = [
        factories.a_campaign(agent, other, script=factories.a_working_script()),
        factories.a_campaign(agent, other, script=factories.a_working_script(), agents_see_own_only=True),
        factories.a_campaign(other, script=factories.a_working_script()),
    ]
    statuses = {each.script_id: [factories.a_status(each.script, kind) for kind in KINDS_USED] for each in campaigns}
    made = Centre(manager, agent, other, campaigns, statuses)
    _cases(made, Random(7))  # noqa: S311  (the same cases in every run)
    session.commit()
    with clock.stopped_at(NOW):
        yield made


def _cases(centre: Centre, random: Random) -> None:
    people = [factories.a_person(first_name=name, last_name="Łódzki") for name in ("Żaneta", "Piotr", "Ewa")]
    for person in people[:2]:
        rows.add(ContactPhone(contact_id=person.id, number=f"+4850010010{person.id % 10}"))
    for number in range(120):
        campaign = random.choice(centre.campaigns)
        status = random.choice(centre.statuses[campaign.script_id])
        created = NOW - timedelta(minutes=random.randrange(90 * 24 * 60) // 60 * 60)  # several at the same moment
        is_dated = status.kind == StatusKind.POSTPONED or random.random() < 0.5
        case = Case(
            contact_id=random.choice(people).id,
            campaign_id=campaign.id,
            status_id=status.id,
            is_current=KINDS[status.kind].is_current,
            owner_id=random.choice([None, centre.agent.id, centre.other.id]),
            source=random.choice([Source.EMAIL, Source.SMS]),
            subject=random.choice(["Zażalenie na gęś", "Pytanie o umowę", "Zwrot 100% kosztów"]) + f" {number}",
            created_at=created,
            touched_at=min(NOW, created + timedelta(hours=random.randrange(200))),
            status_at=created,
            due_at=NOW + timedelta(hours=random.randrange(-100, 100)) if is_dated else None,
        )
        rows.add(case)
        rows.flush()
        if random.random() < 0.4:
            rows.add(CaseRead(user_id=centre.agent.id, case_id=case.id, read_at=case.touched_at))


def _may_see(case: Case, centre: Centre, user: AppUser) -> bool:
    if user is centre.manager:
        return True
    whole, own_only, _foreign = (each.id for each in centre.campaigns)
    return case.campaign_id == whole or (case.campaign_id == own_only and case.owner_id in {user.id, None})


def _fits(case: Case, query: CaseQuery, user: AppUser) -> bool:
    kind = case.status.kind
    views = {
        QuickView.ALL: True,
        QuickView.CURRENT: case.is_current,
        QuickView.MINE: case.is_current and case.owner_id in {user.id, None},
        QuickView.NEW: kind == StatusKind.NEW,
        QuickView.TODAY: case.touched_at >= datetime(2026, 11, 16, 23, tzinfo=UTC),
        QuickView.OVERDUE: case.is_current and case.due_at is not None and case.due_at < NOW,
        QuickView.POSTPONED: kind == StatusKind.POSTPONED,
        QuickView.MONTH: case.created_at >= NOW - timedelta(days=30),
        QuickView.UNREAD: case.is_current and not _has_read(case, user),
    }
    owners = (
        set(query.owners) | ({user.id} if query.owner_is_me else set()) | ({None} if query.without_owner else set())
    )
    return (
        views[query.view]
        and (not query.campaigns or case.campaign_id in query.campaigns)
        and (not query.statuses or case.status_id in query.statuses)
        and (not query.kinds or kind in query.kinds)
        and (not owners or case.owner_id in owners)
        and (not query.sources or case.source in query.sources)
        and (not query.overdue or (case.is_current and case.due_at is not None and case.due_at < NOW))
        and (not query.text or query.text in case.subject.lower().replace("ę", "e").replace("ś", "s").replace("ż", "z"))
    )


def _has_read(case: Case, user: AppUser) -> bool:
    read = rows.get(CaseRead, (user.id, case.id))
    return read is not None and read.read_at >= case.touched_at


def _walk(query: CaseQuery, user: AppUser) -> list[int]:
    """Ids of all pages, forwards; each page is also reached backwards from the one behind it."""
    found: list[int] = []
    page = case_page(query, user=user)
    while True:
        assert page.place == len(found)
        found += [row.id for row in page.rows]
        if page.next is None:
            return found
        behind = case_page(replace(query, cursor=page.next), user=user)
        assert behind.previous is not None
        back = case_page(replace(query, cursor=behind.previous), user=user)
        assert [row.id for row in back.rows] == [row.id for row in page.rows]
        page = behind


def _order_key(case: Case, sort: Sort) -> tuple[Any, int]:
    far = datetime.max.replace(tzinfo=UTC)
    keys = {Sort.CREATED: case.created_at, Sort.TOUCHED: case.touched_at, Sort.STATUS_AGE: case.status_at,
            Sort.DUE: case.due_at or far, Sort.NUMBER: case.number}  # fmt: skip
    return keys[sort], case.id


@given(data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_query_shows_what_fits_once_and_in_order(centre: Centre, data: st.DataObject) -> None:
    """The short walks, the gathered few and the plain conditions agree with a plain look at every case."""
    user = data.draw(st.sampled_from([centre.manager, centre.agent]), label="user")
    statuses = [status for each in centre.statuses.values() for status in each]
    some = {"max_size": 3, "unique": True}
    query = CaseQuery(
        view=data.draw(st.sampled_from(QuickView)),
        campaigns=tuple(data.draw(st.lists(st.sampled_from([each.id for each in centre.campaigns]), **some))),
        statuses=tuple(data.draw(st.lists(st.sampled_from([each.id for each in statuses]), **some))),
        kinds=tuple(data.draw(st.lists(st.sampled_from(KINDS_USED), **some))),
        owners=tuple(data.draw(st.lists(st.sampled_from([centre.agent.id, centre.other.id]), **some))),
        owner_is_me=data.draw(st.booleans()),
        without_owner=data.draw(st.booleans()),
        sources=tuple(data.draw(st.lists(st.sampled_from([Source.EMAIL, Source.SMS]), **some))),
        overdue=data.draw(st.booleans()),
        text=data.draw(st.sampled_from(["", "", "zazalenie na ges", "100%", "umowe"])),
        sort=data.draw(st.sampled_from(Sort)),
        descending=data.draw(st.booleans()),
        size=data.draw(st.integers(3, 40)),
    )
    every = rows.scalars(select(Case)).all()
    wanted = [case for case in every if _may_see(case, centre, user) and _fits(case, query, user)]
    wanted.sort(key=lambda case: _order_key(case, query.order[0]), reverse=query.order[1])

    assert _walk(query, user) == [case.id for case in wanted]
    assert count_cases(query, user=user).number == len(wanted)
    by_conditions = rows.scalars(select(Case.id).where(*matching(query, user=user)))
    assert sorted(by_conditions) == sorted(case.id for case in wanted)


def test_rows_of_ids_keep_to_the_rights(centre: Centre) -> None:
    """Whoever asks for cases by id gets those that they may see."""
    every = rows.scalars(select(Case)).all()
    found = case_rows([case.id for case in every], user=centre.agent, columns=FIXED)
    assert {row.id for row in found} == {case.id for case in every if _may_see(case, centre, centre.agent)}


def test_without_the_permission_there_is_nothing(centre: Centre) -> None:
    stranger = factories.a_user("nothing at all")
    assert case_page(CaseQuery(view=QuickView.ALL), user=stranger).rows == ()
    assert case_rows([1, 2, 3], user=stranger, columns=FIXED) == []


def test_days_are_those_of_the_reader(centre: Centre) -> None:
    """Half past midnight in Warsaw is still yesterday in UTC."""
    case = rows.scalars(select(Case)).first()
    assert case is not None
    case.created_at = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
    rows.commit()
    query = CaseQuery(view=QuickView.ALL, created=Days(date(2026, 11, 17), date(2026, 11, 17)))
    assert case.id in {row.id for row in case_page(query, user=centre.manager).rows}
    centre.manager.time_zone = "UTC"
    assert case.id not in {row.id for row in case_page(query, user=centre.manager).rows}


def test_pasted_numbers_find_cases_and_contacts(centre: Centre) -> None:
    phone = rows.scalars(select(ContactPhone)).first()
    case = rows.scalars(select(Case).where(Case.contact_id != phone.contact_id)).first()
    assert phone is not None
    assert case is not None
    query = CaseQuery(
        view=QuickView.ALL, pasted=(str(case.number), phone.number.removeprefix("+48"), "nonsense"), size=200
    )
    wanted = rows.scalars(select(Case.id).where((Case.contact_id == phone.contact_id) | (Case.id == case.id)))
    assert {row.id for row in case_page(query, user=centre.manager).rows} == set(wanted)


def test_contact_fields_filter(centre: Centre) -> None:
    rows.add(CustomField(key="tariff", title="Tariff", kind=CustomFieldKind.TEXT))
    contact = rows.scalars(select(Contact)).first()
    assert contact is not None
    contact.custom = {"tariff": "C11"}
    rows.commit()
    query = CaseQuery(view=QuickView.ALL, custom=(("tariff", ValueFilter(Operator.EQUALS, ("C11",))),), size=200)
    wanted = set(rows.scalars(select(Case.id).where(Case.contact_id == contact.id)))
    assert {row.id for row in case_page(query, user=centre.manager).rows} == wanted
    empty = CaseQuery(view=QuickView.ALL, custom=(("tariff", ValueFilter(Operator.EMPTY)),), size=200)
    assert {row.id for row in case_page(empty, user=centre.manager).rows}.isdisjoint(wanted)


def test_an_empty_list_names_the_filter_that_hides_most(centre: Centre) -> None:
    query = CaseQuery(view=QuickView.ALL, sources=(Source.EMAIL,), text="there is no such text")
    found = hidden_by(query, user=centre.manager)
    assert found is not None
    name, count = found
    assert name == "text"
    assert count.number == rows.scalar(select(func.count()).where(Case.source == Source.EMAIL))
    assert hidden_by(CaseQuery(view=QuickView.ALL), user=centre.manager) is None


def test_views_are_counted_with_the_rights_of_the_user(centre: Centre) -> None:
    counts = count_views(QuickView, user=centre.agent)
    for view, count in counts.items():
        assert count == count_cases(CaseQuery(view=view), user=centre.agent)


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e400"])
def test_a_number_that_is_none_is_refused(session: Any, value: str) -> None:
    rows.add(CustomField(key="meter", title="Meter", kind=CustomFieldKind.NUMBER))
    query = CaseQuery(view=QuickView.ALL, custom=(("meter", ValueFilter(Operator.EQUALS, (value,))),))
    with pytest.raises(Invalid, match="compared with a number"):
        case_page(query, user=factories.a_user("manager"))
