"""Keys: short readable names within one file."""

import re
from collections.abc import Collection

from app.core.text import fold

_LONGEST = 34
_REST = re.compile(r"[^a-z0-9]+")


def free_key(title: str, taken: Collection[str]) -> str:
    """A key that tells of the title and is not taken."""
    plain = _REST.sub("-", fold(title)).strip("-")[:_LONGEST].strip("-") or "x"
    key, number = plain, 1
    while key in taken:
        number += 1
        key = f"{plain}-{number}"
    return key
