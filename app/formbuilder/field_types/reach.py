"""Phone, e-mail, web address."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import AnswerType, Operator, TypedValue, expect_text
from app.formbuilder.rules import OneOf

REGIONS = ("PL", "DE", "CZ", "SK", "UA", "LT", "GB", "US", "FR", "NL", "BE", "AT", "CH", "IT", "ES", "SE", "NO", "DK")
_HOST = re.compile(r"(?=.{1,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")


@dataclass(frozen=True, kw_only=True)
class PhoneConfig(Config):
    """The country of numbers that are written without their country code."""

    region: Annotated[str, OneOf(REGIONS)] = "PL"


class PhoneType(AnswerType[str, PhoneConfig]):
    """A telephone number, stored in E.164."""

    kind = "phone"
    title = _l("Phone")
    icon = "phone"
    macro = "line"
    config_type = PhoneConfig
    limit: ClassVar[int] = 60

    def read(self, text: str, language: str, before: str | None) -> str:
        """The number in E.164."""
        try:
            number = phonenumbers.parse(text, self.config.region)
        except phonenumbers.NumberParseException as error:
            raise Invalid(_l("Write a telephone number, such as +48 500 100 200.")) from error
        if not phonenumbers.is_valid_number(number) or number.extension:
            raise Invalid(_l("There is no such telephone number: count its digits and check the country code."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def from_document(self, stored: Any) -> str:
        """The number."""
        text = expect_text(stored)
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", text):
            raise Invalid(_l("This is not an answer of the field's kind."))
        return text

    def display(self, value: str, language: str) -> str:
        """In groups, with the country code."""
        return phonenumbers.format_number(phonenumbers.parse(value), phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def export(self, value: str, language: str) -> str:
        """E.164."""
        return value


class EmailType(AnswerType[str, Config]):
    """An e-mail address."""

    kind = "email"
    title = _l("E-mail")
    icon = "mail"
    macro = "line"
    limit: ClassVar[int] = 254

    def read(self, text: str, language: str, before: str | None) -> str:
        """The address, its domain in lower case. Whether it exists is not asked: that takes a network."""
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise Invalid(_l("Write an e-mail address, such as anna@example.com.")) from error

    def from_document(self, stored: Any) -> str:
        """The address."""
        return expect_text(stored)


class WebAddressType(AnswerType[str, Config]):
    """A web address that a browser may open: http or https, without a password in it."""

    kind = "web_address"
    title = _l("Web address")
    icon = "world"
    macro = "line"
    operators = (Operator.EQUALS, Operator.CONTAINS, Operator.EMPTY)
    limit: ClassVar[int] = 2000

    def read(self, text: str, language: str, before: str | None) -> str:
        """The address; https where no scheme was written."""
        address = text if "://" in text else f"https://{text}"
        try:
            parts = urlsplit(address)
            host, _port = parts.hostname or "", parts.port
        except ValueError:
            raise Invalid(self._advice()) from None
        has_gap = any(sign.isspace() or not sign.isprintable() for sign in address)
        if parts.scheme not in {"http", "https"} or has_gap or "@" in parts.netloc or not _HOST.fullmatch(host):
            raise Invalid(self._advice())
        return address

    def from_document(self, stored: Any) -> str:
        """The address."""
        return expect_text(stored)

    def typed_rows(self, value: str) -> list[TypedValue]:
        """The address without regard to case."""
        return [TypedValue(words=value.lower())]

    @staticmethod
    def _advice() -> Any:
        return _l("Write a web address, such as https://example.com.")
