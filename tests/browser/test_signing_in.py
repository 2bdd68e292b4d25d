"""Coming in through the page."""

from playwright.sync_api import expect


def test_a_manager_signs_in_and_reads_polish(open_as):
    maria = open_as("maria")
    expect(maria.page.locator("html")).to_have_attribute("lang", "pl")
    expect(maria.page.locator(".sp-nav-scroll a")).not_to_have_count(0)
