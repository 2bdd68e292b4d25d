"""One request after another inside this process, each beside its bare SQL: what lists and pages are measured with.

Requests go through Flask's test client, as an agent who works in five campaigns, so that what is measured is the
server's time. The bare SQL of the same page runs through psycopg in between, request by request, so that both see the
same machine.
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from app import DATABASE_OPTIONS, create_app
from app.access.roles import AGENT, sync_roles
from app.core.db import db, session, transaction
from app.models import AppUser, fab_models
from app.people.passwords import hash_password
from app.people.sessions import begin_session
from app.views.signing_in import _KEY as SESSION_KEY
from bench.measure import Query, Runs, bare, queries_of, timed
from bench.results import Row
from bench.servers import Servers

AGENT_ID = 1003
CAMPAIGN = 1
"""The largest of the agent's."""
RUNS = {"small": 40, "full": 60}
WARM = 8
MOST_QUERIES = 15
SLOWEST_QUERY = 20.0
_PASSWORD = "long blue bicycle"  # noqa: S105
_LIST_AIM = "≤ 3 × SQL + 10 ms"


@dataclass(frozen=True)
class Figure:
    """One request to measure."""

    name: str
    run: Callable[[FlaskClient], Any]
    is_list: bool = False
    aim: float | None = None
    """Milliseconds, where spec/13 names them."""


def made(servers: Servers) -> Flask:
    """The application as a web process has it: the collector does not look through what is loaded at the start."""
    app = create_app(servers.settings)
    gc.collect()
    gc.freeze()
    return app


def measured(
    figure: Figure, app: Flask, client: FlaskClient, connection: psycopg.Connection[Any], count: int
) -> Iterator[Row]:
    """The rows of one figure, from `count` runs behind those that warm up."""
    ours, theirs = Runs(), Runs()
    slowest: list[float] = []
    asked = 0
    with app.app_context():
        engine = db.engine
    for number in range(WARM + count):
        with queries_of(engine) as queries:
            timed(partial(figure.run, client), ours.times)
        asked = len(queries)
        slowest.append(max(query.seconds for query in queries) * 1000)
        timed(partial(bare, connection, _beside(queries, is_list=figure.is_list)), theirs.times)
        if number + 1 == WARM:
            ours, theirs, slowest = Runs(), Runs(), []
    beside = theirs.p50
    if figure.is_list:
        limit, aim = 3 * beside + 10, _LIST_AIM
    else:
        limit, aim = figure.aim, f"≤ {figure.aim:.0f} ms" if figure.aim else ""
    is_ok = None if limit is None else ours.p50 <= limit
    yield Row(f"{figure.name}, p50", ours.p50, "ms", beside, ours.p50 / beside, aim, is_ok)
    if figure.is_list and figure.aim is not None:
        yield Row(f"{figure.name}, p50 alone", ours.p50, "ms", aim=f"≤ {figure.aim:.0f} ms", ok=ours.p50 <= figure.aim)
    yield Row(f"{figure.name}, p95", ours.p95, "ms", theirs.p95, ours.p95 / theirs.p95)
    yield Row(f"{figure.name}, queries", asked, "", aim=f"≤ {MOST_QUERIES}" if figure.is_list else "",
              ok=asked <= MOST_QUERIES if figure.is_list else None)  # fmt: skip
    slow = sorted(slowest)[len(slowest) // 2]
    yield Row(f"{figure.name}, slowest query", slow, "ms", aim=f"≤ {SLOWEST_QUERY:.0f} ms", ok=slow <= SLOWEST_QUERY)


def get(path: str, parameters: dict[str, Any] | None = None) -> Callable[[FlaskClient], Any]:
    """Ask for the page, which has to be there."""
    address = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path

    def run(client: FlaskClient) -> None:
        response = client.get(address)
        if response.status_code != 200:  # noqa: PLR2004
            message = f"{address} answered {response.status_code}"
            raise RuntimeError(message)

    return run


def sign_up(app: Flask) -> None:
    """The agent may sign in."""
    with app.app_context(), transaction():
        sync_roles()
        user = session.get_one(AppUser, AGENT_ID)
        user.password = hash_password(_PASSWORD)
        user.roles = [session.query(fab_models.Role).filter_by(name=AGENT).one()]


def signed_in(app: Flask) -> FlaskClient:
    """A browser of the agent."""
    client = app.test_client()
    with app.app_context(), transaction():
        key = begin_session(session.get_one(AppUser, AGENT_ID), address="127.0.0.1", browser="bench")
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = key
        cookie.permanent = True
    return client


def connected(servers: Servers) -> psycopg.Connection[Any]:
    """A connection of psycopg alone, with the same settings of the planner as the product."""
    url = servers.settings.database_url.replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True, options=DATABASE_OPTIONS)


def _beside(queries: list[Query], *, is_list: bool) -> list[Query]:
    """Of a list the statement that reads its rows; of another page everything that it reads."""
    reads = [query for query in queries if query.statement.lstrip().startswith(("SELECT", "WITH"))]
    if not is_list:
        return [query for query in reads if "FOR UPDATE" not in query.statement]
    # What only looked at the head of the list, and found too little there, came before it.
    return [query for query in reads if "contact_name" in query.statement][-1:] or reads
