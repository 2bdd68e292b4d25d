"""What the demo says, read from the YAML files beside this one."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.seed.gallery import in_one_language

_FOLDER = Path(__file__).parent


@cache
def names() -> Mapping[str, Sequence[Any]]:
    """First names, surnames, places and parts of company names; Polish in every language."""
    told: Mapping[str, Sequence[Any]] = _read("names.yaml")
    return told


@cache
def stories(language: str) -> Mapping[str, Any]:
    """What happens to the cases of each ready campaign, and what is said about them, by its name."""
    told: Mapping[str, Any] = in_one_language(_read("stories.yaml")["campaigns"], language)
    return told


@cache
def phrases(language: str) -> Mapping[str, Any]:
    """Words that belong to no campaign: tags, notes, names of files."""
    told: Mapping[str, Any] = in_one_language(_read("stories.yaml")["words"], language)
    return told


def _read(name: str) -> Any:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
