"""A form or a script that several campaigns share is changed by whom they all belong to."""

import pytest

from app.campaigns.forms import publish_form, publish_form_draft
from app.core.errors import Forbidden
from app.formbuilder import versions
from app.models.scripts import StatusKind
from app.scripts.editing import add_status, set_form
from app.scripts.values import StatusValues
from tests.factories import a_campaign, a_field, a_form, a_script, a_user, a_working_script
from tests.formbuilder import edits


def changed(form):
    definition = versions.draft_definition(form)
    return edits.rename_field(definition, definition.fields[0].id, "Otherwise")


@pytest.fixture
def form(session):
    return a_form(a_field())


def test_publishing_needs_the_right_on_every_campaign(form, session):
    script, manager = a_script(form_id=form.id), a_user("supervisor")
    a_campaign(manager, script=script)
    others = a_campaign(script=script)
    draft = versions.save_draft(form, changed(form), base=1, seen=None, actor=manager)
    with pytest.raises(Forbidden) as refusal:
        publish_form_draft(form, base=1, seen=draft.at, actor=manager)
    assert "(1)" in str(refusal.value)
    with pytest.raises(Forbidden):
        publish_form(form, changed(form), base=1, actor=manager)
    assert form.published == 1
    assert publish_form(form, changed(form), base=1, actor=a_user("admin")).number == 2
    others.script = a_script()
    session.flush()
    assert publish_form(form, changed(form), base=2, actor=manager).number == 3


def test_a_form_without_a_campaign_is_published_by_its_manager(form):
    assert publish_form(form, changed(form), base=1, actor=a_user("manager")).number == 2


@pytest.mark.parametrize("change", ["form", "status"])
def test_a_script_that_others_share_is_not_changed_behind_their_backs(form, session, change):
    script, manager = a_working_script(), a_user("supervisor")
    a_campaign(manager, script=script)
    others = a_campaign(script=script)

    def changes(actor):
        if change == "form":
            set_form(script, form, expected_version=script.version, actor=actor)
        else:
            values = StatusValues(name=f"Of {actor.id}", kind=StatusKind.PLAIN)
            add_status(script, values, expected_version=script.version, actor=actor)

    with pytest.raises(Forbidden) as refusal, session.begin_nested():
        changes(manager)
    assert "(1)" in str(refusal.value)
    changes(a_user("admin"))
    others.script = a_working_script()
    session.flush()
    changes(manager)
