"""Every verdict of the solver, and who moves between two versions, against trying every patient.

The patients are run by the interpreter, which is the definition; nothing here knows formulas.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

import strategies
from pathway_compiler.analysis.obligations import prove
from pathway_compiler.analysis.proof import Obligation
from pathway_compiler.changes.matching import match_guidelines
from pathway_compiler.changes.movements import movements
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.diagnostics.diagnostic import has_errors
from pathway_compiler.diagnostics.span import Source
from pathway_compiler.driver import compile_sources
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.from_model import build_graphs, check_graphs
from pathway_compiler.model.pathway import Follow
from pathway_compiler.patient_data.read import patient_from_facts
from pathway_compiler.semantics.from_syntax import elaborate
from pathway_compiler.syntax.parser import parse
from strategies import Condition, Plan

DAY = PartialDate(2019, 3, 1)
FACTS: dict[str, tuple[object, ...]] = {
    **dict.fromkeys(strategies.BOOLEANS, (False, True)),
    "e0": strategies.ENUM,
    "n0": tuple(strategies.COUNTS),
}
Facts = dict[str, object]

SOMETIMES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
OFTEN = settings(SOMETIMES, max_examples=1_500)

EXTRAS = (
    'incompatible i0 "I0": x with z\n',
    'incompatible i1 "I1": xy with z\n',
    "",
)


def completions(facts: Facts) -> Iterator[Facts]:
    missing = [name for name in FACTS if name not in facts]
    for values in product(*(FACTS[name] for name in missing)):
        yield {**facts, **dict(zip(missing, values, strict=True))}


def prepared(text: str) -> CompiledGuideline | None:
    """The model and graphs of a guideline whatever its decisions promise; None when it has other errors."""
    file, problems = parse(Source("g.pathway", text))
    guideline, more = elaborate((file,))
    if guideline is None or has_errors([*problems, *more]) or has_errors(check_graphs(guideline)):
        return None
    return CompiledGuideline(guideline, build_graphs(guideline))


def outcomes(compiled: CompiledGuideline, patients: Iterable[Facts]) -> list[Outcome]:
    """What the interpreter says of those patients whom the constraints admit, from each start."""
    followed = {
        n.pathway
        for p in compiled.guideline.pathways.values()
        for n in p.nodes
        if isinstance(n, Follow)
    }
    starts = [name for name in compiled.graphs if name not in followed]
    found = []
    for facts in patients:
        patient = patient_from_facts(facts, compiled.guideline).patient
        assert patient is not None
        if not accept(base_environment(compiled, patient, DAY)):
            found += [interpret(compiled, patient, DAY, pathway=start) for start in starts]
    return found


# --- what is proved --------------------------------------------------------------------------------------


class Everybody:
    """What happens to all patients: what is reached, taken, given, and what contradicts what."""

    def __init__(self, found: list[Outcome]) -> None:
        self.reached: set[tuple[str, str]] = set()
        self.gaps: set[tuple[str, str]] = set()
        self.overlaps: set[tuple[str, str]] = set()
        self.taken: set[tuple[str, str, str]] = set()
        self.given: set[str] = set()
        self.eligible: set[str] = set()
        self.contradictions: set[frozenset[str]] = set()
        for outcome in found:
            for entry in outcome.trace:
                if entry.activation is not True:
                    continue
                self.reached.add((entry.pathway, entry.node))
                if entry.kind == "decision":
                    held = [b for b in entry.branches if b.condition is True]
                    if not held:
                        self.gaps.add((entry.pathway, entry.node))
                    explicit = {b.targets for b in held if b.name != "otherwise"}
                    if len(explicit) > 1:
                        self.overlaps.add((entry.pathway, entry.node))
                    for branch in entry.branches:
                        if branch.taken is True:
                            self.taken.add((entry.pathway, entry.node, branch.name))
            self.given |= {r.id for r in outcome.given}
            for recommendation in outcome.given:
                self.eligible |= {o.id for o in recommendation.options if o.status == "eligible"}
            self.contradictions |= {frozenset((c.first, c.second)) for c in outcome.contradictions}

    def expects(self, obligation: Obligation) -> bool | None:
        """Whether an obligation is fulfilled; None when it is of another kind than is tried here."""
        place = obligation.place
        match obligation.kind:
            case "covers every patient" if len(place) == 2:
                return place not in self.gaps
            case "answers exclude each other" if len(place) == 2:
                return place not in self.overlaps
            case "answer is taken" | "row is not dead" if len(place) == 3:
                return place in self.taken
            case "is reached":
                return place in self.reached
            case "is given":
                return ".".join(place) in self.given
            case "option is eligible":
                return ".".join(place) in self.eligible
            case "contradicts nothing":
                return frozenset(place[:2]) not in self.contradictions
            case "can be settled":
                return True
            case _:
                return None


def _check_proof(plan: Plan, constraint: Condition | None, extra: str) -> None:
    text = plan.text() + "\n" + extra
    if constraint is not None:
        text += f'\nconstraint "C": {strategies.written(constraint)}\n'
    compiled = prepared(text)
    if compiled is None:
        return
    everybody = Everybody(outcomes(compiled, completions({})))
    proof, _ = prove(compiled.guideline, compiled.graphs)
    found_pairs: dict[frozenset[str], bool] = {}
    for obligation in proof.obligations:
        expected = everybody.expects(obligation)
        if obligation.kind == "contradicts nothing":
            pair = frozenset(obligation.place[:2])
            found_pairs[pair] = found_pairs.get(pair, False) or obligation.verdict == "refuted"
            continue
        if expected is None:
            continue
        assert obligation.verdict == ("proved" if expected else "refuted"), obligation
        event(f"{obligation.kind}: {obligation.verdict}")
        if obligation.witness is not None:
            assert obligation.witness.confirmed, obligation
    assert {p for p, refuted in found_pairs.items() if refuted} == everybody.contradictions
    for obligation in proof.obligations:
        if obligation.kind == "contradicts nothing" and obligation.witness is not None:
            assert obligation.witness.confirmed, obligation


@SOMETIMES
@given(strategies.plans(), st.none() | strategies.conditions(), st.sampled_from(EXTRAS))
def test_verdicts_about_pathways_agree_with_trying_every_patient(
    plan: Plan, constraint: Condition | None, extra: str
) -> None:
    _check_proof(plan, constraint, extra)


@pytest.mark.slow
@OFTEN
@given(strategies.plans(), st.none() | strategies.conditions(), st.sampled_from(EXTRAS))
def test_verdicts_about_many_pathways_agree_with_trying_every_patient(
    plan: Plan, constraint: Condition | None, extra: str
) -> None:
    _check_proof(plan, constraint, extra)


# --- two versions ------------------------------------------------------------------------------------------


def _told(outcome: Outcome) -> frozenset[str]:
    """What a complete patient is told: recommendations, and eligible options instead of their choice."""
    found: set[str] = set()
    for recommendation in outcome.given:
        found.add(recommendation.id)
        found |= {o.id for o in recommendation.options if o.status == "eligible"}
    return frozenset(found)


def _check_movements(old: Plan, new: Plan) -> None:
    compiled = [compile_sources([Source("g.pathway", plan.text())]).compiled for plan in (old, new)]
    before, after = compiled
    if before is None or after is None:
        return
    matching = match_guidelines(before.guideline, after.guideline)
    if any(match.how != "same" for match in matching.matches):
        return  # renaming is tested by itself
    found = movements(before, after, matching)
    assert found is not None
    assert not found.undecided
    expected: set[tuple[str | None, str | None]] = set()
    told = [
        [o for o in outcomes(version, completions({})) if o.pathway == "p"]
        for version in (before, after)
    ]
    for one, two in zip(*told, strict=True):
        lost, gained = (_told(one) - _told(two), _told(two) - _told(one))
        lost, gained = (_without_choices(ids) for ids in (lost, gained))
        expected |= {(a, b) for a in lost for b in gained}
        expected |= {(a, None) for a in lost if not gained}
        expected |= {(None, b) for b in gained if not lost}
    assert {(c.recommendation_from, c.recommendation_to) for c in found.cells} == expected
    assert all(cell.patient.confirmed for cell in found.cells)
    event("somebody moves" if expected else "nobody moves")


def _without_choices(ids: frozenset[str]) -> set[str]:
    return {i for i in ids if not any(other.startswith(f"{i}.") for other in ids)}


def _changed(plan: Plan, condition: Condition) -> st.SearchStrategy[Plan]:
    """The plan with another definition, contraindication, or way into its first pathway."""
    applies, nodes = plan.pathways["p"]
    return st.sampled_from(
        (
            replace(plan, definition=("not", plan.definition)),
            replace(plan, contraindication=condition if "d0" not in str(condition) else None),
            replace(plan, pathways={**plan.pathways, "p": (condition, nodes)}),
            replace(plan, pathways={**plan.pathways, "p": (applies, nodes)}),
        )
    )


VERSIONS = st.tuples(strategies.plans(), strategies.conditions()).flatmap(
    lambda drawn: st.tuples(st.just(drawn[0]), _changed(*drawn))
)


@SOMETIMES
@given(VERSIONS)
def test_movements_agree_with_trying_every_patient(versions: tuple[Plan, Plan]) -> None:
    _check_movements(*versions)


@pytest.mark.slow
@OFTEN
@given(VERSIONS)
def test_movements_of_many_agree_with_trying_every_patient(versions: tuple[Plan, Plan]) -> None:
    _check_movements(*versions)
