"""Pages of imports: sending a file in, planning and trying it, watching it run, taking it back."""

import tempfile
from typing import Any

from flask import Response, redirect, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access.permissions import Permission
from app.contacts import imports
from app.contacts.encodings import ENCODINGS
from app.contacts.fields import custom_fields, titles
from app.contacts.known import MATCH_BY
from app.contacts.mapping import TARGETS
from app.contacts.reading import SEPARATORS, Head, Layout
from app.core.db import session, transaction
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.installation import installation
from app.files.store import incoming
from app.models.imports import Import, ImportRule
from app.models.work import WorkState
from app.views.base import Page, answer, body, page, the_user
from app.views.work import WORDS
from app.work.rows import OPEN

SHOWN = 100
RULES = {
    ImportRule.SKIP: _l("leave it as it is"),
    ImportRule.UPDATE: _l("fill it in from the file"),
    ImportRule.CREATE: _l("create another contact"),
}
MATCHES = {
    "phone": _l("Telephone"),
    "email": _l("E-mail"),
    "tax_number": _l("Tax number"),
    "external_key": _l("External key"),
}


class ImportView(Page):
    """Imports of contacts."""

    route_base = "/imports"
    class_permission_name = "Contact"

    @page("/", permission=Permission.CONTACT_IMPORT)
    def index(self) -> str:
        """The user's imports, and a place to send a file in."""
        rows = select(Import).where(imports.imports_of(the_user())).order_by(Import.id.desc()).limit(SHOWN)
        found = session.scalars(
            rows.options(selectinload(Import.file), selectinload(Import.work), selectinload(Import.undo_work))
        ).all()
        limit = installation().import_limit // 2**20
        return self.render("imports/list.html", rows=[(one, _state(one)) for one in found], limit=limit, words=WORDS)

    @page("/", permission=Permission.CONTACT_IMPORT, methods=("POST",))
    def send(self) -> AnyResponse:
        """Take a file in."""
        file = request.files.get("file")
        if file is None or not file.filename:
            raise Invalid(_l("Choose a file first."))
        with transaction():
            imported = imports.begin_import(
                file.filename, file.stream, actor=the_user(), limit=installation().import_limit
            )
            import_id = imported.id
        return redirect(url_for("ImportView.show", import_id=import_id))

    @page("/<int:import_id>", permission=Permission.CONTACT_IMPORT)
    def show(self, import_id: int) -> str:
        """The plan of an import; once it has begun, its progress and what became of it."""
        imported = imports.the_import(import_id, actor=the_user())
        has_run = imported.work is not None and not imported.is_dry_run
        figures = imports.figures(imported) if imported.work is not None else None
        context = {
            "imported": imported,
            "state": _state(imported),
            "figures": figures,
            "reasons": imports.reasons(imported) if figures else [],
            "is_running": imported.work is not None and imported.work.state in OPEN,
            "is_undoing": imported.undo_work is not None and imported.undo_work.state in OPEN,
            "words": WORDS,
        }
        if has_run:
            return self.render("imports/run.html", **context, can_continue=_can_continue(imported))
        custom, head = titles(custom_fields()), imports.head_of(imported)
        return self.render(
            "imports/plan.html",
            **context,
            layout=head.layout,
            layout_text=_layout_text(head.layout),
            columns=head.columns(),
            repeated=head.repeated_titles(),
            samples=_samples(head),
            targets=[*TARGETS.items(), *((f"custom:{key}", title) for key, title in custom.items())],
            encodings=ENCODINGS,
            separators=SEPARATORS,
            rules=RULES,
            matches=MATCHES,
            **_previewed(imported),
        )

    @page("/<int:import_id>/layout", permission=Permission.CONTACT_IMPORT, methods=("POST",))
    def read_again(self, import_id: int) -> AnyResponse:
        """Read the file in another way."""
        imported = imports.the_import(import_id, actor=the_user())
        given = {
            "encoding": request.form.get("encoding", ""),
            "separator": request.form.get("separator", ""),
            "has_header": request.form.get("has_header") == "1",
        }
        with transaction():
            layout = Layout.from_document({**imported.layout, **given} if _is_csv(imported) else _sheet(imported))
            imports.read_again(imported, layout, actor=the_user())
        return redirect(url_for("ImportView.show", import_id=import_id))

    @page("/<int:import_id>/preview", permission=Permission.CONTACT_IMPORT, methods=("POST",))
    def preview(self, import_id: int) -> Any:
        """The preview of a plan that is not saved: what the page shows as somebody chooses columns."""
        imported = imports.the_import(import_id, actor=the_user())
        try:
            imports.plan_import(imported, **_plan(body("mapping", "rule", "match_by")), actor=the_user())
            shown = _previewed(imported)
            columns = imports.head_of(imported).columns()
            html = self.render("imports/preview.html", imported=imported, columns=columns, matches=MATCHES, **shown)
        finally:
            session.rollback()
        return answer({"html": html})

    @page("/<int:import_id>/start", permission=Permission.CONTACT_IMPORT, methods=("POST",))
    def start(self, import_id: int) -> Any:
        """Save the plan and begin: a dry run, or the import itself."""
        user, sent = the_user(), body("mapping", "rule", "match_by", "dry_run")
        imported = imports.the_import(import_id, actor=user)
        with transaction():
            imports.plan_import(imported, **_plan(sent), actor=user)
            work = imports.start_import(imported, dry_run=sent["dry_run"] is True, actor=user)
            work_id = work.id
        return answer({"work": work_id, "go": url_for("ImportView.show", import_id=import_id)}, 202)

    @page("/<int:import_id>/continue", permission=Permission.CONTACT_IMPORT, methods=("POST",))
    def go_on(self, import_id: int) -> Any:
        """Go on with an import that was stopped."""
        imported = imports.the_import(import_id, actor=the_user())
        with transaction():
            imports.continue_import(imported, actor=the_user())
        return answer({}, 202)

    @page("/<int:import_id>/undo", permission=Permission.CONTACT_IMPORT, methods=("POST",))
    def undo(self, import_id: int) -> Any:
        """Begin to take it back."""
        imported = imports.the_import(import_id, actor=the_user())
        with transaction():
            imports.undo_import(imported, actor=the_user())
        return answer({}, 202)

    @page("/<int:import_id>/errors.csv", permission=Permission.CONTACT_IMPORT)
    def errors(self, import_id: int) -> Response:
        """The rejected rows in the file's own columns, with the reason: mend it and send it in again."""
        imported = imports.the_import(import_id, actor=the_user())
        # Through a file of its own: the database is asked before the answer begins, and memory stays small.
        file = tempfile.TemporaryFile(dir=incoming())  # noqa: SIM115  (the answer closes it)
        file.writelines(imports.error_file(imported))
        file.seek(0)
        name = f"import-{import_id}-errors.csv"
        return send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)


def _plan(sent: dict[str, Any]) -> dict[str, Any]:
    mapping = sent["mapping"]
    if not isinstance(mapping, dict) or sent["rule"] not in set(ImportRule) or sent["match_by"] not in MATCH_BY:
        raise Invalid(_l("The plan of the import cannot be read. Load the page again and repeat."))
    return {
        "mapping": {str(place): str(target) for place, target in mapping.items() if target},
        "rule": ImportRule(sent["rule"]),
        "match_by": sent["match_by"],
        "tags": [tag for tag in str(sent.get("tags") or "").split(",") if tag.strip()],
    }


def _previewed(imported: Import) -> dict[str, Any]:
    """The first rows, or why there is nothing to show yet."""
    if not imported.mapping:
        return {"preview": [], "preview_problem": _("Say what the columns are, and the first rows are shown here.")}
    return {"preview": imports.preview(imported), "preview_problem": ""}


def _samples(head: Head) -> list[str]:
    """For each column its first value that is not empty."""
    found = [""] * len(head.columns())
    for row in head.rows():
        for place, cell in enumerate(row.cells[: len(found)]):
            found[place] = found[place] or cell.strip()[:60]
    return found


def _layout_text(layout: Layout) -> str:
    head = _("header in the first row") if layout.has_header else _("without a header")
    if layout.kind == "xlsx":
        return f"XLSX · {layout.sheet} · {head}"
    return f"{ENCODINGS[layout.encoding]} · {SEPARATORS[layout.separator]} · {head}"


def _state(imported: Import) -> str:
    """In one word where it stands: `plan`, `tried`, `running`, `done`, `stopped`, `failed`, `undoing`, `undone`."""
    if imported.undone_at is not None:
        return "undone"
    if imported.undo_work is not None and imported.undo_work.state in OPEN:
        return "undoing"
    if imported.work is None:
        return "plan"
    if imported.work.state in OPEN:
        return "running"
    if imported.is_dry_run:
        return "tried"
    return {WorkState.DONE: "done", WorkState.STOPPED: "stopped"}.get(imported.work.state, "failed")


def _can_continue(imported: Import) -> bool:
    return (
        imported.work is not None
        and imported.work.state in (WorkState.STOPPED, WorkState.FAILED)
        and (imported.undo_work is None)
    )


def _is_csv(imported: Import) -> bool:
    return bool(imported.layout.get("kind") == "csv")


def _sheet(imported: Import) -> dict[str, Any]:
    sheet = request.form.get("sheet") or imported.layout.get("sheet", "")
    return {**imported.layout, "sheet": sheet, "has_header": request.form.get("has_header") == "1"}
