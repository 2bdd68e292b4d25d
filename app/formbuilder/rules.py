"""Strict JSON for frozen dataclasses: each attribute is `Annotated` with the rule that reads and writes it.

What does not fit raises `Invalid` with the place, such as "fields › 3 › title". Writing and reading again is the
identity.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Protocol, TypeVar, cast, get_type_hints

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.expression import Formula, check, to_json

T = TypeVar("T")
Path = tuple[str, ...]

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Rule(Protocol):
    """How one attribute is read from JSON and written to it."""

    def read(self, raw: object, path: Path) -> Any:
        """The value, or Invalid."""

    def write(self, value: Any) -> Any:
        """JSON that `read` turns into the same value."""


def read(kind: type[T], raw: object, path: Path = ()) -> T:
    """An object of the dataclass `kind`. Unknown and missing keys are refused; what has a default may be left out."""
    if not isinstance(raw, Mapping):
        raise misfit(path, _l("an object is expected here"))
    rules = _rules(kind)
    if not raw.keys() <= rules.keys():
        unknown = next(str(key) for key in raw if key not in rules)
        raise misfit(path, _l("the key “%(key)s” is not known", key=unknown[:80]))
    for name in _without_default(kind):
        if name not in raw:
            raise misfit(path, _l("the key “%(key)s” is missing", key=name))
    return kind(**{name: rules[name].read(value, (*path, name)) for name, value in raw.items()})


def write(value: object) -> dict[str, Any]:
    """The JSON object of a dataclass that `read` knows."""
    return {name: rule.write(getattr(value, name)) for name, rule in _rules(type(value)).items()}


def rules_of(kind: type) -> Mapping[str, Rule]:
    """The rule of each attribute of a dataclass that `read` knows, by name."""
    return _rules(kind)


def misfit(path: Path, what: object) -> Invalid:
    """The error for one place of a document."""
    where = " › ".join(path) or "form"
    return Invalid(_l("%(where)s: %(what)s.", where=where, what=what), {".".join(path): [what]})


def _find_rules(kind: type) -> dict[str, Rule]:
    hints = get_type_hints(kind, include_extras=True)
    return {entry.name: cast("Rule", hints[entry.name].__metadata__[0]) for entry in fields(kind)}


def _find_without_default(kind: type) -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(kind) if entry.default is MISSING and entry.default_factory is MISSING)


# A definition has an object for each field, its settings and each of its choices, so what a class says is found once.
_rules: Callable[[type], dict[str, Rule]] = cache(_find_rules)
_without_default: Callable[[type], tuple[str, ...]] = cache(_find_without_default)


class Plain:
    """Base of the rules whose value is its own JSON."""

    def write(self, value: Any) -> Any:
        """The value itself."""
        return value


@dataclass(frozen=True)
class Words(Plain):
    """Text of at most `limit` characters, without NUL."""

    limit: int

    def read(self, raw: object, path: Path) -> str:
        """The text as it is."""
        if not isinstance(raw, str):
            raise misfit(path, _l("a text is expected here"))
        if "\0" in raw:
            raise misfit(path, _l("the text contains a character that cannot be stored"))
        if len(raw) > self.limit:
            raise misfit(path, _l("at most %(limit)s characters fit here", limit=self.limit))
        return raw


@dataclass(frozen=True)
class Whole(Plain):
    """A whole number from `smallest` to `largest`."""

    smallest: int
    largest: int

    def read(self, raw: object, path: Path) -> int:
        """The number; true and false are none."""
        if not isinstance(raw, int) or isinstance(raw, bool) or not self.smallest <= raw <= self.largest:
            raise misfit(
                path,
                _l(
                    "a whole number from %(smallest)s to %(largest)s is expected here",
                    smallest=self.smallest,
                    largest=self.largest,
                ),
            )
        return raw


@dataclass(frozen=True)
class RowId(Whole):
    """The id of a row of the product. `kind` says of what: `status`, `campaign`, `webhook`, `dictionary`, `picture`."""

    smallest: int = 1
    largest: int = 2**63 - 1
    kind: str = ""


class Flag(Plain):
    """True or false."""

    def read(self, raw: object, path: Path) -> bool:
        """The truth value."""
        if not isinstance(raw, bool):
            raise misfit(path, _l("true or false is expected here"))
        return raw


class Exact:
    """A decimal number, written as text so that no digit is lost."""

    def read(self, raw: object, path: Path) -> Decimal:
        """The number."""
        try:
            value = Decimal(raw) if isinstance(raw, str) and len(raw) <= 40 else Decimal("nan")  # noqa: PLR2004
        except InvalidOperation:
            value = Decimal("nan")
        if not value.is_finite():
            raise misfit(path, _l("a decimal number as text is expected here"))
        return value

    def write(self, value: Decimal) -> str:
        """All its digits."""
        return str(value)


class Token(Plain):
    """A short id: letters, digits, _ and -."""

    def read(self, raw: object, path: Path) -> str:
        """The id."""
        if not isinstance(raw, str) or not _TOKEN.fullmatch(raw):
            raise misfit(path, _l("an id of letters, digits, _ and - is expected here"))
        return raw


class Uuid(Plain):
    """A UUID in its usual spelling (lower case, with hyphens)."""

    def read(self, raw: object, path: Path) -> str:
        """The UUID as text."""
        if not isinstance(raw, str) or not _UUID.fullmatch(raw):
            raise misfit(path, _l("a UUID is expected here"))
        return raw


@dataclass(frozen=True)
class OneOf(Plain):
    """One of a closed list."""

    values: tuple[Any, ...]

    def read(self, raw: object, path: Path) -> Any:
        """The value of the list; 1 is not True."""
        for value in self.values:
            if type(raw) is type(value) and raw == value:
                return value
        known = ", ".join(str(value) for value in self.values)
        raise misfit(path, _l("one of these is expected here: %(known)s", known=known))


@dataclass(frozen=True)
class Maybe:
    """Null, or what `rule` reads."""

    rule: Rule

    def read(self, raw: object, path: Path) -> Any:
        """None for null."""
        return None if raw is None else self.rule.read(raw, path)

    def write(self, value: Any) -> Any:
        """Null for None."""
        return None if value is None else self.rule.write(value)


@dataclass(frozen=True)
class Listed:
    """A list of at most `limit` entries, as a tuple."""

    rule: Rule
    limit: int

    def read(self, raw: object, path: Path) -> tuple[Any, ...]:
        """Every entry by the rule."""
        if not isinstance(raw, list):
            raise misfit(path, _l("a list is expected here"))
        if len(raw) > self.limit:
            raise misfit(path, _l("at most %(limit)s entries fit here", limit=self.limit))
        return tuple(self.rule.read(entry, (*path, str(place))) for place, entry in enumerate(raw, 1))

    def write(self, value: tuple[Any, ...]) -> list[Any]:
        """The list."""
        return [self.rule.write(entry) for entry in value]


@dataclass(frozen=True)
class Nested:
    """An object of another dataclass."""

    kind: type

    def read(self, raw: object, path: Path) -> Any:
        """The object."""
        return read(self.kind, raw, path)

    def write(self, value: Any) -> dict[str, Any]:
        """Its JSON."""
        return write(value)


class Expression:
    """A formula of the closed language."""

    def read(self, raw: object, path: Path) -> Formula:
        """The checked tree."""
        try:
            return check(raw)
        except Invalid as error:
            raise misfit(path, error.message) from error

    def write(self, value: Formula) -> list[Any]:
        """Its JSON."""
        return to_json(value)


class Anything(Plain):
    """JSON that its owner checks."""

    def read(self, raw: object, path: Path) -> Any:  # noqa: ARG002 - the signature of all rules
        """The value as it is."""
        return raw
