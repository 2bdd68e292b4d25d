"""Telephone numbers as people and spreadsheets write them."""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.contacts.checking import normalise_email, normalise_tax_number
from app.contacts.numbers import normalise_phone, read_phone, searched_digits, shown_phone
from app.contacts.problems import ValueProblem
from app.core.errors import Invalid


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500 100 200", "+48500100200"),
        ("(22) 555-12-34", "+48225551234"),
        ("0048 500 100 200", "+48500100200"),
        ("+48500100200", "+48500100200"),
        ("48500100200", "+48500100200"),
        ("tel. +48 500 100 200", "+48500100200"),
        ("kom. 500-100-200", "+48500100200"),
        ("0-22 555 12 34", "+48225551234"),
        ("(0-22) 555 12 34", "+48225551234"),
        ("'+48500100200", "+48500100200"),
        ("500100200.0", "+48500100200"),
        ("500\xa0100\xa0200", "+48500100200"),
        ("+49 30 901820", "+4930901820"),
        ("22/555-12-34", "+48225551234"),
    ],
)
def test_a_number_is_read_in_the_formats_of_polish_lists(text, number):
    assert normalise_phone(text) == number


@pytest.mark.parametrize("written", ["w. 12", "wew. 12", "wewn 12", "ext. 12", "#12", "x12"])
def test_an_extension_is_noted_and_is_no_part_of_the_number(written):
    read = read_phone(f"22 555 12 34 {written}")
    assert (read.number, read.extension) == ("+48225551234", "12")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4.86E+10", "phone_damaged"),
        ("4,86001E+10", "phone_damaged"),
        ("14 621 40 1", "phone_short"),
        ("500 100 200 300", "phone_long"),
        ("brak", "phone_none"),
        ("500 CALL NOW", "phone_letters"),
        ("000000000", "phone_unknown"),
        ("9" * 100, "phone_long"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text, code):
    with pytest.raises(ValueProblem) as refused:
        normalise_phone(text)
    assert refused.value.code == code


@given(st.text(max_size=80))
def test_any_text_is_a_valid_number_or_an_invalid_value(text):
    try:
        number = normalise_phone(text)
    except Invalid:
        return
    assert phonenumbers.is_valid_number(phonenumbers.parse(number))
    assert normalise_phone(number) == number
    assert normalise_phone(shown_phone(number)) == number


@given(st.integers(500_000_000, 519_999_999), st.sampled_from(["{}", "+48{}", "0048 {}", "48{}", "0{}", "tel: {}"]))
def test_what_is_typed_to_search_is_a_part_of_what_is_stored(digits, form):
    try:
        stored = normalise_phone(str(digits))
    except Invalid:
        return
    typed = form.format(digits)
    assert normalise_phone(typed) == stored
    assert searched_digits(typed) in stored


@given(st.from_regex(r"(\+48|0048|48|0|\+|)[ (]?[0-9]{2,3}[) /-]?[0-9]{3}[ -]?[0-9]{2,5}", fullmatch=True))
@example("+0050020000")
@example("0050020000")
def test_the_quick_way_for_polish_numbers_agrees_with_the_long_one(text):
    def read():
        try:
            return read_phone(text).number
        except Invalid:
            return None

    digits = "".join(filter(str.isdigit, text))
    if len(digits) == 10 and digits[0] == "0" and digits[1] != "0" and "+" not in text:
        text = digits[1:]  # the trunk zero is our own rule, not that of phonenumbers
    quick = read()
    try:
        parsed = phonenumbers.parse(text, "PL")
    except phonenumbers.NumberParseException:
        assert quick is None
        return
    long_way = phonenumbers.format_number(parsed, 0) if phonenumbers.is_valid_number(parsed) else None
    assert quick == long_way


def test_tax_numbers_are_checked_by_their_check_digit():
    assert normalise_tax_number("526-10-40-828") == "5261040828"
    assert normalise_tax_number("PL 526 104 08 28") == "5261040828"
    assert normalise_tax_number("123456785") == "123456785"
    assert normalise_tax_number("DE136695976") == "DE136695976"
    for wrong in ("5261040829", "12345", "DE136695977"):
        with pytest.raises(ValueProblem):
            normalise_tax_number(wrong)


@given(st.emails())
def test_an_address_is_lower_case_and_stays_itself(text):
    try:
        address = normalise_email(text)
    except Invalid:
        return
    assert address == address.lower()
    assert normalise_email(address) == address
