"""What every page tells of the demo, and that no page pays for it."""

from app.core import clock, db
from app.models import Work
from app.people.demo import Demo, note_demo
from app.work.rows import start_work
from tests.factories import a_campaign, a_user, signed_in
from tests.statements import statements

TAG = '<span class="sp-tag info"'
ASKS = 'data-demo="/demo/progress"'


def test_a_demo_that_is_being_filled_says_how_far_it_is_to_everybody(client, session):
    agent = a_user(language="en")
    a_campaign(agent)
    signed_in(client, agent)
    shown = page(client)
    assert TAG not in shown
    assert ASKS not in shown
    assert text(client) == ""

    work = being_filled()
    shown = page(client)
    assert TAG in shown
    assert ASKS in shown
    assert text(client) == "Demo data: 4,200 of 20,000 cases"

    with db.transaction():
        note_demo(Demo(work_id=work, is_filled=True))
    shown = page(client)
    assert TAG in shown
    assert ASKS not in shown
    assert text(client) == ""


def test_a_filling_that_was_stopped_is_not_told_of(client, session):
    signed_in(client, a_user())
    work = being_filled()
    with db.transaction():
        session.get_one(Work, work).ended_at = clock.now()
    assert text(client) == ""


def test_a_page_asks_the_database_nothing_for_it(client, session):
    agent = a_user()
    a_campaign(agent)
    signed_in(client, agent)
    page(client)
    with statements() as without:
        page(client)
    being_filled()
    with statements() as meanwhile:
        assert ASKS in page(client)
    assert len(meanwhile) == len(without)


def being_filled():
    with db.transaction():
        work = start_work("demo.fill", {"cases": 20_000}, queue="bulk", total=25_000, actor=None)
        work.place = {"contacts": 5000, "first": 1000, "rest": 3200}
        note_demo(Demo(work_id=work.id, is_filled=False))
        return work.id


def page(client):
    return client.get("/cases/").get_data(as_text=True)


def text(client):
    return client.get("/demo/progress").get_json()["text"]
