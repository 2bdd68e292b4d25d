"""The Socket.IO server: who comes in, how events reach `desk.py`, and who has to leave again."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import socketio
from flask import Flask
from flask import session as cookie
from sqlalchemy.exc import SQLAlchemyError

from app.core import db
from app.core.config import Settings
from app.core.errors import SplotError
from app.live import presence, rooms
from app.live.desk import EVENTS, Moves, Screen, cards_now, rooms_now
from app.live.forms import FormRooms, asked_for
from app.live.payloads import Outgoing, read
from app.live.push import ASK_RIGHTS, SHOW_FORM, channel
from app.models import AppUser
from app.people.sessions import live_session

log = logging.getLogger(__name__)

CHECKED_EVERY = 15
"""Seconds between two looks whether sessions are still valid and rooms still allowed."""
_LARGEST_MESSAGE = 100_000
_SESSION_KEY = "key"
_BY_RIGHT = ("list:", "campaign:", "case:", "form:")
"""Beginnings of the rooms that somebody may have to leave."""


class LiveServer:
    """One socket process. Any number of them serve the same screens; they talk over Redis."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._screens: dict[str, Screen] = {}
        self._to_show: set[tuple[str, int]] = set()
        settings: Settings = app.config["SETTINGS"]
        manager = _Manager(settings.redis_url, channel=channel(settings))
        manager.on_word = {ASK_RIGHTS: self._asked_rights, SHOW_FORM: self._asked_form}
        self.io = socketio.Server(
            async_mode="gevent",
            client_manager=manager,
            transports=["websocket"],
            cors_allowed_origins=_is_ours(settings),
            ping_interval=10,
            ping_timeout=8,
            max_http_buffer_size=_LARGEST_MESSAGE,
        )
        self._forms = FormRooms(app.jinja_env, send=self._send_here, occupied=lambda room: bool(self._in_room(room)))
        self.io.on("connect", self._come)
        self.io.on("disconnect", self._go)
        for name in EVENTS:
            self.io.on(name, self._handler(name))
        self.io.on("*", _unknown)

    def watch(self) -> None:
        """Look again and again whether everybody may still be here; runs beside the server."""
        while True:
            self.io.sleep(CHECKED_EVERY)
            self._ask_rights(list(self._screens))
            self._show_forms(self._forms.show)

    def _come(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> bool:
        """Let in whoever has a live session; nobody else."""
        with self._context(environ):
            key = cookie.get(_SESSION_KEY)
            found = live_session(key) if isinstance(key, str) else None
            if found is None:
                return False
            self._screens[sid] = Screen(sid, found.user_id, str(key))
            self.io.enter_room(sid, rooms.of_user(found.user_id))
        return True

    def _go(self, sid: str, _reason: Any = None) -> None:
        screen = self._screens.pop(sid, None)
        if screen is None:
            return
        with self._context():
            for case_id in screen.cases:
                presence.leave(case_id, screen.user_id, sid)
                self._tell_people(case_id)

    def _handler(self, name: str) -> Callable[..., dict[str, Any]]:
        kind, handle = EVENTS[name]

        def handled(sid: str, raw: Any = None) -> dict[str, Any]:
            screen = self._screens.get(sid)
            if screen is None:
                return {"ok": False}
            with self._context():
                user = self._user_of(screen)
                if user is None:
                    self.io.disconnect(sid)
                    return {"ok": False}
                try:
                    return {"ok": True, **self._move(sid, handle(read(kind, raw), screen, user))}
                except SplotError as error:
                    return {"ok": False, "refused": error.slug}

        return handled

    def _move(self, sid: str, moves: Moves) -> dict[str, Any]:
        """What the answer says beside "ok"."""
        for room in moves.enter:
            self.io.enter_room(sid, room)
        for case_id in moves.tell_people:
            self._tell_people(case_id)
        # After the room was entered: what is published from here on is told.
        state = self._forms.answer(*moves.shows) if moves.shows else None
        return {"form": state.as_json()} if state else {}

    def _tell_people(self, case_id: int) -> None:
        self._send(rooms.of_case(case_id), presence.people_at(case_id))

    def _send(self, room: str, payload: Outgoing) -> None:
        self.io.emit(payload.event, payload.as_json(), room=room)

    def _send_here(self, room: str, payload: Outgoing) -> None:
        """To screens of this process alone; every other one sends its own."""
        self.io.emit(payload.event, payload.as_json(), room=room, ignore_queue=True)

    def _in_room(self, room: str) -> list[str]:
        return [sid for sid, _eio in self.io.manager.get_participants("/", room)]

    def _asked_rights(self, message: dict[str, Any]) -> None:
        room = message.get("room")
        self.io.start_background_task(self._ask_rights, self._in_room(room) if room else [])

    def _asked_form(self, message: dict[str, Any]) -> None:
        """Many publications in one breath are one look."""
        for wanted in asked_for(message.get("data") or ()).items():
            if wanted not in self._to_show:
                self._to_show.add(wanted)
                self.io.start_background_task(self._show_form, wanted)

    def _show_form(self, wanted: tuple[str, int]) -> None:
        self._to_show.discard(wanted)  # before the look: what is published after it is another one
        self._show_forms(lambda: self._forms.show(**dict([wanted])))

    def _show_forms(self, show: Callable[[], None]) -> None:
        try:
            with self._context():
                show()
        except SQLAlchemyError:
            log.warning("forms could not be shown: the database does not answer", exc_info=True)

    def _ask_rights(self, sids: list[str]) -> None:
        """Cut off whose session has ended; put everybody into the rooms that they may be in now, and no others."""
        for sid in sids:
            screen = self._screens.get(sid)
            if screen is None:
                continue
            try:
                with self._context():
                    self._ask_right(screen)
            except SQLAlchemyError:
                log.warning("rights could not be asked: the database does not answer", exc_info=True)

    def _ask_right(self, screen: Screen) -> None:
        user = self._user_of(screen)
        if user is None:
            self.io.disconnect(screen.sid)
            return
        names = {room for room in self.io.rooms(screen.sid) if room.startswith(_BY_RIGHT)}
        if not names:
            return
        cards = cards_now(screen, user)
        others = [audience for case_id, audience in cards.items() if audience != screen.cases.get(case_id)]
        screen.cases = cards
        of_cards = {room for each, audience in cards.items() for room in (rooms.of_case(each), rooms.of_form(audience))}
        now = rooms_now(names, user) | of_cards
        for room in now - names:
            self.io.enter_room(screen.sid, room)
        for room in names - now:
            self.io.leave_room(screen.sid, room)
        for audience in others:
            if (state := self._forms.moved(audience)) is not None:
                self._send_here(screen.sid, state)

    def _user_of(self, screen: Screen) -> AppUser | None:
        found = live_session(screen.key)
        return found.user if found is not None else None

    @contextmanager
    def _context(self, environ: dict[str, Any] | None = None) -> Iterator[None]:
        """The application around one event; no transaction stays open behind it."""
        with self._app.request_context(environ) if environ is not None else self._app.app_context():
            try:
                yield
            finally:
                db.rollback()
                db.session.remove()


class _Manager(socketio.RedisManager):
    """Messages of other processes: for screens, or for us. `on_word` tells by the event what is for us."""

    on_word: Mapping[str, Callable[[dict[str, Any]], None]] = MappingProxyType({})

    def _handle_emit(self, message: dict[str, Any]) -> None:
        word = self.on_word.get(str(message.get("event")))
        if word is not None:
            word(message)
        else:
            super()._handle_emit(message)


def _is_ours(settings: Settings) -> Callable[..., bool]:
    """Whether a page of that origin may open a connection: pages of the same host, or of the installation's address."""

    def is_ours(origin: str | None, environ: dict[str, Any]) -> bool:
        if origin is None:  # no browser: those always say where they come from
            return True
        parts = urlsplit(origin)
        host = environ.get("HTTP_HOST", "").rpartition(":")[0] or environ.get("HTTP_HOST", "")
        if settings.socket_url:
            return parts.hostname == urlsplit(settings.socket_url).hostname
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return parts.hostname == host.strip("[]") and port in {settings.port, 443 if settings.https else settings.port}

    return is_ours


def _unknown(_event: str, _sid: str, _payload: Any = None) -> dict[str, Any]:
    return {"ok": False, "refused": "unknown"}
