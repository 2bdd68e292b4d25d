"""Verbs on the form of a script: scripts and forms know nothing of each other."""

from app.formbuilder.versions import create_form
from app.models import AppUser, Form, Script
from app.scripts.editing import set_form


def create_form_of(script: Script, name: str, *, expected_version: int, actor: AppUser | None) -> Form:
    """A new form that is the script's from now on. Conflict when the script is not at that version any more."""
    form = create_form(name, actor=actor)
    set_form(script, form, expected_version=expected_version, actor=actor)
    return form
