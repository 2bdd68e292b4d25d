"""How templates draw kinds of statuses and sources of cases: they ask the tables that own them."""

from flask import Flask

from app.cases.sources import SOURCES, SourceLook
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.scripts.kinds import KINDS, Kind


def register(app: Flask) -> None:
    """Give the templates `kind_look()` and `source_look()`."""
    app.jinja_env.globals.update(kind_look=kind_look, source_look=source_look)


def kind_look(kind: str) -> Kind:
    """Title, icon and behaviour of a kind of statuses; a colour behind it changes nothing of them."""
    return KINDS[StatusKind(kind.partition(" ")[0])]


def source_look(source: str) -> SourceLook:
    """Title and icon of a source."""
    return SOURCES[Source(source)]
