"""The programs of one machine."""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.core.config import Settings
from app.core.queue import QUEUES
from app.supervisor.program import NotStarted, Program

_ROOT = Path(__file__).parents[2]
_WEB_GRACE_SECONDS = "10"


def command(settings: Settings, *words: str) -> Program:
    """A `splot` command as a process of its own, on the same settings."""
    return Program(
        name=words[-1],
        command=[sys.executable, "-m", "app.cli", *words],
        cwd=_ROOT,
        environ=_environ(settings),
    )


def long_running(settings: Settings) -> Sequence[Program]:
    """What runs until it is stopped, in the order of starting."""
    return [
        web(settings),
        *([sockets(settings)] if (_ROOT / "app" / "live" / "process.py").exists() else []),
        *(command(settings, "worker", name) for name in QUEUES),
        command(settings, "scheduler"),
    ]


def web(settings: Settings) -> Program:
    """Pages and REST: gunicorn with gevent. Patched before anything loads; loaded once, before the workers fork."""
    shared_memory = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108
    return Program(
        name="web",
        command=[
            *(sys.executable, "-m", "gevent.monkey", "--module", "gunicorn", "app:create_app()", "--preload"),
            *("--config", "python:app.supervisor.gunicorn_hooks", "--worker-class", "gevent", "--no-control-socket"),
            *("--workers", str(settings.web_processes), "--bind", _address(settings.host, settings.port)),
            *("--graceful-timeout", _WEB_GRACE_SECONDS, "--log-level", "warning", *shared_memory),
        ],
        cwd=_ROOT,
        environ=_environ(settings),
    )


def sockets(settings: Settings) -> Program:
    """The socket process, apart from the pages: those are heavy on the processor. Patched before anything loads."""
    words = ("-m", "gevent.monkey", "--module", "app.cli", "socket")
    return Program(name="socket", command=[sys.executable, *words], cwd=_ROOT, environ=_environ(settings))


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or when it is taken any free one."""
    for port in (wanted, 0):
        try:
            with _listener(host, port) as listener:
                return int(listener.getsockname()[1])
        except OSError:
            continue
    message = f"no port is free on {host}; set SPLOT_HOST to an address of this machine"
    raise NotStarted(message)


def check_port(host: str, port: int) -> None:
    """NotStarted when the web could not listen there."""
    try:
        _listener(host, port).close()
    except OSError as error:
        message = f"cannot listen on {host}:{port} ({error.strerror}): set SPLOT_PORT (or SPLOT_HOST) to a free one"
        raise NotStarted(message) from error


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _environ(settings: Settings) -> Mapping[str, str]:
    """Ours, with what was decided here: a relative home, a free port."""
    return {
        **os.environ,
        "SPLOT_HOME": str(settings.home),
        "SPLOT_PORT": str(settings.port),
        "SPLOT_SOCKET_PORT": str(settings.socket_port),
        "PYTHONUNBUFFERED": "1",
        **({"SPLOT_ADMIN_PASSWORD": settings.admin_password} if settings.admin_password else {}),
        **({"SPLOT_DEMO_PASSWORD": settings.demo_password} if settings.demo_password else {}),
    }
