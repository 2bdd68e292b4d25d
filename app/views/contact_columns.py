"""Columns of the list of contacts: which there are, and the text of a cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.contacts.fields import custom_fields
from app.contacts.listing import COLUMNS, USUAL, Sort
from app.contacts.numbers import shown_phone
from app.models import Contact
from app.models.contacts import CustomField
from app.views.contact_forms import in_words
from app.views.formats import day_text, in_zone


@dataclass(frozen=True)
class Column:
    """One column beside the name."""

    key: str
    title: Any
    sort: str | None = None

    def text(self, contact: Contact) -> str:
        """What the cell says."""
        if self.key.startswith("custom."):
            return in_words(self.key, contact.custom.get(self.key.removeprefix("custom."))).replace("–", "")
        return str(_TEXTS[self.key](contact) or "")


_TEXTS: dict[str, Any] = {
    "number": lambda contact: f"K-{contact.number}",
    "kind": lambda contact: in_words("kind", contact.kind.value),
    "phone": lambda contact: shown_phone(contact.phones[0].number) if contact.phones else "",
    "email": lambda contact: contact.emails[0].address if contact.emails else "",
    "city": lambda contact: contact.addresses[0].city if contact.addresses else "",
    "company": lambda contact: contact.company.name if contact.company else contact.company_name,
    "tax_number": lambda contact: contact.tax_number,
    "tags": lambda contact: ", ".join(contact.tags),
    "owner": lambda contact: contact.owner.full_name if contact.owner else "",
    "created": lambda contact: day_text(in_zone(contact.created_at).date()),
}


def chosen_columns(keys: Sequence[str]) -> list[Column]:
    """The columns of the list in their order; the usual ones when none were chosen."""
    known = {column.key: column for column in _all_columns()}
    return [known[key] for key in keys if key in known] or [known[key] for key in USUAL]


def column_choices(chosen: list[Column]) -> list[tuple[Column, bool]]:
    """Every column, and whether it is shown: the shown ones first, in their order."""
    shown = {column.key for column in chosen}
    return [(column, True) for column in chosen] + [
        (column, False) for column in _all_columns() if column.key not in shown
    ]


def _all_columns() -> list[Column]:
    sorts = {"created": Sort.CREATED.value}
    fixed = [Column(key, title, sorts.get(key)) for key, title in COLUMNS.items()]
    fields: list[CustomField] = [field for field in custom_fields() if field.is_visible]
    return fixed + [Column(f"custom.{field.key}", field.title) for field in fields]
