"""What the card of a case tells the socket, and what it is told."""

import gzip
import json
from typing import Any

from app.models import Case


def a_card(case: Case, **shown: Any) -> dict[str, Any]:
    """A card that was made before anything of its form was known, unless the test says what it shows."""
    blank = {"language": "en", "audience": "", "form_version": 0, "script_version": 0}
    return {"case": case.id, **blank, **shown}


def state_in(now: dict[str, Any]) -> dict[str, Any]:
    """The state that was packed into a message, which says the same numbers outside."""
    state: dict[str, Any] = json.loads(gzip.decompress(now["packed"]))
    assert all(state[name] == value for name, value in now.items() if name != "packed")
    return state


def shown_by(now: dict[str, Any]) -> dict[str, Any]:
    """What a card says that it shows, after it has taken this."""
    return {name: now[name] for name in ("audience", "form_version", "script_version")}
