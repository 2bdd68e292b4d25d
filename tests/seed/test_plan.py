"""What the demo will do, and the numbers that it invents."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from stdnum import iban
from stdnum.pl import nip, pesel, regon

from app.formbuilder.field_types.identifiers import IdCardType
from app.seed.demo import invented
from app.seed.demo.customers import GROUP, comes_at, known_at
from app.seed.demo.plan import Move, Open, in_time, lives
from app.seed.demo.stage import Part, Stage
from app.seed.demo.working_time import later
from app.seed.gallery import gallery, ready_campaign

NOW = datetime(2026, 11, 18, 11, 30, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def stage():
    parts = tuple(
        Part(name, place, tuple(range(len(ready_campaign(name, "en")["statuses"]))), (11, 12, 13))
        for place, name in enumerate(gallery(), 1)
    )
    return Stage(7, NOW, "pl", 500, 600, 200, 1, parts)


def test_the_same_seed_plans_the_same(stage):
    assert lives(stage, 0, 100) == lives(stage, 0, 100)
    assert lives(stage, 0, 100) != lives(replace(stage, seed=8), 0, 100)
    assert Stage.from_params(stage.to_params()) == stage


def test_cases_are_opened_first_and_everything_lies_in_the_past(stage):
    planned = lives(stage, 0, 600)
    events = in_time(planned)
    assert [life[0].at for life in planned] == sorted(life[0].at for life in planned)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[-1].at < NOW
    begun = set()
    for event in events:
        if isinstance(event, Open):
            begun.add(event.case)
            assert event.contact < known_at(event.at, total=stage.contacts, now=NOW)
            assert comes_at(event.contact, total=stage.contacts, now=NOW) < event.at
        assert event.case in begun
        if isinstance(event, Move) and event.until:
            assert event.until > event.at
    assert begun == set(range(600))


def test_agents_work_in_office_hours(stage):
    for event in in_time(lives(stage, 0, 200)):
        if isinstance(event, Move):
            local = event.at.astimezone(WARSAW)
            assert local.weekday() < 5
            assert 8 <= local.hour <= 18


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 18, 12, 30, tzinfo=WARSAW),
        datetime(2026, 11, 20, 21, 45, tzinfo=WARSAW),
        datetime(2026, 11, 21, 0, 2, tzinfo=WARSAW),
        datetime(2026, 11, 22, 23, 58, tzinfo=WARSAW),
        datetime(2026, 10, 25, 3, 10, tzinfo=WARSAW),
    ],
    ids=["noon", "Friday evening", "just after midnight", "just before midnight", "the clocks went back"],
)
def test_there_is_something_to_do_today_whenever_the_demo_is_made(stage, now):
    planned = lives(replace(stage, now=now.astimezone(UTC)), 0, 200)
    today = now.astimezone(WARSAW).date()
    ends = [life[-1] for life in planned]
    dues = [end.until for end in ends if isinstance(end, Move) and end.until]
    assert sum(now < due and due.astimezone(WARSAW).date() == today for due in dues) >= 2
    assert sum(now > due and due.astimezone(WARSAW).date() == today for due in dues) >= 2
    touched = [end.at for end in ends if end.at.astimezone(WARSAW).date() == today]
    assert len(touched) >= 5
    assert max(touched) < now


def test_working_time_skips_nights_and_weekends():
    friday = datetime(2026, 11, 13, 17, 30, tzinfo=WARSAW)
    assert later(friday, 60).astimezone(WARSAW) == datetime(2026, 11, 16, 8, 30, tzinfo=WARSAW)
    assert later(friday, 600) - later(friday, 0) == timedelta(days=3) - timedelta(minutes=0)


@pytest.mark.parametrize("contact", [0, 1, 5, 4999])
def test_invented_numbers_pass_their_checks(contact):
    rng = Random(contact)  # noqa: S311 (nothing is secret here)
    assert nip.is_valid(invented.nip_of(contact))
    assert regon.is_valid(invented.regon_of(contact))
    assert pesel.is_valid(invented.a_pesel(rng))
    assert iban.is_valid(invented.an_iban(rng))
    assert IdCardType.validate(invented.an_id_card(rng))
    for number in (invented.phone_of(contact), invented.another_phone(rng)):
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_contacts_come_in_whole_groups():
    for days in range(120):
        assert known_at(NOW - timedelta(days=days), total=503, now=NOW) % GROUP == 0
