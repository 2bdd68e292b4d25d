"""YAML of unknown origin: within limits, and the same values back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid, TooLarge
from app.portable.reading import DEPTH, NODES, SIZE, read_yaml
from app.portable.writing import InLine, InLineMap, write_yaml

texts = (
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    | st.text("ab \n\t:#'\"-|>é\x85\u2028\ufeff", max_size=12)
    | st.sampled_from(["yes", "1", "1.5", "null", "~", "", "- a", "2026-01-01", "0x1f", "1_0", "=", "<<", "\U0010ffff"])
)
trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | texts
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(InLine)
        | st.dictionaries(texts, inner, max_size=4)
        | st.dictionaries(texts, inner, max_size=4).map(InLineMap)
    ),
    max_leaves=15,
)


@given(trees)
def test_writing_and_reading_is_the_identity(tree):
    assert read_yaml(write_yaml(tree).encode()) == tree


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 500_000,
        b"a: [" + b"1," * 400_000 + b"]",
        b"- " * 500_000,
        b"{a: " * 200_000,
        "".join(f"k{number}: 1\n" for number in range(60_000)).encode(),
        b"x" * (SIZE + 1),
    ],
    ids=["brackets", "entries", "dashes", "braces", "keys", "bytes"],
)
def test_a_bomb_is_refused(raw):
    with pytest.raises(TooLarge):
        read_yaml(raw)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"a: &a [x]\nb: *a", "Line 1: anchors"),
        (b"a: 1\nb: *a", "Line 2: anchors"),
        (b"a: 1\n---\nb: 2", "Line 2: one file"),
        (b"a: 1\nb: 2\na: 3", "Line 3: the key “a” stands twice"),
        (b"a: !!python/object/apply:os.system [ls]", "Line 1: tags"),
        (b"a: !!binary aGk=", "Line 1: tags"),
        (b"a: !!float x", "Line 1: this is not a number"),
        (b"? [a]\n: 1", "Line 1: a key is a text"),
        (b'a: "\\0"', "Line 1: the text contains"),
        (b"a: [1, 2", "this is not YAML"),
        (b"\ta: 1", "this is not YAML"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_what_no_file_of_ours_has_is_refused_with_its_line(raw, why):
    with pytest.raises(Invalid, match=why):
        read_yaml(raw)


def test_limits_are_reached_and_not_passed():
    assert read_yaml(b"[" * DEPTH + b"]" * DEPTH)
    assert len(read_yaml(b"[" + b"1," * (NODES - 1) + b"]")) == NODES - 1
    assert read_yaml(b"") is None
    assert read_yaml("\ufeffa: yes".encode()) == {"a": "yes"}


def test_a_text_of_several_lines_reads_as_it_is():
    assert "|-\n  Dzień dobry!\n\n  (Poczekaj.)" in write_yaml({"text": "Dzień dobry!\n\n(Poczekaj.)"})
