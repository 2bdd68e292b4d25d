"""Numbers that a browser sends: whatever comes, there is a number that the database holds, or a sentence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.views.numbers import LARGEST, number_in
from app.views.sent import sent_number, sent_numbers


@given(st.integers(0, LARGEST))
def test_a_number_is_read_as_text_and_as_number(number: int) -> None:
    assert number_in(str(number)) == sent_number(number) == sent_number(str(number)) == number


@given(st.text() | st.from_regex(r"\d{1,25}", fullmatch=True))
def test_any_other_text_is_none(text: str) -> None:
    number = number_in(text)
    assert number is None or (text.isascii() and 0 <= number <= LARGEST and int(text) == number)


@pytest.mark.parametrize("value", ["x", "-1", -1, 2**63, "9" * 5000, True, 1.5, ["1"], {"a": 1}, "٣", "1 "])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(Invalid):
        sent_number(value)


def test_lists_of_numbers() -> None:
    assert sent_numbers(None) == sent_numbers([]) == ()
    assert sent_numbers(["1", 2]) == (1, 2)
    for value in ("12", {"1": 1}, [None, [1]], 5):
        with pytest.raises(Invalid):
            sent_numbers(value)
