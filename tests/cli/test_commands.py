"""Commands that an administrator gives in a terminal."""

import re

import pytest

from tests.supervisor.running import splot


@pytest.fixture(scope="module")
def first_start(tmp_path_factory):
    home = tmp_path_factory.mktemp("commands") / "home"
    done = splot(home, "migrate")
    assert done.returncode == 0, done.stderr
    return home, done.stdout


@pytest.fixture(scope="module")
def home(first_start):
    return first_start[0]


def test_migrate_makes_the_admin_once(first_start):
    home, said = first_start
    assert re.search(r"^Log-in: admin, password \S{12,}", said, re.MULTILINE), said
    again = splot(home, "migrate")
    assert again.returncode == 0
    assert "Log-in" not in again.stdout


def test_a_weak_admin_password_is_refused_with_the_reason_and_a_good_one_is_not_printed(tmp_path):
    weak = splot(tmp_path / "home", "migrate", SPLOT_ADMIN_PASSWORD="abc")
    assert weak.returncode == 1
    assert "Error:" in weak.stderr
    assert "Traceback" not in weak.stderr
    good = splot(tmp_path / "home", "migrate", SPLOT_ADMIN_PASSWORD="zielony-kajak-42")
    assert good.returncode == 0, good.stderr
    assert "zielony" not in good.stdout + good.stderr


def test_users_are_listed_with_their_roles(home):
    done = splot(home, "user", "list")
    assert re.search(r"^admin\s+Admin Splot\s+admin$", done.stdout, re.MULTILINE), done.stdout


def test_a_password_is_reset_and_printed_once(home):
    done = splot(home, "user", "reset-password", "admin")
    assert re.search(r"^Log-in: admin, password \S{12,}$", done.stdout, re.MULTILINE), done.stderr
    given = splot(home, "user", "reset-password", "admin", "--password", "zielony-kajak-42")
    assert given.stdout.strip() == "admin has the new password"


def test_resetting_the_password_of_nobody_is_told(home):
    done = splot(home, "user", "reset-password", "nobody")
    assert done.returncode == 1
    assert "there is no user nobody" in done.stderr


def test_settings_that_do_not_fit_are_told(tmp_path):
    done = splot(tmp_path / "home", "migrate", DATABASE_URL="mysql://example.com/splot")
    assert done.returncode == 1
    assert "DATABASE_URL must name a PostgreSQL database" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_says_what_to_do_about_each_problem(home):
    done = splot(home, "doctor")
    assert done.returncode == 1
    assert re.search(r"ok +PostgreSQL: embedded, 18", done.stdout), done.stdout + done.stderr
    assert re.search(r"ok +migrations: all done", done.stdout)
    idle = "realtime, outgoing, bulk, reports"
    assert re.search(rf"PROBLEM +workers: nobody works on {idle}\n +Start `splot up`", done.stdout)


def test_doctor_names_a_server_that_does_not_answer(tmp_path):
    done = splot(tmp_path / "home", "doctor", DATABASE_URL="postgresql://splot@127.0.0.1:1/splot")
    assert done.returncode == 1
    assert re.search(r"PROBLEM +PostgreSQL: .*refused.*\n +Check DATABASE_URL", done.stdout), done.stdout + done.stderr
