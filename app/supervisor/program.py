"""A program that we start, and the promise that it does not outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 20


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


def start(program: Program, output: IO[bytes] | int | None = None) -> subprocess.Popen[bytes]:
    """Start it in a process group of its own (so that Ctrl+C reaches only us), writing to `output`.

    The kernel sends it its stop signal when we die, whatever kills us. Call from the main thread: the kernel
    takes the end of the calling *thread* for our death.
    """
    account: dict[str, int | list[int]] = {}
    if program.account is not None:
        account = {"user": program.account.uid, "group": program.account.gid, "extra_groups": []}
    return subprocess.Popen(
        program.command,
        cwd=program.cwd,
        env=program.environ,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        process_group=0,
        # Set between fork and exec, after the change of user, which would clear it.
        preexec_fn=_tied_to(os.getpid(), program.stop_signal),
        **account,  # type: ignore[arg-type]
    )


def stop(process: subprocess.Popen[bytes], how: signal.Signals, grace: float = _GRACE_SECONDS) -> int:
    """Ask it to end, insist after `grace` seconds; answer with its exit code."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def _tied_to(parent: int, how: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, how.value)
        if os.getppid() != parent:  # we died in between
            os._exit(1)

    return tie
