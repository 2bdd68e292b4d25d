"""Taking an import back, contact by contact: what was touched since stays, and is listed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, any_, delete, literal, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from app.contacts.changing import restore_contact
from app.contacts.events import ContactsImported
from app.contacts.known import Known, load_known
from app.contacts.values import as_document, from_document
from app.contacts.writing import as_json, copy_rows
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.i18n import source_text as N_  # noqa: N812  (the name that Babel looks for)
from app.history.record import SYSTEM, origin
from app.models import Activity, AppUser, Case, Work
from app.models.contacts import Contact
from app.models.imports import ImportRow, RowOutcome
from app.work.rows import add_problem

IN_USE = N_("It has cases, activities or people by now, so it stays.")
CHANGED = N_("Somebody has changed it since the import, so it stays as it is.")
UNDO_BATCH = 500
"""Contacts of one transaction."""


@dataclass(frozen=True)
class Undone:
    """What became of one batch."""

    last_contact: int
    """Where to go on; nothing is left when the batch had no contact."""
    deleted: int = 0
    restored: int = 0
    left: int = 0


def undo_batch(import_id: int, after_contact: int, *, work: Work, actor: AppUser | None) -> Undone | None:
    """Take back the next contacts of an import; None when there are no more."""
    ids = session.scalars(
        select(ImportRow.contact_id)
        .where(can_be_undone(import_id), ImportRow.contact_id > after_contact)
        .distinct()
        .order_by(ImportRow.contact_id)
        .limit(UNDO_BATCH)
    ).all()
    if not ids:
        return None
    wanted = literal(list(ids), ARRAY(BigInteger))
    rows: dict[int, list[ImportRow]] = defaultdict(list)
    for row in session.scalars(
        select(ImportRow)
        .where(can_be_undone(import_id), ImportRow.contact_id == any_(wanted))
        .order_by(ImportRow.row.desc())
    ):
        rows[row.contact_id or 0].append(row)
    # Locked first: a case that somebody opens for one of them is either seen here, or waits for the end of this batch.
    held = load_known(ids, for_update=True)
    in_use = _in_use(ids)
    gone: list[Known] = []
    restored = left = 0
    for known in held.values():
        own = rows[known.id]
        is_new = any(row.outcome == RowOutcome.CREATED for row in own)
        reason = IN_USE if is_new and known.id in in_use else _touched(known, own)
        if reason:
            add_problem(work, f"K-{known.number} {known.values.name}", reason)
            left += 1
        elif is_new:
            gone.append(known)
        else:
            _restore(known, own, actor)
            restored += 1
    _delete(gone, import_id, actor)
    announce(ContactsImported(import_id=import_id))
    return Undone(ids[-1], len(gone), restored, left)


def can_be_undone(import_id: int) -> ColumnElement[bool]:
    """Rows that made or changed a contact that is still there."""
    outcomes = (RowOutcome.CREATED, RowOutcome.UPDATED)
    return (ImportRow.import_id == import_id) & ImportRow.outcome.in_(outcomes) & ImportRow.contact_id.is_not(None)


def _in_use(ids: Sequence[int | None]) -> set[int]:
    """Of these contacts, those that have cases, activities, or people who belong to them."""
    wanted = literal(list(ids), ARRAY(BigInteger))
    users: CompoundSelect[Any] = union(
        select(Case.contact_id).where(Case.contact_id == any_(wanted)),
        select(Activity.contact_id).where(Activity.contact_id == any_(wanted)),
        select(Contact.company_id).where(Contact.company_id == any_(wanted)),
    )
    return set(session.scalars(users))


def _touched(known: Known, rows: Sequence[ImportRow]) -> str:
    return "" if known.version == max(row.contact_version or 0 for row in rows) else CHANGED


def _restore(known: Known, rows: Sequence[ImportRow], actor: AppUser | None) -> None:
    document: dict[str, Any] = as_document(known.values)
    for row in rows:  # the last one first
        document |= row.before
    values = from_document({key: value for key, value in document.items() if value is not None})
    restore_contact(session.get_one(Contact, known.id), values, actor=actor)


def _delete(contacts: Sequence[Known], import_id: int, actor: AppUser | None) -> None:
    if not contacts:
        return
    actor_id, actor_name = (actor.id, actor.full_name) if actor else (None, SYSTEM)
    now, came_from = clock.now(), origin.get() or f"import {import_id}"
    copy_rows(
        "history",
        ("at", "actor_id", "actor_name", "record", "record_id", "action", "before", "origin"),
        (
            (now, actor_id, actor_name, "contact", one.id, "deleted", as_json(as_document(one.values)), came_from)
            for one in contacts
        ),
    )
    ids = [contact.id for contact in contacts]
    session.execute(
        delete(Contact).where(Contact.id == any_(literal(ids, ARRAY(BigInteger)))),
        execution_options={"synchronize_session": False},
    )
