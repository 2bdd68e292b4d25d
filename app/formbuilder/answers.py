"""Storing answers: the document of the case, and typed rows for what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, text
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from app.core.db import session
from app.formbuilder.definition import FormDefinition
from app.formbuilder.registry import answer_type
from app.models import Answer, CaseAnswers

BATCH = 2000
"""Cases of one statement."""

# Two arrays rather than a list of pairs: PostgreSQL takes at most 65,535 parameters.
_DELETE = text(
    "DELETE FROM answers USING unnest(CAST(:cases AS bigint[]), CAST(:fields AS uuid[])) AS gone (case_id, field_id)"
    " WHERE answers.case_id = gone.case_id AND answers.field_id = gone.field_id"
)

_DOCUMENTS = CaseAnswers.__table__
_NEW = insert_or_update(_DOCUMENTS)
_WRITE = _NEW.on_conflict_do_update(
    index_elements=["case_id"],
    set_={
        "document": _NEW.excluded.document,
        "form_version_id": func.coalesce(_NEW.excluded.form_version_id, _DOCUMENTS.c.form_version_id),
    },
)


@dataclass(frozen=True, kw_only=True)
class AnswerChange:
    """The answers of one case, before and after."""

    case_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def changed(self) -> set[str]:
        """Ids of the fields that differ."""
        return {key for key in {**self.before, **self.after} if self.before.get(key) != self.after.get(key)}


def store_answers(
    case_id: int,
    document_before: Mapping[str, Any],
    document_after: Mapping[str, Any],
    definition: FormDefinition,
    *,
    version_id: int | None = None,
) -> None:
    """Write the document and the typed rows of the fields that changed.

    `version_id` is the form version that the save was checked against; without it the former one stays named.
    """
    store_many(
        [AnswerChange(case_id=case_id, before=document_before, after=document_after)], definition, version_id=version_id
    )


def store_many(
    answer_changes: Sequence[AnswerChange], definition: FormDefinition, *, version_id: int | None = None
) -> None:
    """The same for many cases of one form version, in a few statements for each `BATCH` cases."""
    for start in range(0, len(answer_changes), BATCH):
        batch = answer_changes[start : start + BATCH]
        # The cases have ids, so they are written; what else is not written yet need not be for this.
        with session.no_autoflush:
            _write_documents(batch, version_id)
            _write_rows(batch, definition)


def rows_for(
    definition: FormDefinition, document: Mapping[str, Any], only: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """The typed rows of a document, without the case: all, or those of the fields in `only`.

    Fields that the definition does not know, and answers that do not fit their kind, have none.
    """
    rows = []
    for field_id in document if only is None else only:
        field = definition.by_id.get(field_id)
        kind = answer_type(field) if field else None
        value = kind.stored(document.get(field_id)) if kind else None
        if kind is None or value is None:
            continue
        for place, typed in enumerate(kind.typed_rows(value)):
            rows.append(
                {
                    "field_id": UUID(field_id),
                    "place": place,
                    "words": typed.words,
                    "number": typed.number,
                    "moment": typed.moment,
                }
            )
    return rows


def _write_documents(batch: Sequence[AnswerChange], version_id: int | None) -> None:
    session.execute(
        _WRITE,
        [{"case_id": each.case_id, "document": dict(each.after), "form_version_id": version_id} for each in batch],
    )
    for each in batch:
        loaded = session.identity_map.get((CaseAnswers, (each.case_id,), None))
        if loaded is not None:
            session.expire(loaded)


def _write_rows(batch: Sequence[AnswerChange], definition: FormDefinition) -> None:
    gone = [(each.case_id, UUID(field_id)) for each in batch for field_id in each.changed if field_id in each.before]
    if gone:
        session.execute(
            _DELETE, {"cases": [case_id for case_id, _ in gone], "fields": [field_id for _, field_id in gone]}
        )
    rows = [
        {"case_id": each.case_id, **row} for each in batch for row in rows_for(definition, each.after, each.changed)
    ]
    if rows:
        # The bare table: the ORM would send one statement for each set of columns that are not empty.
        session.execute(insert(Answer.__table__), rows)
