"""The lock on a case: taken once a transaction, and taken anew where it was given back."""

import pytest

from app.cases.changes import hold
from app.cases.notes import add_note
from app.core import db
from app.core.errors import Invalid
from tests.factories import a_campaign, a_user, a_working_script, an_open_case
from tests.statements import statements


@pytest.fixture
def agent(session):
    return a_user()


@pytest.fixture
def case(agent):
    case = an_open_case(a_campaign(agent, script=a_working_script()), owner=agent)
    db.session.commit()
    return case


def test_a_case_is_locked_and_read_once_a_transaction(case, agent):
    with statements() as asked:
        with db.transaction():
            add_note(case, "The first.", actor=agent)
            add_note(case, "The second.", actor=agent)
        assert len(locks(asked)) == 1
        with db.transaction():
            hold(case)
    assert len(locks(asked)) == 2


def test_a_savepoint_that_is_undone_gives_the_lock_back(case, agent):
    with statements() as asked, db.transaction():
        with pytest.raises(Invalid), db.session.begin_nested():
            add_note(case, " ", actor=agent)
        add_note(case, "With a text.", actor=agent)
    assert len(locks(asked)) == 2


def locks(asked):
    return [statement for statement in asked if "FROM cases" in statement and "FOR NO KEY UPDATE" in statement]
