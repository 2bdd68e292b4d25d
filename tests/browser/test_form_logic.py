"""A call script on a real card: conditions, results, branches and keys, and what the server makes of it."""

import pytest
from playwright.sync_api import expect

from app.core import db
from app.formbuilder.definition import Branch, FormDefinition, Page
from app.formbuilder.editing import new_field
from app.formbuilder.expression import check
from app.formbuilder.versions import create_form, publish
from tests.browser.product import the_person
from tests.browser.test_accessible import judged
from tests.browser.workplace import Workplace, expect_saved
from tests.factories import a_campaign, a_working_script, an_open_case


def make_form():
    """Talk, bill, end; the bill is left out when it is about something else."""

    def field(page, kind, title, **settings):
        return new_field(kind, page=page, title=title, **settings)

    choices = [{"id": "bill", "title": "Rachunek"}, {"id": "other", "title": "Inne"}]
    reason = field("talk", "single_choice", "Powód", config={"choices": choices})
    is_other = check(["eq", ["field", reason.id], ["text", "other"]])
    which = field("talk", "text", "Jaki", visible_if=is_other, required_to_save=True)
    net = field("bill", "money", "Netto")
    limit = field("bill", "money", "Limit", visible_roles=("manager",), default="1000")
    over = check(["gt", ["field", limit.id], ["number", "500"]])
    since = field("bill", "date", "Od kiedy", required_if=check(["gt", ["field", net.id], ["number", "1000"]]))
    formula = ["multiply", ["field", net.id], ["number", "1.23"]]
    gross = field("bill", "calculated", "Brutto", config={"formula": formula, "unit": "zł"}, show_in_header=True)
    hint = field("bill", "text", "Zgoda kierownika", visible_if=over)
    last = field("end", "text", "Podsumowanie")
    pages = (
        Page(id="talk", title="Rozmowa", branches=(Branch(when=is_other, page="end"),)),
        Page(id="bill", title="Rachunek"),
        Page(id="end", title="Koniec"),
    )
    return FormDefinition(pages=pages, fields=(reason, which, net, limit, since, gross, hint, last))


@pytest.fixture(scope="module")
def script(product):
    with product.inside(), db.transaction():
        form = create_form("Rozmowa", actor=None)
        publish(form, make_form(), base=0, actor=None)
        campaign = a_campaign(the_person("jan"), script=a_working_script(form=form), name="Rozmowy")
        numbers = [an_open_case(campaign, owner=the_person("jan")).number for _ in range(2)]
    return Workplace(product), numbers


def shown_page(page):
    return page.locator("#form section:visible").get_attribute("data-page")


def test_an_agent_follows_a_call_script_with_keys_alone(open_as, script):
    workplace, (number, _) = script
    jan = open_as("jan")
    jan.allow("status of 422")
    page = jan.open_card(number)
    page.locator("[data-step=talk]").wait_for()
    assert shown_page(page) == "talk"
    page.locator("[data-step=talk]").press("Enter")
    page.keyboard.press("Alt+ArrowRight")
    expect(page.get_by_label("Netto")).to_be_focused()
    page.keyboard.type("1 642,10")
    expect(page.get_by_label("Brutto")).to_have_value("2 019,78")
    expect(page.get_by_label("Zgoda kierownika")).to_be_visible()
    assert '"500"' not in (page.locator("[data-logic]").text_content() or "")
    assert not judged(page, "a page of a form")
    page.keyboard.press("Alt+ArrowRight")
    expect(page.get_by_label("Podsumowanie")).to_be_focused()
    page.keyboard.type("Oddzwonić")
    page.keyboard.press("Control+s")
    since = page.get_by_label("Od kiedy")
    expect(since).to_be_focused()
    expect(page.locator(".sp-steps .err [aria-current=step]")).to_contain_text("Rachunek")
    page.keyboard.type("4.09.2026")
    page.keyboard.press("Control+s")
    expect_saved(page)
    assert shown_page(page) == "bill"
    answers = workplace.answers(number)
    assert {title: answers[title] for title in ("Netto", "Brutto", "Od kiedy", "Podsumowanie")} == {
        "Netto": "1642.1",
        "Brutto": "2019.78",
        "Od kiedy": "2026-09-04",
        "Podsumowanie": "Oddzwonić",
    }


def test_a_branch_leaves_a_page_out_and_its_answers_stay(open_as, script):
    workplace, (_, number) = script
    page = open_as("jan").open_card(number)
    page.locator("[data-by='1']").click()
    page.keyboard.type("100")
    page.keyboard.press("Control+s")
    expect_saved(page)
    page.keyboard.press("Alt+ArrowLeft")
    page.get_by_label("Powód").select_option("other")
    expect(page.locator(".sp-steps li")).to_have_count(2)
    which = page.get_by_label("Jaki")
    which.fill("Reklamacja")
    page.get_by_label("Powód").select_option("bill")
    expect(which).to_be_hidden()
    page.get_by_label("Powód").select_option("other")
    expect(which).to_have_value("Reklamacja")
    page.locator("[data-by='1']").click()
    expect(page.get_by_label("Podsumowanie")).to_be_focused()
    page.keyboard.press("Control+s")
    expect_saved(page)
    answers = workplace.answers(number)
    assert (answers["Powód"], answers["Jaki"], answers["Netto"], answers["Brutto"]) == (
        "other",
        "Reklamacja",
        "100",
        "123",
    )
