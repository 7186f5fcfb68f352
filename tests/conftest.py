"""What all tests share: `--update-golden`, comparing with a file of expected output, a browser."""

import difflib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browsing import opened_browser


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the expected outputs anew; look at the diff before committing",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected outputs are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def golden(update_golden: bool) -> Callable[[Path, str | bytes], None]:
    """Compare with the bytes of a file; with `--update-golden`, write them."""

    def compare(path: Path, actual: str | bytes) -> None:
        found = actual.encode() if isinstance(actual, str) else actual
        if update_golden:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found)
            return
        assert path.exists(), f"no expected output {path}; run with --update-golden"
        expected = path.read_bytes()
        if found == expected:
            return
        try:
            lines = difflib.unified_diff(
                expected.decode().splitlines(),
                found.decode().splitlines(),
                "expected",
                "found",
                lineterm="",
            )
            difference = "\n".join(list(lines)[:60])
        except UnicodeDecodeError:
            difference = f"{len(expected)} bytes expected, {len(found)} found"
        pytest.fail(
            f"{path.name} differs; `make golden` writes it anew\n{difference}", pytrace=False
        )

    return compare


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: while one is open, nothing else in the process can run an event loop."""
    with opened_browser() as opened:
        yield opened
