"""Settings of the environment."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import request

from app import create_app
from app.core.config import Settings, settings_from


def test_the_key_of_a_home_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = settings_from({"SPLOT_HOME": str(tmp_path / "home")}).secret_key
    again = settings_from({"SPLOT_HOME": str(tmp_path / "home")}).secret_key
    keys = tmp_path / "home" / "keys"
    assert first == again
    assert len(first) >= 32
    assert [path.name for path in keys.iterdir()] == ["secret"]
    assert (keys / "secret").stat().st_mode & 0o077 == 0


def test_a_start_that_died_early_leaves_no_half_of_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.core.config.os.link", dies)
    with pytest.raises(KeyboardInterrupt):
        settings_from({"SPLOT_HOME": str(tmp_path)})
    monkeypatch.undo()
    assert settings_from({"SPLOT_HOME": str(tmp_path)}).secret_key


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_whose_address_is_believed(settings: Settings, proxies: int, seen: str) -> None:
    app = create_app(replace(settings, proxies=proxies))
    app.add_url_rule("/who", "who", lambda: request.remote_addr or "")
    # The first is what anybody may have written; each proxy adds the one that it saw.
    answer = app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert answer.get_data(as_text=True) == seen
