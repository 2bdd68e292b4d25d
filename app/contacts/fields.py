"""The custom fields of contacts that are in use."""

from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import session
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
