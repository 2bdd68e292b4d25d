"""Settings of the centre: each explains itself."""

from typing import Any

from flask import flash, redirect, request, url_for

from app.access.permissions import Permission
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.people.settings import CATALOGUE, Key, change_setting, value_of
from app.views.base import Page, page, the_user
from app.views.numbers import number_in


class SettingsPage(Page):
    """One page with the whole catalogue."""

    route_base = "/settings"

    @page("/", permission=Permission.SETTING_EDIT)
    def index(self) -> str:
        """The values that hold now."""
        return self._shown({key: str(value_of(key)) for key in CATALOGUE}, {})

    @page("/", permission=Permission.SETTING_EDIT, methods=["POST"])
    def save(self) -> Any:
        """All of them or none."""
        typed = {key: request.form.get(key.value, "").strip() for key in CATALOGUE}
        errors = {key.value: [_l("A whole number.")] for key, text in typed.items() if number_in(text) is None}
        if not errors:
            try:
                with transaction():
                    for key, text in typed.items():
                        change_setting(key, int(text), actor=the_user())
            except Invalid as error:
                errors = dict(error.fields)
        if errors:
            return self._shown(typed, errors), 422
        flash(_("Saved."), "success")
        return redirect(url_for("SettingsPage.index"))

    def _shown(self, values: dict[Key, str], errors: dict[str, list[Any]]) -> str:
        return self.render("people/settings.html", catalogue=CATALOGUE, values=values, errors=errors)
