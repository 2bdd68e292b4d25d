"""The pages of files and of the gallery."""

import pytest
from sqlalchemy import select

from app.formbuilder.versions import current_version, draft_of
from app.models import Script
from app.portable.exporting import export_script
from app.portable.gallery import ready_file, start_from
from app.scripts.editing import rename_script
from tests.factories import a_role, a_user, a_working_script, signed_in, token


@pytest.fixture
def manager(client):
    return signed_in(client, a_user("manager"))


def post(client, url, **json):
    return client.post(url, json=json, headers={"X-CSRFToken": token(client)})


def test_a_script_is_downloaded_as_a_file(manager, session):
    script = a_working_script()
    rename_script(script, "Reklamacje „prąd”", expected_version=script.version, actor=None)
    response = manager.get(f"/scripts/{script.id}/file")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="reklamacje-prad.yaml"'
    assert response.get_data(as_text=True) == export_script(script)
    assert f"/scripts/{script.id}/file" in manager.get(f"/scripts/{script.id}").get_data(as_text=True)


def test_a_file_is_previewed_and_then_brought_in(manager, session):
    gone = start_from("nps_survey", "en", actor=a_user("manager"))
    text = export_script(gone.script).replace("NPS survey", "Asked again")
    text = text.replace(str(gone.script.portable_id), "6f0d3c0e-8a57-4b8e-9a5c-0c7f2c1d9b11")
    before = session.scalars(select(Script.name)).all()

    told = post(manager, "/scripts/bring-in/preview", text=text)
    assert told.status_code == 200
    assert "A new script: Asked again" in told.json["html"]
    assert "Make it and publish the form" in told.json["html"]
    assert session.scalars(select(Script.name)).all() == before

    brought = post(manager, "/scripts/bring-in", text=text, version=told.json["version"], publish=True)
    script = session.scalars(select(Script).filter_by(name="Asked again")).one()
    assert brought.json["go"] == f"/scripts/{script.id}"
    assert current_version(script.form_id).number == 1


def test_a_script_that_is_here_is_brought_up_to_date_as_a_draft(client, session):
    user = a_user("manager")
    manager = signed_in(client, user)
    script = start_from("nps_survey", "pl", actor=user).script
    text = export_script(script).replace("Do ankiety", "Do zapytania").replace("title: Otwarcie", "title: Na początek")
    told = post(manager, "/scripts/bring-in/preview", text=text)
    assert "The status “Do ankiety” is renamed: Do zapytania" in told.json["html"]
    assert "Na początek" in told.json["html"]
    anew = post(manager, "/scripts/bring-in/preview", text=text, as_new=True)
    assert "A new script: Badanie NPS (2)" in anew.json["html"]
    assert anew.json["version"] == 0

    rename_script(script, "Inny", expected_version=script.version, actor=None)
    session.commit()
    late = post(manager, "/scripts/bring-in", text=text, version=told.json["version"])
    assert late.status_code == 409
    told = post(manager, "/scripts/bring-in/preview", text=text)
    assert post(manager, "/scripts/bring-in", text=text, version=told.json["version"]).status_code == 200
    session.refresh(script)
    assert script.statuses[0].name == "Do zapytania"
    assert current_version(script.form_id).number == 1
    assert draft_of(script.form, user) is not None


def test_what_is_no_file_is_refused_with_its_place(manager):
    for text, why in (("", "Choose a file."), ("a: [", "Line"), ("a: 1", "no script of Splot"), ("a: &a 1", "anchors")):
        response = post(manager, "/scripts/bring-in/preview", text=text)
        assert response.status_code == 422
        assert why in response.json["title"] + response.json.get("detail", "")
    assert post(manager, "/scripts/bring-in/preview", text="x" * (2**20 + 1)).status_code == 413
    assert post(manager, "/scripts/bring-in/preview", text=["x"]).status_code == 422


def test_a_file_takes_the_rights_of_both(client, session):
    """Whoever edits scripts alone brings no form in, and whoever may not publish starts nothing."""
    role = a_role("only scripts")
    everything = {(pair.permission.name, pair.view_menu.name): pair for pair in a_role("manager").permissions}
    role.permissions = [everything["can_edit", "Script"], everything["can_read", "Script"]]
    browser = signed_in(client, a_user("only scripts"))
    assert browser.get("/scripts/bring-in").status_code == 403
    assert post(browser, "/scripts/bring-in/preview", text="a: 1").status_code == 403
    assert post(browser, "/gallery/nps_survey/start").status_code == 403
    assert "Start from this" not in browser.get("/gallery/").get_data(as_text=True)
    role.permissions = [*role.permissions, everything["can_edit", "Form"]]
    session.commit()
    text = export_script(a_working_script())
    assert post(browser, "/scripts/bring-in", text=text, version=0, publish=True).status_code == 403
    assert post(browser, "/gallery/nps_survey/start").status_code == 403


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_gallery_shows_six_and_each_can_be_looked_at(manager, language):
    page = manager.get(f"/gallery/?language={language}").get_data(as_text=True)
    assert page.count("Start from this") == 6
    assert page.count(f'data-body="{{&#34;language&#34;: &#34;{language}&#34;}}"') == 6
    for name in ("complaint_handling", "telesales"):
        assert ready_file(name, language).name in page
    one = manager.get(f"/gallery/complaint_handling?language={language}").get_data(as_text=True)
    for title in ("Rozmowa", "Zgłoszenie", "Licznik", "Rozwiązanie", "Koniec") if language == "pl" else ("Meter",):
        assert f'aria-label="{title}"' in one
    assert manager.get("/gallery/everything").status_code == 404


def test_starting_leads_on_to_a_campaign(manager, session):
    begun = post(manager, "/gallery/debt_reminder/start", language="en")
    script = session.scalars(select(Script).filter_by(name="Debt reminder")).one()
    assert begun.json["go"] == f"/campaigns/add?script={script.id}&ready=debt_reminder"
    page = manager.get(begun.json["go"]).get_data(as_text=True)
    assert 'value="Debt reminder"' in page
    assert f'<option value="{script.id}" selected>' in page
    assert '<option value="contact.phone" selected>' in page
    assert manager.get("/campaigns/add?script=x&ready=y").status_code == 200
