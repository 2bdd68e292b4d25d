from io import BytesIO

import pytest
from sqlalchemy import select

from app.cases.drafts import discard_draft, draft_of, save_draft
from app.cases.notes import add_note, attach_file, edit_note
from app.core import db
from app.core.errors import Conflict, Forbidden, Invalid, TooLarge
from app.models import Activity
from app.models.activities import ActivityKind
from tests.factories import a_user, an_open_case

pytestmark = pytest.mark.usefixtures("session")


def test_an_edited_note_keeps_its_earlier_texts():
    case, author = an_open_case(), a_user()
    note = add_note(case, " First\r\nline ", actor=author)
    edit_note(note, "Second", seen="First\nline", actor=author)
    edit_note(note, "Third", actor=author)
    assert note.body == "Third"
    assert [each.body for each in note.revisions] == ["First\nline", "Second"]
    with pytest.raises(Conflict):
        edit_note(note, "Fourth", seen="Second", actor=author)


def test_only_its_author_or_a_supervisor_edits_a_note():
    note = add_note(an_open_case(), "Mine", actor=a_user())
    with pytest.raises(Forbidden):
        edit_note(note, "Yours", actor=a_user())
    assert edit_note(note, "Checked", actor=a_user("supervisor")).body == "Checked"


@pytest.mark.parametrize("body", ["", " \n ", "\0", "x" * 20_001])
def test_a_note_is_neither_empty_nor_endless(body):
    with pytest.raises(Invalid):
        add_note(an_open_case(), body, actor=a_user())


def test_an_attached_file_stands_in_the_timeline():
    case, agent = an_open_case(), a_user()
    file = attach_file(case, "Umowa.pdf", BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), actor=agent)
    activity = db.session.scalars(select(Activity).where(Activity.kind == ActivityKind.FILE)).one()
    assert (file.case_id, activity.payload["file"], activity.payload["name"]) == (case.id, file.id, "Umowa.pdf")


def test_a_draft_belongs_to_its_user_alone():
    case, anna, jan = an_open_case(), a_user(), a_user()
    save_draft(case, {"subject": "A", "answers": {"x": ["a\0b"]}}, base_version=1, actor=anna)
    save_draft(case, {"subject": "B"}, base_version=2, actor=jan)
    save_draft(case, {"subject": "C"}, base_version=2, actor=jan)
    assert draft_of(case, actor=anna).content == {"subject": "A", "answers": {"x": ["ab"]}}
    newest = draft_of(case, actor=jan)
    assert (newest.content, newest.base_version) == ({"subject": "C"}, 2)
    discard_draft(case, actor=jan)
    db.session.expire_all()
    assert draft_of(case, actor=jan) is None
    with pytest.raises(TooLarge):
        save_draft(case, {"answers": {"x": "y" * 2**21}}, base_version=1, actor=anna)
