"""What our own pages stand on: who asks, what it takes, and how the answer is given."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from json import dumps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Response, g, jsonify, redirect, render_template, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.const import PERMISSION_PREFIX
from flask_login import current_user as signed_in
from werkzeug.wrappers import Response as AnyResponse

from app.access.permissions import Permission, require
from app.core.errors import Invalid, TooLarge
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser

Handler = TypeVar("Handler", bound=Callable[..., Any])

_BACK = "back"
_LONGEST_BACK = 600
BODY_BYTES = 4 * 1024 * 1024
"""Of one JSON body; files come by other ways."""
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Page(BaseView):
    """A view with pages of its own. Set `route_base`; decorate its methods with `@page`."""

    default_view = "index"

    def render(self, template: str, **context: Any) -> str:
        """The template with what every page of the shell needs."""
        return render(template, appbuilder=self.appbuilder, **context)


class UtilView(Page):
    """Back to the list that one came from; Flask-AppBuilder's templates know it by this name."""

    route_base = ""

    @expose("/back")
    def back(self) -> AnyResponse:
        """The last list of this browser, else the first page."""
        return redirect(local_path(session.get(_BACK)))


def remember_list() -> None:
    """Note this page as the one that "back" leads to. One short address: the session travels in a cookie."""
    here = back_here()
    if len(here) <= _LONGEST_BACK:
        session[_BACK] = here


def page(
    path: str, *, permission: Permission | None = None, methods: Sequence[str] = ("GET",), public: bool = False
) -> Callable[[Handler], Handler]:
    """Expose a method of a `Page` at `path`.

    Without `permission` every signed-in user may come; `public=True` lets in everybody.
    """

    def expose_checked(function: Handler) -> Handler:
        @wraps(function)
        def checked(self: Page, *args: Any, **kwargs: Any) -> Any:
            if not public:
                user = current_user()
                if user is None:
                    return ask_to_sign_in()
                if permission is not None:
                    require(user, permission)
            return function(self, *args, **kwargs)

        exposed = expose(path, methods=tuple(methods))(checked)
        exposed.page_permission = permission
        exposed.page_is_public = public
        if permission is not None:
            name = permission.value.removeprefix(PERMISSION_PREFIX)
            exposed._permission_name = name  # noqa: SLF001  (where Flask-AppBuilder looks)
        return cast("Handler", exposed)

    return expose_checked


def current_user() -> AppUser | None:
    """Who asks: by the session's cookie, or by the token in the Authorization header; None = nobody."""
    user = signed_in._get_current_object()  # noqa: SLF001  (what a LocalProxy has for this)
    return user if user is not None and user.is_authenticated else None


def the_user() -> AppUser:
    """Who asks, on a page that nobody else reaches."""
    user = current_user()
    if user is None:
        message = "a page without @page asked for its user"
        raise LookupError(message)
    return user


def ask_to_sign_in() -> AnyResponse:
    """To the log-in page and back; a program gets 401."""
    if wants_json():
        return problem(401, "sign-in-needed", _l("Sign in first."))
    return redirect(url_for("SignIn.login", next=back_here()))


def render(template: str, **context: Any) -> str:
    """The template with what every page of the shell needs."""
    return render_template(template, **context)


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    response = jsonify(value)
    response.status_code = status
    response.headers.update(headers or {})
    return response


def body(*needed: str) -> dict[str, Any]:
    """The JSON object that a script of ours sent; Invalid when it is none, or lacks one of `needed`.

    TooLarge above BODY_BYTES: a form with all that a form may have is far below.
    """
    if (request.content_length or 0) > BODY_BYTES:
        raise TooLarge(_l("This is too large."))
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or any(key not in sent for key in needed) or _has_half_signs():
        raise Invalid(_l("The request lacks something. Load the page again and repeat."))
    return sent


def _has_half_signs() -> bool:
    """JSON can write half of a surrogate pair, which is no text that anything else could hold."""
    if b"\\u" not in request.get_data():
        return False
    return any("\ud800" <= sign <= "\udfff" for sign in dumps(request.get_json(), ensure_ascii=False))


def problem(status: int, slug: str, title: Any, **details: Any) -> Response:
    """An RFC 9457 problem; `request_id` finds the request in the log."""
    body = {"type": f"/problems/{slug}", "title": str(title), "status": status, "request_id": g.get("request_id")}
    response = jsonify({**body, **details})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def wants_json() -> bool:
    """Whether the caller is a program: the REST API, or a script of ours."""
    if request.path.startswith("/api/") or request.is_json or "Authorization" in request.headers:
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def back_here() -> str:
    """This page as a target to come back to: a path only, and a page that can be fetched again."""
    return local_path(request.full_path.removesuffix("?")) if request.method == "GET" else "/"


def local_path(target: str | None) -> str:
    """`target` when it is a path of this site, else "/". Closes the open redirect of `?next=`."""
    if not target or "\\" in target or any(character < " " for character in target):
        return "/"
    parts = urlsplit(target)
    is_local = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if is_local else "/"
