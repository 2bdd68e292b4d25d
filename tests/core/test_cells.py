"""Cells that a spreadsheet would run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cells import neutral, plain


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1", "\n=1", "+48;=1"],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+48 500 100 200", "-12,50", "+48500100200", "Łódź", "", "a=1"])
def test_numbers_and_words_stay(text: str) -> None:
    assert neutral(text) == text


@given(st.text())
def test_a_neutral_cell_reads_back(text: str) -> None:
    assert plain(neutral(text)) == text or text.startswith("'")


@given(st.text())
def test_nothing_that_starts_a_formula_is_left(text: str) -> None:
    cell = neutral(text)
    assert not cell.startswith(("=", "@", "\t", "\r", "\n", " =", " @", " +", " -"))
    if cell.startswith(("+", "-")):
        assert not any(sign in "=@|!'\"" or sign.isalpha() for sign in cell)
