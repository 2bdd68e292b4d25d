"""A Socket.IO server with nothing in it: `python -m gevent.monkey --module bench.bare_socket PORT`.

The same server, transport and settings as app/live/server.py and app/live/process.py have, neither with compression of
messages. What is posted to /<headers as JSON, in base64> goes to every connection as the event of a form.
"""

import json
import sys
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from typing import Any

import socketio
from gevent.pywsgi import WSGIServer


def main(port: int) -> None:
    """Serve until the process is told to stop."""
    io = socketio.Server(async_mode="gevent", transports=["websocket"], ping_interval=10, ping_timeout=8)
    io.on("beat", lambda _sid, _payload=None: {"ok": True})

    def post(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            said = json.loads(urlsafe_b64decode(environ["PATH_INFO"].strip("/")))
            packed = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            io.emit("form", {**said, "packed": packed})
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]

    WSGIServer(("127.0.0.1", port), socketio.WSGIApp(io, post), log=None).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
