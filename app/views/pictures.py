"""Pictures of forms: uploaded in the builder, shown on every card with the form."""

from typing import Any

from flask import request, send_file

from app.access.permissions import Permission
from app.campaigns.pictures import keep_picture, the_picture
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.files.store import open_file, picture_headers
from app.formbuilder.field_types.display import PICTURES
from app.views.base import Page, answer, page, the_user
from app.views.builder_head import the_form


class PictureView(Page):
    """The pictures of image fields."""

    route_base = PICTURES
    class_permission_name = "Form"

    @page("/<int:file_id>")
    def show(self, file_id: int) -> Any:
        """The bytes, to be shown inside a page; by the rights of the form."""
        file = the_picture(file_id, actor=the_user())
        response = send_file(open_file(file), mimetype=file.media_type)
        response.headers.update(picture_headers(file))
        return response

    @page("/of/<int:form_id>", permission=Permission.FORM_EDIT, methods=("POST",))
    def add(self, form_id: int) -> Any:
        """A new picture for the form, as `file` of a multipart form; its id is the setting of an image field."""
        form, upload = the_form(form_id), request.files.get("file")
        if upload is None or not upload.filename:
            raise Invalid(_l("Choose a file first."))
        with transaction():
            file = keep_picture(form, upload.filename, upload.stream, actor=the_user())
            kept = {"id": file.id, "name": file.name, "address": f"{PICTURES}/{file.id}"}
        return answer(kept, 201)
