import re
from dataclasses import replace

import pytest

from app.formbuilder import render as rendering
from app.formbuilder.definition import from_json, to_json
from app.formbuilder.field_types.base import AnswerType
from app.formbuilder.merge_fields import fill_merge, script_html
from app.formbuilder.profile import profile_for
from app.formbuilder.registry import REGISTRY
from app.formbuilder.render import StatusLook, render
from tests.formbuilder import edits
from tests.formbuilder.form_samples import choice, everybody, make_definition, make_field

STATUSES = {5: StatusLook("Zamknięta", "closed")}


@pytest.fixture
def draw(app):
    """Renders a definition within a request."""
    rendering._fragments.clear()
    rendering._drawn.clear()

    def drawn(definition, *, roles=(), language="en", statuses=STATUSES):
        with app.test_request_context():
            return str(
                render(
                    definition,
                    profile=profile_for(definition, roles),
                    language=language,
                    environment=app.jinja_env,
                    statuses=statuses,
                )
            )

    return drawn


def hashes(html):
    return dict(re.findall(r'data-key="([^"]+)"[^>]* data-hash="([^"]+)"', html))


def test_every_kind_is_drawn_in_a_keyed_wrapper(draw):
    fields = [make_field(kind, config={"status_id": 5} if kind == "button" else {}) for kind in REGISTRY.kinds()]
    html = draw(make_definition(*fields))
    assert list(hashes(html)) == [field.id for field in fields]
    for field in fields:
        if issubclass(REGISTRY[field.kind], AnswerType):
            assert f'data-kind="{field.kind}"' in html
    assert html.count("<splot-field") == html.count("</splot-field>") == len(fields)


def test_what_a_manager_writes_is_escaped_everywhere(draw):
    evil = "<script>alert(1)</script>"
    fields = [
        make_field(kind, title=evil, help=evil, placeholder=evil, config=config)
        for kind, config in {
            "text": {},
            "number": {"unit": "<b>"},
            "rating": {"low_label": evil, "high_label": evil},
            "single_choice": {"choices": [choice(evil)]},
            "multiple_choice": {"choices": [choice(evil)]},
            "script_text": {"text": evil + "{{ " + "<b>" + " }}"},
            "heading": {},
            "button": {"status_id": 5},
        }.items()
    ]
    html = draw(make_definition(*fields))
    assert "<script" not in html
    assert "<b>" not in html


def test_hidden_and_reserved_fields_are_not_in_the_page(draw):
    hidden, secret, shown = (
        make_field("text", title="Ukryte", hidden=True),
        make_field("text", title="Tajne", visible_roles=("manager",)),
        make_field("text", title="Jawne", editable_roles=("manager",)),
    )
    definition = make_definition(hidden, secret, shown)
    agent, manager = draw(definition, roles=["agent"]), draw(definition, roles=["manager"])
    assert "Ukryte" not in agent + manager
    assert "Tajne" not in agent
    assert "Tajne" in manager
    assert "data-readonly" in agent
    assert "data-readonly" not in manager


def test_equal_forms_are_rendered_once_and_others_apart(draw):
    definition = make_definition(make_field("yes_no"))
    first = draw(definition)
    assert len(rendering._fragments) == 1
    assert draw(from_json(to_json(definition))) == first
    assert len(rendering._fragments) == 1
    draw(definition, language="pl")
    draw(make_definition(make_field("yes_no")))
    assert len(rendering._fragments) == 3


def test_the_cache_is_bounded(draw, monkeypatch):
    monkeypatch.setattr(rendering._fragments, "most", 2)
    for _ in range(4):
        draw(make_definition(make_field("text")))
    assert len(rendering._fragments) == 2


def test_large_forms_do_not_fill_the_memory(draw, monkeypatch):
    small, large = make_definition(make_field("text")), make_definition(*(make_field("text") for _ in range(10)))
    limit = len(draw(large)) + len(draw(small)) - 1
    monkeypatch.setattr(rendering._fragments, "signs", limit)
    draw(make_definition(make_field("text")))
    assert rendering._fragments.size <= limit
    draw(large)
    assert len(rendering._fragments) == 1
    assert rendering._fragments.size == len(draw(large))


def test_a_field_is_drawn_once_for_all_forms_that_have_it_alike(draw):
    fields = [make_field("text", title=f"Field {number}") for number in range(5)]
    whole = draw(make_definition(*fields))
    assert len(rendering._drawn) == 5
    draw(make_definition(replace(fields[0], title="Another"), *fields[1:]))
    assert len(rendering._drawn) == 6
    rendering._fragments.clear()
    assert draw(make_definition(*fields)) == whole


def test_what_was_drawn_for_one_is_not_shown_to_another(draw):
    button = make_field("button", config={"action": "set_status", "status_id": 5})
    definition = make_definition(make_field("text", editable_roles=("manager",)), button)
    ways = [
        {"roles": ["agent"]},
        {"roles": ["manager"]},
        {"language": "pl"},
        {"statuses": {}},
        {"statuses": {5: StatusLook("Otwarta", "new")}},
    ]
    alone = []
    for way in ways:
        rendering._drawn.clear()
        rendering._fragments.clear()
        alone.append(draw(definition, **way))
    rendering._fragments.clear()
    assert [draw(definition, **way) for way in ways] == alone
    assert len(set(alone)) == len(ways)


def test_only_the_wrapper_that_changed_has_another_hash(draw):
    first, second = make_field("text", title="A"), make_field("text", title="B")
    definition = make_definition(first, second)
    before, after = hashes(draw(definition)), hashes(draw(edits.rename_field(definition, first.id, "C")))
    assert before[first.id] != after[first.id]
    assert before[second.id] == after[second.id]


def test_a_button_bears_the_kind_of_its_status_and_is_disabled_without_it(draw):
    button, gone = (
        make_field("button", title="", config={"status_id": 5}),
        make_field("button", config={"status_id": 6}),
    )
    html = draw(make_definition(button, gone))
    assert 'class="sp-sbtn k-closed" type="button" data-status="5"' in html
    assert "Zamknięta" in html
    assert 'type="button" disabled title="The status of this button is hidden."' in html
    renamed = draw(make_definition(button, gone), statuses={5: StatusLook("Koniec", "closed")})
    assert "Koniec" in renamed


def test_a_required_field_says_so(draw):
    html = draw(make_definition(make_field("text", required_to_save=True), make_field("text", required_to_close=True)))
    assert 'aria-required="true"' in html
    assert "required to close" in html


def test_an_unknown_kind_is_shown_as_unknown(draw):
    raw = to_json(make_definition(make_field("text", title="Dziwne")))
    raw["fields"][0] |= {"kind": "hologram", "config": {}}
    assert "Unknown field" in draw(from_json(raw))


def test_hidden_choices_wait_for_a_card_where_they_were_chosen(draw):
    field = make_field("single_choice", config={"choices": [choice("Faks", hidden=True)]})
    assert "hidden data-retired>Faks (hidden)</option>" in draw(make_definition(field))


def test_pages_hold_their_own_fields(draw):
    first, second = make_field("text", title="Pierwsze"), make_field("text", title="Drugie")
    definition = edits.add_page(make_definition(first, second), "Dalej", page_id="page-2")
    html = draw(replace(definition, fields=(first, replace(second, page="page-2"))))
    assert html.index("Pierwsze") < html.index('data-page="page-2"') < html.index("Drugie")


def test_merge_fields_are_places_for_the_card():
    html = script_html("Dzień dobry, {{contact.first_name}}!\nTu <Splot>.\n\n(Poczekaj.)\n\n{{ case.secret }}")
    assert (
        '<p>Dzień dobry, <span class="m" data-merge="contact.first_name">First name</span>!<br>Tu &lt;Splot&gt;.</p>'
        in html
    )
    assert '<p class="do">(Poczekaj.)</p>' in html
    assert '<span class="m sp-bad" data-merge-unknown="case.secret"' in html


def test_filled_merge_fields_are_text_and_nothing_else():
    html = fill_merge("{{ contact.name }} {{ case.number }}", {"contact.name": "<b>{{ agent.name }}</b>"})
    assert "&lt;b&gt;{{ agent.name }}&lt;/b&gt;" in html
    assert '<span class="m" data-merge="case.number">Case number</span>' in html


def test_profiles_with_equal_rights_share_a_fragment(draw):
    definition = make_definition(make_field("text", editable_roles=("manager", "supervisor")))
    draw(definition, roles=["manager"])
    draw(definition, roles=["supervisor"])
    assert len(rendering._fragments) == 1
    assert everybody(definition).key != profile_for(definition, ["manager"]).key


def test_a_button_carries_what_its_action_needs_and_the_place_of_no_other(draw):
    address = "https://example.com/?q={{ contact.name }}&x=<b>"
    fields = [
        make_field("button", title="Dalej", config={"action": "go_to_page", "page_id": "page-1", "colour": "ok"}),
        make_field("button", title="Mapa", config={"action": "open_address", "address": address, "copied": "skryte"}),
        make_field("button", title="Kopia", config={"action": "copy_text", "copied": 'Nr "{{ case.number }}"'}),
        make_field("button", title="Sprawa", config={"action": "create_case", "campaign_id": 7}),
        make_field("button", title="Wyślij", config={"action": "call_webhook", "webhook_id": 7}, read_only=True),
    ]
    html = draw(make_definition(*fields))
    assert re.findall(r'data-act="(\w+)"', html) == [
        "go_to_page", "open_address", "copy_text", "create_case", "call_webhook",
    ]  # fmt: skip
    assert 'class="sp-sbtn c-ok" type="button" data-act="go_to_page" data-page-id="page-1"' in html
    assert 'data-address="https://example.com/?q={{ contact.name }}&amp;x=&lt;b&gt;"' in html
    assert 'data-copied="Nr &#34;{{ case.number }}&#34;"' in html
    assert "skryte" not in html
    assert re.search(r'data-act="call_webhook" disabled', html)


def test_an_image_has_the_words_of_its_title_and_no_picture_is_no_broken_one(draw):
    html = draw(make_definition(make_field("image", title='Plan "A"', config={"file_id": 7}), make_field("image")))
    assert html.count("<img") == 1
    assert '<img src="/files/pictures/7" alt="Plan &#34;A&#34;" loading="lazy">' in html
    assert "No picture yet" in html
