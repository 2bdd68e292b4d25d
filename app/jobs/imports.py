"""Long work on contacts: an import, and taking one back."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import Any

from sqlalchemy import delete

from app.contacts import reading
from app.contacts.importing import BATCH, Batch, SeenInFile
from app.contacts.imports import layout_of, plan_of, reader_of, source_of
from app.contacts.reading import SourceRow
from app.contacts.rows import ReadRow, RowReader
from app.contacts.undoing import undo_batch
from app.core import clock
from app.core.db import session
from app.models import AppUser, Work
from app.models.imports import Import, ImportRow, RowOutcome
from app.work.running import Keep

_COUNTED_AT_ONCE = 100_000
"""Rows that are counted between two renewals of the lease: well under a second of work."""


def run_import(work: Work, keep: Keep) -> dict[str, Any]:
    """Import the rows behind `work.place`, a thousand in a transaction; a dry run always begins anew."""
    imported = session.get_one(Import, work.params["import_id"])
    is_dry_run = imported.is_dry_run
    plan, reader = plan_of(imported, is_dry_run=is_dry_run), reader_of(imported)
    path, layout = source_of(imported), layout_of(imported)
    after = 0 if is_dry_run else work.place.get("row", 0)
    total, actor_id = work.total, work.created_by_id
    if is_dry_run:
        with keep.batch() as held:
            session.execute(delete(ImportRow).where(ImportRow.import_id == plan.import_id))
            held.done = held.failed = 0
            held.result = {}
    if total is None:
        total = _count(reading.rows(path, layout), keep)
        with keep.batch() as held:
            held.total = total
    seen = SeenInFile() if is_dry_run else None
    for rows in _read_ahead(reading.rows(path, layout, after=after), reader):
        with keep.batch() as held:
            actor = session.get(AppUser, actor_id) if actor_id else None
            counts = Batch(plan, reader, rows, seen).write(actor=actor)
            held.failed += counts[RowOutcome.REJECTED]
            held.done += len(rows) - counts[RowOutcome.REJECTED]
            held.result = {outcome.value: held.result.get(outcome.value, 0) + counts[outcome] for outcome in RowOutcome}
            if not is_dry_run:
                held.place = {"row": rows[-1][0].number}
    return {"import_id": plan.import_id}


def run_undo(work: Work, keep: Keep) -> dict[str, Any]:
    """Take back the contacts behind `held.place`; at the end the import counts as undone."""
    import_id, actor_id = work.params["import_id"], work.created_by_id
    more = True
    while more:
        with keep.batch() as held:
            actor = session.get(AppUser, actor_id) if actor_id else None
            undone = undo_batch(import_id, held.place.get("contact", 0), work=held, actor=actor)
            if undone is None:
                session.get_one(Import, import_id).undone_at = clock.now()
                more = False
                continue
            held.place = {"contact": undone.last_contact}
            held.done += undone.deleted + undone.restored
            held.failed += undone.left
            held.result = {
                key: held.result.get(key, 0) + getattr(undone, key) for key in ("deleted", "restored", "left")
            }
    return {"import_id": import_id}


def _count(rows: Iterable[SourceRow], keep: Keep) -> int:
    counted = 0
    remaining = iter(rows)
    while step := sum(1 for _row in islice(remaining, _COUNTED_AT_ONCE)):
        counted += step
        keep.renew()
    return counted


def _read_ahead(rows: Generator[SourceRow, None, None], reader: RowReader) -> Iterator[list[ReadRow]]:
    """Batches; while the database writes one, the next is read and checked in a thread of its own."""

    def read_next() -> list[ReadRow]:
        return reader.read_all(islice(rows, BATCH))

    with closing(rows), ThreadPoolExecutor(1, thread_name_prefix="reading") as pool:
        coming = pool.submit(read_next)
        while batch := coming.result():
            coming = pool.submit(read_next)
            yield batch
