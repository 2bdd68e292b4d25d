"""Two agents at one case at the same time: neither overwrites the other without a word."""

from playwright.sync_api import expect

from tests.browser.workplace import expect_saved, field, save


def both_at(open_as, workplace):
    """Anna's and Jan's pages on one case, each told that the other is there."""
    number = workplace.a_case("anna")
    anna, jan = open_as("anna"), open_as("jan")
    anna.open_card(number)
    jan.open_card(number)
    expect(anna.page.locator("#card-others")).to_contain_text("Jan Kot is here too")
    expect(jan.page.locator("#card-others")).to_contain_text("Anna Lis")
    return anna, jan, number


def test_different_fields_are_merged_and_the_other_is_told(open_as, workplace):
    anna, jan, number = both_at(open_as, workplace)
    field(anna.page, "Wishes").fill("a quiet one")
    field(jan.page, "Device").fill("Fan")
    save(jan.page)
    expect_saved(jan.page)
    expect(field(anna.page, "Device")).to_have_value("Fan")  # without a reload
    expect(anna.page.locator("#card-notices")).to_contain_text("Jan Kot saved: Device")
    expect(field(anna.page, "Wishes")).to_have_value("a quiet one")
    save(anna.page)
    expect_saved(anna.page)
    stored = workplace.answers(number)
    assert (stored["Device"], stored["Wishes"]) == ("Fan", "a quiet one")


def test_the_same_field_is_a_choice(open_as, workplace):
    anna, jan, number = both_at(open_as, workplace)
    anna.allow("409")  # the browser tells its console of every refusal
    field(anna.page, "Device").fill("Radio")
    field(jan.page, "Device").fill("Fan")
    save(jan.page)
    expect_saved(jan.page)
    expect(anna.page.locator("#card-notices")).to_contain_text("Jan Kot")
    expect(anna.page.locator("#card-notices")).to_contain_text("Device")
    expect(field(anna.page, "Device")).to_have_value("Radio")
    save(anna.page)
    anna.page.locator("input[name=clash-0][value=yours], input[name=clash-0][value=mine]").check()
    anna.page.locator("[data-do='clash-save']").click()
    expect_saved(anna.page)
    assert workplace.answers(number)["Device"] == "Radio"


def test_the_other_one_leaves(open_as, workplace):
    anna, jan, _number = both_at(open_as, workplace)
    jan.page.goto("/cases/")
    expect(anna.page.locator("#card-others")).not_to_contain_text("Jan")


def test_a_note_that_two_edit_is_shown_before_it_is_replaced(open_as, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("409")
    page = anna.open_card(number)
    page.locator("#note-text").fill("First")
    page.locator("#composer button[type=submit]").click()
    page.locator("#timeline [data-do^=note-edit]").click()
    workplace.edit_note("maria", number, "Second")
    page.locator("#note-edit-text").fill("Third")
    page.locator("[data-do=note-save]").click()
    expect(page.locator("#note-edit-clash")).to_contain_text("Second")
    assert workplace.notes(number) == ["Second"]
    page.locator("[data-do=note-save]").click()
    expect(page.locator("#note-dialog")).to_be_hidden()
    expect(page.locator("#timeline [data-note]")).to_have_text("Third")
