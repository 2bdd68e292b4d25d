"""A server of the test's own, that notes what it is told and answers as the test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Told:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Listener:
    """Where it listens, what it heard, and how it answers: by `reply`, which a test may change."""

    port: int
    heard: list[Told] = field(default_factory=list)
    reply: Reply = lambda handler: answer(handler, 204)

    @property
    def address(self) -> str:
        """On this machine."""
        return f"http://127.0.0.1:{self.port}/hook?source=splot"


def answer(handler: BaseHTTPRequestHandler, status: int, text: bytes = b"", **headers: str) -> None:
    """An ordinary answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    if status != 204:  # which has no body, and says so by itself
        handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text)


@contextmanager
def listening() -> Iterator[Listener]:
    """Until the end of the block."""
    listener: Listener

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            listener.heard.append(Told(self.path, dict(self.headers.items()), body))
            listener.reply(self)

        def log_message(self, *_words: object) -> None:
            """Nothing: the test reads `heard`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        listener = Listener(server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()
