"""What a flowchart shows: every node, every answer, where followed pathways are, whose way it is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from drawing_examples import EXAMPLES, PATIENT, example, from_text
from pathway_compiler.render.arrangement import MAX_WIDTH, Arrangement
from pathway_compiler.render.diagrams import draw, size_of_svg
from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.layout import lay_out_many
from pathway_compiler.render.overlay import Overlay
from pathway_compiler.render.overview import follows, overview_to_dot
from pathway_compiler.render.palette import DARK, LIGHT, dark_colours
from pathway_compiler.render.svg import recolour_dot
from pathway_compiler.render.to_dot import pathway_to_dot

ROOT = Path(__file__).parents[3]
ALL = [(name, pathway) for name in EXAMPLES for pathway in example(name)[1]]


def drawing_of(name: str, pathway: str | None = None, **options: object) -> Drawing:
    guideline, graphs = example(name)
    graph = graphs[pathway or next(iter(graphs))]
    return pathway_to_dot(graph, guideline, graphs=graphs, **options)  # type: ignore[arg-type]


def groups(svg: bytes) -> dict[str, ET.Element]:
    return {each.get("id", ""): each for each in ET.fromstring(svg).iter() if each.get("id")}


def cells(dot: str) -> set[str]:
    """The ids of all cells."""
    return set(re.findall(r' ID="([^"]*)"', dot))


class TestEveryDrawing:
    @pytest.mark.parametrize(("name", "pathway"), ALL)
    def test_graphviz_says_nothing_about_it(self, name: str, pathway: str) -> None:
        assert lay_out_many([drawing_of(name, pathway).dot]).warnings == ()

    @pytest.mark.parametrize(("name", "pathway"), ALL)
    def test_every_spoken_part_is_in_the_svg(self, name: str, pathway: str) -> None:
        drawing = drawing_of(name, pathway)

        found = groups(draw(drawing, "svg", prefix="p-"))

        missing = [id for id in drawing.aria if f"p-{id}" not in found]
        assert missing == []
        assert all(drawing.aria.values())

    @pytest.mark.parametrize(("name", "pathway"), ALL)
    def test_every_part_has_a_class_and_ids_are_unique(self, name: str, pathway: str) -> None:
        drawing = drawing_of(name, pathway)
        svg = draw(drawing, "svg")

        ids = re.findall(r' id="([^"]*)"', svg.decode())
        assert len(ids) == len(set(ids))
        found = groups(svg)
        assert all(found[f"{pathway}-{id}"].get("class") for id in drawing.aria)

    @pytest.mark.parametrize(("name", "pathway"), ALL)
    def test_every_page_is_narrow_enough_to_read(self, name: str, pathway: str) -> None:
        size = size_of_svg(draw(drawing_of(name, pathway), "svg"))

        assert size.width <= MAX_WIDTH * 96 / 72
        assert size.is_readable(1000)

    @pytest.mark.parametrize(("name", "pathway"), ALL)
    def test_every_node_of_the_pathway_is_drawn(self, name: str, pathway: str) -> None:
        _, graphs = example(name)
        drawing = drawing_of(name, pathway)

        nodes = {f"{pathway}.{node}" for node in graphs[pathway].order[1:]}
        assert nodes <= set(drawing.aria)

    def test_links_within_an_svg_lead_to_something(self) -> None:
        found = groups(svg := draw(drawing_of("every_node"), "svg"))

        for target in re.findall(r'xlink:href="#([^"]*)"', svg.decode()):
            assert target in found or target == "bone_care"


class TestDecisions:
    def test_unknown_is_an_answer_where_it_matters(self) -> None:
        found = cells(drawing_of("answers").dot)

        assert {"answers.gap.unknown", "answers.several.unknown"} <= found
        assert not {"answers.policy.unknown", "answers.same.unknown"} & found

    def test_patients_without_an_answer_are_shown_in_red(self) -> None:
        drawing = drawing_of("answers")

        assert "answers.gap.not_covered" in cells(drawing.dot)
        assert f'COLOR="{LIGHT["against"]}"' in drawing.dot
        assert drawing.classes["answers.gap.not_covered"] == "answer uncovered"
        # Decisions with `otherwise`, and those of another kind, are complete by their form.
        assert "answers.same.not_covered" not in drawing.dot
        assert "answers.several.not_covered" not in drawing.dot

    def test_ports_carry_a_prefix(self) -> None:
        assert set(re.findall(r'PORT="([^"]*)"', drawing_of("hostile").dot)) == {
            "q", "a_branch_1", "a_branch_2", "a_branch_3", "a_branch_4", "a_unknown",
        }  # fmt: skip

    def test_many_answers_stand_beside_the_question(self) -> None:
        assert 'rankdir="LR"' in drawing_of("many_answers").dot
        assert 'rankdir="TB"' in drawing_of("many_answers", arrangement=Arrangement()).dot


class TestCards:
    def test_evidence_is_shown_as_printed(self) -> None:
        dot = drawing_of("every_node").dot

        for text in ("GR A", "LC high", "GR D", "GR I", "LC low, no grade", "Not graded"):
            assert text in dot
        assert "[5, 6, 7, 8, 9, 10, …]" in dot

    def test_direction_is_said_in_words(self) -> None:
        dot = drawing_of("every_node").dot

        for text in ("Throughout: Against", "No consensus", "Await research", "Avoid: Total"):
            assert text in dot

    def test_ranks_are_words_and_equal_options_have_none(self) -> None:
        dot = drawing_of("every_node").dot

        assert ">Preferred" in dot
        assert ">Fallback" in dot
        assert ">Option" not in dot
        assert "May be combined, in no order" in dot

    def test_cautions_and_footnotes_stand_in_the_card(self) -> None:
        dot = drawing_of("every_node").dot

        assert "Caution (if Fit for chemotherapy)" in dot
        assert "Note: The source does" in dot

    def test_a_regimen_that_repeats_the_title_is_left_out(self) -> None:
        guideline, graphs = from_text(
            'guideline g "G":\n  version "1"\nagent a "Letrozole"\nagent b "Palbociclib"\n'
            'pathway p "P":\n  recommend r "Palbociclib + letrozole":\n    give a + b\n'
        )

        dot = pathway_to_dot(graphs["p"], guideline, graphs=graphs).dot

        assert ">Letrozole + " not in dot


class TestFollowedPathways:
    def test_a_pathway_is_a_frame_once_and_then_a_link(self) -> None:
        dot = drawing_of("follows").dot

        assert 'subgraph "cluster_main.suppressed"' in dot
        assert 'subgraph "cluster_main.endocrine"' not in dot
        assert 'href="#endocrine_treatment"' in dot
        assert 'subgraph "cluster_endocrine_treatment.second_look"' in dot

    def test_arguments_and_added_parts_are_said(self) -> None:
        dot = drawing_of("follows").dot

        assert "with suppression" in dot
        assert "adding goserelin" in dot

    def test_without_expansion_all_are_links(self) -> None:
        assert "subgraph" not in drawing_of("follows", expand=False).dot

    def test_no_frame_beyond_nine_decisions(self) -> None:
        def chain(name: str, length: int, last: str) -> str:
            lines = [f'pathway {name} "{name}":\n']
            for number in range(length):
                after = f"d{number + 1}" if number < length - 1 else "last"
                lines.append(
                    f'  decision d{number} "D{number}":\n'
                    f"    when x -> {after}\n    otherwise -> {after}\n"
                )
            return "".join(lines) + last

        def page(length: int) -> str:
            guideline, graphs = from_text(
                'guideline g "G":\n  entry a\nelement x "X": boolean\n'
                + chain("a", length, "  follow b as last\n")
                + chain("b", 4, '  end last "Done"\n')
            )
            return pathway_to_dot(graphs["a"], guideline, graphs=graphs).dot

        assert "subgraph" in page(5)
        assert "subgraph" not in page(6)

    def test_a_way_back_is_a_sign_and_not_a_long_arrow(self) -> None:
        dot = drawing_of("follows").dot

        assert '"main.check.branch_1--menopause.back"' in dot
        assert "Back to: Menopause?" in dot

    def test_what_comes_later_is_dashed(self) -> None:
        (edge,) = re.findall(
            r'.*id="treatment.response.branch_1--fitness" .*', drawing_of("every_node").dot
        )

        assert 'style="dashed"' in edge


class TestPatient:
    def test_her_way_is_wide_and_the_rest_is_fainter(self) -> None:
        dot = drawing_of("every_node", overlay=PATIENT).dot

        (taken,) = re.findall(r'.*id="treatment.her2.branch_1--fitness" .*', dot)
        assert "penwidth=3.2" in taken
        assert LIGHT["path"] in taken
        (other,) = re.findall(r'.*id="treatment.her2.branch_2--not_here" .*', dot)
        assert "penwidth=1 " in other or "penwidth=1]" in other
        assert LIGHT["faded"] in other

    def test_answers_carry_a_sign(self) -> None:
        dot = drawing_of("every_node", overlay=PATIENT).dot

        for text in ("√ Positive", "× Negative", "? Fit", "? Not fit", "? Unknown"):
            assert text in dot

    def test_an_answer_of_a_later_visit_has_none(self) -> None:
        assert "× Progression" not in drawing_of("every_node", overlay=PATIENT).dot

    def test_what_is_missing_is_named(self) -> None:
        drawing = drawing_of("every_node", overlay=PATIENT)

        assert "Needs: Fit for" in drawing.dot
        assert "Needs: Fit for chemotherapy" in drawing.aria["treatment.fitness"]
        assert "HER2 status: Positive" in drawing.aria["treatment.her2"]

    def test_statuses_stand_on_cards_and_options(self) -> None:
        dot = drawing_of("every_node", overlay=PATIENT).dot

        assert dot.count("√ Given") == 2
        assert "? Possible" in dot
        assert "× Not given" in dot

    def test_faint_text_is_the_secondary_colour_at_least(self) -> None:
        dot = drawing_of("every_node", overlay=Overlay()).dot

        badges = {LIGHT[f"{grade}_text"] for grade in "abcdi"}
        allowed = {LIGHT[role] for role in ("secondary", "start_text", "for", "against")}
        allowed |= badges | {LIGHT["undecided"]}
        assert set(re.findall(r'<FONT COLOR="([^"]*)"', dot)) <= allowed

    def test_the_start_may_be_named_as_in_a_graph(self) -> None:
        assert Overlay(nodes={"p.(start)": "true"}).node("p") == "true"


class TestThemes:
    def test_dark_is_light_recoloured(self) -> None:
        light = drawing_of("every_node", overlay=PATIENT).dot
        dark = drawing_of("every_node", overlay=PATIENT, theme="dark").dot

        assert recolour_dot(light, dark_colours()).lower() == dark.lower()
        used = {each.lower() for each in re.findall(r"#[0-9A-Fa-f]{6}", dark)}
        assert used <= {each.lower() for each in DARK.values()}

    def test_an_svg_can_follow_the_reader(self) -> None:
        svg = draw(drawing_of("answers"), "svg", "auto").decode()

        assert "prefers-color-scheme: dark" in svg

    def test_a_dark_drawing_does_not_become_light(self) -> None:
        with pytest.raises(ValueError, match="draw it light first"):
            draw(drawing_of("answers", theme="dark"), "svg", "light")

    @pytest.mark.parametrize(("format", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
    def test_other_formats(self, format: str, start: bytes) -> None:
        assert draw(drawing_of("answers"), format, "dark").startswith(start)  # type: ignore[arg-type]


class TestWords:
    def test_fixed_words_are_in_the_language_of_the_guideline(self) -> None:
        drawing = drawing_of("hostile")

        assert "Desconocido" in drawing.dot
        assert "Precaución" in drawing.dot
        assert drawing.language == "es"

    def test_the_description_has_every_answer_and_its_target(self) -> None:
        description = drawing_of("every_node").description

        assert "- Positive: leads to Fit for chemotherapy?" in description
        assert "Preferred: Trastuzumab + pertuzumab + taxane" in description
        assert "Start: Bone metastases" in description

    def test_very_long_labels_are_cut_in_the_drawing_and_whole_when_spoken(self) -> None:
        label = "word " * 2000
        guideline, graphs = from_text(
            f'guideline g "G":\n  version "1"\npathway p "P":\n  recommend r "{label}"\n'
        )

        drawing = pathway_to_dot(graphs["p"], guideline, graphs=graphs)

        assert len(drawing.dot) < 6000
        assert drawing.aria["p.r"].count("word") == 2000
        assert size_of_svg(draw(drawing, "svg")).height < 400


class TestOverview:
    def test_arrows_tell_what_follows_what_and_when(self) -> None:
        _, graphs = example("follows")

        assert follows(graphs["main"]) == {"endocrine_treatment": False}
        assert follows(graphs["endocrine_treatment"]) == {"deeper": False}

    def test_a_pathway_reached_after_a_review_is_dashed(self) -> None:
        guideline, graphs = from_text(
            'guideline g "G":\n  entry a\nelement x "X": boolean\n'
            'pathway a "A":\n  review r "R":\n    on x -> b\n  follow b\n'
            'pathway b "B":\n  end e "E"\n'
        )

        (edge,) = re.findall(r'.*id="a--b".*', overview_to_dot(guideline, graphs).dot)

        assert 'style="dashed"' in edge

    def test_each_pathway_says_how_much_it_recommends(self) -> None:
        guideline, graphs = example("every_node")
        drawing = overview_to_dot(guideline, graphs)

        assert "2 decisions · 6 recommendations" in drawing.dot
        assert "Start here" in drawing.dot
        assert set(drawing.aria) == {"treatment", "bone_care", "treatment--bone_care"}


def test_equal_sources_give_equal_text_in_every_process() -> None:
    program = (
        "from drawing_examples import EXAMPLES, PATIENT, example\n"
        "from pathway_compiler.render.to_dot import pathway_to_dot\n"
        "for name in EXAMPLES:\n"
        "    guideline, graphs = example(name)\n"
        "    for graph in graphs.values():\n"
        "        d = pathway_to_dot(graph, guideline, graphs=graphs, overlay=PATIENT)\n"
        "        print(d.dot, d.description, d.aria, d.classes, d.order)\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}",
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }

    assert len(outputs) == 1
