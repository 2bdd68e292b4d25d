"""The colours keep the promise of WCAG 2.2 AA, light and dark: text 4.5:1, marks and borders of controls 3:1."""

import re
from pathlib import Path

import pytest

from app.models.scripts import StatusColour, StatusKind

TOKENS = (Path(__file__).parents[2] / "frontend" / "css" / "tokens.css").read_text()
LIGHT = TOKENS[TOKENS.index("/* ---------- light") : TOKENS.index("/* ---------- dark")]
DARK = TOKENS[TOKENS.index("/* ---------- dark") : TOKENS.index("/* ---------- hand")]

TEXT, MARK = 4.5, 3.0
GROUNDS = ("sp-canvas", "sp-surface", "sp-sunken", "sp-hover", "sp-sel", "sp-raised")

PAIRS: list[tuple[str, str, float]] = [
    *[(f"k-{kind}-t", f"k-{kind}-b", TEXT) for kind in StatusKind],
    *[(f"k-{kind}-s", "sp-surface", MARK) for kind in StatusKind],
    *[(f"c-{colour}-t", f"c-{colour}-b", TEXT) for colour in StatusColour],
    *[(f"c-{colour}-s", "sp-surface", MARK) for colour in StatusColour],
    *[(text, ground, TEXT) for text in ("sp-text", "sp-text-2", "sp-text-3") for ground in GROUNDS],
    *[("sp-accent-text", ground, TEXT) for ground in ("sp-surface", "sp-accent-soft", "sp-sel", "sp-canvas")],
    ("sp-on-accent", "sp-accent", TEXT),
    ("sp-on-accent", "sp-accent-hover", TEXT),
    ("sp-on-bad", "sp-bad-solid", TEXT),
    ("sp-on-ink", "sp-ink", TEXT),
    ("sp-on-ink-2", "sp-ink", TEXT),
    ("sp-on-ink-2", "sp-ink-2", TEXT),
    ("sp-script-text", "sp-script-bg", TEXT),
    ("sp-script-text", "sp-script-merge", TEXT),
    *[(f"sp-{tone}", g, TEXT) for tone in ("ok", "warn", "bad", "info") for g in (f"sp-{tone}-soft", *GROUNDS[:2])],
    *[(f"sp-{side}", ground, MARK) for side in ("them", "us") for ground in ("sp-surface", f"sp-{side}-soft")],
    *[
        (mark, "sp-surface", MARK)
        for mark in ("sp-line-ctl", "sp-focus", "sla-ok", "sla-soon", "sla-late", "sla-paused")
    ],
    ("sp-focus", "sp-canvas", MARK),
]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("look", "css"), [("light", LIGHT), ("dark", DARK)])
def test_every_pair_reads(look: str, css: str) -> None:
    """Each text on its ground, each mark beside it; a kind of status without colours fails, too."""
    colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", css))
    missing = sorted({name for text, ground, _ in PAIRS for name in (text, ground)} - set(colours))
    assert not missing
    low = [
        f"{look}: {text} on {ground} is {contrast(colours[text], colours[ground]):.2f}, needs {least}"
        for text, ground, least in PAIRS
        if contrast(colours[text], colours[ground]) < least
    ]
    assert not low


def test_the_measure_itself() -> None:
    """Black on white is 21, a colour on itself 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#2b57d6", "#2b57d6") == pytest.approx(1)
