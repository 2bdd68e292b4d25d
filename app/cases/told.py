"""What a webhook is told of a case. The shape is part of the product: docs/webhooks.md."""

from typing import Any

from app.cases.answers import document_of, form_of
from app.core.i18n import DEFAULT_LANGUAGE
from app.formbuilder.definition import Field
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import definition_of
from app.models import AppUser, Case

PRESSED = "button.pressed"


def press_told(case: Case, button: Field, actor: AppUser) -> dict[str, Any]:
    """The case as it is stored, the button, and who pressed it; JSON values only."""
    return {
        "button": {"id": button.id, "title": button.title},
        "user": {"id": actor.id, "name": actor.full_name, "email": actor.email},
        "case": case_told(case),
    }


def case_told(case: Case) -> dict[str, Any]:
    """The case with its contact and its answers. What the form hides is not told."""
    contact = case.contact
    return {
        "number": case.number,
        "subject": case.subject,
        "source": case.source.value,
        "opened_at": case.created_at.isoformat(),
        "due_at": case.due_at.isoformat() if case.due_at else None,
        "campaign": {"id": case.campaign_id, "name": case.campaign.name},
        "status": {"id": case.status_id, "name": case.status.name, "kind": case.status.kind.value},
        "owner": {"id": case.owner.id, "name": case.owner.full_name} if case.owner else None,
        "contact": {
            "number": contact.number,
            "kind": contact.kind.value,
            "name": contact.name,
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "company_name": contact.company_name,
            "phones": [phone.number for phone in contact.phones],
            "emails": [email.address for email in contact.emails],
        },
        "answers": _answers_told(case),
    }


def _answers_told(case: Case) -> list[dict[str, Any]]:
    version = form_of(case.campaign)
    if version is None:
        return []
    document, told = document_of(case), []
    for field in definition_of(version).answer_fields():
        kind, stored = answer_type(field), document.get(field.id)
        if kind is not None and stored is not None and not field.hidden:
            text = kind.show(stored, DEFAULT_LANGUAGE)
            told.append({"id": field.id, "kind": field.kind, "title": field.title, "value": stored, "text": text})
    return told
