"""Reading a JSON body strictly: what is ambiguous or cannot be stored is refused before any subject sees it."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from app.core.errors import Invalid, SplotError
from app.core.i18n import lazy_gettext as _l

LARGEST_BODY = 1 * 2**20
"""Bytes of a JSON body. Files travel apart, as multipart/form-data."""

DEEPEST = 32
"""Levels of lists and objects inside each other; a form definition needs less than ten."""


class Unreadable(SplotError):
    """The body is no JSON, or JSON that says two things at once."""

    status = 400
    slug = "unreadable-body"


def read_body(request: Request) -> Any:
    """The JSON value of the body. Numbers with decimals come as Decimal."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    request.max_content_length = LARGEST_BODY
    return parse(request.get_data(cache=True))


def parse(raw: bytes) -> Any:
    """Strict JSON: UTF-8, no key twice, no NaN, at most DEEPEST levels, no text that a database refuses."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(_l("The body is not UTF-8.")) from None
    try:
        value = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_pairs_without_repeats
        )
    except RecursionError:
        raise Unreadable(_too_deep()) from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            _l("The body is not JSON: line %(line)s, column %(column)s.", line=error.lineno, column=error.colno)
        ) from None
    except ValueError:
        # Python refuses whole numbers of more than some thousand digits.
        raise Unreadable(_l("The body has a number that is too long.")) from None
    _check(value, "", 0)
    return value


def _check(value: Any, path: str, level: int) -> None:
    if level > DEEPEST:
        raise Unreadable(_too_deep())
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key, path)
            _check(inner, f"{path}.{key}" if path else key, level + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _check(inner, f"{path}.{place}" if path else str(place), level + 1)


def _check_text(text: str, path: str) -> None:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        message = _l("This has characters that cannot be shown, such as NUL.")
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields={path: [message]})


def _pairs_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Unreadable(_l("The body names a key twice in one object."))
    return made


def _refuse_constant(_name: str) -> NoReturn:
    raise Unreadable(_l("NaN and Infinity are no numbers of JSON."))


def _too_deep() -> Any:
    return _l("The body nests lists and objects too deeply: at most %(most)s levels.", most=DEEPEST)
