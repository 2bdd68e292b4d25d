"""Merge fields of script texts, `{{ contact.first_name }}`: a closed list of names, replaced by text and nothing else.

A form is rendered without values: a merge field becomes a marked place that the card fills in (`data-merge`).
"""

import re
from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape

from app.core.i18n import lazy_gettext as _l

MERGE_FIELDS = {
    "contact.name": _l("Name of the contact"),
    "contact.first_name": _l("First name"),
    "contact.last_name": _l("Surname"),
    "contact.company_name": _l("Company"),
    "contact.number": _l("Contact number"),
    "contact.phone": _l("Phone"),
    "contact.email": _l("E-mail"),
    "contact.city": _l("City"),
    "case.number": _l("Case number"),
    "case.subject": _l("Subject"),
    "campaign.name": _l("Campaign"),
    "agent.name": _l("Name of the agent"),
    "agent.first_name": _l("First name of the agent"),
    "today": _l("Today's date"),
}
_PLACE = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
_INSTRUCTION = re.compile(r"\(.*\)", re.DOTALL)


def unknown_names(text: str) -> list[str]:
    """Merge fields of the text that are not on the list, each once."""
    return list(dict.fromkeys(name for name in _PLACE.findall(text) if name not in MERGE_FIELDS))


def script_html(text: str) -> Markup:
    """The text as paragraphs with places to fill. A paragraph in brackets tells the agent what to do."""
    return _paragraphs(text, None)


def fill_merge(text: str, context: Mapping[str, str]) -> Markup:
    """The same, filled in: `context` gives the text of each merge field; what it lacks keeps its name."""
    return _paragraphs(text, context)


def _paragraphs(text: str, context: Mapping[str, str] | None) -> Markup:
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    return Markup("").join(_paragraph(part, context) for part in paragraphs)


def _paragraph(text: str, context: Mapping[str, str] | None) -> Markup:
    inner = Markup("").join(_pieces(text, context)).replace("\n", Markup("<br>"))
    return (Markup('<p class="do">{}</p>') if _INSTRUCTION.fullmatch(text) else Markup("<p>{}</p>")).format(inner)


def _pieces(text: str, context: Mapping[str, str] | None) -> Iterator[Markup]:
    """Escaped text, and a marked place for each merge field."""
    at = 0
    for match in _PLACE.finditer(text):
        yield escape(text[at : match.start()])
        yield _place(match[1], context)
        at = match.end()
    yield escape(text[at:])


def _place(name: str, context: Mapping[str, str] | None) -> Markup:
    if name not in MERGE_FIELDS:
        return Markup('<span class="m sp-bad" data-merge-unknown="{}" title="{}">{}</span>').format(
            name, _l("This merge field is not known."), name
        )
    value = (context or {}).get(name) or str(MERGE_FIELDS[name])
    return Markup('<span class="m" data-merge="{}">{}</span>').format(name, value)
