"""Exact answers about missing data, against trying every completion of random guidelines' patients."""

import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from oracle.brute_force import (
    DAY,
    Exact,
    Prepared,
    exact,
    findings,
    irrelevant,
    patient_of,
    prepare,
)
from oracle.random_guidelines import RandomGuideline, guidelines, partial_facts
from pathway_compiler.analysis import diagrams_of_truth
from pathway_compiler.analysis.exact import exact_guideline
from pathway_compiler.analysis.refine import WEIGHTS, refine
from pathway_compiler.analysis.solver import Solver
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import Environment, base_environment
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.model.vocabulary import Value

SOMETIMES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
OFTEN = settings(SOMETIMES, max_examples=200)
VERY_OFTEN = settings(SOMETIMES, max_examples=3_000)

Facts = Mapping[str, Value]


Drawn = tuple[RandomGuideline, dict[str, Value]]


@st.composite
def partial_patients(draw: st.DrawFn) -> Drawn:
    """A guideline, and a patient of whom some facts are missing."""
    guideline = draw(guidelines())
    return guideline, draw(partial_facts(guideline))


def _environment(prepared: Prepared, facts: Facts) -> Environment:
    return base_environment(prepared.compiled, patient_of(facts), DAY)


def _keeps_promises(prepared: Prepared) -> bool:
    """Whether the definitions give everybody one value; no other guideline is ever run."""
    found = findings(prepared)
    return not found.definition_gaps and not found.definition_overlaps


def _outcomes(prepared: Prepared, facts: Facts) -> tuple[Outcome, Outcome]:
    """What the interpreter says, and what is said with exact answers."""
    environment = _environment(prepared, facts)
    assume(not accept(environment) and _keeps_promises(prepared))
    kleene = prepared.run(facts, {})
    return kleene, refine(kleene, environment, prepared.compiled)


# --- against all completions ---------------------------------------------------------------------------


def _check(prepared: Prepared, facts: Facts) -> None:
    kleene, outcome = _outcomes(prepared, facts)
    known = exact(prepared, facts)
    if known is None:
        assert outcome == replace(kleene, exactness="out of reach")
        return
    assert outcome.exactness == "exact"
    if not _looked_into(prepared):
        _check_sound(prepared, facts, kleene, outcome, known)
        return
    _check_recommendations(outcome, known)
    _check_options(outcome, known)
    certain = {a.action for a in outcome.actions if a.certainty == "given"}
    assert certain == {key[1] for key in known.always if key[0] == "action"}
    reviews = {(r.id, *r.via): r.certainty == "given" for r in outcome.reviews}
    assert reviews == _told(known, "review")
    nodes = {key[1] for key in known.always if key[0] == "outside"}
    assert set(outcome.outside) == nodes | set(kleene.outside)
    _check_needs(prepared, facts, kleene, outcome, known)
    more = {r.id for r in kleene.possible} - {r.id for r in outcome.possible}
    event("exact settles more" if more else "Kleene settles all that is settled")


def _looked_into(prepared: Prepared) -> bool:
    """Whether the analysis tells apart what the oracle does: the order of two numbers and the number
    of agents are facts of their own to it, and a set that bars an agent may name a class instead."""
    entry = prepared.compiled.guideline.entry
    assert entry is not None
    facts = exact_guideline(prepared.compiled, entry).conditions.facts
    return not any(fact.free or fact.kind == "bars" for fact in facts)


def _check_sound(
    prepared: Prepared, facts: Facts, kleene: Outcome, outcome: Outcome, known: Exact
) -> None:
    """What is settled is so, though something else may be settled as well."""
    given = {("recommendation", r.id, *r.via) for r in outcome.given}
    given |= {("action", a.action) for a in outcome.actions if a.certainty == "given"}
    given |= {("review", r.id, *r.via) for r in outcome.reviews if r.certainty == "given"}
    assert given <= known.always
    assert _told(known, "recommendation").keys() <= {
        (r.id, *r.via) for r in outcome.recommendations
    }
    left = [n.element for n in outcome.needs]
    if left:
        assert {*outcome.irrelevant} <= {*irrelevant(prepared, facts, [*outcome.irrelevant, *left])}


def _told(known: Exact, kind: str) -> dict[tuple[str, ...], bool]:
    """What may come, and whether it is certain."""
    return {
        key[1:]: known.of(key) is True
        for key in known.truths
        if key[0] == kind and known.of(key) is not False
    }


def _check_recommendations(outcome: Outcome, known: Exact) -> None:
    found = {(r.id, *r.via): r.certainty == "given" for r in outcome.recommendations}
    assert found == _told(known, "recommendation")
    refused = {(r.id, *r.via) for r in outcome.not_recommended}
    assert not refused & found.keys()


def _check_options(outcome: Outcome, known: Exact) -> None:
    for recommendation in outcome.recommendations:
        sure = None not in known.truths["recommendation", recommendation.id, *recommendation.via]
        for option in recommendation.options:
            statuses = known.options["option", option.id, *recommendation.via]
            if option.status != "perhaps":
                assert sure is False or statuses == {option.status}
            elif sure:
                assert len(statuses) > 1 or statuses == {"perhaps"}


def _check_needs(
    prepared: Prepared, facts: Facts, kleene: Outcome, outcome: Outcome, known: Exact
) -> None:
    guideline = prepared.compiled.guideline
    place = list(guideline.elements)
    elements = [n.element for n in kleene.needs if n.element in guideline.elements]
    unwanted = sorted(
        elements,
        key=lambda name: (-WEIGHTS[guideline.elements[name].burden], -place.index(name)),
    )
    dropped = set(irrelevant(prepared, facts, unwanted))
    undecided = [key for key in known.truths if known.of(key) is None]
    if not undecided:
        dropped = {n.element for n in kleene.needs}
    assert set(outcome.irrelevant) == dropped
    assert {n.element for n in outcome.needs} == {n.element for n in kleene.needs} - dropped
    if kleene.status == "needs_data" and outcome.status == "complete":
        assert all(key[0] == "action" for key in undecided)
    if outcome.status == "needs_data":
        assert undecided


@OFTEN
@given(partial_patients())
def test_exact_answers_are_those_that_all_completions_agree_on(drawn: Drawn) -> None:
    _check(prepare(drawn[0]), drawn[1])


@pytest.mark.slow
@VERY_OFTEN
@given(partial_patients())
def test_exact_answers_are_those_that_all_completions_of_many_agree_on(drawn: Drawn) -> None:
    _check(prepare(drawn[0]), drawn[1])


# --- against the interpreter, and with more data -----------------------------------------------------------


@SOMETIMES
@given(partial_patients())
def test_what_kleene_decides_exact_answers_agree_with(drawn: Drawn) -> None:
    prepared, facts = prepare(drawn[0]), drawn[1]
    kleene, outcome = _outcomes(prepared, facts)
    given_before = {(r.id, r.via) for r in kleene.given}
    assert given_before <= {(r.id, r.via) for r in outcome.given}
    assert all(
        r.decided_by == ("kleene" if (r.id, r.via) in given_before else "exact")
        for r in outcome.given
    )
    refused = {(r.id, r.via) for r in kleene.not_recommended}
    assert refused <= {(r.id, r.via) for r in outcome.not_recommended}
    if kleene.status != "needs_data":
        assert outcome.status == kleene.status
    patient = exact_guideline(prepared.compiled, kleene.pathway, (), kleene.readings).patient(
        _environment(prepared, facts)
    )
    if patient is not None:
        for recommendation in kleene.recommendations:
            if recommendation.certainty == "given":
                key = ("recommendation", recommendation.id, *recommendation.via)
                assert patient.settled(key) is True


@SOMETIMES
@given(partial_patients(), st.data())
def test_more_data_never_open_what_was_settled(drawn: Drawn, data: st.DataObject) -> None:
    prepared, facts = prepare(drawn[0]), drawn[1]
    missing = [
        n for n in prepared.random.values if n not in facts and n not in prepared.random.asked
    ]
    assume(missing)
    name = data.draw(st.sampled_from(missing))
    more = {**facts, name: data.draw(st.sampled_from(prepared.random.values[name]))}
    _, before = _outcomes(prepared, facts)
    _, after = _outcomes(prepared, more)
    assume("out of reach" not in (before.exactness, after.exactness))
    assert {(r.id, r.via) for r in before.given} <= {(r.id, r.via) for r in after.given}
    assert {(r.id, r.via) for r in after.recommendations} <= {
        (r.id, r.via) for r in before.recommendations
    }
    assert {a.action for a in before.actions if a.certainty == "given"} <= {
        a.action for a in after.actions if a.certainty == "given"
    }


# --- against the solver, and without CUDD ----------------------------------------------------------------


@SOMETIMES
@given(partial_patients())
def test_diagrams_and_the_solver_answer_alike(drawn: Drawn) -> None:
    prepared, facts = prepare(drawn[0]), drawn[1]
    environment = _environment(prepared, facts)
    entry = prepared.compiled.guideline.entry
    assert entry is not None
    guideline = exact_guideline(prepared.compiled, entry)
    patient = guideline.patient(environment)
    known = guideline.known(environment)
    solver = Solver(guideline.conditions.formulas, guideline.always, guideline.always)
    assert solver.can(*known) == ("no" if patient is None else "yes")
    if patient is None:
        return
    for key, rail in guideline.outputs.items():
        always, never = (solver.can(*known, -f) == "no" for f in (rail.true, rail.false))
        assert patient.settled(key) is (True if always else False if never else None)


@SOMETIMES
@given(partial_patients())
def test_without_cudd_the_answers_are_the_same(drawn: Drawn) -> None:
    prepared, facts = prepare(drawn[0]), drawn[1]
    _, outcome = _outcomes(prepared, facts)
    # Another object, so that nothing that was made before is found again.
    again = replace(prepared, compiled=replace(prepared.compiled))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "dd.cudd", None)
        assert type(diagrams_of_truth._manager()).__module__ == "dd.autoref"
        assert _outcomes(again, facts)[1] == outcome
