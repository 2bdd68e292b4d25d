"""Users by invitation, their changes, and how they leave."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.permissions import granted
from app.core import clock
from app.core.db import session
from app.core.errors import Invalid, NotFound, Refused
from app.models import ApiToken, HistoryEntry
from app.people import account, links, sessions, tokens, users
from app.people.passwords import is_password
from app.people.settings import Key, change_setting
from app.people.sign_in import LONGEST_WAIT, sign_in, wait_after
from tests.factories import PASSWORD, a_role, a_team, a_user

pytestmark = pytest.mark.usefixtures("session")

NEW = "an even longer bicycle"


def _values(**changed: object) -> users.UserValues:
    values = {
        "username": "nowa", "first_name": "Nowa", "last_name": "Osoba", "email": "Nowa@Example.com",
        "roles": [a_role("agent")], **changed,
    }  # fmt: skip
    return users.UserValues(**values)  # type: ignore[arg-type]


def test_an_invited_user_comes_in_by_the_link_once() -> None:
    admin = a_user("admin")
    user, link = users.invite_user(_values(teams=[a_team()]), actor=admin)
    assert user.email == "nowa@example.com"
    assert sign_in("nowa", "") is None
    assert links.use_link(link, NEW) is user
    assert sign_in("NOWA", NEW) is user
    with pytest.raises(NotFound):
        links.use_link(link, PASSWORD)


def test_a_link_runs_out_and_a_later_one_ends_it() -> None:
    admin = a_user("admin")
    user, first = users.invite_user(_values(), actor=admin)
    second = links.new_link(user, actor=admin)
    with pytest.raises(NotFound):
        links.invitation_of(first)
    with clock.stopped_at(clock.now() + timedelta(hours=73)), pytest.raises(NotFound):
        links.invitation_of(second)


def test_a_reset_ends_the_present_password_and_every_session() -> None:
    user = a_user()
    key = sessions.begin_session(user, address=None, browser=None)
    link = users.reset_password(user, actor=a_user("admin"))
    assert sign_in(user.username, PASSWORD) is None
    assert sessions.live_session(key) is None
    links.use_link(link, NEW)
    assert sign_in(user.username, NEW) is user


def test_login_and_address_are_unique_whatever_the_case() -> None:
    admin = a_user("admin")
    users.create_user(_values(), actor=admin)
    with pytest.raises(Invalid) as told:
        users.create_user(_values(username="NOWA", email="other@example.com"), actor=admin)
    assert set(told.value.fields) == {"username"}
    with pytest.raises(Invalid) as told:
        users.create_user(_values(username="inna"), actor=admin)
    assert set(told.value.fields) == {"email"}


def test_a_change_is_told_in_the_history_by_names() -> None:
    admin, user = a_user("admin"), a_user("agent")
    values = _values(username=user.username, email=user.email, roles=[a_role("supervisor")])
    users.change_user(user, values, actor=admin)
    entry = session.scalars(select(HistoryEntry).filter_by(record="user", action="changed")).one()
    assert (entry.before["roles"], entry.after["roles"]) == (["agent"], ["supervisor"])
    assert "password" not in entry.after
    assert granted(user) == granted(a_user("supervisor"))


def test_the_last_admin_stays() -> None:
    admin, other = a_user("admin"), a_user("admin")
    users.deactivate_user(other, actor=admin)
    with pytest.raises(Refused):
        users.deactivate_user(admin, actor=a_user("manager"))
    with pytest.raises(Refused):
        users.change_user(admin, _values(roles=[a_role("agent")]), actor=admin)
    assert admin.active


def test_nobody_deactivates_themselves() -> None:
    a_user("admin")
    admin = a_user("admin")
    with pytest.raises(Refused):
        users.deactivate_user(admin, actor=admin)


def test_a_deactivated_user_has_no_way_in_and_can_be_let_in_again() -> None:
    admin, user = a_user("admin"), a_user()
    key = sessions.begin_session(user, address=None, browser=None)
    text = tokens.create_token(user, "script", [tokens.TokenScope.READ], 30)
    link = links.new_link(user, actor=admin)
    users.deactivate_user(user, actor=admin)
    assert sign_in(user.username, PASSWORD) is None
    assert sessions.live_session(key) is None
    assert tokens.token_of(text) is None
    with pytest.raises(NotFound):
        links.invitation_of(link)
    users.activate_user(user, actor=admin)
    assert sign_in(user.username, PASSWORD) is user
    assert sessions.live_session(key) is None


@pytest.mark.parametrize(
    "text",
    [
        "short",
        "aaaaaaaaaaaaaa",
        "password1234",
        "PasswordPassword",
        "1234567890123",
        "Próbna is my name 1",
        "x\x00 bicycle trees",
    ],
)
def test_weak_passwords_are_refused_with_reasons(text: str) -> None:
    user = a_user(last_name="Próbna")
    with pytest.raises(Invalid) as told:
        account.set_password(user, text, actor=None)
    assert told.value.fields["password"]


def test_the_shortest_password_is_a_setting() -> None:
    user = a_user()
    change_setting(Key.PASSWORD_LENGTH, 30, actor=None)
    with pytest.raises(Invalid, match="another password"):
        account.set_password(user, NEW, actor=None)
    with pytest.raises(Invalid):
        change_setting(Key.PASSWORD_LENGTH, 3, actor=None)


def test_the_present_password_is_asked_for() -> None:
    user = a_user()
    with pytest.raises(Invalid) as told:
        account.change_own_password(user, "wrong", NEW)
    assert set(told.value.fields) == {"present"}
    account.change_own_password(user, PASSWORD, NEW)
    assert is_password(user, NEW)


def test_a_password_is_the_same_from_every_keyboard() -> None:
    user = a_user()
    account.set_password(user, "zażółć gęślą jaźń", actor=None)
    assert is_password(user, "zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301")


def test_the_wait_doubles_to_its_limit() -> None:
    waits = [wait_after(failures, 5) for failures in range(1, 40)]
    assert waits[:4] == [None] * 4
    assert [int(wait.total_seconds()) for wait in waits[4:9] if wait] == [30, 60, 120, 240, 480]
    assert set(waits[10:]) == {LONGEST_WAIT}


def test_a_token_is_kept_as_a_digest_and_ends_in_time() -> None:
    user = a_user()
    text = tokens.create_token(user, "script", [tokens.TokenScope.READ], 1)
    row = session.scalars(select(ApiToken)).one()
    assert text.encode() not in row.digest
    assert tokens.token_of(text) is row
    assert tokens.token_of(text + "x") is None
    with clock.stopped_at(clock.now() + timedelta(days=1, seconds=1)):
        assert tokens.token_of(text) is None
    with pytest.raises(NotFound):
        tokens.revoke_token(a_user(), row.id)
    tokens.revoke_token(user, row.id)
    assert tokens.token_of(text) is None


def test_a_setting_is_recorded_and_bounded() -> None:
    admin = a_user("admin")
    change_setting(Key.LOCK_AFTER, 7, actor=admin)
    entry = session.scalars(select(HistoryEntry).filter_by(record="setting")).one()
    assert (entry.before, entry.after) == ({"sign_in.lock_after": 5}, {"sign_in.lock_after": 7})
