"""Versions of a form in a browser: two managers publish, the second one merges; a kind changes; a version returns."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from app.core import db
from app.formbuilder import versions
from app.formbuilder.field_types.figures import NumberConfig
from app.models import Form
from tests.browser.product import Product, the_person
from tests.browser.test_accessible import judged
from tests.factories import a_campaign, a_field, a_form, a_working_script, an_open_case
from tests.formbuilder import edits

AMOUNT, FAX = a_field(title="Amount"), a_field(title="Fax", help="With the area code")


@pytest.fixture(scope="module")
def form_id(product: Product) -> int:
    """A form that Maria and Ewa edit at once: Maria has published, Ewa has not."""
    with product.inside(), db.transaction():
        maria, ewa = the_person("maria"), the_person("ewa")
        form = a_form(AMOUNT, FAX)
        campaign = a_campaign(maria, ewa, script=a_working_script(form=form))
        for _ in range(3):
            an_open_case(campaign)
        base = versions.draft_definition(form)
        mine = edits.hide_field(edits.rename_field(base, AMOUNT.id, "Amount in euro"), FAX.id)
        mine = edits.set_required(mine, AMOUNT.id, to_save=False, to_close=True)
        versions.save_draft(form, mine, base=1, seen=None, actor=ewa)
        theirs = edits.rename_field(base, AMOUNT.id, "Amount in total")
        theirs = edits.add_field(theirs, a_field("number", title="Litres", config=NumberConfig()), after=AMOUNT.id)
        versions.publish(form, theirs, base=1, comment="Litres are asked for", actor=maria)
        return form.id


def test_the_second_publisher_merges_and_nothing_is_overwritten(open_as, product, form_id):
    ewa = open_as("ewa")
    page = ewa.page
    page.goto(f"/forms/{form_id}/versions")
    expect(page.locator(".sp-ver").first).to_contain_text("begun on version 1")
    page.goto(f"/forms/{form_id}")
    publish(page)
    expect(page).to_have_url(f"{product.url}/forms/{form_id}/merge")
    expect(page.locator(".sp-notice").first).to_contain_text("Maria Nowak")
    clash = page.locator(".sp-clash")
    expect(clash).to_have_count(1)
    assert not judged(page, page.url)
    clash.get_by_label("Amount in euro").check()
    page.get_by_role("button", name="Take it over").click()
    expect(page).to_have_url(f"{product.url}/forms/{form_id}")
    page.goto(f"/forms/{form_id}/trial")
    expect(page.locator(".sp-notice").first).to_contain_text("3 cases would miss a required field.")
    assert not judged(page, page.url)
    publish(page)
    expect(page.locator("[data-version-tag]")).to_have_text("version 3")
    with product.inside():
        fields = versions.draft_definition(db.session.get_one(Form, form_id)).fields
        found = [(field.title, field.hidden, field.required_to_close) for field in fields]
    assert found == [("Amount in euro", False, True), ("Litres", False, False), ("Fax", True, False)]


def test_a_kind_changes_after_a_look_and_a_version_returns(open_as, product, form_id):
    with product.inside(), db.transaction():
        form, ewa = db.session.get_one(Form, form_id), the_person("ewa")
        now = versions.draft_definition(form)
        kinds = tuple(
            replace(field, kind="number", config=NumberConfig()) if field.id == AMOUNT.id else field
            for field in now.fields
        )
        versions.save_draft(form, replace(now, fields=kinds), base=form.published, seen=None, actor=ewa)
    page = open_as("ewa").page
    page.goto(f"/forms/{form_id}/versions")
    expect(page.locator(".sp-diff tbody tr")).to_have_count(1)
    assert not judged(page, page.url)
    publish(page)
    expect(page).to_have_url(f"{product.url}/forms/{form_id}/conversion")
    assert not judged(page, page.url)
    page.get_by_role("button", name="Convert and publish").click()
    expect(page).to_have_url(f"{product.url}/forms/{form_id}")
    page.goto(f"/forms/{form_id}/versions")
    page.get_by_role("button", name="Restore version 1", exact=True).click()
    expect(page.locator(".sp-ver").first).to_contain_text("your draft")
    with product.inside():
        form = db.session.get_one(Form, form_id)
        draft = versions.draft_definition(form, actor=the_person("ewa"))
        found = [(field.title, field.kind, field.hidden) for field in draft.fields]
    assert found == [("Amount", "text", False), ("Fax", "text", False), ("Litres", "number", True)]


def publish(page: Page) -> None:
    """By the button in the head of the page."""
    page.locator("[data-publish]").click()
    page.locator("#publish button[type=submit]").click()
