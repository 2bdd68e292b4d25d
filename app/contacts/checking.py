"""Is what was written about a contact fit to be stored? Pure: custom fields are passed in."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Protocol

from email_validator import EmailNotValidError, validate_email
from stdnum.eu import vat
from stdnum.pl import nip, regon

from app.contacts.numbers import normalise_phone, read_phone
from app.contacts.problems import ValueProblem
from app.contacts.values import Address, ContactValues, Email, Phone
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.models.contacts import CustomFieldKind

LIMITS = {
    "first_name": 120,
    "last_name": 120,
    "company_name": 240,
    "external_key": 120,
    "note": 20_000,
    "street": 240,
    "postal_code": 16,
    "city": 120,
    "label": 60,
    "tag": 64,
    "custom": 20_000,
}
"""Longest values in characters, as the tables have them."""
MOST = 50
"""Most telephone numbers, e-mail addresses, postal addresses or tags of one contact."""
TRUE_WORDS = frozenset({"1", "t", "tak", "y", "yes", "true", "prawda", "on", "x"})
FALSE_WORDS = frozenset({"0", "n", "nie", "no", "false", "fałsz", "falsz", "off"})

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[ \t\xa0\u202f]+")
_SEPARATORS = re.compile(r"[\s.\-]")
_COUNTRY = re.compile(r"^[A-Z]{2}$")
_NIP_LENGTH = 10
_PLAIN_LOCAL = re.compile(r"^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*$")
_LOCAL_LIMIT = 64


class CustomFieldLike(Protocol):
    """What a check must know of a custom field."""

    key: str
    title: str
    kind: Any
    choices: list[str]
    is_required: bool
    campaign_id: int | None


def checked(values: ContactValues, fields: Iterable[CustomFieldLike] = ()) -> ContactValues:
    """The values tidied and normalised. Raises Invalid with a message for each field that does not fit."""
    errors: dict[str, list[Any]] = {}

    def attempt(key: str, check: Callable[[Any], Any], given: Any) -> Any:
        try:
            return check(given)
        except ValueProblem as problem:
            errors.setdefault(key, []).append(problem.message)
            return None

    def text(key: str) -> str:
        found: str = (
            attempt(key, lambda given: tidy(given, LIMITS[key], lines=key == "note"), getattr(values, key)) or ""
        )
        return found

    phones = [
        attempt(f"phones.{place}", check_phone, phone)
        for place, phone in enumerate(values.phones)
        if phone.number.strip()
    ]
    emails = [
        attempt(f"emails.{place}", check_email, email)
        for place, email in enumerate(values.emails)
        if email.address.strip()
    ]
    addresses = [
        attempt(f"addresses.{place}", check_address, address) for place, address in enumerate(values.addresses)
    ]
    result = replace(
        values,
        first_name=text("first_name"),
        last_name=text("last_name"),
        company_name=text("company_name"),
        external_key=text("external_key"),
        note=text("note"),
        tax_number=attempt("tax_number", normalise_tax_number, values.tax_number) or "",
        tags=attempt("tags", check_tags, values.tags) or (),
        custom=_checked_custom(values.custom, fields, errors),
        phones=_without_repeats([phone for phone in phones if phone], lambda phone: phone.number),
        emails=_without_repeats([email for email in emails if email], lambda email: email.address),
        addresses=_without_repeats(
            [address for address in addresses if address and not address.is_empty()], lambda address: address
        ),
    )
    for key in ("phones", "emails", "addresses"):
        if len(getattr(result, key)) > MOST:
            errors.setdefault(key, []).append(ValueProblem("too_many", limit=MOST).message)
    if not errors and not result.name:
        errors["name"] = [ValueProblem("nothing_to_name").message]
    if errors:
        raise Invalid(_l("Some values of this contact do not fit. Nothing was saved."), errors)
    return result


def tidy(text: str, limit: int, *, lines: bool = False) -> str:
    """Text without outer and doubled spaces; `lines` keeps line breaks. Raises Invalid on NUL and over-length."""
    if text.isprintable() and "  " not in text and text.strip() == text:
        # Nearly every cell of a file is tidy already. Only the plain space is a printable one.
        if len(text) > limit:
            raise ValueProblem("too_long", limit=limit)
        return text
    if _CONTROL.search(text):
        raise ValueProblem("nul")
    if lines:
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.splitlines()).strip()
    else:
        text = " ".join(text.split())
    if len(text) > limit:
        raise ValueProblem("too_long", limit=limit)
    return text


def check_phone(phone: Phone) -> Phone:
    """The number in E.164; an extension that was written behind it goes into the label."""
    read = read_phone(phone.number)
    label = f"{phone.label} ext. {read.extension}" if read.extension else phone.label
    return Phone(read.number, tidy(label, LIMITS["label"]), phone.is_wrong)


def check_email(email: Email) -> Email:
    """The address in lower case."""
    return Email(normalise_email(email.address), tidy(email.label, LIMITS["label"]))


def normalise_email(text: str) -> str:
    """The address in lower case, checked for its form only: no name server is asked."""
    bare = text.strip().removeprefix("mailto:").strip("<>'").strip()
    local, _at, domain = bare.rpartition("@")
    if len(local) <= _LOCAL_LIMIT and _PLAIN_LOCAL.match(local):
        # Most addresses of a list share a few domains; checking a domain is what takes the time.
        return f"{local.lower()}@{_checked_domain(domain)}"
    return _checked_email(bare)


@lru_cache(maxsize=4096)
def _checked_domain(domain: str) -> str:
    return _checked_email(f"a@{domain}").removeprefix("a@")


def _checked_email(text: str) -> str:
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueProblem("email_bad", value=text[:100]) from error
    return (found.ascii_email or found.normalized).lower()


@lru_cache(maxsize=8192)
def normalise_tax_number(text: str) -> str:
    """NIP, REGON or a VAT number of the European Union without separators, its check digit verified."""
    bare = _SEPARATORS.sub("", text).upper().strip("'")
    if not bare:
        return ""
    shown = text.strip()[:40]
    bare = bare.removeprefix("PL")
    if bare.isascii() and bare.isdigit():
        if len(bare) == _NIP_LENGTH and nip.is_valid(bare):
            return bare
        if len(bare) != _NIP_LENGTH and regon.is_valid(bare):
            return bare
    elif bare.isascii() and vat.is_valid(bare):
        return str(vat.compact(bare))
    raise ValueProblem("tax_number_bad", value=shown)


def check_address(address: Address) -> Address:
    """The address tidied; an empty country means Poland."""
    country = address.country.strip().upper() or "PL"
    if not _COUNTRY.match(country):
        raise ValueProblem("country_bad", value=country[:20])
    return Address(
        street=tidy(address.street, LIMITS["street"]),
        postal_code=tidy(address.postal_code, LIMITS["postal_code"]),
        city=tidy(address.city, LIMITS["city"]),
        country=country,
        label=tidy(address.label, LIMITS["label"]),
    )


def check_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags tidied, each once whatever its case, in the order given."""
    found: dict[str, str] = {}
    for tag in tags:
        neat = tidy(tag, LIMITS["tag"])
        if neat:
            found.setdefault(neat.casefold(), neat)
    if len(found) > MOST:
        raise ValueProblem("too_many", limit=MOST)
    return tuple(found.values())


def check_custom(field: CustomFieldLike, value: Any) -> Any:
    """The JSON value of a custom field, None when it is empty. Takes text, or a value that was stored before."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _CUSTOM_CHECKS[CustomFieldKind(field.kind)](field, value)


def is_required(field: CustomFieldLike) -> bool:
    """Whether every contact needs it. A field of one campaign is asked for on the cards of its cases only."""
    return field.is_required and field.campaign_id is None


def _checked_custom(
    custom: Mapping[str, Any], fields: Iterable[CustomFieldLike], errors: dict[str, list[Any]]
) -> dict[str, Any]:
    by_key = {field.key: field for field in fields}
    result: dict[str, Any] = {}
    for key, given in custom.items():
        if key not in by_key:
            errors.setdefault(f"custom.{key}", []).append(ValueProblem("unknown_field", value=key).message)
            continue
        try:
            value = check_custom(by_key[key], given)
        except ValueProblem as problem:
            errors.setdefault(f"custom.{key}", []).append(problem.message)
            continue
        if value is not None:
            result[key] = value
    for key, field in by_key.items():
        if is_required(field) and key not in result and f"custom.{key}" not in errors:
            errors[f"custom.{key}"] = [ValueProblem("required").message]
    return result


def _text(_field: CustomFieldLike, value: Any) -> str:
    return tidy(str(value), LIMITS["company_name"])


def _long_text(_field: CustomFieldLike, value: Any) -> str:
    return tidy(str(value), LIMITS["custom"], lines=True)


def _number(_field: CustomFieldLike, value: Any) -> float | int:
    text = re.sub(r"[\s\xa0\u202f]", "", str(value)).replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueProblem("number_bad", value=str(value)[:40]) from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueProblem("number_bad", value=str(value)[:40])
    return int(number) if number == number.to_integral_value() else float(number)


def _date(_field: CustomFieldLike, value: Any) -> str:
    text = str(value).strip()
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y.%m.%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  (a date has no zone)
        except ValueError:
            continue
        return date(found.year, found.month, found.day).isoformat()
    raise ValueProblem("date_bad", value=text[:40])


def _yes_no(_field: CustomFieldLike, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueProblem("yes_no_bad", value=str(value)[:40])


def _choice(field: CustomFieldLike, value: Any) -> str:
    for choice in field.choices:
        if choice.casefold() == str(value).strip().casefold():
            return choice
    raise ValueProblem("choice_unknown", value=str(value)[:60])


_CUSTOM_CHECKS: Mapping[CustomFieldKind, Callable[[CustomFieldLike, Any], Any]] = {
    CustomFieldKind.TEXT: _text,
    CustomFieldKind.LONG_TEXT: _long_text,
    CustomFieldKind.NUMBER: _number,
    CustomFieldKind.DATE: _date,
    CustomFieldKind.YES_NO: _yes_no,
    CustomFieldKind.CHOICE: _choice,
    CustomFieldKind.PHONE: lambda _field, value: normalise_phone(str(value)),
    CustomFieldKind.EMAIL: lambda _field, value: normalise_email(str(value)),
}


def _without_repeats(items: Iterable[Any], key: Callable[[Any], Any]) -> tuple[Any, ...]:
    kept: dict[Any, Any] = {}
    for item in items:
        kept.setdefault(key(item), item)
    return tuple(kept.values())
