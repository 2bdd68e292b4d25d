"""The columns of the case list: those of every case, of contacts, of the centre's own fields and of form fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from app.cases.answers import stored_answer
from app.cases.listing_query import CaseQuery, Sort
from app.cases.listing_scope import list_contact_fields, list_fields
from app.contacts.fields import custom_text
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.definition import Field
from app.formbuilder.registry import answer_type
from app.models import AppUser, CaseAnswers, Contact, ContactEmail, ContactPhone, CustomField


@dataclass(frozen=True)
class ListColumn:
    """One column. `field` is the form field or the contact field that it shows, if any."""

    key: str
    title: Any
    sort: Sort | None = None
    field: Field | CustomField | None = None


FIXED = (
    ListColumn("number", _l("Number"), Sort.NUMBER),
    ListColumn("subject", _l("Subject")),
    ListColumn("contact", _l("Contact")),
    ListColumn("campaign", _l("Campaign")),
    ListColumn("status", _l("Status")),
    ListColumn("owner", _l("Owner")),
    ListColumn("due", _l("Due"), Sort.DUE),
    ListColumn("age", _l("Age"), Sort.CREATED),
    ListColumn("touched", _l("Last change"), Sort.TOUCHED),
    ListColumn("status_age", _l("In this status"), Sort.STATUS_AGE),
    ListColumn("source", _l("Source")),
    ListColumn("contact_number", _l("Contact number")),
    ListColumn("phone", _l("Telephone")),
    ListColumn("email", _l("E-mail")),
)
USUAL = ("number", "subject", "contact", "campaign", "status", "owner", "due", "age")


@dataclass(frozen=True)
class Columns:
    """The chosen columns in their order, and all that could be chosen."""

    chosen: tuple[ListColumn, ...]
    available: tuple[ListColumn, ...]


def columns_for(query: CaseQuery, user: AppUser, usual: Sequence[str] = USUAL, *, all_of_them: bool = False) -> Columns:
    """The columns of a query, those that are gone or hidden by rights left out.

    The fields of forms and contacts are read only when one is chosen, or for the chooser (`all_of_them`).
    """
    keys = query.columns or tuple(usual)
    asks_contact = all_of_them or any(key.startswith("custom.") for key in keys)
    asks_answers = all_of_them or any(key.startswith("answer.") for key in keys)
    available = list(FIXED)
    if asks_contact:
        available += [
            ListColumn(f"custom.{key}", field.title, field=field) for key, field in list_contact_fields(user).items()
        ]
    if asks_answers:
        available += [
            ListColumn(f"answer.{field_id}", field.title, field=field)
            for field_id, field in list_fields(user, query.campaigns).items()
            if field.show_in_lists
        ]
    by_key = {column.key: column for column in available}
    chosen = tuple(by_key[key] for key in keys if key in by_key) or tuple(by_key[key] for key in USUAL)
    return Columns(chosen, tuple(available))


def selected_for(columns: Sequence[ListColumn]) -> list[ColumnElement[Any]]:
    """What the statement of the page must read for the chosen columns, beside what every row has."""
    found: list[ColumnElement[Any]] = []
    keys = {column.key for column in columns}
    if "contact_number" in keys:
        found.append(Contact.number.label("contact_number"))
    if "phone" in keys:
        first = select(ContactPhone.number).where(ContactPhone.contact_id == Contact.id)
        found.append(first.order_by(ContactPhone.position, ContactPhone.id).limit(1).scalar_subquery().label("phone"))
    if "email" in keys:
        first = select(ContactEmail.address).where(ContactEmail.contact_id == Contact.id)
        found.append(first.order_by(ContactEmail.position, ContactEmail.id).limit(1).scalar_subquery().label("email"))
    if any(isinstance(column.field, CustomField) for column in columns):
        found.append(Contact.custom.label("custom"))
    if needs_answers(columns):
        found += [CaseAnswers.document.label("answers"), CaseAnswers.form_version_id.label("answers_version")]
    return found


def needs_answers(columns: Sequence[ListColumn]) -> bool:
    """Whether a column shows an answer."""
    return any(isinstance(column.field, Field) for column in columns)


def shown_values(columns: Sequence[ListColumn], row: Mapping[str, Any], language: str) -> dict[str, str]:
    """Texts of the columns that are not part of every row, by key."""
    found: dict[str, str] = {}
    for column in columns:
        if isinstance(column.field, Field):
            found[column.key] = _answer(column.field, row["answers"], row["answers_version"], language)
        elif isinstance(column.field, CustomField):
            found[column.key] = custom_text(column.field.kind, (row["custom"] or {}).get(column.field.key), language)
        elif column.key in {"contact_number", "phone", "email"}:
            found[column.key] = str(row[column.key] or "")
    return found


def _answer(field: Field, document: Mapping[str, Any] | None, version_id: int | None, language: str) -> str:
    kind = answer_type(field)
    return kind.show(stored_answer(field, document, version_id), language) if kind else ""
