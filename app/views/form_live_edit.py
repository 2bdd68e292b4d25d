"""Editing a form on the card of a case: what its script begins with, and how far a change reaches.

The draft is kept, published and discarded through the doors of the builder: it is the same draft.
"""

from typing import Any

from flask import request, url_for

from app.access.permissions import Permission, require
from app.campaigns.forms import require_every_campaign
from app.cases.open_cards import cards_open_now
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import versions
from app.formbuilder.counting import MOST, Counted, cases_with
from app.views.base import Page, answer, page, the_user
from app.views.builder import builder_context
from app.views.builder_head import the_form

ASKED = 100
"""At most that many numbers are asked for at once."""


class FormLiveEditView(Page):
    """The form of a card, edited in its place."""

    route_base = "/forms"
    class_permission_name = "Form"

    @page("/<int:form_id>/live-edit", permission=Permission.FORM_EDIT_LIVE)
    def begin(self, form_id: int) -> Any:
        """What the builder works on, and what only the card needs."""
        form, user = the_form(form_id), the_user()
        require(user, Permission.FORM_EDIT)
        require_every_campaign(form, actor=user)
        data = builder_context(form, "card")["builder"]
        urls = {
            "reach": url_for("FormLiveEditView.reach", form_id=form.id),
            "discard": url_for("FormView.discard", form_id=form.id),
            "builder": url_for("FormView.show", form_id=form.id),
            "merge": url_for("FormVersionView.merge", form_id=form.id),
        }
        return answer({**data, "version": form.published, "urls": {**data["urls"], **urls}})

    @page("/<int:form_id>/reach", permission=Permission.FORM_EDIT_LIVE)
    def reach(self, form_id: int) -> Any:
        """How many open cards show the form, and how many cases have an answer: `of` = id of a field or field:choice.

        Counted up to `most`.
        """
        form, user = the_form(form_id), the_user()
        require_every_campaign(form, actor=user)
        wanted = {text: _counted(text) for text in request.args.getlist("of")[:ASKED]}
        known = versions.draft_definition(form, actor=user).by_id
        found = cases_with([each for each in wanted.values() if each.field_id in known])
        answers = {text: found[each] for text, each in wanted.items() if each in found}
        return answer({"cards": cards_open_now(form), "answers": answers, "most": MOST})


def _counted(text: str) -> Counted:
    field_id, _colon, choice_id = text.partition(":")
    if not field_id or "\0" in text:
        raise Invalid(_l("The request lacks something. Load the page again and repeat."))
    return Counted(field_id=field_id, choice_id=choice_id or None)
