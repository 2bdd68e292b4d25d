"""Versions of a form: side by side, restored, and merged with a draft that began on an older one."""

from typing import Any

from flask import redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access.permissions import Permission
from app.cases.form_trial import TRIED, conversions, try_form
from app.core.db import session, transaction
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import versions
from app.formbuilder.comparing import Change, Difference, compare
from app.formbuilder.definition import FormDefinition
from app.formbuilder.merge import Clash, Side
from app.models import Form, FormDraft, FormVersion
from app.views.base import Page, answer, body, page, the_user
from app.views.builder import sent_seen
from app.views.builder_head import form_head, the_form
from app.views.form_words import COUNTED, kind_text, names_of, rows_of, words
from app.views.numbers import number_in
from app.views.sent import sent_number, sent_object

SHOWN = 50
"""Versions of one page of the list."""
_DRAFT = "draft"
_ADDED = frozenset({Change.ADDED, Change.SHOWN})
_GONE = frozenset({Change.HIDDEN, Change.REMOVED})


class FormVersionView(Page):
    """The pages of a form's versions."""

    route_base = "/forms"
    class_permission_name = "Form"

    @page("/<int:form_id>/versions", permission=Permission.FORM_READ)
    def versions(self, form_id: int) -> str:
        """The list, and two of them side by side."""
        form = the_form(form_id)
        draft = versions.draft_of(form, the_user())
        listed = _listed(form, number_in(request.args.get("before", "")))
        drafts = session.scalars(
            select(FormDraft).where(FormDraft.form_id == form.id).order_by(FormDraft.at.desc())
        ).all()
        sides = _sides(form, draft)
        differences = compare(_definition(form, sides[0]), _definition(form, sides[1]), words()) if all(sides) else []
        return self.render(
            "forms/versions.html",
            **form_head(form, "versions"),
            listed=listed,
            more=listed[-1].number if len(listed) == SHOWN and listed[-1].number > 1 else None,
            drafts=drafts,
            people=names_of([*(each.published_by_id for each in listed), *(each.user_id for each in drafts)]),
            sides=sides,
            called=[_called(form, side) for side in sides],
            options=[(each, _called(form, each)) for each in _options(form, draft)],
            rows=rows_of(differences),
            counts=_counts(differences),
            most=COUNTED,
            me=the_user().id,
        )

    @page("/<int:form_id>/restore", permission=Permission.FORM_EDIT, methods=("POST",))
    def restore(self, form_id: int) -> Any:
        """An earlier version becomes the asker's draft."""
        sent = body("version", "seen")
        number, seen = sent_number(sent["version"]), sent_seen(sent)
        with transaction():
            versions.restore_version(the_form(form_id), number, seen=seen, actor=the_user())
        return answer({"go": url_for("FormVersionView.versions", form_id=form_id)})

    @page("/<int:form_id>/merge", permission=Permission.FORM_EDIT)
    def merge(self, form_id: int) -> str | AnyResponse:
        """What was published since the draft was begun, what the draft changes, and what both do."""
        form, user = the_form(form_id), the_user()
        draft = versions.draft_of(form, user)
        if draft is None or draft.base == form.published:
            return redirect(url_for("FormView.show", form_id=form.id))
        base, theirs, mine = versions.sides_of(form, user)
        merged = versions.merge_draft(form, actor=user)
        known = words()
        their_changes, my_changes = compare(base, theirs, known), compare(base, mine, known)
        latest = versions.current_version(form.id)
        return self.render(
            "forms/merge.html",
            **form_head(form, "layout"),
            clashes=[_shown_clash(clash, their_changes, my_changes) for clash in merged.clashes],
            theirs=rows_of(their_changes),
            mine=rows_of(my_changes),
            latest=latest,
            who=names_of([latest.published_by_id if latest else None]),
            base=draft.base,
            draft_seen=draft.at.isoformat(),
            most=COUNTED,
        )

    @page("/<int:form_id>/merge", permission=Permission.FORM_EDIT, methods=("POST",))
    def take_over(self, form_id: int) -> Any:
        """The merged definition becomes the draft, on the current version."""
        sent = body("seen", "current")
        decisions: dict[str, Side] = {
            key: "mine" if side == "mine" else "theirs"
            for key, side in sent_object(sent.get("decisions")).items()
            if side in ("mine", "theirs")
        }
        current, seen = sent_number(sent["current"]), sent_seen(sent)
        with transaction():
            versions.take_over(the_form(form_id), decisions=decisions, current=current, seen=seen, actor=the_user())
        return answer({"go": url_for("FormView.show", form_id=form_id)})

    @page("/<int:form_id>/trial", permission=Permission.FORM_EDIT)
    def trial(self, form_id: int) -> str:
        """The draft tried on the newest open cases, or on those that the address names."""
        form, user = the_form(form_id), the_user()
        numbers = [number_in(each) for each in request.args.get("cases", "").replace(",", " ").split()]
        chosen = [number for number in numbers if number is not None][:TRIED]
        edited = versions.draft_definition(form, actor=user)
        return self.render(
            "forms/trial.html",
            **form_head(form, "trial"),
            trial=try_form(form, edited, user=user, numbers=chosen),
            chosen=chosen,
            most=TRIED,
        )

    @page("/<int:form_id>/conversion", permission=Permission.FORM_EDIT)
    def conversion(self, form_id: int) -> str | AnyResponse:
        """What becomes of the stored answers of fields to which the draft gives another kind."""
        form, user = the_form(form_id), the_user()
        found = conversions(form, versions.draft_definition(form, actor=user), user=user)
        if not found:
            return redirect(url_for("FormView.show", form_id=form.id))
        return self.render("forms/conversion.html", **form_head(form, "layout"), conversions=found, kind_of=kind_text)


def _listed(form: Form, before: int | None) -> list[FormVersion]:
    rows = select(FormVersion).where(FormVersion.form_id == form.id).order_by(FormVersion.number.desc()).limit(SHOWN)
    return list(session.scalars(rows.where(FormVersion.number < before) if before else rows))


def _sides(form: Form, draft: FormDraft | None) -> tuple[str, str]:
    """The two that are compared, the older first: those of the address, else the newest and the one before."""
    newest = _DRAFT if draft else str(form.published or "")
    former = str(form.published) if draft else str(max(form.published - 1, 0))
    chosen = [request.args.get("old") or (former if former != "0" else ""), request.args.get("new") or newest]
    for side in chosen:
        if side and side not in (_DRAFT, newest) and number_in(side) is None:
            raise NotFound(_l("There is no such page."))
    old, new = sorted(chosen, key=lambda side: (side == _DRAFT, number_in(side) or 0))
    return old, new


def _options(form: Form, draft: FormDraft | None) -> list[str]:
    numbers = session.scalars(
        select(FormVersion.number)
        .where(FormVersion.form_id == form.id)
        .order_by(FormVersion.number.desc())
        .limit(4 * SHOWN)
    )
    return [*([_DRAFT] if draft else []), *map(str, numbers)]


def _definition(form: Form, side: str) -> FormDefinition:
    if side == _DRAFT:
        return versions.draft_definition(form, actor=the_user())
    return versions.definition_of(versions.version_of(form.id, number_in(side) or 0))


def _called(form: Form, side: str) -> str:
    if side == _DRAFT:
        return _("draft %(draft)s", draft=form.published + 1)
    return _("version %(number)s", number=side) if side else ""


def _counts(differences: list[Difference]) -> dict[str, int]:
    added = sum(each.change in _ADDED for each in differences)
    gone = sum(each.change in _GONE for each in differences)
    return {"added": added, "gone": gone, "changed": len(differences) - added - gone}


def _shown_clash(clash: Clash, theirs: list[Difference], mine: list[Difference]) -> dict[str, Any]:
    """A clash as a question with two answers."""
    their, my = _difference_at(clash, theirs), _difference_at(clash, mine)
    if their is None or my is None:
        about = _("The order in which they stand")
        return {
            "key": clash.key,
            "subject": about,
            "before": "",
            "theirs": _("as it was published"),
            "mine": _("as in your draft"),
        }
    return {
        "key": clash.key,
        "subject": their.subject,
        "before": their.before,
        "theirs": their.after or _("nothing"),
        "mine": my.after or _("nothing"),
    }


def _difference_at(clash: Clash, differences: list[Difference]) -> Difference | None:
    """A field that changed its page is told as one that moved."""
    paths = (clash.path, (*clash.path[:-1], "order") if clash.path[-1] == "page" else clash.path)
    return next((each for each in differences if each.path in paths), None)
