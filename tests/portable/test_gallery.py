"""Ready campaigns: each can be started from, and a case of it worked on to its end."""

import re
from datetime import UTC, datetime

import pytest

from app.cases.saving import CaseChanges, save_case
from app.core.i18n import LANGUAGES
from app.formbuilder.config import WithChoices
from app.formbuilder.field_types.buttons import ButtonConfig
from app.formbuilder.field_types.display import ScriptTextConfig
from app.formbuilder.logic import instant, state
from app.formbuilder.merge_fields import unknown_names
from app.formbuilder.versions import current_version, definition_of
from app.portable.gallery import GALLERY, ready_file, ready_form, start_from
from app.scripts.flow import flow_of
from app.scripts.kinds import KINDS
from app.scripts.ruling import rule_facts
from app.scripts.statuses import facts_by_id
from tests.factories import a_campaign, a_user, an_open_case

EACH = [(ready.name, language) for ready in GALLERY for language in LANGUAGES]
AT = instant(datetime(2026, 3, 4, 10, tzinfo=UTC))
TYPED = {
    "text": "Próba", "long_text": "Opis sprawy", "number": "12", "money": "320.50", "percent": "20",
    "date": "2026-03-04", "time": "10:30", "date_time": "2026-03-04 10:30", "yes_no": "yes", "rating": "5",
    "email": "anna@example.com",
    "pesel": "44051401359", "iban": "PL61109010140000071219812874", "phone": "+48 500 100 200",
}  # fmt: skip
"""What an agent types into a field of the kind."""


@pytest.mark.parametrize(("name", "language"), EACH)
def test_a_case_can_be_worked_on_to_its_end(session, name, language):
    user = a_user("admin")
    brought = start_from(name, language, actor=user)
    assert brought.is_published
    assert brought.unfinished == brought.left_out == brought.statuses == []
    flow = flow_of(facts_by_id(brought.script), rule_facts(brought.script), {}, past=())
    assert flow.dead_ends == flow.unreachable == ()
    definition = definition_of(current_version(brought.form.id))
    case = an_open_case(a_campaign(user, script=brought.script), actor=user)
    typed = {field.id: answer(field) for field in definition.answer_fields() if answer(field)}
    ends = [status for status in brought.script.statuses if KINDS[status.kind].ends]
    save_case(case, CaseChanges(answers=typed, status_id=ends[0].id), loaded_version=case.version, actor=user)
    assert case.status_id == ends[0].id


def answer(field):
    if isinstance(field.config, WithChoices) and field.kind == "single_choice":
        return field.config.choices[0].id
    if isinstance(field.config, WithChoices):
        return [field.config.choices[0].id]
    smallest = getattr(field.config, "smallest", None) or 0
    return str(smallest) if smallest > 12 else TYPED.get(field.kind)


@pytest.mark.parametrize(("name", "language"), EACH)
def test_texts_name_only_what_is_known(name, language):
    definition, statuses = ready_form(name, language)
    for field in definition.fields:
        if isinstance(field.config, ScriptTextConfig):
            assert unknown_names(field.config.text) == []
        if isinstance(field.config, ButtonConfig):
            assert field.config.page_id or field.config.status_id in statuses
    assert definition.header_fields()
    assert definition.list_fields()
    assert len(definition.pages) >= 4
    assert any(page.branches for page in definition.pages)
    assert any(field.required_to_save for field in definition.fields)
    assert any(field.required_to_close for field in definition.fields)
    assert any(field.kind == "calculated" for field in definition.fields)


@pytest.mark.parametrize(("name", "language"), EACH)
def test_every_page_can_be_reached(name, language):
    """By some choice of answers, one field at a time."""
    definition, _ = ready_form(name, language)
    reached = set(state(definition, {}, AT).path)
    for field in definition.answer_fields():
        for value in values(field):
            for other in definition.answer_fields():
                first = [] if other is field else [(other.id, each) for each in values(other)[:1]]
                reached |= set(state(definition, {**dict(first), field.id: value}, AT).path)
    assert reached == {page.id for page in definition.pages}


def values(field):
    if field.kind == "single_choice":
        return [choice.id for choice in field.config.choices]
    return {"rating": [0, 8, 10], "yes_no": [True, False]}.get(field.kind, [])


@pytest.mark.parametrize("ready", GALLERY, ids=lambda ready: ready.name)
def test_both_languages_are_built_alike(ready):
    polish, english = (ready_file(ready.name, language) for language in ("pl", "en"))
    assert [(each.key, each.kind) for each in polish.statuses] == [(each.key, each.kind) for each in english.statuses]
    shapes = [
        [
            (field.kind, field.page, field.width, field.visible_if is None)
            for field in ready_form(ready.name, each)[0].fields
        ]
        for each in ("pl", "en")
    ]
    assert shapes[0] == shapes[1]
    assert polish.id != english.id
    assert polish.description != english.description
    assert not re.search(r"[ąęłśżźćńó]", " ".join(status.name for status in english.statuses))


def test_started_twice_makes_two(session):
    user = a_user("manager")
    first, second = (start_from("nps_survey", "pl", actor=user) for _ in range(2))
    assert first.script.name == "Badanie NPS"
    assert second.script.name == "Badanie NPS (2)"
    ids = [definition_of(current_version(each.form.id)).by_id.keys() for each in (first, second)]
    assert ids[0].isdisjoint(ids[1])
