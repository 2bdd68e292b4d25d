"""The figures of the ground floor: lists, the card, a save, searches, requests a second, memory."""

import http.client
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from app.cases.listing_query import PAGE, Cursor, cursor_text
from app.core.db import session, transaction
from app.models import Campaign, Script
from app.seed.gallery import field_id, make_campaign
from bench.figures import AGENT_ID, CAMPAIGN, RUNS, Figure, connected, get, made, measured, sign_up, signed_in
from bench.load import SIZES, STATUSES, load
from bench.measure import Runs, timed
from bench.results import Row
from bench.servers import Servers, memory_of, product, running

TEXT_OF_FORM = "notes"
DEEP = 500
CLIENTS = 8
LOAD_SECONDS = 8


def measure(scale: str) -> Iterator[Row]:
    """All rows, one after another."""
    with running() as servers:
        with connected(servers) as connection:
            began = time.perf_counter()
            load(connection, SIZES[scale])
            yield Row("loading the data", time.perf_counter() - began, "s")
            app = made(servers)
            sign_up(app)
            answer = _give_form(app)
            client = signed_in(app)
            for figure in _figures(connection, scale, answer):
                yield from measured(figure, app, client, connection, RUNS[scale])
        with product(servers):
            yield from _throughput(servers, client)
            yield from _memory(servers)


def _figures(connection: psycopg.Connection[Any], scale: str, answer: str) -> Iterator[Figure]:
    closed = len(STATUSES)
    of_campaign = {"view": "all", "campaign": CAMPAIGN}
    yield Figure("list of current cases, newest first", get("/cases/"), is_list=True, aim=20)
    filtered = {**of_campaign, "status": closed, "sort": "-created"}
    yield Figure("list by campaign + status, by age", get("/cases/", filtered), is_list=True, aim=20)
    deep, cursor = _deep_cursor(connection, closed)
    yield Figure(f"the same, {deep} pages deeper", get("/cases/", {**filtered, "cursor": cursor}), is_list=True, aim=20)
    yield Figure("list, mine and unassigned", get("/cases/", {"view": "mine"}), is_list=True)
    yield Figure("list, overdue first", get("/cases/", {"view": "overdue"}), is_list=True)
    yield Figure("list, a name part", get("/cases/", {"view": "all", "text": "łucja zalew"}), is_list=True)
    number = _a_case(connection)
    yield Figure("card", get(f"/cases/{number}"), aim=20)
    yield Figure("save of a case", _saves(number, answer), aim=15)
    phone = "500" + str(100_000 + SIZES[scale].contacts // 2)
    yield Figure("search, a name part", get("/search", {"q": "zalew"}))
    yield Figure("search, a telephone number", get("/search", {"q": phone}))
    yield Figure("search, a case number", get("/search", {"q": str(number)}))


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


def _give_form(app: Flask) -> str:
    """A form of the gallery for the measured campaign; the key of one of its texts, as a save names it."""
    with app.app_context(), transaction():
        form_id = make_campaign("solar_leads", "en", actor=None).script.form_id
        campaign = session.get_one(Campaign, CAMPAIGN)
        session.get_one(Script, campaign.script_id).form_id = form_id
    return f"answer:{field_id(form_id, TEXT_OF_FORM)}" if form_id else ""


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        message = f"the page has no {pattern}"
        raise RuntimeError(message)
    return found[1]
