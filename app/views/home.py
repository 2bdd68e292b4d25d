"""The first page: where somebody starts depends on what they may do."""

from flask import abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from app.views.base import Page, page
from app.views.security import open_menu


class HomePage(Page):
    """`/`: to the first page of the menu that the user may open."""

    route_base = ""

    @page("/")
    def index(self) -> AnyResponse:
        """Go on."""
        names = open_menu(self.appbuilder)
        for group in self.appbuilder.menu.menu:
            for item in group.childs or [group]:
                if item.name in names:
                    return redirect(item.get_url())
        return abort(404)
