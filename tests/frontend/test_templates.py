"""What the Content-Security-Policy and the look forbid in templates, found before a browser does."""

import re
from pathlib import Path

import pytest

from app.cases.sources import SOURCES
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.scripts.kinds import KINDS

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "app" / "templates").rglob("*.html"))
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*(\bsrc=|application/json))", re.IGNORECASE),
    "an inline style": re.compile(r"<style|\sstyle=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son(click|change|submit|load|input|keydown)=", re.IGNORECASE),
    "an address of elsewhere": re.compile(r"""(src|href|action)=["']?(https?:)?//""", re.IGNORECASE),
    "jQuery, select2 or Bootstrap 3": re.compile(r"jquery|select2-|glyphicon|data-toggle=|fa fa-", re.IGNORECASE),
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "app/templates")))
def test_nothing_forbidden(template: Path) -> None:
    """No inline script or style, no outside address, nothing of the libraries that went."""
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL)
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert not found


def test_every_kind_and_source_has_its_icon() -> None:
    """A new status kind or source is drawn with an icon and a name of its own."""
    assert set(KINDS) == set(StatusKind)
    assert set(SOURCES) == set(Source)
    drawn = {path.stem for path in (ROOT / "node_modules/@tabler/icons/icons/outline").glob("*.svg")}
    assert {look.icon for look in (*KINDS.values(), *SOURCES.values())} <= drawn
