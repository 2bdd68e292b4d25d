"""A process that holds open cards of the product and as many connections to a bare Socket.IO server, side by side."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing.connection import Connection
from typing import Any

from bench.wire import Loop, Wire

BEAT_SECONDS = 4.0
"""As frontend/live.js has it."""
PROCESSES = 2
_WATCH = 1
_BEAT = 2
_PATIENCE = 180.0


@dataclass(frozen=True)
class Plan:
    """What one process opens."""

    product: int
    """Port of the socket process."""
    bare: int
    cards: tuple[tuple[str, dict[str, Any]], ...]
    """Cookie of the agent, and what the card says of itself."""


@dataclass(frozen=True)
class Came:
    """What one connection has heard of a form since it was asked about."""

    at: float
    version: int


class Listeners:
    """All such processes."""

    def __init__(self, lines: Sequence[Any]) -> None:
        self._lines = lines

    def let_in(self) -> int:
        """How many cards were let in to hear of their form."""
        return sum(self._asked("let in"))

    def sample(self) -> dict[str, Any]:
        """The newest message of a form that a card has heard, with its bytes as `packed`."""
        found: dict[str, Any] = self._asked("sample")[0]
        return found

    def came(self, whose: str, since: float, version: int, count: int, seconds: float) -> list[Came]:
        """What those of the `product` or the `bare` server heard first of that version, or a later one.

        Waits until `count` have, at most so many seconds.
        """
        deadline = time.monotonic() + seconds
        while True:
            found = [each for part in self._asked((whose, since, version)) for each in part]
            if len(found) >= count or time.monotonic() > deadline:
                return found
            time.sleep(0.2)

    def _asked(self, question: Any) -> list[Any]:
        for line in self._lines:
            line.send(question)
        return [line.recv() for line in self._lines]


@contextmanager
def listening(plans: Sequence[Plan]) -> Iterator[Listeners]:
    """One process for each plan, until the block ends; every card is open when it begins."""
    context = multiprocessing.get_context("spawn")
    started, lines = [], []
    try:
        for plan in plans:
            ours, theirs = context.Pipe()
            process = context.Process(target=_listen, args=(plan, theirs), daemon=True)
            process.start()
            theirs.close()
            started.append(process)
            lines.append(ours)
        for line in lines:
            if not line.poll(_PATIENCE):
                message = "the cards did not open in time"
                raise TimeoutError(message)
            line.recv()
        yield Listeners(lines)
    finally:
        for line in lines:
            line.close()
        for process in started:
            process.join(10)
            if process.is_alive():
                process.terminate()


def divided(plan: Plan, processes: int = PROCESSES) -> list[Plan]:
    """The same cards over several processes."""
    parts = [plan.cards[place::processes] for place in range(processes)]
    return [Plan(plan.product, plan.bare, part) for part in parts if part]


def _listen(plan: Plan, line: Connection) -> None:
    loop = Loop()
    cards = [loop.open(plan.product, cookie) for cookie, _shown in plan.cards]
    bare = [loop.open(plan.bare) for _card in plan.cards]
    loop.ask_all(cards, _WATCH, "watch_case", [shown for _cookie, shown in plan.cards])
    loop.watch(line)
    line.send("ready")
    each = BEAT_SECONDS / len(loop.wires)
    beats, due = cycle(loop.wires), time.monotonic()
    while True:
        if loop.turn(0.02):
            try:
                line.send(_answer(line.recv(), cards, bare))
            except (EOFError, BrokenPipeError):  # nobody asks any more
                break
        late = int((time.monotonic() - due) / each)
        for wire in islice(beats, late):
            wire.ask(_BEAT, "beat", {})
        due += late * each
    loop.close()


def _answer(question: Any, cards: list[Wire], bare: list[Wire]) -> Any:
    if question == "let in":
        return sum(wire.answered.get(_WATCH, {}).get("ok") is True and not wire.ended for wire in cards)
    if question == "sample":
        heard = next(each for each in reversed(cards[0].heard) if each.name == "form")
        return {**heard.payload, "packed": heard.attached}
    whose, since, version = question
    wires = cards if whose == "product" else bare
    return [came for wire in wires if (came := _first(wire, since, version)) is not None]


def _first(wire: Wire, since: float, version: int) -> Came | None:
    found = (
        Came(each.at, each.payload["form_version"])
        for each in wire.heard
        if each.name == "form" and each.at >= since and each.payload["form_version"] >= version
    )
    return next(found, None)
