"""Whose language a page speaks: the user's, this browser's choice, what the browser prefers, and at last Polish."""

import re

import pytest

from app.people.roles import LONGEST_NAME
from tests.factories import a_user, signed_in, token

POLISH, ENGLISH = "Pokaż hasło", "Show the password"


def language_of(answer):
    text = answer.get_data(as_text=True)
    said = {"pl": POLISH in text, "en": ENGLISH in text}
    shown = re.search(r'<html lang="(\w+)"', text)[1]
    if any(said.values()):
        assert [name for name, is_said in said.items() if is_said] == [shown]
    return shown


def log_in_page(client, accepted):
    client.environ_base.pop("HTTP_ACCEPT_LANGUAGE", None)
    return language_of(client.get("/login/", headers={"Accept-Language": accepted} if accepted else {}))


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("pl", "pl"),
        ("en", "en"),
        ("en-GB,en;q=0.8", "en"),
        ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("de,en;q=0.5,pl;q=0.4", "en"),
        ("de,fr;q=0.5", "pl"),
        ("*", "pl"),
        ("", "pl"),
        (None, "pl"),
        ("x" * 300, "pl"),
    ],
)
def test_without_a_choice_the_browser_says_and_at_last_it_is_polish(client, accepted, expected):
    assert log_in_page(client, accepted) == expected


def choose(client, language):
    return client.post(f"/lang/{language}", data={"csrf_token": token(client)})


def test_a_link_changes_no_language(client):
    assert client.get("/lang/pl").status_code == 405
    assert client.post("/lang/pl").status_code == 400


def test_a_choice_holds_for_this_browser(client):
    choose(client, "pl")
    assert log_in_page(client, "en") == "pl"
    choose(client, "en")
    assert log_in_page(client, "pl") == "en"


def test_an_unknown_language_is_not_found_and_changes_nothing(client):
    choose(client, "en")
    assert choose(client, "tlh").status_code == 404
    assert log_in_page(client, "pl") == "en"


def test_the_language_of_the_user_goes_before_the_browser_and_its_choice(client):
    signed_in(client, a_user(language="pl"))
    with client.session_transaction() as kept:
        kept["locale"] = "en"
    answer = client.get("/account/", headers={"Accept-Language": "en"})
    assert language_of(answer) == "pl"
    assert "Moje konto" in answer.get_data(as_text=True)


def test_a_user_without_a_language_reads_what_the_browser_prefers(client):
    signed_in(client, a_user(language=None))
    for accepted, heading in (("pl", "Moje konto"), ("en", "My account")):
        assert heading in client.get("/account/", headers={"Accept-Language": accepted}).get_data(as_text=True)


def test_whoever_chooses_a_language_has_it_in_the_next_browser_too(app, client):
    user = a_user(language="en")
    choose(signed_in(client, user), "pl")
    other = signed_in(app.test_client(), user)
    assert "Moje konto" in other.get("/account/").get_data(as_text=True)


def test_an_error_speaks_the_language_of_whoever_sees_it(client):
    signed_in(client, a_user(language="pl"))
    answer = client.get("/cases/987654")
    assert answer.status_code == 404
    assert "Nie ma takiej sprawy albo nie masz do niej dostępu." in answer.get_data(as_text=True)


def test_the_messages_of_a_form_are_polish(client):
    signed_in(client, a_user("admin", language="pl"))
    sent = {"name": "x" * (LONGEST_NAME + 1), "csrf_token": token(client)}
    text = client.post("/roles/add", data=sent).get_data(as_text=True)
    assert f"Tu mieszczą się najwyżej {LONGEST_NAME} znaki." in text
    text = client.post("/users/add", data={"email": "nobody", "csrf_token": token(client)}).get_data(as_text=True)
    assert "To pole jest wymagane." in text
    assert "To nie jest adres e-mail." in text
