"""What changed between two versions, against running every patient through both."""

import pytest
from hypothesis import HealthCheck, Phase, event, given, note, settings

from oracle.brute_force import movements, prepare
from oracle.random_changes import Change, changes
from pathway_compiler.changes.report import compare
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.pathway import Choose

SOMETIMES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
OFTEN = settings(SOMETIMES, max_examples=1_000)


def _check(change: Change) -> None:
    old, new = prepare(change.old), prepare(change.new)
    truth = movements(old, new)
    found = compare(old.compiled, new.compiled)
    note(f"{change.old.text}\n-----\n{change.new.text}")
    event(f"{change.kind}: {found.verdict}")
    assert found.movements is not None
    same = found.verdict in ("equivalent", "text only")
    if truth.moved or any(before != after for before, after in truth.actions):
        assert not same, "somebody is told something else"
    if change.kind in ("label", "nothing"):
        assert same
        assert not found.meaning
    if truth.moved:
        assert found.movements.cells or found.movements.undecided
    for cell in found.movements.cells:
        assert cell.patient.confirmed, "the interpreter says otherwise"
    if not found.movements.undecided:
        lost = {cell.recommendation_from for cell in found.movements.cells}
        gained = {cell.recommendation_to for cell in found.movements.cells}
        choices = {id_ for id_ in truth.lost | truth.gained if _has_options(new.compiled, id_)}
        assert truth.lost - choices <= lost
        assert truth.gained - choices <= gained


def _has_options(compiled: CompiledGuideline, id_: str) -> bool:
    """Whether it is a choice, which its options tell."""
    pathway, name, *_ = id_.split(".")
    return isinstance(compiled.guideline.pathways[pathway].node(name), Choose)


@SOMETIMES
@given(changes())
def test_a_verdict_holds_for_every_patient(change: Change) -> None:
    _check(change)


@pytest.mark.slow
@OFTEN
@given(changes())
def test_many_verdicts_hold_for_every_patient(change: Change) -> None:
    _check(change)
