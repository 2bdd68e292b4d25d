"""Scripts as files: the download, the page where one is brought in, and the gallery of ready ones."""

from typing import Any

from flask import Response, current_app, request, url_for

from app.access.permissions import Permission, may, require
from app.core.db import rollback, transaction
from app.core.errors import Invalid
from app.core.i18n import LANGUAGES
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.formbuilder.profile import profile_for
from app.formbuilder.render import StatusLook, render
from app.portable.document import ScriptFile, read_file
from app.portable.exporting import export_script
from app.portable.gallery import GALLERY, Ready, ready_file, ready_form, start_from, the_ready
from app.portable.importing import Brought, bring_in, script_of
from app.portable.reading import SIZE
from app.views.base import Page, answer, body, page, the_user
from app.views.form_words import words
from app.views.scripts import the_script
from app.views.sent import sent_number, sent_text
from app.views.shell import language


class PortableView(Page):
    """A script leaves as a file; a file comes in, after one has seen what it would change."""

    route_base = "/scripts"
    class_permission_name = "Script"

    @page("/<int:script_id>/file", permission=Permission.SCRIPT_READ)
    def export(self, script_id: int) -> Response:
        """The script with its form; `?draft=1`: with the user's draft of it."""
        script, user = the_script(script_id), the_user()
        if script.form is not None:
            require(user, Permission.FORM_READ)
        text = export_script(script, draft_of=user if request.args.get("draft") == "1" else None)
        name = "-".join(fold(script.name).split()).encode("ascii", "ignore").decode().replace('"', "") or "script"
        safe = "".join(sign for sign in name if sign.isalnum() or sign in "-_")
        headers = {"Content-Disposition": f'attachment; filename="{safe or "script"}.yaml"'}
        return Response(text, mimetype="application/yaml", headers=headers)

    @page("/bring-in", permission=Permission.SCRIPT_EDIT)
    def choose(self) -> str:
        """Where a file is chosen."""
        _require_all()
        return self.render("portable/bring_in.html", nav_current="scripts", limit=SIZE // 2**20)

    @page("/bring-in/preview", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def preview(self) -> Any:
        """What a file would change: everything is done, told, and undone."""
        _require_all()
        sent, user = body("text"), the_user()
        file = _sent_file(sent)
        as_new = bool(sent.get("as_new"))
        here = script_of(file)
        known = {"name": here.name, "version": here.version} if here else None
        try:
            brought = bring_in(file, as_new=as_new, words=words(), actor=user)
            told = _told(file, brought)
        finally:
            rollback()
        may_publish = may(the_user(), Permission.FORM_EDIT_LIVE)
        html = self.render("portable/preview.html", told=told, here=known, as_new=as_new, may_publish=may_publish)
        return answer({"html": html, "version": known["version"] if known and not as_new else 0})

    @page("/bring-in", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def bring(self) -> Any:
        """Bring the file in as it was previewed; Conflict when the script has changed since."""
        _require_all()
        sent, user = body("text", "version"), the_user()
        file, as_new, publish = _sent_file(sent), bool(sent.get("as_new")), bool(sent.get("publish"))
        if publish:
            require(user, Permission.FORM_EDIT_LIVE)
        with transaction():
            here = None if as_new else script_of(file)
            brought = bring_in(
                file,
                as_new=as_new,
                publish_form=publish,
                expected_version=sent_number(sent["version"]) if here else None,
                actor=user,
            )
            go = url_for("ScriptView.show", script_id=brought.script.id)
        return answer({"go": go})


class GalleryView(Page):
    """Ready campaigns to start from."""

    route_base = "/gallery"
    class_permission_name = "Script"

    @page("/", permission=Permission.SCRIPT_READ)
    def index(self) -> str:
        """A card for each, in the language that is asked for."""
        spoken = _spoken()
        cards = [_card(ready, spoken) for ready in GALLERY]
        return self.render("portable/gallery.html", cards=cards, spoken=spoken, may_start=_may_start())

    @page("/<name>", permission=Permission.SCRIPT_READ)
    def show(self, name: str) -> str:
        """One of them: its form as an agent fills it in, its statuses."""
        spoken, ready = _spoken(), the_ready(name)
        definition, statuses = ready_form(ready.name, spoken)
        fragment = render(
            definition,
            profile=profile_for(definition, {"agent"}),
            language=spoken,
            environment=current_app.jinja_env,
            statuses={number: StatusLook(entry.name, entry.kind) for number, entry in statuses.items()},
        )
        return self.render(
            "portable/ready.html",
            card=_card(ready, spoken),
            spoken=spoken,
            statuses=statuses.values(),
            fragment=fragment,
            may_start=_may_start(),
            nav_current="gallery",
        )

    @page("/<name>/start", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def start(self, name: str) -> Any:
        """Make its script and form, and go on to a campaign with them."""
        _require_all()
        user = the_user()
        require(user, Permission.FORM_EDIT_LIVE)
        spoken = _spoken(body().get("language"))
        with transaction():
            brought = start_from(name, spoken, actor=user)
            may_go_on = may(user, Permission.CAMPAIGN_EDIT)
            go = (
                url_for("CampaignView.add", script=brought.script.id, ready=name)
                if may_go_on
                else url_for("ScriptView.show", script_id=brought.script.id)
            )
        return answer({"go": go})


def _require_all() -> None:
    """A file brings statuses and a form: it takes the rights of both."""
    require(the_user(), Permission.SCRIPT_EDIT)
    require(the_user(), Permission.FORM_EDIT)


def _may_start() -> bool:
    needed = (Permission.SCRIPT_EDIT, Permission.FORM_EDIT, Permission.FORM_EDIT_LIVE)
    return all(may(the_user(), each) for each in needed)


def _sent_file(sent: dict[str, Any]) -> ScriptFile:
    text = sent_text(sent["text"])
    if not text.strip():
        raise Invalid(_l("Choose a file."))
    return read_file(text.encode())


def _spoken(asked: Any = None) -> str:
    """The language of the ready campaign: the one asked for, else that of the page."""
    wanted = asked or request.args.get("language")
    return wanted if isinstance(wanted, str) and wanted in LANGUAGES else language()


def _told(file: ScriptFile, brought: Brought) -> dict[str, Any]:
    """What the preview shows, as texts that outlive the undoing."""
    return {
        "name": brought.script.name,
        "is_new": brought.is_new,
        "form": brought.form.name if brought.form else "",
        "statuses": [entry.name for entry in file.statuses] if brought.is_new else [],
        "about_statuses": list(brought.statuses),
        "about_form": list(brought.fields),
        "left_out": list(brought.left_out),
        "unfinished": [str(each) for each in brought.unfinished],
    }


def _card(ready: Ready, spoken: str) -> dict[str, Any]:
    file = ready_file(ready.name, spoken)
    definition, statuses = ready_form(ready.name, spoken)
    answers = sum(1 for _field in definition.answer_fields())
    return {
        "name": ready.name,
        "icon": ready.icon,
        "title": file.name,
        "purpose": file.description,
        "pages": [page.title for page in definition.pages],
        "contents": [
            _("%(count)s statuses", count=len(statuses)),
            _("%(count)s pages", count=len(definition.pages)),
            _("%(count)s fields", count=answers),
            _("%(count)s texts to read aloud", count=sum(each.kind == "script_text" for each in definition.fields)),
            _("%(count)s buttons", count=sum(each.kind == "button" for each in definition.fields)),
        ],
    }
