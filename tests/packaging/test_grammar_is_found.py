"""The grammar, the diagnostic pages and the schemas are found however the package is installed."""

from __future__ import annotations

import json
import posixpath
import subprocess
import sys
import tarfile
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "pathway_compiler"
RESOURCES = PACKAGE / "resources"

# Runs in the environment under test, with nothing but the package: no dependencies are installed.
PROBE = """
import json
from importlib.resources import files
package = files("pathway_compiler")
resources = package / "resources"
print(json.dumps({
    "grammar": (package / "syntax" / "pathway.lark").read_bytes().decode(),
    "pages": sorted(p.name for p in (resources / "diagnostics").iterdir()),
    "schemas": sorted(p.name for p in resources.iterdir() if p.name.endswith(".schema.json")),
    "fonts": sorted(p.name for p in (package / "render" / "fonts").iterdir()
                    if p.name.endswith((".ttf", ".txt"))),
    "typed": (package / "py.typed").is_file(),
}))
"""

EXPECTED_FONTS = ["LiberationSans-Bold.ttf", "LiberationSans-Regular.ttf", "OFL.txt"]


class TestInTheCheckout:
    def test_the_grammar_in_the_package_is_the_one_in_dsl(self) -> None:
        link = PACKAGE / "syntax" / "pathway.lark"

        assert link.is_symlink()
        assert link.resolve() == ROOT / "dsl" / "pathway.lark"
        assert link.read_bytes() == (ROOT / "dsl" / "pathway.lark").read_bytes()

    def test_the_diagnostic_pages_in_the_package_are_those_in_dsl(self) -> None:
        link = RESOURCES / "diagnostics"

        assert link.is_symlink()
        assert link.resolve() == ROOT / "dsl" / "diagnostics"

    def test_each_schema_in_dsl_is_linked_into_the_package(self) -> None:
        schemas = sorted(path.name for path in (ROOT / "dsl").glob("*.schema.json"))
        linked = sorted(path.name for path in RESOURCES.glob("*.schema.json"))

        assert linked == schemas, (
            "in src/pathway_compiler/resources: ln -s ../../../dsl/<name>.schema.json"
        )
        for name in linked:
            assert (RESOURCES / name).resolve() == ROOT / "dsl" / name


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel, an sdist, and in `again/` a wheel made from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    _run("-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(ROOT))
    _run("-m", "build", "--no-isolation", "--sdist", "--outdir", str(folder), str(ROOT))
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    again = folder / "again"
    _run("-m", "build", "--no-isolation", "--wheel", "--outdir", str(again), str(source))
    return folder


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., Path]:
    """Make an environment, install one thing in it, and give its Python."""

    def make(*what: str) -> Path:
        folder = tmp_path / "env"
        venv.create(folder, with_pip=False)
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        _run(
            *("-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", *what),
        )
        return python

    return make


@pytest.mark.slow
class TestInstalled:
    def test_editable(self, install: Callable[..., Path]) -> None:
        # Without isolation pip asks the new environment for hatchling; isolation fetches it.
        _check(install("--editable", str(ROOT)))

    def test_wheel(self, built: Path, install: Callable[..., Path]) -> None:
        _check(install(*map(str, built.glob("*.whl"))))

    def test_wheel_made_from_the_sdist(self, built: Path, install: Callable[..., Path]) -> None:
        _check(install(*map(str, (built / "again").glob("*.whl"))))

    def test_links_in_the_sdist_lead_to_files_in_it(self, built: Path) -> None:
        (sdist,) = built.glob("*.tar.gz")
        with tarfile.open(sdist) as archive:
            members = {member.name: member for member in archive.getmembers()}
        top = sdist.name.removesuffix(".tar.gz")
        links = [member for member in members.values() if member.issym()]

        assert f"{top}/dsl/pathway.lark" in members
        assert f"{top}/LICENSE" in members
        for link in links:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(link.name), link.linkname))
            assert members[target].isfile(), link.name


def _check(python: Path) -> None:
    done = subprocess.run(
        [str(python), "-I", "-c", PROBE],
        cwd=python.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert found == {
        "grammar": (ROOT / "dsl" / "pathway.lark").read_bytes().decode(),
        "pages": sorted(
            path.name for path in (ROOT / "dsl" / "diagnostics").iterdir() if path.is_file()
        ),
        "schemas": sorted(path.name for path in (ROOT / "dsl").glob("*.schema.json")),
        "fonts": EXPECTED_FONTS,
        "typed": True,
    }


def _run(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
