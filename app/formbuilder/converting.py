"""Stored answers after a field got another kind: read rightly at once, rewritten in batches by long work.

A case's answers are of the kinds of the form version that its row names (`CaseAnswers.form_version_id`).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.core.db import session
from app.formbuilder.answers import store_answers
from app.formbuilder.conversion import Brought, bring_forward, changed_meanings, convert
from app.formbuilder.definition import Field
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import CONVERT, current_version, definition_of, meaning_lock
from app.models import Campaign, Case, CaseAnswers, FormVersion, Script
from app.work.rows import start_work

_FORMER = object()
BATCH = 200
"""Cases of one transaction."""


def brought(
    document: Mapping[str, Any],
    former: Mapping[str, Any],
    version_id: int | None,
    now: FormVersion,
    *,
    parked: Mapping[str, int] = MappingProxyType({}),
) -> Brought:
    """Answers that were stored under a form version, as the version `now` means them.

    `parked` (`CaseAnswers.parked_versions`) tells of which version they are if their script had another form since.
    """
    written = _written(version_id, parked, now)
    if written is None or written.meaning == now.meaning:
        return Brought(document=dict(document), former=dict(former))
    return bring_forward(
        document,
        former,
        written=definition_of(written),
        now=definition_of(now),
        version=written.id,
        field_of=_field_of,
    )


def former_meanings() -> frozenset[int]:
    """Ids of the form versions since which a field of their form got another kind."""
    now = aliased(FormVersion)
    rows = (
        select(FormVersion.id)
        .join(now, and_(now.form_id == FormVersion.form_id, now.superseded_at.is_(None)))
        .where(FormVersion.meaning < now.meaning)
    )
    return frozenset(session.scalars(rows))


def value_of(field: Field, value: Any, version_id: int) -> Any:
    """One stored answer of the form version as `field` means answers; None when it is none."""
    old = _field_of(version_id, field.id)
    return convert(value, old, field) if old else value


def settle(case_id: int, now: FormVersion) -> None:
    """Rewrite the answers of a case as the version means them; what did not convert is kept beside them."""
    row = session.get(CaseAnswers, case_id)
    if row is None or row.form_version_id in (None, now.id):
        return
    row = session.get(CaseAnswers, case_id, with_for_update=True, populate_existing=True)
    if row is not None:
        _settle(row, now)


def hold_meaning(version: FormVersion) -> FormVersion:
    """The version that answers are to be stored under: the current one if fields got another kind since this one.

    From here to the commit no field gets another kind, so nothing is stored behind the back of the long work.
    """
    session.execute(select(func.pg_advisory_xact_lock_shared(meaning_lock(version.form_id))))
    now = current_version(version.form_id)
    return version if now is None or now.meaning == version.meaning else now


def store_brought(case_id: int, document: Mapping[str, Any], written: FormVersion, now: FormVersion) -> None:
    """Store answers that were checked against `written` as `now` means them, in place of settled ones."""
    row = session.get(CaseAnswers, case_id)
    after = brought(document, row.former if row else {}, written.id, now)
    store_answers(case_id, row.document if row else {}, after.document, definition_of(now), version_id=now.id)
    session.get_one(CaseAnswers, case_id).former = after.former
    session.flush()


def convert_batch(form_id: int, after: int) -> int | None:
    """Rewrite the next answers that are of an earlier meaning, behind the case `after`; the last case, None at the end.

    Safe to repeat: what was rewritten names the current version.
    """
    now = current_version(form_id)
    if now is None:
        return None
    of_form = select(FormVersion.id).where(FormVersion.form_id == form_id)
    behind = list(session.scalars(of_form.where(FormVersion.meaning < now.meaning)))
    rows = _hold_batch(after, CaseAnswers.form_version_id.in_(behind)) or _hold_batch(
        # Cases whose script had another form meanwhile, and has this one again.
        after,
        CaseAnswers.parked_versions[str(form_id)].as_integer().in_(behind),
        CaseAnswers.form_version_id.not_in(of_form),
        CaseAnswers.case_id.in_(
            select(Case.id)
            .join(Campaign, Campaign.id == Case.campaign_id)
            .join(Script, Script.id == Campaign.script_id)
            .where(Script.form_id == form_id)
        ),
    )
    last = rows[-1].case_id if rows else None
    for row in rows:
        _settle(row, now)
    return last


def start_converting(form_id: int) -> None:
    """Let the long work look for answers from before the form was taken from their script, if kinds have changed."""
    now = current_version(form_id)
    if now is not None and now.meaning:
        start_work(CONVERT, {"form_id": form_id}, queue="bulk", actor=None)


def meanings_of(form_id: int) -> list[FormVersion]:
    """The last version of each meaning, in their order."""
    rows = select(FormVersion).where(FormVersion.form_id == form_id)
    rows = rows.ext(distinct_on(FormVersion.meaning))
    return list(session.scalars(rows.order_by(FormVersion.meaning, FormVersion.number.desc())))


def former_texts(former: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """The answers that do not fit the present kind of their field, as people read them, by field id."""
    found: dict[str, list[str]] = {}
    for field_id, entries in former.items():
        last = entries[-1] if entries else None
        field = _field_of(last["version"], field_id) if last and not last["converted"] else None
        kind = answer_type(field) if field else None
        if last and kind:
            found[field_id] = [str(kind.title), kind.show(last["value"], language)]
    return found


def _settle(row: CaseAnswers, now: FormVersion) -> None:
    after = brought(row.document, row.former, row.form_version_id, now, parked=row.parked_versions)
    written = _written(row.form_version_id, row.parked_versions, now)
    changed = changed_meanings(definition_of(written), definition_of(now)) if written else []
    other = {new.id for _old, new in changed}
    # Their typed rows are written anew even where the stored value reads the same.
    before = {key: _FORMER if key in other else value for key, value in row.document.items()}
    row.former = after.former
    named = session.get_one(FormVersion, row.form_version_id)
    if named.form_id != now.form_id:
        row.parked_versions = {**row.parked_versions, str(named.form_id): named.id}
    session.flush()
    store_answers(row.case_id, before, after.document, definition_of(now), version_id=now.id)


def _written(version_id: int | None, parked: Mapping[str, int], now: FormVersion) -> FormVersion | None:
    """The version that the answers to the form of `now` were given in."""
    named = session.get(FormVersion, version_id) if version_id else None
    if named is not None and named.form_id == now.form_id:
        return named
    kept = parked.get(str(now.form_id))
    return session.get(FormVersion, kept) if kept else None


def _hold_batch(after: int, *which: ColumnElement[bool]) -> Sequence[CaseAnswers]:
    return session.scalars(
        select(CaseAnswers)
        .where(CaseAnswers.case_id > after, *which)
        .order_by(CaseAnswers.case_id)
        .limit(BATCH)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _field_of(version_id: int, field_id: str) -> Field | None:
    version = session.get(FormVersion, version_id)
    return definition_of(version).by_id.get(field_id) if version else None
