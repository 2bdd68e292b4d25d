"""From the cells of one row of a file to the values of a contact, or to what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.contacts.checking import (
    LIMITS,
    MOST,
    CustomFieldLike,
    check_address,
    check_custom,
    check_email,
    check_phone,
    check_tags,
    is_required,
    normalise_tax_number,
    tidy,
)
from app.contacts.problems import ValueProblem, wording
from app.contacts.reading import SourceRow
from app.contacts.values import Address, ContactValues, Email, Phone
from app.core.cells import plain as plain_cell
from app.models.contacts import ContactKind

_SEVERAL_PHONES = re.compile(r"[,;/\n|]|\blub\b|\bor\b")
_SEVERAL_EMAILS = re.compile(r"[,;\s|]+")
_SEVERAL_TAGS = re.compile(r"[,;|]")
_PERSON_WORDS = frozenset(
    {"person", "osoba", "osoba fizyczna", "os", "os.", "o", "p", "private", "prywatny", "klient indywidualny"}
)
_COMPANY_WORDS = frozenset(
    {"company", "firma", "f", "c", "business", "organizacja", "organization", "spółka", "osoba prawna"}
)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: a code of `problems.TEXTS`, its details, and the column when one cell is at fault."""

    code: str
    details: Mapping[str, Any]
    column: int | None = None

    def __str__(self) -> str:
        return wording(self.code, self.details)


ReadRow = tuple[SourceRow, ContactValues | None, list[RowProblem]]
"""A row with its values, or with what is wrong with it."""


class RowReader:
    """Reads rows by one mapping; made once for a file."""

    def __init__(
        self, mapping: Mapping[str, str], columns: int, fields: Sequence[CustomFieldLike], tags: Sequence[str] = ()
    ) -> None:
        self._columns = columns
        self._tags = check_tags(tags)
        self._fields = {field.key: field for field in fields}
        # Sorted, so that the first of two telephone columns gives the first number.
        self._plan = [(int(place), *target.partition("/")[::2]) for place, target in mapping.items()]
        self._plan.sort()

    def read(self, row: SourceRow) -> tuple[ContactValues | None, list[RowProblem]]:
        """The values of the row, checked; None when there are problems."""
        cells = row.cells
        if len(cells) != self._columns and (len(cells) < self._columns or any(cells[self._columns :])):
            return None, [RowProblem("ragged", {"found": len(cells), "expected": self._columns})]
        found = _Found()
        problems: list[RowProblem] = []
        for place, target, label in self._plan:
            text = cells[place]
            if not text or text.isspace():
                continue
            if text[0] == "'":
                text = plain_cell(text)
            try:
                if target.startswith("custom:"):
                    key = target.removeprefix("custom:")
                    found.custom[key] = check_custom(self._fields[key], text)
                else:
                    _TAKE[target](found, text, label)
            except ValueProblem as problem:
                problems.append(RowProblem(problem.code, problem.details, place))
        if problems:
            return None, problems
        try:
            values = found.values(self._tags)
        except ValueProblem as problem:
            return None, [RowProblem(problem.code, problem.details)]
        if not values.name:
            return None, [RowProblem("nothing_to_name", {})]
        return values, []

    def read_all(self, rows: Iterable[SourceRow]) -> list[ReadRow]:
        """The rows of a batch, in their order."""
        return [(row, *self.read(row)) for row in rows]

    def missing(self, values: ContactValues) -> list[RowProblem]:
        """Required custom fields that a new contact would lack."""
        return [
            RowProblem("required_field", {"field": field.title})
            for field in self._fields.values()
            if is_required(field) and field.key not in values.custom
        ]


class _Found:
    """What the cells of one row have given so far."""

    __slots__ = ("address", "custom", "emails", "kind", "notes", "phones", "plain", "tags", "tax_number")

    def __init__(self) -> None:
        self.plain: dict[str, str] = {}
        self.kind: ContactKind | None = None
        self.tax_number = ""
        self.phones: dict[str, Phone] = {}
        self.emails: dict[str, Email] = {}
        self.address: dict[str, str] = {}
        self.tags: list[str] = []
        self.notes: list[str] = []
        self.custom: dict[str, Any] = {}

    def values(self, tags: Sequence[str]) -> ContactValues:
        if len(self.phones) > MOST or len(self.emails) > MOST:
            raise ValueProblem("too_many", limit=MOST)
        plain = self.plain
        kind = self.kind
        if kind is None:
            has_person = bool(plain.get("first_name") or plain.get("last_name"))
            kind = ContactKind.COMPANY if plain.get("company_name") and not has_person else ContactKind.PERSON
        address = check_address(Address(**self.address)) if self.address else Address()
        return ContactValues(
            kind=kind,
            first_name=plain.get("first_name", ""),
            last_name=plain.get("last_name", ""),
            company_name=plain.get("company_name", ""),
            external_key=plain.get("external_key", ""),
            tax_number=self.tax_number,
            note=tidy("\n".join(self.notes), LIMITS["note"], lines=True) if self.notes else "",
            tags=check_tags((*self.tags, *tags)) if self.tags else tuple(tags),
            custom={key: value for key, value in self.custom.items() if value is not None},
            phones=tuple(self.phones.values()),
            emails=tuple(self.emails.values()),
            addresses=() if address.is_empty() else (address,),
        )


def _take_plain(key: str) -> Callable[[_Found, str, str], None]:
    def take(found: _Found, text: str, _label: str) -> None:
        found.plain[key] = tidy(text, LIMITS[key])

    return take


def _take_address(key: str) -> Callable[[_Found, str, str], None]:
    def take(found: _Found, text: str, _label: str) -> None:
        # Spreadsheets eat the leading zero of a postal code that is stored as a number ("1234" for "01-234").
        if key == "postal_code" and text.strip().isdigit() and len(text.strip()) in {4, 5}:
            digits = text.strip().zfill(5)
            text = f"{digits[:2]}-{digits[2:]}"
        if key == "country" and text.strip().casefold() in {"polska", "poland"}:
            text = "PL"
        found.address[key] = tidy(text, LIMITS.get(key, 60))

    return take


def _take_full_name(found: _Found, text: str, _label: str) -> None:
    first, _space, last = tidy(text, LIMITS["first_name"]).rpartition(" ")
    found.plain["first_name"], found.plain["last_name"] = first, last


def _take_reversed_name(found: _Found, text: str, _label: str) -> None:
    last, _space, first = tidy(text, LIMITS["last_name"]).replace(",", " ").partition(" ")
    found.plain["first_name"], found.plain["last_name"] = first.strip(), last


def _take_kind(found: _Found, text: str, _label: str) -> None:
    word = text.strip().casefold()
    if word in _PERSON_WORDS:
        found.kind = ContactKind.PERSON
    elif word in _COMPANY_WORDS:
        found.kind = ContactKind.COMPANY
    else:
        raise ValueProblem("kind_unknown", value=text.strip()[:40])


def _take_phone(found: _Found, text: str, label: str) -> None:
    try:
        phones = [check_phone(Phone(text, label))]
    except ValueProblem as whole:
        # Perhaps there are two numbers in the cell. When the parts do not fit either, the first reason is the better.
        parts = [part for part in _SEVERAL_PHONES.split(text) if part.strip()]
        if len(parts) < 2 or whole.code == "phone_damaged":  # noqa: PLR2004
            raise
        try:
            phones = [check_phone(Phone(part, label)) for part in parts]
        except ValueProblem:
            raise whole from None
    for phone in phones:
        found.phones.setdefault(phone.number, phone)


def _take_email(found: _Found, text: str, label: str) -> None:
    parts = [part for part in _SEVERAL_EMAILS.split(text.strip()) if part]
    # Spaces inside one address are a mistake, not a second address.
    addresses = parts if all("@" in part for part in parts) else [text]
    for address in addresses:
        email = check_email(Email(address, label))
        found.emails.setdefault(email.address, email)


def _take_tax_number(found: _Found, text: str, _label: str) -> None:
    found.tax_number = normalise_tax_number(text)


def _take_tags(found: _Found, text: str, _label: str) -> None:
    found.tags += _SEVERAL_TAGS.split(text)


def _take_note(found: _Found, text: str, _label: str) -> None:
    found.notes.append(tidy(text, LIMITS["note"], lines=True))


_TAKE: Mapping[str, Callable[[_Found, str, str], None]] = {
    "first_name": _take_plain("first_name"),
    "last_name": _take_plain("last_name"),
    "company_name": _take_plain("company_name"),
    "external_key": _take_plain("external_key"),
    "full_name": _take_full_name,
    "reversed_name": _take_reversed_name,
    "kind": _take_kind,
    "phone": _take_phone,
    "email": _take_email,
    "street": _take_address("street"),
    "postal_code": _take_address("postal_code"),
    "city": _take_address("city"),
    "country": _take_address("country"),
    "tax_number": _take_tax_number,
    "tags": _take_tags,
    "note": _take_note,
}
