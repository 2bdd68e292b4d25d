"""What is pressed twice, or sooner than the answer is there, does what was meant."""

import re

from playwright.sync_api import expect
from sqlalchemy import func, select

from app.core import db
from app.models import Work


def jobs(workplace):
    """How many long works there were."""
    with workplace.product.inside():
        return db.session.scalar(select(func.count()).select_from(Work))


def test_enter_opens_what_the_typed_words_find(open_as, workplace):
    first, second = workplace.a_case("anna"), workplace.a_case("anna")
    page = open_as("maria").page
    page.goto("/")
    page.keyboard.press("Control+k")
    search = page.locator("#palette input")
    search.fill(str(first))
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text(str(first))
    search.fill(str(second))
    search.press("Enter")  # sooner than the list is asked for
    page.wait_for_url(re.compile(rf"/cases/{second}$"))


def test_a_double_click_begins_one_job_for_what_was_selected(open_as, workplace):
    numbers = [workplace.a_case("anna") for _each in range(2)]
    page = open_as("maria").page
    page.goto("/cases/?view=all")
    row = page.locator("tr[data-id]").filter(has_text=str(numbers[0]))
    row.locator("[data-check]").check()
    page.locator("[data-do='bulk:owner']").click()
    dialog = page.locator("#bulk")
    expect(dialog.locator("[data-how-many]")).to_contain_text("1 sprawa")
    # The list is drawn anew under the open dialog, as at the end of a job; what was selected stays selected.
    page.evaluate("document.querySelector('[data-list]').dispatchEvent(new CustomEvent('chosen', {detail: []}))")
    dialog.locator("[name=value]").evaluate(
        "(select) => { select.value = [...select.options].find((one) => one.text.includes('Jan Kot')).value }"
    )
    before = jobs(workplace)
    dialog.locator("form").evaluate("(form) => { form.requestSubmit(); form.requestSubmit() }")
    expect(dialog).to_be_hidden()
    expect(row.locator(".c-own")).to_contain_text("Kot")
    expect(page.locator("tr[data-id]").filter(has_text=str(numbers[1])).locator(".c-own")).to_contain_text("Lis")
    assert jobs(workplace) == before + 1
