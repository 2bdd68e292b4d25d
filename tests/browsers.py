"""The browsers of a test process, one of each. Playwright's plain interface runs once in a process, so all share it."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from bench.browsers import start_chromium

ROOT = Path(__file__).parents[1]
PATIENCE_MS = 15_000
FIREFOX = Path("/usr/bin/firefox-esr")
_PLAYWRIGHT = pytest.StashKey[Playwright]()
_CHROMIUM = pytest.StashKey[Browser]()
_FIREFOX = pytest.StashKey[Browser]()


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Browser:
    """One browser for all tests of this process; what people must not share lies in contexts."""
    stash = request.config.stash
    if _CHROMIUM not in stash:
        stash[_CHROMIUM] = start_chromium(_playwright(request.config))
        request.config.add_cleanup(stash[_CHROMIUM].close)
    return stash[_CHROMIUM]


@pytest.fixture(scope="session")
def firefox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Debian's Firefox by WebDriver BiDi, through `tests/firefox_relay.py`. Where FIREFOX is not, nobody may ask."""
    stash = request.config.stash
    if _FIREFOX not in stash:
        program = tmp_path_factory.mktemp("firefox") / "firefox"
        program.write_text(
            f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m tests.firefox_relay '{FIREFOX}' \"$@\"\n"
        )
        program.chmod(0o755)
        launcher = _playwright(request.config).firefox
        stash[_FIREFOX] = launcher.launch(channel="moz-firefox", executable_path=program)
        request.config.add_cleanup(stash[_FIREFOX].close)
    return stash[_FIREFOX]


def _playwright(config: pytest.Config) -> Playwright:
    if _PLAYWRIGHT not in config.stash:
        expect.set_options(timeout=PATIENCE_MS)
        config.stash[_PLAYWRIGHT] = sync_playwright().start()
        config.add_cleanup(config.stash[_PLAYWRIGHT].stop)
    return config.stash[_PLAYWRIGHT]
