"""Exact answers about missing data: what holds whatever the missing facts turn out to be.

The interpreter's answers are Kleene's: sound, but an unknown may be settled although it says *possible*.
Here every outcome of a visit is a formula; the formulas of one patient's data, of the laws and of the
outcome together say whether it holds in every completion of the data that can be, in none, or whether
it is open. A missing value ranges over all its values, while `x is known` stays as it is, so that what
Kleene decides is never contradicted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pathway_compiler.analysis.conditions import Conditions
from pathway_compiler.analysis.diagrams_of_truth import Diagrams, TooManyNodes
from pathway_compiler.analysis.facts import questions_of
from pathway_compiler.analysis.formulas import FALSE, TRUE, Formulas, Rail
from pathway_compiler.analysis.laws import laws
from pathway_compiler.analysis.visits import Line, SymbolicDraft, Visit, visit
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.expressions import evaluate_condition
from pathway_compiler.engine.outcome import (
    ActionOutcome,
    NeededElement,
    NotRecommended,
    OptionOutcome,
    Outcome,
    Recommendation,
    WaitingPoint,
)
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.expression import Reference
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.semantics.checks import references

__all__ = ["ExactGuideline", "ExactPatient", "exact_guideline", "refine"]

Key = tuple[str, ...]
"""An outcome: ("recommendation", id, via…), ("option", id, via…), ("action", name), ("review", id, via…)."""

ELIGIBLE = "eligible"
"""An option by itself, whether or not its recommendation is given: part of an answer, not an outcome."""

APPLIES: Key = ("applies",)
"""That the pathway is for this patient at all."""

WHATEVER = "not given, whatever the missing data are"
WEIGHTS = {"low": 1, "moderate": 3, "high": 10}
"""What an answer has to be worth before it is asked for, by the burden of finding it out."""


def refine(
    outcome: Outcome, environment: Environment, compiled: CompiledGuideline,
    waiting: Sequence[WaitingPoint] = (),
) -> Outcome:  # fmt: skip
    """The outcome with what is settled whatever is missing, and with the needs that this leaves.

    Nothing changes where the interpreter has decided everything, or where the guideline is too large.
    """
    if outcome.status != "needs_data" and all(
        r.certainty == "given" for r in outcome.recommendations
    ):
        return outcome
    days = {point.since for point in waiting}
    if len(days) > 1:
        return outcome  # each place of the visit reads other facts
    try:
        guideline = exact_guideline(
            compiled, outcome.pathway, tuple(waiting), tuple(sorted(outcome.readings.items()))
        )
        patient = guideline.patient(environment.after(next(iter(days), None)))
    except TooManyNodes:
        return outcome
    return outcome if patient is None else _refined(outcome, patient, compiled.guideline)


def exact_guideline(
    compiled: CompiledGuideline,
    pathway: str,
    waiting: tuple[WaitingPoint, ...] = (),
    readings: tuple[tuple[str, str], ...] = (),
) -> "ExactGuideline":
    """A guideline made ready for exact answers at one place of the way; kept for the next patient."""
    return _made(_ById(compiled), pathway, waiting, readings)


@dataclass(frozen=True, slots=True)
class _ById:
    """A compiled guideline as a key: the same object, not an equal one, which takes long to tell."""

    compiled: CompiledGuideline = field(compare=False)
    number: int = 0

    def __init__(self, compiled: CompiledGuideline) -> None:
        object.__setattr__(self, "compiled", compiled)
        object.__setattr__(self, "number", id(compiled))


@lru_cache(maxsize=64)
def _made(
    key: _ById,
    pathway: str,
    waiting: tuple[WaitingPoint, ...],
    readings: tuple[tuple[str, str], ...],
) -> "ExactGuideline":
    compiled = key.compiled
    guideline = compiled.guideline
    conditions = Conditions(
        guideline, questions_of(guideline), knowing=False, readings=dict(readings)
    )
    found = visit(conditions, compiled.graphs, pathway, waiting)
    outputs = _outputs(found, conditions.formulas, guideline)
    always = conditions.formulas.all_of(laws(conditions))
    return ExactGuideline(conditions, outputs, always)


# --- outcomes as formulas -------------------------------------------------------------------------------


def _outputs(found: Visit, formulas: Formulas, guideline: Guideline) -> dict[Key, Rail]:
    """When each outcome of a visit holds, and when it does not."""
    rails: dict[Key, list[Rail]] = {}
    for draft in found.drafts:
        rails.setdefault(("recommendation", draft.id, *draft.via), []).append(draft.final)
        for option in draft.options:
            key = ("option", ".".join(option.path), *draft.via)
            rails.setdefault(key, []).append(formulas.both((draft.final, option.final)))
            key = (ELIGIBLE, ".".join(option.path), *draft.via)
            rails.setdefault(key, []).append(formulas.both((draft.active, option.final)))
    for (via, pathway, node), active, _ in found.reviews:
        rails.setdefault(("review", f"{pathway}.{node}", *via), []).append(active)
    for (via, pathway, node), active in found.outside:
        rails.setdefault(("outside", f"{pathway}.{node}", *via), []).append(active)
    outputs = {key: formulas.either(several) for key, several in rails.items()}
    if found.started and not found.waiting:
        outputs[APPLIES] = found.started[0].applies
    for action in guideline.actions | guideline.classes:
        given = [_asks(draft, action, formulas) for draft in found.drafts]
        sure = formulas.any_of(g for g in given if g is not None)
        if any(g is not None for g in given):
            outputs["action", action] = Rail(sure, -sure)
    return outputs


def _asks(draft: SymbolicDraft, action: str, formulas: Formulas) -> int | None:
    """That a recommendation asks for an action that is no mere alternative; None when it never does."""
    if draft.direction not in ("for", "selective"):
        lines: list[tuple[Line, int]] = []
    else:
        lines = [(line, TRUE) for line in draft.lines]
    eligible = [-option.final.false for option in draft.options]
    for index, option in enumerate(draft.options):
        others = [e for place, e in enumerate(eligible) if place != index]
        alone = formulas.all_of((eligible[index], *(-e for e in others)))
        lines += [(line, alone) for line in option.lines]
    found = [
        formulas.all_of((condition, _offered(line, action, formulas)))
        for line, condition in lines
        if _mentions(line, action)
    ]
    return formulas.all_of((draft.final.true, formulas.any_of(found))) if found else None


def _mentions(line: Line, action: str) -> bool:
    return line.action == action or any(_mentions(part, action) for part in line.parts)


def _offered(line: Line, action: str, formulas: Formulas) -> int:
    if line.kind == "action":
        return line.offered.true if line.action == action else FALSE
    usable = [-part.out.true for part in line.parts]
    found = []
    for index, part in enumerate(line.parts):
        others = [u for place, u in enumerate(usable) if place != index]
        alone = formulas.all_of(-u for u in others) if line.kind == "one of" else TRUE
        found.append(formulas.all_of((alone, _offered(part, action, formulas))))
    return formulas.any_of(found)


# --- one patient ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class ExactGuideline:
    """The outcomes of one visit as diagrams, for any patient."""

    conditions: Conditions
    outputs: dict[Key, Rail]
    always: int
    _diagrams: Diagrams | None = None
    _care: Any = None

    @property
    def diagrams(self) -> Diagrams:
        if self._diagrams is None:
            self._diagrams = Diagrams(self.conditions.formulas)
            for rail in self.outputs.values():
                self._diagrams.of(rail.true)
                self._diagrams.of(rail.false)
            care = self._diagrams.of(self.always)
            self._care = care & self._diagrams.some_cell()
        return self._diagrams

    def patient(self, environment: Environment) -> "ExactPatient | None":
        """What is known of a patient; None when the data break a law that Kleene's logic does not see."""
        diagrams = self.diagrams
        care = self._care
        for formula in self.known(environment):
            care &= diagrams.of(formula)
        if care == diagrams.false:
            return None
        outputs = {
            key: (diagrams.of(rail.true), diagrams.of(rail.false))
            for key, rail in self.outputs.items()
        }
        return ExactPatient(self, care, outputs)

    def known(self, environment: Environment) -> list[int]:
        conditions = self.conditions
        found: list[int] = []
        any_time = environment.at_any_time()
        for (expression, scope), rail in conditions.tests.items():
            if rail.true in (TRUE, FALSE) and rail.false in (TRUE, FALSE):
                continue
            base = any_time if scope.ever else environment
            truth = evaluate_condition(expression, base.with_arguments(dict(scope.arguments)))
            if truth is True:
                found.append(rail.true)
            elif truth is False:
                found.append(rail.false)
        for number, fact in enumerate(conditions.facts):
            if fact.kind == "parameter" and isinstance(fact.subject, Reference):
                value = environment.settings.get(fact.subject.name)
                found.append(
                    conditions.in_cells(number, lambda cell, v=value: _is_cell(cell, v))  # type: ignore[misc]
                )
        return found


def _is_cell(cell: object, value: Value | None) -> bool:
    contains: Callable[[Any], bool] | None = getattr(cell, "contains", None)
    return bool(contains(value)) if contains is not None else cell == value


@dataclass(slots=True)
class ExactPatient:
    """One patient's completions, and what of the outcome they agree on."""

    guideline: ExactGuideline
    care: Any
    outputs: dict[Key, tuple[Any, Any]]

    def settled(self, key: Key) -> bool | None:
        """Whether an outcome holds in all completions, in none, or (None) in some."""
        diagrams = self.guideline.diagrams
        found = self.outputs.get(key)
        if found is None:
            return None
        true, false = found
        if (self.care & ~true) == diagrams.false:
            return True
        return False if (self.care & ~false) == diagrams.false else None

    def open(self) -> list[Key]:
        """The outcomes that missing facts still decide."""
        return [k for k in self.outputs if k[0] != ELIGIBLE and self.settled(k) is None]

    def facts_about(self, element: str) -> list[int]:
        """The facts that an element has a part in."""
        return [
            number
            for number, fact in enumerate(self.guideline.conditions.facts)
            if any(r.name == element for r in references(fact.subject))
        ]

    def irrelevant(self, elements: Sequence[str]) -> tuple[str, ...]:
        """The elements, in this order, that can be left unasked: with the others known, and with those
        that remain, every outcome is known."""
        diagrams = self.guideline.diagrams
        pairs = [
            (self.care & self.outputs[key][0], self.care & ~self.outputs[key][0])
            for key in self.open()
        ]
        dropped: list[str] = []
        for element in elements:
            facts = self.facts_about(element)
            fewer = [
                (diagrams.without(facts, true), diagrams.without(facts, other))
                for true, other in pairs
            ]
            if all((true & other) == diagrams.false for true, other in fewer):
                dropped.append(element)
                pairs = fewer
        return tuple(dropped)

    def worth(self, element: str) -> float:
        """The share of the open outcomes that an answer is expected to settle, at most."""
        diagrams = self.guideline.diagrams
        sizes = self.guideline.conditions.formulas.sizes
        keys = self.open()
        if not keys:
            return 0.0
        depends = sorted(diagrams.facts_in(self.care) | set(self.facts_about(element)))
        best = 0.0
        for fact in self.facts_about(element):
            settled, total = 0, 0
            for cell in range(sizes[fact]):
                care = self.care & diagrams.cell(fact, cell)
                weight = diagrams.count(care, depends)
                if weight == 0:
                    continue
                total += weight
                after = ExactPatient(self.guideline, care, {k: self.outputs[k] for k in keys})
                settled += weight * sum(after.settled(key) is not None for key in keys)
            if total:
                best = max(best, settled / (total * len(keys)))
        return best

    def answered(self, formula: int) -> "ExactPatient":
        """The same patient with one more thing known."""
        care = self.care & self.guideline.diagrams.of(formula)
        return ExactPatient(self.guideline, care, self.outputs)


# --- the outcome ----------------------------------------------------------------------------------------


def _refined(outcome: Outcome, patient: ExactPatient, guideline: Guideline) -> Outcome:
    given: list[Recommendation] = []
    refused = list(outcome.not_recommended)
    for recommendation in outcome.recommendations:
        key = ("recommendation", recommendation.id, *recommendation.via)
        settled = patient.settled(key) if recommendation.certainty == "possible" else None
        options = tuple(_option(o, recommendation, patient) for o in recommendation.options)
        recommendation = replace(recommendation, options=options)
        if settled is True:
            recommendation = replace(recommendation, certainty="given", decided_by="exact")
        if settled is False:
            refused.append(
                NotRecommended(
                    recommendation.id, recommendation.title, (WHATEVER,), recommendation.via
                )
            )
            continue
        given.append(recommendation)
    actions = tuple(_action(a, patient, given) for a in outcome.actions)
    needs, irrelevant = _needs(outcome.needs, patient, guideline)
    still_open = bool(patient.open())
    status = outcome.status
    if patient.settled(APPLIES) is False:
        status = "not_applicable"
    if status == "needs_data" and not still_open:
        status = "complete"
    left = {r.id for r in given}
    contradictions = tuple(
        c for c in outcome.contradictions if c.first in left and c.second in left
    )
    return replace(
        outcome,
        recommendations=tuple(given),
        not_recommended=tuple(refused),
        actions=tuple(a for a in actions if a is not None),
        needs=needs if still_open else (),
        irrelevant=irrelevant if still_open else tuple(n.element for n in outcome.needs),
        status=status,
        contradictions=contradictions,
    )


def _option(
    option: OptionOutcome, recommendation: Recommendation, patient: ExactPatient
) -> OptionOutcome:
    if option.status != "perhaps":
        return option
    settled = patient.settled((ELIGIBLE, option.id, *recommendation.via))
    if settled is None:
        return option
    if settled:
        return replace(option, status="eligible", reasons=())
    return replace(option, status="excluded", reasons=(*option.reasons, WHATEVER))


def _action(
    action: ActionOutcome, patient: ExactPatient, given: Sequence[Recommendation]
) -> ActionOutcome | None:
    ids = {r.id for r in given}
    by = tuple(id_ for id_ in action.recommended_by if id_ in ids)
    if not by:
        return None
    action = replace(action, recommended_by=by)
    if action.certainty == "possible" and patient.settled(("action", action.action)) is True:
        return replace(action, certainty="given", decided_by="exact")
    return action


def _needs(
    needs: Sequence[NeededElement], patient: ExactPatient, guideline: Guideline
) -> tuple[tuple[NeededElement, ...], tuple[str, ...]]:
    """The needs that are left, the most worthwhile first, and the elements that settle nothing."""
    place = {
        name: index for index, name in enumerate((*guideline.elements, *guideline.definitions))
    }
    weight = {n.element: _weight(n.element, guideline) for n in needs}
    unwanted = sorted(needs, key=lambda n: (-weight[n.element], -place[n.element]))
    irrelevant = patient.irrelevant(
        [n.element for n in unwanted if n.element in guideline.elements]
    )
    left = [n for n in needs if n.element not in irrelevant]
    worth = {n.element: patient.worth(n.element) / weight[n.element] for n in left}
    ordered = sorted(
        left,
        key=lambda n: (n.urgency != "needed now", -worth[n.element], place[n.element]),
    )
    return tuple(ordered), tuple(sorted(irrelevant, key=lambda name: place[name]))


def _weight(name: str, guideline: Guideline) -> int:
    element = guideline.elements.get(name)
    return WEIGHTS[element.burden] if element is not None else 1
