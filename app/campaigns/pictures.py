"""Pictures of forms: kept by whoever edits a form, seen by whoever sees it."""

from typing import IO

from sqlalchemy import select

from app.access.fields import role_names
from app.access.permissions import Permission, may
from app.access.visible import campaigns_of
from app.core.db import session
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.files.store import store_file
from app.formbuilder.field_types.display import ImageConfig
from app.formbuilder.profile import profile_for
from app.formbuilder.versions import current_version, definition_of
from app.history.record import record_change
from app.models import AppUser, Campaign, Form, Script, StoredFile

LARGEST = 5 * 2**20
"""Bytes of one picture: every card with the form loads it."""
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types that every browser shows and that hold no script."""


def keep_picture(form: Form, name: str, stream: IO[bytes], *, actor: AppUser) -> StoredFile:
    """Store a picture for the image fields of the form. Invalid for what is none, TooLarge above `LARGEST`."""
    file = store_file(name, stream, actor=actor, limit=LARGEST)
    if file.media_type not in SHOWN:
        message = _l("Choose a picture: PNG, JPEG, GIF or WebP.")
        raise Invalid(message, {"file": [message]})
    file.form_id = form.id
    record_change("form", form.id, "add_picture", actor=actor, after={"file": file.id, "name": file.name})
    session.flush()
    return file


def the_picture(file_id: int, *, actor: AppUser) -> StoredFile:
    """The picture with that id; NotFound, also when the actor may not see a form field that shows it."""
    file = session.get(StoredFile, file_id)
    if file is None or file.form_id is None or not (may(actor, Permission.FORM_READ) or _sees(actor, file)):
        raise NotFound(_l("There is no such file, or you may not see it."))
    return file


def _sees(actor: AppUser, file: StoredFile) -> bool:
    """Whether a campaign that the actor works in has the form, and the form shows the picture to these roles."""
    uses = select(Campaign.id).join(Script, Script.id == Campaign.script_id)
    used = session.scalar(uses.where(Script.form_id == file.form_id, campaigns_of(actor)).limit(1))
    version = current_version(file.form_id) if file.form_id and used else None
    if version is None:
        return False
    definition = definition_of(version)
    visible = profile_for(definition, role_names(actor)).visible
    return any(
        isinstance(field.config, ImageConfig) and field.config.file_id == file.id and field.id in visible
        for field in definition.fields
        if not field.hidden
    )
