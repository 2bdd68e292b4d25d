"""Notes and attached files of a case's timeline."""

from typing import IO

from app.access.permissions import Permission, may
from app.cases.changes import add_activity, hold, id_of, note_change, refuse_archived
from app.cases.events import FileAttached, NoteAdded, NoteEdited
from app.core import clock
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Conflict, Forbidden, Invalid, Refused
from app.core.i18n import lazy_gettext as _l
from app.files.store import store_file
from app.models import Activity, ActivityRevision, AppUser, Case, StoredFile
from app.models.activities import ActivityKind

LONGEST = 20_000


def add_note(case: Case, body: str, *, to: Activity | None = None, actor: AppUser | None) -> Activity:
    """A note on the case, or on an entry of its timeline."""
    hold(case)
    refuse_archived(case.campaign)
    body = _checked(body)
    if to is not None and to.case_id != case.id:
        raise Refused(_l("This entry belongs to another case."))
    note = add_activity(case, ActivityKind.NOTE, {}, body=body, actor=actor)
    note.parent_id = to.id if to else None
    session.flush()
    note_change(case, "note", {}, {"note": note.id}, actor=actor)
    announce(NoteAdded(case_id=case.id, activity_id=note.id, actor_id=id_of(actor)))
    return note


def edit_note(note: Activity, body: str, *, seen: str | None = None, actor: AppUser) -> Activity:
    """Change a note's text; the earlier one is kept. `seen` is the text that the editor showed.

    Forbidden for a colleague's note without the right to edit these; Conflict when it was changed meanwhile.
    """
    if note.kind is not ActivityKind.NOTE or note.case_id is None:
        raise Refused(_l("Only notes can be edited."))
    case = session.get_one(Case, note.case_id)
    hold(case)
    session.refresh(note)
    refuse_archived(case.campaign)
    if not may_edit_note(note, actor=actor):
        raise Forbidden(_l("Only its author may edit this note."))
    if seen is not None and seen != note.body:
        raise Conflict(_l("Somebody else edited this note meanwhile. Nothing was overwritten."), theirs=note.body)
    body = _checked(body)
    if body == note.body:
        return note
    session.add(ActivityRevision(activity_id=note.id, body=note.body, replaced_at=clock.now(), replaced_by_id=actor.id))
    note.body = body
    note.edited_at = clock.now()
    note_change(case, "edit_note", {}, {"note": note.id}, actor=actor)
    session.flush()
    session.expire(note, ["revisions"])
    announce(NoteEdited(case_id=case.id, activity_id=note.id, actor_id=actor.id))
    return note


def may_edit_note(note: Activity, *, actor: AppUser) -> bool:
    """One's own notes, or any by right."""
    return note.author_id == actor.id or may(actor, Permission.CASE_EDIT_NOTES)


def attach_file(case: Case, name: str, stream: IO[bytes], *, actor: AppUser | None) -> StoredFile:
    """Store a file with the case and show it in its timeline. Refused types and sizes: see `files/store.py`."""
    refuse_archived(case.campaign)
    # The bytes are written before the case is locked: an upload may take its time.
    file = store_file(name, stream, case=case, actor=actor)
    hold(case)
    refuse_archived(case.campaign)
    payload = {"file": file.id, "name": file.name, "size": file.size, "media_type": file.media_type}
    activity = add_activity(case, ActivityKind.FILE, payload, actor=actor)
    session.flush()
    note_change(case, "attach", {}, {"file": file.id, "name": file.name}, actor=actor)
    announce(FileAttached(case_id=case.id, activity_id=activity.id, file_id=file.id, actor_id=id_of(actor)))
    return file


def _checked(body: str) -> str:
    body = body.replace("\0", "").replace("\r\n", "\n").strip()
    if not body:
        message = _l("Write something first.")
        raise Invalid(message, {"body": [message]})
    if len(body) > LONGEST:
        message = _l("A note has at most %(limit)s characters.", limit=LONGEST)
        raise Invalid(message, {"body": [message]})
    return body
