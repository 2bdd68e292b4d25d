"""Entries of dictionaries as forms read them: titles by id, and the search of a look-up. No list is ever read whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import event, or_, select
from sqlalchemy.orm import Session

from app.core.db import session
from app.core.i18n import gettext as _
from app.core.i18n import in_language
from app.core.text import fold
from app.models import DictionaryEntry

_KEPT = "dictionary entries"
KIND = "dictionary"
"""Kind of row in references: `dictionary:<id of the dictionary>`."""


@dataclass(frozen=True)
class EntryKnown:
    """What a form says of an entry."""

    dictionary_id: int
    title: str
    hidden: bool


def remember_entries(entry_ids: Iterable[int]) -> None:
    """Read these in one statement, for the titles of a page of answers."""
    known = _known()
    wanted = {entry_id for entry_id in entry_ids if entry_id not in known}
    if not wanted:
        return
    row = DictionaryEntry
    found = session.execute(select(row.id, row.dictionary_id, row.title, row.hidden).where(row.id.in_(wanted)))
    known.update(dict.fromkeys(wanted, None))
    known.update({each.id: EntryKnown(each.dictionary_id, each.title, each.hidden) for each in found})


def entry_of(dictionary_id: int | None, entry_id: int) -> EntryKnown | None:
    """The entry, hidden or not, if it belongs to the dictionary; asked for once in a transaction."""
    remember_entries([entry_id])
    entry = _known()[entry_id]
    return entry if entry is not None and entry.dictionary_id == dictionary_id else None


def entry_text(dictionary_id: int | None, entry_id: int, language: str) -> str:
    """Its title, of a hidden one with a word that it is; its number when there is none."""
    entry = entry_of(dictionary_id, entry_id)
    if entry is None:
        return str(entry_id)
    if not entry.hidden:
        return entry.title
    with in_language(language):
        return _("%(title)s (hidden)", title=entry.title)


def entry_called(dictionary_id: int | None, words: str) -> int | None:
    """The id of the entry that may be chosen and whose title or code these words are."""
    row = DictionaryEntry
    same = or_(row.title == words, row.code == words)
    rows = select(row.id).where(row.dictionary_id == dictionary_id, ~row.hidden, same)
    # By the index of the search: titles have none of their own.
    return session.scalar(rows.where(row.folded.contains(fold(words), autoescape=True)).order_by(row.position).limit(1))


def remember_answered(dictionary_fields: Iterable[str], documents: Iterable[Mapping[str, object] | None]) -> None:
    """The same for a page of documents: what their answers to these fields name."""
    fields = list(dictionary_fields)
    named = (document.get(field_id) for document in documents if document for field_id in fields)
    if fields:
        remember_entries(entry_id for entry_id in named if isinstance(entry_id, int))


def search_entries(dictionary_id: int, words: str, *, limit: int) -> Sequence[DictionaryEntry]:
    """Entries that may be chosen and hold the words in code or title, in the order of the dictionary."""
    rows = select(DictionaryEntry).where(DictionaryEntry.dictionary_id == dictionary_id, ~DictionaryEntry.hidden)
    for word in fold(words).split()[:8]:
        rows = rows.where(DictionaryEntry.folded.contains(word, autoescape=True))
    return session.scalars(rows.order_by(DictionaryEntry.position, DictionaryEntry.id).limit(limit)).all()


def dictionary_named(reference: str) -> int | None:
    """The id in `dictionary:<id>`; None for a reference of another kind."""
    kind, _colon, number = reference.partition(":")
    return int(number) if kind == KIND and number.isascii() and number.isdigit() and len(number) < 19 else None  # noqa: PLR2004 - digits of an id


def _known() -> dict[int, EntryKnown | None]:
    known: dict[int, EntryKnown | None] = session.info.setdefault(_KEPT, {})
    return known


def forget_entries() -> None:
    """They were changed in this transaction."""
    session.info.pop(_KEPT, None)


def _forget(ended: Session) -> None:
    ended.info.pop(_KEPT, None)


event.listen(session, "after_commit", _forget)
event.listen(session, "after_rollback", _forget)
