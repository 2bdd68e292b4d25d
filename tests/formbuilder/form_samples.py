"""Makes definitions for the tests of forms."""

from itertools import count
from typing import Any
from uuid import UUID

from app.formbuilder.definition import Field, FormDefinition, Page
from app.formbuilder.editing import new_field
from app.formbuilder.profile import Profile, profile_for

_ids = count(1)


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
    """A choice as JSON, with a fresh id. The ids are the same in every process, as names of tests have to be."""
    return {"id": str(UUID(int=next(_ids), version=4)), "title": title, **settings}
