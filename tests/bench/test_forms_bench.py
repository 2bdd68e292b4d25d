"""The parts of the benchmark of forms: the wire, the bare server, the edits of its manager, what its agents read."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from app.formbuilder.definition import from_json, to_json
from app.formbuilder.profile import profile_for
from app.formbuilder.render import render
from app.people.roles import AGENT
from app.supervisor.children import free_port
from bench import forms_agents, forms_arrival, forms_long
from bench.doors import Visitor
from bench.forms_agents import Agent
from bench.forms_centre import CONDITIONS, FIELDS, Desk, long_definition, short_definition
from bench.wire import Loop, Wire
from tests.formbuilder.edits import hide_field

PATIENCE = 30


def test_a_packet_is_whole_however_it_comes() -> None:
    """Frames of every length, split at any place, with a binary part that follows its text."""
    text = b'451-["form",{"form_version":7,"packed":{"_placeholder":true,"num":0}}]'
    for size, length in ((1, 300), (7, 100), (4096, 70_000), (1 << 18, 70_000)):
        packed = os.urandom(length)
        stream = (
            _frame(1, b"40") + _frame(1, text) + _frame(2, packed) + _frame(1, b'430[{"ok":true}]') + _frame(8, b"")
        )
        pieces = [stream[place : place + size] for place in range(0, len(stream), size)]
        wire = Wire(_Line(pieces))  # type: ignore[arg-type]
        while not wire.ended:
            wire.read()
        (heard,) = wire.heard
        assert (heard.name, heard.payload["form_version"], heard.attached) == ("form", 7, packed)
        assert wire.answered == {0: {"ok": True}}


def test_the_bare_server_tells_everybody_the_same_bytes() -> None:
    port = free_port("127.0.0.1", 0)
    root = Path(__file__).parents[2]
    words = [sys.executable, "-m", "gevent.monkey", "--module", "bench.bare_socket", str(port)]
    with subprocess.Popen(words, cwd=root, env={**os.environ}) as process:
        loop = Loop()
        try:
            _wait(port)
            wires = [loop.open(port) for _number in range(3)]
            loop.ask_all(wires, 2, "beat", [{}] * 3)
            assert all(wire.answered[2] == {"ok": True} for wire in wires)
            packed = os.urandom(3000)
            sent = forms_arrival.broadcast(port, {"form_version": 4, "packed": packed})
            deadline = time.monotonic() + PATIENCE
            while not all(wire.heard for wire in wires) and time.monotonic() < deadline:
                loop.turn(0.1)
            assert [wire.heard[0].attached for wire in wires] == [packed] * 3
            assert all(wire.heard[0].payload["form_version"] == 4 and wire.heard[0].at > sent for wire in wires)
        finally:
            loop.close()
            process.terminate()


def test_the_edits_of_the_manager_keep_every_field() -> None:
    definition = to_json(short_definition())
    known = {each["id"] for each in definition["fields"]}
    random = Random(5)  # noqa: S311  (the same edits in every run)
    before = from_json(definition)
    for number in range(60):
        forms_agents.edit(definition, random, number)
        now = from_json(definition)
        assert now != before
        ids = set(now.by_id)
        assert known <= ids
        known, before = ids, now
    assert any(field.hidden for field in before.fields)
    assert any(field.required_to_save for field in before.fields)


def test_an_agent_finds_the_texts_of_a_form(app: Flask) -> None:
    definition = short_definition()
    hidden = definition.fields[3].id
    definition = hide_field(definition, hidden)
    profile = profile_for(definition, (AGENT,))
    with app.app_context():
        fragment = render(definition, profile=profile, language="en", environment=app.jinja_env, statuses={})
    texts = [each.id for each in definition.fields if each.kind in {"text", "long_text"} and each.id != hidden]
    assert forms_agents.texts_in(fragment) == texts


def test_an_answer_that_is_lost_is_counted() -> None:
    agent = Agent(Visitor(0, ""), Desk("", 1, 10, "", 0), Random(1), is_deaf=False)  # noqa: S311  (never asked)
    agent.typed = {"a": "one", "b": "two", "c": "three"}
    assert forms_agents.differences({10: {"a": "one", "b": "other"}}, [agent]) == (2, 3)
    assert forms_agents.differences({10: {"a": "one", "b": "two", "c": "three"}}, [agent]) == (0, 3)


def test_the_long_form_is_as_long_as_it_says(app: Flask) -> None:
    definition = long_definition()
    assert len(definition.fields) == FIELDS
    assert sum(field.visible_if is not None for field in definition.fields) == CONDITIONS
    checked = forms_long.filled_in(app, definition)
    assert not checked.errors
    assert FIELDS - CONDITIONS <= len(checked.document) <= FIELDS


class _Line:
    """What a socket has to give, piece by piece."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def recv(self, _size: int) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def _frame(kind: int, body: bytes) -> bytes:
    if len(body) < 126:
        return bytes([0x80 | kind, len(body)]) + body
    if len(body) < 1 << 16:
        return bytes([0x80 | kind, 126]) + len(body).to_bytes(2, "big") + body
    return bytes([0x80 | kind, 127]) + len(body).to_bytes(8, "big") + body


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                pytest.fail("the bare server did not start")
            time.sleep(0.05)  # a process starts at its own pace
