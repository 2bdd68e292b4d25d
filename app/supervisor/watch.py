"""Start programs, show what they say, start again what dies, and stop all of them in order. One thread, one loop."""

import math
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Self, TextIO

from app.supervisor import program
from app.supervisor.program import NotStarted, Process, Program

BACK_OFF_SECONDS = (0.5, 1, 2, 5, 10, 30)
"""How long to wait before the first, second … restart of a program that keeps dying."""
_HEALTHY_SECONDS = 60
"""A program that ran this long begins again with the first wait."""
_STOP_SECONDS = 20
_WAIT_SECONDS = 0.2
_IDLE_SECONDS = 30
_SAME_CTRL_C_SECONDS = 0.5
"""One Ctrl+C may reach us twice: from the terminal, and passed on by `make`."""
_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)


@dataclass
class Child:
    """A program and its present process."""

    program: Program
    colour: int
    process: Process | None = None
    reader: int | None = None
    unfinished_line: bytes = b""
    started_at: float = 0
    restarts: int = 0
    restart_at: float | None = None
    exit_code: int | None = None
    once: bool = False
    """Ends by itself, and is not started again."""
    lines: list[str] | None = None
    """What it said, when somebody wants to know."""


@dataclass
class Watch:
    """The programs of one home. Use as a context: on leaving it, everything is stopped."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    on_change: Callable[[list[int]], None] = lambda _pids: None
    """Told the process ids whenever one begins or ends."""
    children: list[Child] = field(default_factory=list)
    asked_to_stop: int = 0
    """How often, by Ctrl+C or a signal: the first time we stop what runs, the second time we kill it."""
    _asked_at: float = -math.inf

    def __enter__(self) -> Self:
        self._selector = selectors.DefaultSelector()
        self._wake_in, self._wake_out = socket.socketpair()
        for end in (self._wake_in, self._wake_out):
            end.setblocking(False)  # noqa: FBT003 (the socket's own signature)
        self._selector.register(self._wake_in, selectors.EVENT_READ)
        self._wakeup_before = signal.set_wakeup_fd(self._wake_out.fileno())
        self._handlers_before = {
            number: signal.signal(number, handler)
            for number, handler in (
                (signal.SIGINT, self._asked),
                (signal.SIGTERM, self._asked),
                (signal.SIGHUP, self._asked),
                (signal.SIGCHLD, lambda _number, _frame: None),  # only to wake the loop
            )
        }
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(self.children)
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._selector.close()
        self._wake_in.close()
        self._wake_out.close()

    def start(self, what: Program, *, once: bool = False) -> Child:
        """Start a program and watch over it from now on; `once`: it ends by itself."""
        child = Child(what, colour=_COLOURS[len(self.children) % len(_COLOURS)], once=once)
        self.children.append(child)
        self._start(child)
        return child

    def run_to_end(self, what: Program) -> tuple[int, list[str]]:
        """Start a program and wait for its end; its exit code, and the lines that it said."""
        child = self.start(what, once=True)
        child.lines = []
        while child.process is not None and not self.asked_to_stop:
            self._turn(_WAIT_SECONDS)
        self.stop([child])
        return (1 if child.exit_code is None else child.exit_code), child.lines

    def until(self, ready: Callable[[], bool], what: str, seconds: float) -> bool:
        """Watch until `ready`; False when somebody asked us to stop; NotStarted when it takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self.asked_to_stop:
                return False
            if time.monotonic() > deadline:
                message = f"{what} did not come up within {seconds:.0f} s; see the messages above"
                raise NotStarted(message)
            self._turn(_WAIT_SECONDS)
        return True

    def until_asked_to_stop(self) -> None:
        """Watch until Ctrl+C or a signal."""
        while not self.asked_to_stop:
            self._turn(_IDLE_SECONDS)

    def stop(self, children: Iterable[Child]) -> None:
        """Stop these, all at once, and forget them. A second Ctrl+C kills them."""
        ending = list(children)
        self.children = [child for child in self.children if child not in ending]
        self._stop_now(ending)

    def say(self, name: str, line: str, colour: int = 1) -> None:
        """One line, with the time and the name of who says it."""
        stamp = time.strftime("%H:%M:%S")
        head = f"\x1b[{colour}m{stamp} {name:<16}│\x1b[0m" if self.out.isatty() else f"{stamp} {name:<16}|"
        with suppress(BrokenPipeError):  # whoever read our messages has gone; the programs go on
            self.out.write(f"{head} {line}\n")
            self.out.flush()

    def _start(self, child: Child) -> None:
        child.reader, writer = os.pipe()
        try:
            child.process = program.start(child.program, output=writer)
        finally:
            os.close(writer)
        os.set_blocking(child.reader, False)
        self._selector.register(child.reader, selectors.EVENT_READ, child)
        child.started_at = time.monotonic()
        child.restart_at = None
        self._tell()

    def _turn(self, longest: float) -> None:
        """Pass on what was said, notice who ended, start again whose time has come."""
        now = time.monotonic()
        waits = [child.restart_at - now for child in self.children if child.restart_at is not None]
        for key, _ in self._selector.select(max(0.0, min([longest, *waits]))):
            if key.data is None:
                with suppress(BlockingIOError):
                    self._wake_in.recv(4096)
            else:
                self._pass_on(key.data)
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._ended(child)
            elif child.restart_at is not None and child.restart_at <= time.monotonic():
                self._start(child)

    def _ended(self, child: Child) -> None:
        self._bury(child)
        if child.once:
            self._tell()
            return
        if time.monotonic() - child.started_at > _HEALTHY_SECONDS:
            child.restarts = 0
        wait = BACK_OFF_SECONDS[min(child.restarts, len(BACK_OFF_SECONDS) - 1)]
        child.restarts += 1
        child.restart_at = time.monotonic() + wait
        self.say("splot", f"{child.program.name} {_how(child.exit_code)}; starting it again in {wait} s")
        self._tell()

    def _stop_now(self, ending: list[Child]) -> None:
        for child in ending:
            if child.process is not None and child.process.poll() is None:
                child.process.send_signal(child.program.stop_signal)
        deadline = time.monotonic() + _STOP_SECONDS
        asked = self.asked_to_stop
        while any(child.process is not None and child.process.poll() is None for child in ending):
            if time.monotonic() > deadline or self.asked_to_stop > max(asked, 1):
                self._kill(ending)
                deadline = math.inf
            self._turn(_WAIT_SECONDS)
        for child in ending:
            if child.process is not None:
                self._bury(child)
        self._tell()

    def _kill(self, ending: list[Child]) -> None:
        for child in ending:
            if child.process is not None and child.process.poll() is None:
                self.say("splot", f"{child.program.name} does not stop; killing it")
                child.process.kill()

    def _bury(self, child: Child) -> None:
        assert child.process is not None  # noqa: S101 (for the type checker)
        child.exit_code = child.process.wait()
        child.process = None
        self._pass_on(child)
        if child.reader is not None:
            self._close(child)

    def _pass_on(self, child: Child) -> None:
        """Whole lines as they come; the rest with the end of the program."""
        while child.reader is not None:
            try:
                said = os.read(child.reader, 65536)
            except BlockingIOError:
                return
            if not said:
                if child.unfinished_line:
                    said = b"\n"
                self._close(child)
            *lines, child.unfinished_line = (child.unfinished_line + said).split(b"\n")
            for line in (line.decode(errors="replace").rstrip("\r") for line in lines):
                self.say(child.program.name, line, child.colour)
                if child.lines is not None:
                    child.lines.append(line)

    def _close(self, child: Child) -> None:
        assert child.reader is not None  # noqa: S101 (for the type checker)
        self._selector.unregister(child.reader)
        os.close(child.reader)
        child.reader = None

    def _tell(self) -> None:
        self.on_change([child.process.pid for child in self.children if child.process is not None])

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        if time.monotonic() - self._asked_at > _SAME_CTRL_C_SECONDS:
            self._asked_at = time.monotonic()
            self.asked_to_stop += 1


def _how(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"was killed by {signal.Signals(-exit_code).name}"
    return f"ended with code {exit_code}"
