"""The browser's half of the logic, in a real browser: it shows what the server decides, while somebody types."""

import json
import subprocess
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from app.core import clock
from app.formbuilder import logic
from app.formbuilder.definition import Branch, FormDefinition, Page
from app.formbuilder.form import check, form_values
from app.formbuilder.logic import instant
from app.formbuilder.logic_json import given, logic_json
from app.formbuilder.profile import profile_for
from app.formbuilder.render import render
from tests.formbuilder.form_samples import choice, everybody
from tests.formbuilder.formula_samples import AT
from tests.formbuilder.test_logic import on, random_form, read, when

ROOT = Path(__file__).parents[2]
BUNDLED = """
export { fill, markErrors } from "./frontend/form/fields.js";
export { bindPages, goTo, rebind } from "./frontend/form/pages.js";
export { lacksGiven, pathOf } from "./frontend/form/logic.js";
"""

SURE = on("talk", "yes_no", title="Sure")
REASON = on("talk", "single_choice", title="Reason", config={"choices": [choice("Bill"), choice("Other")]})
BILL, OTHER = (each.id for each in REASON.config.choices)
WHICH = on("talk", "text", title="Which", visible_if=when("eq", read(REASON), ["text", OTHER]), required_to_save=True)
NET = on("bill", "money", title="Net")
SINCE = on("bill", "date", title="Since", required_if=when("gt", read(NET), ["number", "1000"]))
GROSS = on(
    "bill",
    "calculated",
    title="Gross",
    config={"formula": ["multiply", read(NET), ["number", "1.23"]], "unit": "zł"},
)
SECRET = on("bill", "number", title="Secret", visible_roles=("manager",))
HINT = on(
    "bill", "text", title="Hint", visible_if=when("and", ["gt", read(SECRET), ["number", "5"]], ["filled", read(NET)])
)
LAST = on("end", "text", title="Last")
DEFINITION = FormDefinition(
    pages=(
        Page(id="talk", title="Talk", branches=(Branch(when=when("eq", read(REASON), ["text", OTHER]), page="end"),)),
        Page(id="bill", title="Bill"),
        Page(id="end", title="End"),
    ),
    fields=(SURE, REASON, WHICH, NET, SINCE, GROSS, SECRET, HINT, LAST),
)


@pytest.fixture(scope="module")
def script() -> str:
    """The modules as one script that a page without a server can load."""
    command = ["node_modules/.bin/esbuild", "--bundle", "--format=iife", "--global-name=forms"]
    bundled = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, input=BUNDLED)
    return bundled.stdout


@pytest.fixture
def show(chromium, script, app):
    """Puts a form on a page, filled in, as the card does."""
    pages = []

    def shown(definition, document, *, roles=("agent",), language="pl"):
        profile = profile_for(definition, roles)
        with app.test_request_context():
            html = render(definition, profile=profile, language=language, environment=app.jinja_env, statuses={})
        page = chromium.new_page()
        pages.append(page)
        page.set_content(
            f'<style>[hidden] {{ display: none }}</style><div class="sp-formscroll"><div id="form">{html}</div></div>'
        )
        page.evaluate(f"globalThis.splotMessages = {{ language: '{language}', plural: () => 0, texts: {{}} }}")
        page.add_script_tag(content=script)
        page.evaluate("globalThis.root = document.getElementById('form')")
        results = given(definition, profile, document, AT)
        page.evaluate("given => forms.bindPages(root, { given: () => given })", results)
        page.evaluate("values => forms.fill(root, values)", form_values(definition, document, profile, language))
        return page

    yield shown
    for page in pages:
        page.close()


def control(page, field):
    return page.locator(f'[data-key="{field.id}"] .ctl :is(input, select)').last


def is_hidden(page, field):
    return page.locator(f'[data-key="{field.id}"]').evaluate("field => field.hidden")


def test_fields_follow_while_somebody_types_and_the_focus_stays(show):
    page = show(DEFINITION, {SECRET.id: "6", REASON.id: BILL})
    assert is_hidden(page, WHICH)
    page.keyboard.press("Alt+ArrowRight")
    net = control(page, NET)
    assert is_hidden(page, HINT)
    net.press_sequentially("1 642,10")
    assert control(page, GROSS).input_value() == "2 019,78"
    assert not is_hidden(page, HINT)
    assert page.evaluate("document.activeElement.name") == NET.id
    assert control(page, SINCE).get_attribute("aria-required") == "true"
    net.fill("999")
    assert control(page, SINCE).get_attribute("aria-required") is None
    net.fill("dużo")
    assert control(page, GROSS).input_value() == ""
    assert is_hidden(page, HINT)


def test_what_was_typed_stays_while_it_is_hidden(show):
    page = show(DEFINITION, {})
    reason, which = control(page, REASON), control(page, WHICH)
    reason.select_option(OTHER)
    which.fill("Ładny")
    reason.select_option(BILL)
    assert is_hidden(page, WHICH)
    reason.select_option(OTHER)
    assert which.input_value() == "Ładny"


def test_nothing_secret_is_in_the_page(show):
    page = show(DEFINITION, {SECRET.id: "6"})
    assert SECRET.id not in page.content()
    assert logic_json(DEFINITION, profile_for(DEFINITION, ["manager"]))["fields"][SECRET.id]["sort"] == "number"
    known = json.dumps(logic_json(DEFINITION, profile_for(DEFINITION, ["agent"])))
    assert SECRET.id not in known
    assert '"5"' not in known


def steps(page):
    return page.locator(".sp-steps li").evaluate_all(
        "all => all.map(step => [step.textContent, step.className, step.firstChild.ariaCurrent])"
    )


def test_the_keys_lead_through_the_pages_and_back(show):
    page = show(DEFINITION, {})
    assert steps(page) == [["1. Talk", "on", "step"], ["2. Bill", "", None], ["3. End", "", None]]
    page.keyboard.press("Tab")
    page.keyboard.press("Alt+ArrowRight")
    assert steps(page)[:2] == [["1. Talk (done)", "done", None], ["2. Bill", "on", "step"]]
    assert page.evaluate("document.activeElement.name") == NET.id
    page.keyboard.press("Alt+PageDown")
    assert page.evaluate("document.activeElement.name") == LAST.id
    page.keyboard.press("Alt+ArrowRight")
    assert page.evaluate("document.activeElement.name") == LAST.id
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+PageUp")
    assert page.locator("section:visible").get_attribute("data-page") == "talk"
    page.locator("[data-step=end]").press("Enter")
    assert page.locator("section:visible").get_attribute("data-page") == "end"


def test_a_branch_leaves_a_page_out_and_comes_back(show):
    page = show(DEFINITION, {NET.id: "1"})
    control(page, REASON).select_option(OTHER)
    assert [step for step, *_ in steps(page)] == ["1. Talk", "2. End"]
    page.locator("[data-by='1']").click()
    assert page.evaluate("document.activeElement.name") == LAST.id
    page.locator("[data-by='-1']").click()
    control(page, REASON).select_option(BILL)
    page.locator("[data-by='1']").click()
    assert control(page, NET).input_value() == "1,00"


def test_an_error_of_another_page_comes_into_view_with_the_focus(show):
    page = show(DEFINITION, {})
    page.evaluate("errors => forms.markErrors(root, errors)", {SINCE.id: ["Fill this field in to save."]})
    assert page.evaluate("document.activeElement.name") == SINCE.id
    assert steps(page)[1][0].startswith("2. Bill (something")
    assert steps(page)[1][1] == "err on"
    page.evaluate("forms.markErrors(root, {})")
    assert steps(page)[1][:2] == ["2. Bill", "on"]


def test_a_page_stays_when_another_version_comes(show):
    page = show(DEFINITION, {})
    page.keyboard.press("Alt+ArrowRight")
    page.evaluate("for (const section of root.querySelectorAll('section')) section.hidden = false; forms.rebind(root)")
    assert page.locator("section:visible").get_attribute("data-page") == "bill"
    page.evaluate(
        """() => {
            const script = root.querySelector("[data-logic]");
            script.textContent = script.textContent.replaceAll('"bill"', '"gone"');
            forms.rebind(root);
        }"""
    )
    assert page.locator("section:visible").get_attribute("data-page") == "talk"
    assert page.evaluate("forms.goTo(root, 'end')")
    assert not page.evaluate("forms.goTo(root, 'bill')")


def test_results_that_only_the_server_knows_are_missed(show):
    page = show(DEFINITION, {})
    assert not page.evaluate("forms.lacksGiven(root)")
    page.evaluate(
        """() => {
            const script = root.querySelector("[data-logic]");
            script.textContent = script.textContent.replaceAll("given:", "given:new-");
            forms.rebind(root);
        }"""
    )
    assert page.evaluate("forms.lacksGiven(root)")


def forms_without_circles(count):
    """What depends on itself may come too early on either side."""
    made = (random_form(Random(seed)) for seed in range(1000))  # noqa: S311 - samples
    return list(islice((definition for definition in made if not logic.circles_in(logic._needs(definition))), count))


@pytest.mark.parametrize("definition", forms_without_circles(10), ids=range(10))
def test_the_browser_shows_what_the_server_decides(show, definition):
    random = Random(1)  # noqa: S311 - samples
    definition = replace(definition, fields=tuple(replace(each, required_to_save=False) for each in definition.fields))
    submitted = {
        field.id: {
            "number": "1 642,10",
            "text": "Łódź",
            "date": "4.03.2026",
            "date_time": "4.03.2026 11:00",
            "yes_no": "yes",
        }[field.kind]
        for field in definition.fields
        if field.kind not in {"calculated", "file"} and random.random() < 0.7
    }
    now = instant(clock.now())
    checked = check(definition, submitted, before={}, profile=everybody(definition), closing=False, at=now)
    page = show(definition, checked.document)
    assert page.evaluate("forms.pathOf(root)") == list(checked.logic.path)
    seen = page.evaluate(
        """() => [...root.querySelectorAll("splot-field")].filter((each) => !each.hidden &&
        forms.pathOf(root).includes(each.closest("[data-page]").dataset.page)).map((each) => each.dataset.key)"""
    )
    assert set(seen) == checked.logic.visible
    after = page.evaluate(
        "Object.fromEntries([...root.querySelectorAll('[data-kind=calculated] input')].map((c) => [c.name, c.value]))"
    )
    values = form_values(definition, checked.document, everybody(definition), "pl")
    for field_id, stored in checked.logic.calculated.items():
        if definition.by_id[field_id].config.result not in {"flag", "moment"}:
            assert after[field_id] == values[field_id], (stored, definition.by_id[field_id])
