"""The DOT of small pathways, byte by byte. `make golden` writes it anew: look at the diff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drawing_examples import EXAMPLES, PATIENT, example
from pathway_compiler.render.overview import overview_to_dot
from pathway_compiler.render.to_dot import pathway_to_dot

FOLDER = Path(__file__).parent / "dot"
Golden = Callable[[Path, str | bytes], None]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_first_pathway_of_each_example(name: str, golden: Golden) -> None:
    guideline, graphs = example(name)
    graph = next(iter(graphs.values()))

    drawing = pathway_to_dot(graph, guideline, graphs=graphs)

    golden(FOLDER / f"{name}.dot", drawing.dot)


def test_a_patient_in_the_dark(golden: Golden) -> None:
    guideline, graphs = example("every_node")

    drawing = pathway_to_dot(
        graphs["treatment"], guideline, graphs=graphs, overlay=PATIENT, theme="dark"
    )

    golden(FOLDER / "every_node_patient_dark.dot", drawing.dot)


def test_a_page_without_frames(golden: Golden) -> None:
    guideline, graphs = example("follows")

    drawing = pathway_to_dot(graphs["main"], guideline, graphs=graphs, expand=False)

    golden(FOLDER / "follows_links.dot", drawing.dot)


def test_the_overview(golden: Golden) -> None:
    guideline, graphs = example("follows")

    golden(FOLDER / "follows_overview.dot", overview_to_dot(guideline, graphs).dot)


def test_the_spoken_description(golden: Golden) -> None:
    guideline, graphs = example("every_node")

    drawing = pathway_to_dot(graphs["treatment"], guideline, graphs=graphs)

    golden(FOLDER / "every_node_description.txt", drawing.description + "\n")
