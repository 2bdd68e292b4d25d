"""Which column of a file is which field of a contact: what there is to choose from, and a first guess."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.i18n import lazy_gettext as _l

TARGETS: Mapping[str, Any] = {
    "full_name": _l("First name and surname (to be split)"),
    "reversed_name": _l("Surname and first name (to be split)"),
    "first_name": _l("First name"),
    "last_name": _l("Surname"),
    "company_name": _l("Company"),
    "kind": _l("Kind (person or company)"),
    "phone": _l("Telephone"),
    "phone/mobile": _l("Telephone, mobile"),
    "phone/work": _l("Telephone, work"),
    "phone/home": _l("Telephone, home"),
    "email": _l("E-mail"),
    "email/work": _l("E-mail, work"),
    "email/home": _l("E-mail, home"),
    "street": _l("Street and number"),
    "postal_code": _l("Postal code"),
    "city": _l("City"),
    "country": _l("Country"),
    "tax_number": _l("Tax number (NIP, REGON, EU VAT)"),
    "external_key": _l("External key"),
    "tags": _l("Tags"),
    "note": _l("Note"),
}
"""Fields that a column can become; custom fields are added as `custom:<key>`."""


SEVERAL = frozenset({"phone", "email", "tags", "note"})
"""What more than one column may become."""

_WORDS: Mapping[str, str] = {
    "full_name": "imieinazwisko imienazwisko klient kontakt osoba name fullname contact customer contactname",
    "reversed_name": "nazwiskoiimie nazwiskoimie",
    "first_name": "imie firstname givenname forename imiona",
    "last_name": "nazwisko lastname surname familyname",
    "company_name": "firma nazwa company companyname nazwafirmy przedsiebiorstwo organizacja organization kontrahent",
    "kind": "rodzaj typ kind type contacttype typkontaktu rodzajkontaktu",
    "phone": "telefon tel nrtel nrtelefonu numertelefonu phone phonenumber telephone phones telefony numer",
    "phone/mobile": "komorka telkom telefonkomorkowy kom komorkowy mobile mobilephone cell cellphone gsm",
    "phone/work": "telefonsluzbowy telsluzbowy telefonpraca telpraca workphone businessphone telefonfirmowy",
    "phone/home": "telefondomowy teldomowy teldom telefonstacjonarny stacjonarny homephone",
    "email": "email mail adresemail emailaddress poczta emails",
    "email/work": "emailsluzbowy emailfirmowy workemail emailpraca",
    "email/home": "emailprywatny emaildomowy homeemail privateemail",
    "street": "ulica ulicainumer adres street address streetaddress adresulica",
    "postal_code": "kod kodpocztowy postalcode zip zipcode postcode",
    "city": "miasto miejscowosc city town",
    "country": "kraj country panstwo kodkraju countrycode",
    "tax_number": "nip regon nipregon taxnumber vat vatid vatnumber taxid",
    "external_key": "id klucz kluczzewnetrzny externalkey externalid idklienta nrklienta numerklienta customerid key",
    "tags": "tagi tag tags etykiety grupa",
    "note": "uwagi notatka opis komentarz note notes comment comments notatki",
}
_GUESSES = {word: target for target, words in _WORDS.items() for word in words.split()}
_EMAIL = re.compile(r"^\S+@\S+\.\S+$")
_NUMBER = re.compile(r"^'?[+(]?\d[\d\s().\-/]{6,}$")


def guess_mapping(titles: Sequence[str], custom: Mapping[str, str] | None = None) -> dict[str, str]:
    """Column (its place as text) → target, for the titles that are known. `custom`: key → title of a custom field."""
    known = {_folded(str(title)): target for target, title in TARGETS.items()} | dict(_GUESSES)
    known |= {_folded(title): f"custom:{key}" for key, title in (custom or {}).items()}
    known |= {_folded(key): f"custom:{key}" for key in (custom or {})}
    mapping: dict[str, str] = {}
    for place, title in enumerate(titles):
        folded = _folded(title)
        target = known.get(folded) or known.get(folded.rstrip("0123456789"))
        if target and (target.split("/")[0] in SEVERAL or target not in mapping.values()):
            mapping[str(place)] = target
    return mapping


def guess_match(mapping: Mapping[str, str]) -> str:
    """What most surely tells that two rows are one contact, among what the file has."""
    targets = {target.split("/")[0] for target in mapping.values()}
    return next((key for key in ("external_key", "phone", "email", "tax_number") if key in targets), "phone")


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether the first row names the columns: some names are known, or nothing in it looks like a value."""
    if any(_folded(cell).rstrip("0123456789") in _GUESSES for cell in cells):
        return True
    return not any(_EMAIL.match(cell.strip()) or _NUMBER.match(cell.strip()) or _date_like(cell) for cell in cells)


def problems_of(mapping: Mapping[str, str], columns: int, custom: Mapping[str, str], match_by: str) -> list[Any]:
    """Why this mapping cannot be used, in sentences; empty when it can."""
    problems: list[Any] = []
    targets = list(mapping.values())
    unknown = [target for target in targets if target not in TARGETS and target.removeprefix("custom:") not in custom]
    problems.extend(_l("There is no field “%(field)s”.", field=target) for target in unknown)
    if any(not place.isdecimal() or int(place) >= columns for place in mapping):
        problems.append(_l("The mapping names a column that the file does not have."))
    twice = {target for target in targets if targets.count(target) > 1 and target.split("/")[0] not in SEVERAL}
    problems.extend(
        _l(
            "Two columns become “%(field)s”. Choose one of them.",
            field=TARGETS.get(target, custom.get(target[7:], target)),
        )
        for target in sorted(twice)
    )
    plain = {target.split("/")[0] for target in targets}
    if not plain & {"full_name", "reversed_name", "first_name", "last_name", "company_name", "phone", "email"}:
        problems.append(_l("Choose at least one column with a name, a telephone number or an e-mail address."))
    if match_by not in plain:
        problems.append(
            _l(
                "Contacts are recognised by “%(field)s”, and no column becomes it.",
                field=TARGETS.get(match_by, match_by),
            )
        )
    return problems


def _folded(title: str) -> str:
    """Lower case, without accents, spaces and signs: "E-mail (służbowy)" → "emailsluzbowy"."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("ł", "l"))
    return "".join(character for character in plain if character.isalnum() and character.isascii())


def _date_like(cell: str) -> bool:
    return bool(re.match(r"^\d{1,4}[.\-/]\d{1,2}[.\-/]\d{1,4}$", cell.strip()))
