"""The language of an answer: the request's Accept-Language, else the user's, else the installation's."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, request

from app.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, in_language

P = ParamSpec("P")
T = TypeVar("T")


def callers_language() -> str:
    """Code of the language."""
    asked = request.accept_languages.best_match(list(LANGUAGES)) if request.accept_languages else None
    user = getattr(g.get("api_caller"), "user", None)
    return asked or (user.language if user else None) or DEFAULT_LANGUAGE


def in_the_callers_language(function: Callable[P, T]) -> Callable[P, T]:
    """Texts that `function` makes are in the caller's language; the session cookie has no say."""

    @wraps(function)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> T:
        with in_language(callers_language()):
            return function(*args, **kwargs)

    return speaking
