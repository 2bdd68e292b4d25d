"""One batch of an import: what becomes of each row, then all of it written at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from app.contacts.events import ContactsImported
from app.contacts.known import Known, filled_in, find_known, keys_of, load_known, rows_that_made
from app.contacts.reading import SourceRow
from app.contacts.rows import ReadRow, RowProblem, RowReader
from app.contacts.values import ContactValues, as_document
from app.contacts.writing import Staged, as_json, copy_rows, new_ids, write_contacts
from app.core.announce import announce
from app.history.record import changes
from app.models import AppUser
from app.models.imports import ImportRow, ImportRule, RowOutcome

BATCH = 1000
"""Rows of one transaction: a stop takes effect, and the progress moves, at least that often."""


@dataclass(frozen=True)
class Plan:
    """How an import treats its rows."""

    import_id: int
    rule: ImportRule
    match_by: str
    is_dry_run: bool


@dataclass
class SeenInFile:
    """Keys of the rows that a dry run has passed: it writes no contact that could be found again."""

    _rows: dict[bytes, int] = field(default_factory=dict)

    def note(self, keys: Iterable[tuple[str, str]], row: int) -> None:
        """Remember the keys of a row."""
        for key in keys:
            self._rows.setdefault(_digest(key), row)

    def row_of(self, key: tuple[str, str]) -> int | None:
        """The first row that had the key."""
        return self._rows.get(_digest(key))


@dataclass
class _Verdict:
    """What becomes of one row."""

    row: SourceRow
    outcome: RowOutcome
    staged: Staged | None = None
    contact_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[RowProblem] = ()


class Batch:
    """Decides row by row, in the order of the file, so that a later row sees what an earlier one has staged."""

    def __init__(self, plan: Plan, reader: RowReader, rows: Sequence[ReadRow], seen: SeenInFile | None) -> None:
        self._plan = plan
        self._reader = reader
        self._seen = seen
        self._read = rows
        self._staged_by_key: dict[tuple[str, str], Staged] = {}
        self._staged: dict[int, Staged] = {}
        self._look_up()
        self._verdicts = [self._decide(*one) for one in self._read]

    def __iter__(self) -> Iterator[tuple[SourceRow, ContactValues | None, RowOutcome, Sequence[RowProblem]]]:
        """Each row with its values and what becomes of it: what a preview shows."""
        for (row, values, _problems), verdict in zip(self._read, self._verdicts, strict=True):
            yield row, values, verdict.outcome, verdict.problems

    def write(self, *, actor: AppUser | None) -> Counter[RowOutcome]:
        """Write the contacts (a dry run: none) and what became of each row; returns how many rows became what."""
        if not self._plan.is_dry_run:
            write_contacts(list(self._staged.values()), actor=actor, action_origin=f"import {self._plan.import_id}")
            if self._staged:
                announce(ContactsImported(import_id=self._plan.import_id))
        columns = ("import_id", "row", "outcome", "contact_id", "contact_version", "before", "reason", "details")
        copy_rows(ImportRow.__tablename__, columns, (self._import_row(verdict) for verdict in self._verdicts))
        return Counter(verdict.outcome for verdict in self._verdicts)

    def _look_up(self) -> None:
        """Ask the database once for each question that the rows of this batch raise."""
        match_by = self._plan.match_by
        all_values = [values for _row, values, _problems in self._read if values is not None]
        keys = {key for values in all_values for key in keys_of(values, match_by)}
        self._found = find_known(keys, match_by) if keys else {}
        external = {values.external_key for values in all_values if values.external_key}
        self._external = find_known(external, "external_key") if external else {}
        ids = {one for found in (*self._found.values(), *self._external.values()) for one in found}
        will_change = self._plan.rule == ImportRule.UPDATE and not self._plan.is_dry_run
        self._known: dict[int, Known] = load_known(ids, for_update=will_change) if ids else {}
        self._made_by_row = rows_that_made(self._plan.import_id, ids) if ids else {}
        self._new_ids = iter(new_ids(0 if self._plan.is_dry_run else len(all_values)))

    def _decide(  # noqa: PLR0911  (one for each thing that a row can be)
        self, row: SourceRow, values: ContactValues | None, problems: list[RowProblem]
    ) -> _Verdict:
        if values is None:
            return _Verdict(row, RowOutcome.REJECTED, problems=problems)
        keys = [(self._plan.match_by, key) for key in keys_of(values, self._plan.match_by)]
        if self._plan.rule == ImportRule.CREATE:
            return self._create(row, values, keys)
        staged = {id(one): one for key in keys if (one := self._staged_by_key.get(key))}
        ids = {one for _by, key in keys for one in self._found.get(key, ())}
        # A known contact that an earlier row of this batch has changed is staged under its id.
        ids -= {one.id for one in staged.values()}
        if self._seen and not staged:
            earlier = next((found for key in keys if (found := self._seen.row_of(key))), None)
            if earlier is not None and not ids:
                return self._seen_earlier(row, values, earlier)
        if len(staged) + len(ids) > 1:
            return self._several(row, staged.values(), ids)
        if staged:
            return self._again(row, values, next(iter(staged.values())), keys)
        if ids:
            return self._meet(row, values, self._known[ids.pop()], keys)
        return self._create(row, values, keys)

    def _create(self, row: SourceRow, values: ContactValues, keys: list[tuple[str, str]]) -> _Verdict:
        if problems := self._reader.missing(values):
            return _Verdict(row, RowOutcome.REJECTED, problems=problems)
        if taken := self._taken(values, None):
            return _Verdict(row, RowOutcome.REJECTED, problems=[taken])
        # A dry run has no ids; negative ones keep its staged contacts apart.
        staged = Staged(next(self._new_ids, -row.number), 0, 1, values, None, row.number)
        self._stage(staged, keys)
        return _Verdict(row, RowOutcome.CREATED, staged)

    def _meet(self, row: SourceRow, values: ContactValues, known: Known, keys: list[tuple[str, str]]) -> _Verdict:
        """A row of a contact that the database knows."""
        earlier = self._made_by_row.get(known.id)
        if self._plan.rule == ImportRule.SKIP:
            problem = (
                RowProblem("in_file_already", {"row": earlier})
                if earlier
                else RowProblem("known_already", {"number": known.number})
            )
            return _Verdict(row, RowOutcome.SKIPPED, contact_id=known.id, problems=[problem])
        staged = self._staged.get(known.id) or Staged(
            known.id, known.number, known.version, known.values, known.values, row.number
        )
        return self._fill(row, values, staged, keys)

    def _again(self, row: SourceRow, values: ContactValues, staged: Staged, keys: list[tuple[str, str]]) -> _Verdict:
        """A row of a contact that an earlier row of this batch has made or changed."""
        if self._plan.rule == ImportRule.SKIP:
            problem = RowProblem("in_file_already", {"row": staged.row})
            return _Verdict(row, RowOutcome.SKIPPED, staged, problems=[problem])
        return self._fill(row, values, staged, keys)

    def _fill(self, row: SourceRow, values: ContactValues, staged: Staged, keys: list[tuple[str, str]]) -> _Verdict:
        merged = filled_in(staged.values, values)
        if merged == staged.values:
            problem = (
                RowProblem("nothing_new", {"number": staged.number})
                if staged.number
                else RowProblem("in_file_already", {"row": staged.row})
            )
            return _Verdict(row, RowOutcome.SKIPPED, staged, problems=[problem])
        if taken := self._taken(values, staged):
            return _Verdict(row, RowOutcome.REJECTED, problems=[taken])
        before, _after = changes(as_document(staged.values), as_document(merged))
        is_first_change = staged.before is not None and staged.id not in self._staged
        # One version for one entry of history, however many rows of the batch fill the contact in.
        staged.version += is_first_change
        staged.values = merged
        self._stage(staged, keys)
        return _Verdict(row, RowOutcome.UPDATED, staged, before=before)

    def _several(self, row: SourceRow, staged: Iterable[Staged], ids: Iterable[int]) -> _Verdict:
        numbers = [f"K-{self._known[one].number}" for one in sorted(ids)]
        numbers += [f"K-{one.number}" for one in staged if one.number]
        rows = [one.row for one in staged if not one.number]
        if self._plan.rule == ImportRule.SKIP:
            problem = RowProblem("several_known", {"numbers": ", ".join(numbers)})
            if rows and not numbers:
                problem = RowProblem("in_file_already", {"row": rows[0]})
            return _Verdict(row, RowOutcome.SKIPPED, problems=[problem])
        shown = ", ".join([*numbers, *(f"#{number}" for number in rows)])
        return _Verdict(row, RowOutcome.REJECTED, problems=[RowProblem("several_known", {"numbers": shown})])

    def _seen_earlier(self, row: SourceRow, values: ContactValues, earlier: int) -> _Verdict:
        """A dry run's row of a contact that an earlier batch would have made."""
        if self._plan.rule == ImportRule.SKIP:
            return _Verdict(row, RowOutcome.SKIPPED, problems=[RowProblem("in_file_already", {"row": earlier})])
        if self._seen:
            self._seen.note(self._all_keys(values), row.number)
        return _Verdict(row, RowOutcome.UPDATED)

    def _taken(self, values: ContactValues, staged: Staged | None) -> RowProblem | None:
        """The external key is unique; somebody else may have it, in the database or above in this file."""
        key = values.external_key
        if not key:
            return None
        own = staged.id if staged else None
        holder = self._staged_by_key.get(("external_key", key))
        others = {one for one in self._external.get(key, ()) if one != own}
        seen = self._seen.row_of(("external_key", key)) if self._seen and staged is None else None
        if (holder is not None and holder is not staged) or others or seen:
            return RowProblem("external_key_taken", {"value": key})
        return None

    def _stage(self, staged: Staged, keys: list[tuple[str, str]]) -> None:
        self._staged[staged.id] = staged
        for key in (*keys, *self._all_keys(staged.values)):
            self._staged_by_key.setdefault(key, staged)
        if self._seen:
            self._seen.note(self._all_keys(staged.values), staged.row)

    def _all_keys(self, values: ContactValues) -> set[tuple[str, str]]:
        keys = {(self._plan.match_by, key) for key in keys_of(values, self._plan.match_by)}
        return keys | ({("external_key", values.external_key)} if values.external_key else set())

    def _import_row(self, verdict: _Verdict) -> tuple[Any, ...]:
        staged, first = verdict.staged, verdict.problems[0] if verdict.problems else None
        contact_id = staged.id if staged else verdict.contact_id
        version = staged.version if staged and verdict.outcome in (RowOutcome.CREATED, RowOutcome.UPDATED) else None
        details = {
            "problems": [
                {"code": problem.code, "details": dict(problem.details), "column": problem.column}
                for problem in verdict.problems
            ]
        }
        return (
            self._plan.import_id,
            verdict.row.number,
            verdict.outcome.value,
            None if self._plan.is_dry_run and contact_id is not None and contact_id < 0 else contact_id,
            None if self._plan.is_dry_run else version,
            as_json(dict(verdict.before)),
            first.code if first else None,
            as_json(details if verdict.problems else {}),
        )


def _digest(key: tuple[str, str]) -> bytes:
    """Eight bytes stand for a key: a file of two million rows fits in memory, and a clash is one in 10⁷."""
    return blake2b("\0".join(key).encode(), digest_size=8).digest()
