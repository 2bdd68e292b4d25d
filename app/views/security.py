"""Sign-in and permissions on Flask-AppBuilder: our user, our session, one permission query a request."""

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_appbuilder import AppBuilder
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager

from app.access.permissions import Permission, granted
from app.models import AppUser
from app.views import signing_in
from app.views.base import UtilView, current_user
from app.views.language import LanguagePage


class OneWayIn(LoginManager):
    """The session's cookie, and nothing else; a request with an Authorization header is never judged by its cookie.

    Tokens are the REST API's own matter (`app/views/api`): pages take none.
    """

    def _load_user(self) -> None:
        has_token = "Authorization" in request.headers
        self._update_request_context_with_user(None if has_token else signing_in.session_user())


class SplotSecurityManager(SecurityManager):
    """Flask-AppBuilder's security without its pages: users, roles and sign-in have ours."""

    user_model = AppUser
    authdbview = signing_in.SignIn
    security_api = signing_in.SignInApi

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Flask-Login, reading our sessions and tokens."""
        manager = OneWayIn(app)
        manager.login_view = "SignIn.login"
        manager.user_loader(self.load_user)
        return manager

    def create_jwt_manager(self, app: Flask) -> Any:
        """JWT for the REST API: a token ends with the sessions of its user."""
        manager = super().create_jwt_manager(app)
        manager.additional_claims_loader(signing_in.claims)
        manager.user_lookup_loader(signing_in.user_of_claims)
        return manager

    def register_views(self) -> None:
        """The two doors in, and none of Flask-AppBuilder's own pages and REST."""
        self.appbuilder.add_api(self.security_api)
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def auth_user_db(self, username: str, password: str) -> AppUser | None:
        """The user with that name or address and password, else None. A guess is counted, so it is committed."""
        return signing_in.attempt(username, password)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the user's roles hold the pair; nothing is public."""
        user = current_user()
        return user is not None and f"{permission_name} on {view_name}" in granted(user)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is: a page for everybody says so itself."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Names of the menu items that the user may open, and of the groups that are not empty then."""
        return open_menu(self.appbuilder)


class SplotAppBuilder(AppBuilder):
    """Flask-AppBuilder without its menu API, its OpenAPI page and its GET that changes the language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.menu_permissions: dict[str, Permission | None] = {}
        super().__init__(*args, **kwargs)

    def _add_global_filters(self) -> None:
        super()._add_global_filters()
        current_app.jinja_env.filters["is_item_visible"] = self._permits

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)
        self.bm.locale_view = self.add_view_no_menu(LanguagePage)
        self.add_view_no_menu(UtilView)
        self.sm.register_views()

    def _permits(self, method: str, view_name: str) -> bool:
        """Whether the user may use "can_edit" (or "edit") of the view; Flask-AppBuilder's templates ask."""
        views = (view for view in self.baseviews if type(view).__name__ == view_name)
        return any(view.permits(method.removeprefix("can_")) for view in views if hasattr(view, "permits"))

    @property
    def get_url_for_userinfo(self) -> str:
        """The page of one's own account."""
        return url_for("AccountPage.index")

    def _add_permissions_menu(self, name: str, update_perms: bool = False) -> None:
        """Menus follow the permissions of their pages; there are no permissions of menus."""


def open_menu(appbuilder: AppBuilder) -> set[str]:
    """Names of the menu items that the user may open, and of the groups that are not empty then; asked once."""
    if "open_menu" not in g:
        user = current_user()
        held = granted(user) if user is not None else frozenset()
        names = {name for name, permission in appbuilder.menu_permissions.items() if permission in held}
        names |= {name for name, permission in appbuilder.menu_permissions.items() if user and permission is None}
        groups = {group.name for group in appbuilder.menu.menu if any(item.name in names for item in group.childs)}
        g.open_menu = names | groups
    return g.open_menu
