"""The site without a browser: every link leads somewhere, nothing is twice, nothing comes from outside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from every_construct import EVERYTHING
from pathway_compiler.changes.report import compare
from pathway_compiler.driver import load_text
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.site.checked import Checked, check
from pathway_compiler.site.contents import Since, SiteOptions
from pathway_compiler.site.links import FolderAddresses, SingleFileAddresses, node_link
from pathway_compiler.site.write import single_file, write_site
from site_checks import broken_links, faults, read_page, read_site

ROOT = Path(__file__).parents[2]
Example = tuple[CompiledGuideline, Checked]
Found = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def everything() -> CompiledGuideline:
    return load_text(EVERYTHING, "whole.pathway")


class TestEveryPage:
    def test_links_and_anchors_of_the_seom_site_resolve(self, seom: Path) -> None:
        pages = read_site(seom)

        assert len(pages) > 1000
        assert list(broken_links(pages, seom)) == []
        assert [f"{name}: {f}" for name, page in pages.items() for f in faults(page)] == []

    def test_links_and_anchors_of_every_construct_resolve(
        self, everything: CompiledGuideline, tmp_path: Path
    ) -> None:
        old = load_text(EVERYTHING.replace("size >= 1 cm", "size >= 3 cm"))
        options = SiteOptions(
            checked=check(everything), since=Since("v1", compare(old, everything))
        )
        write_site(everything, tmp_path, options)
        pages = read_site(tmp_path)

        assert list(broken_links(pages, tmp_path)) == []
        assert [f"{name}: {f}" for name, page in pages.items() for f in faults(page)] == []
        assert "meaning changed" in pages["changes.html"].text.lower()

    def test_nothing_is_inline_and_nothing_comes_from_outside(self, seom: Path) -> None:
        for name, page in read_site(seom).items():
            assert page.policy.startswith("default-src 'none'"), name
            assert "unsafe" not in page.policy
            assert "connect-src 'none'" in page.policy
            assert not page.scripts, name
            assert not page.styles, name

        for file in (seom / "static").iterdir():
            # Names of the SVG namespace, and the notice that the licence of UCUM asks for, are no requests.
            known = r"https?://(?!www\.w3\.org|ucum\.org)"
            assert not re.search(known, file.read_text()), file

    def test_no_place_of_this_machine_is_told(self, seom: Path) -> None:
        for file in seom.rglob("*"):
            if file.is_file():
                assert str(ROOT) not in file.read_text(encoding="utf-8"), file

    def test_addresses_last(self) -> None:
        link = node_link("first", "treat", "Treat")
        assert (
            FolderAddresses().href(link.page, link.anchor, "index") == "pathways/first.html#treat"
        )
        assert FolderAddresses().href(link.page, link.anchor, "cases/x") == (
            "../pathways/first.html#treat"
        )
        assert FolderAddresses().href(link.page, link.anchor, "pathways/first") == "#treat"
        assert (
            SingleFileAddresses().href(link.page, link.anchor, "index") == "#pathways/first/treat"
        )


@pytest.fixture(scope="module")
def pages(
    everything: CompiledGuideline, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("whole")
    write_site(everything, folder, SiteOptions(checked=check(everything)))
    return {name: " ".join(page.text.split()) for name, page in read_site(folder).items()}


class TestWhatPagesSay:
    def test_a_step_has_condition_evidence_source_and_codes(self, pages: dict[str, str]) -> None:
        page = pages["pathways/first.html"]
        for text in (
            "When Size ≥ 1 cm", "Caution (if Large): Careful", "GR A certainty high [2, 7]",
            "Treatment · lines 3–5 of the source", "RxNorm 224905 Trastuzumab", "whole.pathway:",
            "Is she fit? Yes", "Graded by the marker of: The first statement",
        ):  # fmt: skip
            assert text in page

    def test_the_logic_is_a_list_and_a_table(self, pages: dict[str, str]) -> None:
        page = pages["pathways/first.html"]
        assert "Decision: Is she fit? Yes" in page
        assert "told elsewhere in this list" in page
        assert "Question Answer When Leads to Is she fit? Yes" in page
        assert "everybody who chooses here" in page

    def test_reviews_say_how_often(self, pages: dict[str, str]) -> None:
        assert "Every 2 to 4 treatment cycles" in pages["pathways/second.html"]

    def test_statements_say_where_they_are_encoded_and_why_not(self, pages: dict[str, str]) -> None:
        page = pages["statements.html"]
        assert "2 of 3 statements are encoded" in page
        assert "Recommendation Treat (First pathway)" in page
        assert "Not encoded Accepted (unused): Only background" in page

    def test_data_have_question_hint_unit_and_range(self, pages: dict[str, str]) -> None:
        page = pages["data.html"]
        assert "Is she fit? WHO 0 or 1 yes or no" in page
        assert "quantity cm 0–20" in page
        assert "one of Stages (in order)" in page
        assert "No size below zero: <none> Size ≥ 0 cm" in page

    def test_definitions_and_readings_are_tables(self, pages: dict[str, str]) -> None:
        page = pages["definitions.html"]
        assert "Value When A Fit" in page
        assert "✓ chosen Widely" in page
        assert "Offer chemotherapy" in page

    def test_agents_have_synonyms_and_authorisations(self, pages: dict[str, str]) -> None:
        page = pages["agents.html"]
        assert "Herceptin" in page
        assert "ema: For the fit" in page
        assert "Trastuzumab + Perjéta" in page

    def test_cases_have_route_and_result(self, pages: dict[str, str]) -> None:
        assert "1 of 2 give what is expected" in pages["cases.html"]
        page = pages["cases/fit_one.html"]
        assert "so: recommends treat" in page
        assert "Decision: Is she fit? → Yes" in page
        assert "not so: not treat `treat` is given" in pages["cases/wrong.html"]

    def test_references_have_the_statements_that_cite_them(self, pages: dict[str, str]) -> None:
        page = pages["references.html"]
        assert "2 The first statement GR A, certainty high 7 The first statement" in page

    def test_coverage_says_why_something_is_missed(self, pages: dict[str, str]) -> None:
        assert "Missed" in pages["coverage.html"]

    def test_without_cases_and_proof_there_are_no_such_pages(
        self, everything: CompiledGuideline, tmp_path: Path
    ) -> None:
        write_site(everything, tmp_path)
        pages = read_site(tmp_path)
        assert not {"cases.html", "coverage.html", "proof.html"} & pages.keys()
        assert list(broken_links(pages, tmp_path)) == []


class TestBuilding:
    def test_equal_input_gives_equal_bytes(self, example: Example, tmp_path: Path) -> None:
        compiled, checked = example
        for name in ("one", "two"):
            write_site(compiled, tmp_path / name, SiteOptions(checked=checked))
        one, two = (_bytes(tmp_path / name) for name in ("one", "two"))
        assert one == two

    def test_what_is_unchanged_is_not_written(self, example: Example, tmp_path: Path) -> None:
        compiled, checked = example
        first = write_site(compiled, tmp_path, SiteOptions(checked=checked))
        again = write_site(compiled, tmp_path, SiteOptions(checked=checked))
        assert set(first.changed) == set(first.files) == set(again.files)
        assert again.changed == ()

    def test_an_edit_writes_what_shows_it(self, tmp_path: Path) -> None:
        write_site(load_text(EVERYTHING), tmp_path)
        edited = EVERYTHING.replace('option left "Left"', 'option left "Links"')
        written = write_site(load_text(edited), tmp_path)
        assert set(written.changed) == {
            "agents.html", "diagrams/first.svg", "drawings/first.js", "index.html",
            "pathways/first.html", "static/search-index.js", "statements.html", "walkthrough.html",
        }  # fmt: skip
        assert "Links" in (tmp_path / "pathways" / "first.html").read_text()
        fresh = tmp_path / "fresh"
        write_site(load_text(edited), fresh)
        shutil_bytes = _bytes(fresh)
        assert {
            n: b for n, b in _bytes(tmp_path).items() if not n.startswith("fresh")
        } == shutil_bytes

    def test_the_name_of_a_pathway_changes_the_drawings_that_lead_to_it(
        self, tmp_path: Path
    ) -> None:
        write_site(load_text(EVERYTHING), tmp_path)
        edited = EVERYTHING.replace('"Second pathway"', '"Another name"')
        assert "diagrams/first.svg" in write_site(load_text(edited), tmp_path).changed

    def test_what_is_gone_is_removed_and_nothing_else(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("mine")
        (tmp_path / ".site.json").write_text(
            json.dumps(
                {"files": {"../outside.html": "x", "/etc/x": "x", "pathways/gone.html": "x"}}
            )
        )
        (tmp_path.parent / "outside.html").write_text("stays")
        (tmp_path / "pathways").mkdir()
        (tmp_path / "pathways" / "gone.html").write_text("old")
        write_site(load_text(EVERYTHING), tmp_path)
        assert (tmp_path / "notes.txt").exists()
        assert (tmp_path.parent / "outside.html").exists()
        assert not (tmp_path / "pathways" / "gone.html").exists()

    def test_a_deleted_page_is_written_again(self, example: Example, tmp_path: Path) -> None:
        write_site(example[0], tmp_path)
        (tmp_path / "data.html").unlink()
        assert write_site(example[0], tmp_path).changed == ("data.html",)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


class TestSingleFile:
    def test_everything_is_in_it_and_every_link_resolves(
        self, everything: CompiledGuideline
    ) -> None:
        page = read_page(single_file(everything, SiteOptions(checked=check(everything))))
        assert page.resources == []
        assert [link for link in page.links if not link.startswith("#")] == []
        assert [link for link in page.links if link[1:] not in page.ids] == []
        assert [reference for reference in page.references if reference not in page.ids] == []
        assert [identity for identity, count in page.ids.items() if count > 1] == []
        assert page.inline == []

    def test_its_policy_names_its_scripts_and_styles(self, example: Example) -> None:
        page = read_page(single_file(example[0], SiteOptions(checked=example[1])))
        assert len(page.scripts) == 6
        for text in (*page.scripts, *page.styles):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in page.policy
        assert "'self'" not in page.policy


@pytest.fixture(scope="module")
def found(everything: CompiledGuideline, tmp_path_factory: pytest.TempPathFactory) -> Found:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed, which runs the page's own matcher")
    folder = tmp_path_factory.mktemp("search")
    write_site(everything, folder, SiteOptions(checked=check(everything)))

    def search(query: str) -> list[str]:
        program = (
            "globalThis.window={};"
            f"require({str(folder / 'static' / 'search-index.js')!r});"
            "const index=window.PathwaySearchIndex;delete globalThis.window;"
            f"const s=require({str(folder / 'static' / 'search.js')!r});"
            f"console.log(JSON.stringify(s.search(s.prepare(index),{json.dumps(query)})"
            ".map(e=>e.href)))"
        )
        done = subprocess.run([node, "-e", program], capture_output=True, text=True, check=True)
        return list(json.loads(done.stdout))

    return search


class TestSearch:
    """The matcher of the page, run by node."""

    def test_a_synonym_finds_the_drug_and_where_it_is_given(self, found: Found) -> None:
        hits = found("herceptin")
        assert hits[0] == "agents.html#one_drug"
        assert {"pathways/first.html#treat", "pathways/first.html#choice.right"} <= set(hits)

    def test_accents_and_case_do_not_matter(self, found: Found) -> None:
        assert "agents.html#other_drug" in found("PERJETA")

    def test_every_word_counts_and_words_match_from_their_start(self, found: Found) -> None:
        assert found("trast left") == []
        assert "pathways/first.html#choice.right" in found("trast right")
        assert found("astuzumab") == []

    def test_codes_cases_and_statements_are_found(self, found: Found) -> None:
        assert found("224905")[0] == "agents.html#one_drug"
        assert "cases/fit_one.html" in found("fit patient")
        assert found("first statement")[0] == "statements.html#one"
