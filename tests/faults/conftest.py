"""Faults of the world around: the same product and people as in the browser tests."""

from tests.browser.conftest import pytest_runtest_makereport
from tests.browser.people import open_as
from tests.browser.product import prepared_home, product
from tests.browser.workplace import workplace

__all__ = ["open_as", "prepared_home", "product", "pytest_runtest_makereport", "workplace"]
