"""The walkthrough in Chromium, opened from the folder of the built SEOM site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Watched, violations, watched
from hostile_guideline import hostile_text
from pathway_compiler.driver import evaluate, load_text
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.case import Case
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.patient_data.to_json import patient_to_json
from pathway_compiler.site.write import single_file, write_site

SEOM = Path(__file__).parents[2] / "pathways" / "seom_abc_2018"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENTS = 30

FOUND = """async () => {
  const pause = () => new Promise((done) => setTimeout(done, 20));
  const place = document.getElementById("walk-results");
  for (let round = 0; round < 5; round += 1) {
    const closed = [...place.querySelectorAll("details:not([open])")];
    if (closed.length === 0) break;
    for (const details of closed) details.open = true;
    await pause();
  }
  const state = (node, words) => words.find((word) => node.classList.contains(word));
  return {
    recommendations: [...place.querySelectorAll(".recommendation")].map((node) => [
      node.dataset.id,
      state(node, ["given", "possible"]),
      [...node.querySelectorAll(".option-row")].map((o) => [
        o.dataset.id, state(o, ["eligible", "perhaps", "excluded"]),
      ]),
    ]),
    refused: [...place.querySelectorAll(".not-recommended li")].map((node) => node.dataset.id),
    reviews: [...place.querySelectorAll(".reviews li")].map((node) => node.dataset.id),
  };
}"""
"""Everything that the page says follows, with what is folded away."""


@pytest.fixture
def site(seom: Path) -> Path:
    return seom


@pytest.fixture
def window(browser: Browser) -> Iterator[Watched]:
    """A window of a desktop; nothing untoward may have happened when a test is through."""
    with watched(browser, viewport=DESKTOP, reduced_motion="reduce") as found:
        yield found
        assert found.troubles == []


def open_at(page: Page, folder: Path, fragment: str = "") -> None:
    """The walkthrough with the answers of a link, as it is when it is opened anew."""
    page.goto("about:blank")
    page.goto(f"{folder.as_uri()}/walkthrough.html{fragment}")
    expect(page.locator("#walk[data-ready]")).to_be_attached()


def written(value: object) -> str:
    return quote(json.dumps(value, ensure_ascii=False), safe=",:")


def link_of(case: Case, compiled: CompiledGuideline) -> str:
    """The answers of a case as a link has them."""
    parts = []
    if case.pathway is not None:
        parts.append(f"start={case.pathway}")
    parts += [f"reading.{name}={written(value)}" for name, value in case.readings]
    for visit in case.visits:
        facts: dict[str, tuple[Observation, ...]] = {}
        for given in visit.given:
            facts[given.name] = (*facts.get(given.name, ()), Observation(given.value, given.on))
        data = patient_to_json(Patient(case.name, facts), compiled.guideline)
        parts.append(f"visit.on={visit.as_of}")
        told = data["facts"]
        assert isinstance(told, dict)
        parts += [f"{name}={written(value)}" for name, value in told.items()]
    return "#answers&" + "&".join(parts)


def answers_of(page: Page) -> dict[str, object]:
    """The answers in the link of a page with one visit."""
    facts: dict[str, object] = {}
    _, _, inside = page.url.partition("visit.on=")
    for part in inside.split("&")[1:]:
        name, _, value = part.partition("=")
        try:
            facts[unquote(name)] = json.loads(unquote(value))
        except json.JSONDecodeError:
            facts[unquote(name)] = unquote(value)
    return facts


def said(outcome: Outcome) -> dict[str, list[object]]:
    """The same of an outcome as `FOUND` reads from the page; in no order."""
    return {
        "recommendations": [
            [r.id, r.certainty, [[o.id, o.status] for o in r.options]]
            for r in outcome.recommendations
        ],
        "refused": [each.id for each in outcome.not_recommended],
        "reviews": [each.id for each in outcome.reviews],
    }


def assert_same(page: Page, outcome: Outcome) -> None:
    shown = page.evaluate(FOUND)
    expected = said(outcome)
    for key in expected:
        assert sorted(map(json.dumps, shown[key])) == sorted(map(json.dumps, expected[key])), key


def card(page: Page) -> str:
    """The fact that the card asks for; empty when it asks for none."""
    mark = page.locator("#walk-question .kicker")
    return mark.get_attribute("data-element") or "" if mark.count() else ""


def load_file(page: Page, file: Path) -> None:
    page.set_input_files("#walk-file", file)
    expect(page.locator("#walk-file-report")).to_contain_text(file.name)


def facts_file(tmp_path: Path, facts: dict[str, object], **more: object) -> Path:
    file = tmp_path / "patient.json"
    file.write_text(json.dumps({"as_of": "2019-03-01", **more, "facts": facts}), encoding="utf-8")
    return file


class TestResults:
    def test_thirty_patients_of_the_cases_get_what_a_run_gives_them(
        self, site: Path, seom_guideline: CompiledGuideline, window: Watched
    ) -> None:
        cases = [c for c in seom_guideline.guideline.cases.values() if not c.settings]
        later = [case for case in cases if len(case.visits) > 1]
        once = [case for case in cases if len(case.visits) == 1]
        tried = 0
        for case in [*later[:: len(later) // 14], *once[:: len(once) // 24]]:
            visits = run_case(seom_guideline, case).visits
            if visits[-1].outcome is None:
                continue
            open_at(window.page, site, link_of(case, seom_guideline))
            assert_same(window.page, visits[-1].outcome)
            tried += 1
        assert tried >= PATIENTS

    @pytest.mark.parametrize("language", ["", "es"])
    def test_patient_files_give_what_a_run_gives_them(
        self, site: Path, seom_guideline: CompiledGuideline, window: Watched, language: str
    ) -> None:
        for file in sorted((SEOM / "patients").glob("*.json")):
            data = json.loads(file.read_text(encoding="utf-8"))
            open_at(window.page, site / language)
            window.page.set_input_files("#walk-file", file)
            expect(window.page.locator("#walk-file-report")).to_contain_text(file.stem)
            outcome = evaluate(seom_guideline, data["facts"], as_of=data["as_of"], exact=False)
            assert_same(window.page, outcome)

    def test_why_leads_to_the_statements_and_the_pathway(self, site: Path, window: Watched) -> None:
        page = window.page
        open_at(page, site)
        load_file(page, SEOM / "patients" / "marta.json")
        choice = page.locator(".recommendation[data-id='her2_first_line.choice']")
        choice.locator("> details summary").click()
        expect(choice.locator(".because")).to_contain_text("HER2-positive")
        expect(choice.locator("[data-id='her2_first_line.choice.tdm1']")).to_contain_text(
            "Not for this patient"
        )
        expect(choice.locator("[data-id='her2_first_line.choice.tdm1']")).to_contain_text(
            "Fast progression"
        )
        choice.locator("[data-id='her2_first_line.choice.dual_blockade'] a").first.click()
        page.wait_for_load_state()
        expect(page.locator("#choice\\.dual_blockade")).to_be_visible()
        page.go_back()
        expect(page.locator("#walk-answers h2")).to_contain_text("answers")


class TestAnswering:
    def test_by_keyboard_alone(
        self, site: Path, seom_guideline: CompiledGuideline, window: Watched
    ) -> None:
        page = window.page
        open_at(page, site)

        def tab_to(name: str) -> None:
            for _ in range(200):
                page.keyboard.press("Tab")
                found = page.evaluate(
                    """() => { const at = document.activeElement;
                       return at.getAttribute("aria-label") ?? (at.labels?.[0] ?? at).textContent.trim(); }"""
                )
                if found == name:
                    return
            raise AssertionError(f"{name} is not reached")

        wanted = {"disease_setting": "Metastatic disease", "her2_status": "Positive"}
        asked = []
        tab_to("Metastatic disease")
        for _ in range(8):
            name = card(page)
            asked.append(name)
            if len(asked) > 1:
                expect(page.locator("#walk-question h2")).to_be_focused()
            if name == "contraindications":
                if len(asked) > 1:
                    tab_to("None of these")
                page.keyboard.press("Space")
                tab_to("Save the answer")
            elif len(asked) > 1:
                tab_to(wanted.get(name, "Unknown"))
            page.keyboard.press("Enter")
            expect(page.locator("#walk-status")).to_contain_text("settled")
        assert len(set(asked)) == 8
        facts = answers_of(page)
        assert list(facts) == asked
        day = page.locator("[data-visit='0']").input_value()
        assert_same(page, evaluate(seom_guideline, facts, as_of=day, exact=False))
        tab_to("Change: Disease setting")
        page.keyboard.press("Enter")
        expect(page.locator("#walk-question h2")).to_be_focused()
        tab_to("Leave as it is")
        page.keyboard.press("Enter")
        assert answers_of(page) == facts
        page.keyboard.press("Shift+Tab")
        for _ in range(30):
            if page.evaluate("document.activeElement.id") == "walk-reset":
                break
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#walk-answers h2")).to_have_text("No answers yet")
        assert "her2_status" not in page.url

    def test_an_earlier_answer_is_changed_and_later_ones_stay(
        self, site: Path, window: Watched
    ) -> None:
        page = window.page
        open_at(page, site)
        load_file(page, SEOM / "patients" / "marta.json")
        before = answers_of(page)
        page.get_by_role("button", name="Change: HER2 status").click()
        expect(page.get_by_role("button", name="Positive", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        page.get_by_role("button", name="Negative", exact=True).click()
        after = answers_of(page)
        assert after == {**before, "her2_status": "negative"}
        assert list(after) == list(before)
        page.get_by_role("button", name="Start again").click()
        page.get_by_role("button", name="Bring them back").click()
        assert answers_of(page) == after

    def test_unknown_keeps_the_branches_open(self, site: Path, window: Watched) -> None:
        page = window.page
        open_at(page, site, "#answers&visit.on=2019-03-01&disease_setting=mbc&her2_status=positive")
        page.get_by_role("button", name="Change: HER2 status").click()
        page.locator("#walk-question .answer-button.unknown").click()
        assert answers_of(page)["her2_status"] == {"unknown": "asked but not known"}
        for name in ("HER2-positive advanced disease", "Luminal disease"):
            expect(page.locator(".way.perhaps", has_text=name).first).to_be_visible()
        page.get_by_role("button", name="systemic treatment").first.click()
        decision = page.locator("[id='walk-flow-advanced_breast_cancer.subtype.unknown']")
        expect(decision).to_have_class("answer unknown perhaps-on-way")

    def test_the_whole_form_counts_at_once_and_looks_for_questions(
        self, site: Path, window: Watched
    ) -> None:
        page = window.page
        open_at(page, site)
        page.get_by_role("button", name="The whole form").click()
        page.get_by_label("Look for a question").fill("HER2 status")
        item = page.locator(".item[data-element='her2_status']")
        item.get_by_label("Positive", exact=True).check()
        expect(item.get_by_label("Positive", exact=True)).to_be_focused()
        assert answers_of(page) == {"her2_status": "positive"}
        item.get_by_label("Unknown").check()
        assert answers_of(page) == {"her2_status": {"unknown": "asked but not known"}}
        item.get_by_role("button", name="Clear").click()
        expect(page.locator("#walk-answers h2")).to_have_text("No answers yet")
        page.get_by_label("Look for a question").fill("how many brain metastases")
        number = page.locator(".item[data-element='n_brain_mets'] input[type=text]")
        number.fill("5000")
        number.press("Tab")
        expect(page.locator(".item[data-element='n_brain_mets'] .trouble")).to_contain_text("5000")

    def test_what_cannot_be_is_said_in_the_engines_words(self, site: Path, window: Watched) -> None:
        page = window.page
        open_at(page, site, '#answers&visit.on=2019-03-01&metastatic_sites=["bone"]&n_brain_mets=0')
        page.get_by_role("button", name="Change: Number of brain metastases").click()
        field = page.locator("#walk-question input[type=text]").first
        field.fill("many")
        field.press("Enter")
        expect(page.locator("#walk-question .trouble")).to_contain_text("many")
        assert answers_of(page)["n_brain_mets"] == 0
        field.fill("2")
        page.get_by_role("button", name="Save the answer").click()
        trouble = page.locator("#walk-question .trouble")
        expect(trouble).to_contain_text("Brain metastases are a site in the brain")
        expect(page.locator("#walk-results")).to_contain_text("cannot all be true")
        page.get_by_role("button", name="Remove the answer").click()
        expect(page.locator("#walk-results")).not_to_contain_text("cannot all be true")

    def test_a_review_goes_on_at_the_next_visit(
        self, site: Path, seom_guideline: CompiledGuideline, window: Watched
    ) -> None:
        page = window.page
        open_at(page, site)
        load_file(page, SEOM / "patients" / "marta.json")
        page.locator("#walk-results").get_by_role("button", name="next visit").click()
        day = page.locator("[data-visit='1']")
        expect(day).to_be_focused()
        day.fill("2019-06-01")
        day.press("Tab")
        page.get_by_role("button", name="The whole form").click()
        page.get_by_label("Look for a question").fill("progressed on the present")
        page.locator(".item[data-element='progressive_disease']").get_by_label("Yes").check()
        expect(page.locator("#walk-answers")).to_contain_text("Visit 2")
        assert "visit.on=2019-06-01&progressive_disease=true" in page.url
        expect(page.locator("#walk-flow .ways")).to_contain_text("HER2-positive disease")
        page.get_by_role("button", name="Remove this visit").click()
        assert "2019-06-01" not in page.url


class TestLink:
    def test_a_link_restores_everything_and_names_nobody(
        self, site: Path, window: Watched, tmp_path: Path
    ) -> None:
        page = window.page
        facts = {"disease_setting": "mbc", "her2_status": "positive", "contraindications": []}
        open_at(page, site)
        page.set_input_files("#walk-file", facts_file(tmp_path, facts, id="Maria Garcia 4711"))
        expect(page.locator("#walk-file-report")).to_contain_text("Maria Garcia 4711")
        assert "Garcia" not in unquote(page.url)
        assert "Garcia" not in page.locator("#walk-summary-text").input_value()
        link, shown = page.url, page.locator("#walk-results").inner_text()
        fragment = "#" + link.partition("#")[2]
        open_at(page, site, fragment)
        assert page.locator("#walk-results").inner_text() == shown
        assert answers_of(page) == facts
        open_at(page, site, fragment.replace("text=", "text=0000") + "&no_such_fact=1")
        expect(page.locator("#walk-notice")).to_contain_text("another version")
        expect(page.locator("#walk-notice")).to_contain_text("no_such_fact")

    def test_a_date_of_birth_is_never_in_it(self, window: Watched, tmp_path: Path) -> None:
        text = (
            'guideline small "Small":\n  version "1"\n  grading g\n  entry first\n\n'
            'grading g "G":\n  certainty high "High"\n  grade A "Offer"\n\n'
            'element date_of_birth "Date of birth": date\n\nelement ill "Ill": boolean\n\n'
            'pathway first "First":\n  decision d "Ill?":\n    when ill -> e\n'
            '    otherwise -> e\n  end e "Done"\n'
        )
        write_site(load_text(text), tmp_path)
        open_at(
            window.page, tmp_path, "#answers&visit.on=2019-03-01&ill=true&date_of_birth=1950-01-01"
        )
        expect(window.page.locator("#walk-answers")).to_contain_text("1950-01-01")
        window.page.get_by_role("button", name="Remove: Ill").click()
        assert "1950" not in window.page.url

    def test_a_single_file_walks_too(self, window: Watched, tmp_path: Path) -> None:
        source = Path(__file__).parents[2] / "docs" / "example" / "bone.pathway"
        file = tmp_path / "bone.html"
        file.write_text(single_file(load_text(source.read_text())), encoding="utf-8")
        page = window.page
        page.goto(
            f'{file.as_uri()}#walkthrough/answers&visit.on=2019-03-01&metastatic_sites=["bone"]'
        )
        expect(page.locator("#walk")).to_be_visible()
        expect(page.locator("#walk-answers")).to_contain_text("Bone")
        expect(page.locator("#walk-flow svg .on-way").first).to_be_attached()
        page.locator("#walk-question input, #walk-question button").first.wait_for()
        page.get_by_role("link", name="Statements", exact=True).click()
        expect(page.locator("#walk")).to_be_hidden()


class TestFiles:
    def test_a_file_is_dropped_on_the_page(self, site: Path, window: Watched) -> None:
        page = window.page
        open_at(page, site)
        text = (SEOM / "patients" / "marta.json").read_text(encoding="utf-8")
        carried = page.evaluate_handle(
            """(text) => { const carried = new DataTransfer();
               carried.items.add(new File([text], "marta.json", { type: "application/json" }));
               return carried; }""",
            text,
        )
        for event in ("dragover", "drop"):
            page.dispatch_event("#walk-results", event, {"dataTransfer": carried})
        expect(page.locator("#walk-file-report")).to_contain_text("marta.json")
        assert answers_of(page) == json.loads(text)["facts"]
        expect(page.locator("#walk-file-hint")).to_contain_text("never leaves it")

    def test_a_hostile_file_is_shown_as_text_and_changes_nothing(
        self, site: Path, window: Watched, tmp_path: Path
    ) -> None:
        page = window.page
        attack = "<img src=x onerror=alert(1)>\u202e{fact}"
        open_at(page, site, "#answers&visit.on=2019-03-01&her2_status=positive")
        file = facts_file(tmp_path, {attack: attack, "her2_status": attack}, id=attack)
        page.set_input_files("#walk-file", file)
        report = page.locator("#walk-file-report")
        expect(report).to_contain_text("<img src=x onerror=alert(1)>")
        expect(report).to_contain_text("Line 1, column")
        assert "\u202e" not in report.inner_text()
        assert page.locator("#walk img").count() == 0
        assert answers_of(page) == {"her2_status": "positive"}
        for text, words in (
            ("{", "not JSON"),
            ("[]", "There is no patient"),
            ('{"__proto__": {"x": 1}}', "__proto__"),
            ('{"her2_status": "purple"}', "purple"),
        ):
            file.write_text(text, encoding="utf-8")
            page.set_input_files("#walk-file", file)
            expect(report).to_contain_text(words)
            assert answers_of(page) == {"her2_status": "positive"}

    def test_a_file_of_several_patients_asks_for_one(
        self, site: Path, window: Watched, tmp_path: Path
    ) -> None:
        page = window.page
        file = tmp_path / "two.ndjson"
        file.write_text(
            '{"id": "a", "her2_status": "positive"}\n{"id": "b", "her2_status": "negative"}\n'
        )
        open_at(page, site)
        load_file(page, file)
        page.get_by_label("Which one?").select_option("b")
        page.get_by_role("button", name="Take this patient").click()
        assert answers_of(page) == {"her2_status": "negative"}

    def test_hostile_texts_of_a_guideline_are_text(self, window: Watched, tmp_path: Path) -> None:
        write_site(load_text(hostile_text()), tmp_path)
        open_at(window.page, tmp_path)
        window.page.get_by_role("button", name="The whole form").click()
        for group in window.page.locator(".group > summary").all():
            group.click()
        assert window.page.evaluate("document.images.length") == 0


class TestSummary:
    def test_it_says_what_was_answered_and_what_follows(self, site: Path, window: Watched) -> None:
        page = window.page
        open_at(page, site)
        load_file(page, SEOM / "patients" / "marta.json")
        text = page.locator("#walk-summary-text").input_value()
        for words in (
            "- HER2 status: Positive",
            "Preferred [GR A, certainty high]",
            "Not for this patient: T-DM1, by exception",
            "only when: Fast progression",
            "VISIT 1, 2019-03-01",
        ):
            assert words in text
        page.locator("#walk-copy").click()
        expect(page.locator("#walk-copied")).not_to_be_empty()


class TestAccessibility:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing(self, site: Path, browser: Browser, scheme: str) -> None:
        with watched(
            browser, viewport=DESKTOP, color_scheme=scheme, reduced_motion="reduce"
        ) as found:
            page = found.page
            open_at(page, site)
            assert violations(page) == []
            load_file(page, SEOM / "patients" / "carmen.json")
            expect(page.locator("#walk-flow svg")).to_be_visible()
            page.evaluate(FOUND)
            assert violations(page) == []
            for name in ("HER2 status", "Contraindicated or unsuitable medicines"):
                page.get_by_role("button", name=f"Change: {name}").click()
                assert violations(page) == []
            page.get_by_role("button", name="The whole form").click()
            for group in page.locator(".group > summary").all():
                group.click()
            page.locator("#walk-choices summary").click()
            assert violations(page) == []

    def test_a_phone_shows_it_without_scrolling_sideways(
        self, site: Path, browser: Browser
    ) -> None:
        with watched(browser, viewport=PHONE, is_mobile=True, has_touch=True) as found:
            page = found.page
            open_at(page, site)
            load_file(page, SEOM / "patients" / "marta.json")
            page.evaluate(FOUND)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            for control in page.locator("button:visible, select:visible").all():
                box = control.bounding_box()
                assert box is not None
                assert box["height"] >= 24
            assert violations(page) == []
