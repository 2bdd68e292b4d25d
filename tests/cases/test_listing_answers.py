"""Lists by answers: each way to a page shows the cases that fit, whether few answers do or many."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.cases import counts, listing_answers, listing_ways
from app.cases.listing import case_page, on_first_page
from app.cases.listing_query import CaseQuery, QuickView, Sort, ValueFilter
from app.cases.listing_walks import matching
from app.core import clock
from app.core.db import session as rows
from app.core.text import fold
from app.formbuilder.answers import AnswerChange, store_many
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.field_types.base import Operator
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import current_version, definition_of
from app.models import AppUser, Campaign, Case
from app.models.cases import Source
from app.models.scripts import StatusKind
from tests import factories
from tests.formbuilder.form_samples import choice, make_field

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
COLOURS = [choice(title) for title in ("red", "green", "blue")]
LONG = "a" * 119
TEXTS = ["Zażółć", "zazolc", "gęślą jaźń", LONG + "b", LONG + "bc", LONG + "bd", LONG]
DAYS = [date(2026, 3, day).isoformat() for day in (1, 2, 3, 31)]
SIZES = [(5000, 2000, 1000), (0, 2000, 1000), (0, 4, 1000), (0, 4, 3), (8, 4, 3)]
"""Of what is few, of the head of a list, of what is counted: each leads another way."""


@dataclass
class Centre:
    """Three campaigns that share one form, and what their cases answer."""

    manager: AppUser
    agent: AppUser
    campaigns: list[Campaign]
    definition: FormDefinition
    documents: dict[int, dict[str, Any]]

    def field(self, kind: str) -> Field:
        """The form's field of that kind."""
        return next(field for field in self.definition.fields if field.kind == kind)


@pytest.fixture
def centre(session: Any) -> Iterator[Centre]:
    """90 cases by a fixed seed; a third of the answers is missing."""
    form = factories.a_form(
        make_field("number"),
        make_field("text"),
        make_field("date"),
        make_field("single_choice", config={"choices": COLOURS}),
        make_field("multiple_choice", config={"choices": COLOURS}),
    )
    script = factories.a_working_script(form=form)
    status = factories.a_status(script, StatusKind.NEW)
    manager, agent = factories.a_user("manager"), factories.a_user()
    campaigns = [
        factories.a_campaign(agent, script=script),
        factories.a_campaign(agent, script=script, agents_see_own_only=True),
        factories.a_campaign(script=script),
    ]
    version = current_version(form.id)
    assert version is not None
    made = Centre(manager, agent, campaigns, definition_of(version), {})
    random, person = Random(11), factories.a_person()  # noqa: S311  (the same cases in every run)
    for _number in range(90):
        created = NOW - timedelta(hours=random.randrange(40))  # several at the same moment
        case = Case(
            contact_id=person.id, campaign_id=random.choice(campaigns).id, status_id=status.id, is_current=True,
            owner_id=random.choice([None, agent.id, manager.id]), source=Source.EMAIL, subject="", created_at=created,
            touched_at=created, status_at=created,
        )  # fmt: skip
        rows.add(case)
        rows.flush()
        made.documents[case.id] = _answers(made, random)
    changes = [AnswerChange(case_id=key, before={}, after=document) for key, document in made.documents.items()]
    store_many(changes, made.definition, version_id=version.id)
    session.commit()
    with clock.stopped_at(NOW):
        yield made


def _answers(centre: Centre, random: Random) -> dict[str, Any]:
    ids = [each["id"] for each in COLOURS]
    given_ones = {
        "number": str(random.randrange(6)),
        "text": random.choice(TEXTS),
        "date": random.choice(DAYS),
        "single_choice": random.choice(ids),
        "multiple_choice": random.sample(ids, random.randint(1, 3)),
    }
    found = {}
    for kind, value in given_ones.items():
        field = centre.field(kind)
        bound = answer_type(field)
        assert bound is not None
        if random.random() < 0.67:
            found[field.id] = bound.to_document(bound.parse(value, language="en"))
    return found


FILTERS = st.one_of(
    st.tuples(st.just("number"), st.integers(0, 6).map(lambda number: ValueFilter(Operator.EQUALS, (str(number),)))),
    st.tuples(
        st.just("number"),
        st.tuples(*[st.sampled_from(["", "0", "2", "4"])] * 2).map(lambda ends: ValueFilter(Operator.RANGE, ends)),
    ),
    st.tuples(st.just("text"), st.sampled_from(TEXTS).map(lambda text: ValueFilter(Operator.EQUALS, (text,)))),
    st.tuples(
        st.just("text"),
        st.sampled_from(["ZOŁ", "a" * 5, "%", "_"]).map(lambda text: ValueFilter(Operator.CONTAINS, (text,))),
    ),
    st.tuples(st.just("date"), st.sampled_from(DAYS).map(lambda day: ValueFilter(Operator.RANGE, (day, DAYS[2])))),
    st.tuples(
        st.sampled_from(["single_choice", "multiple_choice"]),
        st.lists(st.sampled_from([each["id"] for each in COLOURS]), min_size=1, unique=True).map(
            lambda ids: ValueFilter(Operator.ONE_OF, tuple(ids))
        ),
    ),
    st.tuples(st.sampled_from(["number", "text", "multiple_choice"]), st.just(ValueFilter(Operator.EMPTY))),
)


def _fits(value: Any, asked: ValueFilter) -> bool:
    """The same by the stored answer."""
    if asked.operator == Operator.EMPTY:
        return value is None
    if value is None:
        return False
    if asked.operator == Operator.ONE_OF:
        return not set(asked.values).isdisjoint([value] if isinstance(value, str) else value)
    if asked.operator == Operator.CONTAINS:
        return fold(asked.values[0]) in fold(value)
    if asked.operator == Operator.RANGE:
        since, until = asked.values
        typed: Any = (lambda text: text) if "-" in f"{value}{since}{until}" else Decimal
        return (not since or typed(value) >= typed(since)) and (not until or typed(value) <= typed(until))
    return fold(str(value)) == fold(asked.values[0])


def _may_see(case: Case, centre: Centre, user: AppUser) -> bool:
    whole, own_only, _foreign = (each.id for each in centre.campaigns)
    mine = case.campaign_id == own_only and case.owner_id in {user.id, None}
    return user is centre.manager or case.campaign_id == whole or mine


def _walk(query: CaseQuery, user: AppUser) -> list[int]:
    """Ids of all pages, forwards; each page is also reached backwards from the one behind it."""
    found: list[int] = []
    page = case_page(query, user=user)
    while page.next is not None:
        found += [row.id for row in page.rows]
        behind = case_page(replace(query, cursor=page.next), user=user)
        assert behind.previous is not None
        back = case_page(replace(query, cursor=behind.previous), user=user)
        assert [row.id for row in back.rows] == found[-len(page.rows) :]
        page = behind
    return found + [row.id for row in page.rows]


@given(data=st.data())
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_way_shows_what_fits_once_and_in_order(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    few, head, exact = data.draw(st.sampled_from(SIZES), label="sizes")
    monkeypatch.setattr(listing_answers, "FEW", few)
    monkeypatch.setattr(listing_ways, "HEAD", head)
    monkeypatch.setattr(listing_ways, "EXACT", exact)
    user = data.draw(st.sampled_from([centre.manager, centre.agent]), label="user")
    asked = data.draw(st.lists(FILTERS, min_size=1, max_size=2, unique_by=lambda pair: pair[0]))
    query = CaseQuery(
        view=QuickView.ALL,
        campaigns=tuple(data.draw(st.lists(st.sampled_from([each.id for each in centre.campaigns]), max_size=2))),
        answers=tuple((UUID(centre.field(kind).id), value) for kind, value in asked),
        sort=data.draw(st.sampled_from([Sort.CREATED, Sort.NUMBER])),
        descending=data.draw(st.booleans()),
        size=data.draw(st.integers(2, 40)),
    )
    wanted = [
        case
        for case in rows.scalars(select(Case))
        if _may_see(case, centre, user)
        and (not query.campaigns or case.campaign_id in query.campaigns)
        and all(_fits(centre.documents[case.id].get(centre.field(kind).id), value) for kind, value in asked)
    ]
    key = "number" if query.order[0] == Sort.NUMBER else "created_at"
    wanted.sort(key=lambda case: (getattr(case, key), case.id), reverse=query.order[1])

    assert _walk(query, user) == [case.id for case in wanted]
    by_conditions = rows.scalars(select(Case.id).where(*matching(query, user=user)))
    assert sorted(by_conditions) == sorted(case.id for case in wanted)
    count = case_page(query, user=user).count
    assert count is None or count.number == len(wanted)
    assert counts.count_cases(query, user=user).number == len(wanted)
    first = {case.id for case in wanted[: query.size]}
    assert first <= set(on_first_page(list(centre.documents), query, user=user))


@pytest.mark.parametrize(("few", "head", "statements"), [(5000, 2000, 1), (0, 2000, 1), (0, 0, 2)])
def test_a_page_is_found_by_as_few_statements_as_its_way_takes(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, few: int, head: int, statements: int
) -> None:
    """Gathered where few answers fit; at the head where many do; gathered all the same where the head has no page."""
    monkeypatch.setattr(listing_answers, "FEW", few)
    monkeypatch.setattr(listing_ways, "HEAD", head)
    value = ValueFilter(Operator.RANGE, ("1", ""))
    query = CaseQuery(view=QuickView.ALL, answers=((UUID(centre.field("number").id), value),), size=20)
    found = list(listing_ways.ways_to(query, user=centre.manager, now=NOW))
    tried = next(
        number
        for number, way in enumerate(found, 1)
        if way.led_there(rows.execute(select(way.ids.c.id, way.fitting)).all(), query)
    )
    assert tried == statements
