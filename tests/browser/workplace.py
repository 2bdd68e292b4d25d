"""A campaign that is ready to work in, made by verbs: script, form of a few fields, both agents."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.cases.answers import document_of, form_of, history_key
from app.cases.drafts import draft_of
from app.cases.moving import change_campaign
from app.cases.notes import edit_note
from app.cases.saving import CaseChanges, save_case
from app.core import clock, db
from app.formbuilder.versions import GRACE, definition_of, publish
from app.models import Activity, Campaign, Case, FormVersion, Status
from app.models.activities import ActivityKind
from app.models.scripts import StatusKind
from app.scripts.editing import hide_status
from tests.browser.product import Product, the_person
from tests.factories import a_campaign, a_field, a_form, a_person, a_working_script, an_open_case
from tests.formbuilder.edits import hide_field

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

    def save_as(self, name: str, number: int, **answers: str) -> None:
        """Somebody saves answers, given by the titles of their fields, on a card that they have just opened."""
        with self.product.inside(), db.transaction():
            case = the_case(number)
            ids = {field.title: field.id for field in definition_of(the_form(case)).answer_fields()}
            changes = CaseChanges(answers={ids[title]: value for title, value in answers.items()})
            save_case(case, changes, loaded_version=case.version, actor=the_person(name))

    def publish_without(self, number: int, title: str, *, long_ago: bool = False) -> None:
        """A manager takes a field off the form of the case. `long_ago`: the former version is accepted no more."""
        with self.product.inside(), db.transaction():
            shown = the_form(the_case(number))
            definition = definition_of(shown)
            gone = next(field for field in definition.answer_fields() if field.title == title)
            publish(shown.form, hide_field(definition, gone.id), base=shown.number, actor=the_person("maria"))
            if long_ago:
                shown.superseded_at = clock.now() - 2 * GRACE

    def move(self, number: int) -> None:
        """A manager moves the case to a campaign with another script and form."""
        with self.product.inside(), db.transaction():
            people = [the_person(name) for name in ("anna", "jan")]
            script = a_working_script(form=a_form(a_field(title="Street", kind="text")))
            change_campaign(the_case(number), a_campaign(*people, script=script), actor=the_person("maria"))

    def notes(self, number: int) -> list[str]:
        """The notes on the case, oldest first."""
        with self.product.inside():
            rows = select(Activity.body).filter_by(case_id=the_case(number).id, kind=ActivityKind.NOTE)
            return list(db.session.scalars(rows.order_by(Activity.id)))

    def edit_note(self, name: str, number: int, text: str) -> None:
        """Somebody edits the only note on the case."""
        with self.product.inside(), db.transaction():
            rows = select(Activity).filter_by(case_id=the_case(number).id, kind=ActivityKind.NOTE)
            edit_note(db.session.scalars(rows).one(), text, actor=the_person(name))

    def draft(self, name: str, number: int) -> dict[str, object] | None:
        """What the draft of that person on the case holds, by title of the field; None when there is none."""
        with self.product.inside():
            case = the_case(number)
            kept = draft_of(case, actor=the_person(name))
            titles = {history_key(field.id): field.title for field in definition_of(the_form(case)).answer_fields()}
            return {titles.get(key, key): value for key, value in kept.content.items()} if kept else None

    def answers(self, number: int) -> dict[str, object]:
        """What is stored, by title of the field."""
        with self.product.inside():
            case = the_case(number)
            document = document_of(case)
            return {field.title: document.get(field.id) for field in definition_of(the_form(case)).answer_fields()}


def the_case(number: int) -> Case:
    return db.session.scalars(select(Case).filter_by(number=number)).one()


def the_form(case: Case) -> FormVersion:
    """The version of the form that its campaign uses."""
    version = form_of(case.campaign)
    assert version is not None
    return version


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
