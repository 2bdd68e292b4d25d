"""In which language and time zone a page is shown, and how one changes the language."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, abort, has_request_context, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from app.core.db import transaction
from app.core.i18n import DEFAULT_LANGUAGE, DEFAULT_TIME_ZONE, LANGUAGES
from app.people.account import choose_language
from app.views.base import Page, current_user, local_path, page


class LanguagePage(Page):
    """Changes the language and comes back to the same page."""

    route_base = "/lang"

    @page("/<string:locale>", methods=["GET", "POST"], public=True)
    def index(self, locale: str) -> AnyResponse:
        """Choose `locale`: for the user, else for this browser."""
        if locale not in LANGUAGES:
            abort(404)
        session["locale"] = locale
        user = current_user()
        if user is not None:
            with transaction():
                choose_language(user, locale)
        return redirect(local_path(request.form.get("next") or _referring_path()))


def register(app: Flask) -> None:
    """Let Babel ask us. Call it after Flask-AppBuilder, which makes its own Babel."""
    babel = app.extensions["babel"]
    babel.locale_selector = language
    babel.timezone_selector = time_zone


def language() -> str:
    """The user's, else this browser's choice, else what the browser prefers of what we have."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    user = current_user()
    for wish in (user.language if user else None, session.get("locale")):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match([*LANGUAGES]) or DEFAULT_LANGUAGE


def time_zone() -> str:
    """The user's, else that of the centre."""
    user = current_user() if has_request_context() else None
    return user.time_zone if user and _is_known(user.time_zone) else DEFAULT_TIME_ZONE


def zone() -> ZoneInfo:
    """The user's time zone, for arithmetic."""
    return ZoneInfo(time_zone())


@lru_cache(maxsize=1024)
def _is_known(name: str) -> bool:
    """Asked in every request, and the answer reads a folder of some six hundred files."""
    return name in available_timezones()


def _referring_path() -> str:
    """Path of the page that the request came from, when it is one of ours."""
    referrer = request.referrer or ""
    return referrer.removeprefix(request.host_url.rstrip("/")) if referrer.startswith(request.host_url) else "/"
