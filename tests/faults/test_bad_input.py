"""What does not fit, at the door of the card and of REST: refused in words, nothing lost, nothing half-stored."""

import io

import pytest
from sqlalchemy import func, select

from app.cases.answers import document_of
from app.cases.drafts import draft_of
from app.core.db import session
from app.formbuilder.config import Choice
from app.formbuilder.field_types.choices import SingleChoiceConfig
from app.models import StoredFile
from app.people.tokens import TokenScope, create_token
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case, signed_in, token

BAD = [
    ("text", "a\x00b"),
    ("text", "x" * 100_000),
    ("number", "twelve"),
    ("number", "1e400"),
    ("date", "31.02.2027"),
    ("email", "nobody@"),
    ("yes_no", "perhaps"),
    ("single_choice", "no-such-choice"),
    ("rating", "99"),
    ("pesel", "12345678901"),
]
"""Kind of the field, and what somebody sends for it."""


@pytest.fixture
def anna(session):
    return a_user("agent")


@pytest.fixture
def make_case(anna):
    def make(kind="text"):
        config = (
            {"config": SingleChoiceConfig(choices=(Choice(id="one", title="One"),))} if kind == "single_choice" else {}
        )
        field = a_field(kind, **config)
        script = a_working_script(form=a_form(field))
        return an_open_case(a_campaign(anna, script=script), owner=anna), field

    return make


@pytest.fixture
def card(client, anna):
    """The card's door."""
    signed_in(client, anna)

    def send(path, **what):
        headers = {"X-CSRFToken": token(client), "Accept": "application/json"}
        return client.post(path, headers=headers, **what)

    return send


@pytest.fixture
def rest(client, anna):
    """The door for programs."""
    secret = create_token(anna, "test", list(TokenScope), days=1)
    session.commit()

    def send(method, path, **what):
        return client.open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {secret}"}, **what)

    return send


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_the_card_refuses_and_keeps_what_was_typed(card, anna, make_case, kind, value):
    case, field = make_case(kind)
    key = f"answer:{field.id}"
    body = {"changes": {key: value, "subject": "Kept?"}, "loaded_version": case.version, "form_version": 1}
    answer = card(f"/cases/{case.number}/save", json=body)
    assert answer.status_code == 422, answer.text
    assert key in answer.json["fields"]
    assert document_of(case).get(field.id) is None
    assert case.subject != "Kept?"
    draft = draft_of(case, actor=anna)
    assert draft is not None
    assert draft.content["subject"] == "Kept?"


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_the_rest_door_refuses_the_same(rest, make_case, kind, value):
    case, field = make_case(kind)
    answer = rest("PATCH", f"/cases/{case.number}", json={"version": case.version, "answers": {field.id: value}})
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    assert document_of(case).get(field.id) is None


@pytest.mark.parametrize("value", [7, True, {"a": 1}, [1], [["x"]]])
def test_an_answer_that_is_no_text(card, make_case, value):
    case, field = make_case()
    body = {"changes": {f"answer:{field.id}": value}, "loaded_version": case.version, "form_version": 1}
    assert card(f"/cases/{case.number}/save", json=body).status_code == 422
    assert document_of(case).get(field.id) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.pdf.exe", b"MZ\x90\x00" + bytes(200)),
        ("harmless.txt", b"MZ\x90\x00" + bytes(200)),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("empty.txt", b""),
    ],
)
def test_files_of_a_forbidden_kind(card, make_case, name, content):
    case, _field = make_case()
    answer = card(f"/cases/{case.number}/files", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 422, answer.text
    assert answer.json["title"]
    assert session.scalar(select(func.count(StoredFile.id))) == 0


def test_a_file_that_is_too_large(card, make_case, app):
    case, _field = make_case()
    content = b"a" * (app.config["SETTINGS"].upload_limit + 1)
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="long.txt"\r\n\r\n'
    body = head + content + b"\r\n--edge--\r\n"  # by hand: the test client would leave its own temporary file open
    answer = card(f"/cases/{case.number}/files", data=body, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code in {413, 422}, answer.text
    assert answer.json["title"]
    assert session.scalar(select(func.count(StoredFile.id))) == 0
