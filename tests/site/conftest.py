"""Sites to look at, each built once: the example of the README, the SEOM guideline, a hostile one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pathway_compiler.driver import Compilation, compile_unless_kept, read_guideline
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.site.checked import Checked, check
from pathway_compiler.site.contents import SiteOptions
from pathway_compiler.site.write import write_site

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Built:
    """A guideline and the folder of its site."""

    compiled: CompiledGuideline
    folder: Path


def compiled_from(path: Path) -> tuple[CompiledGuideline, Checked]:
    sources, unreadable = read_guideline(path)
    assert not unreadable
    compilation: Compilation = compile_unless_kept(sources)
    assert compilation.compiled is not None, compilation.diagnostics
    checked = check(
        compilation.compiled, proof=compilation.proof, diagnostics=compilation.diagnostics
    )
    return compilation.compiled, checked


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
                compiled, checked = compiled_from(guideline)
                write_site(compiled, folder, SiteOptions(checked=checked))
        return folder

    return built


@pytest.fixture(scope="session")
def seom(build: Callable[[Path, str], Path]) -> Path:
    return build(ROOT / "pathways" / "seom_abc_2018", "seom")


@pytest.fixture(scope="session")
def example() -> tuple[CompiledGuideline, Checked]:
    return compiled_from(ROOT / "docs" / "example")
