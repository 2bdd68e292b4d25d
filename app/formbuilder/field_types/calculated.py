"""A field whose answer the server works out from other answers, by a formula, at each save."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.expression import Formula, Value, plain, round_to
from app.formbuilder.field_types.base import AnswerType, Column, Operator, TypedValue
from app.formbuilder.field_types.choices import YesNoType
from app.formbuilder.field_types.dates import DateTimeType, DateType
from app.formbuilder.field_types.figures import NumberConfig, NumberType
from app.formbuilder.field_types.texts import LongTextConfig, LongTextType
from app.formbuilder.numbers import DECIMALS, write_number
from app.formbuilder.rules import Expression, Maybe, OneOf, Whole, Words

RESULTS = ("number", "text", "date", "moment", "flag")
"""Sorts that a result may have."""


@dataclass(frozen=True, kw_only=True)
class CalculatedConfig(Config):
    """The formula and what it results in; decimal places and unit are those of a number."""

    formula: Annotated[Formula | None, Maybe(Expression())] = None
    result: Annotated[str, OneOf(RESULTS)] = "number"
    decimals: Annotated[int, Whole(0, DECIMALS)] = 2
    unit: Annotated[str, Words(12)] = ""


class CalculatedType(AnswerType[Any, CalculatedConfig]):
    """Read-only everywhere; filtered, shown and exported as a field of the kind that fits its result."""

    kind = "calculated"
    title = _l("Calculated field")
    icon = "math-function"
    macro = "calculated"
    config_type = CalculatedConfig
    fixed_settings = frozenset({"result"})
    shown_settings = MappingProxyType({"decimals": ("result", ("number",)), "unit": ("result", ("number",))})
    is_given: ClassVar[bool] = False

    @property
    def sort(self) -> str:
        """As set."""
        return self.config.result

    @property
    def operators(self) -> tuple[Operator, ...]:  # type: ignore[override]
        """Those of the kind that fits."""
        return self._as_kind.operators

    @property
    def column(self) -> Column:  # type: ignore[override]
        """That of the kind that fits."""
        return self._as_kind.column

    @property
    def has_placeholder(self) -> bool:
        """Nothing to write in."""
        return False

    @property
    def has_default(self) -> bool:
        """A new case begins with what the formula makes of the other defaults."""
        return False

    def result_of(self, value: Value) -> Any:
        """What is stored of a result: None when it is empty or of another sort than set."""
        if value is None or value[0] != self.config.result:
            return None
        return plain(round_to(value, self.config.decimals))

    def parse(self, raw: str | Sequence[str], *, language: str = "pl", before: Any = None) -> Any:
        """Nobody gives it, except in a filter."""
        return self._as_kind.parse(raw, language=language, before=before)

    def to_document(self, value: Any) -> Any:
        """As the kind that fits."""
        return self._as_kind.to_document(value)

    def from_document(self, stored: Any) -> Any:
        """As the kind that fits."""
        return self._as_kind.from_document(stored)

    def typed_rows(self, value: Any) -> list[TypedValue]:
        """As the kind that fits."""
        return self._as_kind.typed_rows(value)

    def display(self, value: Any, language: str) -> str:
        """As the kind that fits; a number with all its decimal places."""
        if self.config.result == "number":
            return f"{self.to_input(value, language)} {self.config.unit}".rstrip()
        return self._as_kind.display(value, language)

    def to_input(self, value: Any, language: str) -> str:
        """What the card shows: the unit stands beside it."""
        if self.config.result == "number":
            return write_number(value, language, decimals=self.config.decimals)
        return self._as_kind.display(value, language)

    def export(self, value: Any, language: str) -> str | int | Decimal | date | time | datetime:
        """With its type."""
        return self._as_kind.export(value, language)

    def faults(self) -> list[Any]:
        """It has a title and a formula."""
        missing = [] if self.config.formula else [_l("The calculated field has no formula.")]
        return [*super().faults(), *missing]

    @property
    def _as_kind(self) -> AnswerType[Any, Any]:
        """The kind that stores and shows such a result."""
        config = self.config
        if config.result == "number":
            settings = NumberConfig(decimals=config.decimals, unit=config.unit)
            return NumberType(replace(self.field, config=settings))
        if config.result == "text":
            return LongTextType(replace(self.field, config=LongTextConfig()))
        plain_kinds: dict[str, type[AnswerType[Any, Any]]] = {
            "date": DateType,
            "moment": DateTimeType,
            "flag": YesNoType,
        }
        return plain_kinds[config.result](replace(self.field, config=Config()))
