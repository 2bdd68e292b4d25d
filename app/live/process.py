"""A socket process: `python -m gevent.monkey --module app.cli socket`, which patches before anything is loaded."""

import gc
import signal
from collections.abc import Callable, Iterable
from typing import Any

import gevent
import socketio
from flask import Flask
from gevent.pywsgi import WSGIServer

from app.core.config import Settings
from app.live.server import LiveServer


def main(app: Flask) -> None:
    """Serve until the process is told to stop."""
    settings: Settings = app.config["SETTINGS"]
    live = LiveServer(app)
    server = WSGIServer((settings.host, settings.socket_port), socketio.WSGIApp(live.io, _health), log=None)
    for stop in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(stop, server.stop, 1)
    gevent.spawn(live.watch)
    # What is loaded stays: to look through it again would hold up every card for as long as many forms take to send.
    gc.collect()
    gc.freeze()
    server.serve_forever()


def _health(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What is no socket: a sign of life."""
    is_asked = environ.get("PATH_INFO") == "/healthz"
    start_response("200 OK" if is_asked else "404 Not Found", [("Content-Type", "text/plain")])
    return [b"ok" if is_asked else b"not found"]
