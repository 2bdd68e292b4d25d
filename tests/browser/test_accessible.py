"""Every page, light and dark, by the rules of axe: nothing serious, nothing critical."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.test_main_job import DATA

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
BAD = {"serious", "critical"}
ONE_OF_EACH = {
    "/campaigns/list/": "a.subj[href*='/campaigns/show/']",
    "/scripts/": "a.subj",
    "/forms/": "a.subj",
    "/contacts/list/": "a.subj",
    "/cases/": "a.subj",
}
"""Lists, and the link of a row of theirs."""


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_the_administrator(open_as, workplace, width):
    number = workplace.a_case("anna")
    ewa = open_as("ewa", viewport={"width": width, "height": 900})
    found = ewa.page.locator(".sp-nav-scroll a.sp-nav-a").evaluate_all("links => links.map(each => each.pathname)")
    assert len(found) > 6
    pages = [*found, "/", "/account/", "/campaigns/add", "/contacts/add", f"/cases/{number}", "/style/"]
    for address, link in ONE_OF_EACH.items():
        ewa.page.goto(address)
        pages.append(ewa.page.locator(link).first.get_attribute("href"))
    ewa.allow("404")
    faults = []
    for address in dict.fromkeys(pages):
        answer = ewa.page.goto(address)
        assert answer.status == 200, address
        faults += judged(ewa.page, address)
    ewa.page.goto("/no-such-page")
    faults += judged(ewa.page, "the error page")
    assert not faults, "\n".join(faults)


def test_dialogs_of_the_card_and_the_list(open_as, workplace):
    number = workplace.a_case("anna")
    maria = open_as("maria")
    page = maria.open_card(number)
    faults = []
    for dialog in ("card-campaign", "card-source", "card-contact", "card-history"):
        page.evaluate("id => document.getElementById(id).showModal()", dialog)
        faults += judged(page, dialog)
        page.keyboard.press("Escape")
    page.locator("#card-status").click()
    faults += judged(page, "statuses")
    page.goto("/cases/")
    for key, dialog in (("n", "#new-case"), ("f", "#filters"), ("Control+k", "#palette")):
        page.keyboard.press(key)
        expect(page.locator(dialog)).to_be_visible()
        faults += judged(page, dialog)
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
    assert not faults, "\n".join(faults)


def test_the_plan_of_an_import(open_as):
    maria = open_as("maria")
    maria.page.goto("/imports/")
    maria.page.locator("input[type=file][name=file]").set_input_files(DATA)
    maria.page.locator("section form[enctype] button[type=submit]").click()
    expect(maria.page.locator("#plan")).to_be_visible()
    assert not judged(maria.page, "plan of an import")


def test_the_log_in(chromium, product):
    nobody = Person(chromium, product, "anna")
    nobody.page.goto("/login/")
    assert not judged(nobody.page, "log-in")
    nobody.context.close()


def judged(page: Page, name: str) -> list[str]:
    """What axe finds on the page as it stands, in both looks."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for look in ("light", "dark"):
        page.evaluate("look => { document.documentElement.dataset.bsTheme = look }", look)
        violations = page.evaluate(_JUDGE)
        found += [
            f"{name}, {look}: {each['id']} ({each['impact']}) at {node['target']}: {node['failureSummary']}"
            for each in violations
            if each["impact"] in BAD
            for node in each["nodes"][:3]
        ]
    return found


_JUDGE = """
async () => {
  // Colours glide when the look changes; they are judged where they arrive.
  await Promise.allSettled(document.getAnimations().map((each) => each.effect?.getTiming().iterations === Infinity
    ? null : each.finished));
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ target, failureSummary }) =>
    ({ target: String(target), failureSummary })) }));
}
"""
