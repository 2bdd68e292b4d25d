"""Verbs of an import: take the file, plan it, try it, run it, go on with it, take it back."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import ColumnElement, delete, func, select, true

from app.access.permissions import Permission, may
from app.contacts import reading
from app.contacts.checking import check_tags
from app.contacts.fields import custom_fields, field_rules, titles
from app.contacts.importing import BATCH, Batch, Plan, SeenInFile
from app.contacts.known import MATCH_BY
from app.contacts.mapping import guess_mapping, guess_match, problems_of
from app.contacts.problems import wording
from app.contacts.reading import PREVIEW_ROWS, Head, Layout, SourceRow
from app.contacts.rows import RowProblem, RowReader
from app.contacts.undoing import can_be_undone
from app.contacts.values import ContactValues
from app.core.cells import neutral
from app.core.db import session
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.files.store import path_of, store_file
from app.history.record import record_change
from app.models import AppUser, Work
from app.models.imports import Import, ImportRow, ImportRule, RowOutcome
from app.models.work import WorkState
from app.work.rows import OPEN, start_work

RUN, UNDO = "import_contacts", "undo_import"
"""Kinds of long work."""


@dataclass(frozen=True)
class PreviewRow:
    """One row of a file as it would be imported."""

    number: int
    cells: Sequence[str]
    values: ContactValues | None
    outcome: RowOutcome
    problems: Sequence[RowProblem]

    def problem_in(self, column: int) -> RowProblem | None:
        """What is wrong with one cell."""
        return next((problem for problem in self.problems if problem.column == column), None)


def begin_import(name: str, stream: IO[bytes], *, actor: AppUser, limit: int) -> Import:
    """Keep the file, find out how to read it and guess what its columns are. Raises Invalid when it is no table."""
    file = store_file(name, stream, actor=actor, limit=limit)
    head = reading.detect(path_of(file.key))
    mapping = guess_mapping(head.columns(), titles(custom_fields()))
    imported = Import(
        file=file,
        layout=head.layout.as_document(),
        head=head.as_document(),
        mapping=mapping,
        rule=ImportRule.SKIP,
        match_by=guess_match(mapping),
        tags={"tags": []},
        is_dry_run=True,
        created_by_id=actor.id,
    )
    session.add(imported)
    session.flush()
    record_change("import", imported.id, "created", actor=actor, after={"file": file.name, "size": file.size})
    return imported


def read_again(imported: Import, layout: Layout, *, actor: AppUser) -> Import:
    """Read the file in another way: somebody corrected the encoding, the separator or the sheet."""
    _hold_open(imported)
    head = reading.read_head(source_of(imported), layout)
    imported.layout, imported.head = head.layout.as_document(), head.as_document()
    imported.mapping = guess_mapping(head.columns(), titles(custom_fields()))
    imported.match_by = guess_match(imported.mapping)
    record_change("import", imported.id, "changed", actor=actor, after={"layout": imported.layout})
    return imported


def plan_import(
    imported: Import,
    *,
    mapping: Mapping[str, str],
    rule: ImportRule,
    match_by: str,
    tags: Sequence[str],
    actor: AppUser,
) -> Import:
    """Say what the columns are and what becomes of known contacts. Raises Invalid with every problem of the plan."""
    _hold_open(imported)
    columns = head_of(imported).columns()
    problems = problems_of(mapping, len(columns), titles(custom_fields()), match_by)
    if match_by not in MATCH_BY:
        problems.append(_l("Choose what tells that a contact is known already."))
    if problems:
        raise Invalid(problems[0], {"mapping": problems})
    imported.mapping = dict(mapping)
    imported.rule = rule
    imported.match_by = match_by
    imported.tags = {"tags": list(check_tags(tags))}
    plan = {"mapping": imported.mapping, "rule": rule.value, "match_by": match_by, **imported.tags}
    record_change("import", imported.id, "changed", actor=actor, after=plan)
    return imported


def preview(imported: Import) -> list[PreviewRow]:
    """The first rows as they would be imported now; writes nothing."""
    rows = head_of(imported).rows()[:PREVIEW_ROWS]
    reader = reader_of(imported)
    batch = Batch(plan_of(imported, is_dry_run=True), reader, reader.read_all(rows), SeenInFile())
    return [PreviewRow(row.number, row.cells, values, outcome, problems) for row, values, outcome, problems in batch]


def start_import(imported: Import, *, dry_run: bool, actor: AppUser) -> Work:
    """Begin the import, or a dry run of it, as long work. An earlier dry run is forgotten."""
    _hold_open(imported)
    columns = head_of(imported).columns()
    problems = problems_of(imported.mapping, len(columns), titles(custom_fields()), imported.match_by)
    if problems:
        raise Invalid(problems[0], {"mapping": problems})
    session.execute(delete(ImportRow).where(ImportRow.import_id == imported.id))
    imported.is_dry_run = dry_run
    imported.work_id = start_work(RUN, {"import_id": imported.id}, queue="bulk", actor=actor).id
    action = "dry run started" if dry_run else "started"
    record_change("import", imported.id, action, actor=actor, after={"work": imported.work_id})
    return session.get_one(Work, imported.work_id)


def continue_import(imported: Import, *, actor: AppUser) -> Work:
    """Go on with an import that was stopped, or that failed, behind the last row that was written."""
    session.refresh(imported, with_for_update=True)
    old = imported.work
    if old is None or old.state not in (WorkState.STOPPED, WorkState.FAILED) or imported.undo_work_id is not None:
        raise Refused(_l("There is nothing to go on with."))
    work = start_work(RUN, {"import_id": imported.id}, queue="bulk", actor=actor, total=old.total)
    work.place, work.done, work.failed, work.result = old.place, old.done, old.failed, old.result
    imported.work_id = work.id
    record_change("import", imported.id, "continued", actor=actor, after={"work": work.id})
    return work


def undo_import(imported: Import, *, actor: AppUser) -> Work:
    """Begin to take the whole import back, as long work. What was touched since is left and listed."""
    session.refresh(imported, with_for_update=True)
    if imported.is_dry_run or imported.work is None:
        raise Refused(_l("Nothing was imported yet, so there is nothing to undo."))
    if imported.work.state in OPEN:
        raise Refused(_l("The import is still running. Stop it first."))
    if imported.undo_work is not None and (imported.undo_work.state in OPEN or imported.undone_at is not None):
        raise Refused(_l("This import has been undone already."))
    total = session.scalar(select(func.count(ImportRow.contact_id.distinct())).where(can_be_undone(imported.id)))
    imported.undo_work_id = start_work(UNDO, {"import_id": imported.id}, queue="bulk", actor=actor, total=total).id
    record_change("import", imported.id, "undo started", actor=actor, after={"work": imported.undo_work_id})
    return session.get_one(Work, imported.undo_work_id)


def the_import(import_id: int, *, actor: AppUser) -> Import:
    """The import with that id, or NotFound, also when the actor may not see it."""
    imported = session.scalar(select(Import).where(Import.id == import_id, imports_of(actor)))
    if imported is None:
        raise NotFound(_l("There is no such import, or it is somebody else's."))
    return imported


def imports_of(user: AppUser) -> ColumnElement[bool]:
    """Imports that the user may see: their own, or all with the right to see everybody's long work."""
    if may(user, Permission.WORK_SEE_ALL):
        return true()
    return Import.created_by_id == user.id


def source_of(imported: Import) -> Path:
    """Where the file lies."""
    return path_of(imported.file.key)


def layout_of(imported: Import) -> Layout:
    """How it is read."""
    return Layout.from_document(imported.layout)


def head_of(imported: Import) -> Head:
    """Its columns and first rows, as they were when the file was sent in, or read in another way."""
    return Head.from_document(imported.head, layout_of(imported))


def plan_of(imported: Import, *, is_dry_run: bool) -> Plan:
    """How its rows are treated."""
    return Plan(imported.id, ImportRule(imported.rule), imported.match_by, is_dry_run)


def reader_of(imported: Import) -> RowReader:
    """What reads its rows."""
    columns = head_of(imported).columns()
    return RowReader(imported.mapping, len(columns), field_rules(), imported.tags.get("tags", ()))


def figures(imported: Import) -> dict[str, int]:
    """How many rows became what, counted in the database."""
    rows = session.execute(
        select(ImportRow.outcome, func.count()).where(ImportRow.import_id == imported.id).group_by(ImportRow.outcome)
    )
    counts = Counter({RowOutcome(outcome): count for outcome, count in rows})
    return {outcome.value: counts[outcome] for outcome in RowOutcome}


def reasons(imported: Import, limit: int = 100) -> list[tuple[int, str]]:
    """The first rows that were rejected, and why, in the reader's language."""
    rows = session.execute(
        select(ImportRow.row, ImportRow.details)
        .where(ImportRow.import_id == imported.id, ImportRow.outcome == RowOutcome.REJECTED)
        .order_by(ImportRow.row)
        .limit(limit)
    )
    return [(row, reason_of(details)) for row, details in rows]


def reason_of(details: Mapping[str, Any]) -> str:
    """All that is wrong with a row, in the reader's language."""
    return " ".join(wording(problem["code"], problem["details"]) for problem in details.get("problems", ()))


def error_file(imported: Import) -> Iterator[bytes]:
    """The rejected rows as CSV in the file's own columns, with the reason behind them: mend it and import it again."""
    return _error_lines(imported.id, source_of(imported), head_of(imported))


def _error_lines(import_id: int, path: Path, head: Head) -> Iterator[bytes]:
    columns, layout = head.columns(), head.layout
    separator = layout.separator if layout.kind == "csv" else ";"
    yield "\ufeff".encode() + _line([*map(neutral, columns), _("Reason")], separator)
    last = 0
    rows = reading.rows(path, layout)
    while True:
        found = session.execute(
            select(ImportRow.row, ImportRow.details)
            .where(ImportRow.import_id == import_id, ImportRow.outcome == RowOutcome.REJECTED, ImportRow.row > last)
            .order_by(ImportRow.row)
            .limit(BATCH)
        ).all()
        if not found:
            return
        rejected = {row: reason_of(details) for row, details in found}
        last = found[-1][0]
        for source in rows:
            if source.number in rejected:
                yield _error_line(source, rejected[source.number], len(columns), separator)
            if source.number >= last:
                break


def _error_line(source: SourceRow, reason: str, columns: int, separator: str) -> bytes:
    # A ragged row is squared: what was too much stands in the last column, so that no cell moves under another title.
    cells = source.cells[: columns - 1]
    rest = [cell for cell in source.cells[columns - 1 :] if cell]
    cells = [*cells, *[""] * (columns - 1 - len(cells)), separator.join(rest)]
    return _line([*(neutral(cell) for cell in cells), reason], separator)


def _line(cells: Sequence[str], separator: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _hold_open(imported: Import) -> None:
    """Lock it. A plan can be changed until the import itself has begun."""
    session.refresh(imported, with_for_update=True)
    if imported.work is not None and imported.work.state in OPEN:
        raise Refused(_l("This import is running. Stop it first."))
    if imported.work is not None and not imported.is_dry_run:
        raise Refused(_l("This import has been carried out. Choose the file again to import it once more."))
