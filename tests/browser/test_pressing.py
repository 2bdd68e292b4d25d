"""A button whose action is the server's, pressed twice: a double click, and again after an answer was lost."""

from typing import Any

from playwright.sync_api import Route, expect

from app.cases.linking import linked_cases
from app.core import db
from app.formbuilder.field_types.buttons import ButtonConfig
from tests.browser.product import the_person
from tests.browser.workplace import the_case
from tests.factories import a_campaign, a_field, a_form, a_working_script, an_open_case


def test_a_linked_case_is_opened_once_a_press(open_as: Any, product: Any) -> None:
    with product.inside(), db.transaction():
        anna = the_person("anna")
        complaints = a_campaign(anna, script=a_working_script())
        config = ButtonConfig(action="create_case", campaign_id=complaints.id)
        button = a_field("button", title="Complain", config=config)
        number = an_open_case(a_campaign(anna, script=a_working_script(form=a_form(a_field(), button)))).number

    def opened() -> int:
        with product.inside():
            return len(linked_cases(the_case(number), actor=the_person("anna")))

    person = open_as("anna")
    person.allow("Failed to load resource")
    page = person.open_card(number)
    complain = page.get_by_role("button", name="Complain")
    complain.dblclick()
    expect(page.locator("#card-links a")).to_have_count(1)
    expect(complain).not_to_have_attribute("aria-busy", "true")
    assert opened() == 1

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/press", lose_the_answer)
    complain.click()
    expect(page.get_by_text("No connection to the server")).to_be_visible()
    expect(complain).not_to_have_attribute("aria-busy", "true")
    assert opened() == 2
    page.unroute("**/press")
    with page.expect_response("**/press") as answered:
        complain.click()
    assert answered.value.status == 200
    assert opened() == 2, "the same press, told again"
    complain.click()
    expect(page.locator("#card-links a")).to_have_count(3)
    assert opened() == 3
