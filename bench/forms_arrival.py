"""A form is published: how long until open cards have it, and until browsers show it, beside a bare broadcast."""

import json
import signal
import sys
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from app.supervisor import children, program
from app.supervisor.program import Program
from bench.browsers import Window, browser
from bench.doors import Manager, Visitor
from bench.forms_centre import LANGUAGE, MARKED, Centre, Desk
from bench.listeners import Listeners, Plan, divided, listening
from bench.measure import Runs
from bench.results import Row
from bench.servers import Servers, wait_for

CARDS = {"small": 60, "full": 500}
"""Open cards, those in browsers among them."""
PUBLISHED = {"small": 5, "full": 20}
WARM = 1
BROWSERS = 5
PAUSE = 0.5
"""Seconds between one publication and the next."""
_PATIENCE = 30.0
_AIM = "≤ 2 × bare + 150 ms"
_WATCHED = """marked => {
  const form = document.querySelector("#form");
  window.shownAt = {};
  const look = () => {
    const found = form.textContent.match(new RegExp(marked + " (\\\\d+)"));
    if (found) window.shownAt[found[1]] ??= performance.timeOrigin + performance.now();
  };
  new MutationObserver(look).observe(form, { subtree: true, childList: true, characterData: true });
  look();
}"""


@dataclass
class Times:
    """Milliseconds of all publications."""

    received: Runs = field(default_factory=Runs)
    behind_answer: Runs = field(default_factory=Runs)
    """From the answer of the publishing request on, which is what is left when its own work is done."""
    shown: Runs = field(default_factory=Runs)
    bare: Runs = field(default_factory=Runs)
    requests: Runs = field(default_factory=Runs)
    fewest: int = sys.maxsize
    fewest_shown: int = sys.maxsize


def measure(servers: Servers, centre: Centre, scale: str) -> Iterator[Row]:
    """All rows. The product runs."""
    cards = CARDS[scale]
    desks = centre.desks[:cards]
    port = servers.settings.socket_port
    with _bare_server(servers) as bare, browser() as open_window:
        plan = Plan(port, bare, tuple((desk.cookie, _shown_by(desk)) for desk in desks[BROWSERS:]))
        with listening(divided(plan)) as listeners:
            pages = [_open_card(open_window, servers, desk) for desk in desks[:BROWSERS]]
            yield Row("cards let in", listeners.let_in() + len(pages), "", aim=f"= {cards}",
                      ok=listeners.let_in() + len(pages) == cards)  # fmt: skip
            times, size = _publish(
                listeners, pages, Manager(Visitor(servers.settings.port, centre.manager), centre.form_id), bare, scale
            )
    yield from _rows(times, cards, len(desks) - BROWSERS, size)


def _publish(listeners: Listeners, pages: Sequence[Page], manager: Manager, bare: int, scale: str) -> tuple[Times, int]:
    times, size = Times(), 0
    definition = manager.definition()
    sockets = listeners.let_in()
    for number in range(WARM + PUBLISHED[scale]):
        version = 2 + number
        definition["fields"][0]["title"] = f"{MARKED} {version}"
        wall = time.time() - time.monotonic()
        published = manager.publish(definition)
        came = listeners.came("product", published.sent, version, sockets, _PATIENCE)
        shown = [_shown_at(page, version) for page in pages]
        message = listeners.sample()
        size = len(message["packed"])
        time.sleep(PAUSE)
        sent = broadcast(bare, message)
        beside = listeners.came("bare", sent, version, sockets, _PATIENCE)
        time.sleep(PAUSE)
        if number < WARM:
            continue
        times.received.times += [(each.at - published.sent) * 1000 for each in came]
        times.behind_answer.times += [max(0, each.at - published.sent - published.seconds) * 1000 for each in came]
        times.shown.times += [each - (published.sent + wall) * 1000 for each in shown if each is not None]
        times.bare.times += [(each.at - sent) * 1000 for each in beside]
        times.requests.times.append(published.seconds * 1000)
        times.fewest = min(times.fewest, len(came))
        times.fewest_shown = min(times.fewest_shown, sum(each is not None for each in shown))
    return times, size


def _rows(times: Times, cards: int, sockets: int, size: int) -> Iterator[Row]:
    beside = times.bare.p95
    limit = 2 * beside + 150
    received, shown = times.received.p95, times.shown.p95
    got = times.fewest + times.fewest_shown
    yield Row("cards that have the newest version, fewest", got, "", aim=f"= {cards}", ok=got == cards)
    yield Row(f"published to received by {sockets} cards, p95", received, "ms", beside, received / beside, _AIM,
              received <= limit)  # fmt: skip
    yield Row(f"published to received by {sockets} cards, p50", times.received.p50, "ms", times.bare.p50,
              times.received.p50 / times.bare.p50)  # fmt: skip
    yield Row(f"published to shown in {BROWSERS} browsers, p95", shown, "ms", beside, shown / beside, _AIM,
              shown <= limit)  # fmt: skip
    yield Row(f"published to shown in {BROWSERS} browsers, p50", times.shown.p50, "ms")
    yield Row("of that the request that publishes, p95", times.requests.p95, "ms")
    yield Row("answer of that request to received, p95", times.behind_answer.p95, "ms")
    yield Row("the message, packed", size, "bytes")


def _shown_by(desk: Desk) -> dict[str, Any]:
    """What the card says when it connects: it was made of the first version."""
    return {"case": desk.case_id, "language": LANGUAGE, "audience": desk.audience, "form_version": 1,
            "script_version": desk.script_version}  # fmt: skip


@contextmanager
def _bare_server(servers: Servers) -> Iterator[int]:
    port = children.free_port("127.0.0.1", 0)
    command = [sys.executable, "-m", "gevent.monkey", "--module", "bench.bare_socket", str(port)]
    root = Path(__file__).parents[1]
    with (servers.settings.home / "bare.log").open("wb") as log:
        process = program.start(Program("bare socket", command, root, servers.environ()), output=log.fileno())
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield port
        finally:
            program.stop(process, signal.SIGTERM)


def broadcast(port: int, message: dict[str, Any]) -> float:
    """Send the same bytes to all connections of the bare server; when."""
    said = urlsafe_b64encode(json.dumps({key: each for key, each in message.items() if key != "packed"}).encode())
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{said.decode()}", message["packed"])
    sent = time.monotonic()
    urllib.request.urlopen(request, timeout=_PATIENCE).close()  # noqa: S310  (our own address)
    return sent


def _open_card(open_window: Window, servers: Servers, desk: Desk) -> Page:
    """The card of the case in a browser, which notes from now on when it shows which version."""
    page = open_window(servers.settings.port, desk.cookie)
    page.goto(f"/cases/{desk.number}")
    page.wait_for_selector("#card-state b:not(:empty)")
    page.evaluate(_WATCHED, MARKED)
    return page


def _shown_at(page: Page, version: int) -> float | None:
    """When the page first showed that version, in milliseconds of the clock on the wall; None = not in time."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        found = page.evaluate("version => window.shownAt[version] ?? null", str(version))
        if found is not None:
            return float(found)
        time.sleep(0.1)
    return None
