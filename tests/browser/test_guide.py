"""The example of the user guide: complaints from nothing, until an agent has closed a case by its form."""

import re
from decimal import Decimal

from playwright.sync_api import expect
from sqlalchemy import select

from app.cases.answers import document_of
from app.core import db
from app.models import Case, Form
from tests.browser import complaints
from tests.browser.complaints import POLISH as W
from tests.browser.product import the_person
from tests.factories import a_person


def test_complaints_from_nothing_by_the_guide(open_as, product):
    with product.inside(), db.transaction():
        a_person(first_name="Halina", last_name="Próbna", owner_id=the_person("jan").id)
    maria = open_as("maria").page
    complaints.make_script(maria, W)
    complaints.make_pages(maria, W)
    complaints.make_call(maria, W)
    complaints.make_solution(maria, W)
    complaints.try_out(maria, W)
    complaints.publish(maria)
    complaints.make_campaign(maria, W, "Jan Kot")

    jan = open_as("jan").page
    complaints.new_case(jan, "Halina", W)
    expect(jan.locator("#form")).to_contain_text("Dzień dobry, Halina Próbna.")
    meter = on_card(jan, W.meter)
    expect(meter).to_be_hidden()
    on_card(jan, W.cause).locator("select").select_option(label=W.causes[0])
    meter.locator("input").fill("PL-0042")
    on_card(jan, W.story).locator("textarea").fill("Odczyt z innego mieszkania")
    jan.keyboard.press("Alt+ArrowRight")
    on_card(jan, W.disputed).locator("input").first.fill("812,40")
    on_card(jan, W.overpaid).locator("input").first.fill("25")
    expect(on_card(jan, W.refund).locator("input")).to_have_value("203,10")
    jan.get_by_role("button", name=W.buttons[0], exact=True).click()
    jan.locator("[data-do='card-save:close']").first.click()
    jan.wait_for_url(re.compile(r"/cases/(\?.*)?$"))
    expect(jan.locator("[data-list]")).to_be_visible()

    with product.inside():
        case = db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        form = db.session.scalars(select(Form).filter_by(name=W.script)).one()
        assert case.status.name == W.granted
        assert case.campaign.script.form_id == form.id
        values = list(document_of(case).values())
        assert "PL-0042" in values
        assert Decimal("203.10") in [Decimal(str(each)) for each in values if str(each).replace(".", "").isdigit()]


def on_card(page, title):
    return page.locator("#form splot-field").filter(has_text=title).first
