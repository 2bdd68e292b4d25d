"""Forms on open cards: which of them a socket process serves, and sending each of these what it should show.

A room holds the cards of one audience, so what they show is made and packed once for all of them.
"""

import gzip
import json
from collections.abc import Callable, Collection, Iterable
from threading import Lock

from jinja2 import Environment

from app.cases.form_state import Audience, state_for, versions_of
from app.live import rooms
from app.live.payloads import FormNow, WatchCase

Versions = tuple[int, int]
"""Numbers of the form and of the script."""
_PACKED = 6
"""How hard a state is packed: the hardest (9) takes twice as long, and saves three bytes of a hundred."""


class FormRooms:
    """The rooms of one process, by name. A room that has emptied is forgotten at the next look."""

    def __init__(
        self,
        environment: Environment,
        *,
        send: Callable[[str, FormNow], None],
        occupied: Callable[[str], bool],
    ) -> None:
        self._environment = environment
        self._send = send
        self._occupied = occupied
        self._audiences: dict[str, Audience] = {}
        self._sent: dict[str, Versions] = {}
        """What everybody in the room has at least, or was sent."""
        self._one_look = Lock()

    def answer(self, audience: Audience, shown: WatchCase) -> FormNow | None:
        """For a card that has just entered the room: what it lacks."""
        room = rooms.of_form(audience)
        self._audiences[room] = audience
        now = versions_of([audience.script_id]).get(audience.script_id)
        if now is None:
            return None
        self._sent.setdefault(room, now)
        has = (shown.form_version, shown.script_version)
        return None if shown.audience == audience.key and has == now else self._made(audience)

    def moved(self, audience: Audience) -> FormNow | None:
        """For a card whose user has other rights now."""
        self._audiences[rooms.of_form(audience)] = audience
        return self._made(audience)

    def show(self, *, form: int | None = None, script: int | None = None) -> None:
        """Send to the cards of that form or script what they lack; to all cards when neither is named.

        A word over Redis may get lost or come twice; the rows do not, so they are asked.
        """
        here = [
            (room, audience)
            for room, audience in self._here()
            if (not form or audience.form_id == form) and (not script or audience.script_id == script)
        ]
        if not here:
            return
        with self._one_look:
            now = versions_of({audience.script_id for _room, audience in here})
            for room, audience in here:
                if now.get(audience.script_id) not in {None, self._sent.get(room)}:
                    self._show(room, audience)

    def _here(self) -> Collection[tuple[str, Audience]]:
        for room in [room for room in self._audiences if not self._occupied(room)]:
            del self._audiences[room]
            self._sent.pop(room, None)
        return list(self._audiences.items())

    def _show(self, room: str, audience: Audience) -> None:
        state = self._made(audience)
        if state is not None:
            self._sent[room] = (state.form_version, state.script_version)
            self._send(room, state)

    def _made(self, audience: Audience) -> FormNow | None:
        state = state_for(audience, self._environment)
        if state is None:
            return None
        return FormNow(
            form=state.form,
            form_version=state.form_version,
            script=state.script,
            script_version=state.script_version,
            audience=audience.key,
            packed=gzip.compress(json.dumps(state.as_json()).encode(), _PACKED, mtime=0),
        )


def asked_for(payload: Iterable[object]) -> dict[str, int]:
    """What a message to the socket processes names: `form` or `script`, by id."""
    return {
        str(name): number
        for part in payload
        if isinstance(part, dict)
        for name, number in part.items()
        if name in {"form", "script"} and isinstance(number, int)
    }
