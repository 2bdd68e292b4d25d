import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.text import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Łódź", "lodz"), ("ŻÓŁĆ gęśla jaźń", "zolc gesla jazn"), ("Straße", "strasse"), ("e\u0301", "e"), ("ЙЁ", "йе")],
)
def test_folding_takes_case_and_accents_away(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(words):
    assert fold(fold(words)) == fold(words)


def test_the_database_folds_the_same_way(session):
    letters = [chr(code) for code in (*range(0x20, 0x180), *range(0x1EA0, 0x1EFA), *range(0x391, 0x3CF))]
    letters = [letter for letter in letters if letter.isprintable() and letter != "İ"]
    rows = session.execute(
        text("SELECT letter, splot_fold(letter) FROM unnest(CAST(:letters AS text[])) AS t (letter)"),
        {"letters": letters},
    )
    assert {letter: folded for letter, folded in rows if fold(letter) != folded} == {}
