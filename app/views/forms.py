"""Forms: their list, the layout page of the builder, and the verbs that need no definition."""

from typing import Any

from flask import url_for
from sqlalchemy import func, select

from app.access.permissions import Permission, may
from app.campaigns.forms import create_form_of, publish_form_draft
from app.core.db import session, transaction
from app.formbuilder import versions
from app.models import Form, FormDraft, Script
from app.views.base import Page, answer, body, page, the_user
from app.views.builder import builder_context, sent_seen
from app.views.builder_head import the_form
from app.views.scripts import the_script
from app.views.sent import sent_number, sent_text


class FormView(Page):
    """The list of forms, and the layout of one."""

    route_base = "/forms"
    class_permission_name = "Form"

    @page("/", permission=Permission.FORM_READ)
    def index(self) -> str:
        """All forms, with their current version and the scripts that use them."""
        forms = session.scalars(select(Form).order_by(func.lower(Form.name))).all()
        uses: dict[int, list[str]] = {}
        for form_id, name in session.execute(
            select(Script.form_id, Script.name).where(Script.form_id.is_not(None)).order_by(Script.name)
        ):
            uses.setdefault(form_id, []).append(name)
        drafts = set(session.scalars(select(FormDraft.form_id).where(FormDraft.user_id == the_user().id)))
        may_edit = may(the_user(), Permission.FORM_EDIT)
        return self.render("forms/list.html", forms=forms, uses=uses, drafts=drafts, may_edit=may_edit)

    @page("/add", permission=Permission.FORM_EDIT, methods=("POST",))
    def add(self) -> Any:
        """A new form; with `script_id` it becomes the form of that script."""
        sent = body("name")
        name, user = sent_text(sent["name"]), the_user()
        script = the_script(sent_number(sent["script_id"])) if sent.get("script_id") else None
        version = sent_number(sent.get("script_version"))
        with transaction():
            if script is None:
                form = versions.create_form(name, actor=user)
            else:
                form = create_form_of(script, name, expected_version=version, actor=user)
        return answer({"go": url_for("FormView.show", form_id=form.id)})

    @page("/<int:form_id>", permission=Permission.FORM_READ)
    def show(self, form_id: int) -> str:
        """The layout: palette, pages with their fields, properties of one."""
        return self.render("forms/builder.html", **builder_context(the_form(form_id), "layout"))

    @page("/<int:form_id>/rename", permission=Permission.FORM_EDIT, methods=("POST",))
    def rename(self, form_id: int) -> Any:
        """Another name for the form."""
        sent = body("name")
        with transaction():
            versions.rename_form(the_form(form_id), sent_text(sent["name"]), actor=the_user())
        return answer({})

    @page("/<int:form_id>/publish", permission=Permission.FORM_EDIT_LIVE, methods=("POST",))
    def publish(self, form_id: int) -> Any:
        """The draft becomes the current version, on every open card."""
        sent = body("base", "seen")
        base, seen, comment = sent_number(sent["base"]), sent_seen(sent), sent_text(sent.get("comment"))
        converts = sent_text(sent.get("converts")).split(",")
        form = the_form(form_id)
        try:
            with transaction():
                publish_form_draft(form, base=base, seen=seen, comment=comment, converts=converts, actor=the_user())
        except versions.Outdated:
            return answer({"go": url_for("FormVersionView.merge", form_id=form_id)})
        except versions.Unconfirmed:
            return answer({"go": url_for("FormVersionView.conversion", form_id=form_id)})
        return answer({})

    @page("/<int:form_id>/discard", permission=Permission.FORM_EDIT, methods=("POST",))
    def discard(self, form_id: int) -> Any:
        """Forget the draft; the published version stays."""
        seen = sent_seen(body("seen"))
        with transaction():
            versions.discard_draft(the_form(form_id), seen=seen, actor=the_user())
        return answer({})
