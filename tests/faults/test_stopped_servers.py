"""PostgreSQL or Redis is stopped under use and started again: it is said, and nothing is lost."""

from playwright.sync_api import expect
from sqlalchemy import select

from app.contacts import imports
from app.core import db
from app.models import Work
from app.models.imports import ImportRule
from app.models.work import WorkState
from tests.browser.product import Product, the_person
from tests.browser.test_main_job import DATA
from tests.browser.workplace import expect_saved, field, save
from tests.faults.stopping import without
from tests.supervisor.running import wait_for


def test_postgresql_is_gone_and_comes_back(open_as, product, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("Failed to load resource", "WebSocket")
    page = anna.open_card(number)
    field(page, "Device").fill("Fan")
    with without(product, "postgres"):
        assert product.up.get("/healthz")[0] == 200
        assert product.up.get("/readyz") == (503, {"status": "unavailable", "database": False, "redis": True})
        save(page)
        expect(page.locator("#card-notices .bad")).to_contain_text("does not answer")
        expect(field(page, "Device")).to_have_value("Fan")
        other = anna.context.new_page()
        answer = other.goto("/cases/")
        assert answer.status == 503
        expect(other.locator("h1")).to_have_text("A part of the system does not answer.")
        expect(other.locator("body")).to_contain_text("Nothing that was saved is lost.")
        assert other.locator("h1").evaluate("e => getComputedStyle(e).fontFamily").startswith('"Inter')
        other.get_by_role("button", name="Try again").click()
        expect(other.locator("h1")).to_have_text("A part of the system does not answer.")
    save(page)
    expect_saved(page)
    assert workplace.answers(number)["Device"] == "Fan"
    other.get_by_role("button", name="Try again").click()
    expect(other.locator("tr[data-id]").filter(has_text=str(number))).to_be_visible()


def test_redis_is_gone_and_comes_back(open_as, product, workplace):
    number = workplace.a_case("anna")
    anna = open_as("anna")
    anna.allow("Failed to load resource", "WebSocket")
    page = anna.open_card(number)
    field(page, "Device").fill("Radio")
    with without(product, "redis"):
        save(page)
        expect_saved(page)
        assert anna.context.new_page().goto("/cases/").status == 200
        begun = start_import(product)
    wait_for(lambda: state_of(product, begun) == WorkState.DONE, product.up.said)  # the sweep wakes it
    assert workplace.answers(number)["Device"] == "Radio"
    expect(anna.open_card(number).locator("#timeline")).to_contain_text("answer changed")


def start_import(product: Product) -> int:
    """A dry run of the list of 10,000; its id."""
    with product.inside(), db.transaction(), DATA.open("rb") as stream:
        maria = the_person("maria")
        imported = imports.begin_import(DATA.name, stream, actor=maria, limit=10**8)
        plan = {"mapping": imported.mapping, "rule": ImportRule.SKIP, "match_by": imported.match_by, "tags": ()}
        imports.plan_import(imported, **plan, actor=maria)
        return imports.start_import(imported, dry_run=True, actor=maria).id


def state_of(product: Product, work_id: int) -> WorkState | None:
    with product.inside():
        return db.session.scalar(select(Work.state).where(Work.id == work_id))
