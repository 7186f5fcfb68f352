"""When a missing answer changes the route, the question shows a cell for it."""

from __future__ import annotations

import pytest

from drawing_examples import example
from pathway_compiler.model.pathway import Decision
from pathway_compiler.render.missing import elements_read, unknown_matters


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("gap", True),
        ("policy", False),  # a parameter always has a value
        ("same", False),  # every answer leads to the same place
        ("asked", False),  # a branch asks `is unknown`
        ("several", True),
    ],
)
def test_unknown_matters(decision: str, expected: bool) -> None:
    guideline, _ = example("answers")
    node = guideline.pathways["answers"].node(decision)
    assert isinstance(node, Decision)

    assert unknown_matters(node, guideline) is expected


def test_elements_are_found_behind_definitions() -> None:
    guideline, _ = example("answers")
    node = guideline.pathways["answers"].node("asked")
    assert isinstance(node, Decision)

    assert elements_read(node.branches, guideline) == ("weight",)
