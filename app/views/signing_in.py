"""The log-in page, signing out, and how the request of a browser is known."""

import logging
from http import HTTPStatus
from typing import Any

from flask import Response, current_app, flash, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.views import AuthDBView
from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from jwt.exceptions import PyJWTError
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.core import db
from app.core.db import transaction
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser
from app.people import sessions
from app.people.sign_in import sign_in
from app.views.base import current_user, local_path, problem
from app.views.library_texts import TranslatedForm

log = logging.getLogger(__name__)

PER_ADDRESS = "120 per minute"
"""A whole centre may come in from one address at the start of a shift."""
PER_ACCOUNT = "10 per minute"
_KEY = "key"
DOORS = ("/login/", "/api/v1/security/login")


class SignInForm(TranslatedForm):
    """Login or address, and password."""

    username = StringField(_l("Login or e-mail address"), [InputRequired(), Length(max=320)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=1024)])


class SignIn(AuthDBView):
    """The log-in page, and signing out."""

    login_template = "appbuilder/general/security/login_db.html"
    title = _l("Sign in")
    wrong_message = _l(
        "This login and password do not match, or there were too many attempts. Wait a moment, then try again."
    )

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Any:
        """Ask for login and password; come back to the page that was asked for."""
        target = local_path(request.args.get("next"))
        if current_user() is not None:
            return redirect(target)
        form = SignInForm()
        status = 200
        if form.validate_on_submit():
            user = attempt(form.username.data, form.password.data)
            if user is not None:
                come_in(user)
                return redirect(target)
            flash(str(self.wrong_message), "warning")
            status = 401
        page = self.render_template(self.login_template, title=self.title, form=form)
        return page, status, {"Cache-Control": "no-store"}

    @expose("/logout/", methods=["POST"])
    def logout(self) -> AnyResponse:
        """Sign this browser out. By POST with a token: a picture on another site cannot do it."""
        leave()
        return redirect(url_for("SignIn.login"))


class SignInApi(SecurityApi):
    """Flask-AppBuilder's JWT log-in; what it refuses is told as a problem."""

    @expose("/login", methods=["POST"])
    def login(self) -> Response:
        """A token that is valid for a quarter of an hour, and with `refresh` one to renew it."""
        return _as_problem(super().login())

    @expose("/refresh", methods=["POST"])
    def refresh(self) -> Response:
        """A new access token for a refresh token."""
        return _as_problem(super().refresh())


def limit_attempts(limiter: Limiter) -> None:
    """Count attempts at both doors together, by address and by account. Call it when every page is registered."""
    doors = {rule.endpoint for rule in current_app.url_map.iter_rules() if rule.rule in DOORS}
    for endpoint in doors:
        view: Any = current_app.view_functions[endpoint]
        for limit, name, key in ((PER_ADDRESS, "address", get_remote_address), (PER_ACCOUNT, "account", _account)):
            view = limiter.shared_limit(limit, scope=f"sign-in-{name}", key_func=key, methods=["POST"])(view)
        current_app.view_functions[endpoint] = view


def attempt(name: str, password: str) -> AppUser | None:
    """Try login and password; a wrong guess is counted, so it is committed as well."""
    with transaction():
        return sign_in(name or "", password or "")


def come_in(user: AppUser) -> None:
    """Begin a session. Nothing that the browser had before the log-in stays, but the choice of language."""
    locale = session.get("locale")
    with transaction():
        key = sessions.begin_session(user, address=request.remote_addr, browser=request.user_agent.string)
    session.clear()
    session[_KEY] = key
    session.permanent = True
    if locale:
        session["locale"] = locale


def leave() -> None:
    """End the session, also for whoever copied its cookie."""
    key = session.get(_KEY)
    if key:
        with transaction():
            sessions.end_session(key)
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def session_user() -> AppUser | None:
    """The user of the session's cookie; None when the session has ended."""
    key = session.get(_KEY)
    found = sessions.live_session(key) if isinstance(key, str) else None
    if found is None:
        return None
    if sessions.is_due(found):
        with transaction():
            sessions.saw(found)
    return found.user


def bearer() -> AppUser | None:
    """The user of the JWT in the Authorization header; None when it is none of ours, or no longer valid."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    try:
        data = decode_token(text.strip())
    except (PyJWTError, JWTExtendedException, ValueError) as error:
        log.info("a token was refused: %s", error)
        return None
    return user_of_claims(None, data) if data.get("type") == "access" else None


def claims(identity: str) -> dict[str, Any]:
    """What a JWT says besides its user: the epoch of the sessions that it belongs to."""
    user = db.session.get(AppUser, int(identity))
    return {"epoch": user.session_epoch if user else -1}


def user_of_claims(_header: Any, data: Any) -> AppUser | None:
    """The user of a verified JWT, unless they were deactivated or signed out everywhere since."""
    user = db.session.get(AppUser, int(data["sub"]))
    return user if user is not None and user.active and data.get("epoch") == user.session_epoch else None


def _account() -> str:
    """The account that is tried, known or not, however it is spelt."""
    source: Any = request.get_json(silent=True) if request.is_json else request.form
    name = source.get("username") if hasattr(source, "get") else None
    return str(name or "").strip().lower()[:320] or "-"


def _as_problem(response: Response) -> Response:
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return response
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return problem(401, "sign-in-failed", SignIn.wrong_message)
    return problem(response.status_code, "bad-request", _l("The request could not be read."))
