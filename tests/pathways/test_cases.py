"""Every guideline of the repository compiles cleanly, and each of its own cases passes."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from markdown_tests import REPOSITORY
from pathway_compiler.diagnostics.codes import Severity
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.driver import Compilation, compile_sources, read_guideline
from pathway_compiler.engine.cases import run_case


def _guidelines() -> list[Path]:
    """The folders with a file that declares a guideline."""
    found: set[Path] = set()
    for root in (REPOSITORY / "pathways", REPOSITORY / "docs" / "example"):
        for file in root.rglob("*.pathway"):
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            if any(line.startswith("guideline ") for line in lines):
                found.add(file.parent)
    return sorted(found)


def _name(folder: Path) -> str:
    return folder.relative_to(REPOSITORY).as_posix()


def _told(diagnostics: tuple[Diagnostic, ...]) -> str:
    return "\n".join(f"{d.span}: {d.code}: {d.message}" for d in diagnostics)


@cache
def _compilation(folder: Path) -> Compilation:
    sources, problems = read_guideline(folder)
    assert not problems, _told(problems)
    return compile_sources(sources)


@dataclass(frozen=True)
class _Case:
    folder: Path
    name: str


def _cases() -> list[object]:
    """One item per case; a guideline that does not compile has none, and fails elsewhere."""
    items: list[object] = []
    for folder in GUIDELINES:
        try:
            compiled = _compilation(folder).compiled
        except Exception:  # told by `test_guideline_compiles_without_errors_and_warnings`
            continue
        if compiled is not None:
            items.extend(
                pytest.param(_Case(folder, name), id=f"{_name(folder)}:{name}")
                for name in compiled.guideline.cases
            )
    return items


GUIDELINES = _guidelines()


def test_there_are_guidelines_to_test() -> None:
    names = [_name(folder) for folder in GUIDELINES]
    assert "docs/example" in names
    assert "pathways/seom_abc_2018" in names


@pytest.mark.parametrize("folder", GUIDELINES, ids=_name)
def test_guideline_compiles_without_errors_and_warnings(folder: Path) -> None:
    compilation = _compilation(folder)
    findings = tuple(d for d in compilation.diagnostics if d.severity is not Severity.NOTE)
    assert not findings, _told(findings)
    assert compilation.compiled is not None


@pytest.mark.parametrize("folder", GUIDELINES, ids=_name)
def test_guideline_has_cases(folder: Path) -> None:
    compiled = _compilation(folder).compiled
    assert compiled is not None
    assert compiled.guideline.cases


@pytest.mark.parametrize("case", _cases())
def test_case_passes(case: _Case) -> None:
    compiled = _compilation(case.folder).compiled
    assert compiled is not None
    result = run_case(compiled, compiled.guideline.cases[case.name])
    assert result.passed, _told(result.failures)
