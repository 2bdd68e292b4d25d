"""Cursors that are none of ours are refused, whatever is in them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.views.api.cursors import closed, opened


@given(st.lists(st.integers(-(2**63) + 1, 2**63 - 1), min_size=1, max_size=3))
def test_there_and_back(key: list[int]) -> None:
    assert opened(closed(*key), len(key)) == key


@pytest.mark.parametrize(
    "inside", [b"[true]", b"[1, 2]", b'["1"]', b"[9223372036854775808]", b"{}", b"[" * 5000, b"\xff", b""]
)
def test_none_of_ours(inside: bytes) -> None:
    with pytest.raises(Invalid):
        opened(base64.urlsafe_b64encode(inside).decode(), 1)


@given(st.text(max_size=40))
def test_any_text_is_refused_or_a_key(text: str) -> None:
    try:
        opened(text, 1)
    except Invalid:
        return
