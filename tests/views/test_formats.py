"""Dates and times on pages: in the forms of the reader's language, in the reader's time zone."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from app.contacts.changing import create_contact
from app.contacts.values import ContactValues
from app.core.db import transaction
from app.core.i18n import in_language
from app.models import CustomField
from app.models.contacts import CustomFieldKind
from app.views.formats import clock_time, due_text, exact, short
from tests.factories import a_user, signed_in

MOMENT = datetime(2031, 9, 17, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ("20:05", "17 Sept 2031, 20:05", "17 Sept 20:05", "Wednesday 17 September 2031, 20:05")),
        ("pl", ("20:05", "17 wrz 2031, 20:05", "17 wrz 20:05", "środa, 17 września 2031, 20:05")),
    ],
)
def test_both_languages_put_the_day_first_and_count_24_hours(app, language, shown):
    with app.app_context(), in_language(language):
        assert (clock_time(MOMENT), short(MOMENT), due_text(MOMENT), exact(MOMENT).replace("day,", "day")) == shown


@pytest.mark.parametrize(("language", "shown"), [("en", "4 Sept 2026"), ("pl", "4.09.2026")])
def test_a_date_of_a_contact_is_written_in_the_readers_language(client, session, language, shown):
    session.add(CustomField(key="until", title="Valid until", kind=CustomFieldKind.DATE))
    session.commit()
    with transaction():
        contact = create_contact(ContactValues(last_name="Kot", custom={"until": "2026-09-04"}), actor=None)
    signed_in(client, a_user("admin", language=language))
    page = client.get(f"/contacts/show/{contact.id}").get_data(as_text=True)
    assert f"<dd>{shown}</dd>" in page, "in the details"
    assert f'<td title="{shown}">' in page, "in the history"
    assert "2026-09-04" not in page
    columns = client.get("/contacts/list/?columns=name,custom.until").get_data(as_text=True)
    assert f">{shown}<" in columns
    assert 'value="2026-09-04"' in client.get(f"/contacts/edit/{contact.id}").get_data(as_text=True)


def test_the_browser_is_told_the_users_time_zone(client):
    signed_in(client, a_user(time_zone="Asia/Tokyo"))
    assert ' data-time-zone="Asia/Tokyo"' in client.get("/account/").get_data(as_text=True)


def test_without_the_database_the_page_still_has_its_look(app, client, monkeypatch):
    signed_in(client, a_user("admin"))

    def gone(*_args):
        raise OperationalError("select", {}, Exception("the server closed the connection"))

    monkeypatch.setitem(app.view_functions, "ContactView.list", gone)
    answer = client.get("/contacts/list/", headers={"Accept-Language": "pl"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert 'rel="stylesheet"' in page
    assert 'data-do="reload"' in page
    assert "Część systemu nie odpowiada." in page
