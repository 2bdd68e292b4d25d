"""One agent at a card: nothing typed is lost, and the keyboard is enough."""

import re

from playwright.sync_api import expect

from app.models.scripts import StatusKind
from tests.browser.workplace import expect_saved, field, save


def test_leaving_with_unsaved_changes_is_a_question(open_as, workplace):
    page = open_as("anna").open_card(workplace.a_case("anna"))
    field(page, "Device").fill("Fan")
    page.locator("[data-do='card-close']").first.click()
    expect(page.locator("#card-leave")).to_be_visible()
    page.locator("[data-do='hide:card-leave']").last.click()
    expect(field(page, "Device")).to_have_value("Fan")
    page.locator("[data-do='card-close']").first.click()
    page.locator("#card-leave [data-do='card-leave']").click()
    page.wait_for_url(re.compile(r"/cases/(\?.*)?$"))


def test_ctrl_s_saves_from_within_a_field(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").open_card(number)
    field(page, "Licences").fill("7")
    expect(page.locator("#card-state b")).to_contain_text("1")
    page.keyboard.press("Control+s")
    expect_saved(page)
    assert workplace.answers(number)["Licences"] == "7"


def test_a_draft_survives_the_death_of_the_browser(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    page = anna.open_card(number)
    field(page, "Wishes").fill("call after five")
    expect(page.locator("[data-draft]")).not_to_be_empty()
    page.close(run_before_unload=False)
    page = anna.page = anna.context.new_page()
    anna.watch(page)
    anna.open_card(number)
    page.locator("#card-notices button.btn-sm").first.click()
    expect(field(page, "Wishes")).to_have_value("call after five")
    save(page)
    expect_saved(page)
    anna.open_card(number)
    expect(page.locator("#card-notices")).to_be_empty()


def test_a_lost_connection_loses_nothing(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("ERR_INTERNET_DISCONNECTED", "Failed to load resource", "WebSocket")
    page = anna.open_card(number)
    anna.context.set_offline(True)
    field(page, "Device").fill("Fan")
    save(page)
    expect(page.locator("#card-notices")).to_contain_text("No connection")
    expect(field(page, "Device")).to_have_value("Fan")
    expect(page.locator("[data-draft]")).to_contain_text("kept in this browser")
    anna.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    anna.open_card(number)
    page.locator("#card-notices button.btn-sm").first.click()
    expect(field(page, "Device")).to_have_value("Fan")
    save(page)
    expect_saved(page)
    assert workplace.answers(number)["Device"] == "Fan"


def test_a_status_that_was_hidden_meanwhile_is_refused_and_what_was_typed_stays(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("status of 4(09|22)")
    page = anna.open_card(number)
    field(page, "Device").fill("Fan")
    page.locator("#card-status").click()
    page.locator("#card-statuses [data-kind=success]").click()
    workplace.hide(StatusKind.SUCCESS)
    save(page)
    expect(page.locator("#card-notices .bad")).to_contain_text("status")
    expect(field(page, "Device")).to_have_value("Fan")
    anna.open_card(number)
    expect(page.locator("#card-statuses [data-kind=success]")).to_have_count(0)
    expect(page.locator("#card-notices")).to_contain_text("did not save it")


def test_from_the_list_to_a_saved_card_by_keyboard_alone(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").page
    page.goto("/cases/")
    row = page.locator("tr[data-id]").filter(has_text=str(number))
    expect(row).to_be_visible()
    press_until(page, "Tab", f"tr[data-id] a.subj[href$='/cases/{number}']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/cases/{number}$"))
    expect(page.locator("#card-state b")).not_to_be_empty()
    press_until(page, "Tab", "splot-field input")
    page.keyboard.type("Fan")
    press_until(page, "Tab", "[data-save]")
    page.keyboard.press("Enter")
    expect_saved(page)
    assert workplace.answers(number)["Device"] == "Fan"


def test_n_and_ctrl_k_open_their_dialogs_and_escape_closes_them(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").page
    page.goto("/cases/")
    page.keyboard.press("n")
    expect(page.locator("#new-case .ts-control input").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#new-case")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type(str(number))
    expect(page.locator("#palette [role=option]").filter(has_text=str(number)).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/cases/{number}$"))


def test_a_new_case_by_dialog(open_as, workplace):
    workplace.a_case()
    page = open_as("anna").page
    page.goto("/cases/")
    page.keyboard.press("n")
    dialog = page.locator("#new-case")
    expect(dialog.locator(".ts-control input").first).to_be_focused()
    page.keyboard.type("sojka")
    page.locator(".ts-dropdown .option").filter(has_text="Sójka").first.click()
    dialog.locator("footer button[type=submit]").click()
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    expect(page.locator("#card-owner option:checked")).to_have_text("Anna Lis")


def test_a_new_case_of_somebody_whom_the_search_does_not_find(open_as, workplace):
    page = open_as("anna").page
    page.goto("/cases/")
    page.keyboard.press("n")
    dialog = page.locator("#new-case")
    expect(dialog.locator(".ts-control input").first).to_be_focused()
    page.keyboard.type("Zofia Malinowsk")
    expect(dialog.locator(".ts-dropdown .create")).to_have_text("Create the contact “Zofia Malinowsk”")
    page.keyboard.type("a")
    page.keyboard.press("Enter")  # before the search for the whole name has begun: it is waited for
    expect(dialog.get_by_label("First name")).to_have_value("Zofia")
    expect(dialog.get_by_label("Telephone number")).to_be_focused()
    page.keyboard.type("500 600 700")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    expect(page.locator(".sp-contact h2")).to_have_text("Zofia Malinowska")
    expect(page.locator(".sp-contact")).to_contain_text("500 600 700")


def test_a_telephone_is_wide_enough(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna", viewport={"width": 390, "height": 844}, has_touch=True)
    anna.page.goto("/cases/")
    expect(anna.page.locator("tr[data-id]").first).to_be_visible()
    assert overflow(anna.page) == 0
    page = anna.open_card(number)
    assert overflow(page) == 0
    field(page, "Device").fill("Fan")
    page.locator("[data-do='card-part:acts']").click()
    page.locator("#note-text").fill("Called.")
    page.locator("#composer button[type=submit]").click()
    expect(page.locator("#timeline [data-note]")).to_contain_text("Called.")
    page.locator("[data-do='card-part:form']").click()
    save(page)
    expect_saved(page)


def press_until(page, key, selector):
    """Press a key until the focus is on what the selector names; a page has fewer than 200 stops."""
    for _step in range(200):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by {key}")


def overflow(page):
    """Pixels that the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
