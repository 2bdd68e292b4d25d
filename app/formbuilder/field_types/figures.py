"""Number, money, percent, rating."""

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar

from babel.numbers import get_currency_precision

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import AnswerType, C, Column, Group, Operator, TypedValue
from app.formbuilder.numbers import DECIMALS, plain_number, read_number, write_number
from app.formbuilder.rules import Exact, Maybe, OneOf, Whole, Words

CURRENCIES = ("PLN", "EUR", "USD", "GBP", "CHF", "CZK", "UAH", "SEK", "NOK", "DKK", "HUF", "RON")
NPS_LARGEST = 10
_SIGNS = {"PLN": "zł", "EUR": "€", "USD": "$", "GBP": "£", "CZK": "Kč", "UAH": "₴"}


@dataclass(frozen=True, kw_only=True)
class RangeConfig(Config):
    """Limits of a number; None = no limit."""

    smallest: Annotated[Decimal | None, Maybe(Exact())] = None
    largest: Annotated[Decimal | None, Maybe(Exact())] = None


@dataclass(frozen=True, kw_only=True)
class NumberConfig(RangeConfig):
    """Limits, at most so many decimal places, and a unit such as kWh."""

    decimals: Annotated[int, Whole(0, DECIMALS)] = 2
    unit: Annotated[str, Words(12)] = ""


@dataclass(frozen=True, kw_only=True)
class MoneyConfig(RangeConfig):
    """Limits and the currency, which gives the decimal places."""

    currency: Annotated[str, OneOf(CURRENCIES)] = "PLN"


@dataclass(frozen=True, kw_only=True)
class PercentConfig(RangeConfig):
    """Limits and at most so many decimal places."""

    decimals: Annotated[int, Whole(0, DECIMALS)] = 2


@dataclass(frozen=True, kw_only=True)
class RatingConfig(Config):
    """A scale from 1 to `largest`, or 0–10 as the Net Promoter Score asks, with words at its two ends."""

    style: Annotated[str, OneOf(("scale", "nps"))] = "scale"
    largest: Annotated[int, Whole(2, 10)] = 5
    low_label: Annotated[str, Words(60)] = ""
    high_label: Annotated[str, Words(60)] = ""


class _Figure(AnswerType[Decimal, C]):
    """What number, money and percent share: a decimal within limits, with a unit behind it."""

    sort = "number"
    operators = (Operator.EQUALS, Operator.RANGE, Operator.EMPTY)
    column = Column.NUMBER
    macro = "figure"
    limit: ClassVar[int] = 60

    @property
    @abstractmethod
    def decimals(self) -> int:
        """At most that many decimal places."""

    @property
    @abstractmethod
    def unit(self) -> str:
        """What stands behind the number."""

    def read(self, text: str, language: str, before: Decimal | None) -> Decimal:
        """The number, with or without its unit."""
        if self.unit:
            text = text.removesuffix(self.unit).rstrip()
        value = read_number(text, language)
        if -int(value.normalize().as_tuple().exponent) > self.decimals:
            raise Invalid(_l("At most %(limit)s decimal places fit here.", limit=self.decimals))
        limits: Any = self.config
        if limits.smallest is not None and value < limits.smallest:
            raise Invalid(_l("The smallest value is %(value)s.", value=write_number(limits.smallest, language)))
        if limits.largest is not None and value > limits.largest:
            raise Invalid(_l("The largest value is %(value)s.", value=write_number(limits.largest, language)))
        return value

    def to_document(self, value: Decimal) -> str:
        """The number as text, so that no digit is lost on its way through JSON."""
        return plain_number(value)

    def from_document(self, stored: Any) -> Decimal:
        """The number."""
        try:
            value = Decimal(stored) if isinstance(stored, str) else Decimal("nan")
        except InvalidOperation:
            value = Decimal("nan")
        if not value.is_finite():
            raise Invalid(_l("This is not an answer of the field's kind."))
        return value

    def typed_rows(self, value: Decimal) -> list[TypedValue]:
        """The number, and its text for a search."""
        return [TypedValue(words=plain_number(value), number=value)]

    def display(self, value: Decimal, language: str) -> str:
        """The number with its unit."""
        return f"{self.to_input(value, language)} {self.unit}".rstrip()

    def to_input(self, value: Decimal, language: str) -> str:
        """The number alone: the control shows the unit beside it."""
        return write_number(value, language)

    def export(self, value: Decimal, language: str) -> Decimal:
        """The number."""
        return value

    def faults(self) -> list[Any]:
        """Limits that leave no number are a mistake."""
        limits: Any = self.config
        crossed = limits.smallest is not None and limits.largest is not None and limits.smallest > limits.largest
        return super().faults() + ([_l("The smallest value is larger than the largest.")] if crossed else [])


class NumberType(_Figure[NumberConfig]):
    """A number with an optional unit."""

    kind = "number"
    title = _l("Number")
    icon = "number"
    config_type = NumberConfig

    @property
    def decimals(self) -> int:
        """As set."""
        return self.config.decimals

    @property
    def unit(self) -> str:
        """As set."""
        return self.config.unit


class MoneyType(_Figure[MoneyConfig]):
    """An amount in the currency of the field."""

    kind = "money"
    title = _l("Money")
    icon = "coin"
    config_type = MoneyConfig
    fixed_settings = frozenset({"currency"})

    @property
    def decimals(self) -> int:
        """As the currency has (ISO 4217)."""
        return get_currency_precision(self.config.currency)

    @property
    def unit(self) -> str:
        """The sign of the currency, or its code."""
        return _SIGNS.get(self.config.currency, self.config.currency)

    def read(self, text: str, language: str, before: Decimal | None) -> Decimal:
        """The amount; the code is understood as well as the sign, before or behind the number."""
        for mark in (self.config.currency, self.unit):
            text = text.removeprefix(mark).removesuffix(mark).strip()
        return super().read(text, language, before)

    def to_input(self, value: Decimal, language: str) -> str:
        """The amount with the decimal places of its currency."""
        return write_number(value, language, decimals=self.decimals)


class PercentType(_Figure[PercentConfig]):
    """A share in percent: 76.6 stands for 76.6 %."""

    kind = "percent"
    title = _l("Percent")
    icon = "percentage"
    config_type = PercentConfig
    unit = "%"

    @property
    def decimals(self) -> int:
        """As set."""
        return self.config.decimals


class RatingType(AnswerType[int, RatingConfig]):
    """A whole number on a scale."""

    kind = "rating"
    sort = "number"
    title = _l("Rating")
    icon = "star"
    group = Group.CHOICE
    macro = "rating"
    config_type = RatingConfig
    fixed_settings = frozenset({"style"})
    operators = (Operator.EQUALS, Operator.RANGE, Operator.EMPTY)
    column = Column.NUMBER
    limit: ClassVar[int] = 4

    @property
    def has_placeholder(self) -> bool:
        """Nothing to write in."""
        return False

    @property
    def steps(self) -> range:
        """What may be chosen."""
        return range(NPS_LARGEST + 1) if self.config.style == "nps" else range(1, self.config.largest + 1)

    def read(self, text: str, language: str, before: int | None) -> int:
        """A step of the scale."""
        if not (text.isascii() and text.isdigit() and int(text) in self.steps):
            first, last = self.steps[0], self.steps[-1]
            raise Invalid(_l("Choose a number from %(first)s to %(last)s.", first=first, last=last))
        return int(text)

    def from_document(self, stored: Any) -> int:
        """The number, of whatever scale it was chosen on."""
        if not isinstance(stored, int) or isinstance(stored, bool):
            raise Invalid(_l("This is not an answer of the field's kind."))
        return stored

    def typed_rows(self, value: int) -> list[TypedValue]:
        """The number."""
        return [TypedValue(words=str(value), number=Decimal(value))]

    def export(self, value: int, language: str) -> int:
        """The number."""
        return value
