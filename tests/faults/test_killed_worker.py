"""A worker dies in the middle of long work: another goes on behind its last batch, and nothing is done twice."""

import pytest
from sqlalchemy import func, select

from app.cases.bulk import ContactSelection, start_open_for_contacts
from app.contacts import imports
from app.core import db
from app.models import Campaign, Case, Contact
from app.models.imports import ImportRule
from tests.browser.product import Product, the_person
from tests.browser.test_main_job import DATA
from tests.browser.workplace import CAMPAIGN
from tests.faults.killing import kill_in_the_middle


@pytest.fixture(scope="module")
def imported(product: Product) -> int:
    """The list of 10,000, whose import was cut off once; its id."""
    with product.inside(), db.transaction(), DATA.open("rb") as stream:
        maria = the_person("maria")
        imported = imports.begin_import(DATA.name, stream, actor=maria, limit=10**8)
        plan = {"mapping": imported.mapping, "rule": ImportRule.SKIP, "match_by": imported.match_by, "tags": ()}
        imports.plan_import(imported, **plan, actor=maria)
        import_id, work_id = imported.id, imports.start_import(imported, dry_run=False, actor=maria).id
    kill_in_the_middle(product, work_id)
    return import_id


def test_an_import_goes_on_and_takes_no_row_twice(product, imported):
    with product.inside():
        import_ = imports.the_import(imported, actor=the_person("maria"))
        figures = imports.figures(import_)
        assert sum(figures.values()) == 10_000
        assert count(Contact.id) == figures["created"]


def test_bulk_opening_goes_on_and_opens_no_case_twice(product, imported, workplace):
    with product.inside(), db.transaction():
        campaign = db.session.scalars(select(Campaign).filter_by(name=CAMPAIGN)).one()
        chosen = ContactSelection(import_id=imported)
        work_id = start_open_for_contacts(chosen, campaign, actor=the_person("maria")).id
    kill_in_the_middle(product, work_id)
    with product.inside():
        created = count(Contact.id)
        assert count(Case.id) == created
        assert count(Case.contact_id.distinct()) == created


def count(column) -> int:
    return db.session.scalar(select(func.count(column)))
