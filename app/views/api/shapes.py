"""Shapes of requests and answers: frozen dataclasses. The same one reads, writes and stands in the OpenAPI document."""

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.views.api import kinds
from app.views.api.kinds import Complaints, Kind
from app.views.api.unset import UNSET, Unset

T = TypeVar("T")

Line = Annotated[str, kinds.Words(300)]
Required = Annotated[str, kinds.Words(300, least=1)]
Text = Annotated[str, kinds.Words(100_000, lines=True)]
Identity = Annotated[int, kinds.Whole(1)]
Json = Annotated[Any, kinds.Anything()]
Document = Annotated[dict[str, Any], kinds.Document()]
Local = Annotated[datetime, kinds.LocalMoment()]

_PLAIN: dict[Any, Kind] = {
    str: kinds.Words(100_000, lines=True),
    int: kinds.Whole(-kinds.LARGEST),
    bool: kinds.YesNo(),
    datetime: kinds.Moment(),
    date: kinds.Day(),
    UUID: kinds.Key(),
    Decimal: kinds.Figure(),
}


@dataclass(frozen=True)
class Items:
    """How many items a list may have; stands in `Annotated[list[X], Items(20)]`."""

    most: int = 1000


def read(shape: Callable[..., T], raw: Any) -> T:
    """`raw`, as it came in JSON, in its shape; Invalid names each path that does not fit."""
    complaints = Complaints()
    made = kind_of(shape).read(raw, "", complaints)
    if complaints.fields:
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields=complaints.fields)
    return cast("T", made)


def read_query(shape: Callable[..., T], texts: Mapping[str, Sequence[str]]) -> T:
    """A query string in its shape; a list repeats its key."""
    known = record_of(shape).fields
    raw = {key: known[key].kind.of_query(values) if key in known else values for key, values in texts.items()}
    return read(shape, raw)


def write(shape: Any, value: Any) -> Any:
    """`value` of that shape as JSON."""
    return kind_of(shape).write(value)


@dataclass(frozen=True)
class Nullable(Kind):
    """A value, or null."""

    inner: Kind

    def read(self, raw: Any, path: str, complaints: Complaints) -> Any:
        """Null stays null."""
        return None if raw is None else self.inner.read(raw, path, complaints)

    def of_query(self, texts: Sequence[str]) -> Any:
        """As the value."""
        return self.inner.of_query(texts)

    def write(self, value: Any) -> Any:
        """Null stays null."""
        return None if value is None else self.inner.write(value)

    def schema(self) -> dict[str, Any]:
        """Either of the two."""
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


@dataclass(frozen=True)
class Many(Kind):
    """A list."""

    inner: Kind
    items: Items

    def read(self, raw: Any, path: str, complaints: Complaints) -> Any:
        """Each item under its place."""
        if not isinstance(raw, list):
            complaints.add(path, _l("This must be a list."))
            return None
        if len(raw) > self.items.most:
            complaints.add(path, _l("This has too many items: at most %(most)s.", most=self.items.most))
            return None
        return [self.inner.read(item, f"{path}.{place}", complaints) for place, item in enumerate(raw)]

    def of_query(self, texts: Sequence[str]) -> Any:
        """Each repetition of the key is an item."""
        return [self.inner.of_query([text]) for text in texts]

    def write(self, value: Any) -> Any:
        """Each item."""
        return [self.inner.write(item) for item in value]

    def schema(self) -> dict[str, Any]:
        """The items."""
        return {"type": "array", "items": self.inner.schema(), "maxItems": self.items.most}


@dataclass(frozen=True)
class Field:
    """One key of a record."""

    kind: Kind
    default: Any
    is_required: bool


@dataclass(frozen=True)
class Record(Kind):
    """An object with known keys; an unknown one is refused."""

    made: type[Any]
    title: str
    fields: Mapping[str, Field]

    def read(self, raw: Any, path: str, complaints: Complaints) -> Any:
        """The dataclass, or None when anything in it does not fit."""
        if not isinstance(raw, dict):
            complaints.add(path, _l("This must be an object with keys and values."))
            return None
        before = len(complaints.fields)
        inside = f"{path}." if path else ""
        values = {}
        for key in raw.keys() - self.fields.keys():
            complaints.add(f"{inside}{key[:80]}", _l("There is no such key here."))
        for key, field in self.fields.items():
            if key in raw:
                values[key] = field.kind.read(raw[key], f"{inside}{key}", complaints)
            elif field.is_required:
                complaints.add(f"{inside}{key}", _l("This is required."))
        return self.made(**values) if len(complaints.fields) == before else None

    def write(self, value: Any) -> Any:
        """Every key; those that are unset stay out (a field that the user may not see)."""
        pairs = ((key, field, getattr(value, key)) for key, field in self.fields.items())
        return {key: field.kind.write(inner) for key, field, inner in pairs if inner is not UNSET}

    def schema(self) -> dict[str, Any]:
        """A reference: the record itself stands once among the components."""
        return {"$ref": f"#/components/schemas/{self.title}"}

    def definition(self) -> dict[str, Any]:
        """The record itself."""
        return {
            "type": "object",
            "description": (self.made.__doc__ or "").strip().split("\n\n", maxsplit=1)[0],
            "properties": {key: field.kind.schema() for key, field in self.fields.items()},
            "required": [key for key, field in self.fields.items() if field.is_required],
            "additionalProperties": False,
        }


@cache
def kind_of(hint: Any) -> Kind:
    """The kind that a type hint names."""
    if get_origin(hint) is Annotated:
        inner, note, *_ = get_args(hint)
        return Many(kind_of(get_args(inner)[0]), note) if isinstance(note, Items) else note
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) is list:
        return Many(kind_of(get_args(hint)[0]), Items())
    if get_origin(hint) in (Union, types.UnionType):
        return _either(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return kinds.Choice(hint)
    if dataclasses.is_dataclass(get_origin(hint) or hint):
        return _record(hint)
    message = f"{hint} is no kind of value for a request or an answer"
    raise TypeError(message)


def record_of(hint: Any) -> Record:
    """The record that a dataclass makes."""
    kind = kind_of(hint)
    if not isinstance(kind, Record):
        message = f"{hint} is no record"
        raise TypeError(message)
    return kind


def _either(hint: Any) -> Kind:
    inner = [option for option in get_args(hint) if option not in (type(None), Unset)]
    if len(inner) != 1:
        message = f"{hint}: a value has one kind"
        raise TypeError(message)
    return Nullable(kind_of(inner[0])) if type(None) in get_args(hint) else kind_of(inner[0])


def _record(hint: Any) -> Record:
    made = get_origin(hint) or hint
    filled = dict(zip(getattr(made, "__parameters__", ()), get_args(hint), strict=True))
    hints = get_type_hints(made, include_extras=True)
    fields = {}
    for field in dataclasses.fields(made):
        bare = hints[field.name]
        kind = Many(kind_of(filled[get_args(bare)[0]]), Items()) if _is_open(bare) else kind_of(filled.get(bare, bare))
        is_required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        fields[field.name] = Field(kind, field.default, is_required)
    return Record(made, made.__name__ + "".join(of.__name__ for of in filled.values()), fields)


def _is_open(hint: Any) -> bool:
    return get_origin(hint) is list and isinstance(get_args(hint)[0], TypeVar)
