"""The page that shows every component of the interface in every state: /style."""

from app.access.permissions import Permission
from app.views.base import Page, page


class StyleView(Page):
    """For those who change the interface, and for looking at it after a change."""

    route_base = "/style"

    @page("/", permission=Permission.STYLE_READ)
    def index(self) -> str:
        """Every part on one page."""
        return self.render("splot/style.html")
