"""A case as the API shows it."""

from dataclasses import dataclass
from datetime import datetime

from app.cases.answers import form_of
from app.cases.status import open_promise
from app.core.db import session
from app.models import AppUser, Callback, Case
from app.models.callbacks import CallbackKind
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.views.api.case_answers import shown_answers
from app.views.api.shapes import Document, Local


@dataclass(frozen=True, kw_only=True)
class StatusOfCase:
    """Where a case stands."""

    id: int
    name: str
    kind: StatusKind


@dataclass(frozen=True, kw_only=True)
class Promise:
    """An open callback: the local time as agreed, and the moment."""

    kind: CallbackKind
    owner_id: int | None
    local_at: Local
    time_zone: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class FormOfCase:
    """The form that the answers belong to, in its current version."""

    id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class CaseShown:
    """A case. `answers` are JSON values by field id, without those that the user may not see."""

    id: int
    number: int
    subject: str
    source: Source
    contact_id: int
    campaign_id: int
    status: StatusOfCase
    owner_id: int | None
    created_at: datetime
    touched_at: datetime
    status_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    callback: Promise | None
    form: FormOfCase | None
    answers: Document
    version: int


def shown(case: Case, actor: AppUser) -> CaseShown:
    """The case as it is now, as far as the actor may see it."""
    session.flush()
    version = form_of(case.campaign)
    promise = open_promise(case)
    return CaseShown(
        id=case.id,
        number=case.number,
        subject=case.subject,
        source=case.source,
        contact_id=case.contact_id,
        campaign_id=case.campaign_id,
        status=StatusOfCase(id=case.status.id, name=case.status.name, kind=case.status.kind),
        owner_id=case.owner_id,
        created_at=case.created_at,
        touched_at=case.touched_at,
        status_at=case.status_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        callback=_promise(promise) if promise else None,
        form=FormOfCase(id=version.form_id, version=version.number) if version else None,
        answers=shown_answers(case, actor),
        version=case.version,
    )


def _promise(callback: Callback) -> Promise:
    return Promise(
        kind=callback.kind,
        owner_id=callback.owner_id,
        local_at=callback.local_at,
        time_zone=callback.time_zone,
        due_at=callback.due_at,
    )
