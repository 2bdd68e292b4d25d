"""The gallery: ready campaigns, each in Polish and English, as files of `ready/` that are brought in like any other."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.definition import FormDefinition
from app.models import AppUser
from app.portable.document import ScriptFile, StatusEntry, read_file
from app.portable.importing import Brought, bring_in
from app.portable.layout import read_layout

_FOLDER = Path(__file__).parent / "ready"


@dataclass(frozen=True, kw_only=True)
class Ready:
    """One ready campaign; its texts stand in its files."""

    name: str
    icon: str
    header_fields: tuple[str, ...]
    """Fields of the contact that its campaign shows in the header of a case."""


GALLERY = (
    Ready(name="customer_service", icon="headset", header_fields=("contact.phone", "contact.email")),
    Ready(name="telesales", icon="phone-outgoing", header_fields=("contact.phone", "contact.city")),
    Ready(name="lead_qualification", icon="filter", header_fields=("contact.phone", "contact.city")),
    Ready(name="nps_survey", icon="star", header_fields=("contact.phone",)),
    Ready(name="debt_reminder", icon="coin", header_fields=("contact.phone", "contact.email")),
    Ready(
        name="complaint_handling",
        icon="alert-triangle",
        header_fields=("contact.phone", "contact.email", "contact.city"),
    ),
)


def the_ready(name: str) -> Ready:
    """The ready campaign of that name, or NotFound."""
    for ready in GALLERY:
        if ready.name == name:
            return ready
    raise NotFound(_l("There is no such ready campaign."))


@cache
def ready_file(name: str, language: str) -> ScriptFile:
    """Its file in the language."""
    return read_file((_FOLDER / f"{the_ready(name).name}.{language}.yaml").read_bytes())


@cache
def ready_form(name: str, language: str) -> tuple[FormDefinition, dict[int, StatusEntry]]:
    """Its form, to look at: statuses are numbered as in the file, and given by that number."""
    file = ready_file(name, language)
    statuses = dict(enumerate(file.statuses, 1))
    numbers = {entry.key: number for number, entry in statuses.items()}
    pages = file.form.pages if file.form else []
    definition = read_layout(
        pages, namespace=UUID(file.id), place=str, find=lambda _kind, key, _field: numbers.get(key)
    )
    return definition, statuses


def start_from(name: str, language: str, *, actor: AppUser) -> Brought:
    """A new script from it, with its form published; started twice, it makes two."""
    return bring_in(ready_file(name, language), as_new=True, publish_form=True, actor=actor)
