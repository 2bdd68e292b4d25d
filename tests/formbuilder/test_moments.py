from datetime import UTC, date, datetime, time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.formbuilder.moments import (
    HOME,
    day_begins,
    read_date,
    read_moment,
    read_time,
    write_date,
    write_moment,
    write_time,
)

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
NAIVE_SINCE, NAIVE_UNTIL = datetime(1950, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - the test gives them their zone
languages = st.sampled_from(["pl", "en"])


@given(days, languages)
def test_a_written_day_is_read_back(day, language):
    assert read_date(write_date(day, language), language) == day
    assert read_date(day.isoformat(), language) == day


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)), languages)
def test_a_written_time_is_read_back(moment, language):
    assert read_time(write_time(moment, language), language) == moment


@given(st.datetimes(NAIVE_SINCE, NAIVE_UNTIL), languages)
def test_a_written_moment_is_read_back(naive, language):
    local = naive.replace(second=0, microsecond=0, tzinfo=HOME)
    moment = local.astimezone(UTC)
    assume(
        moment.astimezone(HOME).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0) and not local.fold
    )
    assert read_moment(write_moment(moment, language), language) == moment


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("4.09.2026", "pl"),
        ("04-09-2026", "pl"),
        ("4/9/2026", "pl"),
        ("2026-09-04", "pl"),
        ("4 września 2026", "pl"),
        ("4 wrz 2026", "en"),
        ("4 Sep 2026", "en"),
        ("4 September 2026", "pl"),
        ("4 Sept. 2026", "en"),
    ],
)
def test_days_are_understood_as_people_write_them(text, language):
    assert read_date(text, language) == date(2026, 9, 4)


@pytest.mark.parametrize(
    "text", ["", "jutro", "31.02.2026", "4.09.26", "2026-13-01", "4.09/2026", "1.1.0001", "٤.09.2026"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Invalid):
        read_date(text, "pl")


def test_english_figures_that_read_two_ways_are_refused():
    with pytest.raises(Invalid, match="cannot be told apart"):
        read_date("4/9/2026", "en")
    assert read_date("14/9/2026", "en") == date(2026, 9, 14)


@pytest.mark.parametrize(
    ("text", "moment"), [("9:30 pm", time(21, 30)), ("12:05 a.m.", time(0, 5)), ("7.45", time(7, 45))]
)
def test_times_are_understood_as_people_write_them(text, moment):
    assert read_time(text, "en") == moment


@pytest.mark.parametrize("text", ["24:00", "11:60", "13:00 pm", "noon", "11"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Invalid):
        read_time(text, "en")


def test_a_moment_is_the_centres_and_stored_in_utc():
    assert read_moment("4.09.2026, 11:30", "pl") == datetime(2026, 9, 4, 9, 30, tzinfo=UTC)
    assert read_moment("2026-12-04T11:30", "pl") == datetime(2026, 12, 4, 10, 30, tzinfo=UTC)
    assert read_moment("4 Dec 2026 1:30 pm", "en") == datetime(2026, 12, 4, 12, 30, tzinfo=UTC)


def test_a_time_that_the_clock_skips_is_refused():
    with pytest.raises(Invalid, match="clocks went forward"):
        read_moment("29.03.2026 2:30", "pl")


def test_a_day_begins_at_the_centres_midnight():
    assert day_begins(date(2026, 9, 4)) == datetime(2026, 9, 3, 22, 0, tzinfo=UTC)
