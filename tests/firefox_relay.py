"""Firefox for Playwright: starts it and stands in the line between the two.

Playwright drives an unpatched Firefox by WebDriver BiDi and sets media features for every context; Debian's Firefox
does not know that command yet and refuses it, and with it the whole context. No test here asks for media features, so
the relay answers that command by itself. Everything else passes unchanged.

    python -m tests.firefox_relay PATH_OF_FIREFOX ARGUMENTS…
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

import websocket
from simple_websocket import ConnectionClosed, Server
from werkzeug.serving import make_server

UNKNOWN = {"emulation.setMediaFeaturesOverride"}


def main(program: str, *arguments: str) -> int:
    """Run until Firefox ends; its exit code."""
    with subprocess.Popen([program, *arguments], stderr=subprocess.PIPE, text=True) as firefox:
        assert firefox.stderr is not None
        for line in firefox.stderr:
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
            sys.stderr.write(line.replace(found[1], _open(found[1])) if found else line)
            sys.stderr.flush()
    return firefox.returncode


def _open(address: str) -> str:
    """The address under which the line to `address` can be had."""

    def answer(environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        line = websocket.create_connection(address + environ["PATH_INFO"], suppress_origin=True)
        _relay(Server.accept(environ), line)
        return []

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"ws://127.0.0.1:{server.server_port}"


def _relay(playwright: Server, firefox: websocket.WebSocket) -> None:
    def back() -> None:
        while text := firefox.recv():
            playwright.send(text)

    Thread(target=back, daemon=True).start()
    try:
        while True:
            text = playwright.receive()
            command = json.loads(text)
            if command["method"] in UNKNOWN:
                playwright.send(json.dumps({"type": "success", "id": command["id"], "result": {}}))
            else:
                firefox.send(text)
    except ConnectionClosed:
        firefox.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
