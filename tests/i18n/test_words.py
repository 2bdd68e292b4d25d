"""Plurals, numbers, days and times of day, as each language writes them."""

from datetime import UTC, datetime

import pytest
from flask_babel import format_decimal

from app.core import clock
from app.core.i18n import in_language, ngettext
from app.views import formats
from tests.factories import a_user, signed_in

CASES = {
    "en": {0: "0 cases", 1: "1 case", 2: "2 cases", 5: "5 cases", 22: "22 cases", 101: "101 cases"},
    "pl": {
        0: "0 spraw", 1: "1 sprawa", 2: "2 sprawy", 4: "4 sprawy", 5: "5 spraw", 11: "11 spraw", 12: "12 spraw",
        14: "14 spraw", 21: "21 spraw", 22: "22 sprawy", 25: "25 spraw", 101: "101 spraw", 102: "102 sprawy",
        112: "112 spraw", 1000: "1000 spraw",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", CASES)
def test_a_number_takes_its_plural_form(app, language):
    with app.test_request_context(), in_language(language):
        assert {number: ngettext("%(num)s case", "%(num)s cases", number) for number in CASES[language]} == CASES[
            language
        ]


@pytest.mark.parametrize(("language", "expected"), [("pl", "1\xa0234\xa0567,5"), ("en", "1,234,567.5")])
def test_a_large_number_has_the_separators_of_the_language(app, language, expected):
    with app.test_request_context(), in_language(language):
        assert format_decimal(1_234_567.5) == expected


@pytest.mark.parametrize(("language", "expected"), [("pl", "1,5 MB"), ("en", "1.5 MB")])
def test_a_size_has_the_decimal_sign_of_the_language(app, language, expected):
    with app.test_request_context(), in_language(language):
        assert formats.size_text(1_500_000) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 1, 15, 12, tzinfo=UTC), "15 sty 2026, 13:00"),
        (datetime(2026, 7, 15, 12, tzinfo=UTC), "15 lip 2026, 14:00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 mar 2026, 01:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 mar 2026, 03:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 paź 2026, 02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 paź 2026, 02:30"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1 sty 2027, 00:30"),
    ],
)
def test_moments_are_shown_in_warsaw_time_in_summer_and_in_winter(app, moment, expected):
    with app.test_request_context(), in_language("pl"):
        assert formats.short(moment) == expected


def test_a_day_has_its_name_and_begins_at_midnight_in_warsaw(app):
    with app.test_request_context(), in_language("pl"), clock.stopped_at(datetime(2026, 7, 15, 22, 30, tzinfo=UTC)):
        assert formats.day(datetime(2026, 7, 15, 22, 5, tzinfo=UTC)) == "Dzisiaj, 16 lipca, czwartek"
        assert formats.day(datetime(2026, 7, 15, 21, 55, tzinfo=UTC)) == "Wczoraj, 15 lipca, środa"


@pytest.mark.parametrize(("zone", "expected"), [("Europe/Warsaw", "13:00"), ("America/New_York", "07:00")])
def test_a_user_of_another_zone_reads_their_own_time(client, zone, expected):
    seen = a_user(last_login=datetime(2026, 1, 15, 12, tzinfo=UTC))
    signed_in(client, a_user("admin", language="pl", time_zone=zone))
    assert f"15 sty 2026, {expected}" in client.get(f"/users/show/{seen.id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("minutes", "polish", "english"),
    [(45, "45 min", "45 min"), (90, "1 h 30 min", "1 h 30 min"), (2880, "2 d", "2 d"),
     (365 * 1440, "1 rok", "1 year"), (3 * 365 * 1440, "3 lata", "3 years"), (5 * 365 * 1440, "5 lat", "5 years")],
)  # fmt: skip
def test_a_span_is_written_in_its_largest_unit(app, minutes, polish, english):
    for language, expected in (("pl", polish), ("en", english)):
        with app.test_request_context(), in_language(language):
            assert formats.duration(minutes) == expected
