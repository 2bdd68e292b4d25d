"""The figures of live forms: arrival on open cards, agents who save meanwhile, a long form, lists by answers."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
from flask import Flask

from app.core.db import session, transaction
from app.formbuilder.definition import Field, FormDefinition, Page
from app.formbuilder.versions import create_form, publish
from app.models import Campaign, Script
from bench import forms_agents, forms_arrival, forms_long
from bench.figures import CAMPAIGN, RUNS, Figure, connected, get, made, measured, sign_up, signed_in
from bench.forms_centre import make_centre, publish_long_form
from bench.load import CHOICES, FIELDS, Size, load
from bench.results import Row
from bench.servers import product, running

SIZES = {"small": Size(3_400, 34_000), "full": Size(100_000, 1_700_000)}
"""Three answers for one case in five: 20,400 and 1,020,000 of them."""
_KINDS = {"choice": "text", "amount": "number", "visit": "date"}


def measure(scale: str) -> Iterator[Row]:
    """All rows, one after another."""
    with running() as servers, connected(servers) as connection:
        began = time.perf_counter()
        load(connection, SIZES[scale])
        yield Row("loading the data", time.perf_counter() - began, "s")
        app = made(servers)
        sign_up(app)
        _give_form(app)
        count = connection.execute("SELECT count(*) FROM answers").fetchone()
        yield Row("answers", count[0] if count else 0, "")
        client = signed_in(app)
        for figure in _lists(connection):
            yield from measured(figure, app, client, connection, RUNS[scale])
        yield from forms_long.measure_server(app, scale)
        centre = make_centre(app, max(forms_arrival.CARDS[scale], forms_agents.AGENTS[scale]))
        long_form = publish_long_form(app)
        connection.execute("ANALYZE")
        with product(servers):
            yield from forms_long.measure_product(servers, centre, long_form, scale)
            yield from forms_arrival.measure(servers, centre, scale)
            yield from forms_agents.measure(servers, centre, connection, scale)


def _lists(connection: psycopg.Connection[Any]) -> Iterator[Figure]:
    """The list by each kind of answer: few cases fit, a quarter of those with answers, and a month of them."""
    wanted = {
        "a number": ("amount", f"eq:{_an_amount(connection)}"),
        "a range of numbers": ("amount", "range:1000..1010"),
        "a text": ("choice", f"eq:{CHOICES[0]}"),
        "a month": ("visit", "range:2026-03-01..2026-03-31"),
    }
    for name, (key, value) in wanted.items():
        yield Figure(
            f"list by an answer, {name}",
            get("/cases/", {"view": "all", "campaign": CAMPAIGN, f"answer.{FIELDS[key]}": value}),
            is_list=True,
        )


def _an_amount(connection: psycopg.Connection[Any]) -> int:
    """One that cases of the campaign have."""
    row = connection.execute(
        "SELECT answers.number FROM answers JOIN cases ON cases.id = case_id WHERE campaign_id = %s AND field_id = %s "
        "GROUP BY answers.number ORDER BY count(*) DESC, answers.number LIMIT 1",
        [CAMPAIGN, FIELDS["amount"]],
    ).fetchone()
    if row is None:
        message = "no case of the campaign has an answer"
        raise RuntimeError(message)
    return int(row[0])


def _give_form(app: Flask) -> None:
    """The form whose answers were loaded, for the measured campaign."""
    fields = tuple(
        Field(id=FIELDS[key], kind=kind, page="page-1", title=key, show_in_lists=True) for key, kind in _KINDS.items()
    )
    with app.app_context(), transaction():
        form = create_form("Loaded", actor=None)
        publish(form, FormDefinition(pages=(Page(id="page-1"),), fields=fields), base=0, actor=None)
        session.get_one(Script, session.get_one(Campaign, CAMPAIGN).script_id).form_id = form.id
