"""Writing many contacts at once: COPY for new rows, one statement a table for changed ones, one history entry each."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text, update

from app.contacts.values import PLAIN, ContactValues, as_document
from app.core import clock
from app.core.db import session
from app.history.record import SYSTEM, changes, origin
from app.models import AppUser
from app.models.contacts import Contact, ContactAddress, ContactEmail, ContactPhone


@dataclass(slots=True)
class Staged:
    """One contact that a batch will write: new (`before` is None), or changed from `before`."""

    id: int
    number: int
    version: int
    values: ContactValues
    before: ContactValues | None = None
    row: int = 0
    """Row of the file that staged it first."""


def new_ids(count: int) -> list[int]:
    """Ids for new contacts, taken from the table's own sequence."""
    if not count:
        return []
    statement = text("SELECT nextval(pg_get_serial_sequence('contacts', 'id')) FROM generate_series(1, :count)")
    return list(session.execute(statement, {"count": count}).scalars())


def write_contacts(staged: Sequence[Staged], *, actor: AppUser | None, action_origin: str) -> None:
    """Write them with their numbers, addresses and history. The version of a changed one has been raised already."""
    now = clock.now()
    new = [one for one in staged if one.before is None]
    changed = [(one, one.before) for one in staged if one.before is not None and one.values != one.before]
    _copy_new(new, now, actor)
    _update(changed, now)
    _copy_children([(one, None) for one in new] + list(changed))
    _copy_history(new, changed, now, actor, action_origin)


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table through the connection of the session."""
    rows = list(rows)
    if not rows:
        return
    connection = session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def as_json(document: Any) -> str:
    """JSON as COPY takes it for a jsonb column."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _copy_new(new: Sequence[Staged], now: datetime, actor: AppUser | None) -> None:
    actor_id = actor.id if actor else None
    columns = (
        "id",
        "kind",
        "name",
        *PLAIN,
        "tags",
        "custom",
        "company_id",
        "owner_id",
        "created_at",
        "created_by_id",
        "updated_at",
    )
    copy_rows(
        "contacts",
        columns,
        (
            (
                one.id,
                one.values.kind.value,
                one.values.name,
                *(getattr(one.values, key) or None for key in PLAIN),
                list(one.values.tags),
                as_json(dict(one.values.custom)),
                one.values.company_id,
                one.values.owner_id,
                now,
                actor_id,
                now,
            )
            for one in new
        ),
    )


def _update(changed: Sequence[tuple[Staged, ContactValues]], now: datetime) -> None:
    if not changed:
        return
    table = Contact.__table__
    names = (*PLAIN, "name", "tags", "custom", "version")
    statement = (
        update(table)
        .where(table.c.id == bindparam("of_contact"))
        .values({name: bindparam(f"new_{name}") for name in names} | {"updated_at": now})
    )
    session.connection().execute(
        statement,
        [
            {
                "of_contact": one.id,
                **{f"new_{key}": getattr(one.values, key) or None for key in PLAIN},
                "new_name": one.values.name,
                "new_tags": list(one.values.tags),
                "new_custom": dict(one.values.custom),
                "new_version": one.version,
            }
            for one, _before in changed
        ],
    )


def _copy_children(written: Sequence[tuple[Staged, ContactValues | None]]) -> None:
    """Add numbers and addresses that are new; an import takes none away."""
    phones, emails, addresses = [], [], []
    for one, before in written:
        had = before or ContactValues()
        known_phones = {phone.number for phone in had.phones}
        known_emails = {email.address for email in had.emails}
        known_places = set(had.addresses)
        phones += [
            (one.id, phone.number, phone.label, place)
            for place, phone in enumerate(one.values.phones)
            if phone.number not in known_phones
        ]
        emails += [
            (one.id, email.address, email.label, place)
            for place, email in enumerate(one.values.emails)
            if email.address not in known_emails
        ]
        addresses += [
            (one.id, address.street, address.postal_code, address.city, address.country, address.label, place)
            for place, address in enumerate(one.values.addresses)
            if address not in known_places
        ]
    copy_rows(ContactPhone.__tablename__, ("contact_id", "number", "label", "position"), phones)
    copy_rows(ContactEmail.__tablename__, ("contact_id", "address", "label", "position"), emails)
    copy_rows(
        ContactAddress.__tablename__,
        ("contact_id", "street", "postal_code", "city", "country", "label", "position"),
        addresses,
    )


def _copy_history(
    new: Sequence[Staged],
    changed: Sequence[tuple[Staged, ContactValues]],
    now: datetime,
    actor: AppUser | None,
    action_origin: str,
) -> None:
    actor_id, actor_name = (actor.id, actor.full_name) if actor else (None, SYSTEM)
    came_from = origin.get() or action_origin
    rows: list[tuple[Any, ...]] = [
        (now, actor_id, actor_name, "contact", one.id, "created", None, as_json(as_document(one.values)), came_from)
        for one in new
    ]
    for one, before in changed:
        old, fresh = changes(as_document(before), as_document(one.values))
        rows.append((now, actor_id, actor_name, "contact", one.id, "changed", as_json(old), as_json(fresh), came_from))
    columns = ("at", "actor_id", "actor_name", "record", "record_id", "action", "before", "after", "origin")
    copy_rows("history", columns, rows)
