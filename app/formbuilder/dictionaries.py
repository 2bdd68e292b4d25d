"""Verbs on dictionaries: make, rename, add, change, hide, reorder, import. Nothing is ever deleted."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from sqlalchemy import func, insert, select, text

from app.core import clock
from app.core.db import session
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.entries import forget_entries
from app.history.record import record_change
from app.models import AppUser, Dictionary, DictionaryEntry

NAME = 160
CODE = 80
TITLE = 300
ENTRIES = 200_000
"""At most that many in one dictionary, hidden ones included."""
_AT_ONCE = 5000
_HEADS = ({"code", "title"}, {"kod", "nazwa"})


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import of entries did."""

    added: int
    changed: int


def add_dictionary(name: str, description: str = "", *, actor: AppUser | None) -> Dictionary:
    """An empty one."""
    row = Dictionary(
        name=_line(name, NAME, "name"),
        description=description.replace("\0", "").strip(),
        created_at=clock.now(),
        created_by_id=actor.id if actor else None,
    )
    session.add(row)
    session.flush()
    record_change("dictionary", row.id, "add", actor=actor, after={"name": row.name})
    return row


def change_dictionary(
    dictionary: Dictionary, name: str, description: str, *, expected_version: int, actor: AppUser | None
) -> None:
    """Another name or description. Conflict when somebody else changed it meanwhile."""
    session.refresh(dictionary, with_for_update=True)
    if dictionary.version != expected_version:
        raise Conflict(_l("Somebody else changed this meanwhile. Load the page again; nothing was overwritten."))
    before = {"name": dictionary.name, "description": dictionary.description}
    after = {"name": _line(name, NAME, "name"), "description": description.replace("\0", "").strip()}
    if before != after:
        dictionary.name, dictionary.description = after["name"], after["description"]
        dictionary.version += 1
        record_change("dictionary", dictionary.id, "change", actor=actor, before=before, after=after)
        session.flush()


def add_entry(dictionary: Dictionary, title: str, code: str = "", *, actor: AppUser | None) -> DictionaryEntry:
    """At the end of the list. Without a code it gets a number. Invalid for a code that is taken."""
    _hold(dictionary)
    taken = _codes(dictionary)
    code = _line(code, CODE, "code") if code.strip() else next(_free_codes(taken))
    if code in taken:
        message = _l("There is an entry with the code “%(code)s” already.", code=code)
        raise Invalid(message, {"code": [message]})
    _check_room(len(taken) + 1)
    entry = DictionaryEntry(
        dictionary_id=dictionary.id,
        code=code,
        title=_line(title, TITLE, "title"),
        hidden=False,
        position=_last_position(dictionary) + 1,
    )
    session.add(entry)
    session.flush()
    _note(entry, "add_entry", {}, {"code": entry.code, "title": entry.title}, actor)
    return entry


def rename_entry(entry: DictionaryEntry, title: str, *, actor: AppUser | None) -> None:
    """Another title, on every answer that names it."""
    session.refresh(entry, with_for_update=True)
    before, entry.title = entry.title, _line(title, TITLE, "title")
    if before != entry.title:
        _note(entry, "rename_entry", {"title": before}, {"title": entry.title}, actor)


def turn_entry(entry: DictionaryEntry, *, hidden: bool, actor: AppUser | None) -> None:
    """Hide it, so that nobody chooses it any more, or show it again. Answers that name it stay."""
    session.refresh(entry, with_for_update=True)
    if entry.hidden != hidden:
        entry.hidden = hidden
        _note(entry, "turn_entry", {"hidden": not hidden}, {"hidden": hidden}, actor)


def move_entry(entry: DictionaryEntry, step: int, *, actor: AppUser | None) -> bool:
    """One place up (-1) or down (1); False at an end of the list."""
    dictionary = session.get_one(Dictionary, entry.dictionary_id)
    _hold(dictionary)
    session.refresh(entry)
    row = DictionaryEntry
    rows = select(row).where(row.dictionary_id == entry.dictionary_id)
    if step < 0:
        rows = rows.where(row.position < entry.position).order_by(row.position.desc())
    else:
        rows = rows.where(row.position > entry.position).order_by(row.position)
    neighbour = session.scalar(rows.limit(1))
    if neighbour is None:
        return False
    before = entry.position
    entry.position, neighbour.position = neighbour.position, entry.position
    _note(entry, "move_entry", {"position": before}, {"position": entry.position}, actor)
    return True


def sort_entries(dictionary: Dictionary, *, actor: AppUser | None) -> None:
    """All in the order of their titles."""
    _hold(dictionary)
    session.execute(_SORT, {"dictionary": dictionary.id})
    session.expire_all()
    record_change("dictionary", dictionary.id, "sort", actor=actor)


def import_entries(dictionary: Dictionary, pasted: str, *, actor: AppUser | None) -> Imported:
    """Entries by line: a title, or a code and a title parted by a tab or a semicolon.

    What has a known code gets the title and stays in its place; the rest is added at the end. Lines without a code
    are known by their title. All or nothing: Invalid names the first line that does not fit.
    """
    _hold(dictionary)
    rows = list(_read(pasted))
    found = select(DictionaryEntry.code, DictionaryEntry.title).where(DictionaryEntry.dictionary_id == dictionary.id)
    titles = {row.code: row.title for row in session.execute(found)}
    codes = {title: code for code, title in titles.items()}
    fresh: dict[str, str] = {}
    changed: dict[str, str] = {}
    free = _free_codes(titles)
    for code, title in rows:
        if code in titles:
            if titles[code] != title:
                changed[code] = title
        elif code:
            fresh[code] = title
        elif title not in codes:
            codes[title] = made = next(each for each in free if each not in fresh)
            fresh[made] = title
    _check_room(len(titles) + len(fresh))
    _write(dictionary, fresh, changed)
    counts = {"added": len(fresh), "changed": len(changed)}
    record_change("dictionary", dictionary.id, "import", actor=actor, after=counts)
    return Imported(**counts)


def _read(pasted: str) -> Iterator[tuple[str, str]]:
    """Code and title of each line; code "" where there is none."""
    lines = pasted.replace("\0", "").replace("\ufeff", "").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = next((sign for sign in "\t;" if sign in first), None)
    seen: dict[str, int] = {}
    reader = csv.reader(lines, delimiter=separator) if separator else ([line] for line in lines)
    for number, cells in enumerate(reader, 1):
        values = [" ".join(cell.split()) for cell in cells]
        if not any(values) or (number == 1 and {value.lower() for value in values} in _HEADS):
            continue
        code, title = (values[0], values[1] if len(values) > 1 else "") if separator else ("", values[0])
        if not title or len(title) > TITLE or len(code) > CODE:
            raise Invalid(_l("Line %(line)s does not fit: it needs a title of at most 300 characters.", line=number))
        if code and code in seen:
            raise Invalid(_l("Lines %(one)s and %(other)s have the same code.", one=seen[code], other=number))
        seen[code] = number
        yield code, title


def _write(dictionary: Dictionary, fresh: Mapping[str, str], changed: Mapping[str, str]) -> None:
    table = DictionaryEntry.__table__
    position = count(_last_position(dictionary) + 1)
    rows: Iterator[dict[str, Any]] = (
        {"dictionary_id": dictionary.id, "code": code, "title": title, "position": next(position)}
        for code, title in fresh.items()
    )
    while batch := list(islice(rows, _AT_ONCE)):
        session.execute(insert(table), batch)
    if changed:
        session.execute(
            _RENAME, {"dictionary": dictionary.id, "codes": list(changed), "titles": list(changed.values())}
        )
    session.expire_all()
    forget_entries()


_RENAME = text(
    "UPDATE dictionary_entries SET title = given.title"
    " FROM unnest(CAST(:codes AS text[]), CAST(:titles AS text[])) AS given (code, title)"
    " WHERE dictionary_entries.dictionary_id = :dictionary AND dictionary_entries.code = given.code"
)
_SORT = text(
    "UPDATE dictionary_entries SET position = sorted.place"
    " FROM (SELECT id, row_number() OVER (ORDER BY splot_fold(title), id) AS place"
    " FROM dictionary_entries WHERE dictionary_id = :dictionary) AS sorted WHERE dictionary_entries.id = sorted.id"
)


def _hold(dictionary: Dictionary) -> None:
    """Changes of one list take turns."""
    session.execute(select(Dictionary.id).where(Dictionary.id == dictionary.id).with_for_update())


def _codes(dictionary: Dictionary) -> set[str]:
    rows = select(DictionaryEntry.code).where(DictionaryEntry.dictionary_id == dictionary.id)
    return set(session.scalars(rows))


def _free_codes(taken: object) -> Iterator[str]:
    known: Any = taken
    return (str(number) for number in count(len(known) + 1) if str(number) not in known)


def _last_position(dictionary: Dictionary) -> int:
    row = select(func.max(DictionaryEntry.position)).where(DictionaryEntry.dictionary_id == dictionary.id)
    return session.scalar(row) or 0


def _check_room(entries: int) -> None:
    if entries > ENTRIES:
        raise Invalid(_l("A dictionary has at most %(limit)s entries.", limit=ENTRIES))


def _line(value: str, limit: int, key: str) -> str:
    line = " ".join(value.replace("\0", "").split())
    if not line or len(line) > limit:
        message = _l("Write a text of at most %(limit)s characters.", limit=limit)
        raise Invalid(message, {key: [message]})
    return line


def _note(
    entry: DictionaryEntry, action: str, before: dict[str, Any], after: dict[str, Any], actor: AppUser | None
) -> None:
    session.flush()
    forget_entries()
    told = {"entry": entry.id, **after}
    record_change("dictionary", entry.dictionary_id, action, actor=actor, before=before, after=told)
