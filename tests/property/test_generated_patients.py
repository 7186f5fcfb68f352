"""Generated patients of random guidelines: they do what is said, and together all that anybody does."""

from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

import strategies
from oracle.random_guidelines import RandomGuideline, guidelines
from pathway_compiler.analysis.case_text import case_text
from pathway_compiler.analysis.generate import generate
from pathway_compiler.analysis.targets import Target, reached
from pathway_compiler.analysis.witness import REPLAY_DAY
from pathway_compiler.driver import CompileError, load_text
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.cases import run_case
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.patient_data.read import patient_from_facts
from pathway_compiler.patient_data.to_json import patient_to_json
from strategies import Plan

FEW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
MANY = settings(FEW, max_examples=500)


def compiled(text: str) -> CompiledGuideline:
    try:
        return load_text(text)
    except CompileError:
        assume(False)
        raise


def come_to(guideline: CompiledGuideline, facts: dict[str, object]) -> frozenset[Target]:
    """What the interpreter finds for somebody whose data are written as JSON."""
    patient = patient_from_facts(facts, guideline.guideline).patient
    assert patient is not None
    if accept(base_environment(guideline, patient, REPLAY_DAY)):
        return frozenset()
    return reached(interpret(guideline, patient, REPLAY_DAY, pathway="p"))


def _check_routes(plan: Plan) -> None:
    guideline = compiled(plan.text())
    found = generate(guideline, boundary=False, conditions=False)
    together: set[Target] = set()
    for made in found.patients:
        if made.pathway != "p":
            continue
        facts = patient_to_json(made.witness.patient(), guideline.guideline)["facts"]
        assert isinstance(facts, dict)
        shown = come_to(guideline, dict(facts))
        assert {s.place for s in made.shows} <= {t.path for t in shown}
        together |= shown
    everybody: set[Target] = set()
    for booleans in product((False, True), repeat=len(strategies.BOOLEANS)):
        for colour, count in product(strategies.ENUM, strategies.COUNTS):
            named = dict(zip(strategies.BOOLEANS, booleans, strict=True))
            everybody |= come_to(guideline, {**named, "e0": colour, "n0": count})
    assert everybody == together


def _check_cases(random: RandomGuideline) -> None:
    guideline = compiled(random.text)
    found = generate(guideline)
    cases = [
        case_text(
            made.witness,
            guideline.guideline,
            made.name,
            made.shows[0].text,
            made.after_it or made.outcome,
            made.pathway,
            before=made.before,
        )
        for made in found.patients
        if not made.witness.waiting or made.before is not None
    ]
    pasted = load_text("\n".join([random.text, *cases]))
    for made in found.patients:
        case = pasted.guideline.cases.get(made.name)
        if case is not None:
            assert run_case(pasted, case).failures == ()


@FEW
@given(strategies.plans())
def test_few_patients_come_to_all_that_anybody_comes_to(plan: Plan) -> None:
    _check_routes(plan)


@pytest.mark.slow
@MANY
@given(strategies.plans())
def test_few_patients_come_to_all_that_anybody_comes_to_often(plan: Plan) -> None:
    _check_routes(plan)


@FEW
@given(guidelines())
def test_generated_cases_compile_and_pass(random: RandomGuideline) -> None:
    _check_cases(random)


@pytest.mark.slow
@MANY
@given(guidelines())
def test_generated_cases_compile_and_pass_often(random: RandomGuideline) -> None:
    _check_cases(random)
