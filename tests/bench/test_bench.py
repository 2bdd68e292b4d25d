"""The benchmark's own parts: the data it loads, the SQL beside, the rows it writes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench import results
from bench.load import CAMPAIGNS, STATUSES, Size, load
from bench.measure import Runs
from bench.results import Row
from tests import servers

SIZE = Size(contacts=300, cases=2_000, campaigns=len(CAMPAIGNS), users=20)


@pytest.fixture(scope="module")
def loaded(servers_home: Path, worker_id: str) -> Iterator[tuple[psycopg.Connection[Any], set[str]]]:
    """A database of its own with a small centre, and the indexes that it had before."""
    url = servers.clone(servers_home, f"bench_{worker_id}").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        before = _indexes(connection)
        load(connection, SIZE)
        yield connection, before


def _indexes(connection: psycopg.Connection[Any]) -> set[str]:
    found = connection.execute("SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid "
                               "WHERE c.relnamespace = 'public'::regnamespace")  # fmt: skip
    return {row[0] for row in found}


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_as_much_as_asked_for(loaded: tuple[psycopg.Connection[Any], set[str]]) -> None:
    connection, _ = loaded
    assert _one(connection, "SELECT count(*) FROM cases") == SIZE.cases
    assert _one(connection, "SELECT count(*) FROM contacts") == SIZE.contacts
    assert _one(connection, "SELECT count(*) FROM statuses") == SIZE.campaigns * len(STATUSES)
    assert _one(connection, "SELECT count(*) FROM answers") > 0
    assert _one(connection, "SELECT count(DISTINCT campaign_id) FROM cases") == SIZE.campaigns


def test_indexes_are_as_before(loaded: tuple[psycopg.Connection[Any], set[str]]) -> None:
    """What is measured has every index that the product has."""
    connection, before = loaded
    assert _indexes(connection) == before


def test_the_rows_fit_together(loaded: tuple[psycopg.Connection[Any], set[str]]) -> None:
    """Keys were not checked while loading, so they are here."""
    connection, _ = loaded
    stray = (
        "SELECT count(*) FROM cases c LEFT JOIN contacts p ON p.id = c.contact_id "
        "LEFT JOIN ab_user u ON u.id = c.owner_id "
        "JOIN campaigns g ON g.id = c.campaign_id "
        "LEFT JOIN statuses s ON s.id = c.status_id AND s.script_id = g.script_id "
        "WHERE p.id IS NULL OR s.id IS NULL OR (c.owner_id IS NOT NULL AND u.id IS NULL) "
        "OR c.is_current <> (s.kind NOT IN ('closed', 'success', 'postponed'))"
    )
    assert _one(connection, stray) == 0
    assert _one(connection, "SELECT nextval('case_number_seq')") > _one(connection, "SELECT max(number) FROM cases")


def test_results_replace_those_of_the_same_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "FILE", tmp_path / "results.json")
    results.write([Row("list", 5, "ms")], group="other")
    results.write([Row("list", 5, "ms")], group="ground")
    results.write([Row("list", 7, "ms", beside=2, ratio=3.5, aim="≤ 16", ok=True)], group="ground")
    rows = json.loads((tmp_path / "results.json").read_text())
    assert [row["name"] for row in rows] == ["other: list", "ground: list"]
    assert rows[1] == {
        "name": "ground: list",
        "value": 7,
        "unit": "ms",
        "beside": 2,
        "ratio": 3.5,
        "aim": "≤ 16",
        "ok": True,
    }
    assert "MISSED" in results.table([Row("list", 7, "ms", ok=False)])


def test_the_middle_and_the_slow_end() -> None:
    runs = Runs([float(each) for each in range(1, 102)])
    assert (runs.p50, runs.p95) == (51, 96)
