"""What is typed on a card and not saved: it outlives closing, other forms and moves, and overwrites nobody's save."""

import re

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.workplace import expect_saved, field, save


def close_without_saving(page: Page) -> None:
    page.locator(".sp-savebar [data-do='card-close']").click()
    page.locator("#card-leave [data-do='card-leave']").click()
    page.wait_for_url(re.compile(r"/cases/(\?.*)?$"))


def about(page: Page, subject: str):
    """The notice on that subject."""
    return page.locator(f"#card-notices [data-subject={subject}]")


def choose(page: Page, side: str) -> None:
    page.locator(f"input[name=clash-0][value={side}]").check()
    page.locator("[data-do='clash-save']").click()


def test_a_draft_lives_after_leaving_until_it_is_thrown_away(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    page = anna.open_card(number)
    field(page, "Device").fill("Fan")
    close_without_saving(page)
    assert workplace.draft("anna", number) == {"Device": "Fan"}
    anna.open_card(number)
    expect(about(page, "draft")).to_contain_text("did not save it")
    close = page.locator(".sp-savebar [data-do='card-close']")
    close.click()
    page.wait_for_url(re.compile(r"/cases/(\?.*)?$"))
    assert workplace.draft("anna", number) == {"Device": "Fan"}
    anna.open_card(number)
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        about(page, "draft").get_by_role("button", name="Throw it away").click()
    assert workplace.draft("anna", number) is None


def test_a_draft_and_the_save_of_a_colleague_in_between_are_a_choice(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("409")
    page = anna.open_card(number)
    field(page, "Device").fill("Radio")
    page.locator("#card-status").click()
    page.locator("#card-statuses [data-kind=success]").click()
    close_without_saving(page)
    workplace.save_as("jan", number, Device="Fan")
    anna.open_card(number)
    expect(field(page, "Device")).to_have_value("Fan")
    page.locator("#note-text").fill("typed before deciding")
    expect(page.locator("[data-draft]")).to_contain_text("until you decide")
    assert workplace.draft("anna", number)["Device"] == "Radio"
    about(page, "draft").get_by_role("button", name="Restore it").click()
    expect(field(page, "Device")).to_have_value("Radio")
    expect(page.locator("#card-status")).to_have_class(re.compile("k-success"))
    save(page)
    expect(page.locator("#card-clash")).to_contain_text("Fan")
    expect(page.locator("#card-clash")).to_contain_text("Radio")
    choose(page, "theirs")
    expect_saved(page)
    assert workplace.answers(number)["Device"] == "Fan"
    assert workplace.notes(number) == ["typed before deciding"]


def test_nothing_remains_of_a_draft_when_the_other_value_is_chosen(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("409")
    page = anna.open_card(number)
    field(page, "Device").fill("Radio")
    expect(page.locator("[data-draft]")).to_contain_text("draft")
    workplace.save_as("jan", number, Device="Fan")
    expect(about(page, "others")).to_contain_text("Jan Kot saved: Device")
    save(page)
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        choose(page, "theirs")
    expect(field(page, "Device")).to_have_value("Fan")
    expect_saved(page)
    assert workplace.draft("anna", number) is None


def test_a_form_that_is_too_old_is_renewed_and_the_save_of_a_colleague_stays(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("409", "Failed to load resource", "deaf")
    page = anna.open_card(number)
    page.route("**/state?*", lambda route: route.abort())  # nothing is heard of what others do, nor of forms:
    page.evaluate("() => { window.DecompressionStream = class { constructor() { throw new TypeError('deaf') } } }")
    field(page, "Device").fill("Radio")
    field(page, "Wishes").fill("a quiet one")
    workplace.save_as("jan", number, Device="Fan")
    workplace.publish_without(number, "Wishes", long_ago=True)
    save(page)
    expect(page.locator("#card-clash")).to_contain_text("Fan")
    expect(about(page, "form")).to_contain_text("new version")
    expect(field(page, "Wishes")).to_have_count(0)
    expect(field(page, "Device")).to_have_value("Radio")
    expect(about(page, "gone")).to_contain_text("Wishes: a quiet one")
    assert workplace.answers(number)["Device"] == "Fan"
    choose(page, "yours")
    expect_saved(page)
    assert workplace.answers(number)["Device"] == "Radio"
    about(page, "gone").get_by_role("button", name="Put it into the note").click()
    expect(page.locator("#note-text")).to_have_value("Wishes: a quiet one")


def test_a_form_that_is_published_under_an_open_card_makes_no_clash(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").open_card(number)
    field(page, "Device").fill("Radio")
    field(page, "Licences").fill("7")
    workplace.publish_without(number, "Licences")
    expect(about(page, "gone")).to_contain_text("Licences: 7")
    expect(field(page, "Licences")).to_have_count(0)
    expect(about(page, "others")).to_have_count(0)
    expect(field(page, "Device")).to_have_value("Radio")
    about(page, "gone").get_by_role("button", name="Throw it away").click()
    save(page)
    expect_saved(page)
    assert workplace.answers(number)["Device"] == "Radio"


def test_a_case_that_is_moved_under_an_open_card_loads_it_anew(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").open_card(number)
    field(page, "Device").fill("Radio")
    page.locator("#note-text").fill("Wants a call.")
    workplace.move(number)
    expect(about(page, "moved")).to_contain_text("Maria Nowak moved this case")
    expect(field(page, "Street")).to_be_visible()
    about(page, "draft").get_by_role("button", name="Restore it").click()
    expect(about(page, "gone")).to_contain_text("Device: Radio")
    about(page, "gone").get_by_role("button", name="Put it into the note").click()
    save(page)
    expect_saved(page)
    assert workplace.notes(number) == ["Wants a call.\nDevice: Radio"]


def test_a_note_is_not_lost_by_closing(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").open_card(number)
    page.locator("#note-text").fill("Wants a call.")
    expect(page.locator("#card-state b")).to_have_text("Not saved: the note")
    page.locator(".sp-tab.is-on .x").click()
    expect(page.locator("#card-leave")).to_be_visible()
    page.locator("#card-leave [data-do='card-save:close']").click()
    page.wait_for_url(re.compile(r"/cases/(\?.*)?$"))
    assert workplace.notes(number) == ["Wants a call."]
    assert workplace.draft("anna", number) is None


def test_a_note_comes_back_after_a_crash_and_is_added_once(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    page = anna.open_card(number)
    page.locator("#note-text").fill("Wants a call.")
    expect(page.locator("[data-draft]")).to_contain_text("draft")
    page.close(run_before_unload=False)
    page = anna.page = anna.context.new_page()
    anna.watch(page)
    anna.open_card(number)
    about(page, "draft").get_by_role("button", name="Restore it").click()
    note = page.locator("#note-text")
    expect(note).to_have_value("Wants a call.")
    note.focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(note).to_have_value("")
    expect(page.locator("#timeline [data-note]")).to_have_count(1)
    assert workplace.notes(number) == ["Wants a call."]


def test_what_is_typed_during_save_and_close_keeps_the_card_open(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").open_card(number)
    field(page, "Device").fill("Fan")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/save", hold)
    with page.expect_request("**/save"):
        page.locator(".sp-savebar [data-do='card-save:close']").click()
    page.locator("#note-text").fill("and a spare one")
    waiting[0].continue_()
    expect(page.locator("#toasts")).to_contain_text("What you typed meanwhile is not saved yet")
    expect(page.locator("#card-state b")).to_have_text("Not saved: the note")
    expect(page).to_have_url(re.compile(rf"/cases/{number}$"))
    assert workplace.answers(number)["Device"] == "Fan"


def keep_in_browser(page, number):
    """A copy of a draft, as while there is no connection, and something that is no draft."""
    page.evaluate(
        """number => {
          const user = document.documentElement.dataset.user;
          localStorage.setItem(`splot-draft:${user}:${number}`, '{}');
          localStorage.setItem('sp-theme', 'light');
        }""",
        number,
    )


def test_a_draft_in_the_browser_waits_for_its_user_and_for_nobody_else(open_as, workplace):
    """A session that ran out takes nothing away; the next one at the same machine finds nothing."""
    number = workplace.a_case("anna")
    anna = open_as("anna")
    page = anna.open_card(number)
    keep_in_browser(page, number)
    # A browser without a session and with all that this one keeps: no answer on its way can bring a cookie back.
    left_there = {**page.context.storage_state(), "cookies": []}
    for who, left in (("anna", 2), ("jan", 1)):
        page = open_as(who, storage_state=left_there).page
        # Something is drawn before the scripts of the page have run.
        page.wait_for_function("left => localStorage.length === left", arg=left)


def test_signing_out_leaves_no_draft_in_the_browser(open_as, workplace):
    number = workplace.a_case("anna")
    page = open_as("anna").open_card(number)
    keep_in_browser(page, number)
    page.locator("[popovertarget=account]").click()
    page.locator("form[data-signs-out] button").click()
    expect(page.locator("form[name=login]")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == ["sp-theme"]


def test_a_card_that_comes_while_the_line_is_down_catches_up(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("WebSocket")
    is_down = True

    def connect(line: WebSocketRoute) -> None:
        if is_down:
            line.close()
        else:
            line.connect_to_server()

    anna.page.route_web_socket(re.compile("socket.io"), connect)
    page = anna.open_card(number)
    expect(about(page, "connection")).to_contain_text("No connection")
    workplace.save_as("jan", number, Device="Fan")
    is_down = False
    expect(field(page, "Device")).to_have_value("Fan")
    expect(about(page, "connection")).to_have_count(0)
