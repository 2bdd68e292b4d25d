"""A trial ends with what it has when its time is over, and says how much that was."""

from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import text

from app.cases import form_trial
from app.cases.form_trial import conversions, try_form
from app.cases.saving import CaseChanges, save_case
from app.core import db
from app.core.errors import Refused
from app.formbuilder.definition import FormDefinition, Page
from app.formbuilder.field_types.figures import NumberConfig
from app.formbuilder.versions import draft_definition, save_draft
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case, signed_in

SIZE, NAME = a_field(title="Size"), a_field(title="Name")
CASES = 6


@pytest.fixture
def manager(session):
    return a_user("manager")


@pytest.fixture
def form(manager):
    """With cases that have both answers."""
    form = a_form(SIZE, NAME)
    campaign = a_campaign(manager, script=a_working_script(form=form))
    for _ in range(CASES):
        case = an_open_case(campaign)
        save_case(case, CaseChanges(answers={SIZE.id: "large", NAME.id: "7"}), loaded_version=case.version, actor=None)
    return form


@pytest.fixture
def each_look_takes(monkeypatch):
    """Seconds that pass from one look at the clock to the next."""

    def pass_by(seconds):
        moments = count(step=seconds)
        monkeypatch.setattr(form_trial, "monotonic", lambda: next(moments))

    return pass_by


def with_fields(*fields):
    return FormDefinition(pages=(Page(id="page-1"),), fields=fields)


def test_a_trial_says_how_many_cases_it_had_time_for(client, manager, form, each_look_takes):
    edited = with_fields(SIZE, NAME, a_field(title="Serial", required_to_save=True))
    save_draft(form, edited, base=1, seen=None, actor=manager)
    browser = signed_in(client, manager)
    each_look_takes(form_trial.SECONDS / 2.5)
    page = browser.get(f"/forms/{form.id}/trial").get_data(as_text=True)
    assert "The draft was tried on 2 cases." in page
    assert f"The others of the {CASES} were left out" in page
    each_look_takes(0)
    assert try_form(form, draft_definition(form, actor=manager), user=manager).tried == CASES


def test_fields_that_change_their_kind_share_the_time(manager, form, each_look_takes):
    number = {"kind": "number", "config": NumberConfig()}
    edited = with_fields(replace(SIZE, **number), replace(NAME, **number))
    each_look_takes(form_trial.SECONDS / 7)
    cut = conversions(form, edited, user=manager)
    assert [(each.old.title, each.is_all) for each in cut] == [("Size", False), ("Name", False)]
    assert all(0 < each.looked_at < CASES for each in cut)
    each_look_takes(0)
    whole = conversions(form, edited, user=manager)
    assert [(each.is_all, each.looked_at, each.converts) for each in whole] == [(True, CASES, 0), (True, CASES, CASES)]


def test_a_database_that_takes_too_long_is_not_waited_for(manager, form, monkeypatch):
    monkeypatch.setattr(form_trial, "SECONDS", 0.05)
    monkeypatch.setattr(form_trial, "_cases", lambda *_: db.session.execute(text("SELECT pg_sleep(60)")))
    with pytest.raises(Refused, match=r"more than 0\.05 seconds"):
        try_form(form, with_fields(SIZE, NAME), user=manager)
    assert db.session.scalar(text("SELECT current_setting('statement_timeout')")) == "0"
