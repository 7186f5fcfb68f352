"""The small pathways that drawings are tested with, from `tests/golden/pathways`."""

from __future__ import annotations

from pathlib import Path

from pathway_compiler.diagnostics.span import Source
from pathway_compiler.graph.from_model import build_graphs
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Decision
from pathway_compiler.render.overlay import Overlay
from pathway_compiler.semantics.from_syntax import elaborate
from pathway_compiler.syntax.parser import parse

FOLDER = Path(__file__).parent / "golden" / "pathways"
EXAMPLES = tuple(sorted(path.stem for path in FOLDER.glob("*.pathway")))
INCOMPLETE = "answers"
"""The example whose decisions are not proved complete."""


def example(name: str) -> tuple[Guideline, dict[str, PathwayGraph]]:
    """The guideline of one file; its decisions count as complete, except in `answers`."""
    text = (FOLDER / f"{name}.pathway").read_text(encoding="utf-8")
    return from_text(text, complete=name != INCOMPLETE)


def from_text(text: str, *, complete: bool = True) -> tuple[Guideline, dict[str, PathwayGraph]]:
    file, problems = parse(Source("example.pathway", text))
    guideline, more = elaborate((file,))
    assert guideline is not None, [*problems, *more]
    proved = {
        name: frozenset(node.name for node in pathway.nodes if isinstance(node, Decision))
        for name, pathway in guideline.pathways.items()
    }
    return guideline, build_graphs(guideline, proved if complete else None)


PATIENT = Overlay(
    nodes={
        "treatment": "true",
        "treatment.heart": "true",
        "treatment.no_mastectomy": "true",
        "treatment.parts": "true",
        "treatment.her2": "true",
        "treatment.fitness": "true",
        "treatment.first_line": "unknown",
        "treatment.open_question": "unknown",
        "treatment.response": "unknown",
        "treatment.bones": "true",
        "bone_care": "false",
    },
    edges={
        ("treatment.her2", "branch_1"): "true",
        ("treatment.her2", "branch_2"): "false",
        ("treatment.fitness", "branch_1"): "unknown",
        ("treatment.fitness", "otherwise"): "unknown",
    },
    statuses={
        "treatment.heart": "given",
        "treatment.no_mastectomy": "given",
        "treatment.first_line": "possible",
        "treatment.first_line.blockade": "possible",
        "treatment.first_line.vinorelbine_instead": "not given",
        "treatment.open_question": "possible",
        "bone_care.bone_agent": "not given",
    },
    needs={"treatment.fitness": ("Fit for chemotherapy",)},
    facts={"treatment.her2": "HER2 status: Positive"},
)
"""A patient of `every_node`: HER2-positive, and nobody knows yet whether she is fit."""
