"""Exports of contacts: what is in the file, in columns that our own import knows again.

A job writes the file (`app/jobs/exports.py`); rights are those of whoever asked for it, when it runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.access.fields import may_see_custom_field
from app.access.permissions import Permission, require
from app.contacts.fields import custom_fields
from app.contacts.listing import ContactQuery, conditions_of, parameters_of, query_from
from app.core.i18n import DEFAULT_LANGUAGE
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Work
from app.models.contacts import Contact, ContactAddress, ContactEmail, ContactKind, ContactPhone, CustomField
from app.work.rows import start_work

KIND = "contact_export"
FETCHED_AT_ONCE = 1000
_PHONES, _EMAILS = 3, 2
"""Columns for numbers and addresses; what is more stands in the last of them, with commas between."""

Cell = str | int | datetime | None


class Format(StrEnum):
    """Kinds of file."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class ContactExport:
    """What a file is made from."""

    titles: tuple[str, ...]
    fields: tuple[CustomField, ...]
    conditions: tuple[Any, ...]
    zone: ZoneInfo
    language: str


_TITLES = (
    _l("Contact number"), _l("Kind"), _l("First name"), _l("Surname"), _l("Company"), _l("Tax number"),
    _l("External key"), _l("Telephone"), _l("Telephone 2"), _l("Telephone 3"), _l("E-mail"), _l("E-mail 2"),
    _l("Street"), _l("Postal code"), _l("City"), _l("Country"), _l("Tags"), _l("Note"), _l("Caretaker"), _l("Created"),
)  # fmt: skip


def start_export(query: ContactQuery, kind: Format, *, actor: AppUser) -> Work:
    """Write down that all contacts which match are to be exported."""
    require(actor, Permission.CONTACT_EXPORT)
    params = {"query": parameters_of(query), "format": kind.value}
    return start_work(KIND, params, queue="reports", actor=actor)


def export_of(work: Work, user: AppUser) -> ContactExport:
    """The export of the work, with the rights that its user has now."""
    require(user, Permission.CONTACT_EXPORT)
    query = query_from({name: [value] for name, value in work.params["query"].items()})
    fields = tuple(field for field in custom_fields() if may_see_custom_field(user, field))
    titles = (*map(str, _TITLES), *(field.title for field in fields))
    language = user.language or DEFAULT_LANGUAGE
    return ContactExport(titles, fields, tuple(conditions_of(query, user=user)), ZoneInfo(user.time_zone), language)


def count_rows(export: ContactExport, connection: Connection) -> int:
    """How many rows there will be."""
    return connection.scalar(select(func.count()).select_from(Contact).where(*export.conditions)) or 0


def rows_of(export: ContactExport, connection: Connection) -> Iterator[list[Cell]]:
    """The rows by name, through a cursor of the server: memory does not grow with the file."""
    for row in connection.execution_options(yield_per=FETCHED_AT_ONCE).execute(_statement(export)):
        yield [*_fixed(row, export), *(_custom(row.custom.get(field.key)) for field in export.fields)]


def _statement(export: ContactExport) -> Any:
    owner, company, place = aliased(AppUser), aliased(Contact), aliased(ContactAddress)
    first = (
        select(ContactAddress.id)
        .where(ContactAddress.contact_id == Contact.id)
        .order_by(ContactAddress.position, ContactAddress.id)
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )
    return (
        select(
            *(Contact.number, Contact.kind, Contact.first_name, Contact.last_name, Contact.company_name),
            *(Contact.tax_number, Contact.external_key, Contact.tags, Contact.note, Contact.custom, Contact.created_at),
            _all_of(ContactPhone.number, ContactPhone).label("phones"),
            _all_of(ContactEmail.address, ContactEmail).label("emails"),
            *(place.street, place.postal_code, place.city, place.country),
            *(
                company.name.label("company"),
                owner.first_name.label("owner_first"),
                owner.last_name.label("owner_last"),
            ),
        )
        .select_from(Contact)
        .outerjoin(owner, owner.id == Contact.owner_id)
        .outerjoin(company, company.id == Contact.company_id)
        .outerjoin(place, place.id == first)
        .where(*export.conditions)
        .order_by(Contact.sort_name, Contact.id)
    )


def _all_of(column: InstrumentedAttribute[str], table: Any) -> Any:
    values = select(func.array_agg(aggregate_order_by(column, table.position, table.id))).where(
        table.contact_id == Contact.id
    )
    return values.correlate(Contact).scalar_subquery()


def _fixed(row: Any, export: ContactExport) -> list[Cell]:
    kind = _("company") if row.kind == ContactKind.COMPANY else _("person")
    owner = f"{row.owner_first} {row.owner_last}" if row.owner_last is not None else None
    return [
        f"K-{row.number}", kind, row.first_name, row.last_name, row.company_name or row.company, row.tax_number,
        row.external_key, *_spread(row.phones, _PHONES), *_spread(row.emails, _EMAILS), row.street, row.postal_code,
        row.city, row.country, ", ".join(row.tags), row.note, owner,
        row.created_at.astimezone(export.zone).replace(tzinfo=None),
    ]  # fmt: skip


def _spread(values: list[str] | None, columns: int) -> list[str]:
    found = list(values or ())
    cells = [*found[: columns - 1], ", ".join(found[columns - 1 :])]
    return [*cells, *[""] * (columns - len(cells))]


def _custom(value: Any) -> Cell:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, int) else str(value) if value is not None else None
