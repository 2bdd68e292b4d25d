"""Real processes of the product, on the servers of the test run."""

import os
import signal
import subprocess
import sys

import pytest

from app.supervisor import program
from tests.supervisor.running import ROOT


@pytest.fixture
def start(app, session):
    """Start `splot` commands on the database and the Redis number of this test; they end with it."""
    settings = app.config["SETTINGS"]
    environ = {
        **os.environ,
        "SPLOT_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SPLOT_SECRET_KEY": settings.secret_key,
        "PYTHONPATH": str(ROOT),
    }
    started = []

    def begin(*words):
        what = program.Program("test", [sys.executable, "-m", "app.cli", *words], cwd=ROOT, environ=environ)
        started.append(program.start(what, output=subprocess.DEVNULL))
        return started[-1]

    yield begin
    for process in started:
        program.stop(process, signal.SIGTERM)
