"""The page of a script: statuses are put in order, renamed, hidden and led on in place, without losing the focus."""

from playwright.sync_api import expect

from app.core.db import session, transaction
from app.models import Case
from app.models.scripts import StatusKind
from app.scripts.editing import add_status
from app.scripts.values import StatusValues
from tests.factories import a_campaign, a_status, a_working_script, an_open_case


def names(page):
    return page.locator("#statuses tbody tr").evaluate_all("(rows) => rows.map((row) => row.dataset.name)")


def a_script_with_a_dead_end(workplace):
    """Its id. Versions begin at 2: the status was added."""
    with workplace.product.inside(), transaction():
        script = a_working_script()
        waiting = StatusValues(name=f"At the fitter of {script.name}", kind=StatusKind.WAITING)
        add_status(script, waiting, expected_version=script.version, actor=None)
        return script.id


def test_a_manager_runs_the_statuses_of_a_script_by_keys_and_by_pointer(open_as, workplace):
    script_id = a_script_with_a_dead_end(workplace)
    page = open_as("ewa").page
    page.goto(f"/scripts/{script_id}")
    before = names(page)

    # By keys: taken up, moved, announced, put down; the focus stays on the handle.
    handle = page.locator("#statuses tbody tr").nth(1).locator("[data-handle]")
    handle.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#live")).to_contain_text(f"{before[1]}: place 3 of {len(before)}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert names(page) == before
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    with page.expect_response(lambda answer: answer.url.endswith("/order")) as sent:
        page.keyboard.press("Space")
    assert sent.value.ok
    expect(page.locator("#script-page")).to_have_attribute("data-version", "3")
    moved = [before[0], before[2], before[1], *before[3:]]
    assert names(page) == moved
    expect(page.locator(f"tr[data-name='{before[1]}'] [data-handle]")).to_be_focused()

    # By pointer, back again.
    row = page.locator(f"tr[data-name='{before[1]}']")
    row.scroll_into_view_if_needed()
    grip, above = (
        row.locator("[data-handle]").bounding_box(),
        page.locator(f"tr[data-name='{before[2]}']").bounding_box(),
    )
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, grip["y"] - 6, steps=3)
    page.mouse.move(grip["x"] + 8, above["y"] + 4, steps=6)
    page.mouse.up()
    expect(page.locator("#script-page")).to_have_attribute("data-version", "4")
    assert names(page) == before


def test_names_and_rules_are_changed_in_place(open_as, workplace):
    script_id = a_script_with_a_dead_end(workplace)
    ewa = open_as("ewa")
    page = ewa.page
    page.goto(f"/scripts/{script_id}")
    before = names(page)

    # A name that is taken is refused where it was typed, and stays there.
    name = page.locator(f"tr[data-name='{before[1]}'] [data-rename]")
    ewa.allow("422")
    name.fill(before[0])
    name.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("a status of this name already")
    expect(name).to_have_value(before[0])
    name.fill("Being handled")
    name.press("Enter")
    expect(page.locator("tr[data-name='Being handled']")).to_be_visible()

    # The dead end says what to do, and is gone once a rule leads on.
    page.get_by_role("button", name="Add a rule").click()
    page.fill("#rule-minutes", "2880")
    page.select_option("#rule-to", label="Being handled")
    page.click("#rule-dialog button[type=submit]")
    expect(page.locator(".sp-notice.warn")).to_have_count(0)
    expect(page.locator(".sp-rules li")).to_have_count(1)
    expect(page.locator("tr[data-name='Being handled']")).to_contain_text("no activity: 2 d")

    # A new status comes into view, with the focus on its name.
    page.locator("[data-do='status-new']").click()
    page.fill("#status-name", "Sent to the works")
    page.click("#status-dialog button[type=submit]")
    expect(page.locator("tr[data-name='Sent to the works'] [data-rename]")).to_be_focused()
    expect(page.locator("tr[data-name='Sent to the works']")).to_be_in_viewport()


def test_the_cases_of_a_status_that_is_hidden_go_where_the_manager_says(open_as, workplace):
    with workplace.product.inside(), transaction():
        script = a_working_script()
        hidden, target = a_status(script, StatusKind.IN_PROGRESS), a_status(script, StatusKind.CLOSED)
        case = an_open_case(a_campaign(script=script), status=hidden)
        case_id, script_id, left, reached = case.id, script.id, hidden.id, target.id
    page = open_as("ewa").page
    page.goto(f"/scripts/{script_id}")
    row = page.locator(f"tr[data-id='{left}']")
    row.locator("[data-do='status-hide']").click()
    page.check("[name=what][value=move]")
    page.select_option("#hide-cases-to", str(reached))
    page.click("#hide-dialog button[type=submit]")
    # Drawn anew once the long work has ended.
    expect(row).to_have_attribute("data-cases", "0")
    expect(row.locator("[data-do='status-turn:show']")).to_be_visible()
    expect(page.locator(f"tr[data-id='{reached}']")).to_have_attribute("data-cases", "1")
    with workplace.product.inside():
        assert session.get_one(Case, case_id).status_id == reached
