"""/dictionaries: shared lists, to read."""

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from app.access.permissions import Permission
from app.core.db import session
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.models import Dictionary, DictionaryEntry
from app.views.api.cursors import Page, Paging, page_by_id
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Words


@dataclass(frozen=True, kw_only=True)
class DictionaryRow:
    """A shared list."""

    id: int
    name: str
    description: str


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """An entry. Answers hold its id; a hidden one is chosen no more."""

    id: int
    code: str
    title: str
    hidden: bool
    position: int


@dataclass(frozen=True, kw_only=True)
class EntryList(Paging):
    """Entries in the order of their ids; `text` = words in code or title."""

    text: Annotated[str, Words(120)] = ""


@endpoint("GET", "/dictionaries", permission=Permission.DICTIONARY_READ, summary="Dictionaries.")
def list_dictionaries(query: Paging) -> Page[DictionaryRow]:
    """Whoever may read dictionaries sees all of them."""
    return page_by_id(select(Dictionary), Dictionary.id, query, _row)


@endpoint("GET", "/dictionaries/{dictionary_id}", permission=Permission.DICTIONARY_READ, summary="A dictionary.")
def show_dictionary(dictionary_id: int) -> DictionaryRow:
    """Without its entries."""
    return _row(_the_dictionary(dictionary_id))


@endpoint(
    "GET",
    "/dictionaries/{dictionary_id}/entries",
    permission=Permission.DICTIONARY_READ,
    summary="Entries of a dictionary, hidden ones included.",
)
def list_entries(dictionary_id: int, query: EntryList) -> Page[EntryRow]:
    """Their order on screen is `position`."""
    rows = select(DictionaryEntry).where(DictionaryEntry.dictionary_id == _the_dictionary(dictionary_id).id)
    for word in fold(query.text).split()[:8]:
        rows = rows.where(DictionaryEntry.folded.contains(word, autoescape=True))
    return page_by_id(rows, DictionaryEntry.id, query, _entry)


def _the_dictionary(dictionary_id: int) -> Dictionary:
    dictionary = session.get(Dictionary, dictionary_id)
    if dictionary is None:
        raise NotFound(_l("There is no such dictionary."))
    return dictionary


def _row(dictionary: Dictionary) -> DictionaryRow:
    return DictionaryRow(id=dictionary.id, name=dictionary.name, description=dictionary.description)


def _entry(entry: DictionaryEntry) -> EntryRow:
    return EntryRow(id=entry.id, code=entry.code, title=entry.title, hidden=entry.hidden, position=entry.position)
