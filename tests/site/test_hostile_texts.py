"""Whatever an author writes is shown as text: in pages, drawings, DOT, scripts and the search index."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hostile_guideline import ATTACK, LONG, hostile_text
from pathway_compiler.driver import load_text
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.render.to_dot import pathway_to_dot
from pathway_compiler.site.checked import check
from pathway_compiler.site.contents import SiteOptions
from pathway_compiler.site.rendering import as_json, visible
from pathway_compiler.site.write import single_file, write_site
from site_checks import broken_links, faults, read_page, read_site

DECEIVING = re.compile("[\u202a-\u202e\u200b-\u200f\u2066-\u2069]")


@pytest.fixture(scope="module")
def compiled() -> CompiledGuideline:
    return load_text(hostile_text(), "hostile.pathway")


@pytest.fixture(scope="module")
def folder(compiled: CompiledGuideline, tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("hostile")
    write_site(compiled, built, SiteOptions(checked=check(compiled)))
    return built


def test_pages_have_no_element_of_the_authors(folder: Path) -> None:
    pages = read_site(folder)
    for name, page in pages.items():
        assert list(faults(page)) == [], name
        assert page.scripts == [], name
        assert page.elements["img"] == 0, name
        # Three files and the words as JSON; the walkthrough has two files and three blocks of JSON more.
        assert page.elements["script"] == (9 if name == "walkthrough.html" else 4), name
    assert list(broken_links(pages, folder)) == []


def test_pages_show_the_texts_whole(folder: Path) -> None:
    pages = {name: " ".join(page.text.split()) for name, page in read_site(folder).items()}
    plain, coded = " ".join(ATTACK.split()), " ".join(ATTACK.replace("`", "").split())
    for name in (
        "index",
        "statements",
        "data",
        "definitions",
        "agents",
        "pathways/first",
        "cases/attack",
    ):
        text = pages[f"{name}.html"]
        assert plain in text or coded in text, name
        assert "49" not in text.replace("2500", ""), name  # {{ 7*7 }}
    assert LONG in pages["pathways/first.html"]


def test_signs_that_deceive_are_left_out_everywhere(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            assert not DECEIVING.search(file.read_text(encoding="utf-8")), file.name


def test_drawings_are_well_formed_and_without_scripts(folder: Path) -> None:
    for file in (folder / "diagrams").iterdir():
        root = ET.fromstring(file.read_bytes())
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            "svg", "g", "a", "text", "polygon", "polyline", "path", "ellipse", "title", "desc", "style",
        }  # fmt: skip


def test_dot_keeps_texts_within_their_labels(compiled: CompiledGuideline) -> None:
    graph = compiled.graphs["first"]
    dot = pathway_to_dot(graph, compiled.guideline, graphs=compiled.graphs).dot
    assert "<script" not in dot
    assert "onerror=alert" in dot.replace("\n", "")
    assert "&lt;script&gt;" in dot or "&lt;/script&gt;" in dot


def test_the_search_index_is_data(folder: Path) -> None:
    text = (folder / "static" / "search-index.js").read_text(encoding="utf-8")
    assert "<" not in text
    index = json.loads(text.removeprefix("window.PathwaySearchIndex = ").rstrip(";\n"))
    assert any(entry[1].startswith("</script>") for entry in index["entries"])
    node = shutil.which("node")
    if node is not None:
        program = f"globalThis.window={{}};require({str(folder / 'static' / 'search-index.js')!r})"
        subprocess.run([node, "-e", program], check=True, capture_output=True)


def test_a_single_file_ends_no_script_early(compiled: CompiledGuideline) -> None:
    page = read_page(single_file(compiled, SiteOptions(checked=check(compiled))))
    assert len(page.scripts) == 6
    assert page.elements["img"] == 0
    assert page.inline == []


def test_json_for_scripts_has_no_tags_and_no_odd_line_ends() -> None:
    text = as_json({"a": "</script>\u2028\u2029&<!--"})
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {"a": "</script>\u2028\u2029&<!--"}


def test_visible_text_keeps_accents_and_line_breaks() -> None:
    assert visible("Sí,\nañadir ≥ 3 cm") == "Sí,\nañadir ≥ 3 cm"
    assert visible("a\u202eb\x00c\ufeff") == "abc"
