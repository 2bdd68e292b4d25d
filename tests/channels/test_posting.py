import time

import pytest

from app.channels.web.port import Post, Undelivered
from app.channels.web.posting import KEPT_CHARACTERS, send
from tests.listening import answer, listening


@pytest.fixture
def server():
    with listening() as listener:
        yield listener


def post(address, *, allows_private=True):
    return Post(address=address, body=b'{"a":1}', headers={"X-Own": "yes"}, allows_private=allows_private)


def test_a_request_arrives_as_it_was_given(server):
    server.reply = lambda handler: answer(handler, 201, "przyjęte".encode())
    taken = send(post(server.address))
    assert (taken.status, taken.text, taken.is_taken) == (201, "przyjęte", True)
    [told] = server.heard
    assert (told.path, told.body) == ("/hook?source=splot", b'{"a":1}')
    assert told.headers["Host"] == f"127.0.0.1:{server.port}"
    assert told.headers["X-Own"] == "yes"


def test_this_machine_is_not_asked_without_leave(server):
    for address in (server.address, server.address.replace("127.0.0.1", "localhost")):
        with pytest.raises(Undelivered):
            send(post(address, allows_private=False))
    assert server.heard == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(server, status):
    server.reply = lambda handler: answer(handler, status, Location=server.address)
    taken = send(post(server.address))
    assert (taken.status, taken.is_taken, len(server.heard)) == (status, False, 1)


def test_a_long_answer_is_cut_and_an_endless_one_is_not_read(server):
    def endless(handler):
        handler.send_response(500)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            handler.close_connection = True

    server.reply = endless
    assert send(post(server.address)).text == "x" * KEPT_CHARACTERS


def test_a_server_that_drips_is_cut_off(server):
    def drips(handler):
        try:
            for sign in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
                handler.wfile.write(bytes([sign]))
                time.sleep(0.02)  # each byte by itself comes soon enough; the answer would be a good one
        except OSError:
            handler.close_connection = True

    server.reply = drips
    with pytest.raises(Undelivered, match="in time"):
        send(post(server.address), whole_seconds=0.3)


def test_a_server_that_speaks_no_http_or_none_at_all(server):
    server.reply = lambda handler: handler.wfile.write(b"SSH-2.0\r\n")
    with pytest.raises(Undelivered, match="no HTTP"):
        send(post(server.address))
    with pytest.raises(Undelivered, match="no HTTP"):
        send(post(server.address.replace("http:", "https:")))
    with pytest.raises(Undelivered, match="connection"):
        send(post("http://127.0.0.1:1/"))
