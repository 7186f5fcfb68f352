"""Sites to look at, each built once: the example of the README, the SEOM guideline, a hostile one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pathway_compiler.driver import Compilation, compile_unless_kept, read_guideline
from pathway_compiler.engine.cases import run_case
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.site.checked import Checked, check
from pathway_compiler.site.contents import SiteOptions
from pathway_compiler.site.editions import Edition, write_editions
from pathway_compiler.translation.catalogue import languages_beside
from pathway_compiler.translation.translated import in_language

ROOT = Path(__file__).parents[2]


def compiled_from(path: Path) -> Compilation:
    sources, unreadable = read_guideline(path)
    assert not unreadable
    compilation = compile_unless_kept(sources, thoroughly=True)
    assert compilation.compiled is not None, compilation.diagnostics
    return compilation


def editions_of(path: Path) -> list[Edition]:
    """As `pathway build` makes them: the guideline's own language first."""
    compilation = compiled_from(path)
    own = compilation.compiled
    assert own is not None
    found = [own]
    for language in languages_beside(path):
        read, problems = in_language(own, path, language)
        assert read is not None, problems
        found.append(read)
    judged = {case.name: run_case(own, case) for case in own.guideline.cases.values()}
    return [
        Edition(
            compiled,
            SiteOptions(
                check(
                    compiled,
                    proof=compilation.proof,
                    diagnostics=compilation.diagnostics,
                    results=judged.values() if compiled is own else None,
                    judged=judged,
                )
            ),
        )
        for compiled in found
    ]


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """One worker of pytest-xdist at a time."""
    if os.name != "posix":
        yield
        return
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def build(shared: Path) -> Callable[[Path, str], Path]:
    """Build the site of a guideline, unless another worker has."""

    def built(guideline: Path, name: str) -> Path:
        folder = shared / "sites" / name
        folder.parent.mkdir(exist_ok=True)
        with _lock(folder.with_suffix(".lock")):
            if not (folder / ".site.json").exists():
                write_editions(editions_of(guideline), folder)
        return folder

    return built


@pytest.fixture(scope="session")
def seom(build: Callable[[Path, str], Path]) -> Path:
    return build(ROOT / "pathways" / "seom_abc_2018", "seom")


@pytest.fixture(scope="session")
def example() -> tuple[CompiledGuideline, Checked]:
    edition = editions_of(ROOT / "docs" / "example")[0]
    assert edition.options.checked is not None
    return edition.compiled, edition.options.checked


@pytest.fixture(scope="session")
def seom_guideline() -> CompiledGuideline:
    compiled = compiled_from(ROOT / "pathways" / "seom_abc_2018").compiled
    assert compiled is not None
    return compiled
