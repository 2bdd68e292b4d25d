"""JSON bodies: what is ambiguous, too deep or cannot be stored is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.views.api.body import DEEPEST, Unreadable, parse


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b"nul",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2),
    ],
)
def test_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(raw)


@pytest.mark.parametrize(
    ("raw", "path"),
    [(b'{"a": {"b": ["x", "\\u0000"]}}', "a.b.1"), (b'{"a\\u0000": 1}', ""), (b'{"a": "\\ud800"}', "a")],
)
def test_text_that_cannot_be_stored(raw: bytes, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(raw)
    assert list(caught.value.fields) == [path]


def test_no_digit_is_lost() -> None:
    assert parse(b'{"a": 0.10, "b": "\\u017c\xc3\xb3\xc5\x82\xc4\x87"}') == {"a": Decimal("0.10"), "b": "żółć"}


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        parse(raw)
    except (Unreadable, Invalid):
        return
