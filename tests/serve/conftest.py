"""A guideline that is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import Served, serving


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for the tests that do not change it."""
    for found in serving(tmp_path_factory.mktemp("shared")):
        found.until_proved()
        yield found


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """One of its own."""
    yield from serving(tmp_path)
