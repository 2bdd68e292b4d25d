"""Ready campaigns: YAML files in `gallery/`, with every text in Polish and English, made into rows by the usual verbs.

A file has the campaign's name, description, source, header fields, statuses and form. A status names its kind; the
first is the initial one. A button names the place of the status that it sets (`sets`, counted from 0). A field names
its kind and a `key`, which is how the demo finds it again: the id of a field follows from its form and its key.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from app.campaigns.editing import CampaignValues, create_campaign
from app.core.i18n import LANGUAGES
from app.formbuilder.definition import Field, FormDefinition, Page
from app.formbuilder.editing import new_field
from app.formbuilder.versions import create_form, publish
from app.models import AppUser, Campaign, Form, Status
from app.models.cases import Source
from app.models.scripts import DateMode, StatusKind
from app.scripts.editing import add_status, change_status_values, create_script, set_form
from app.scripts.values import StatusValues

_FOLDER = Path(__file__).parent / "gallery"
_FIELD_IDS = UUID("6f0d3c0e-8a57-4b8e-9a5c-0c7f2c1d9b11")
_PAGE = "page-1"
_STYLES = {"radio": {"style": "radio"}, None: {}}


def gallery() -> tuple[str, ...]:
    """Names of the ready campaigns."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def ready_campaign(name: str, language: str) -> dict[str, Any]:
    """One file of the gallery with its texts in the language; a new copy at every call."""
    told: dict[str, Any] = in_one_language(_file(name), language)
    return told


def source_of(name: str) -> Source:
    """The channel that most cases of the ready campaign come in by."""
    return Source(_file(name)["source"])


def make_campaign(name: str, language: str, *, actor: AppUser | None) -> Campaign:
    """The ready campaign as a campaign of its own, with its script, statuses and published form; nobody is assigned."""
    told = ready_campaign(name, language)
    form = create_form(told["form"]["name"], actor=actor)
    script = create_script(told["name"], description=told["description"], with_start_set=False, actor=actor)
    first, *others = [_status_values(each) for each in told["statuses"]]
    change_status_values(script.statuses[0], first, expected_version=script.version, actor=actor)
    for values in others:
        add_status(script, values, expected_version=script.version, actor=actor)
    publish(form, definition_of_ready(told["form"], form, script.statuses), base=0, actor=actor)
    set_form(script, form, expected_version=script.version, actor=actor)
    campaign = CampaignValues(
        name=told["name"],
        description=told["description"],
        script_id=script.id,
        header_fields=tuple(told["header"]),
        agents_see_own_only=told.get("own_only", False),
    )
    return create_campaign(campaign, actor=actor)


def definition_of_ready(told: Mapping[str, Any], form: Form, statuses: list[Status]) -> FormDefinition:
    """The definition of a ready form; `statuses` are those that its buttons count."""
    fields = [
        replace(_field(each, statuses), id=field_id(form.id, each.get("key") or str(place)))
        for place, each in enumerate(told["fields"])
    ]
    return FormDefinition(pages=(Page(id=_PAGE),), fields=tuple(fields))


def field_id(form_id: int, key: str) -> str:
    """The id of the field with that key in a form that was made from the gallery."""
    return str(uuid5(_FIELD_IDS, f"{form_id}:{key}"))


def in_one_language(told: Any, language: str) -> Any:
    """The same data with every `{pl: …, en: …}` replaced by its text in the language."""
    if isinstance(told, dict):
        if told.keys() == LANGUAGES.keys():
            return told[language]
        return {key: in_one_language(value, language) for key, value in told.items()}
    return [in_one_language(value, language) for value in told] if isinstance(told, list) else told


@cache
def _file(name: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return told


def _status_values(told: Mapping[str, Any]) -> StatusValues:
    return StatusValues(
        name=told["name"],
        kind=StatusKind(told["kind"]),
        limit_minutes=told.get("limit_minutes"),
        date_mode=DateMode(told["date_mode"]) if "date_mode" in told else None,
        relative_minutes=told.get("relative_minutes"),
    )


def _field(told: Mapping[str, Any], statuses: list[Status]) -> Field:
    needed = told.get("required")
    return new_field(
        told["kind"],
        page=_PAGE,
        title=told.get("title", ""),
        help=told.get("help", ""),
        width=told.get("width", 6),
        required_to_save=needed == "save",
        required_to_close=needed in {"save", "close"},
        show_in_header=told.get("header", False),
        show_in_lists=told.get("lists", False),
        config=_config(told, statuses),
    )


def _config(told: Mapping[str, Any], statuses: list[Status]) -> dict[str, Any]:
    match told["kind"]:
        case "script_text":
            return {"text": told["text"]}
        case "button":
            return {"status_id": statuses[told["sets"]].id}
        case "rating":
            return {"style": "nps"} if told["scale"] == "nps" else {"largest": told["scale"]}
        case "single_choice" | "multiple_choice":
            return {"choices": _choices(told["choices"]), **_STYLES[told.get("as")]}
        case _:
            return {}


def _choices(titles: list[str]) -> list[dict[str, str]]:
    return [{"id": f"choice-{place}", "title": title} for place, title in enumerate(titles, 1)]
