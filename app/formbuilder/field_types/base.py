"""What every field kind is: one class, bound to one field of a definition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.formbuilder.answer_field import AnswerField
from app.formbuilder.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time
    from decimal import Decimal

    from wtforms.fields.core import UnboundField

    from app.formbuilder.definition import Field

V = TypeVar("V")
C = TypeVar("C", bound=Config)


class Operator(StrEnum):
    """How a list may be filtered by the answers of a field."""

    EQUALS = "eq"
    CONTAINS = "contains"
    RANGE = "range"
    ONE_OF = "one_of"
    EMPTY = "empty"


class Column(StrEnum):
    """The column of `answers` that filters, sorting and reports use."""

    WORDS = "words"
    NUMBER = "number"
    MOMENT = "moment"


@dataclass(frozen=True, kw_only=True)
class TypedValue:
    """One row of `answers`, without its keys."""

    words: str | None = None
    number: Decimal | None = None
    moment: datetime | None = None


class Group(StrEnum):
    """Where a kind stands in the palette."""

    ANSWERS = "answers"
    CHOICE = "choice"
    LINKS = "links"
    IDENTIFIERS = "identifiers"
    DISPLAY = "display"
    ACTIONS = "actions"


class FieldType(Generic[C]):
    """A kind of field. Instances are bound to one field and hold nothing else."""

    kind: ClassVar[str]
    title: ClassVar[Any]
    """Name of the kind in the palette, lazily translated."""
    icon: ClassVar[str]
    group: ClassVar[Group] = Group.DISPLAY
    macro: ClassVar[str]
    """Macro of templates/form/fields.html that draws the field."""
    config_type: ClassVar[type[Config]] = Config
    fixed_settings: ClassVar[frozenset[str]] = frozenset()
    """Settings that give stored answers their meaning: they do not change once published."""
    shown_settings: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType({})
    """Settings that matter only while another one has one of these values: name → (the other's name, values)."""
    is_known: ClassVar[bool] = True

    def __init__(self, field: Field) -> None:
        if not isinstance(field.config, self.config_type):
            message = f"a field of kind {self.kind} needs {self.config_type.__name__}, not {field.config!r}"
            raise TypeError(message)
        self.field = field

    @property
    def config(self) -> C:
        """The settings of the field, typed."""
        return cast("C", self.field.config)

    def faults(self) -> list[Any]:
        """What must be mended before the field can be published: lazy messages, none when it is fine."""
        return []

    def _title_fault(self) -> list[Any]:
        return [] if self.field.title.strip() else [_l("The field has no title.")]


class AnswerType(FieldType[C], ABC, Generic[V, C]):
    """A kind that holds an answer: a Python value `V`, a JSON value in the document, typed rows, texts."""

    group: ClassVar[Group] = Group.ANSWERS
    operators: ClassVar[tuple[Operator, ...]] = (Operator.EQUALS, Operator.CONTAINS, Operator.EMPTY)
    column: ClassVar[Column] = Column.WORDS
    limit: ClassVar[int] = 200
    """Characters that may be submitted."""
    is_several: ClassVar[bool] = False
    """Whether an answer may have several rows in `answers`."""
    is_given: ClassVar[bool] = True
    """Whether a person gives the answer; else the server works it out at each save."""

    @property
    def reference(self) -> str | None:
        """`contact`, `case`, `file` or `dictionary:<id>` when the answer names rows of that kind.

        Kinds may name it as an attribute.
        """
        return None

    @property
    def sort(self) -> str:
        """The sort that its answers have in formulas, see `expression.SORTS`; kinds may name it as an attribute."""
        return "text"

    def in_formulas(self, stored: Any) -> Any:
        """A stored answer as JSON of its sort; ids of rows are texts there."""
        if self.sort == "list" and isinstance(stored, list):
            return [str(entry) for entry in stored]
        is_whole = isinstance(stored, int) and not isinstance(stored, bool)
        return str(stored) if is_whole and self.sort != "flag" else stored

    @property
    def has_placeholder(self) -> bool:
        """Whether its control is one that shows a text while it is empty."""
        return True

    @property
    def has_default(self) -> bool:
        """Whether a new case may begin with an answer: with one that names rows none does."""
        return self.reference is None

    def parse(self, raw: str | Sequence[str], *, language: str = "pl", before: V | None = None) -> V | None:
        """The value of what was typed in the language; None when empty. `before` is the earlier answer.

        Raises Invalid with a message for the person who typed.
        """
        text = raw if isinstance(raw, str) else (raw[0] if raw else "")
        if not isinstance(raw, str) and len(raw) > 1:
            raise Invalid(_l("Only one answer fits here."))
        self._check_text(text)
        text = text.strip()
        return self.read(text, language, before) if text else None

    def read(self, text: str, language: str, before: V | None) -> V:
        """The value of a text that is neither empty, over-long nor with NUL."""
        # Not abstract: a kind with several answers reads them in a `parse` of its own.
        raise NotImplementedError

    def to_document(self, value: V) -> Any:
        """The JSON value that is stored."""
        return value

    @abstractmethod
    def from_document(self, stored: Any) -> V:
        """The value of what is stored; Invalid when it is none of this kind."""

    def typed_rows(self, value: V) -> list[TypedValue]:
        """The rows by which lists filter and reports count."""
        return [TypedValue(words=fold(str(value)))]

    def display(self, value: V, language: str) -> str:
        """The answer as a person reads it."""
        return str(value)

    def to_input(self, value: V, language: str) -> str | list[str]:
        """What the control shows; `parse` reads it back to the same value."""
        return self.display(value, language)

    def export(self, value: V, language: str) -> str | int | Decimal | date | time | datetime:
        """The cell of a spreadsheet: numbers and dates keep their type."""
        return self.display(value, language)

    def references(self, value: V) -> list[int]:
        """Ids of the rows of kind `reference` that the answer names."""
        return []

    def is_offered(self, row_id: int) -> bool:
        """Whether a person may choose that row, if it is not the answer already."""
        return True

    def stored(self, document_value: Any) -> V | None:
        """The value of a stored answer, or None when it does not fit the kind (any more)."""
        if document_value is None:
            return None
        try:
            return self.from_document(document_value)
        except Invalid:
            return None

    def show(self, document_value: Any, language: str) -> str:
        """A stored answer as text; what does not fit the kind is shown as it was stored."""
        if document_value is None:
            return ""
        value = self.stored(document_value)
        return str(document_value) if value is None else self.display(value, language)

    def faults(self) -> list[Any]:
        """A title is needed, or nobody knows what to answer."""
        return self._title_fault()

    def wtforms_field(self, *, editable: bool) -> UnboundField[AnswerField]:
        """The WTForms field that takes and checks a submitted answer."""
        return cast(
            "UnboundField[AnswerField]",
            AnswerField(label=self.field.title, description=self.field.help, answer_type=self, editable=editable),
        )

    def _check_text(self, text: str) -> None:
        if "\0" in text:
            raise Invalid(_l("The text contains a character that cannot be stored."))
        if len(text) > self.limit:
            raise Invalid(_l("At most %(limit)s characters fit here.", limit=self.limit))


def expect_text(stored: Any) -> str:
    """A stored text, or Invalid."""
    if not isinstance(stored, str) or not stored:
        raise Invalid(_l("This is not an answer of the field's kind."))
    return stored
