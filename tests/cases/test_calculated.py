"""Calculated answers are stored with each save, whoever saves; nobody chooses between two results."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.cases.answers import document_of, history_key
from app.cases.saving import CaseChanges, save_case
from app.cases.timeline import history_of_field
from app.core import db
from app.formbuilder.editing import new_field
from app.models import Answer
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")

PRICE, COUNT = a_field("money", title="Price"), a_field("number", title="Count", default="1")
PRODUCT = ["multiply", ["field", PRICE.id], ["field", COUNT.id]]
TOTAL = new_field("calculated", page="page-1", title="Total", config={"formula": PRODUCT})


@pytest.fixture
def people():
    return [a_user(), a_user()]


@pytest.fixture
def case(people):
    script = a_working_script(form=a_form(PRICE, COUNT, TOTAL))
    return an_open_case(a_campaign(*people, script=script), owner=people[0])


def test_two_saves_are_merged_and_the_result_follows_both(case, people):
    loaded = case.version
    for person, answers in zip(people, ({PRICE.id: "12,50"}, {COUNT.id: "3", TOTAL.id: "999"}), strict=True):
        saved = save_case(case, CaseChanges(answers=answers), loaded_version=loaded, actor=person)
    assert document_of(case) == {PRICE.id: "12.5", COUNT.id: "3", TOTAL.id: "37.5"}
    assert history_key(TOTAL.id) not in saved.changed
    assert Decimal("37.5") in set(db.session.scalars(select(Answer.number)))
    told = history_of_field(case, history_key(TOTAL.id))
    assert {(change.before, change.after) for change in told} == {(None, "12.5"), ("12.5", "37.5")}
