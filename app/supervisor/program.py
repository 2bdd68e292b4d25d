"""A program that we start, and the promise that it does not outlive us."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.core.lifeline import tied_to

Process = subprocess.Popen[bytes]
_GRACE_SECONDS = 20


class NotStarted(RuntimeError):
    """Something cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The user that a program runs as, by number: it need not have a name on this machine."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to start, and how to end it."""

    name: str
    command: Sequence[str | Path]
    cwd: Path | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    account: Account | None = None
    """None: the same user as ours."""
    stop_signal: signal.Signals = signal.SIGTERM


def start(program: Program, output: IO[bytes] | int | None = None) -> Process:
    """Start it in a process group of its own (so that Ctrl+C reaches only us), writing to `output`.

    The kernel sends it its stop signal when we die. Call from the main thread: the kernel takes the end of the
    calling *thread* for our death.
    """
    account = program.account
    return subprocess.Popen(
        program.command,
        cwd=program.cwd,
        env=program.environ,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        process_group=0,
        # Runs after the change of user, which would clear it; safe, because the caller has no threads.
        preexec_fn=tied_to(os.getpid(), program.stop_signal),  # noqa: PLW1509
    )


def wait_until(ready: Callable[[], bool], process: Process, what: str, seconds: float = 120) -> None:
    """Return when the server that `process` runs is `ready`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            message = f"{what} did not start"
            raise NotStarted(message)
        time.sleep(0.05)


def stop(process: Process, how: signal.Signals, grace: float = _GRACE_SECONDS) -> int:
    """Ask it to end, insist after `grace` seconds; answer with its exit code."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
