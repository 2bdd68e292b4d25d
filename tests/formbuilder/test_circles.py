"""Which fields and pages depend on each other, however many there are and however they are woven."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.formbuilder.definition import FIELDS, Field
from app.formbuilder.expression import check as formula
from app.formbuilder.logic import NAMED, Needs, Step, circles_in, logic_faults
from tests.formbuilder.form_samples import make_definition, make_field


def reached(needs: Needs, start: Step) -> set[Step]:
    """All that the step depends on, by whichever way."""
    found: set[Step] = set()
    waiting = [start]
    while waiting:
        further = set(needs.get(waiting.pop(), ())) - found
        found |= further
        waiting += further
    return found


@st.composite
def some_needs(draw: st.DrawFn) -> Needs:
    """Up to twelve steps, and what each depends on: others, itself, what is not there."""
    steps = [("field", str(number)) for number in range(draw(st.integers(1, 12)))]
    direct = st.lists(st.sampled_from([*steps, ("field", "gone")]), max_size=4)
    return {step: draw(direct) for step in steps}


@given(some_needs())
def test_those_that_reach_each_other_stand_in_one_circle(needs: Needs) -> None:
    below = {step: reached(needs, step) for step in needs}
    alike = {step: [other for other in needs if other in below[step] and step in below[other]] for step in needs}
    expected = {tuple(circle) for circle in alike.values() if len(circle) > 1}
    found = [tuple(circle) for circle in circles_in(needs)]
    assert set(found) == expected
    assert len(found) == len(expected), "each once"


class Counted(list[Step]):
    """Needs that count how often they are looked at."""

    looked = 0

    def __iter__(self) -> Iterator[Step]:
        for each in super().__iter__():
            Counted.looked += 1
            yield each


def test_what_depends_on_everything_is_looked_at_twice_and_no_more() -> None:
    steps = [("field", str(number)) for number in range(FIELDS)]
    needs = {step: Counted(steps) for step in steps}
    Counted.looked = 0
    assert circles_in(needs) == [steps]
    assert Counted.looked <= 2 * FIELDS * FIELDS


def ring(size: int) -> list[Field]:
    """Fields of which each shows by the one before it, and the first by the last."""
    fields = [make_field("number", title=f"Field {number}") for number in range(size)]
    shown_by = (formula(["filled", ["field", fields[number - 1].id]]) for number in range(size))
    return [replace(field, visible_if=condition) for field, condition in zip(fields, shown_by, strict=True)]


def test_a_circle_is_told_at_each_of_its_fields_and_names_the_first_ones() -> None:
    short, long = ring(NAMED), ring(NAMED + 1)
    told = logic_faults(make_definition(*short))
    assert set(told) == {field.id for field in short}
    assert str(told[short[0].id][0]).endswith(", ".join(field.title for field in short) + ".")
    told = logic_faults(make_definition(*long))
    assert set(told) == {field.id for field in long}
    assert str(told[long[-1].id][0]).endswith(", ".join(field.title for field in long[:NAMED]) + ", ….")
