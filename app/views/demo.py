"""How far the demo is, for every page while it is being filled."""

from typing import Any

from flask_babel import format_decimal

from app.core.i18n import gettext as _
from app.people.demo import cases_made
from app.views.base import Page, answer, page


class DemoPage(Page):
    """The notice in the top bar asks here, so that no page waits for it."""

    route_base = "/demo"

    @page("/progress")
    def progress(self) -> Any:
        """A sentence to show, or nothing when the filling has ended."""
        made = cases_made()
        if made is None:
            return answer({"text": ""})
        figures = {"done": format_decimal(made.done), "total": format_decimal(made.total)}
        return answer({"text": _("Demo data: %(done)s of %(total)s cases", **figures)})
