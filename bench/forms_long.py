"""A form of 200 fields with 50 conditions: checking what was filled in, rendering, publishing, opening the builder."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from flask import Flask
from playwright.sync_api import Page

from app.core import clock
from app.formbuilder.definition import FormDefinition, from_json, to_json
from app.formbuilder.form import Checked, check
from app.formbuilder.logic import instant
from app.formbuilder.profile import profile_for
from app.formbuilder.render import render
from app.people.roles import AGENT
from bench.browsers import browser
from bench.doors import Manager, Visitor
from bench.forms_centre import CONDITIONS, FIELDS, LANGUAGE, Centre, long_definition
from bench.measure import Runs, timed
from bench.results import Row
from bench.servers import Servers

RUNS = {"small": 40, "full": 200}
PUBLISHED = {"small": 10, "full": 30}
OPENED = {"small": 8, "full": 20}
WARM = 3
SERVER_MS, PUBLISH_MS, BUILDER_MS = 20, 300, 1000
_FORM = f"form of {FIELDS} fields, {CONDITIONS} conditions"
_DRAWN = 'performance.getEntriesByName("builder-drawn")[0]?.startTime ?? null'
_TEXTS = {"text": "Prośba o kontakt", "long_text": "Klient prosi.\nOddzwonić.", "number": "42", "date": "2026-03-04"}


def measure_server(app: Flask, scale: str) -> Iterator[Row]:
    """What one process does, without the product around it."""
    definition = long_definition()
    profile = profile_for(definition, (AGENT,))
    submitted = _submission(definition)
    first, cached, checking, both = Runs(), Runs(), Runs(), Runs()
    draw = partial(render, profile=profile, language=LANGUAGE, environment=app.jinja_env, statuses={})
    verify = partial(check, before={}, profile=profile, closing=False, language=LANGUAGE, at=instant(clock.now()))
    with app.app_context():
        for number in range(WARM + RUNS[scale]):
            # As after a publication: nothing is known of this definition yet.
            fresh = from_json(to_json(_renamed(definition, number)))
            timed(partial(draw, fresh), first.times)
            verify(fresh, submitted)
            timed(partial(verify, fresh, submitted), checking.times)
            timed(partial(draw, fresh), cached.times)
            both.times.append(checking.times[-1] + cached.times[-1])
            if number + 1 == WARM:
                first, cached, checking, both = Runs(), Runs(), Runs(), Runs()
    yield Row(f"{_FORM}: check + cached rendering, p95", both.p95, "ms", aim=f"≤ {SERVER_MS} ms",
              ok=both.p95 <= SERVER_MS)  # fmt: skip
    yield Row(f"{_FORM}: check of all fields, p50", checking.p50, "ms")
    yield Row(f"{_FORM}: check of all fields, p95", checking.p95, "ms")
    yield Row(f"{_FORM}: cached rendering, p95", cached.p95, "ms")
    yield Row(f"{_FORM}: first rendering, p50", first.p50, "ms")
    yield Row(f"{_FORM}: first rendering, p95", first.p95, "ms")


def measure_product(servers: Servers, centre: Centre, form_id: int, scale: str) -> Iterator[Row]:
    """What a manager waits for. The product runs."""
    manager = Manager(Visitor(servers.settings.port, centre.manager), form_id)
    definition = manager.definition()
    published = Runs()
    for number in range(WARM + PUBLISHED[scale]):
        definition["fields"][0]["title"] = f"Renamed {number}"
        took = manager.publish(definition).seconds * 1000
        if number >= WARM:
            published.times.append(took)
    yield Row(f"{_FORM}: publishing, p95", published.p95, "ms", aim=f"≤ {PUBLISH_MS} ms",
              ok=published.p95 <= PUBLISH_MS)  # fmt: skip
    yield Row(f"{_FORM}: publishing, p50", published.p50, "ms")
    with browser() as open_window:
        page = open_window(servers.settings.port, centre.manager)
        opened = Runs([_opened(page, form_id) for _load in range(WARM + OPENED[scale])][WARM:])
    yield Row(f"{_FORM}: opening the builder, p95", opened.p95, "ms", aim=f"≤ {BUILDER_MS} ms",
              ok=opened.p95 <= BUILDER_MS)  # fmt: skip
    yield Row(f"{_FORM}: opening the builder, p50", opened.p50, "ms")


def filled_in(app: Flask, definition: FormDefinition) -> Checked:
    """What the submission that is measured comes to."""
    profile = profile_for(definition, (AGENT,))
    with app.app_context():
        return check(definition, _submission(definition), before={}, profile=profile, closing=False, language=LANGUAGE)


def _opened(page: Page, form_id: int) -> float:
    """Milliseconds from the start of the navigation until all cards of the canvas are drawn."""
    page.goto(f"/forms/{form_id}", wait_until="commit")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = page.evaluate(_DRAWN)
        if found is not None:
            return float(found)
        time.sleep(0.02)
    message = "the builder was not drawn"
    raise TimeoutError(message)


def _renamed(definition: FormDefinition, number: int) -> FormDefinition:
    first, *others = definition.fields
    return replace(definition, fields=(replace(first, title=f"Renamed {number}"), *others))


def _submission(definition: FormDefinition) -> dict[str, str | list[str]]:
    """An answer for every field, as its control would send it."""
    choices = {field.id: getattr(field.config, "choices", ()) for field in definition.fields}
    return {
        field.id: choices[field.id][0].id if choices[field.id] else _TEXTS[field.kind] for field in definition.fields
    }
