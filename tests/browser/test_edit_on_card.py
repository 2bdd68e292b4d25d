"""A manager changes the form on the card of a case, in front of the agents; nothing that anybody typed is lost."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.core import db
from app.formbuilder.versions import current_version, definition_of
from app.models.scripts import StatusKind
from tests.browser.publishing import BLUE, RED, Publishing
from tests.browser.publishing import own_publishing as publishing
from tests.browser.test_accessible import judged
from tests.factories import a_field

__all__ = ["publishing"]

SETS = StatusKind.IN_PROGRESS


def enter(page: Page) -> None:
    """By the menu."""
    page.locator("[popovertarget=card-more]").click()
    page.locator("[data-do=card-edit-form]").click()
    expect(page.locator(".sp-editing .sp-ef").first).to_be_visible()


def part(page: Page, publishing: Publishing, name: str) -> Locator:
    """A field as it is edited: its card, or the row of a button."""
    return page.locator(f'.sp-editing [data-id="{publishing.fields[name].id}"]')


def answer(page: Page, publishing: Publishing, name: str) -> Locator:
    """The control that the case is filled in with."""
    key = publishing.fields[name].id
    return page.locator(f'#form splot-field[data-key="{key}"] :is(input, select, textarea, button)').first


def choices(card: Locator) -> list[str]:
    """Titles of the choices in a field's card."""
    found: list[str] = card.locator("[data-choice] input").evaluate_all("all => all.map(each => each.value)")
    return found


def changes(page: Page, words: str) -> None:
    """What the bar counts, once the draft is kept."""
    expect(page.locator("[data-changes]")).to_have_text(words)


def publish(page: Page, comment: str = "") -> None:
    page.locator("[data-comment]").fill(comment)
    page.locator("[data-publish-live]").click()
    expect(page.locator(".sp-editing")).to_have_count(0)


def published(publishing: Publishing) -> dict[str, Any]:
    """The fields of the current version, by their names in `publishing`, which goes on from there."""
    db.rollback()
    db.session.expire_all()
    version = current_version(publishing.form.id)
    assert version is not None
    definition = definition_of(version)
    names = {field.id: name for name, field in publishing.fields.items()}
    publishing.fields = {names.get(field.id, field.id): field for field in definition.fields}
    return {**publishing.fields, "all": definition.fields, "comment": version.comment}


def test_a_manager_edits_on_the_card_and_an_agent_goes_on_typing(open_as: Any, publishing: Publishing) -> None:
    mine, theirs = publishing.a_case(), publishing.a_case()
    ewa, anna = open_as("ewa"), open_as("anna")
    page, agent = ewa.open_card(mine), anna.open_card(theirs)
    answer(page, publishing, "story").fill("typed by the manager")
    story = answer(agent, publishing, "story")
    story.click()
    agent.keyboard.type("typed by the ag")

    enter(page)
    expect(page.locator(".sp-ch .sp-tag")).to_contain_text("form editing mode")
    expect(page.locator("#form")).to_be_hidden()
    expect(page.locator(".sp-savebar")).to_be_visible()  # the case has something unsaved
    changes(page, "Nothing changed")
    expect(page.locator("[data-publish-live]")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-cards] b")).to_have_text("2")
    assert judged(page, "card") == []

    edit(page, publishing)
    agent.keyboard.type("ent")
    publish(page, "On the card")
    expect(agent.locator("#form")).to_contain_text("What happened")
    expect(story).to_be_focused()
    agent.keyboard.type(", still")
    expect(story).to_have_value("typed by the agent, still")
    expect(agent.locator(".sp-sbtns")).to_contain_text("Later")
    expect(agent.locator("#card-notices [data-subject=form]")).to_contain_text("What happened")

    expect(page.locator("#form")).to_contain_text("What happened")
    expect(answer(page, publishing, "story")).to_have_value("typed by the manager")
    now = published(publishing)
    assert now["comment"] == "On the card"
    assert now["name"].required_to_save
    assert [(each.title, each.hidden) for each in now["colour"].config.choices] == [
        ("Yellow", False), ("Crimson", False), ("Blue", True), ("Green", False),
    ]  # fmt: skip
    assert now["won"].config.status_id == publishing.status(SETS).id
    titles = [field.title for field in now["all"]]
    assert titles.index("Colour") < titles.index("What happened")
    assert titles.index("Later") + 1 == titles.index("Contract on")


def edit(page: Page, publishing: Publishing) -> None:
    """Nine changes, of every sort that the card allows."""
    part(page, publishing, "story").locator("[data-title]").fill("What happened")
    part(page, publishing, "name").locator(".sp-tog").click()
    expect(part(page, publishing, "name").locator(".sp-tog")).to_have_attribute("aria-pressed", "true")
    changes(page, "2 changes")
    # Choices: rename one, hide one, add one, and put it first by keys.
    colour = part(page, publishing, "colour")
    colour.locator(f'[data-choice="{RED}"] input').fill("Crimson")
    colour.locator(f'[data-at="hide {BLUE}"]').click()
    expect(colour.locator(f'[data-choice="{BLUE}"]')).to_contain_text("in 0 cases")
    colour.locator("[data-at='choice add']").click()
    page.keyboard.insert_text("Yellow")
    expect(colour.locator("[data-choice]").last).to_contain_text("new")
    for _step in range(3):
        page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#live")).to_have_text("Position 1 of 4")
    assert choices(colour) == ["Yellow", "Crimson", "Blue", "Green"]
    changes(page, "5 changes")
    edit_buttons(page, publishing)
    # Order of fields by the handle.
    part(page, publishing, "colour").locator("> .sp-grip").focus()
    page.keyboard.press("ArrowUp")
    expect(part(page, publishing, "colour").locator("> .sp-grip")).to_be_focused()
    changes(page, "9 changes")
    expect(page.locator("[data-save-state][data-state=saved]")).to_contain_text("draft saved")
    assert definition_title(publishing, "story") == "Story"


def edit_buttons(page: Page, publishing: Publishing) -> None:
    """Another name and another status, one more, and the order."""
    won = part(page, publishing, "won")
    won.locator("[data-title]").fill("Contract on")
    won.locator("select").select_option(str(publishing.status(SETS).id))
    page.locator("[data-buttons] .sp-addline").click()
    page.keyboard.insert_text("Later")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#live")).to_have_text(re.compile("Position . of"))
    rows = page.locator("[data-buttons] [data-title]")
    expect(rows.first).to_be_focused()
    expect(rows.first).to_have_value("Later")


def definition_title(publishing: Publishing, name: str) -> str:
    """The published title of a field."""
    title: str = published(publishing)[name].title
    return title


def test_what_is_hidden_is_shown_again_and_changes_are_thrown_away(open_as: Any, publishing: Publishing) -> None:
    number, other = publishing.a_case(), publishing.a_case()
    ewa, agent = open_as("ewa"), open_as("anna").open_card(other)
    page = ewa.open_card(number)
    name = answer(page, publishing, "name")
    name.fill("Kowal")
    name.press("Control+Shift+e")
    expect(part(page, publishing, "name").locator("[data-title]")).to_be_focused()
    part(page, publishing, "name").locator("[data-at^='hide ']").click()
    part(page, publishing, "won").locator("[data-at^='hide ']").click()
    tray = page.locator(".sp-editing > .sp-hidden")
    expect(tray.locator(".sp-hid")).to_have_count(2)
    publish(page)
    expect(page.locator("#card-notices [data-subject=gone]")).to_contain_text("Kowal")
    expect(agent.locator("#form")).not_to_contain_text("Won")

    enter(page)
    tray.locator(f'[data-at="show {publishing.fields["name"].id}"]').click()
    expect(part(page, publishing, "name").locator("[data-title]")).to_be_focused()
    tray.locator(f'[data-at="show {publishing.fields["won"].id}"]').click()
    expect(tray).to_be_hidden()
    colour = part(page, publishing, "colour")
    colour.locator(f'[data-at="hide {BLUE}"]').click()
    publish(page)
    expect(agent.locator("#form")).to_contain_text("Won")
    expect(answer(page, publishing, "name")).to_have_value("Kowal")
    assert any(choice.hidden for choice in published(publishing)["colour"].config.choices)
    enter(page)
    colour.locator(f'[data-at="hide {BLUE}"]').click()
    publish(page)
    assert not any(choice.hidden for choice in published(publishing)["colour"].config.choices)

    # Escape keeps the draft, and it is told at the next time; Discard forgets it.
    page.keyboard.press("Control+Shift+e")
    part(page, publishing, "story").locator("[data-title]").fill("Never published")
    page.keyboard.press("Escape")
    expect(page.locator(".sp-editing")).to_have_count(0)
    expect(answer(page, publishing, "story")).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text("1 change of the form.")
    page.keyboard.press("Control+Shift+e")
    expect(page.locator("[data-had-draft]")).to_contain_text("1 change")
    page.locator("[data-discard]").click()
    page.locator("dialog[open] button[value=yes]").click()
    expect(page.locator(".sp-editing")).to_have_count(0)
    page.keyboard.press("Control+Shift+e")
    changes(page, "Nothing changed")
    expect(page.locator("[data-had-draft]")).to_have_count(0)


def test_two_managers_at_one_form_and_a_narrow_screen(open_as: Any, publishing: Publishing) -> None:
    number = publishing.a_case()
    maria, ewa = open_as("maria", viewport={"width": 390, "height": 844}), open_as("ewa")
    page, other = maria.open_card(number), ewa.open_card(number)
    enter(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert judged(page, "card") == []
    enter(other)
    expect(page.locator(".sp-editstrip")).to_contain_text("Ewa Zych")
    part(page, publishing, "story").locator("[data-title]").fill("By Maria")
    part(other, publishing, "story").locator("[data-title]").fill("By Ewa")
    expect(other.locator("[data-save-state][data-state=saved]")).to_contain_text("draft saved")

    # Somebody publishes while the mode is on: the card takes it, the edit stays, and publishing leads to the merge.
    publish(other)
    expect(page.locator("#builder-notices .sp-notice")).to_be_visible()
    expect(page.locator("#form .label", has_text="By Ewa")).to_have_count(1)
    expect(part(page, publishing, "story").locator("[data-title]")).to_have_value("By Maria")
    page.locator("[data-publish-live]").click()
    expect(page).to_have_url(re.compile("/merge"))
    expect(page.locator("main")).to_contain_text("By Maria")

    # Who has changed nothing goes on from the new version.
    enter(other)
    published(publishing)
    publishing.changes(late=a_field(title="Came later"))
    expect(part(other, publishing, "late").locator("[data-title]")).to_have_value("Came later")
    changes(other, "Nothing changed")


def test_agents_have_no_such_mode(open_as: Any, publishing: Publishing) -> None:
    anna = open_as("anna")
    anna.allow("403")
    page = anna.open_card(publishing.a_case())
    page.keyboard.press("Control+Shift+e")
    expect(page.locator("[data-do=card-edit-form]")).to_have_count(0)
    form = publishing.form.id
    for path in (f"/forms/{form}/live-edit", f"/forms/{form}/reach"):
        assert page.request.get(path).status == 403
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    refused = page.request.post(f"/forms/{form}/publish", data={"base": 1, "seen": ""}, headers={"X-CSRFToken": token})
    assert refused.status == 403
