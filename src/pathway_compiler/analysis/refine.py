"""An outcome with what is settled whatever is missing, and with the questions that this leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pathway_compiler.analysis.diagrams_of_truth import TooManyNodes
from pathway_compiler.analysis.exact import APPLIES, ExactPatient, exact_guideline
from pathway_compiler.engine.contradictions import find_contradictions
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.outcome import (
    ActionOutcome,
    Contradiction,
    NeededElement,
    NotRecommended,
    OptionOutcome,
    Outcome,
    Recommendation,
    ReviewOutcome,
    WaitingPoint,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import gettext as _
from pathway_compiler.language import speaking
from pathway_compiler.model.case import Status
from pathway_compiler.model.guideline import Guideline

__all__ = ["WEIGHTS", "refine"]

WEIGHTS = {"low": 1, "moderate": 3, "high": 10}
"""How much more an answer has to settle before it is asked for, by the burden of finding it out."""


def refine(
    outcome: Outcome,
    environment: Environment,
    compiled: CompiledGuideline,
    waiting: Sequence[WaitingPoint] = (),
) -> Outcome:
    """What the interpreter says of a patient, and what holds besides in all completions of the data.

    The interpreter's answer stands where it is too hard to find out more: in a guideline too large for
    diagrams, at a visit that goes on from reviews of several days, for data that break a law unseen.
    Where the next visit goes on from is the interpreter's answer always.
    """
    days = {point.since for point in waiting}
    if len(days) > 1:
        return replace(outcome, exactness="out of reach")
    try:
        guideline = exact_guideline(compiled, outcome.pathway, waiting, outcome.readings)
        patient = guideline.patient(environment.after(next(iter(days), None)))
    except TooManyNodes:
        patient = None
    if patient is None:
        return replace(outcome, exactness="out of reach")
    return _refined(outcome, patient, compiled)


def _refined(outcome: Outcome, patient: ExactPatient, compiled: CompiledGuideline) -> Outcome:
    with speaking(compiled.guideline.header.language):
        return _with_all_settled(outcome, patient, compiled)


def _with_all_settled(
    outcome: Outcome, patient: ExactPatient, compiled: CompiledGuideline
) -> Outcome:
    guideline = compiled.guideline
    found = [_recommendation(r, patient) for r in outcome.recommendations]
    told = tuple(r for r in found if not isinstance(r, NotRecommended))
    needs, irrelevant = _needs(outcome, patient, guideline)
    contradictions = find_contradictions(told, guideline)
    outside = [key[1] for key, truth in patient.decided.items() if key[0] == "outside" and truth]
    status = _status(outcome, patient, bool(needs), bool(outside))
    return replace(
        outcome,
        status=status,
        recommendations=tuple(_without(r, irrelevant) for r in told),
        not_recommended=(
            *outcome.not_recommended,
            *(r for r in found if isinstance(r, NotRecommended)),
        ),
        actions=tuple(_actions(outcome.actions, patient, told, outcome.recommendations)),
        needs=needs,
        irrelevant=irrelevant,
        unanswerable=() if status == "complete" else outcome.unanswerable,
        reviews=tuple(_reviews(outcome.reviews, patient)),
        contradictions=tuple(c for c in contradictions if _can_be(c, patient)),
        outside=tuple(dict.fromkeys((*outcome.outside, *outside))),
        exactness="exact",
    )


def _status(outcome: Outcome, patient: ExactPatient, needs: bool, outside: bool) -> Status:
    if outcome.status != "needs_data":
        return outcome.status
    if patient.settled(APPLIES) is False:
        return "not_applicable"
    if outside:
        return "outside_guideline"
    # Which of the alternatives of a regimen is left is no open question, as for the interpreter.
    still_open = needs or any(key[0] != "action" for key in patient.open)
    return "needs_data" if still_open else "complete"


# --- what is recommended --------------------------------------------------------------------------------


def _whatever() -> str:
    return _("not given, whatever the missing data are")


def _recommendation(
    recommendation: Recommendation, patient: ExactPatient
) -> Recommendation | NotRecommended:
    if recommendation.certainty == "possible":
        settled = patient.settled(("recommendation", recommendation.id, *recommendation.via))
        if settled is False:
            return NotRecommended(
                recommendation.id, recommendation.title, (_whatever(),), recommendation.via
            )
        if settled is True:
            recommendation = replace(recommendation, certainty="given", decided_by="exact")
    if all(option.status != "perhaps" for option in recommendation.options):
        return recommendation
    options = tuple(_option(o, recommendation, patient) for o in recommendation.options)
    return replace(recommendation, options=options)


def _option(
    option: OptionOutcome, recommendation: Recommendation, patient: ExactPatient
) -> OptionOutcome:
    """An option is eligible when it is so whenever its recommendation is given."""
    if option.status != "perhaps":
        return option
    key = ("option", option.id, *recommendation.via)
    if patient.settled(key) is False:
        return replace(option, status="excluded", reasons=(*option.reasons, _whatever()))
    outputs = patient.guideline.outputs
    given = outputs["recommendation", recommendation.id, *recommendation.via]
    if not patient.can(given.true, -outputs[key].true):
        return replace(option, status="eligible", reasons=())
    return option


def _without(recommendation: Recommendation, irrelevant: Sequence[str]) -> Recommendation:
    """What a recommendation waits for, without what settles nothing."""
    if recommendation.certainty == "given" or not irrelevant:
        return recommendation
    missing = tuple(m for m in recommendation.missing if m.element not in irrelevant)
    return replace(recommendation, missing=missing)


def _actions(
    actions: Sequence[ActionOutcome],
    patient: ExactPatient,
    told: Sequence[Recommendation],
    before: Sequence[Recommendation],
) -> Iterator[ActionOutcome]:
    gone = {r.id for r in before} - {r.id for r in told}
    for action in actions:
        by = tuple(id_ for id_ in action.recommended_by if id_ not in gone)
        if not by:
            continue
        barred = tuple(reason for reason in action.barred_by if reason not in gone)
        action = replace(action, recommended_by=by, barred_by=barred)
        if action.certainty == "possible" and patient.settled(("action", action.action)):
            action = replace(action, certainty="given", decided_by="exact")
        yield action


def _reviews(reviews: Sequence[ReviewOutcome], patient: ExactPatient) -> Iterator[ReviewOutcome]:
    for review in reviews:
        settled = None
        if review.certainty == "possible":
            settled = patient.settled(("review", review.id, *review.via))
        if settled is not False:
            yield replace(review, certainty="given") if settled else review


def _can_be(contradiction: Contradiction, patient: ExactPatient) -> bool:
    """Whether both sides of a contradiction are given together in some completion."""
    if contradiction.certainty == "given":
        return True
    guideline = patient.guideline
    sides = (
        guideline.conditions.formulas.any_of(
            rail.true
            for key, rail in guideline.outputs.items()
            if key[:2] == ("recommendation", side)
        )
        for side in (contradiction.first, contradiction.second)
    )
    return patient.can(*sides)


# --- questions ------------------------------------------------------------------------------------------


def _needs(
    outcome: Outcome, patient: ExactPatient, guideline: Guideline
) -> tuple[tuple[NeededElement, ...], tuple[str, ...]]:
    """The questions that are left, the most worthwhile first, and the elements that settle nothing."""
    names = [need.element for need in outcome.needs]
    if not patient.open:
        return (), tuple(names)
    place = {
        name: index for index, name in enumerate((*guideline.elements, *guideline.definitions))
    }
    weight = {name: _weight(name, guideline) for name in names}
    unwanted = sorted(names, key=lambda name: (-weight[name], -place[name]))
    irrelevant = patient.irrelevant([name for name in unwanted if name in guideline.elements])
    left = [need for need in outcome.needs if need.element not in irrelevant]
    missing = {*names, *(missing.element for missing in outcome.unanswerable)}
    worth = {n.element: patient.worth(n.element, missing) / weight[n.element] for n in left}
    ordered = sorted(
        left, key=lambda n: (n.urgency != "needed now", -worth[n.element], place[n.element])
    )
    return tuple(ordered), tuple(sorted(irrelevant, key=place.__getitem__))


def _weight(name: str, guideline: Guideline) -> int:
    element = guideline.elements.get(name)
    return WEIGHTS[element.burden] if element is not None else 1
