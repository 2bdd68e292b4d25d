"""The folder that everything is written to: one supervisor at a time, and nothing left over from the one before."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from app.supervisor.program import NotStarted

_PRIVATE = 0o700
_START_TIME_FIELD = 19
"""Of /proc/<pid>/stat, counted behind the name of the program."""
_PATIENCE_SECONDS = 15


class Home:
    """Holds the lock of a home until the process ends, and notes which processes belong to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._notes = path / "processes.json"
        try:
            path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            self._lock = (path / "supervisor.lock").open("a+")
        except PermissionError as error:
            message = f"{path} cannot be written by this user: start as its owner, or set SPLOT_HOME to another folder"
            raise NotStarted(message) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.seek(0)
            message = f"Splot is already running in {path} (process {self._lock.read().strip() or 'unknown'})"
            raise NotStarted(message) from error
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()}\n")
        self._lock.flush()

    def note(self, pids: Iterable[int]) -> None:
        """Remember the processes of this home, so that the next start can end what a killed supervisor left."""
        started = {str(pid): _started(pid) for pid in pids}
        self._notes.write_text(json.dumps(started))

    def end_left_over(self) -> list[int]:
        """End what is still there of an earlier start, each told apart from a stranger by its start time."""
        try:
            noted: dict[str, str | None] = json.loads(self._notes.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return []
        left = [int(pid) for pid, started in noted.items() if started and _started(int(pid)) == started]
        _end(left, signal.SIGINT)
        _end(left, signal.SIGKILL)
        self._notes.unlink()
        return left

    def close(self) -> None:
        """Let another supervisor have it."""
        self._notes.unlink(missing_ok=True)
        self._lock.close()


def _end(pids: list[int], how: signal.Signals) -> None:
    started = {pid: _started(pid) for pid in pids}
    for pid, began in started.items():
        if began:
            os.kill(pid, how)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while any(started[pid] and _started(pid) == started[pid] for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)


def _started(pid: int) -> str | None:
    """When a process began, in ticks since the machine did; None when it is gone, or where there is no /proc."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else fields[_START_TIME_FIELD - 1]
