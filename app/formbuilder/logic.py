"""What the answers of a form make of it: the fields that show, what must be filled in, the pages, the results.

Pure, and the truth: the browser (frontend/form/logic.js) only shows the same earlier. A field shows when it is not
hidden, its page lies on the path and its condition holds. One that does not show keeps its answer, but counts as empty
in formulas: an answer that nobody sees decides nothing. So does a field that depends on itself; `logic_faults` names
such fields before they are published.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from app.core.i18n import lazy_gettext as _l
from app.formbuilder.definition import Branch, Field, FormDefinition
from app.formbuilder.expression import Formula, Instant, Read, Value, evaluate_by, fields_in, is_true, typed
from app.formbuilder.field_types.calculated import CalculatedConfig, CalculatedType
from app.formbuilder.formula_sorts import SORT_TITLES, sort_of_formula
from app.formbuilder.moments import HOME

Step = tuple[str, str]
"""`("field", id)` or `("page", id)`."""
Needs = Mapping[Step, Sequence[Step]]
"""What each step depends on directly."""
NAMED = 6
"""So many fields and pages of a circle are named; it may go through all that a form has."""


@dataclass(frozen=True, kw_only=True)
class LogicState:
    """What holds for one document at one moment, whoever asks: rights are another matter."""

    visible: frozenset[str]
    """Ids of the fields that show, display kinds and buttons among them."""
    required: frozenset[str]
    """Ids of those that must be filled in to save."""
    path: tuple[str, ...]
    """Ids of the pages that one walks through."""
    calculated: Mapping[str, Any]
    """What the formulas of calculated fields that show result in, as it is stored; None when empty."""
    read: Read
    """What formulas read of a field, by its id."""


def instant(now: datetime) -> Instant:
    """The moment as formulas know it: the centre's day, the minute in UTC."""
    day = now.astimezone(HOME).date()
    return Instant(today=day.isoformat(), now=now.astimezone(UTC).isoformat(timespec="minutes"))


def state(definition: FormDefinition, document: Mapping[str, Any], at: Instant) -> LogicState:
    """What the answers make of the form."""
    found = _Finding(definition, document, at)
    for kind, key in order_of(definition):
        if kind == "page":
            found.reach(key)
        else:
            found.look_at(definition.by_id[key])
    visible = frozenset(found.visible)
    required = (field.id for field in definition.fields if field.id in visible and found.is_required(field))
    return LogicState(
        visible=visible,
        required=frozenset(required),
        path=tuple(found.path),
        calculated=found.calculated,
        read=found.read,
    )


def has_logic(definition: FormDefinition) -> bool:
    """Whether answers make any difference to the form; then cards show its pages one at a time, too."""
    return len(definition.pages) > 1 or any(
        field.visible_if or field.required_if or formula_of(field) for field in definition.fields
    )


def formula_of(field: Field) -> Formula | None:
    """The formula of a calculated field; None for another one."""
    return field.config.formula if isinstance(field.config, CalculatedConfig) else None


def sorts_of(definition: FormDefinition) -> Mapping[str, str]:
    """The sort of each field that formulas can read, by id."""
    if "sorts" not in definition.kept:
        definition.kept["sorts"] = _sorts(definition)
    return cast("Mapping[str, str]", definition.kept["sorts"])


def _sorts(definition: FormDefinition) -> dict[str, str]:
    return {field_id: kind.sort for field_id, kind in definition.kinds.items() if not kind.field.hidden}


def order_of(definition: FormDefinition) -> list[Step]:
    """Every page and every field behind all that it depends on; in a circle, one of them comes too early."""
    if "order" not in definition.kept:
        definition.kept["order"] = _order(_needs(definition))
    return cast("list[Step]", definition.kept["order"])


def _order(needs: Needs) -> list[Step]:
    order: list[Step] = []
    seen: set[Step] = set()
    for start in needs:
        waiting: list[tuple[Step, Iterator[Step]]] = [(start, iter(needs[start]))] if start not in seen else []
        seen.add(start)
        while waiting:
            step, rest = waiting[-1]
            following = next((each for each in rest if each in needs and each not in seen), None)
            if following is None:
                order.append(step)
                waiting.pop()
            else:
                seen.add(following)
                waiting.append((following, iter(needs[following])))
    return order


def leads_to(definition: FormDefinition, place: int, branch: Branch) -> int | None:
    """Place of the page that a branch of the page at `place` leads to; None when it is none that follows."""
    if branch.page is None:
        return len(definition.pages)
    places = {page.id: number for number, page in enumerate(definition.pages)}
    target = places.get(branch.page, -1)
    return target if target > place else None


def logic_faults(definition: FormDefinition) -> dict[str, list[Any]]:
    """What cannot work, as lazy messages by id of the field or page; nothing for what is hidden."""
    faults: dict[str, list[Any]] = {}
    for field in definition.fields:
        formulas = () if field.hidden else _formulas(field)
        found = [
            fault for each, wanted in formulas for fault in _formula_faults(definition, each, wanted, own=field.id)
        ]
        if found:
            faults[field.id] = found
    for place, page in enumerate(definition.pages):
        for branch in page.branches:
            found = _formula_faults(definition, branch.when, "flag")
            if leads_to(definition, place, branch) is None:
                found.append(_l("A way leads to a page that does not follow this one."))
            if found:
                faults.setdefault(page.id, []).extend(found)
    for circle in circles_in(_needs(definition)):
        named = [_title(definition, step) for step in circle[:NAMED]]
        titles = ", ".join([*named, "…"] if len(circle) > NAMED else named)
        for _kind, key in circle:
            message = _l("This depends on itself, by way of: %(titles)s.", titles=titles)
            faults.setdefault(key, []).append(message)
    return faults


def circles_in(needs: Needs) -> list[list[Step]]:
    """The groups of steps that depend on each other, each in the order of `needs`.

    By Kosaraju's way: each step and each need is looked at twice, however they are woven.
    """
    place = {step: number for number, step in enumerate(needs)}
    needed_by: dict[Step, list[Step]] = {step: [] for step in needs}
    for step, direct in needs.items():
        for each in direct:
            if each in needed_by:
                needed_by[each].append(step)
    circles: list[list[Step]] = []
    settled: set[Step] = set()
    for start in reversed(_order(needs)):
        circle = [] if start in settled else [start]
        settled.add(start)
        for step in circle:  # it grows meanwhile
            following = dict.fromkeys(each for each in needed_by[step] if each not in settled)
            settled.update(following)
            circle += following
        if len(circle) > 1:
            circles.append(sorted(circle, key=place.__getitem__))
    return circles


class _Finding:
    """One evaluation: step by step, each behind what it depends on."""

    def __init__(self, definition: FormDefinition, document: Mapping[str, Any], at: Instant) -> None:
        self._definition, self._document, self._at = definition, document, at
        self._places = {page.id: place for place, page in enumerate(definition.pages)}
        self._next = 0
        self.path: list[str] = []
        self.visible: set[str] = set()
        self._values: dict[str, Value] = {}
        self.calculated: dict[str, Any] = {}

    def reach(self, page_id: str) -> None:
        """Whether the page lies on the path: the one before it is settled."""
        place = self._places[page_id]
        if place and self.path and self.path[-1] == self._definition.pages[place - 1].id:
            self._next = self._after(place - 1)
        if place == self._next:
            self.path.append(page_id)

    def look_at(self, field: Field) -> None:
        """Whether the field shows, and what formulas read of it."""
        if field.hidden or field.page not in self.path:
            return
        if field.visible_if is not None and not self._holds(field.visible_if):
            return
        self.visible.add(field.id)
        if isinstance(field.config, CalculatedConfig):
            formula, kind = field.config.formula, self._definition.kinds[field.id]
            result = self._value(formula) if formula else None
            self.calculated[field.id] = kind.result_of(result) if isinstance(kind, CalculatedType) else None

    def read(self, field_id: str) -> Value:
        """The value of a field as formulas read it: empty while it does not show."""
        if field_id not in self.visible:
            return None
        if field_id not in self._values:
            kind = self._definition.kinds.get(field_id)
            answers = self.calculated if field_id in self.calculated else self._document
            stored = answers.get(field_id)
            value = typed(kind.sort, kind.in_formulas(stored)) if kind and stored is not None else None
            self._values[field_id] = value
        return self._values[field_id]

    def is_required(self, field: Field) -> bool:
        """Whether a field that shows must be filled in to save."""
        return field.required_to_save if field.required_if is None else self._holds(field.required_if)

    def _after(self, place: int) -> int:
        """Place of the page that follows the one at `place`."""
        for branch in self._definition.pages[place].branches:
            target = leads_to(self._definition, place, branch)
            if target is not None and self._holds(branch.when):
                return target
        return place + 1

    def _holds(self, formula: Formula) -> bool:
        return is_true(self._value(formula))

    def _value(self, formula: Formula) -> Value:
        return evaluate_by(formula, self.read, self._at)


def _needs(definition: FormDefinition) -> Needs:
    """What each page and each field depends on: a page on the one before it, and on what that one's branches read."""
    needs: dict[Step, list[Step]] = {}
    for place, page in enumerate(definition.pages):
        needs["page", page.id] = []
        if place:
            former = definition.pages[place - 1]
            read = (field_id for branch in former.branches for field_id in fields_in(branch.when))
            needs["page", page.id] = [("page", former.id), *(("field", field_id) for field_id in read)]
    for field in definition.fields:
        formulas = [] if field.hidden else [each for each in (field.visible_if, formula_of(field)) if each]
        read = (field_id for formula in formulas for field_id in fields_in(formula))
        needs["field", field.id] = [("page", field.page), *(("field", field_id) for field_id in read)]
    return needs


def _formulas(field: Field) -> Iterator[tuple[Formula, str]]:
    """The formulas of a field, each with the sort that it must result in."""
    for condition in (field.visible_if, field.required_if):
        if condition:
            yield condition, "flag"
    config = field.config
    if isinstance(config, CalculatedConfig) and config.formula:
        yield config.formula, config.result


def _formula_faults(definition: FormDefinition, formula: Formula, wanted: str, own: str = "") -> list[Any]:
    """What is wrong with one formula."""
    faults: list[Any] = []
    sorts = sorts_of(definition)
    for field_id in dict.fromkeys(fields_in(formula)):
        field = definition.by_id.get(field_id)
        if field is None:
            faults.append(_l("A condition or formula names a field that the form does not have."))
        elif field_id == own:
            faults.append(_l("A condition or formula of the field reads the field itself."))
        elif field.hidden:
            faults.append(_l("A condition or formula reads the field “%(title)s”, which is hidden.", title=field.title))
        elif field_id not in sorts:
            message = _l("A condition or formula reads “%(title)s”, which holds no answer.", title=field.title)
            faults.append(message)
    if faults:
        return faults
    result, faults = sort_of_formula(formula, sorts)
    if not faults and result not in {None, wanted}:
        message = _l("%(wanted)s is expected here.", wanted=SORT_TITLES[wanted])
        faults.append(message)
    return faults


def _title(definition: FormDefinition, step: Step) -> str:
    kind, key = step
    if kind == "field":
        return definition.by_id[key].title
    return next((page.title or page.id for page in definition.pages if page.id == key), key)
