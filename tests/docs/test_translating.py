"""What docs/translating.md shows is what happens, and the example is translated."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pathway_compiler.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "translating.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.S)
    assert found
    return found.group(1)


def test_the_example_is_translated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translate", "check", str(ROOT / "docs" / "example")]) == 0, capsys.readouterr()


def test_the_entry_shown_is_in_the_catalogue() -> None:
    catalogue = ROOT / "docs" / "example" / "translations" / "es.po"
    assert block("po") in catalogue.read_text(encoding="utf-8")


def test_the_answer_shown_is_the_answer_given() -> None:
    words = ["run", "docs/example", "docs/example/patient.json", "--language", "es"]
    done = subprocess.run(
        [sys.executable, "-m", "pathway_compiler", *words],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert block("text").rstrip() == done.stdout.rstrip()


def test_the_python_example_gives_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(block("python"), {}, "page", "translating.md", 0)
    runner = doctest.DocTestRunner()
    runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
