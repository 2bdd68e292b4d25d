"""A campaign that is ready to work in, made by verbs: script, form of a few fields, both agents."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.cases.answers import document_of, form_of
from app.core import db
from app.formbuilder.versions import definition_of
from app.models import Campaign, Case, Status
from app.models.scripts import StatusKind
from app.scripts.editing import hide_status
from tests.browser.product import Product, the_person
from tests.factories import a_campaign, a_field, a_form, a_person, a_working_script, an_open_case

CAMPAIGN = "Subscriptions"


@dataclass(frozen=True)
class Workplace:
    """The campaign of a running product."""

    product: Product

    def a_case(self, owner: str | None = None) -> int:
        """Number of a new case, owned by one of the people."""
        with self.product.inside(), db.transaction():
            campaign = db.session.scalars(select(Campaign).filter_by(name=CAMPAIGN)).one()
            person = a_person(first_name="Halina", last_name="Sójka")
            case = an_open_case(campaign, contact=person, owner=the_person(owner) if owner else None)
            return case.number

    def hide(self, kind: StatusKind) -> None:
        """A manager hides the statuses of a kind."""
        with self.product.inside(), db.transaction():
            for status in db.session.scalars(select(Status).filter_by(kind=kind)):
                hide_status(status, expected_version=status.script.version, actor=the_person("maria"))

    def answers(self, number: int) -> dict[str, object]:
        """What is stored, by title of the field."""
        with self.product.inside():
            case = db.session.scalars(select(Case).filter_by(number=number)).one()
            version = form_of(case.campaign)
            assert version is not None
            document = document_of(case)
            return {field.title: document.get(field.id) for field in definition_of(version).answer_fields()}


@pytest.fixture(scope="module")
def workplace(product: Product) -> Workplace:
    """A workplace in the product of this file."""
    with product.inside(), db.transaction():
        fields = (
            a_field(title="Device", kind="text"),
            a_field(title="Wishes", kind="long_text"),
            a_field(title="Licences", kind="number"),
        )
        script = a_working_script(form=a_form(*fields))
        a_campaign(the_person("anna"), the_person("jan"), script=script, name=CAMPAIGN)
    return Workplace(product)


def field(page: Page, title: str) -> Locator:
    """The control of a field of the form."""
    return page.locator("splot-field").filter(has=page.locator(".label", has_text=title)).locator("input, textarea")


def save(page: Page) -> None:
    page.locator("[data-save]").click()


def expect_saved(page: Page) -> None:
    expect(page.locator("#card-state.is-clean")).to_be_visible()
