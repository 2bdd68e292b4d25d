"""The pad in a real browser: drawn on, typed at, signed anew; and it reads what it shows."""

import json
import subprocess
from pathlib import Path

import pytest

from app.formbuilder.form import check, form_values
from app.formbuilder.registry import answer_type
from app.formbuilder.render import render
from tests.formbuilder.form_samples import everybody, make_definition, make_field

ROOT = Path(__file__).parents[2]
FIELD, LOCKED = make_field("signature", title="Podpis"), make_field("signature", read_only=True)
DEFINITION = make_definition(FIELD, LOCKED)


@pytest.fixture(scope="module")
def script() -> str:
    command = ["node_modules/.bin/esbuild", "frontend/form/fields.js", "--bundle", "--format=iife", "--global-name=f"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def page(chromium, script, app):
    """A form with two pads, an empty one and one that may only be read."""
    stored = answer_type(LOCKED).to_document(answer_type(LOCKED).parse('{"name": "Jan", "strokes": [[0, 0, 9, 9]]}'))
    with app.test_request_context():
        html = render(DEFINITION, profile=everybody(DEFINITION), language="en", environment=app.jinja_env, statuses={})
        values = form_values(DEFINITION, {LOCKED.id: stored}, everybody(DEFINITION), "en")
    page = chromium.new_page()
    style = "<style>.sp-pad { display: block; width: 600px; height: 200px; touch-action: none }</style>"
    page.set_content(f'{style}<div id="form">{html}</div>')
    page.add_script_tag(content=script)
    page.evaluate(f"f.fill(document.getElementById('form'), {json.dumps(values)})")
    yield page
    page.close()


def answers(page):
    return page.evaluate("f.read(document.getElementById('form'))")


def test_one_signs_by_drawing_typing_and_anew(page):
    assert answers(page) == {FIELD.id: ""}
    locked = page.locator(f'[data-key="{LOCKED.id}"]')
    assert locked.locator("path").get_attribute("d") == "M0 0L9 9"
    assert "by Jan" in locked.locator("[data-said]").inner_text()
    assert locked.locator("[data-signer], [data-unsign]").count() == 0

    own = page.locator(f'[data-key="{FIELD.id}"]')
    box = own.locator("[data-pad]").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 100, steps=5)
    page.mouse.up()
    drawn = json.loads(answers(page)[FIELD.id])
    assert drawn["strokes"][0][:2] == [100, 50]
    assert drawn["strokes"][0][-2:] == [200, 100]
    assert own.locator("path").get_attribute("d").startswith("M100 50L")
    assert "is-dirty" in own.get_attribute("class")

    own.locator("[data-signer]").fill("Anna Próbna")
    both = json.loads(answers(page)[FIELD.id])
    assert (both["name"], both["strokes"]) == ("Anna Próbna", drawn["strokes"])
    result = check(DEFINITION, answers(page), before={}, profile=everybody(DEFINITION), closing=False)
    assert (result.errors, result.document[FIELD.id]["name"]) == ({}, "Anna Próbna")

    own.locator("[data-unsign]").click()
    assert answers(page) == {FIELD.id: ""}
    assert own.locator("path").get_attribute("d") == ""
    page.keyboard.type("Jan")
    assert json.loads(answers(page)[FIELD.id]) == {"name": "Jan", "strokes": []}
