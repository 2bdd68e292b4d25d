"""A form as data: pages, fields and their settings. Immutable; edits make a new one (`editing.py`).

The JSON of a definition is what a form version stores and what an export carries.
"""

import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import rules
from app.formbuilder.config import TITLE, Config, UnknownConfig, WithChoices
from app.formbuilder.expression import Formula
from app.formbuilder.field_types.base import AnswerType
from app.formbuilder.registry import answer_type, config_type, field_type
from app.formbuilder.rules import (
    Anything,
    Expression,
    Flag,
    Listed,
    Maybe,
    Nested,
    OneOf,
    Path,
    Token,
    Uuid,
    Words,
    misfit,
)

FIELDS = 400
"""At most that many fields in one form, hidden ones included."""
PAGES = 40
BRANCHES = 20
"""Of one page."""
WIDTHS = (1, 2, 3, 4, 6)
"""Columns, of the six that a page has."""

_Roles = Maybe(Listed(Words(64), 40))
_NO_SETTINGS = Config()


@dataclass(frozen=True, kw_only=True)
class Branch:
    """Where a page leads when a condition holds: to a page that follows it, or to the end of the form."""

    when: Annotated[Formula, Expression()]
    page: Annotated[str | None, Maybe(Token())] = None
    """None = the end."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a form. The first branch that holds is taken; without one the next page follows."""

    id: Annotated[str, Token()]
    title: Annotated[str, Words(TITLE)] = ""
    branches: Annotated[tuple[Branch, ...], Listed(Nested(Branch), BRANCHES)] = ()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field, of whatever kind. Its id never changes and is what answers are keyed by."""

    id: Annotated[str, Uuid()]
    kind: Annotated[str, Token()]
    page: Annotated[str, Token()]
    title: Annotated[str, Words(TITLE)] = ""
    help: Annotated[str, Words(1000)] = ""
    placeholder: Annotated[str, Words(TITLE)] = ""
    default: Annotated[Any, Anything()] = None
    """Answer of a new case, as the kind stores it."""
    width: Annotated[int, OneOf(WIDTHS)] = 6
    required_to_save: Annotated[bool, Flag()] = False
    required_to_close: Annotated[bool, Flag()] = False
    visible_if: Annotated[Formula | None, Maybe(Expression())] = None
    """Shown only while this holds; None = always. What a condition hides is kept, and not checked."""
    required_if: Annotated[Formula | None, Maybe(Expression())] = None
    """Required to save while this holds; None = as `required_to_save` says."""
    read_only: Annotated[bool, Flag()] = False
    hidden: Annotated[bool, Flag()] = False
    visible_roles: Annotated[tuple[str, ...] | None, _Roles] = None
    """Names of roles; None = everybody."""
    editable_roles: Annotated[tuple[str, ...] | None, _Roles] = None
    show_in_header: Annotated[bool, Flag()] = False
    show_in_lists: Annotated[bool, Flag()] = False
    config: Annotated[Config, Anything()] = _NO_SETTINGS


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    """Pages and fields, both in the order in which they are shown."""

    pages: Annotated[tuple[Page, ...], Listed(Nested(Page), PAGES)]
    fields: Annotated[tuple[Field, ...], Listed(Nested(Field), FIELDS)] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Every field, hidden ones included."""
        return {field.id: field for field in self.fields}

    @cached_property
    def digest(self) -> str:
        """The same for equal definitions: what caches are keyed by."""
        return _digest([[rules.write(page) for page in self.pages], list(self.field_digests.values())])

    @cached_property
    def field_digests(self) -> Mapping[str, str]:
        """The same for equal fields, by their id."""
        return {field.id: _digest(field_json(field)) for field in self.fields}

    @cached_property
    def kinds(self) -> Mapping[str, AnswerType[Any, Any]]:
        """The kind of every field that holds an answer, bound to it, hidden ones included."""
        bound = ((field.id, answer_type(field)) for field in self.fields)
        return {field_id: kind for field_id, kind in bound if kind}

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What rules found out about this definition; it never changes, so they look once."""
        return {}

    def answer_fields(self) -> Iterator[Field]:
        """The fields of kinds that hold an answer, hidden ones included."""
        return (field for field in self.fields if field.id in self.kinds)

    def header_fields(self) -> list[Field]:
        """What the header of the card shows."""
        return [field for field in self.answer_fields() if field.show_in_header and not field.hidden]

    def list_fields(self) -> list[Field]:
        """What lists may show as columns."""
        return [field for field in self.answer_fields() if field.show_in_lists and not field.hidden]


def from_json(raw: object) -> FormDefinition:
    """A definition from its JSON. Invalid names the place of what does not fit; a kind not known here is kept."""
    if isinstance(raw, Mapping) and isinstance(raw.get("fields"), list):
        raw = {**raw, "fields": [_with_config(entry, place) for place, entry in enumerate(raw["fields"], 1)]}
    definition = rules.read(FormDefinition, raw)
    _check_ids(definition)
    for place, field in enumerate(definition.fields, 1):
        _check_default(field, ("fields", str(place), "default"))
    return definition


def to_json(definition: FormDefinition) -> dict[str, Any]:
    """The JSON of a definition; `from_json` reads it to an equal one."""
    return {
        "pages": [rules.write(page) for page in definition.pages],
        "fields": [field_json(field) for field in definition.fields],
    }


def field_json(field: Field) -> dict[str, Any]:
    """The JSON of one field."""
    return {**rules.write(field), "config": _config_json(field.config)}


def _digest(raw: object) -> str:
    return sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def empty_definition() -> FormDefinition:
    """One page without fields: what a new form begins with."""
    return FormDefinition(pages=(Page(id="page-1"),))


def read_config(kind: str, raw: object, path: Path) -> Config:
    """The settings of a kind from their JSON; those of a kind that is not known here stay as they came."""
    known = config_type(kind)
    if known is not UnknownConfig:
        return rules.read(known, raw, path)
    if not isinstance(raw, dict):
        raise misfit(path, _l("an object is expected here"))
    return UnknownConfig(raw=raw)


def _with_config(entry: object, place: int) -> object:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("kind"), str):
        return entry
    return {**entry, "config": read_config(entry["kind"], entry.get("config", {}), ("fields", str(place), "config"))}


def _config_json(config: Config) -> dict[str, Any]:
    return dict(config.raw) if isinstance(config, UnknownConfig) else rules.write(config)


def _check_ids(definition: FormDefinition) -> None:
    """Every id once, every field on a page that exists."""
    pages = [page.id for page in definition.pages]
    if not pages:
        raise misfit(("pages",), _l("a form has at least one page"))
    _refuse_repeats(pages, ("pages",))
    _refuse_repeats([field.id for field in definition.fields], ("fields",))
    for place, field in enumerate(definition.fields, 1):
        if field.page not in pages:
            raise misfit(("fields", str(place), "page"), _l("there is no page “%(page)s”", page=field.page))
        if isinstance(field.config, WithChoices):
            _refuse_repeats([choice.id for choice in field.config.choices], ("fields", str(place), "choices"))


def _refuse_repeats(ids: list[str], path: Path) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise misfit(path, _l("the id “%(id)s” stands twice", id=each))
        seen.add(each)


def _check_default(field: Field, path: Path) -> None:
    if field.default is None:
        return
    kind = answer_type(field)
    if kind is None:
        if field_type(field).is_known:
            raise misfit(path, _l("a field of this kind has no answer"))
        return
    try:
        kind.from_document(field.default)
    except Invalid as error:
        raise misfit(path, _l("this is not an answer of the field's kind")) from error
