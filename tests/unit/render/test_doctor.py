"""The doctor says what about a machine would change or prevent a drawing."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from pathway_compiler.render import doctor
from pathway_compiler.render.doctor import Finding, diagnose
from pathway_compiler.render.layout import LayoutEngine, LayoutUnavailable, available_engines


def finding(name: str) -> Finding:
    (found,) = [each for each in diagnose() if each.name == name]
    return found


def test_a_machine_that_runs_the_tests_has_no_problem() -> None:
    assert [each for each in diagnose() if each.status == "problem"] == []


@pytest.mark.parametrize("engine", available_engines(), ids=lambda engine: engine.name)
def test_the_fonts_are_as_expected_with_each_engine(
    monkeypatch: pytest.MonkeyPatch, engine: LayoutEngine
) -> None:
    monkeypatch.setenv("PATHWAY_LAYOUT", engine.name.removeprefix("graphviz-"))

    assert finding("fonts").status == "ok"


def test_another_font_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "EXPECTED_INCHES", {"regular": 18.0, "bold": 22.333})

    assert finding("fonts").status == "warning"
    assert "not be reproducible" in finding("fonts").detail


def test_missing_fonts_are_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "font_folder", lambda: tmp_path)

    assert finding("fonts").status == "problem"


def test_no_engine_is_a_problem_with_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> LayoutEngine:
        raise LayoutUnavailable("none")

    monkeypatch.setattr(doctor, "best_engine", none)

    assert finding("layout engine").status == "problem"
    assert "pip install pygraphviz" in finding("layout engine").remedy


def test_an_old_engine_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    old = LayoutEngine("graphviz-dot", "2.43.0", "/usr/bin/dot")
    monkeypatch.setattr(doctor, "best_engine", lambda: old)

    assert finding("layout engine").status == "warning"


def test_what_an_extra_lacks_is_told_with_its_install_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        importlib.metadata,
        "requires",
        lambda name: ["lark>=1.2", "no-such-package>=1; extra == 'more'", "no-other>=2"],
    )

    assert finding("extra `more`").status == "ok"
    assert finding("extra `more`").remedy == "pip install 'pathway-compiler[more]'"
    assert finding("required packages").status == "problem"
    assert finding("required packages").remedy == "pip install no-other"
