"""Every verdict of the solver, against trying every patient of random guidelines.

The patients are run by the interpreter, which is the definition; nothing here knows formulas.
"""

import pytest
from hypothesis import HealthCheck, Phase, event, given, note, settings

from oracle.brute_force import Findings, Prepared, findings, prepare
from oracle.random_guidelines import RandomGuideline, guidelines
from pathway_compiler.analysis.obligations import prove
from pathway_compiler.analysis.proof import Obligation

SOMETIMES = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
OFTEN = settings(SOMETIMES, max_examples=3_000)


class Expected:
    """What has to be proved and refuted, by what happens to all patients."""

    def __init__(self, prepared: Prepared) -> None:
        self.found: Findings = findings(prepared)
        self.guideline = prepared.compiled.guideline

    def holds(self, obligation: Obligation) -> bool | None:
        """Whether an obligation is fulfilled; None where nobody comes, or it is not tried here."""
        found, place = self.found, obligation.place
        name = ".".join(place)
        nowhere = len(place) >= 2 and place[:2] in found.never_reached
        match obligation.kind:
            case "covers every patient":
                return (
                    place[0] not in found.definition_gaps
                    if len(place) == 1
                    else place not in found.gaps
                )
            case "answers exclude each other" if len(place) == 1:
                return place[0] not in {n for n, *_ in found.definition_overlaps}
            case "answers exclude each other":
                return place not in {o[:2] for o in found.overlaps}
            case "row is not dead" | "answer is taken" if len(place) == 3:
                return None if nowhere else place not in found.never_taken
            case "is reached":
                return place not in found.never_reached
            case "is given":
                return name not in found.never_given
            case "option is eligible":
                choice = ".".join(place[:2])
                return choice not in found.never_given and name not in found.never_eligible
            case "applies to somebody":
                return (
                    None if place[0] not in found.applies else place[0] not in found.never_applies
                )
            case "applies not to everybody":
                return (
                    None if place[0] not in found.applies else place[0] not in found.always_applies
                )
            case "somebody can be":
                return True
            case _:
                return None


def _by_itself(prepared: Prepared, expected: Expected) -> frozenset[str]:
    """The pathways that nobody is led to, which are looked at by themselves."""
    reached = expected.found.reached
    return frozenset(
        name for name in prepared.compiled.graphs if not any(p == name for p, _ in reached)
    )


def _check(guideline: RandomGuideline) -> None:
    prepared = prepare(guideline)
    note(guideline.text)
    expected = Expected(prepared)
    compiled = prepared.compiled
    proof, _ = prove(compiled.guideline, compiled.graphs)
    alone = _by_itself(prepared, expected)
    contradicting: set[frozenset[str]] = set()
    open_pairs: set[frozenset[str]] = set()
    for obligation in proof.obligations:
        if obligation.witness is not None and obligation.verdict == "refuted":
            definition = len(obligation.place) == 1
            assert obligation.witness.confirmed or definition, obligation
        if obligation.kind == "contradicts nothing":
            pair = frozenset(obligation.place[:2])
            if obligation.verdict == "refuted":
                contradicting.add(pair)
            elif obligation.verdict == "undecided":
                open_pairs.add(pair)
            continue
        holds = expected.holds(obligation)
        if holds is None or obligation.place[0] in alone:
            continue
        event(f"{obligation.kind}: {obligation.verdict}")
        if obligation.verdict == "undecided":
            assert obligation.rests_on_free, obligation
            continue
        assert obligation.verdict == ("proved" if holds else "refuted"), obligation
    found = {frozenset(pair) for pair in expected.found.contradictions}
    entered = {p for p in found if not any(i.split(".")[0] in alone for i in p)}
    assert entered - open_pairs <= contradicting
    assert {p for p in contradicting if not any(i.split(".")[0] in alone for i in p)} <= found


@SOMETIMES
@given(guidelines())
def test_verdicts_agree_with_trying_every_patient(guideline: RandomGuideline) -> None:
    _check(guideline)


@pytest.mark.slow
@OFTEN
@given(guidelines())
def test_verdicts_about_many_agree_with_trying_every_patient(guideline: RandomGuideline) -> None:
    _check(guideline)
