"""Socket.IO over a bare WebSocket, no more of it than cards need, so that listening costs the measured machine little.

One process holds many connections in one loop, without threads, and notes when each frame came. Its clock is
`time.monotonic`, which all processes of one machine share.
"""

import base64
import json
import os
import selectors
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PING, PONG, ATTACHED = "2", "3", "451-"
_BINARY, _CLOSE = 2, 8
_PATIENCE = 60.0


@dataclass(frozen=True)
class Heard:
    """An event with its payload; what was attached in binary stands in `attached`."""

    at: float
    name: str
    payload: Any
    attached: bytes = b""


@dataclass
class Wire:
    """One connection."""

    line: socket.socket
    heard: list[Heard] = field(default_factory=list)
    answered: dict[int, Any] = field(default_factory=dict)
    """Answers to what was asked with a number."""
    ended: bool = False
    _rest: bytearray = field(default_factory=bytearray)
    _waits: str = ""
    """A packet whose binary part is still to come."""

    def ask(self, number: int, event: str, payload: Any) -> None:
        """Send an event that wants an answer."""
        self.send(f"42{number}{json.dumps([event, payload])}")

    def read(self) -> None:
        """Take in what has come, without waiting for more."""
        try:
            came = self.line.recv(1 << 18)
        except BlockingIOError:
            return
        except ConnectionError:
            came = b""
        at = time.monotonic()
        self.ended = not came
        self._rest += came
        for kind, body in _frames(self._rest):
            self._take(kind, body, at)

    def _take(self, kind: int, body: bytes, at: float) -> None:
        if kind == _CLOSE:
            self.ended = True
        elif kind == _BINARY:
            self._packet(self._waits, at, body)
        else:
            text = body.decode()
            if text == PING:
                self.send(PONG)
            elif text.startswith(("45", "46")):
                self._waits = text
            elif text.startswith("4"):
                self._packet(text, at, b"")

    def _packet(self, text: str, at: float, attached: bytes) -> None:
        kind, rest = text[1], text[2:]
        if kind in "56":
            rest = rest.partition("-")[2]
        number = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        content = json.loads(rest[len(number) :] or "null")
        if kind in "36":
            self.answered[int(number)] = content[0]
        elif kind == "4":  # not let in
            self.ended = True
        elif kind in "25":
            self.heard.append(Heard(at, content[0], content[1], attached))

    def send(self, text: str) -> None:
        """A packet in a frame masked with zeros, which is as good as any mask between two processes of one machine."""
        body = text.encode()
        length = struct.pack("!B", 0x80 | len(body)) if len(body) < 126 else struct.pack("!BH", 0xFE, len(body))  # noqa: PLR2004
        try:
            self.line.sendall(b"\x81" + length + b"\0\0\0\0" + body)
        except OSError:
            self.ended = True


class Loop:
    """All connections of a process, listened to in turns."""

    def __init__(self) -> None:
        self.wires: list[Wire] = []
        self._ready = selectors.DefaultSelector()

    def open(self, port: int, cookie: str = "") -> Wire:
        """Connect, as a page does that knows WebSockets from the start."""
        wire = Wire(_upgraded(port, cookie))
        self.wires.append(wire)
        self._ready.register(wire.line, selectors.EVENT_READ, wire)
        wire.send("40")
        self.turn(0)
        return wire

    def watch(self, waiting: Any) -> None:
        """Wake up for this, too: anything with a file number."""
        self._ready.register(waiting, selectors.EVENT_READ, None)

    def turn(self, seconds: float) -> bool:
        """Listen until something comes, at most so long; whether what else is watched has something."""
        is_told = False
        for key, _events in self._ready.select(seconds):
            wire: Wire | None = key.data
            if wire is None:
                is_told = True
                continue
            wire.read()
            if wire.ended:
                self._ready.unregister(wire.line)
        return is_told

    def ask_all(self, wires: list[Wire], number: int, event: str, payloads: list[Any]) -> None:
        """Ask each its own question, and wait for all answers."""
        for wire, payload in zip(wires, payloads, strict=True):
            wire.ask(number, event, payload)
            self.turn(0)
        deadline = time.monotonic() + _PATIENCE
        while any(number not in wire.answered and not wire.ended for wire in wires) and time.monotonic() < deadline:
            self.turn(0.05)

    def close(self) -> None:
        """End all connections."""
        for wire in self.wires:
            wire.line.close()


def _upgraded(port: int, cookie: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    cookies = f"Cookie: splot={cookie}\r\n" if cookie else ""
    line.sendall(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{cookies}\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = line.recv(1)
        if not byte:
            break
        head += byte
    if not head.startswith(b"HTTP/1.1 101"):
        message = f"the socket process answered {head[:200]!r}"
        raise ConnectionError(message)
    line.setblocking(False)  # noqa: FBT003
    return line


def _frames(rest: bytearray) -> Iterator[tuple[int, bytes]]:
    """Whole frames, which leave `rest`; servers send each message in one, and do not mask."""
    while len(rest) >= 2:  # noqa: PLR2004
        length, head = rest[1] & 127, 2
        if length == 126:  # noqa: PLR2004
            length, head = int.from_bytes(rest[2:4], "big"), 4
        elif length == 127:  # noqa: PLR2004
            length, head = int.from_bytes(rest[2:10], "big"), 10
        if len(rest) < max(head, 2) or len(rest) < head + length:
            return
        yield rest[0] & 15, bytes(rest[head : head + length])
        del rest[: head + length]
