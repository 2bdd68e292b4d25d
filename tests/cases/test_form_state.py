"""What cards of one audience show: made without a request, by the roles and the language of the audience alone."""

from typing import Any

from flask import Flask

from app.cases.form_state import Audience, audience_of, audiences_of, state_for, versions_of
from app.core.db import session as rows
from tests import factories


def test_a_state_is_made_for_an_audience_without_any_user(app: Flask, session: Any) -> None:
    field, secret = factories.a_field(title="Open"), factories.a_field(title="Secret", visible_roles=("manager",))
    script = factories.a_working_script(form=factories.a_form(field, secret))
    case = factories.an_open_case(factories.a_campaign(script=script))
    agent, manager = factories.a_user(), factories.a_user("manager")
    rows.commit()
    audience = audience_of(case, agent, "en")
    assert audiences_of([case.id], agent, "en") == {case.id: audience}
    assert audience.key != audience_of(case, manager, "en").key
    state = state_for(audience, app.jinja_env)
    assert state is not None
    assert (state.form_version, state.script_version) == versions_of([script.id])[script.id]
    assert state.audience == audience.key
    assert "Open" in str(state.fragment)
    assert "Secret" not in str(state.fragment)
    assert state.answered == ()
    assert str(state.statuses).count("card-status:") > 1
    nobody = Audience(form_id=None, script_id=-1, roles=frozenset(), may_edit=False, language="en")
    assert state_for(nobody, app.jinja_env) is None
