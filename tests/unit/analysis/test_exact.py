"""Exact answers: what is remembered, what is fallen back on, what the questions are worth."""

import pytest

from pathway_compiler import CompiledGuideline, load_text
from pathway_compiler.analysis import diagrams_of_truth
from pathway_compiler.analysis.exact import ExactPatient, exact_guideline
from pathway_compiler.datatypes.partial_date import parse_date
from pathway_compiler.driver import evaluate
from pathway_compiler.engine.enactment import advance
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.patient_data.read import patient_from_facts

DAY = "2019-03-01"
HEADER = 'guideline g "G":\n  version "1"\n  entry p\n'
RESECTION = (
    HEADER
    + """
procedure resection "Resection"
element size "Size": quantity in cm from 0 to 30
pathway p "P":
  together both "Both":
    -> small, large
  recommend small "Small" when size < 2 cm:
    do resection
  recommend large "Large" when size >= 2 cm:
    do resection
"""
)
REVIEW = (
    HEADER
    + """
agent x "X"
element better "Better": boolean
element treated "Treated": boolean
  lasting
pathway p "P":
  recommend first "First":
    give x
    -> look
  review look "Look":
    on better or not better -> second
  recommend second "Second" when ever better or not treated:
    give x
"""
)


def _patient(compiled: CompiledGuideline, facts: dict[str, object]) -> ExactPatient:
    patient = patient_from_facts(facts, compiled.guideline, as_of=DAY).patient
    assert patient is not None
    assert patient.as_of is not None
    found = exact_guideline(compiled, "p").patient(
        base_environment(compiled, patient, patient.as_of)
    )
    assert found is not None
    return found


def test_an_action_is_certain_that_either_of_two_rules_asks_for() -> None:
    outcome = evaluate(load_text(RESECTION), {}, as_of=DAY)
    assert [r.certainty for r in outcome.recommendations] == ["possible", "possible"]
    action = outcome.actions[0]
    assert (action.action, action.certainty, action.decided_by) == ("resection", "given", "exact")
    assert outcome.exactness == "exact"


def test_without_exact_answers_the_interpreter_stands_alone() -> None:
    outcome = evaluate(load_text(RESECTION), {}, as_of=DAY, exact=False)
    assert outcome.actions[0].certainty == "possible"
    assert outcome.exactness == "kleene"


def test_a_decided_patient_needs_no_diagrams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagrams_of_truth, "_manager", None)
    outcome = evaluate(load_text(RESECTION), {"size": "1 cm"}, as_of=DAY)
    assert (outcome.status, outcome.exactness) == ("complete", "kleene")


def test_a_guideline_too_large_for_diagrams_keeps_kleenes_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(diagrams_of_truth, "MOST_NODES", 0)
    compiled = load_text(
        RESECTION.replace("< 2 cm", "< 2 cm and fit") + 'element fit "F": boolean\n'
    )
    for _ in range(2):
        outcome = evaluate(compiled, {}, as_of=DAY)
        assert outcome.exactness == "out of reach"
        assert [n.element for n in outcome.needs] == ["size", "fit"]


def test_a_guideline_is_made_ready_once_whatever_the_day() -> None:
    compiled = load_text(REVIEW)
    first = evaluate(compiled, {"treated": True}, as_of="2019-01-01")
    found = set()
    for day in ("2019-02-01", "2019-03-01"):
        enactment = advance(None, first)
        at = parse_date(day)
        assert at is not None
        waiting = enactment.waiting_on(at)
        assert [point.node for point in waiting] == ["look"]
        found.add(id(exact_guideline(compiled, "p", waiting)))
        evaluate(compiled, {"treated": True}, as_of=day, enactment=enactment)
    assert len(found) == 1
    assert exact_guideline(load_text(REVIEW), "p", waiting) is exact_guideline(
        compiled, "p", waiting
    )


def test_an_answer_at_a_later_visit_covers_every_way_it_may_go() -> None:
    compiled = load_text(REVIEW)
    first = evaluate(compiled, {"treated": False}, as_of="2019-01-01")
    second = evaluate(
        compiled, {"treated": False}, as_of="2019-02-01", enactment=advance(None, first)
    )
    # `better or not better` is unknown to Kleene, and true whatever `better` is.
    found = second.recommendation("second")
    assert found is not None
    assert (found.certainty, found.decided_by) == ("given", "exact")


def test_an_answer_restricts_what_is_known_and_compiles_nothing_anew() -> None:
    compiled = load_text(RESECTION)
    patient = _patient(compiled, {})
    guideline = patient.guideline
    key = ("recommendation", "p.small")
    assert patient.settled(key) is None
    small = patient.told(guideline.outputs[key].true)
    assert small is not None
    assert small.settled(key) is True
    assert small.settled(("recommendation", "p.large")) is False
    assert small.guideline is guideline
    assert small.told(guideline.outputs["recommendation", "p.large"].true) is None


def test_an_answer_is_worth_the_share_of_outcomes_that_it_settles() -> None:
    text = (
        HEADER
        + """
agent x "X"
agent y "Y"
element a "A": boolean
element b "B": boolean
pathway p "P":
  together both "Both":
    -> one, two
  recommend one "One" when a and b:
    give x
  recommend two "Two" when a:
    give y
"""
    )
    patient = _patient(load_text(text), {})
    # Two recommendations and two actions: `a` settles two always and the others when it is `no`.
    assert patient.worth("a") == pytest.approx(0.75)
    assert patient.worth("b") == pytest.approx(0.25)
    assert patient.worth("c") == 0
