"""A whole file: a script with its statuses, its rules and its form. Statuses are named by a key within the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import rules
from app.formbuilder.rules import Anything, Flag, Listed, Maybe, Nested, OneOf, Path, Token, Uuid, Whole, Words, misfit
from app.models.scripts import DateMode, RuleEvent, StatusColour
from app.portable.reading import read_yaml
from app.portable.writing import InLine, InLineMap, write_yaml
from app.scripts.editing import GRIDS
from app.scripts.kinds import KINDS
from app.scripts.ruling import MOST_RULES
from app.scripts.values import LONGEST_MINUTES, MOST_STATUSES

FORMAT = 1
_ROOT = ("file",)
_HEAD = "A script of Splot. Choose it under Scripts and statuses › Bring in."
_NONE = object()
_KINDS = tuple(kind.value for kind, row in KINDS.items() if row.set_by_people)


@dataclass(frozen=True, kw_only=True)
class StatusEntry:
    """One status. `parent` and `date` say what they say in the status dialog."""

    key: Annotated[str, Token()]
    id: Annotated[str | None, Maybe(Uuid())] = None
    name: Annotated[str, Words(120)]
    kind: Annotated[str, OneOf(_KINDS)]
    initial: Annotated[bool, Flag()] = False
    parent: Annotated[str | None, Maybe(Token())] = None
    hidden: Annotated[bool, Flag()] = False
    colour: Annotated[str | None, Maybe(OneOf(tuple(each.value for each in StatusColour)))] = None
    limit_minutes: Annotated[int | None, Maybe(Whole(1, LONGEST_MINUTES))] = None
    date: Annotated[str | None, Maybe(OneOf(tuple(each.value for each in DateMode)))] = None
    relative_minutes: Annotated[int | None, Maybe(Whole(1, LONGEST_MINUTES))] = None
    absolute_at: Annotated[str | None, Maybe(Words(40))] = None


@dataclass(frozen=True, kw_only=True)
class RuleEntry:
    """What moves cases by itself. `sources` are keys of statuses; null = any."""

    event: Annotated[str, OneOf(tuple(each.value for each in RuleEvent))]
    sources: Annotated[tuple[str, ...] | None, Maybe(Listed(Token(), MOST_STATUSES))] = None
    to: Annotated[str, Token()]
    minutes: Annotated[int | None, Maybe(Whole(1, LONGEST_MINUTES))] = None


@dataclass(frozen=True, kw_only=True)
class FormEntry:
    """The form; `pages` are what `layout.py` reads."""

    name: Annotated[str, Words(160)]
    pages: Annotated[Any, Anything()]


@dataclass(frozen=True, kw_only=True)
class ScriptFile:
    """Everything in the file, checked as far as that takes no database."""

    splot: Annotated[int, Whole(1, FORMAT)]
    id: Annotated[str, Uuid()]
    name: Annotated[str, Words(160)]
    description: Annotated[str, Words(4000)] = ""
    postpone_grid_minutes: Annotated[int, OneOf(GRIDS)] = 15
    statuses: Annotated[tuple[StatusEntry, ...], Listed(Nested(StatusEntry), MOST_STATUSES)]
    rules: Annotated[tuple[RuleEntry, ...], Listed(Nested(RuleEntry), MOST_RULES)] = ()
    form: Annotated[FormEntry | None, Maybe(Nested(FormEntry))] = None

    @property
    def initial(self) -> StatusEntry:
        """Where new cases begin."""
        return next(each for each in self.statuses if each.initial)


def read_file(raw: bytes) -> ScriptFile:
    """The file, or Invalid / TooLarge with the place of what does not fit."""
    tree = read_yaml(raw)
    if not isinstance(tree, Mapping) or "splot" not in tree:
        raise Invalid(
            _l("This is no script of Splot: the file does not begin with “splot: %(format)s”.", format=FORMAT)
        )
    if type(tree["splot"]) is int and tree["splot"] > FORMAT:
        raise Invalid(_l("A newer Splot wrote this file. Bring this one up to date first."))
    file = rules.read(ScriptFile, tree, _ROOT)
    _check(file)
    return file


def write_file(file: ScriptFile) -> str:
    """The YAML of it; `form.pages` as `write_layout` gives them."""
    tree = _without_defaults(file)
    tree["statuses"] = [InLineMap(_without_defaults(each)) for each in file.statuses]
    if file.rules:
        tree["rules"] = [InLineMap(_rule(each)) for each in file.rules]
    if file.form:
        tree["form"] = {"name": file.form.name, "pages": file.form.pages}
    return write_yaml(tree, head=_HEAD)


def _check(file: ScriptFile) -> None:
    place: Path = (*_ROOT, "statuses")
    keys = [each.key for each in file.statuses]
    _once(keys, place)
    _once([each.id for each in file.statuses if each.id], place)
    _once([each.name.lower() for each in file.statuses if not each.hidden], place)
    if sum(each.initial for each in file.statuses) != 1:
        raise misfit(place, _l("exactly one status is the initial one"))
    tops = {each.key for each in file.statuses if each.parent is None}
    for number, status in enumerate(file.statuses, 1):
        if status.parent is not None and status.parent not in tops:
            raise misfit((*place, str(number), "parent"), _l("there is no status “%(key)s”", key=status.parent))
    for number, rule in enumerate(file.rules, 1):
        for key in (*(rule.sources or ()), rule.to):
            if key not in keys:
                raise misfit((*_ROOT, "rules", str(number)), _l("there is no status “%(key)s”", key=key))


def _once(texts: Iterable[str], path: Path) -> None:
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise misfit(path, _l("the id “%(id)s” stands twice", id=text))
        seen.add(text)


def _without_defaults(value: Any) -> dict[str, Any]:
    kind = type(value)
    named = {
        name: rule for name, rule in rules.rules_of(kind).items() if getattr(value, name) != getattr(kind, name, _NONE)
    }
    return {name: rule.write(getattr(value, name)) for name, rule in named.items()}


def _rule(rule: RuleEntry) -> dict[str, Any]:
    tree = _without_defaults(rule)
    return {**tree, **({"sources": InLine(tree["sources"])} if "sources" in tree else {})}
