"""Entries of dictionaries that a card offers."""

from app.cases.answers import form_of, profile_of
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.entries import search_entries
from app.formbuilder.field_types.references import DictionaryConfig
from app.formbuilder.versions import definition_of
from app.models import AppUser, Case

OFFERED = 20


def entries_offered(case: Case, dictionary_id: int, words: str, *, actor: AppUser) -> list[dict[str, object]]:
    """Those with the words in code or title; NotFound unless a field that the actor sees asks for the dictionary."""
    version = form_of(case.campaign)
    definition = definition_of(version) if version else None
    visible = profile_of(actor, definition).visible if definition else frozenset()
    asked = {
        field.config.dictionary_id
        for field in (definition.fields if definition else ())
        if isinstance(field.config, DictionaryConfig) and field.id in visible and not field.hidden
    }
    if dictionary_id not in asked:
        raise NotFound(_l("The form of this case asks for no such list."))
    return [{"id": row.id, "title": row.title} for row in search_entries(dictionary_id, words, limit=OFFERED)]
