"""Languages are tested with the catalogues as the product reads them."""

import pytest

from lint import translations


@pytest.fixture(autouse=True, scope="session")
def _compiled() -> None:
    assert translations.main(["compile"]) == 0
