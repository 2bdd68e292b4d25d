"""Numbers that a country gives, checked by their own rules: PESEL, NIP, REGON, IBAN, the Polish identity card."""

import re
from abc import abstractmethod
from typing import Any, ClassVar

from stdnum import iban
from stdnum.exceptions import ValidationError
from stdnum.pl import nip, pesel, regon

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import AnswerType, Group, TypedValue, expect_text

_CARD = re.compile(r"[A-Z]{3}[0-9]{6}")
_CARD_WEIGHTS = (7, 3, 1, 9, 7, 3, 1, 7, 3)
_ACCOUNT_DIGITS = 26


class _Identifier(AnswerType[str, Config]):
    """A number that carries its own check."""

    icon = "id"
    group = Group.IDENTIFIERS
    macro = "line"
    limit: ClassVar[int] = 60
    advice: ClassVar[Any]

    @staticmethod
    @abstractmethod
    def validate(text: str) -> str:
        """The number without spaces and hyphens; ValidationError when the check fails."""

    def read(self, text: str, language: str, before: str | None) -> str:
        """The number in its short spelling."""
        try:
            return self.validate(text)
        except ValidationError as error:
            raise Invalid(self.advice) from error

    def from_document(self, stored: Any) -> str:
        """The number."""
        return expect_text(stored)

    def typed_rows(self, value: str) -> list[TypedValue]:
        """The short spelling."""
        return [TypedValue(words=value.lower())]


class PeselType(_Identifier):
    """The number of a person in the Polish population register (ustawa o ewidencji ludności, art. 15)."""

    kind = "pesel"
    title = _l("PESEL")
    advice = _l("This PESEL number is wrong: it has eleven digits, and the last one checks the others.")

    @staticmethod
    def validate(text: str) -> str:
        """Eleven digits."""
        return str(pesel.validate(text))


class NipType(_Identifier):
    """The Polish tax number."""

    kind = "nip"
    title = _l("NIP")
    icon = "building"
    advice = _l("This NIP number is wrong: it has ten digits, and the last one checks the others.")

    @staticmethod
    def validate(text: str) -> str:
        """Ten digits; the prefix PL is understood."""
        return str(nip.validate(text))

    def display(self, value: str, language: str) -> str:
        """In its groups: 123-456-32-18."""
        return str(nip.format(value))


class RegonType(_Identifier):
    """The number in the Polish register of business entities: nine or fourteen digits."""

    kind = "regon"
    title = _l("REGON")
    icon = "building"
    advice = _l("This REGON number is wrong: it has nine or fourteen digits, and the last one checks the others.")

    @staticmethod
    def validate(text: str) -> str:
        """Nine or fourteen digits."""
        return str(regon.validate(text))


class IbanType(_Identifier):
    """A bank account (ISO 13616); twenty-six digits without a country are Polish."""

    kind = "iban"
    title = _l("Bank account (IBAN)")
    icon = "building-bank"
    advice = _l("This account number is wrong: digits are missing, doubled or changed.")

    @staticmethod
    def validate(text: str) -> str:
        """The account with its country."""
        short = iban.compact(text)
        return str(iban.validate(f"PL{short}" if short.isdigit() and len(short) == _ACCOUNT_DIGITS else short))

    def display(self, value: str, language: str) -> str:
        """In groups of four."""
        return str(iban.format(value))


class IdCardType(_Identifier):
    """Series and number of a Polish identity card: three letters, six digits, the first of which checks the rest."""

    kind = "id_card"
    title = _l("Identity card")
    advice = _l("This identity card number is wrong: it has three letters and six digits.")

    @staticmethod
    def validate(text: str) -> str:
        """Weights 7, 3, 1 over letters (A = 10) and digits, 9 over the check; the sum must end in 0."""
        short = re.sub(r"[\s-]", "", text).upper()
        if not _CARD.fullmatch(short):
            raise ValidationError
        values = [int(sign, 36) for sign in short]
        if sum(value * weight for value, weight in zip(values, _CARD_WEIGHTS, strict=True)) % 10:
            raise ValidationError
        return short

    def display(self, value: str, language: str) -> str:
        """Series and number apart."""
        return f"{value[:3]} {value[3:]}"
