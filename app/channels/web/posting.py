"""Sending a request: to an address that was judged, within a time, reading no more than needed, following nothing."""

import http.client
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from app.channels.web.addresses import Address, reachable
from app.channels.web.port import Answer, Post, Undelivered
from app.core.i18n import lazy_gettext as _l

CONNECT_SECONDS = 5.0
TRIED_ADDRESSES = 4
WHOLE_SECONDS = 10.0
"""From the connection to the end of the answer: a server that drips byte after byte holds nobody longer."""
READ_BYTES = 64 * 1024
KEPT_CHARACTERS = 2000
_PORTS = {"http": 80, "https": 443}
_LATE = _l("The server did not answer in time.")


def send(post: Post, *, whole_seconds: float = WHOLE_SECONDS) -> Answer:
    """The answer, whatever it says. Undelivered when there was none."""
    parts = urlsplit(post.address)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    addresses = reachable(host, port, allows_private=post.allows_private)
    try:
        line = _Line(_connected(addresses, port), whole_seconds)
    except OSError as error:
        raise Undelivered(_l("The server does not take the connection.")) from error
    try:
        if parts.scheme == "https":
            line.secure(host)
        answer = _exchange(line.socket, parts, post)
    except ssl.SSLCertVerificationError as error:
        raise Undelivered(_l("The certificate of the server cannot be trusted.")) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Undelivered(_LATE if line.is_cut else _l("The server broke off, or spoke no HTTP.")) from error
    finally:
        line.close()
    if line.is_cut:  # half an answer can read like a whole one
        raise Undelivered(_LATE)
    return answer


class _Line:
    """A connection that is cut when its time is over, whatever the other side does."""

    def __init__(self, connected: socket.socket, seconds: float) -> None:
        self.socket = connected
        self.socket.settimeout(seconds)
        self.is_cut = False
        self._end = threading.Timer(seconds, self._cut)
        self._end.daemon = True
        self._end.start()

    def secure(self, host: str) -> None:
        """TLS, with a certificate for the host that somebody vouches for."""
        # The handshake comes after: a cut must find the socket that is read from.
        secured = ssl.create_default_context().wrap_socket(
            self.socket, server_hostname=host, do_handshake_on_connect=False
        )
        self.socket = secured
        secured.do_handshake()

    def close(self) -> None:
        """Hang up."""
        self._end.cancel()
        self.socket.close()

    def _cut(self) -> None:
        self.is_cut = True
        with suppress(OSError):  # it has ended by itself
            self.socket.shutdown(socket.SHUT_RDWR)


def _connected(addresses: Sequence[Address], port: int) -> socket.socket:
    """To the first address that takes it. Not all of a long list: the whole call must end within its lease."""
    addresses = addresses[:TRIED_ADDRESSES]
    for place, address in enumerate(addresses):
        try:
            return socket.create_connection((str(address), port), CONNECT_SECONDS)
        except OSError:
            if place == len(addresses) - 1:
                raise
    raise OSError


def _exchange(sock: socket.socket, parts: SplitResult, post: Post) -> Answer:
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = sock
    connection.auto_open = 0  # never to an address that nobody judged
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", target, post.body, {"Host": parts.netloc, "Connection": "close", **post.headers})
    response = connection.getresponse()
    text = response.read(READ_BYTES).decode("utf-8", "replace").replace("\0", "")
    return Answer(status=response.status, text=text[:KEPT_CHARACTERS])
