"""`splot up` with real processes: what it starts, what it starts again, and that nothing is left of it."""

import re
import signal
from contextlib import suppress

import psutil
import pytest

from tests.supervisor.running import Up, running, splot, wait_for


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    with running(tmp_path_factory.mktemp("up") / "home") as started:
        yield started


def test_everything_runs_and_answers(up: Up):
    assert up.get("/healthz") == (200, {"status": "ok"})
    assert up.get("/readyz") == (200, {"status": "ready", "database": True, "redis": True})
    for words in (["postgres"], ["redis"], ["gunicorn"], ["worker", "realtime"], ["worker", "bulk"], ["scheduler"]):
        assert up.child(*words) is not None, up.said()


def test_the_person_is_told_where_and_how_to_log_in(up: Up):
    end = up.said().split("Splot is ready", 1)[1]
    assert f"http://127.0.0.1:{up.port}" in end
    assert "Log-in: admin, password" in end


def test_nothing_listens_but_the_web(up: Up):
    assert set(_listening(up)) <= {up.port, _socket_port(up)}


def test_a_second_start_on_the_same_home_refuses(up: Up):
    second = splot(up.home, "up")
    assert second.returncode == 1
    assert f"already running in {up.home} (process {up.process.pid})" in second.stderr


def test_doctor_finds_nothing_wrong_with_what_runs(up: Up):
    said = splot(up.home, "doctor").stdout
    assert re.search(r"ok +workers: one or more on each queue", said), said
    assert re.search(r"ok +Redis AOF: on", said), said


@pytest.mark.parametrize("words", [["worker", "bulk"], ["gunicorn"], ["redis"], ["postgres"]])
def test_a_child_that_dies_is_started_again(up: Up, words):
    wait_for(lambda: up.child(*words) is not None)
    before = up.child(*words)
    before.send_signal(signal.SIGKILL)
    wait_for(lambda: (after := up.child(*words)) is not None and after.pid != before.pid, up.said)
    wait_for(lambda: up.get("/readyz")[0] == 200, up.said)


def test_ctrl_c_stops_all_cleanly(tmp_path):
    with running(tmp_path / "home") as up:
        family = up.family()
        up.process.send_signal(signal.SIGINT)
        assert up.process.wait(60) == 0
    assert _left(family) == []
    assert "killing it" not in up.said()
    assert not (up.home / "postgres" / "postmaster.pid").exists()


def test_nothing_is_left_when_the_supervisor_is_killed_and_the_next_start_works(tmp_path):
    with running(tmp_path / "home") as up:
        family = up.family()
        assert len(family) > 10
        up.process.kill()
        up.process.wait()
        wait_for(lambda: _left(family) == [], lambda: str(_left(family)))
    with running(tmp_path / "home") as again:
        assert "Log-in" not in again.said().split("Splot is ready", 1)[1]


def _left(family: list[psutil.Process]) -> list[psutil.Process]:
    """Those of the family that still run; a zombie has ended, and waits for its new parent to notice."""
    return [process for process in family if _runs(process)]


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _listening(up: Up) -> list[int]:
    """Ports of everything that was started; a job may end while we look."""
    ports = []
    for process in up.family():
        with suppress(psutil.NoSuchProcess):
            connections = process.net_connections("inet")
            ports += [connection.laddr.port for connection in connections if connection.status == psutil.CONN_LISTEN]
    return ports


def _socket_port(up: Up) -> int | None:
    process = up.child("gevent.monkey")
    return int(process.environ()["SPLOT_SOCKET_PORT"]) if process else None
