"""Makes definitions for the tests of forms."""

from typing import Any
from uuid import uuid4

from app.formbuilder.definition import Field, FormDefinition, Page
from app.formbuilder.editing import new_field
from app.formbuilder.profile import Profile, profile_for


def make_field(kind: str, *, title: str = "Pole", **settings: Any) -> Field:
    """A field of the kind on the only page."""
    return new_field(kind, page="page-1", title=title, **settings)


def make_definition(*fields: Field) -> FormDefinition:
    """A form of one page."""
    return FormDefinition(pages=(Page(id="page-1", title="Zgłoszenie"),), fields=fields)


def everybody(definition: FormDefinition) -> Profile:
    """The profile of a user without any role: sees and edits what is not reserved."""
    return profile_for(definition, ())


def choice(title: str, **settings: Any) -> dict[str, Any]:
    """A choice as JSON, with a fresh id."""
    return {"id": str(uuid4()), "title": title, **settings}
