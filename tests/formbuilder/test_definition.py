from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.formbuilder.config import Choice, WithChoices
from app.formbuilder.definition import FormDefinition, Page, empty_definition, from_json, to_json
from app.formbuilder.field_types.figures import NumberConfig
from tests.formbuilder.form_samples import choice, make_definition, make_field

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
roles = st.none() | st.lists(words, max_size=3).map(tuple)
flags = st.booleans()
tokens = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
amounts = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999)
configs = {
    "number": st.builds(
        NumberConfig,
        smallest=amounts,
        largest=amounts,
        decimals=st.integers(0, 6),
        unit=words.map(lambda text: text[:12]),
    ),
    "multiple_choice": st.lists(
        st.builds(Choice, id=tokens, title=words, hidden=flags), max_size=5, unique_by=lambda each: each.id
    ).map(lambda choices: WithChoices(choices=tuple(choices))),
}


@st.composite
def definitions(draw):
    pages = draw(
        st.lists(st.builds(Page, id=tokens, title=words), min_size=1, max_size=3, unique_by=lambda page: page.id)
    )
    fields = []
    for kind in draw(st.lists(st.sampled_from(["number", "multiple_choice", "heading", "text"]), max_size=5)):
        field = make_field(kind)
        settings = draw(
            st.fixed_dictionaries(
                {
                    "title": words,
                    "help": words,
                    "width": st.sampled_from([1, 2, 3, 4, 6]),
                    "required_to_save": flags,
                    "hidden": flags,
                    "visible_roles": roles,
                    "editable_roles": roles,
                    "show_in_lists": flags,
                    "config": configs.get(kind, st.just(field.config)),
                }
            )
        )
        fields.append(replace(field, page=draw(st.sampled_from(pages)).id, **settings))
    return FormDefinition(pages=tuple(pages), fields=tuple(fields))


@given(definitions())
def test_writing_and_reading_is_the_identity(definition):
    raw = to_json(definition)
    assert from_json(raw) == definition
    assert to_json(from_json(raw)) == raw
    assert from_json(raw).digest == definition.digest


def spoiled(**changes):
    """The JSON of a form with one number field, whose keys are changed."""
    raw = to_json(make_definition(make_field("number")))
    raw["fields"][0] |= changes
    return raw


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ([], "form"),
        ({}, "pages"),
        ({"pages": []}, "pages"),
        ({"pages": [{"id": "a"}, {"id": "a"}]}, "stands twice"),
        ({"pages": [{"id": "a", "colour": "red"}]}, "colour"),
        ({"pages": [{"id": "a b"}]}, "pages › 1 › id"),
        ({"pages": [{"id": "a"}], "fields": [7]}, "fields › 1"),
        ({"pages": [{"id": "a"}], "fields": {}}, "fields"),
        (spoiled(id="x"), "fields › 1 › id"),
        (spoiled(kind=None), "fields › 1 › kind"),
        (spoiled(page="page-9"), "page-9"),
        (spoiled(title="x" * 201), "fields › 1 › title"),
        (spoiled(title="a\0"), "fields › 1 › title"),
        (spoiled(width=5), "fields › 1 › width"),
        (spoiled(width=True), "fields › 1 › width"),
        (spoiled(hidden=1), "fields › 1 › hidden"),
        (spoiled(visible_roles=["agent", 1]), "visible_roles › 2"),
        (spoiled(default="many"), "default"),
        (spoiled(config={"decimals": 7}), "config › decimals"),
        (spoiled(config={"smallest": "NaN"}), "config › smallest"),
        (spoiled(config={"smallest": 1.5}), "config › smallest"),
        (spoiled(config={"colour": 1}), "colour"),
        (spoiled(config=[]), "config"),
        (spoiled(kind="hologram", config=[]), "config"),
        (spoiled(kind="heading", config={}, default="x"), "no answer"),
        (spoiled(kind="single_choice", config={"choices": [choice("A"), {"id": "x"}]}), "choices › 2"),
        (spoiled(kind="single_choice", config={"choices": [{"id": "x", "title": "A"}] * 2}), "stands twice"),
        ({"pages": [{"id": "a"}], "fields": [{}] * 401}, "at most 400"),
        (spoiled(kind="single_choice", config={"choices": [{}] * 1001}), "at most 1000"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(raw, where):
    with pytest.raises(Invalid, match=where):
        from_json(raw)


def test_a_field_that_stands_twice_is_refused():
    field = make_field("text")
    with pytest.raises(Invalid, match="stands twice"):
        from_json(to_json(make_definition(field, field)))


def test_settings_that_are_left_out_have_their_defaults():
    raw = spoiled()
    raw["fields"][0] = {key: raw["fields"][0][key] for key in ("id", "kind", "page")}
    field = from_json(raw).fields[0]
    assert field.config == NumberConfig()
    assert (field.width, field.visible_roles, field.required_to_save) == (6, None, False)


def test_limits_keep_every_digit():
    field = make_field("number", config={"smallest": "0.10"})
    assert from_json(to_json(make_definition(field))).fields[0].config.smallest == Decimal("0.10")


def test_the_header_and_lists_show_what_is_marked_and_not_hidden():
    shown = make_field("text", show_in_header=True, show_in_lists=True)
    hidden = make_field("text", show_in_header=True, show_in_lists=True, hidden=True)
    heading = make_field("heading", show_in_header=True)
    definition = make_definition(shown, hidden, heading, make_field("text"))
    assert definition.header_fields() == definition.list_fields() == [shown]


def test_an_empty_form_has_one_page():
    assert from_json(to_json(empty_definition())) == empty_definition()
