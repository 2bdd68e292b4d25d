from io import BytesIO

import pytest

from app.campaigns.pictures import keep_picture, the_picture
from app.core.errors import Invalid, NotFound, TooLarge
from app.formbuilder.field_types.display import PICTURES, ImageConfig
from app.formbuilder.versions import create_form, draft_definition, publish
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, signed_in, token
from tests.formbuilder.edits import add_field, hide_field

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40


def a_picture(manager, **rights):
    """A picture on a published form, and that form."""
    form = a_form()
    file = keep_picture(form, "plan.png", BytesIO(PNG), actor=manager)
    field = a_field("image", config=ImageConfig(file_id=file.id), **rights)
    publish(form, add_field(draft_definition(form), field), base=1, actor=manager)
    return file, form, field


def works_with(form, *users):
    """A campaign of these users whose script has the form."""
    script = a_working_script()
    script.form = form
    return a_campaign(*users, script=script)


def test_whoever_works_with_the_form_sees_its_picture(session):
    manager, agent, stranger = a_user("manager"), a_user(), a_user()
    file, form, field = a_picture(manager)
    works_with(form, agent)
    assert the_picture(file.id, actor=agent) is file
    assert the_picture(file.id, actor=manager) is file
    with pytest.raises(NotFound):
        the_picture(file.id, actor=stranger)
    publish(form, hide_field(draft_definition(form), field.id), base=2, actor=manager)
    with pytest.raises(NotFound):
        the_picture(file.id, actor=agent)


def test_a_picture_for_managers_is_none_for_agents(session):
    manager, agent = a_user("manager"), a_user()
    file, form, _field = a_picture(manager, visible_roles=("manager",))
    works_with(form, agent)
    with pytest.raises(NotFound):
        the_picture(file.id, actor=agent)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.pdf", b"%PDF-1.7\nplain", Invalid),
        ("a.png", b"plain text", Invalid),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", Invalid),
        ("a.png", PNG + b"\0" * 5 * 2**20, TooLarge),
    ],
)
def test_only_small_pictures_are_kept(session, name, content, refusal):
    manager = a_user("manager")
    form = create_form("Form", actor=manager)
    with pytest.raises(refusal):
        keep_picture(form, name, BytesIO(content), actor=manager)


def test_a_picture_is_uploaded_and_shown_inside_a_page(client, session):
    manager = a_user("manager")
    form = a_form()
    browser = signed_in(client, manager)
    sent = {"file": (BytesIO(PNG), "plan.png")}
    kept = browser.post(f"{PICTURES}/of/{form.id}", data=sent, headers={"X-CSRFToken": token(client)})
    assert kept.status_code == 201
    with browser.get(kept.get_json()["address"]) as shown:
        assert (shown.data, shown.headers["Content-Type"]) == (PNG, "image/png")
        assert "attachment" not in shown.headers.get("Content-Disposition", "")
        assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
