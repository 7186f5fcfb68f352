"""The built SEOM site in Chromium, opened from its folder as from a USB stick."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Watched, brightness, violations, watched
from every_construct import EVERYTHING
from hostile_guideline import ATTACK, hostile_text
from pathway_compiler.analysis.obligations import prove
from pathway_compiler.changes.report import compare
from pathway_compiler.driver import load_text
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.site.checked import Checked, check
from pathway_compiler.site.contents import Since, SiteOptions
from pathway_compiler.site.write import single_file, write_site

Example = tuple[CompiledGuideline, Checked]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def window(browser: Browser) -> Iterator[Watched]:
    """A window of a desktop; nothing untoward may have happened when a test is through."""
    with watched(browser, viewport=DESKTOP, reduced_motion="reduce") as found:
        yield found
        assert found.troubles == []


def at(folder: Path, name: str) -> str:
    return f"{folder.as_uri()}/{name}"


def kinds_of_pages(seom: Path) -> list[str]:
    """One page of each kind."""
    case = sorted((seom / "cases").iterdir(), key=lambda file: file.stat().st_size)[600].name
    return [
        "index.html", "pathways/her2_first_line.html", "pathways/endocrine_second_line.html",
        "statements.html", "data.html", "definitions.html", "agents.html", "cases.html",
        f"cases/{case}", "coverage.html", "proof.html", "references.html",
    ]  # fmt: skip


class TestReading:
    def test_every_page_opens_and_every_pathway_shows_its_drawing(
        self, seom: Path, window: Watched
    ) -> None:
        page = window.page
        pathways = sorted((seom / "pathways").glob("*.html"))
        assert len(pathways) >= 40
        for file in pathways:
            page.goto(file.as_uri())
            drawing = page.locator(".canvas svg")
            box = drawing.bounding_box()
            assert box is not None
            assert box["width"] > 150, file.name
            assert box["height"] > 60, file.name
            steps = page.locator(".nodes > .node").count() - 1
            drawn = page.locator(".canvas g.node").count()
            assert drawn >= 1, file.name
            assert drawn + page.locator(".canvas g.standing").count() >= steps, file.name
            assert page.locator(".canvas text").first.bounding_box() is not None
        for name in kinds_of_pages(seom):
            page.goto(at(seom, name))
            expect(page.locator("h1")).to_be_visible()
        assert window.troubles == []

    def test_without_javascript_everything_is_there_to_read(
        self, seom: Path, browser: Browser
    ) -> None:
        with watched(browser, viewport=DESKTOP, java_script_enabled=False) as found:
            page = found.page
            page.goto(at(seom, "pathways/her2_first_line.html"))
            for node in page.locator(".node").all():
                expect(node).to_be_visible()
            expect(page.locator(".outline").first).to_be_visible()
            for button in page.locator("button, #search-field").all():
                expect(button).to_be_hidden()
            page.locator(".canvas a[href='#choice.tdm1']").click()
            assert page.url.endswith("#choice.tdm1")
            page.goto(at(seom, "statements.html"))
            expect(page.locator("#ledger, #the-ledger").first).to_be_visible()
            assert found.troubles == []

    def test_a_step_chosen_in_the_drawing_stands_beside_it(
        self, seom: Path, window: Watched
    ) -> None:
        page = window.page
        page.goto(at(seom, "pathways/her2_first_line.html"))
        expect(page.locator("#start-of-pathway")).to_be_visible()
        page.locator(".canvas a[href='#choice.tdm1']").first.click()
        expect(page.locator("#choice")).to_be_visible()
        expect(page.locator("#choice\\.tdm1")).to_be_in_viewport()
        expect(page.locator("#choice\\.tdm1")).to_be_focused()
        drawn = page.locator("#d-her2_first_line\\.choice\\.tdm1")
        assert "selected" in (drawn.get_attribute("class") or "")
        expect(page.locator("#start-of-pathway h3")).not_to_be_in_viewport()
        page.get_by_role("button", name="Show all steps").click()
        expect(page.locator("#start-of-pathway h3")).to_be_visible()
        assert page.locator(".nodes > .node[hidden]").count() == 0

    def test_a_deep_link_leads_to_its_step(self, seom: Path, window: Watched) -> None:
        page = window.page
        page.goto(at(seom, "pathways/her2_first_line.html#choice.dual_blockade"))
        expect(page.locator("#choice\\.dual_blockade h4")).to_be_in_viewport()
        page.goto(at(seom, "statements.html#her2_dual_blockade"))
        page.goto(at(seom, "agents.html#tdm1"))
        expect(page.locator("#tdm1")).to_be_in_viewport()

    def test_a_card_of_another_pathway_leads_to_its_page(self, seom: Path, window: Watched) -> None:
        page = window.page
        page.goto(at(seom, "index.html"))
        page.locator(".canvas a[href='pathways/bone_metastases.html']").first.click()
        expect(page.locator("h1")).to_have_text("Bone metastases")


class TestKeyboard:
    def test_from_the_drawing_to_the_step_and_back(self, seom: Path, window: Watched) -> None:
        page = window.page
        page.goto(at(seom, "pathways/her2_first_line.html"))
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#site-main")).to_be_focused()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('href')") == "#choice":
                break
        name = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert name.startswith("Choice: First-line treatment")
        page.keyboard.press("Enter")
        expect(page.locator("#choice")).to_be_focused()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#choice"

    def test_focus_follows_the_order_of_reading(self, seom: Path, window: Watched) -> None:
        page = window.page
        page.goto(at(seom, "pathways/her2_first_line.html"))
        drawn = page.locator(".canvas a").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        steps = page.locator(".nodes > .node").evaluate_all("all => all.map(n => '#' + n.id)")
        met = [href for href in dict.fromkeys(drawn) if href in steps]
        assert met == [step for step in steps if step in met]

    def test_every_control_has_a_name_and_is_large_enough(
        self, seom: Path, window: Watched
    ) -> None:
        page = window.page
        page.goto(at(seom, "statements.html"))
        for control in page.locator("button, select, input").all():
            box = control.bounding_box()
            if box is not None:
                assert box["height"] >= 24


class TestSearch:
    def search(self, page: Page, text: str) -> list[str]:
        page.locator("#search-field").fill(text)
        expect(page.locator("#search-results a").first).to_be_visible()
        return page.locator("#search-results a").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )

    def test_a_drug_is_found_by_its_synonym(self, seom: Path, window: Watched) -> None:
        page = window.page
        page.goto(at(seom, "pathways/bone_metastases.html"))
        found = self.search(page, "kadcyla")
        assert found[0] == "../agents.html#tdm1"
        assert "../pathways/her2_first_line.html#choice.tdm1" in found
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page.locator("#tdm1")).to_be_in_viewport()

    def test_what_is_not_there_is_said_and_escape_closes(self, seom: Path, window: Watched) -> None:
        page = window.page
        page.goto(at(seom, "index.html"))
        page.keyboard.press("Control+k")
        expect(page.locator("#search-field")).to_be_focused()
        page.keyboard.type("zzzz")
        expect(page.locator("#search-results")).to_contain_text("Nothing found")
        expect(page.locator("#search-status")).to_have_text("Nothing found.")
        page.keyboard.press("Escape")
        expect(page.locator("#search-results")).to_be_hidden()


class TestTables:
    def test_the_ledger_sorts_and_filters(self, seom: Path, window: Watched) -> None:
        page = window.page
        page.goto(at(seom, "statements.html"))
        rows = page.locator("#the-ledger tbody tr")
        total = rows.count()
        page.locator("[data-filter=grade]").select_option("A")
        shown = page.locator("#the-ledger tbody tr:visible")
        assert 0 < shown.count() < total
        assert set(shown.evaluate_all("all => all.map(r => r.dataset.grade)")) == {"A"}
        expect(page.locator("[data-count]")).to_have_text(f"{shown.count()} of {total} rows")
        page.get_by_role("button", name="Show all").click()
        expect(shown).to_have_count(total)
        page.get_by_role("button", name="Grade").click()
        order = rows.evaluate_all("all => all.map(r => r.dataset.grade)")
        assert order == sorted(order, key=lambda grade: (grade == "-", grade))
        head = page.get_by_role("columnheader", name="Grade")
        assert head.get_attribute("aria-sort") == "ascending"


class TestLooks:
    def test_dark_follows_the_system_and_the_switch_is_remembered(
        self, seom: Path, browser: Browser
    ) -> None:
        with watched(browser, viewport=DESKTOP, color_scheme="dark") as found:
            page = found.page
            page.goto(at(seom, "pathways/bone_metastases.html"))
            dark, colours = brightness(browser, page.screenshot())
            assert dark < 70
            assert colours > 20
            card = page.locator(".canvas polygon[fill='#ffffff']").first
            assert card.evaluate("e => getComputedStyle(e).fill") == "rgb(28, 37, 46)"
            page.locator("#theme-switch").click()
            light, _ = brightness(browser, page.screenshot())
            assert light > 200
            page.goto(at(seom, "index.html"))
            expect(page.locator("#theme-name")).to_have_text("light")
            assert found.troubles == []

    def test_print_is_light_and_without_navigation_and_shows_every_step(
        self, seom: Path, browser: Browser, tmp_path: Path
    ) -> None:
        with watched(browser, viewport=DESKTOP, color_scheme="dark") as found:
            page = found.page
            page.goto(at(seom, "pathways/endocrine_second_line.html"))
            page.emulate_media(media="print")
            light, _ = brightness(browser, page.screenshot())
            assert light > 200
            expect(page.locator("header.site nav")).to_be_hidden()
            expect(page.locator("#search-field")).to_be_hidden()
            for node in page.locator(".node").all():
                expect(node).to_be_visible()
            sheets = page.locator(".sheet")
            assert sheets.count() >= 2, "a long drawing goes on several pages"
            for sheet in sheets.all():
                box = sheet.bounding_box()
                assert box is not None
                assert box["width"] <= 186 * 96 / 25.4 + 1
            page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
        if shutil.which("pdftotext"):
            shown = ["pdftotext", "-f", "1", "-l", "1", str(tmp_path / "print.pdf"), "-"]
            first = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
            assert "Second-line endocrine therapy" in first
            assert "Endocrine therapy: second line" in first

    def test_every_drawing_is_printed_so_that_it_can_be_read(self, seom: Path) -> None:
        """Its questions are printed in at least 7 points; the overview alone may be smaller."""
        for file in (seom / "pathways").glob("*.html"):
            sheets = re.findall(
                r'<svg class="sheet" width="([\d.]+)mm" height="([\d.]+)mm" viewBox="0 [\d.]+ ([\d.]+) ',
                file.read_text(encoding="utf-8"),
            )
            assert sheets, file.name
            for width, height, points in sheets:
                scale = float(width) / (float(points) * 25.4 / 72)
                assert scale * 12 >= 7, f"{file.name}: {scale}"
                assert float(height) <= 263

    @pytest.mark.parametrize("name", ["index.html", "pathways/luminal.html", "statements.html", "data.html", "cases.html", "proof.html"])  # fmt: skip
    def test_a_phone_shows_pages_without_scrolling_sideways(
        self, seom: Path, browser: Browser, name: str
    ) -> None:
        with watched(browser, viewport=PHONE, is_mobile=True, has_touch=True) as found:
            found.page.goto(at(seom, name))
            width = found.page.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"]
            assert found.troubles == []


class TestAccessibility:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing_on_any_kind_of_page(
        self, browser: Browser, scheme: str, tmp_path: Path
    ) -> None:
        compiled = load_text(EVERYTHING)
        old = load_text(EVERYTHING.replace("size >= 1 cm", "size >= 3 cm"))
        since = Since("v1", compare(old, compiled))
        proof, _ = prove(compiled.guideline, compiled.graphs)
        checked = check(compiled, proof=proof)
        write_site(compiled, tmp_path, SiteOptions(checked=checked, since=since))
        kinds = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.html")}
        assert {"changes.html", "proof.html", "cases/wrong.html", "pathways/first.html"} <= kinds
        assert self.found(tmp_path, kinds, browser, scheme) == {}

    def test_axe_finds_nothing_on_large_drawings(self, seom: Path, browser: Browser) -> None:
        names = ["index.html", "pathways/endocrine_second_line.html", "pathways/staging.html"]
        assert self.found(seom, names, browser, "dark") == {}

    @pytest.mark.slow
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing_on_the_seom_site(
        self, seom: Path, browser: Browser, scheme: str
    ) -> None:
        names = [f"pathways/{file.name}" for file in (seom / "pathways").iterdir()]
        assert self.found(seom, [*kinds_of_pages(seom), *names], browser, scheme) == {}

    def found(
        self, folder: Path, names: Iterable[str], browser: Browser, scheme: str
    ) -> dict[str, list[str]]:
        wrong = {}
        with watched(
            browser, viewport=DESKTOP, color_scheme=scheme, reduced_motion="reduce"
        ) as found:
            for name in sorted(names):
                found.page.goto(at(folder, name))
                wrong[name] = violations(found.page)
            assert found.troubles == []
        return {name: each for name, each in wrong.items() if each}

    def test_axe_finds_nothing_on_a_phone_nor_in_open_search(
        self, seom: Path, browser: Browser
    ) -> None:
        with watched(browser, viewport=PHONE) as found:
            found.page.goto(at(seom, "statements.html"))
            assert violations(found.page) == []
            found.page.goto(at(seom, "pathways/bone_metastases.html"))
            # Of a card that the canvas cuts off, axe takes the lines in sight for its whole text.
            assert [v for v in violations(found.page) if "label-content-name" not in v] == []
            found.page.locator("#search-field").fill("denosumab")
            expect(found.page.locator("#search-results a").first).to_be_visible()
            assert violations(found.page, "#site-search") == []


class TestSingleFile:
    def test_one_page_at_a_time_and_everything_works(
        self, example: Example, window: Watched, tmp_path: Path
    ) -> None:
        compiled, checked = example
        file = tmp_path / "bone.html"
        file.write_text(single_file(compiled, SiteOptions(checked=checked)), encoding="utf-8")
        page = window.page
        page.goto(file.as_uri())
        expect(page.locator("#index")).to_be_visible()
        expect(page.locator("#statements")).to_be_hidden()
        page.get_by_role("link", name="Statements", exact=True).click()
        expect(page.locator("#statements h1")).to_be_visible()
        page.locator("#search-field").fill("zoledronic")
        page.locator("#search-results a").first.click()
        expect(page.locator("[id='agents/zoledronic_acid']")).to_be_in_viewport()
        page.goto(f"{file.as_uri()}#pathways/bone/interval")
        page.reload()
        expect(page.locator("[id='pathways/bone/interval']")).to_be_visible()
        expect(page.locator("[id='pathways/bone'] .canvas svg")).to_be_visible()
        assert violations(page) == []


class TestHostileTexts:
    def test_they_are_shown_and_nothing_runs(self, window: Watched, tmp_path: Path) -> None:
        compiled = load_text(hostile_text())
        write_site(compiled, tmp_path, SiteOptions(checked=check(compiled)))
        page = window.page
        for name in (
            "index",
            "pathways/first",
            "statements",
            "data",
            "definitions",
            "agents",
            "cases/attack",
        ):
            page.goto(at(tmp_path, f"{name}.html"))
            assert page.evaluate("document.images.length") == 0
        page.goto(at(tmp_path, "pathways/first.html#treat"))
        expect(page.locator("#treat h3")).to_contain_text(ATTACK[:60])
        page.locator("#search-field").fill("quoted")
        expect(page.locator("#search-results a").first).to_contain_text(ATTACK[:60])
        page.locator("#search-results a").first.click()
        file = tmp_path / "single.html"
        file.write_text(single_file(compiled), encoding="utf-8")
        page.goto(file.as_uri())
        expect(page.locator("h1:visible")).to_contain_text(ATTACK[:60])
