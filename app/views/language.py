"""In which language and time zone a page is shown, and how one changes the language."""

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, abort, g, has_request_context, redirect, request, session
from flask_babel import get_locale, get_translations
from werkzeug.wrappers import Response as AnyResponse

from app.core.db import transaction
from app.core.i18n import DEFAULT_LANGUAGE, DEFAULT_TIME_ZONE, LANGUAGES, LOCALES
from app.people.account import choose_language
from app.views.base import Page, current_user, local_path, page


class LanguagePage(Page):
    """Changes the language and comes back to the same page."""

    route_base = "/lang"

    @page("/<string:locale>", methods=("POST",), public=True)
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
    babel.locale_selector = lambda: LOCALES[language()]
    babel.timezone_selector = time_zone
    # Jinja's i18n extension adds this to the environment.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(context, one, many, count),
    )


def _catalogue() -> Any:
    """The texts of the language in force: a page asks for some seventy, and looking it up costs more than a text."""
    locale = get_locale()
    kept = g.get("catalogue")
    if kept is None or kept[0] is not locale:
        kept = g.catalogue = (locale, get_translations())
    return kept[1]


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
