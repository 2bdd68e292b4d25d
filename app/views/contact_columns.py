"""Columns of the list of contacts: which there are, and the text of a cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.access.fields import may_see_custom_field
from app.contacts.fields import custom_fields
from app.contacts.listing import COLUMNS, USUAL, Sort
from app.contacts.numbers import shown_phone
from app.core.i18n import gettext as _
from app.models import AppUser, Contact
from app.models.contacts import CustomField
from app.views.contact_forms import in_words
from app.views.formats import day_text, in_zone


@dataclass(frozen=True)
class Column:
    """One column beside the name."""

    key: str
    title: Any
    sort: str | None = None
    width: int | str = 150
    """Pixels, or a share of the table."""
    cell: str = "c-more"
    """Classes of its cells: their place where rows are shown as cards, and how figures stand."""
    is_number: bool = False

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


def chosen_columns(keys: Sequence[str], user: AppUser) -> list[Column]:
    """The columns of the list in their order; the usual ones when none were chosen."""
    known = {column.key: column for column in _all_columns(user)}
    return [known[key] for key in keys if key in known] or [known[key] for key in USUAL]


def column_choices(chosen: list[Column], user: AppUser) -> list[tuple[Column, bool]]:
    """Every column, and whether it is shown: the shown ones first, in their order."""
    shown = {column.key for column in chosen}
    return [(column, True) for column in chosen] + [
        (column, False) for column in _all_columns(user) if column.key not in shown
    ]


def heads_of(columns: Sequence[Column], sort_addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """The head of the table: the icon and the name, then the chosen columns."""
    return [
        {"name": "icon", "label": _("Kind"), "hidden": True, "width": 32},
        {"name": "name", "label": _("Name"), "sort": sort_addresses[Sort.NAME]},
        *(
            {
                "name": column.key,
                "label": column.title,
                "width": column.width,
                "sort": sort_addresses.get(column.sort or ""),
                "num": column.is_number,
            }
            for column in columns
        ),
    ]


_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "number": {"width": 88, "cell": "c-no num", "is_number": True},
    "kind": {"width": 100},
    "phone": {"width": 144, "cell": "c-who sp-num"},
    "email": {"width": "18%", "cell": "c-stat"},
    "city": {"width": "11%", "cell": "c-due"},
    "tags": {"width": "12%"},
    "created": {"width": 124, "cell": "c-age num", "is_number": True, "sort": Sort.CREATED.value},
    "tax_number": {"width": 120},
}


def _all_columns(user: AppUser) -> list[Column]:
    fixed = [Column(key, title, **_LOOKS.get(key, {})) for key, title in COLUMNS.items()]
    fields: list[CustomField] = [field for field in custom_fields() if may_see_custom_field(user, field)]
    return fixed + [Column(f"custom.{field.key}", field.title) for field in fields]
