from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.formbuilder.numbers import plain_number, read_number, write_number

numbers = st.decimals(
    min_value=-(10**17), max_value=10**17, allow_nan=False, allow_infinity=False, places=6
)  # fmt: skip
languages = st.sampled_from(["pl", "en"])


@given(numbers, languages)
def test_what_is_written_is_read_back(number, language):
    assert read_number(write_number(number, language), language) == number


@given(numbers, languages)
def test_the_plain_spelling_is_read_in_both_languages(number, language):
    plain = plain_number(number)
    assert Decimal(plain) == number
    assert read_number(plain, language) == number


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("1 642,10", "pl", "1642.10"),
        ("1\u00a0642,10", "pl", "1642.10"),
        ("1642.10", "pl", "1642.10"),
        ("1.642,10", "pl", "1642.10"),
        ("1,642.10", "pl", "1642.10"),
        ("1,642", "pl", "1.642"),
        ("1,642", "en", "1642"),
        ("1,64", "en", "1.64"),
        ("1,642.10", "en", "1642.10"),
        ("1 642,10", "en", "1642.10"),
        ("1.234.567", "pl", "1234567"),
        ("−5", "pl", "-5"),
        (",5", "pl", "0.5"),
        ("-0", "pl", "0"),
    ],
)
def test_both_manners_of_writing_are_understood(text, language, number):
    assert read_number(text, language) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".",
        "abc",
        "1e5",
        "inf",
        "NaN",
        "1 64",
        "12 34 56",
        "1,2,3",
        "1.2,3.4",
        "١٢",
        "1" * 19,
        "0.1234567",
        "--1",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Invalid):
        read_number(text, "pl")


@given(st.text(max_size=40), languages)
def test_any_text_is_a_number_or_refused(text, language):
    try:
        number = read_number(text, language)
    except Invalid:
        return
    assert number.is_finite()
