"""The list of field kinds, and the way from a field to the class of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.formbuilder.config import Config, UnknownConfig
from app.formbuilder.field_types import ALL
from app.formbuilder.field_types.base import AnswerType, FieldType
from app.formbuilder.field_types.unknown import UnknownField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.formbuilder.definition import Field


class Registry:
    """Classes by kind. Two for one kind are a fault of the program and stop it at start."""

    def __init__(self, classes: Iterable[type[FieldType[Any]]]) -> None:
        self._by_kind: dict[str, type[FieldType[Any]]] = {}
        for each in classes:
            if each.kind in self._by_kind:
                message = f"two field types for the kind {each.kind}: {self._by_kind[each.kind]}, {each}"
                raise ValueError(message)
            self._by_kind[each.kind] = each

    def __getitem__(self, kind: str) -> type[FieldType[Any]]:
        """The class of a kind; `UnknownField` for one that is not known here."""
        return self._by_kind.get(kind, UnknownField)

    def kinds(self) -> tuple[str, ...]:
        """All kinds, in the order of the palette."""
        return tuple(self._by_kind)


REGISTRY = Registry(ALL)


def field_type(field: Field) -> FieldType[Any]:
    """The kind of `field`, bound to it."""
    return REGISTRY[field.kind](field)


def answer_type(field: Field) -> AnswerType[Any, Any] | None:
    """The same for a field that holds an answer; None for a display kind and an unknown one."""
    bound = field_type(field)
    return bound if isinstance(bound, AnswerType) else None


def config_type(kind: str) -> type[Config]:
    """The dataclass of the settings of a kind; `UnknownConfig` where the kind is not known."""
    known = REGISTRY[kind]
    return UnknownConfig if known is UnknownField else known.config_type
