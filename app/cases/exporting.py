"""Exports of cases: what is in the file, in which columns, with which types; the rows come one after another.

A job writes the file (`app/jobs/exports.py`); rights are those of whoever asked for it, when it runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, select

from app.access.permissions import Permission, require
from app.cases.answers import stored_answer
from app.cases.listing_query import CaseQuery, parameters_of, query_from
from app.cases.listing_scope import list_contact_fields, list_definitions, list_fields
from app.cases.listing_walks import matching
from app.cases.sources import source_title
from app.core import clock
from app.core.i18n import DEFAULT_LANGUAGE
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.entries import remember_answered
from app.formbuilder.expression import Instant
from app.formbuilder.field_types.references import DictionaryConfig
from app.formbuilder.logic import has_logic, instant, state
from app.formbuilder.registry import answer_type
from app.models import (
    AppUser,
    Campaign,
    Case,
    CaseAnswers,
    Contact,
    ContactEmail,
    ContactPhone,
    CustomField,
    Status,
    Work,
)
from app.scripts.kinds import KINDS
from app.work.rows import start_work

KIND = "case_export"
FETCHED_AT_ONCE = 1000

Cell = str | int | Decimal | date | time | datetime | None


class Format(StrEnum):
    """Kinds of file."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Export:
    """What a file is made from."""

    titles: tuple[str, ...]
    fields: tuple[Field, ...]
    followed: tuple[FormDefinition, ...]
    """Forms whose conditions and pages may hide an answer: a column more names those that are hidden."""
    at: Instant
    contact_fields: tuple[CustomField, ...]
    conditions: tuple[Any, ...]
    zone: ZoneInfo
    language: str


_FIXED = (
    _l("Number"), _l("Opened"), _l("Source"), _l("Campaign"), _l("Status"), _l("Kind of status"), _l("Status since"),
    _l("Owner"), _l("Subject"), _l("Contact number"), _l("Contact"), _l("Telephone"), _l("E-mail"), _l("Due"),
    _l("Last change"), _l("Closed"),
)  # fmt: skip


def start_export(query: CaseQuery, kind: Format, *, actor: AppUser) -> Work:
    """Write down that all cases which match are to be exported."""
    require(actor, Permission.CASE_EXPORT)
    return start_work(KIND, {"query": parameters_of(query), "format": kind.value}, queue="reports", actor=actor)


def export_of(work: Work, user: AppUser) -> Export:
    """The export of the work, with the rights that its user has now.

    The columns of answers are those of the current version of the campaign's form when one campaign is chosen, else
    those that the list shows.
    """
    require(user, Permission.CASE_EXPORT)
    query = query_from(work.params["query"])
    offered = list_fields(user, query.campaigns)
    chosen = {column.removeprefix("answer.") for column in query.columns}
    is_one_campaign = len(query.campaigns) == 1
    fields = tuple(field for field_id, field in offered.items() if is_one_campaign or str(field_id) in chosen)
    contact_fields = tuple(list_contact_fields(user).values())
    definitions = list_definitions(user, query.campaigns) if fields else []
    followed = tuple(definition for definition in definitions if has_logic(definition))
    titles = [*map(str, _FIXED), *(field.title for field in contact_fields), *(field.title for field in fields)]
    if followed:
        titles.append(_("Hidden by a condition"))
    return Export(
        tuple(titles),
        fields,
        followed,
        instant(clock.now()),
        contact_fields,
        tuple(matching(query, user=user)),
        ZoneInfo(user.time_zone),
        user.language or DEFAULT_LANGUAGE,
    )


def count_rows(export: Export, connection: Connection) -> int:
    """How many rows there will be."""
    return connection.scalar(select(func.count()).select_from(Case).where(*export.conditions)) or 0


def rows_of(export: Export, connection: Connection) -> Iterator[list[Cell]]:
    """The rows, oldest first, through a cursor of the server: memory does not grow with the file."""
    listed = [field.id for field in export.fields if isinstance(field.config, DictionaryConfig)]
    for rows in connection.execution_options(yield_per=FETCHED_AT_ONCE).execute(_statement(export)).partitions():
        if listed:
            remember_answered(listed, (row.document for row in rows))
        for row in rows:
            yield [*_fixed(row, export), *_contact_cells(row, export.contact_fields), *_answer_cells(row, export)]


def _statement(export: Export) -> Select[*tuple[Any, ...]]:
    first_phone = select(ContactPhone.number).where(ContactPhone.contact_id == Case.contact_id)
    first_email = select(ContactEmail.address).where(ContactEmail.contact_id == Case.contact_id)
    statement: Select[*tuple[Any, ...]] = (
        select(
            *(Case.number, Case.created_at, Case.source, Campaign.name.label("campaign"), Status.name.label("status")),
            *(Status.kind, Case.status_at, AppUser.first_name, AppUser.last_name, Case.subject),
            *(Contact.number.label("contact_number"), Contact.name.label("contact"), Contact.custom),
            first_phone.order_by(ContactPhone.position, ContactPhone.id).limit(1).scalar_subquery().label("phone"),
            first_email.order_by(ContactEmail.position, ContactEmail.id).limit(1).scalar_subquery().label("email"),
            *(Case.due_at, Case.touched_at, Case.closed_at),
        )
        .select_from(Case)
        .join(Contact, Contact.id == Case.contact_id)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .join(Status, Status.id == Case.status_id)
        .outerjoin(AppUser, AppUser.id == Case.owner_id)
        .where(*export.conditions)
        .order_by(Case.created_at, Case.id)
    )
    if export.fields:
        statement = statement.add_columns(CaseAnswers.document, CaseAnswers.form_version_id)
        statement = statement.outerjoin(CaseAnswers, CaseAnswers.case_id == Case.id)
    return statement


def _fixed(row: Any, export: Export) -> list[Cell]:
    owner = f"{row.first_name} {row.last_name}".strip() if row.last_name is not None else None
    return [
        row.number, _local(row.created_at, export), str(source_title(row.source)), row.campaign, row.status,
        str(KINDS[row.kind].title), _local(row.status_at, export), owner, row.subject, row.contact_number, row.contact,
        row.phone, row.email, _local(row.due_at, export), _local(row.touched_at, export), _local(row.closed_at, export),
    ]  # fmt: skip


def _contact_cells(row: Any, fields: Sequence[CustomField]) -> list[Cell]:
    values = [(row.custom or {}).get(field.key) for field in fields]
    return [_contact_cell(value) for value in values]


def _contact_cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, int) else str(value or "")


def _answer_cells(row: Any, export: Export) -> list[Cell]:
    if not export.fields:
        return []
    cells = [_answer(field, stored_answer(field, row.document, row.form_version_id), export) for field in export.fields]
    return [*cells, _hidden_answers(row.document or {}, export)] if export.followed else cells


def _hidden_answers(document: Mapping[str, Any], export: Export) -> str:
    """Titles of the fields of the file that hold an answer, and that the card does not show for the other answers."""
    titles: list[str] = []
    for definition in export.followed:
        answered = [field for field in export.fields if field.id in definition.by_id and field.id in document]
        if answered:
            visible = state(definition, document, export.at).visible
            titles += [field.title for field in answered if field.id not in visible]
    return ", ".join(titles)


def _answer(field: Field, stored: Any, export: Export) -> Cell:
    kind = answer_type(field)
    if kind is None or stored is None:
        return None
    value = kind.stored(stored)
    cell: Cell = str(stored) if value is None else kind.export(value, export.language)
    return _local(cell, export) if isinstance(cell, datetime) and cell.tzinfo else cell


def _local(moment: datetime | None, export: Export) -> datetime | None:
    """The time on the wall of whoever exports; spreadsheets know no zones."""
    return moment.astimezone(export.zone).replace(tzinfo=None) if moment else None
