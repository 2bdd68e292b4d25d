"""A campaign whose form and statuses somebody changes, again and again, while people work with it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.cases.answers import document_of
from app.core import clock, db
from app.formbuilder.config import Choice
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.definition import Page as FormPage
from app.formbuilder.editing import new_field
from app.formbuilder.versions import GRACE, create_form, current_version, definition_of, publish
from app.models import Case, Form, FormVersion, Script, Status
from app.models.scripts import StatusKind
from app.scripts.editing import change_status_values, hide_status, values_of
from tests.browser.product import Product, the_person
from tests.factories import a_campaign, a_field, a_person, a_status, a_working_script, an_open_case

RED, BLUE, GREEN = (
    "2f6b8a10-0000-4000-8000-000000000001",
    "2f6b8a10-0000-4000-8000-000000000002",
    "2f6b8a10-0000-4000-8000-000000000003",
)
COLOURS = tuple(Choice(id=each, title=title) for each, title in ((RED, "Red"), (BLUE, "Blue"), (GREEN, "Green")))


class Publishing:
    """What a manager does to the form of a running product, by verbs on its database."""

    def __init__(self) -> None:
        choices = [{"id": each.id, "title": each.title} for each in COLOURS]
        self.fields = {
            "name": a_field(title="Name"),
            "story": a_field("long_text", title="Story"),
            "colour": new_field("single_choice", page="page-1", title="Colour", config={"choices": choices}),
            "secret": a_field(title="Secret", visible_roles=("manager",)),
            "second": replace(a_field(title="Second"), page="page-2"),
        }
        self.pages = (FormPage(id="page-1", title="One"), FormPage(id="page-2", title="Two"))
        self.form: Form = create_form("Live", actor=None)
        self.script: Script = a_working_script(form=self.form)
        success = a_status(self.script, StatusKind.SUCCESS)
        self.fields["won"] = new_field("button", page="page-1", title="Won", config={"status_id": success.id})
        publish(self.form, self.definition(), base=0, actor=None)
        people = [the_person(name) for name in ("anna", "jan")]
        self.campaign = a_campaign(*people, script=self.script, name="Live")

    def definition(self) -> FormDefinition:
        return FormDefinition(pages=self.pages, fields=tuple(self.fields.values()))

    def a_case(self) -> int:
        """Number of a new case."""
        with db.transaction():
            number: int = an_open_case(self.campaign, contact=a_person(first_name="Halina")).number
        return number

    def changes(self, **fields: Field | dict[str, Any]) -> int:
        """Publish with these settings of these fields, or with new fields; the number of the version."""
        for name, new in fields.items():
            self.fields[name] = new if isinstance(new, Field) else replace(self.fields[name], **new)
        with db.transaction():
            db.session.refresh(self.form)
            version = publish(self.form, self.definition(), base=self.form.published, actor=None)
            return version.number

    def hides_choice(self, choice_id: str) -> None:
        colour = self.fields["colour"]
        choices = tuple(replace(each, hidden=each.id == choice_id) for each in COLOURS)
        self.changes(colour={"config": replace(colour.config, choices=choices)})

    def grows_old(self) -> None:
        """As if every version but the current one had ended long ago."""
        with db.transaction():
            rows = select(FormVersion).where(
                FormVersion.form_id == self.form.id, FormVersion.superseded_at.is_not(None)
            )
            for version in db.session.scalars(rows):
                version.superseded_at = clock.now() - 2 * GRACE

    def status(self, kind: StatusKind) -> Status:
        db.session.expire_all()
        return next(each for each in self.script.statuses if each.kind is kind)

    def renames_status(self, kind: StatusKind, name: str) -> None:
        with db.transaction():
            status = self.status(kind)
            values = replace(values_of(status), name=name)
            change_status_values(status, values, expected_version=self.script.version, actor=None)

    def hides_status(self, kind: StatusKind) -> None:
        with db.transaction():
            hide_status(self.status(kind), expected_version=self.script.version, actor=None)

    def answers(self, number: int) -> dict[str, Any]:
        """What is stored of a case, by name of the field."""
        db.rollback()
        db.session.expire_all()
        document = document_of(db.session.scalars(select(Case).filter_by(number=number)).one())
        version = current_version(self.form.id)
        assert version is not None
        assert set(document) <= set(definition_of(version).by_id)
        return {name: document[field.id] for name, field in self.fields.items() if field.id in document}


@pytest.fixture
def own_publishing(product: Product) -> Iterator[Publishing]:
    """A form of its own for one test."""
    with product.inside():
        with db.transaction():
            made = Publishing()
            made.campaign.name = f"Live {made.form.id}"
        yield made


@pytest.fixture(scope="module")
def publishing(product: Product) -> Iterator[Publishing]:
    """A form of the product of this file, and one connection to change it through."""
    with product.inside():
        with db.transaction():
            made = Publishing()
        yield made
