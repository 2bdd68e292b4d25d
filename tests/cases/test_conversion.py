"""Stored answers when a field of their form gets another kind."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import select, text

from app.cases import saving
from app.cases.answers import document_of, former_answers, stored_answer
from app.cases.merging import OutdatedForm
from app.cases.moving import change_campaign
from app.cases.saving import CaseChanges, save_case
from app.core import db
from app.core.db import transaction
from app.formbuilder import converting, versions
from app.formbuilder.definition import FormDefinition, Page
from app.formbuilder.field_types.figures import NumberConfig
from app.jobs.work import RUNNERS
from app.models import Answer, AppUser, Campaign, Case, CaseAnswers, Work
from app.models.work import WorkState
from app.scripts.editing import set_form
from app.work.running import carry_out
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case
from tests.supervisor.running import wait_for

pytestmark = pytest.mark.usefixtures("session")

SIZE, NAME = a_field(title="Size"), a_field(title="Name")
NUMBER = replace(a_field("number", title="Size", config=NumberConfig()), id=SIZE.id)


@pytest.fixture
def agent():
    return a_user()


@pytest.fixture
def campaign(agent):
    return a_campaign(agent, script=a_working_script(form=a_form(SIZE, NAME)))


def answered(campaign, agent, text):
    case = an_open_case(campaign, owner=agent)
    save(case, agent, {SIZE.id: text, NAME.id: "Ewa"})
    return case


def save(case, actor, answers, version=None):
    changes = CaseChanges(answers=answers, form_version=version)
    save_case(case, changes, loaded_version=case.version, actor=actor)


def give_kind(campaign, size):
    form = campaign.script.form
    definition = FormDefinition(pages=(Page(id="page-1"),), fields=(size, NAME))
    with transaction():
        return versions.publish(form, definition, base=form.published, converts=[SIZE.id], actor=None)


def convert_all():
    [work] = db.session.scalars(select(Work).where(Work.kind == versions.CONVERT, Work.state == WorkState.WAITING))
    carry_out(work.id, RUNNERS[versions.CONVERT])
    db.session.expire_all()
    assert work.state == WorkState.DONE, work.error


def numbers():
    return [int(number) for number in db.session.scalars(select(Answer.number).where(Answer.number.is_not(None)))]


def test_another_kind_has_to_be_meant(campaign):
    form = campaign.script.form
    definition = FormDefinition(pages=(Page(id="page-1"),), fields=(NUMBER, NAME))
    with pytest.raises(versions.Unconfirmed) as asked:
        versions.publish(form, definition, base=1, actor=None)
    assert asked.value.details == {"fields": [SIZE.id]}
    assert form.published == 1


def test_answers_are_read_rightly_before_and_after_they_are_rewritten(campaign, agent):
    fits, other = answered(campaign, agent, "42"), answered(campaign, agent, "large")
    give_kind(campaign, NUMBER)

    def check():
        assert document_of(fits) == {SIZE.id: "42", NAME.id: "Ewa"}
        assert document_of(other) == {NAME.id: "Ewa"}
        assert former_answers(other, actor=agent) == {SIZE.id: ["Text", "large"]}
        assert former_answers(fits, actor=agent) == {}

    check()
    assert numbers() == []
    row = db.session.get(CaseAnswers, other.id)
    assert stored_answer(NUMBER, row.document, row.form_version_id) is None
    convert_all()
    check()
    assert numbers() == [42]
    assert [each["value"] for each in db.session.get(CaseAnswers, fits.id).former[SIZE.id]] == ["42"]


def test_a_field_that_is_again_what_it_was_has_its_answers_again(campaign, agent):
    cases = [answered(campaign, agent, text) for text in ("large", "007")]
    for size in (NUMBER, SIZE):
        give_kind(campaign, size)
        convert_all()
    assert [document_of(case)[SIZE.id] for case in cases] == ["large", "007"]
    assert sorted(db.session.scalars(select(Answer.words).where(Answer.field_id == SIZE.id))) == ["007", "large"]


def test_a_save_in_between_keeps_the_answers_of_the_former_kind(campaign, agent):
    case = answered(campaign, agent, "large")
    give_kind(campaign, NUMBER)
    save(case, agent, {NAME.id: "Ola"})
    assert document_of(case) == {NAME.id: "Ola"}
    assert former_answers(case, actor=agent) == {SIZE.id: ["Text", "large"]}
    save(case, agent, {SIZE.id: "5"})
    convert_all()
    assert document_of(case) == {SIZE.id: "5", NAME.id: "Ola"}
    assert numbers() == [5]
    assert db.session.get(CaseAnswers, case.id).former[SIZE.id][0]["value"] == "large"


def test_a_card_of_the_former_kind_is_brought_up_to_date_before_it_saves(campaign, agent):
    case = answered(campaign, agent, "large")
    give_kind(campaign, NUMBER)
    with pytest.raises(OutdatedForm):
        save(case, agent, {SIZE.id: "huge"}, version=1)


def test_work_that_died_goes_on_and_is_safe_to_repeat(campaign, agent, monkeypatch):
    cases = [answered(campaign, agent, str(size)) for size in range(5)]
    version = give_kind(campaign, NUMBER)
    monkeypatch.setattr(converting, "BATCH", 2)
    last = converting.convert_batch(version.form_id, 0)
    assert last == cases[1].id
    assert sorted(numbers()) == [0, 1]
    convert_all()
    assert sorted(numbers()) == [0, 1, 2, 3, 4]
    assert converting.convert_batch(version.form_id, 0) is None


def test_parked_answers_come_back_as_their_field_means_them_now(campaign, agent):
    fits, other = answered(campaign, agent, "42"), answered(campaign, agent, "large")
    elsewhere = a_campaign(agent, script=a_working_script(form=a_form(a_field())))
    for case in (fits, other):
        change_campaign(case, elsewhere, actor=agent)
    give_kind(campaign, NUMBER)
    convert_all()
    for case in (fits, other):
        change_campaign(case, campaign, actor=agent)
    assert document_of(fits)[SIZE.id] == "42"
    assert numbers() == [42]
    assert SIZE.id not in document_of(other)
    assert former_answers(other, actor=agent) == {SIZE.id: ["Text", "large"]}


def test_answers_keep_their_meaning_while_their_script_has_another_form(campaign, agent):
    script, ours = campaign.script, campaign.script.form
    fits, other, untouched = (answered(campaign, agent, text) for text in ("42", "large", "43"))
    remark = a_field(title="Remark")
    theirs = a_form(remark)

    def give(form):
        with transaction():
            set_form(script, form, expected_version=script.version, actor=None)

    give(theirs)
    for case in (fits, other):
        save(case, agent, {remark.id: "meanwhile"})
    with transaction():
        definition = FormDefinition(pages=(Page(id="page-1"),), fields=(NUMBER, NAME))
        versions.publish(ours, definition, base=1, converts=[SIZE.id], actor=None)
    convert_all()
    give(ours)

    def check():
        assert [document_of(case).get(SIZE.id) for case in (fits, other, untouched)] == ["42", None, "43"]
        assert former_answers(other, actor=agent) == {SIZE.id: ["Text", "large"]}
        assert former_answers(fits, actor=agent) == {}

    check()
    convert_all()
    check()
    assert sorted(numbers()) == [42, 43]
    now = versions.current_version(ours.id)
    assert set(db.session.scalars(select(CaseAnswers.form_version_id))) == {now.id}
    give(theirs)
    assert {document_of(case).get(remark.id) for case in (fits, other)} == {"meanwhile"}


@pytest.fixture
def beside(app):
    """Run a door on a connection of its own, beside the test; its result is waited for."""
    with ThreadPoolExecutor(2) as pool:

        def run(door):
            def inside():
                with app.app_context():
                    try:
                        with transaction():
                            return door()
                    finally:
                        db.session.remove()

            return pool.submit(inside)

        yield run


class Halt:
    """A place where somebody waits until the test lets them go on."""

    def __init__(self):
        self._reached, self._free = Event(), Event()

    def here(self):
        self._reached.set()
        assert self._free.wait(60)

    def is_reached(self):
        assert self._reached.wait(60)

    def go_on(self):
        self._free.set()


def typed_numbers(case_id):
    """Of the field whose kind changes; None where a typed row is still of the former kind."""
    db.session.commit()
    rows = select(Answer.number).where(Answer.field_id == SIZE.id, Answer.case_id == case_id)
    return list(db.session.scalars(rows))


@pytest.mark.parametrize(("typed", "document"), [({}, "42"), ({SIZE.id: "43"}, "43"), ({SIZE.id: "huge"}, None)])
def test_a_save_that_commits_behind_the_last_pass_is_brought_along(
    campaign, agent, beside, monkeypatch, typed, document
):
    case = answered(campaign, agent, "42")
    db.session.commit()
    case_id, agent_id, halt, write = case.id, agent.id, Halt(), saving.write_answers

    def write_late(*args):
        halt.here()
        return write(*args)

    def save_late():
        late = db.session.get_one(Case, case_id)
        save(late, db.session.get_one(AppUser, agent_id), {NAME.id: "Ola", **typed}, version=1)

    monkeypatch.setattr(saving, "write_answers", write_late)
    saved = beside(save_late)
    halt.is_reached()
    give_kind(campaign, NUMBER)
    convert_all()
    assert typed_numbers(case_id) == [42]
    halt.go_on()
    saved.result(60)
    assert typed_numbers(case_id) == ([int(document)] if document else [])
    expected = {NAME.id: "Ola"} | ({SIZE.id: document} if document else {})
    assert document_of(case) == expected
    row = db.session.get(CaseAnswers, case_id)
    assert row.document == expected
    assert [each["value"] for each in row.former[SIZE.id]] == list(dict.fromkeys(["42", *typed.values()]))


def test_a_kind_that_changes_waits_for_the_saves_that_do_not_know_it(campaign, agent, beside):
    case = answered(campaign, agent, "41")
    db.session.commit()
    case_id, agent_id, campaign_id, halt = case.id, agent.id, campaign.id, Halt()

    def save_slowly():
        slow = db.session.get_one(Case, case_id)
        save(slow, db.session.get_one(AppUser, agent_id), {SIZE.id: "42"})
        halt.here()

    saved = beside(save_slowly)
    halt.is_reached()
    published = beside(lambda: give_kind(db.session.get_one(Campaign, campaign_id), NUMBER) and None)
    waits = text("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
    wait_for(lambda: db.session.scalar(waits))
    halt.go_on()
    saved.result(60)
    published.result(60)
    db.session.commit()
    convert_all()
    assert typed_numbers(case_id) == [42]
