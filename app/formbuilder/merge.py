"""Merging two edits of one form: setting by setting, by the ids that never change. Nothing of either side is lost.

What only one side changed is taken; what both changed to different values is a clash, which a person decides.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.formbuilder.definition import FormDefinition, from_json, to_json

Side = Literal["theirs", "mine"]
Path = tuple[str, ...]
"""Where a setting stands: `("fields", "<id>", "title")`, `("fields", "<id>", "choices", "<id>", "title")`."""

ORDER = "order"
KIND = "kind"
"""Setting of a clash about the kind of a field: its settings and its default go with it."""
_OF_KIND = ("kind", "config", "default")
_MISSING = object()
_FIRST = "theirs"


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One setting that both sides changed, as JSON; None where a side has none."""

    path: Path
    base: Any
    theirs: Any
    mine: Any

    @property
    def key(self) -> str:
        """The path as text, by which a decision names it."""
        return key_of(self.path)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What two edits come to. While a clash is not decided the value of their side stands in the definition."""

    definition: FormDefinition
    clashes: tuple[Clash, ...]
    """All of them, decided or not."""
    undecided: tuple[Clash, ...]


def merge(
    base: FormDefinition, theirs: FormDefinition, mine: FormDefinition, decisions: Mapping[str, Side] | None = None
) -> Merged:
    """Both edits of `base` in one definition. `decisions` say by the key of a clash whose value is taken.

    Raises Invalid when both together are more than a form may have.
    """
    work = _Merge(decisions or {})
    sides = (to_json(base), to_json(theirs), to_json(mine))
    raw = {
        "pages": work.entries(("pages",), *(side["pages"] for side in sides)),
        "fields": work.entries(("fields",), *(side["fields"] for side in sides)),
    }
    undecided = tuple(clash for clash in work.clashes if clash.key not in work.decisions)
    return Merged(definition=from_json(raw), clashes=tuple(work.clashes), undecided=undecided)


def key_of(path: Path) -> str:
    """A path as text."""
    return "/".join(path)


class _Merge:
    def __init__(self, decisions: Mapping[str, Side]) -> None:
        self.decisions = decisions
        self.clashes: list[Clash] = []

    def entries(
        self, path: Path, base: list[dict[str, Any]], theirs: list[dict[str, Any]], mine: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Pages, fields or choices: whatever stands in any of the three, once."""
        known, their, my = ({entry["id"]: entry for entry in entries} for entries in (base, theirs, mine))
        ids = self._order(path, [*known], [*their], [*my])
        return [self._entry((*path, each), known.get(each), their.get(each), my.get(each)) for each in ids]

    def _entry(
        self, path: Path, base: dict[str, Any] | None, theirs: dict[str, Any] | None, mine: dict[str, Any] | None
    ) -> dict[str, Any]:
        if theirs is None or mine is None:
            # What one side does not know is new on the other, or it was left out, which takes nothing away.
            return theirs or mine or base or {}
        former = base or {}
        if len({each["kind"] for each in (former, theirs, mine) if "kind" in each}) > 1:
            return self._entry_of_other_kind(path, former, theirs, mine)
        return self._settings(path, former, theirs, mine)

    def _entry_of_other_kind(
        self, path: Path, base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
    ) -> dict[str, Any]:
        """Settings of a kind mean nothing to another one, so they go with it."""
        whole = [{name: each[name] for name in _OF_KIND if name in each} for each in (base, theirs, mine)]
        rest = [{name: each[name] for name in each if name not in _OF_KIND} for each in (base, theirs, mine)]
        kind = self._value((*path, KIND), *whole)
        return {**self._settings(path, *rest), **kind}

    def _settings(
        self, path: Path, base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
    ) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for name in {**theirs, **mine}:
            was, their, my = (each.get(name, _MISSING) for each in (base, theirs, mine))
            if name == "config" and isinstance(their, dict) and isinstance(my, dict):
                merged[name] = self._settings((*path, name), was if isinstance(was, dict) else {}, their, my)
            elif path[-1] == "config" and _are_entries(their) and _are_entries(my):
                listed = was if _are_entries(was) else []
                merged[name] = self.entries((*path[:-1], name), listed, their, my)
            else:
                merged[name] = self._value((*path, name), was, their, my)
        return {name: value for name, value in merged.items() if value is not _MISSING}

    def _value(self, path: Path, base: Any, theirs: Any, mine: Any) -> Any:
        if mine in (theirs, base):
            return theirs
        if theirs == base:
            return mine
        clash = Clash(path=path, base=_or_none(base), theirs=_or_none(theirs), mine=_or_none(mine))
        self.clashes.append(clash)
        return mine if self.decisions.get(clash.key, _FIRST) == "mine" else theirs

    def _order(self, path: Path, base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
        """Their order, with what is new or was moved on my side put behind what it follows there."""
        kept = [each for each in base if each not in set(theirs)]
        theirs = [*theirs, *kept]
        moved, their_moved = moved_in(base, mine), moved_in(base, theirs)
        both = moved & their_moved
        compared = both | (set(base) - moved - their_moved)
        if _only(mine, compared) != _only(theirs, compared):
            shared = set(base)
            asked = self._value((*path, ORDER), base, _only(theirs, shared), _only(mine, shared))
            moved -= both if asked == _only(theirs, shared) else set()
        known = set(theirs)
        return _placed(theirs, mine, {each for each in mine if each in moved or each not in known})


def _placed(order: Sequence[str], wanted: Sequence[str], moving: set[str]) -> list[str]:
    """`order`, with the entries in `moving` behind what they follow in `wanted`; what others put there stays before."""
    placed = [each for each in order if each not in moving]
    named = set(wanted)
    before: str | None = None
    for each in wanted:
        if each in moving:
            place = placed.index(before) + 1 if before is not None else 0
            while place < len(placed) and placed[place] not in named:
                place += 1
            placed.insert(place, each)
        before = each
    return placed


def moved_in(base: Sequence[str], other: Sequence[str]) -> set[str]:
    """The fewest entries whose moves turn the order of `base` into that of `other`."""
    place = {each: number for number, each in enumerate(base)}
    common = [each for each in other if each in place]
    return set(common) - set(_longest_rising(common, place))


def _longest_rising(entries: Sequence[str], place: Mapping[str, int]) -> list[str]:
    ends: list[int] = []
    last: list[str] = []
    before: dict[str, str | None] = {}
    for each in entries:
        at = bisect_left(ends, place[each])
        before[each] = last[at - 1] if at else None
        ends[at : at + 1] = [place[each]]
        last[at : at + 1] = [each]
    found: list[str] = []
    step = last[-1] if last else None
    while step is not None:
        found.append(step)
        step = before[step]
    return found


def _only(entries: Iterable[str], named: set[str]) -> list[str]:
    return [each for each in entries if each in named]


def _are_entries(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and "id" in each for each in value)


def _or_none(value: Any) -> Any:
    return None if value is _MISSING else value
