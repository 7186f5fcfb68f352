"""The texts of a guideline in other languages: taken out, merged, checked, put in, marked."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from markdown_tests import REPOSITORY
from pathway_compiler import load, load_text, outcome_to_json
from pathway_compiler.driver import draw, evaluate, run_patient
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.engine.outcome_html import outcome_html
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.patient_data.read import read_patients
from pathway_compiler.render.diagrams import draw as draw_svg
from pathway_compiler.translation.catalogue import (
    Catalogue,
    Entry,
    read_catalogue,
    template_of,
    write_catalogue,
)
from pathway_compiler.translation.checking import check_catalogue
from pathway_compiler.translation.marking import marked_html, marked_text
from pathway_compiler.translation.merging import merged
from pathway_compiler.translation.texts import texts_of, with_texts
from pathway_compiler.translation.translated import translated

SEOM = REPOSITORY / "pathways" / "seom_abc_2018"
EXAMPLE = REPOSITORY / "docs" / "example"
FACTS = {"metastatic_sites": ["bone"], "contraindications": []}


@pytest.fixture(scope="module")
def seom() -> CompiledGuideline:
    return load(SEOM)


@pytest.fixture(scope="module")
def bone() -> CompiledGuideline:
    return load(EXAMPLE)


def template(compiled: CompiledGuideline) -> tuple[Entry, ...]:
    return template_of(texts_of(compiled.guideline), EXAMPLE)


def every(compiled: CompiledGuideline, translation: str) -> Catalogue:
    """A catalogue that says the same for everything; `{}` is the original."""
    return Catalogue(
        "es",
        tuple(
            replace(e, translation=translation.replace("{}", e.source)) for e in template(compiled)
        ),
    )


class TestTakingOut:
    def test_every_text_has_a_readable_place(self, seom: CompiledGuideline) -> None:
        places = {text.place: text.source for text in texts_of(seom.guideline)}

        assert places["her2_first_line.choice.tdm1 label"] == "T-DM1, by exception"
        assert places["her2_first_line.choice.tdm1 caution 1"]
        assert places["element her2_status ask"].endswith("?")
        assert places["grading uspstf.A label"].startswith("Offer")
        assert places["name high"] == "high"

    def test_a_place_has_one_text(self, seom: CompiledGuideline) -> None:
        counts = Counter(t.place for t in texts_of(seom.guideline) if t.place != "section")

        assert [place for place, number in counts.items() if number > 1] == []

    def test_an_answer_comes_with_its_question(self, bone: CompiledGuideline) -> None:
        about = {t.place: t.about for t in texts_of(bone.guideline)}

        assert about["bone.first_year.branch_1 label"] == (
            "answer to: A year of monthly treatment?"
        )

    def test_names_codes_and_citations_are_no_texts(self, bone: CompiledGuideline) -> None:
        sources = {t.source for t in texts_of(bone.guideline)}

        assert bone.guideline.header.source not in sources
        assert "77655" not in sources

    def test_putting_the_same_back_in_changes_nothing(self, seom: CompiledGuideline) -> None:
        again = with_texts(seom.guideline, lambda text: text.source)

        assert again == seom.guideline

    def test_every_text_is_replaced(self, seom: CompiledGuideline) -> None:
        """Cases quote texts of the guideline in what they expect, and stay as they are."""
        without_cases = replace(seom.guideline, cases={})
        shown = repr(with_texts(without_cases, lambda text: "ŧ"))

        left = [t for t in texts_of(seom.guideline) if " " in t.source and repr(t.source) in shown]
        assert left == []


class TestFiles:
    def test_a_catalogue_is_read_as_it_was_written(
        self, bone: CompiledGuideline, tmp_path: Path
    ) -> None:
        first, *others = every(bone, "¿{}?").entries
        entries = (replace(first, fuzzy=True, previous="before", remarks=("ask Ana",)), *others)
        obsolete = (Entry("bone.old label", "Old", "Viejo"), Entry("bone.older label", "Old", "V"))
        catalogue = Catalogue("es", entries, obsolete, "Bone: es")
        path = tmp_path / "es.po"
        text = write_catalogue(catalogue, "bone")
        path.write_text(text, encoding="utf-8")

        found, problems = read_catalogue(path, "es")

        assert problems == ()
        assert found == catalogue
        assert write_catalogue(found, "bone") == text

    def test_nothing_in_it_changes_without_a_cause(self, bone: CompiledGuideline) -> None:
        text = write_catalogue(Catalogue("es", template(bone)), "bone")

        assert "Date" not in text
        assert ".pathway:" not in text

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"what is this", b"msgid a\n\x00"])
    def test_a_broken_file_is_refused_with_a_reason(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "es.po"
        path.write_bytes(content)

        found, problems = read_catalogue(path, "es")

        assert found is None
        assert [p.code for p in problems] == ["unreadable-file"]

    def test_a_missing_file_is_refused_with_a_reason(self, tmp_path: Path) -> None:
        found, problems = read_catalogue(tmp_path / "es.po", "es")

        assert found is None
        assert problems[0].message.startswith("this file cannot be read")


def entry(place: str, source: str, translation: str = "", **more: object) -> Entry:
    return Entry(place, source, translation, **more)  # type: ignore[arg-type]


class TestMerging:
    OLD = Catalogue("es", (entry("a label", "Dose", "Dosis"), entry("b label", "Yes", "Sí")))

    def test_a_text_at_its_place_keeps_its_translation(self) -> None:
        found = merged(self.OLD, self.OLD.entries)

        assert found.catalogue == self.OLD
        assert (found.new, found.changed, found.gone) == (0, 0, 0)

    def test_a_changed_text_keeps_the_old_translation_as_a_proposal(self) -> None:
        found = merged(self.OLD, (entry("a label", "Daily dose"), self.OLD.entries[1]))

        changed = found.catalogue.entries[0]
        assert (changed.translation, changed.fuzzy, changed.previous) == ("Dosis", True, "Dose")
        assert (found.new, found.changed, found.gone) == (0, 1, 1)

    def test_the_same_words_elsewhere_are_a_proposal(self) -> None:
        found = merged(self.OLD, (*self.OLD.entries, entry("c label", "Yes")))

        new = found.catalogue.entries[2]
        assert (new.translation, new.fuzzy) == ("Sí", True)

    def test_a_new_text_has_no_translation(self) -> None:
        found = merged(self.OLD, (*self.OLD.entries, entry("c label", "No")))

        assert found.catalogue.entries[2].translation == ""
        assert found.new == 1

    def test_what_is_gone_is_obsolete_and_comes_back(self) -> None:
        without = merged(self.OLD, self.OLD.entries[:1])
        back = merged(without.catalogue, self.OLD.entries)

        assert [e.source for e in without.catalogue.obsolete] == ["Yes"]
        assert back.catalogue == self.OLD

    def test_answers_that_change_places_are_proposed_by_their_words(self) -> None:
        old = Catalogue(
            "es", (entry("d.branch_1 label", "Yes", "Sí"), entry("d.branch_2 label", "No", "No"))
        )
        found = merged(old, (entry("d.branch_1 label", "No"), entry("d.branch_2 label", "Yes")))

        assert [e.translation for e in found.catalogue.entries] == ["No", "Sí"]
        assert all(e.fuzzy for e in found.catalogue.entries)

    def test_merging_twice_is_merging_once(self) -> None:
        wanted = (entry("a label", "Daily dose"), entry("c label", "Yes"))
        once = merged(self.OLD, wanted).catalogue

        assert merged(once, wanted).catalogue == once


class TestChecking:
    def test_a_complete_catalogue(self) -> None:
        found = check_catalogue(TestMerging.OLD, TestMerging.OLD.entries)

        assert found.is_complete
        assert found.translated == 2

    @pytest.mark.parametrize(
        ("translation", "fuzzy", "kind"),
        [
            ("", False, "missing"),
            ("  ", False, "missing"),
            ("Entre 6 y 12 meses, véase `tdm1`", True, "fuzzy"),
            ("Entre 6 y 21 meses, véase `tdm1`", False, "broken"),
            ("Entre 6 y 12 meses, véase `t-dm1`", False, "broken"),
            ("Entre 6 y 12 meses o 3, véase `tdm1`", False, "broken"),
        ],
    )
    def test_what_is_wrong_with_a_translation(
        self, translation: str, fuzzy: bool, kind: str
    ) -> None:
        source = "6-12 months, see `tdm1`"
        catalogue = Catalogue("es", (entry("a", source, translation, fuzzy=fuzzy),))

        found = check_catalogue(catalogue, (entry("a", source),))

        assert [p.kind for p in found.problems] == [kind]

    def test_a_change_of_the_guideline_shows_without_an_update(self) -> None:
        found = check_catalogue(TestMerging.OLD, (entry("a label", "Daily dose"),))

        assert [p.kind for p in found.problems] == ["fuzzy"]
        assert found.stale == 2


# --- the same guideline in other words ----------------------------------------------------------------

_TEXTS = {
    "title", "text", "reasons", "question", "answer", "label", "cautions", "grade_meaning",
    "section", "outside", "ends", "every", "barred_by",
}  # fmt: skip


def skeleton(data: object) -> object:
    """A result without its texts."""
    if isinstance(data, dict):
        return {
            key: len(value) if key in _TEXTS and isinstance(value, list) else skeleton(value)
            for key, value in data.items()
            if key not in _TEXTS or isinstance(value, list)
        }
    return [skeleton(item) for item in data] if isinstance(data, list) else data


def outcomes(compiled: CompiledGuideline) -> list[Outcome]:
    return [
        visit.outcome
        for case in compiled.guideline.cases.values()
        for visit in run_case(compiled, case).visits
        if visit.outcome is not None
    ]


class TestTheSameInOtherWords:
    def test_results_are_equal_apart_from_texts(self, seom: CompiledGuideline) -> None:
        other = translated(seom, every(seom, "¡{}!"))

        english = [skeleton(outcome_to_json(o, seom)) for o in outcomes(seom)]
        spanish = [skeleton(outcome_to_json(o, other)) for o in outcomes(other)]

        assert len(english) > 150
        assert english == spanish

    def test_exact_answers_are_equal_apart_from_texts(self, seom: CompiledGuideline) -> None:
        other = translated(seom, every(seom, "¡{}!"))
        files = [str(SEOM / "patients" / f"{name}.json") for name in ("lucia", "carmen", "teresa")]
        for read in read_patients(files, seom.guideline):
            patient = read.patient
            assert patient is not None
            assert patient.as_of is not None
            one, _ = run_patient(seom, patient, as_of=patient.as_of)
            two, _ = run_patient(other, patient, as_of=patient.as_of)
            assert one is not None
            assert two is not None
            assert two.exactness == one.exactness
            found = skeleton(outcome_to_json(two, other))
            assert found == skeleton(outcome_to_json(one, seom))

    def test_the_text_of_the_source_stays_the_text_of_the_source(
        self, seom: CompiledGuideline
    ) -> None:
        other = translated(seom, every(seom, "¡{}!"))

        assert other.guideline.content_hash == seom.guideline.content_hash
        assert {n: g.exhaustive for n, g in other.graphs.items()} == {
            n: g.exhaustive for n, g in seom.graphs.items()
        }
        assert {n: g.order for n, g in other.graphs.items()} == {
            n: g.order for n, g in seom.graphs.items()
        }

    def test_drawings_have_the_same_ids(self, seom: CompiledGuideline) -> None:
        other = translated(seom, every(seom, "¡{}!"))

        for name in (None, *seom.graphs):
            one, two = draw(seom, name).drawing, draw(other, name).drawing
            assert sorted(one.aria) == sorted(two.aria)
            assert one.classes == two.classes
            assert one.order == two.order
            assert (one.language, two.language) == ("en", "es")

    def test_a_drawing_is_measured_with_the_words_it_shows(self, bone: CompiledGuideline) -> None:
        longer = translated(bone, every(bone, "{} " + "y bastante más largo " * 3))
        one, two = draw(bone, "bone").drawing, draw(longer, "bone").drawing

        assert two.dot.count("<BR") > one.dot.count("<BR")

    def test_our_words_and_those_of_the_guideline_are_of_one_language(
        self, bone: CompiledGuideline
    ) -> None:
        other = translated(bone, every(bone, "ŧ"))
        outcome = evaluate(
            other, {**FACTS, "contraindications": ["zoledronic_acid"]}, as_of="2019-03-01"
        )

        assert outcome.needs[0].question == "ŧ"
        assert outcome.language == "es"
        assert "Faltan datos" in outcome_html(outcome)
        assert "Missing" not in outcome_html(outcome)

    def test_a_question_made_of_a_label_is_a_spanish_question(
        self, bone: CompiledGuideline
    ) -> None:
        other = translated(bone, every(bone, "Lugares"))
        outcome = evaluate(other, {}, as_of="2019-03-01")

        assert outcome.needs[0].question == "¿Lugares?"

    def test_later_recommendations_are_not_drawn_as_refused_in_any_language(
        self, seom: CompiledGuideline
    ) -> None:
        from pathway_compiler.render.from_outcome import overlay_of

        other = translated(seom, every(seom, "¡{}!"))
        english = [overlay_of(o, seom.guideline).statuses for o in outcomes(seom)]
        spanish = [overlay_of(o, other.guideline).statuses for o in outcomes(other)]

        assert english == spanish

    def test_closed_lists_without_a_name_are_translated_in_conditions(self) -> None:
        compiled = load_text(
            'guideline g "G":\n  version "1"\nelement x "X": one of low "Low" | high "High"\n'
            'pathway p "P":\n  decision d "D?":\n    when x is low -> r\n    otherwise -> e\n'
            '  recommend r "R"\n  end e "E"\n'
        )
        other = translated(compiled, every(compiled, "ŧ {}"))

        assert next(e.label for e in other.graph("p").outgoing["d"]) == "ŧ X: ŧ Low"


class TestMarks:
    def test_a_text_without_a_translation_is_marked(self, bone: CompiledGuideline) -> None:
        other = translated(bone, Catalogue("es", ()))

        assert other.guideline.title == "‹en: Bone metastases (example)›"
        assert "‹en:" in draw(other, "bone").dot

    def test_a_proposal_is_not_shown(self, bone: CompiledGuideline) -> None:
        entries = tuple(replace(e, fuzzy=True) for e in every(bone, "ŧ").entries)

        assert "ŧ" not in repr(translated(bone, Catalogue("es", entries)).guideline)

    def test_nothing_is_marked_when_all_is_translated(self, bone: CompiledGuideline) -> None:
        other = translated(bone, every(bone, "ŧ"))

        assert "‹" not in repr(other.guideline)

    @pytest.mark.parametrize(
        ("html", "expected"),
        [
            ("<p>no mark</p>", "<p>no mark</p>"),
            ("<p>a ‹en: b› c ‹en: d›</p>", "<p>a <s>b</s> c <s>d</s></p>"),
            ("<p>‹en: say ‹this› twice›.</p>", "<p><s>say ‹this› twice</s>.</p>"),
            ("<p>‹en: never closed</p>", "<p>‹en: never closed</p>"),
            ("<p>‹en: 1 &lt; 2 &amp; 3›</p>", "<p><s>1 &lt; 2 &amp; 3</s></p>"),
            ('<a title="‹en: x›">‹en: y›</a>', '<a title="‹en: x›"><s>y</s></a>'),
            ("<svg><text>‹en: x›</text></svg>", "<svg><text>‹en: x›</text></svg>"),
            ('<script>"‹en: x›"</script>', '<script>"‹en: x›"</script>'),
            ("<title>‹en: x›</title>‹en: y›", "<title>‹en: x›</title><s>y</s>"),
            ("<p>‹no mark›</p>", "<p>‹no mark›</p>"),
        ],
    )
    def test_marks_in_a_page(self, html: str, expected: str) -> None:
        element = '<span class="untranslated" lang="en">'
        wanted = expected.replace("<s>", element).replace("</s>", "</span>")

        assert marked_html(html) == wanted

    def test_a_mark_says_its_language(self) -> None:
        assert 'lang="pt-BR"' in marked_html(f"<p>{marked_text('x', 'pt-BR')}</p>")


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</TD></TABLE>> ] } -> evil",
    "%(condition)s %s %d %",
    "{0.__class__} {{ 7*7 }} ${x}",
    "\u202e\u2066 desno\u00ads",
    "\x1b[31m\x07\x00",
    "\\N \\G \\L \\",
    "&lt;b&gt; &#60; ]]>",
    "‹en: x› ‹ ›",
    "ñ" * 10_000,
)


class TestHostileCatalogues:
    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_a_translation_is_shown_as_text(self, text: str, bone: CompiledGuideline) -> None:
        other = translated(bone, every(bone, text))
        outcome = evaluate(other, FACTS, as_of="2019-03-01")
        html = outcome_html(outcome)
        svg = draw_svg(draw(other, "bone", outcome=outcome).drawing, "svg").decode()

        assert "<script" not in html + svg
        assert "<img" not in html + svg
        assert json.loads(json.dumps(outcome_to_json(outcome, other)))["status"] == "needs_data"
        if "script" in text:
            assert "&lt;script" in html
            assert "&lt;script" in svg

    @pytest.mark.parametrize("text", HOSTILE[:10], ids=range(10))
    def test_it_goes_through_a_file(
        self, text: str, bone: CompiledGuideline, tmp_path: Path
    ) -> None:
        path = tmp_path / "es.po"
        path.write_text(write_catalogue(every(bone, text), "bone"), encoding="utf-8", newline="")

        found, problems = read_catalogue(path, "es")

        assert problems == ()
        assert found is not None
        assert {e.translation for e in found.entries} == {text}


class TestEnglish:
    def test_it_is_what_it_was(self, bone: CompiledGuideline) -> None:
        """Whatever has been said in another language before."""
        before = draw(bone, "bone").dot, str(evaluate(bone, FACTS, as_of="2019-03-01"))
        other = translated(bone, every(bone, "ŧ"))
        draw(other, "bone")
        evaluate(other, FACTS, as_of="2019-03-01")

        assert (draw(bone, "bone").dot, str(evaluate(bone, FACTS, as_of="2019-03-01"))) == before
        assert not re.search("[ŧ¿]", before[0])
