"""What the command palette and the selects of contacts ask as somebody types."""

from typing import Any

from flask import Response, request, url_for

from app.access.permissions import Permission, may
from app.contacts.numbers import shown_phone
from app.contacts.search import search_cases, search_contacts
from app.core.i18n import gettext as _
from app.models import Contact
from app.models.contacts import ContactKind
from app.scripts.kinds import KINDS
from app.views.base import Page, answer, page, the_user
from app.views.sent import sent_member

SHOWN = 8
OFFERED = 20


class SearchView(Page):
    """Search across contacts and cases; only what the user may see."""

    route_base = "/search"
    class_permission_name = "Contact"

    @page("")
    def index(self) -> Response:
        """Groups for the command palette."""
        user, text = the_user(), request.args.get("q", "")
        groups: list[dict[str, Any]] = []
        if may(user, Permission.CASE_READ):
            cases = search_cases(text, user=user, limit=SHOWN)
            groups.append({"title": _("Cases"), "items": [_case_item(case) for case in cases]})
        if may(user, Permission.CONTACT_READ):
            contacts = search_contacts(text, user=user, limit=SHOWN)
            groups.append({"title": _("Contacts"), "items": [_contact_item(contact) for contact in contacts]})
        return answer({"groups": groups})

    @page("/contacts", permission=Permission.CONTACT_READ)
    def contacts(self) -> Response:
        """Choices for a select; `?kind=company` offers companies only."""
        asked = request.args.get("kind")
        kind = sent_member(asked, ContactKind) if asked else None
        found = search_contacts(request.args.get("q", ""), user=the_user(), limit=OFFERED, kind=kind)
        return answer({"results": [{"id": one.id, "text": one.name, "hint": _hint(one)} for one in found]})


def _contact_item(contact: Contact) -> dict[str, Any]:
    return {
        "title": contact.name,
        "url": url_for("ContactView.show", pk=contact.id),
        "icon": "building" if contact.kind == ContactKind.COMPANY else "user",
        "detail": _reach(contact),
        "note": f"K-{contact.number}",
    }


def _case_item(case: Any) -> dict[str, Any]:
    kind = KINDS[case.status.kind]
    return {
        "title": case.subject,
        "url": url_for("CaseView.card", number=case.number),
        "icon": "ticket",
        "number": str(case.number),
        "detail": case.campaign.name,
        "status": {"kind": case.status.look, "name": case.status.name, "icon": kind.icon},
    }


def _hint(contact: Contact) -> str:
    reach = _reach(contact)
    return f"K-{contact.number} · {reach}" if reach else f"K-{contact.number}"


def _reach(contact: Contact) -> str:
    if contact.phones:
        return shown_phone(contact.phones[0].number)
    return contact.emails[0].address if contact.emails else ""
