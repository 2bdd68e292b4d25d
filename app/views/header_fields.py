"""Fields of the contact that the header of a case can show: chosen with the campaign, seen on its cards."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.access.fields import may_see_custom_field
from app.contacts.fields import custom_fields, custom_text
from app.core.db import session
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Case, Contact, CustomField
from app.views.formats import phone_text
from app.views.shell import language

_CUSTOM = "custom."


@dataclass(frozen=True)
class HeaderField:
    """One field: what people call it, and what it says of a contact."""

    title: Any
    text: Callable[[Contact], str]


_FIXED: Mapping[str, HeaderField] = {
    "contact.phone": HeaderField(_l("Phone"), lambda one: phone_text(one.phones[0].number) if one.phones else ""),
    "contact.email": HeaderField(_l("E-mail"), lambda one: one.emails[0].address if one.emails else ""),
    "contact.city": HeaderField(_l("City"), lambda one: one.addresses[0].city if one.addresses else ""),
    "contact.tax_number": HeaderField(_l("Tax number"), lambda one: one.tax_number or ""),
    "contact.number": HeaderField(_l("Contact number"), lambda one: f"K-{one.number}"),
}


def header_choices() -> list[tuple[str, Any]]:
    """Key and title of every field that a campaign may choose: the fixed ones, then the centre's own by title."""
    own = sorted(custom_fields(), key=lambda field: field.title)
    return [
        *((key, each.title) for key, each in _FIXED.items()),
        *((f"{_CUSTOM}{each.key}", each.title) for each in own),
    ]


def header_titles(keys: Iterable[str]) -> list[Any]:
    """Titles of chosen fields; one that is not known any more is called by its key."""
    keys = list(keys)
    own = _own_fields(keys)
    return [_FIXED[key].title if key in _FIXED else own[key].title if key in own else key for key in keys]


def header_rows(case: Case, user: AppUser) -> list[dict[str, str]]:
    """The campaign's header fields with the values of the case's contact, as far as the user may see them."""
    contact, keys = case.contact, case.campaign.header_fields
    own = _own_fields(keys)
    rows = []
    for key in keys:
        if key in _FIXED:
            rows.append({"label": str(_FIXED[key].title), "value": _FIXED[key].text(contact)})
        elif key in own and may_see_custom_field(user, field := own[key]):
            value = custom_text(field.kind, contact.custom.get(field.key), language())
            rows.append({"label": field.title, "value": value})
    return rows


def _own_fields(keys: Iterable[str]) -> dict[str, CustomField]:
    wanted = [key.removeprefix(_CUSTOM) for key in keys if key.startswith(_CUSTOM)]
    if not wanted:
        return {}
    return {
        f"{_CUSTOM}{row.key}": row for row in session.scalars(select(CustomField).where(CustomField.key.in_(wanted)))
    }
