"""Sessions of the browser."""

import pytest

from app.core.db import session
from app.people import sessions
from tests.factories import a_user

pytestmark = pytest.mark.usefixtures("session")


def test_a_raised_epoch_alone_ends_every_session() -> None:
    user = a_user()
    key = sessions.begin_session(user, address="192.0.2.1", browser="x" * 500)
    assert sessions.live_session(key) is not None
    user.session_epoch += 1
    session.flush()
    assert sessions.live_session(key) is None
    assert sessions.open_sessions(user) == []


def test_one_session_ends_without_the_others() -> None:
    user = a_user()
    first, second = (sessions.begin_session(user, address=None, browser=None) for _ in range(2))
    sessions.end_session(first)
    session.expire_all()
    assert sessions.live_session(first) is None
    assert sessions.live_session(second) is not None
    assert len(sessions.open_sessions(user)) == 1
