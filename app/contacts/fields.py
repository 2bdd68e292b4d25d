"""The custom fields of contacts that are in use."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.access.fields import may_see_custom_field
from app.contacts.numbers import shown_phone
from app.core.db import session
from app.core.i18n import gettext as _
from app.formbuilder.moments import write_date
from app.formbuilder.numbers import plain_number
from app.models import AppUser
from app.models.contacts import CustomField, CustomFieldKind


@dataclass
class FieldRules:
    """What a check must know of a custom field, apart from its row: an import outlives many transactions."""

    key: str
    title: str
    kind: CustomFieldKind
    choices: list[str]
    is_required: bool
    campaign_id: int | None


def custom_fields() -> list[CustomField]:
    """Fields in use, of the centre and of all campaigns, in their order."""
    rows = select(CustomField).where(CustomField.retired_at.is_(None)).order_by(CustomField.position, CustomField.id)
    return list(session.scalars(rows))


def hidden_keys(user: AppUser) -> frozenset[str]:
    """Keys of the fields, retired ones too, whose values the user may not see."""
    rows = session.scalars(select(CustomField).where(CustomField.is_visible.is_(False)))
    return frozenset(field.key for field in rows if not may_see_custom_field(user, field))


def custom_text(kind: CustomFieldKind, value: Any, language: str) -> str:
    """A stored value as people read it, in the forms of their language; "" for none.

    Thousands are not grouped: such a number may well be a year or a code.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if kind == CustomFieldKind.NUMBER:
        return plain_number(Decimal(str(value))).replace(".", "." if language == "en" else ",")
    if kind == CustomFieldKind.DATE:
        return write_date(date.fromisoformat(value), language)
    return shown_phone(value) if kind == CustomFieldKind.PHONE else str(value)


def titles(fields: list[CustomField]) -> dict[str, str]:
    """Key → title."""
    return {field.key: field.title for field in fields}


def field_rules() -> list[FieldRules]:
    """The same fields as plain values."""
    return [
        FieldRules(
            field.key,
            field.title,
            CustomFieldKind(field.kind),
            list(field.choices),
            field.is_required,
            field.campaign_id,
        )
        for field in custom_fields()
    ]
