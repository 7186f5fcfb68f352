"""The site in several languages: linked to each other, accessible, and never mixed."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import violations, watched
from pathway_compiler.driver import load_text
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.acceptance import ACCEPTABLE
from pathway_compiler.site.contents import SiteOptions
from pathway_compiler.site.editions import Edition, single_files, write_editions
from pathway_compiler.site.pages.common import FINDINGS
from pathway_compiler.translation.catalogue import Catalogue, Entry
from pathway_compiler.translation.translated import translated
from site_checks import VOID, broken_links, read_page, read_site

DESKTOP = {"width": 1440, "height": 900}
KINDS = (
    "index.html", "walkthrough.html", "statements.html", "data.html", "definitions.html",
    "agents.html", "cases.html", "coverage.html", "proof.html", "references.html",
    "pathways/her2_first_line.html", "pathways/bone_metastases.html",
)  # fmt: skip

SMALL = """
guideline small "Small one":
  version "1"

statement told "What is told":
  kind recommend

agent aspirin "Aspirin"

element fit "Fit": boolean

pathway first "First pathway":
  decision fit_now "Fit?":
    when fit "Yes" -> treat
    otherwise "No" -> rest
  recommend treat "Treat":
    from told
    give aspirin
  end rest "Nothing"
"""


@pytest.fixture(scope="module")
def small() -> CompiledGuideline:
    return load_text(SMALL)


def in_spanish(compiled: CompiledGuideline) -> CompiledGuideline:
    """With one text that has a translation; the others have none."""
    entry = Entry("first label", "First pathway", translation="Primera vía")
    return translated(compiled, Catalogue("es", (entry,)))


@pytest.fixture
def editions(small: CompiledGuideline) -> list[Edition]:
    return [Edition(small, SiteOptions()), Edition(in_spanish(small), SiteOptions())]


class TestEditions:
    def test_every_page_links_to_itself_in_the_other_language(
        self, editions: list[Edition], tmp_path: Path
    ) -> None:
        written = write_editions(editions, tmp_path)
        pages = read_site(tmp_path)

        assert list(broken_links(pages, tmp_path)) == []
        assert "../es/pathways/first.html" in pages["pathways/first.html"].links
        assert "../../pathways/first.html" in pages["es/pathways/first.html"].links
        assert {"index.html", "es/index.html", "es/pathways/first.html"} <= set(written.files)
        for name in ("index.html", "pathways/first.html"):
            assert '<html lang="en"' in (tmp_path / name).read_text()
            assert '<html lang="es"' in (tmp_path / "es" / name).read_text()

    def test_what_has_no_translation_is_an_element_with_its_language(
        self, editions: list[Edition], tmp_path: Path
    ) -> None:
        write_editions(editions, tmp_path)
        page = (tmp_path / "es" / "pathways" / "first.html").read_text()

        assert "Primera vía" in page
        assert '<span class="untranslated" lang="en">Treat</span>' in page
        assert ">Treat<" not in page.replace('lang="en">Treat<', "")

    def test_a_language_that_is_gone_is_removed_and_nothing_else(
        self, editions: list[Edition], tmp_path: Path
    ) -> None:
        write_editions(editions, tmp_path)
        (tmp_path / "es" / "own.txt").write_text("kept")
        (tmp_path / "other").mkdir()
        written = write_editions(editions[:1], tmp_path)

        assert [p.name for p in (tmp_path / "es").iterdir()] == ["own.txt"]
        assert (tmp_path / "other").is_dir()
        assert "es/index.html" in written.changed
        assert "index.html" in written.changed  # it linked to the other one

    def test_an_edition_that_is_unchanged_is_not_written(
        self, editions: list[Edition], tmp_path: Path
    ) -> None:
        write_editions(editions, tmp_path)

        assert write_editions(editions, tmp_path).changed == ()

    def test_single_files_link_to_each_other(self, editions: list[Edition]) -> None:
        files = single_files(editions, "small")

        assert list(files) == ["small.html", "small.es.html"]
        assert "small.es.html" in read_page(files["small.html"]).links
        assert "small.html" in read_page(files["small.es.html"]).links


@pytest.fixture(scope="module")
def served(seom: Path) -> Iterator[str]:
    """The built site from a plain server of files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(seom)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


class TestInBrowser:
    def test_the_reader_goes_to_the_other_language_and_back(
        self, seom: Path, browser: Browser
    ) -> None:
        with watched(browser, viewport=DESKTOP) as found:
            page = found.page
            page.goto((seom / "pathways" / "bone_metastases.html").as_uri())
            page.get_by_role("link", name="Español").click()
            expect(page.locator("h1")).to_have_text("Metástasis óseas")
            assert page.url.endswith("/es/pathways/bone_metastases.html")
            page.get_by_role("link", name="English").click()
            expect(page.locator("h1")).to_have_text("Bone metastases")
            assert found.troubles == []

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing_in_spanish(self, seom: Path, browser: Browser, scheme: str) -> None:
        case = sorted((seom / "es" / "cases").iterdir())[0].name
        wrong = {}
        with watched(
            browser, viewport=DESKTOP, color_scheme=scheme, reduced_motion="reduce"
        ) as found:
            for name in (*KINDS, f"cases/{case}"):
                found.page.goto((seom / "es" / name).as_uri())
                wrong[name] = violations(found.page)
            assert found.troubles == []
        assert {name: each for name, each in wrong.items() if each} == {}

    @pytest.mark.parametrize("language", ["", "es/"])
    def test_it_works_from_a_server_as_from_a_folder(
        self, served: str, browser: Browser, language: str
    ) -> None:
        with watched(browser, viewport=DESKTOP) as found:
            page = found.page
            for name in KINDS:
                page.goto(f"{served}/{language}{name}")
                expect(page.locator("h1").first).to_be_visible()
            page.goto(f"{served}/{language}pathways/her2_first_line.html")
            expect(page.locator(".canvas svg")).to_be_visible()
            page.locator("#search-field").fill("Herceptin")
            expect(page.locator("#search-results a").first).to_contain_text("rastuzumab")
            page.goto(f"{served}/{language}walkthrough.html")
            expect(page.locator("#walk[data-ready]")).to_be_attached()
            expect(page.locator("#walk-flow svg")).to_be_visible()
            assert found.troubles == []


def test_every_finding_that_can_be_accepted_has_words() -> None:
    assert FINDINGS.keys() == ACCEPTABLE.keys()


# --- nothing is mixed -----------------------------------------------------------------------------------

_SAME = {
    "Luminal", "Pleura", "Diabetes",
    "SEOM clinical guidelines in advanced and recurrent breast cancer (2018)",
}  # fmt: skip
"""What is written alike in both languages, and the citation of the source."""


_ENGLISH = re.compile(
    r"\b(always|are|at|by|for|from|given|is|never|not|of|or|the|unless|when|with)\b"
)
_QUOTED = re.compile(
    r"`[^`]*`|SEOM clinical guidelines in .* \(2018\)|Spanish Society of Medical Oncology"
)


class _Texts(HTMLParser):
    """What a page says, but for code, what is marked as another language, and names of cases."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        apart = tag in ("script", "style", "code") or (tag != "html" and "lang" in given)
        apart = apart or "/cases/" in f"/{given.get('href') or ''}"
        apart = apart or any(inside for _, inside in self._open)
        if not apart:
            names = ("aria-label", "alt", "placeholder", "title")
            self.found |= {text for name in names if (text := given.get(name))}
        if tag not in VOID:
            self._open.append((tag, apart))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(apart for _, apart in self._open):
            self.found.add(text)


def texts_of_page(file: Path) -> set[str]:
    parser = _Texts()
    parser.feed(file.read_text(encoding="utf-8"))
    return parser.found


def test_spanish_pages_say_nothing_in_english_that_is_not_marked(
    seom: Path, seom_guideline: CompiledGuideline
) -> None:
    guideline = seom_guideline.guideline
    actions = guideline.actions.values()
    names = {name.lower() for action in actions for name in (action.label, *action.synonyms)}
    names |= {node.name for pathway in guideline.pathways.values() for node in pathway.nodes}
    names |= {text.lower() for text in _SAME}
    files = [*seom.glob("*.html"), *seom.glob("pathways/*.html")]
    files += sorted(seom.glob("cases/*.html"))[::40]
    mixed = {}
    for file in files:
        name = file.relative_to(seom)
        said = texts_of_page(seom / "es" / name)
        both = {text for text in said & texts_of_page(file) if re.search("[A-Za-z]{4}", text)}
        # A list of medicines is made of names.
        left = {t for t in both if not set(re.split(r", | \+ ?|: ", t.lower())) - {""} <= names}
        left |= {text for text in said if "‹en" in text}
        left |= {text for text in said if _ENGLISH.search(_QUOTED.sub("", text))}
        left = {text for text in left if not re.fullmatch("[0-9a-f]{64}", text)}
        if left:
            mixed[str(name)] = left
    assert mixed == {}


def test_cases_are_judged_in_the_language_they_were_written_in(seom: Path) -> None:
    for folder in (seom, seom / "es"):
        page = (folder / "cases.html").read_text(encoding="utf-8")
        rows = re.findall(r'<tr id="[^"]*"', page)
        assert len(rows) > 1000
    english = re.search(r"(\d+) of (\d+) give what is expected", (seom / "cases.html").read_text())
    assert english is not None
    assert english[1] == english[2]
    spanish = texts_of_page(seom / "es" / "cases.html")
    assert any(text.count(english[1]) == 2 for text in spanish), "all of all"
