"""Browser tests: real processes, real browsers, one product for each file."""

from collections.abc import Generator
from typing import Any

import pytest

from tests.browser.people import FAILED, open_as
from tests.browser.product import prepared_home, product
from tests.browser.workplace import workplace

__all__ = ["open_as", "prepared_home", "product", "workplace"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Tell the fixtures whether the test has failed, so that they keep pictures."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
