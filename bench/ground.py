"""The figures of the ground floor: lists, the card, a save, searches, requests a second, memory.

Requests run in this process through Flask's test client, as an agent who works in five campaigns, so that what is
measured is the server's time. The bare SQL of the same page runs through psycopg in between, request by request, so
that both see the same machine.
"""

import http.client
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from app import DATABASE_OPTIONS, create_app
from app.access.roles import AGENT, sync_roles
from app.cases.listing_query import PAGE, Cursor, cursor_text
from app.core.db import db, session, transaction
from app.models import AppUser, Campaign, Script, fab_models
from app.people.passwords import hash_password
from app.people.sessions import begin_session
from app.seed.gallery import field_id, make_campaign
from app.views.signing_in import _KEY as SESSION_KEY
from bench.load import SIZES, STATUSES, load
from bench.measure import Query, Runs, bare, queries_of, timed
from bench.results import Row
from bench.servers import Servers, memory_of, product, running

AGENT_ID = 1003
CAMPAIGN = 1
"""The largest of the agent's."""
TEXT_OF_FORM = "notes"
DEEP = 500
RUNS = {"small": 40, "full": 60}
WARM = 8
CLIENTS = 8
LOAD_SECONDS = 8
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


def measure(scale: str) -> Iterator[Row]:
    """All rows, one after another."""
    with running() as servers:
        with _connected(servers) as connection:
            began = time.perf_counter()
            load(connection, SIZES[scale])
            yield Row("loading the data", time.perf_counter() - began, "s")
            app = create_app(servers.settings)
            _sign_up(app)
            answer = _give_form(app)
            client = _signed_in(app)
            for figure in _figures(connection, scale, answer):
                yield from _measured(figure, app, client, connection, RUNS[scale])
        with product(servers):
            yield from _throughput(servers, client)
            yield from _memory(servers)


def _figures(connection: psycopg.Connection[Any], scale: str, answer: str) -> Iterator[Figure]:
    closed = len(STATUSES)
    of_campaign = {"view": "all", "campaign": CAMPAIGN}
    yield Figure("list of current cases, newest first", _get("/cases/"), is_list=True, aim=20)
    filtered = {**of_campaign, "status": closed, "sort": "-created"}
    yield Figure("list by campaign + status, by age", _get("/cases/", filtered), is_list=True, aim=20)
    deep, cursor = _deep_cursor(connection, closed)
    yield Figure(
        f"the same, {deep} pages deeper", _get("/cases/", {**filtered, "cursor": cursor}), is_list=True, aim=20
    )
    yield Figure("list, mine and unassigned", _get("/cases/", {"view": "mine"}), is_list=True)
    yield Figure("list, overdue first", _get("/cases/", {"view": "overdue"}), is_list=True)
    yield Figure("list, a name part", _get("/cases/", {"view": "all", "text": "łucja zalew"}), is_list=True)
    number = _a_case(connection)
    yield Figure("card", _get(f"/cases/{number}"), aim=20)
    yield Figure("save of a case", _saves(number, answer), aim=15)
    phone = "500" + str(100_000 + SIZES[scale].contacts // 2)
    yield Figure("search, a name part", _get("/search", {"q": "zalew"}))
    yield Figure("search, a telephone number", _get("/search", {"q": phone}))
    yield Figure("search, a case number", _get("/search", {"q": str(number)}))


def _measured(
    figure: Figure, app: Flask, client: FlaskClient, connection: psycopg.Connection[Any], count: int
) -> Iterator[Row]:
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


def _beside(queries: list[Query], *, is_list: bool) -> list[Query]:
    """Of a list the statement that reads its rows; of another page everything that it reads."""
    reads = [query for query in queries if query.statement.lstrip().startswith(("SELECT", "WITH"))]
    if not is_list:
        return [query for query in reads if "FOR UPDATE" not in query.statement]
    return [query for query in reads if "contact_name" in query.statement][:1] or reads


def _get(path: str, parameters: dict[str, Any] | None = None) -> Callable[[FlaskClient], Any]:
    address = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path

    def run(client: FlaskClient) -> None:
        response = client.get(address)
        if response.status_code != 200:  # noqa: PLR2004
            message = f"{address} answered {response.status_code}"
            raise RuntimeError(message)

    return run


def _saves(number: int, answer: str) -> Callable[[FlaskClient], Any]:
    """Save another subject and another answer each time, on the version that the last save answered with."""
    known: dict[str, Any] = {}

    def run(client: FlaskClient) -> None:
        if not known:
            page = client.get(f"/cases/{number}").get_data(as_text=True)
            known["token"] = _found(r'name="csrf-token" content="([^"]+)"', page)
            state = client.get(f"/cases/{number}/state", headers={"Accept": "application/json"}).get_json()
            known["version"] = state["card"]["version"]
        changes = {"subject": f"Zmiana taryfy {known['version']}", answer: f"Notatka {known['version']}"}
        saved = client.post(
            f"/cases/{number}/save",
            json={"changes": changes, "loaded_version": known["version"]},
            headers={"X-CSRFToken": known["token"], "Accept": "application/json"},
        ).get_json()
        known["version"] = saved["card"]["version"]

    return run


def _deep_cursor(connection: psycopg.Connection[Any], status: int) -> tuple[int, str]:
    """How many pages deep the list goes, at most DEEP, and the cursor of that page."""
    of_list = "FROM cases WHERE campaign_id = %s AND status_id = %s"
    total = connection.execute(f"SELECT count(*) {of_list}", [CAMPAIGN, status]).fetchone()
    pages = min(DEEP, (total[0] if total else 0) // PAGE - 1)
    row = connection.execute(
        f"SELECT created_at, id {of_list} ORDER BY created_at DESC, id DESC OFFSET %s LIMIT 1",
        [CAMPAIGN, status, pages * PAGE - 1],
    ).fetchone()
    if row is None:
        message = "the list has no second page"
        raise RuntimeError(message)
    return pages, cursor_text(Cursor(row[0].isoformat(), row[1], pages * PAGE))


def _a_case(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(
        "SELECT number FROM cases WHERE campaign_id = %s AND owner_id = %s AND is_current ORDER BY id DESC LIMIT 1",
        [CAMPAIGN, AGENT_ID],
    ).fetchone()
    if row is None:
        message = "the agent owns no case"
        raise RuntimeError(message)
    return int(row[0])


def _throughput(servers: Servers, client: FlaskClient) -> Iterator[Row]:
    """Eight clients on the first page of the list, against the running web processes."""
    settings = servers.settings
    cookie = client.get_cookie("splot")
    headers = {"Cookie": f"splot={cookie.value if cookie else ''}", "Accept-Encoding": "gzip"}

    def ask(until: float) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=30)
        times: list[float] = []
        while time.perf_counter() < until:
            timed(partial(_fetched, connection, headers), times)
        connection.close()
        return times

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(ask, [time.perf_counter() + 2] * CLIENTS))
        began = time.perf_counter()
        found = [each for times in pool.map(ask, [began + LOAD_SECONDS] * CLIENTS) for each in times]
    runs = Runs(found)
    yield Row("list over HTTP, 8 clients", len(found) / (time.perf_counter() - began), "requests/s")
    yield Row("list over HTTP, 8 clients, p95", runs.p95, "ms")
    connection = http.client.HTTPConnection("127.0.0.1", settings.port, timeout=30)
    packed = _fetched(connection, headers)
    plain = _fetched(connection, {**headers, "Accept-Encoding": "identity"})
    yield Row("list page", plain, "bytes", aim="≤ 45000", ok=plain <= 45_000)  # noqa: PLR2004
    yield Row("list page, gzip", packed, "bytes", aim="≤ 9000", ok=packed <= 9_000)  # noqa: PLR2004


def _fetched(connection: http.client.HTTPConnection, headers: dict[str, str]) -> int:
    connection.request("GET", "/cases/", headers=headers)
    response = connection.getresponse()
    size = len(response.read())
    if response.status != 200:  # noqa: PLR2004
        message = f"the list answered {response.status}"
        raise RuntimeError(message)
    return size


def _memory(servers: Servers) -> Iterator[Row]:
    total = 0.0
    for name, process in servers.processes.items():
        rss, pss = memory_of(process)
        total += pss
        aim, is_ok = ("≤ 200 MiB", pss <= 200) if name == "web" else ("", None)  # noqa: PLR2004
        yield Row(f"memory, {name} (PSS; beside: RSS)", pss, "MiB", rss, aim=aim, ok=is_ok)
    yield Row("memory, all processes (PSS)", total, "MiB")


def _sign_up(app: Flask) -> None:
    """The agent may sign in."""
    with app.app_context(), transaction():
        sync_roles()
        user = session.get_one(AppUser, AGENT_ID)
        user.password = hash_password(_PASSWORD)
        user.roles = [session.query(fab_models.Role).filter_by(name=AGENT).one()]


def _give_form(app: Flask) -> str:
    """A form of the gallery for the measured campaign; the key of one of its texts, as a save names it."""
    with app.app_context(), transaction():
        form_id = make_campaign("solar_leads", "en", actor=None).script.form_id
        campaign = session.get_one(Campaign, CAMPAIGN)
        session.get_one(Script, campaign.script_id).form_id = form_id
    return f"answer:{field_id(form_id, TEXT_OF_FORM)}" if form_id else ""


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), transaction():
        key = begin_session(session.get_one(AppUser, AGENT_ID), address="127.0.0.1", browser="bench")
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = key
        cookie.permanent = True
    return client


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        message = f"the page has no {pattern}"
        raise RuntimeError(message)
    return found[1]


def _connected(servers: Servers) -> psycopg.Connection[Any]:
    """A connection of psycopg alone, with the same settings of the planner as the product."""
    url = servers.settings.database_url.replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True, options=DATABASE_OPTIONS)
