"""A real `splot up` of a test, in a home and on ports of its own."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from app.supervisor.children import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 180
"""Seconds; a start takes about ten on an idle machine."""


def environ(home: Path, **more: str) -> dict[str, str]:
    """The environment of a `splot` command on `home`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SPLOT_", "DATABASE_", "REDIS_"))}
    return {**kept, "SPLOT_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


def splot(home: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        env=environ(home, **more),
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE,
    )


class Up:
    """A supervisor that runs."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port("127.0.0.1", 0)
        self.log = home.with_suffix(".log")
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "up"],
                cwd=ROOT,
                env=environ(home, SPLOT_PORT=str(self.port), SPLOT_SOCKET_PORT=str(free_port("127.0.0.1", 0))),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a page; (0, None) when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(self.said())
        return "Splot is ready" in self.said() and self.get("/readyz")[0] == 200

    def family(self) -> list[psutil.Process]:
        """Everything that it started, down to the last grandchild."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process | None:
        """The child of the supervisor whose command line has all the words."""
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it ended while we looked
                if all(any(word in part for part in process.cmdline()) for word in words):
                    return process
        return None


@contextmanager
def running(home: Path) -> Iterator[Up]:
    """Started and ready inside the block; nothing is left after it."""
    up = Up(home)
    try:
        wait_for(up.is_ready, up.said)
        yield up
    finally:
        if up.process.poll() is None:
            up.process.send_signal(signal.SIGTERM)
            up.process.wait(PATIENCE)


def wait_for(is_so: Callable[[], bool], told: Callable[[], str] = str) -> None:
    """Look again and again until it is so; fail with what is told when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(told() or "it did not come to pass")
        time.sleep(0.1)
