"""A real socket process beside the tests, and screens that connect to it."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
import socketio
from flask import Flask

from app.core.config import Settings
from app.models import AppUser
from app.supervisor.children import free_port
from tests import factories

PATIENCE = 20


class Screen:
    """One connection of a browser. Everything that it hears waits in a queue."""

    def __init__(self, port: int, cookie: str, origin: str | None = None) -> None:
        self._heard: Queue[tuple[str, Any]] = Queue()
        self.ended: Queue[bool] = Queue()
        page = {"origin": origin} if origin else {"suppress_origin": True}
        self.client = socketio.Client(reconnection=False, websocket_extra_options=page)
        self.client.on("*", lambda name, payload: self._heard.put((name, payload)))
        self.client.on("disconnect", lambda *_reason: self.ended.put(item=True))
        headers = {"Cookie": f"splot={cookie}"}
        self.client.connect(
            f"http://127.0.0.1:{port}", headers=headers, transports=["websocket"], wait_timeout=PATIENCE
        )

    def ask(self, event: str, payload: object = None) -> dict[str, Any]:
        """Send an event and wait for its answer."""
        answer: dict[str, Any] = self.client.call(event, payload, timeout=PATIENCE)
        return answer

    def hears(self, name: str, fits: Callable[[Any], bool] = lambda _payload: True) -> Any:
        """The next event of that name that fits; others before it are dropped."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                event, payload = self._heard.get(timeout=max(0.01, deadline - time.monotonic()))
            except Empty:
                pytest.fail(f"nobody said {name}")
            if event == name and fits(payload):
                return payload

    def heard_so_far(self) -> list[tuple[str, Any]]:
        """Whatever arrived and was not looked at."""
        found = []
        while not self._heard.empty():
            found.append(self._heard.get())
        return found


@pytest.fixture(scope="session")
def live_port(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a socket process on the database and Redis of this worker."""
    port = free_port("127.0.0.1", 0)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SPLOT_")}
    environ = {
        **kept,
        "SPLOT_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SPLOT_SECRET_KEY": settings.secret_key,
        "SPLOT_SOCKET_PORT": str(port),
    }
    log = tmp_path_factory.mktemp("live") / "log"
    with log.open("wb") as out:
        words = [sys.executable, "-m", "gevent.monkey", "--module", "app.cli", "socket"]
        root = Path(__file__).parents[2]
        process = subprocess.Popen(words, cwd=root, env=environ, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            _wait(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 3 * PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
                assert response.read() == b"ok"
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the socket process did not start: {log.read_text()}")
            time.sleep(0.05)  # a process starts at its own pace


@pytest.fixture
def screen(live_port: int, app: Flask, session: Any) -> Iterator[Callable[..., Screen]]:
    """Open a screen of a user, or of nobody; closed after the test."""
    opened: list[Screen] = []

    def open_screen(user: AppUser | None, origin: str | None = None) -> Screen:
        opened.append(Screen(live_port, cookie_of(app, user) if user else "", origin))
        return opened[-1]

    yield open_screen
    for each in opened:
        each.client.disconnect()


def cookie_of(app: Flask, user: AppUser) -> str:
    """The cookie of a browser that the user has signed in with."""
    client = factories.signed_in(app.test_client(), user)
    cookie = client.get_cookie("splot")
    assert cookie is not None
    return cookie.value
