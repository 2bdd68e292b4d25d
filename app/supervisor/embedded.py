"""The embedded servers for the length of one command, when no supervisor has them running."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.core.config import Settings
from app.supervisor import postgres, program, redis
from app.supervisor.home import Home
from app.supervisor.program import Program


@contextmanager
def servers(settings: Settings) -> Iterator[None]:
    """Inside the block, database and Redis of these settings answer. NotStarted says why they cannot."""
    needs_database = settings.embeds_database and not postgres.answers(settings.home)
    needs_redis = settings.embeds_redis and not redis.answers(settings.home)
    if not needs_database and not needs_redis:
        yield
        return
    home = Home(settings.home)
    home.end_left_over()
    running: list[tuple[Program, program.Process]] = []

    def begin(what: Program, answers: Callable[[], bool], name: str) -> None:
        process = program.start(what, output=subprocess.DEVNULL)
        running.append((what, process))
        home.note(process.pid for _, process in running)
        program.wait_until(answers, process, name)

    try:
        if needs_database:
            postgres.wait_for_predecessor(settings.home)
            postgres.prepare(settings.home)
            begin(postgres.program(settings.home), lambda: postgres.answers(settings.home), "PostgreSQL")
            postgres.ensure_database(settings.home)
        if needs_redis:
            redis.prepare(settings.home)
            begin(redis.program(settings.home), lambda: redis.answers(settings.home), "Redis")
        yield
    finally:
        for what, process in reversed(running):
            program.stop(process, what.stop_signal)
        home.close()
