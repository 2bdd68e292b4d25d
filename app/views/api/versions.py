"""Which version of a record the caller has seen: `If-Match`, or `version` in the body. No save overwrites unseen."""

import re

from flask import request

from app.core.errors import Conflict, SplotError
from app.core.i18n import lazy_gettext as _l
from app.views.api.unset import Unset


class VersionNeeded(SplotError):
    """A change came without the version it builds on."""

    status = 428
    slug = "version-needed"


def etag(version: int) -> str:
    """The version as an entity tag."""
    return f'"{version}"'


def seen_version(in_body: int | Unset) -> int:
    """The version that the caller builds on; raises VersionNeeded when the request does not say."""
    header = request.headers.get("If-Match")
    if header is None:
        if isinstance(in_body, Unset):
            raise VersionNeeded(_needed())
        return in_body
    found = re.fullmatch(r'\s*"?([0-9]{1,9})"?\s*', header)
    if found is None:
        raise VersionNeeded(_needed())
    version = int(found[1])
    if not isinstance(in_body, Unset) and in_body != version:
        raise VersionNeeded(_l("If-Match and the version in the body name two different versions."))
    return version


def must_be(seen: int, current: int, *, yours: object, theirs: object) -> None:
    """Raise Conflict with both sides unless what the caller has seen is what is stored."""
    if seen != current:
        raise Conflict(
            _l("Somebody else has changed this since you read it. Nothing was saved."),
            version=current,
            yours=yours,
            theirs=theirs,
        )


def _needed() -> object:
    return _l('Send the version that you have seen: If-Match: "3", or "version": 3 in the body.')
