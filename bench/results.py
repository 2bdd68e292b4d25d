"""Rows of results: written to results.json, shown as a table."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Row:
    """One measured figure. `beside` is the bare SQL or protocol of the same run, `ratio` the value over it."""

    name: str
    value: float
    unit: str
    beside: float | None = None
    ratio: float | None = None
    aim: str = ""
    ok: bool | None = None
    """None: nothing to reach."""


def write(rows: Iterable[Row], *, group: str) -> None:
    """Put the rows of one benchmark in place of its earlier ones."""
    kept = json.loads(FILE.read_text()) if FILE.exists() else []
    others = [row for row in kept if not row["name"].startswith(f"{group}: ")]
    fresh = [{**asdict(row), "name": f"{group}: {row.name}"} for row in rows]
    FILE.write_text(json.dumps([*others, *fresh], indent=1, ensure_ascii=False) + "\n")


def table(rows: Iterable[Row]) -> str:
    """The rows for a terminal."""
    lines = [("figure", "value", "", "beside", "ratio", "aim", "")]
    for row in rows:
        mark = {True: "ok", False: "MISSED", None: ""}[row.ok]
        lines.append((row.name, _shown(row.value), row.unit, _shown(row.beside), _shown(row.ratio), row.aim, mark))
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"  # noqa: PLR2004
