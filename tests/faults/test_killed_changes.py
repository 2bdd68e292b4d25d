"""A worker dies while cases follow a change of form or script: another goes on, none is left out or done twice."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.cases.hiding import hide_and_move
from app.cases.opening import open_many
from app.core import db
from app.formbuilder.answers import AnswerChange, store_many
from app.formbuilder.definition import FormDefinition
from app.formbuilder.definition import Page as FormPage
from app.formbuilder.field_types.figures import NumberConfig
from app.formbuilder.versions import CONVERT, current_version, definition_of, publish
from app.models import Activity, Answer, Case, CaseAnswers, Form, Script, Status, Work
from app.models.activities import ActivityKind
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.scripts.editing import set_initial
from tests.browser.product import Product, the_person
from tests.factories import a_campaign, a_field, a_form, a_person, a_status, a_working_script
from tests.faults.killing import kill_in_the_middle

CASES = 900
SIZE = a_field(title="Size")
NUMBER = replace(a_field("number", title="Size", config=NumberConfig()), id=SIZE.id)
WORDS = "large"
"""What every third case answers: no number."""


@pytest.fixture(scope="module")
def cases(product: Product) -> list[int]:
    """Ids of cases in one campaign, each with an answer."""
    with product.inside(), db.transaction():
        script = a_working_script(form=a_form(SIZE))
        campaign = a_campaign(script=script)
        contacts = [a_person().id for _ in range(CASES)]
        ids = open_many(contacts, campaign, source=Source.OUTBOUND_CAMPAIGN, actor=None).case_ids
        version = the_version()
        answers = [AnswerChange(case_id=each, before={}, after={SIZE.id: answer_of(each)}) for each in ids]
        store_many(answers, definition_of(version), version_id=version.id)
        return list(ids)


def answer_of(case_id: int) -> str:
    return str(case_id) if case_id % 3 else WORDS


def the_version() -> Any:
    return current_version(db.session.scalars(select(Form.id)).one())


def test_cases_leave_a_status_that_is_hidden(product: Product, cases: list[int]) -> None:
    with product.inside(), db.transaction():
        script = db.session.scalars(select(Script)).one()
        left = next(each for each in script.statuses if each.is_initial)
        reached = a_status(script, StatusKind.IN_PROGRESS)
        set_initial(a_status(script, StatusKind.NEW, name="Fresh"), expected_version=script.version, actor=None)
        begun = hide_and_move(
            left,
            cases_to=reached,
            rules_to=None,
            expected_version=script.version,
            actor=the_person("ewa"),
        )
        assert begun is not None
        work_id, left_id, reached_id = begun.id, left.id, reached.id
    kill_in_the_middle(product, work_id)
    with product.inside():
        assert db.session.get_one(Status, left_id).is_hidden
        assert set(db.session.scalars(select(Case.status_id))) == {reached_id}
        moves = select(Activity.case_id).where(Activity.kind == ActivityKind.STATUS)
        assert sorted(db.session.scalars(moves)) == cases, "each was moved once"
        result = db.session.get_one(Work, work_id)
        assert (result.done, result.failed) == (CASES, 0)


def test_answers_follow_a_field_that_gets_another_kind(product: Product, cases: list[int]) -> None:
    with product.inside(), db.transaction():
        definition = FormDefinition(pages=(FormPage(id="page-1"),), fields=(NUMBER,))
        form = db.session.scalars(select(Form)).one()
        publish(form, definition, base=form.published, converts=[SIZE.id], actor=the_person("maria"))
        work_id = db.session.scalars(select(Work.id).where(Work.kind == CONVERT)).one()
    kill_in_the_middle(product, work_id, lambda work: work.place.get("after"))
    with product.inside():
        rows = db.session.scalars(select(CaseAnswers).order_by(CaseAnswers.case_id)).all()
        fits = [case_id for case_id in cases if case_id % 3]
        assert [row.case_id for row in rows] == cases
        assert {row.form_version_id for row in rows} == {the_version().id}
        assert {row.case_id: row.document for row in rows if row.document} == {
            each: {SIZE.id: str(each)} for each in fits
        }
        assert all([each["value"] for each in row.former[SIZE.id]] == [answer_of(row.case_id)] for row in rows)
        typed = db.session.execute(select(Answer.case_id, Answer.number).order_by(Answer.case_id))
        assert [tuple(row) for row in typed] == [(each, each) for each in fits]
