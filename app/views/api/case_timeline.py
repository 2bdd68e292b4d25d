"""Timeline of a case: activities, notes, files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from flask import request
from sqlalchemy import select

from app.access.permissions import Permission
from app.access.visible import files_of, the_case
from app.cases.answers import form_of, profile_of
from app.cases.notes import LONGEST, attach_file, edit_note
from app.cases.notes import add_note as write_note
from app.core.db import session
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.files.store import download_headers, open_file
from app.formbuilder.versions import definition_of
from app.models import Activity, AppUser, Case, StoredFile
from app.models.activities import ActivityKind
from app.views.api.cursors import Page, Paging, page_by_id
from app.views.api.endpoints import Download, endpoint
from app.views.api.kinds import Words
from app.views.api.shapes import Document, Identity

Body = Annotated[str, Words(LONGEST, least=1, lines=True)]


@dataclass(frozen=True, kw_only=True)
class ActivityShown:
    """One entry of a timeline. `payload` depends on the kind: from and to of a status, the id of a file …"""

    id: int
    kind: ActivityKind
    at: datetime
    author_id: int | None
    parent_id: int | None
    body: str
    payload: Document
    edited_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewNote:
    """A note on the case, or with `to` on an entry of its timeline."""

    body: Body
    to: Identity | None = None


@dataclass(frozen=True, kw_only=True)
class NoteEdit:
    """The new text, and the text that the caller has seen: refused when it is another one by now."""

    body: Body
    seen: Annotated[str, Words(LONGEST, lines=True)]


@dataclass(frozen=True, kw_only=True)
class FileShown:
    """A file of a case."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    created_by_id: int | None


@endpoint(
    "GET",
    "/cases/{number}/activities",
    permission=Permission.CASE_READ,
    summary="The timeline of a case, oldest first.",
)
def list_activities(number: int, query: Paging, *, actor: AppUser) -> Page[ActivityShown]:
    """Names of form fields that the user may not see are left out."""
    case = the_case(number, actor=actor)
    visible = _visible_fields(case, actor)
    rows = select(Activity).where(Activity.case_id == case.id)
    return page_by_id(rows, Activity.id, query, lambda activity: _shown(activity, visible))


@endpoint(
    "POST",
    "/cases/{number}/notes",
    permission=(Permission.CASE_READ, Permission.CASE_EDIT),
    status=201,
    summary="Write a note.",
)
def add_note(number: int, body: NewNote, *, actor: AppUser) -> ActivityShown:
    """It stands in the timeline of the case and of its contact."""
    case = the_case(number, actor=actor)
    to = _the_activity(case, body.to) if body.to is not None else None
    return _shown(write_note(case, body.body, to=to, actor=actor), frozenset())


@endpoint(
    "PATCH",
    "/cases/{number}/notes/{activity_id}",
    permission=(Permission.CASE_READ, Permission.CASE_EDIT),
    summary="Change the text of a note.",
)
def change_note(number: int, activity_id: int, body: NoteEdit, *, actor: AppUser) -> ActivityShown:
    """The earlier text is kept."""
    note = _the_activity(the_case(number, actor=actor), activity_id)
    return _shown(edit_note(note, body.body, seen=body.seen, actor=actor), frozenset())


@endpoint("GET", "/cases/{number}/files", permission=Permission.CASE_READ, summary="Files of a case, oldest first.")
def list_files(number: int, query: Paging, *, actor: AppUser) -> Page[FileShown]:
    """Their bytes: …/files/{file_id}."""
    case = the_case(number, actor=actor)
    rows = select(StoredFile).where(StoredFile.case_id == case.id, files_of(actor))
    return page_by_id(rows, StoredFile.id, query, _file)


@endpoint(
    "POST",
    "/cases/{number}/files",
    permission=(Permission.CASE_READ, Permission.CASE_EDIT),
    status=201,
    upload=True,
    summary="Attach a file.",
)
def upload_file(number: int, *, actor: AppUser) -> FileShown:
    """As multipart/form-data, in the part `file`. The type is found by the content; dangerous ones are refused."""
    case = the_case(number, actor=actor)
    parts = request.files.getlist("file")
    if len(parts) != 1 or len(request.files) != 1 or request.form:
        message = _l("Send one file, in the part “file”, and nothing else.")
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields={"file": [message]})
    return _file(attach_file(case, parts[0].filename or "", parts[0].stream, actor=actor))


@endpoint("GET", "/cases/{number}/files/{file_id}", permission=Permission.CASE_READ, summary="The bytes of a file.")
def download_file(number: int, file_id: int, *, actor: AppUser) -> Download:
    """With headers that keep a browser from running or showing it."""
    case = the_case(number, actor=actor)
    file = session.scalar(
        select(StoredFile).where(StoredFile.id == file_id, StoredFile.case_id == case.id, files_of(actor))
    )
    if file is None:
        raise NotFound(_l("There is no such file, or you may not see it."))
    return Download(open_file(file), download_headers(file))


def _the_activity(case: Case, activity_id: int) -> Activity:
    activity = session.get(Activity, activity_id)
    if activity is None or activity.case_id != case.id:
        raise NotFound(_l("The timeline of this case has no such entry."))
    return activity


def _visible_fields(case: Case, actor: AppUser) -> frozenset[str]:
    version = form_of(case.campaign)
    return frozenset(profile_of(actor, definition_of(version)).visible) if version else frozenset()


def _shown(activity: Activity, visible: frozenset[str]) -> ActivityShown:
    payload = dict(activity.payload or {})
    if activity.kind is ActivityKind.FORM:
        payload["fields"] = [field_id for field_id in payload.get("fields", []) if field_id in visible]
    return ActivityShown(
        id=activity.id,
        kind=activity.kind,
        at=activity.at,
        author_id=activity.author_id,
        parent_id=activity.parent_id,
        body=activity.body,
        payload=payload,
        edited_at=activity.edited_at,
    )


def _file(file: StoredFile) -> FileShown:
    return FileShown(
        id=file.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256.hex(),
        created_at=file.created_at,
        created_by_id=file.created_by_id,
    )
