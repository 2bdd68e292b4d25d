"""An edit of a form tried on stored cases before it is published. The work is bounded, whatever the table holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.exc import OperationalError

from app.access.visible import cases_of
from app.cases.answers import stored_answer
from app.core.db import session
from app.core.errors import Refused
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.conversion import changed_meanings, convert
from app.formbuilder.converting import brought
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.trial import try_answers
from app.formbuilder.versions import current_version, definition_of
from app.models import Answer, AppUser, Campaign, Case, CaseAnswers, Form, FormVersion, Script

TRIED = 200
"""That many cases are tried, the newest first."""
SECONDS = 4.0
"""After so long a trial ends with what it has: reading and trying together."""
LOOKED_AT = 20_000
"""Answers that are looked at before fields change their kind, the newest first; the fields share them."""
LISTED = 50
"""Case numbers that are named."""
_CANCELLED = "57014"
"""What PostgreSQL calls a statement that took too long."""


@dataclass
class Finding:
    """What becomes of one field in the cases that were tried."""

    of: Field
    missing: list[int] = field(default_factory=list)
    """Numbers of the cases that would miss an answer."""
    unfit: list[int] = field(default_factory=list)
    """Numbers of the cases whose answer would not fit."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What an edit would mean."""

    tried: int
    found: int
    """Cases that were chosen; more than `tried` when the time was over."""
    findings: Sequence[Finding]
    missing: frozenset[int]
    """Numbers of all cases that would miss something."""
    unfit: int
    """Answers that would not fit, in all cases."""


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """What becomes of the stored answers of a field that gets another kind."""

    old: Field
    new: Field
    looked_at: int
    is_all: bool
    """Whether these are all answers of the field."""
    converts: int
    numbers: Sequence[int]
    """Cases whose answer does not convert, of those that the user may see, LISTED at most."""

    @property
    def stays(self) -> int:
        """Answers that do not convert, and stay as they are."""
        return self.looked_at - self.converts


def try_form(form: Form, edited: FormDefinition, *, user: AppUser, numbers: Sequence[int] = ()) -> Trial:
    """Try the edit on the cases with these numbers, else on the newest open ones, of those that the user may see."""
    until = monotonic() + SECONDS
    version = current_version(form.id)
    if version is None:
        return Trial(tried=0, found=0, findings=(), missing=frozenset(), unfit=0)
    with _in_time():
        cases = _cases(form, user, numbers)
    now = definition_of(version)
    findings: dict[str, Finding] = {}
    tried = 0
    for number, answers in cases:
        if monotonic() > until:
            break
        tried += 1
        result = try_answers(now, edited, _brought(answers, version) if answers else {})
        for field_id in result.missing:
            findings.setdefault(field_id, Finding(edited.by_id[field_id])).missing.append(number)
        for field_id in result.unfit:
            findings.setdefault(field_id, Finding(edited.by_id[field_id])).unfit.append(number)
    in_order = [findings[each.id] for each in edited.fields if each.id in findings]
    return Trial(
        tried=tried,
        found=len(cases),
        findings=in_order,
        missing=frozenset(number for each in in_order for number in each.missing),
        unfit=sum(len(each.unfit) for each in in_order),
    )


def conversions(form: Form, edited: FormDefinition, *, user: AppUser) -> list[Conversion]:
    """For each field that the edit gives another kind: how many of its answers convert, and whose do not.

    The fields have equal shares of the time and of the answers that are looked at.
    """
    version = current_version(form.id)
    changed = changed_meanings(definition_of(version), edited) if version else []
    found: list[Conversion] = []
    began = monotonic()
    with _in_time():
        for place, (old, new) in enumerate(changed, start=1):
            until = began + SECONDS * place / len(changed)
            found.append(_conversion(old, new, user, most=LOOKED_AT // len(changed) or 1, until=until))
    return found


def _conversion(old: Field, new: Field, user: AppUser, *, most: int, until: float) -> Conversion:
    rows = session.execute(
        select(Answer.case_id, CaseAnswers.document[old.id], CaseAnswers.form_version_id)
        .join(CaseAnswers, CaseAnswers.case_id == Answer.case_id)
        .where(Answer.field_id == old.id, Answer.place == 0)
        .order_by(Answer.case_id.desc())
        .limit(most + 1)
    ).all()
    looked_at, kept = 0, []
    for case_id, raw, version_id in rows[:most]:
        # The first one is always looked at: "none" would read as if there were none.
        if looked_at and monotonic() > until:
            break
        looked_at += 1
        if convert(stored_answer(old, {old.id: raw}, version_id), old, new) is None:
            kept.append(case_id)
    return Conversion(
        old=old,
        new=new,
        looked_at=looked_at,
        is_all=looked_at == len(rows),
        converts=looked_at - len(kept),
        numbers=_numbers(Case.id.in_(kept[:1000]), user),
    )


@contextmanager
def _in_time() -> Iterator[None]:
    """Inside, the database gives up a statement that takes as long as a whole trial may; Refused."""
    limit = text("SELECT set_config('statement_timeout', :limit, true)")
    before = session.scalar(text("SELECT current_setting('statement_timeout')"))
    try:
        with session.begin_nested():
            session.execute(limit, {"limit": f"{SECONDS * 1000:.0f}"})
            yield
            session.execute(limit, {"limit": before})
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _CANCELLED:
            raise
        message = _l("No case was tried: to read them takes more than %(seconds)s seconds.", seconds=f"{SECONDS:g}")
        raise Refused(message) from error


def _brought(row: CaseAnswers, version: FormVersion) -> Mapping[str, Any]:
    return brought(row.document, row.former, row.form_version_id, version, parked=row.parked_versions).document


def _numbers(which: ColumnElement[bool], user: AppUser) -> list[int]:
    rows = select(Case.number).where(which, cases_of(user)).order_by(Case.id.desc()).limit(LISTED)
    return list(session.scalars(rows))


def _cases(form: Form, user: AppUser, numbers: Iterable[int]) -> list[tuple[int, CaseAnswers | None]]:
    rows = (
        select(Case.number, CaseAnswers)
        .join(Campaign, Campaign.id == Case.campaign_id)
        .join(Script, Script.id == Campaign.script_id)
        .outerjoin(CaseAnswers, CaseAnswers.case_id == Case.id)
        .where(Script.form_id == form.id, cases_of(user))
        .order_by(Case.id.desc())
        .limit(TRIED)
    )
    chosen = list(numbers)
    found = session.execute(rows.where(Case.number.in_(chosen) if chosen else Case.closed_at.is_(None)))
    return [(number, answers) for number, answers in found]
