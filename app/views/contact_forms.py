"""The form of a contact: what it sends, read into values; and a refusal, put at the fields that it means."""

import re
from collections.abc import Mapping
from typing import Any

from flask import g

from app.contacts.changing import Choices
from app.contacts.fields import custom_fields, custom_text
from app.contacts.numbers import shown_phone
from app.contacts.values import Address, ContactValues, Email, Phone
from app.core.db import session
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Contact
from app.models.contacts import ContactKind, CustomFieldKind
from app.views.numbers import number_in
from app.views.sent import sent_number
from app.views.shell import language

_NUMBERED = re.compile(r"^(phones|emails|addresses)\.(\d{1,3})(?:\.(\w+))?$")
_LINES = re.compile(r"[,\n]")

TITLES: Mapping[str, Any] = {
    "kind": _l("Kind"),
    "first_name": _l("First name"),
    "last_name": _l("Surname"),
    "company_name": _l("Company"),
    "tax_number": _l("Tax number"),
    "external_key": _l("External key"),
    "note": _l("Note"),
    "tags": _l("Tags"),
    "company_id": _l("Belongs to"),
    "owner_id": _l("Caretaker"),
    "phones": _l("Telephones"),
    "emails": _l("E-mail addresses"),
    "addresses": _l("Addresses"),
}
"""What people call the parts of a contact, in forms, conflicts and history."""

LABELS: Mapping[str, Any] = {"mobile": _l("mobile"), "work": _l("work"), "home": _l("home")}
"""Labels that an import gives to numbers and addresses; others are shown as they were written."""


class SentForm:
    """What the form sent. Rows of numbers may have gaps, where somebody took one away."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self._sent = sent
        self._rows: dict[str, dict[int, dict[str, Any]]] = {"phones": {}, "emails": {}, "addresses": {}}
        for name, value in sent.items():
            if match := _NUMBERED.match(name):
                group, number, part = match.groups()
                self._rows[group].setdefault(int(number), {})[part or ""] = value

    def values(self, kind: ContactKind) -> ContactValues:
        """The values as they were typed."""
        return ContactValues(
            kind=kind,
            first_name=self._text("first_name"),
            last_name=self._text("last_name"),
            company_name=self._text("company_name"),
            tax_number=self._text("tax_number"),
            external_key=self._text("external_key"),
            note=self._text("note"),
            tags=tuple(_LINES.split(self._text("tags"))),
            custom={
                name.removeprefix("custom."): value
                for name, value in self._sent.items()
                if name.startswith("custom.") and value not in (None, "")
            },
            company_id=self._id("company_id"),
            owner_id=self._id("owner_id"),
            phones=tuple(
                Phone(str(row.get("", "")), _label(row.get("label", "")), row.get("wrong") is True)
                for row in self._in_order("phones")
            ),
            emails=tuple(Email(str(row.get("", "")), _label(row.get("label", ""))) for row in self._in_order("emails")),
            addresses=tuple(
                Address(
                    str(row.get("", "")),
                    str(row.get("postal_code", "")),
                    str(row.get("city", "")),
                    str(row.get("country", "")),
                    _label(row.get("label", "")),
                )
                for row in self._in_order("addresses")
            ),
        )

    def choices(self) -> Choices | None:
        """What was chosen where two had changed one field."""
        chosen = self._sent.get("choices")
        if not isinstance(chosen, dict):
            return None
        mine = frozenset(key for key, side in chosen.items() if side == "mine")
        return Choices(version=sent_number(self._sent.get("chosen_version")), mine=mine)

    def placed(self, error: Invalid) -> Invalid:
        """The error with its messages under the names that the controls have."""
        fields: dict[str, list[Any]] = {}
        for name, texts in error.fields.items():
            group, _dot, place = name.partition(".")
            if group in self._rows and place.isdecimal():
                name = f"{group}.{sorted(self._rows[group])[int(place)]}"  # noqa: PLW2901
            fields[name] = texts
        return Invalid(error.message, fields, **error.details)

    def _text(self, name: str) -> str:
        return str(self._sent.get(name) or "")

    def _id(self, name: str) -> int | None:
        return number_in(str(self._sent.get(name) or ""))

    def _in_order(self, group: str) -> list[dict[str, Any]]:
        return [row for _number, row in sorted(self._rows[group].items())]


def clash_rows(error: Conflict) -> list[dict[str, str]]:
    """The fields that two changed, in words, for the dialog in which one chooses."""
    titles = part_titles()
    return [
        {
            "key": key,
            "title": str(titles.get(key, key)),
            "theirs": in_words(key, sides["theirs"]),
            "mine": in_words(key, sides["mine"]),
        }
        for key, sides in error.details.get("fields", {}).items()
    ]


def part_titles() -> dict[str, Any]:
    """Keys of a contact's document → what people call them."""
    return {**TITLES, **{f"custom.{field.key}": field.title for field in custom_fields()}}


def in_words(key: str, value: Any) -> str:  # noqa: PLR0911  (one for each part of a contact)
    """A value of a contact's document, for reading."""
    if value is None or value in ("", [], {}):
        return "–"
    if key == "phones":
        return ", ".join(_labelled(shown_phone(row["number"]), row.get("label")) for row in value)
    if key == "emails":
        return ", ".join(_labelled(row["address"], row.get("label")) for row in value)
    if key == "addresses":
        parts = ("street", "postal_code", "city")
        return "; ".join(" ".join(str(row[part]) for part in parts if row.get(part)) for row in value)
    if key == "owner_id":
        owner = session.get(AppUser, value)
        return owner.full_name if owner else "–"
    if key == "company_id":
        company = session.get(Contact, value)
        return company.name if company else "–"
    if key == "kind":
        return _("company") if value == ContactKind.COMPANY else _("person")
    if kind := _kinds().get(key):
        return custom_text(kind, value, language())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _kinds() -> dict[str, CustomFieldKind]:
    """Kinds of the custom fields by their keys in a document; asked for once in a request."""
    if "custom_kinds" not in g:
        g.custom_kinds = {f"custom.{field.key}": CustomFieldKind(field.kind) for field in custom_fields()}
    kinds: dict[str, CustomFieldKind] = g.custom_kinds
    return kinds


def label_text(label: str) -> str:
    """The label of a number or address: ours in the reader's language, others as they were written."""
    return str(LABELS.get(label, label))


def _label(typed: Any) -> str:
    """What is stored for a label that somebody typed, or left as `label_text` shows it."""
    text = str(typed).strip()
    return next((key for key, title in LABELS.items() if text.casefold() == str(title).casefold()), text)


def _labelled(text: str, label: str | None) -> str:
    return f"{text} ({label_text(label)})" if label else text
