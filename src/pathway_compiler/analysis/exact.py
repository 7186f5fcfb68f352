"""Exact answers about missing data: what holds whatever the missing facts turn out to be.

The interpreter's answers are Kleene's: sound, but an unknown may be settled although it says *possible*.
Here every outcome of a visit is a formula; the formulas of one patient's data, of the laws and of the
outcome together say whether it holds in every completion of the data that can be, in none, or whether
it is open. A missing value ranges over all its values, while `x is known` stays as it is, so that what
Kleene decides is never contradicted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from pathway_compiler.analysis.conditions import ALWAYS, NEVER_KNOWN, Conditions, Scope
from pathway_compiler.analysis.diagrams_of_truth import Diagrams, TooManyNodes
from pathway_compiler.analysis.facts import Cell, Interval, questions_of
from pathway_compiler.analysis.formulas import FALSE, TRUE, Formulas, Rail
from pathway_compiler.analysis.laws import laws, orders_told
from pathway_compiler.analysis.visits import Line, SymbolicDraft, Visit, visit
from pathway_compiler.datatypes.number import Number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.expressions import evaluate_condition, fact_value
from pathway_compiler.engine.interpreter import no_answer_fits
from pathway_compiler.engine.outcome import WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.expression import Compare, Ever, Expression, Reference
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Decision
from pathway_compiler.model.types import EnumType, Type
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.semantics.checks import facts_read

__all__ = [
    "ExactGuideline",
    "ExactPatient",
    "Key",
    "exact_guideline",
    "outputs_of",
    "told_by_data",
]

Key = tuple[str, ...]
"""An outcome: ("recommendation", id, via…), ("option", id, via…), ("review", id, via…),
("outside", text), ("action", name), or that the pathway `APPLIES`."""
APPLIES: Key = ("applies",)


# --- one guideline --------------------------------------------------------------------------------------


def exact_guideline(
    compiled: CompiledGuideline,
    pathway: str,
    waiting: Sequence[WaitingPoint] = (),
    readings: Mapping[str, str] | None = None,
) -> "ExactGuideline":
    """A guideline made ready for exact answers at one place of the way; kept for the next patient.

    Raises TooManyNodes when it is too large.
    """
    # Of the day on which a review began it matters only that there is one.
    points = tuple(replace(p, since=_SOME_DAY) if p.since else p for p in waiting)
    text = _Text(compiled.guideline.content_hash or id(compiled), compiled)
    made = _made(text, pathway, points, tuple(sorted((readings or {}).items())))
    if made is None:
        raise TooManyNodes
    return made


_SOME_DAY = PartialDate(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class _Text:
    """A compiled guideline as a key: to compare whole models takes long."""

    identity: str | int
    compiled: CompiledGuideline = field(compare=False)


@lru_cache(maxsize=16)
def _made(
    text: _Text,
    pathway: str,
    waiting: tuple[WaitingPoint, ...],
    readings: tuple[tuple[str, str], ...],
) -> "ExactGuideline | None":
    guideline = text.compiled.guideline
    conditions = Conditions(guideline, questions_of(guideline, dict(readings)), knowing=False)
    found = visit(conditions, text.compiled.graphs, pathway, waiting)
    outputs = outputs_of(found, conditions.formulas, guideline)
    scope = Scope(later=any(point.since for point in waiting))
    always = tuple(laws(conditions, scope))
    try:
        outputs[APPLIES] = _applies(found, conditions.formulas)
        return ExactGuideline(conditions, outputs, always)
    except TooManyNodes:
        return None  # which is remembered as well


@dataclass(slots=True)
class ExactGuideline:
    """The outcomes of one visit, as formulas and as diagrams, for any patient."""

    conditions: Conditions
    outputs: dict[Key, Rail]
    always: tuple[int, ...]
    diagrams: Diagrams = field(init=False)
    elements: tuple[frozenset[str], ...] = field(init=False)
    """The data elements that each fact is about."""
    facts_about: dict[str, tuple[int, ...]] = field(init=False)
    everybody: "Knowledge | None" = field(init=False)
    """What is known of all patients; None when no patient fulfils the constraints."""

    def __post_init__(self) -> None:
        guideline = self.conditions.guideline
        self.elements = tuple(_about(f.subject, guideline) for f in self.conditions.facts)
        about: dict[str, list[int]] = {}
        for number, names in enumerate(self.elements):
            for name in names:
                about.setdefault(name, []).append(number)
        self.facts_about = {name: tuple(numbers) for name, numbers in about.items()}
        roots = [formula for rail in self.outputs.values() for formula in (rail.true, rail.false)]
        self.diagrams = Diagrams(self.conditions.formulas, roots, self.always)
        for root in roots:
            self.diagrams.of(root)
        facts = range(len(self.conditions.facts))
        each = {n: _Tied(frozenset((n,)), self.diagrams.some_cell(n)) for n in facts}
        self.everybody = Knowledge(self.diagrams, each).with_all(self.always)
        self.diagrams.tidy(roots)

    def patient(self, environment: Environment) -> "ExactPatient | None":
        """What is known of a patient; None when the data break a law that Kleene's logic does not see."""
        told = self.everybody and self.everybody.with_all(self.known(environment))
        return ExactPatient.made(self, told, self.outputs) if told else None

    def known(self, environment: Environment) -> list[int]:
        return told_by_data(self.conditions, environment)


def _about(subject: Expression, guideline: Guideline) -> frozenset[str]:
    """The data elements that answer a fact: an element itself, also where it follows from others."""
    inner = subject.operand if isinstance(subject, Ever) else subject
    if isinstance(inner, Reference) and inner.kind == "element":
        return frozenset((inner.name,))
    return facts_read(inner, guideline)


@dataclass(frozen=True, slots=True)
class _Tied:
    """Facts of which something is known together: the combinations of cells that are left to them."""

    facts: frozenset[int]
    left: Any


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What laws and data leave open, in parts that have no fact in common; each part can be."""

    diagrams: Diagrams
    tied: Mapping[int, _Tied]

    def with_all(self, formulas: Iterable[int]) -> "Knowledge | None":
        """The same with some more known; None when it cannot be. Facts are tied only by need."""
        diagrams, mentioned = self.diagrams, self.diagrams.mentioned
        tied = dict(self.tied)
        for formula in sorted(formulas, key=lambda f: len(mentioned(f)) > 1):
            parts = {id(part): part for part in (tied[fact] for fact in mentioned(formula))}
            before = diagrams.true
            for part in parts.values():
                before &= part.left
            left = before & diagrams.of(formula)
            if left == diagrams.false:
                return None
            if left != before:
                joined = _Tied(frozenset().union(*(p.facts for p in parts.values())), left)
                tied.update(dict.fromkeys(joined.facts, joined))
        return Knowledge(diagrams, tied)

    def about(self, facts: Iterable[int]) -> _Tied:
        """All that is known of facts, and the facts that are tied to them."""
        parts = {id(part): part for part in (self.tied[fact] for fact in facts)}
        left = self.diagrams.true
        for part in parts.values():
            left &= part.left
        return _Tied(frozenset().union(*(part.facts for part in parts.values())), left)


# --- what is known of a patient ------------------------------------------------------------------------


def told_by_data(conditions: Conditions, environment: Environment) -> list[int]:
    """What the data say, test by test: values entered for definitions, coarse values and partial
    dates count as far as they decide a test."""
    found: list[int] = []
    later = environment.since is not None
    any_time = environment.at_any_time()
    for (expression, scope), rail in conditions.tests.items():
        if rail == NEVER_KNOWN or (scope.ever and scope.later != later):
            continue  # read where `ever` makes no difference, which is not here
        base = any_time if scope.ever else environment
        if scope.arguments:
            base = base.with_arguments(dict(scope.arguments))
        truth = evaluate_condition(expression, base)
        if truth is True:
            found.append(rail.true)
        elif truth is False:
            found.append(rail.false)
    numbers: dict[Expression, Number] = {}
    for number, fact in enumerate(conditions.facts):
        if fact.kind == "order" and isinstance(fact.subject, Compare):
            for subject in (fact.subject.left, fact.subject.right):
                value = _value_told(subject, environment, any_time)
                if isinstance(value, PartialDate) and value.day is not None:
                    value = value.earliest.toordinal()
                if isinstance(value, int | Fraction):
                    numbers[subject] = value
        if fact.kind == "parameter" or (fact.kind == "value" and isinstance(fact.cells[0], str)):
            value = _value_told(fact.subject, environment, any_time)
            if value is not None:
                within = [_within(cell, value, fact.subject.type) for cell in fact.cells]
                found.append(
                    conditions.in_cells(
                        number, dict(zip(fact.cells, within, strict=True)).__getitem__
                    )
                )
    found += orders_told(conditions, numbers)
    return [formula for formula in dict.fromkeys(found) if formula != TRUE]


def _value_told(
    subject: Expression, environment: Environment, any_time: Environment
) -> Value | None:
    """The value of a named fact or a parameter, as far as it is told."""
    if isinstance(subject, Ever):
        subject, environment = subject.operand, any_time
    match subject:
        case Reference(kind="element"):
            value = fact_value(subject.name, environment)
            return value if isinstance(value, str | int | Fraction | PartialDate) else None
        case Reference(kind="parameter"):
            return environment.settings.get(subject.name)
        case _:
            return None


def _within(cell: Cell, value: Value, type_: Type) -> bool:
    """Whether a fact with this value may lie in a cell."""
    if isinstance(cell, Interval):
        assert isinstance(value, int | Fraction)
        return cell.contains(value)
    if isinstance(type_, EnumType) and isinstance(cell, str):
        return value in type_.ancestors(cell)
    return cell == value


# --- outcomes as formulas -------------------------------------------------------------------------------


def outputs_of(found: Visit, formulas: Formulas, guideline: Guideline) -> dict[Key, Rail]:
    """When each outcome of a visit holds, and when it does not."""
    rails: dict[Key, list[Rail]] = {}
    for draft in found.drafts:
        rails.setdefault(("recommendation", draft.id, *draft.via), []).append(draft.final)
        for option in draft.options:
            key = ("option", ".".join(option.path), *draft.via)
            rails.setdefault(key, []).append(formulas.both((draft.final, option.final)))
    for (via, pathway, node), active, _ in found.reviews:
        rails.setdefault(("review", f"{pathway}.{node}", *via), []).append(active)
    for (_, pathway, name), active in found.outside:
        record = guideline.pathways[pathway].node(name)
        assert record is not None
        rails.setdefault(("outside", record.label), []).append(active)
    for (via, pathway, node), answers in found.answers.items():
        decision = guideline.pathways[pathway].node(node)
        if isinstance(decision, Decision) and decision.kind != "all that apply":
            fits = formulas.either([answer.condition for answer in answers])
            nobody = formulas.both((found.activation[via, pathway, node], -fits))
            rails.setdefault(("outside", no_answer_fits(decision)), []).append(nobody)
    outputs = {key: formulas.either(several) for key, several in rails.items()}
    for action in (*guideline.actions, *guideline.classes):
        given = [_asks(draft, action, formulas) for draft in found.drafts]
        if any(g is not None for g in given):
            sure = formulas.any_of(g for g in given if g is not None)
            outputs["action", action] = Rail(sure, -sure)
    return outputs


def _applies(found: Visit, formulas: Formulas) -> Rail:
    """That the pathway is for this patient, who is past that question at a review."""
    if any(point.node is not None for point in found.waiting):
        return ALWAYS
    starts = {point.via for point in found.waiting} or {()}
    return formulas.either([s.applies for s in found.started if s.via in starts])


def _asks(draft: SymbolicDraft, action: str, formulas: Formulas) -> int | None:
    """That a recommendation asks for an action that is no mere alternative; None when it never does."""
    lines: list[tuple[Line, int]] = []
    if draft.direction in ("for", "selective"):
        lines += [(line, TRUE) for line in draft.lines]
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


@dataclass(frozen=True, slots=True)
class _Parted:
    """Something that holds in some completions and not in others.

    `mentioned` are the facts of its condition, `known` what is known of those, and `care` of the facts
    tied to them as well; `outputs` is how many of the open outcomes part the completions so.
    """

    condition: Any
    mentioned: frozenset[int]
    known: Any
    care: _Tied
    outputs: int


@dataclass(frozen=True, slots=True)
class ExactPatient:
    """One patient's completions, and what of the outcome they agree on."""

    guideline: ExactGuideline
    known: Knowledge
    decided: Mapping[Key, bool]
    open: Mapping[Key, Rail]
    parted: tuple[_Parted, ...]

    @classmethod
    def made(
        cls,
        guideline: ExactGuideline,
        known: Knowledge,
        outputs: Mapping[Key, Rail],
        decided: Mapping[Key, bool] | None = None,
    ) -> "ExactPatient":
        """What is decided of these outputs in the completions of what is known, and what parts them."""
        diagrams = known.diagrams
        of, mentioned = diagrams.of, diagrams.mentioned
        settled = dict(decided or {})
        left: dict[Key, Rail] = {}
        parted: dict[tuple[Any, frozenset[int]], _Parted] = {}
        cares: dict[frozenset[int], tuple[_Tied, Any]] = {}
        for key, rail in outputs.items():
            crisp = rail.false == -rail.true
            facts = mentioned(rail.true) if crisp else mentioned(rail.true) | mentioned(rail.false)
            if facts not in cares:
                care = known.about(facts)
                cares[facts] = care, diagrams.without(care.facts - facts, care.left)
            care, left_to_them = cares[facts]
            # Asking whether one implies the other builds nothing, and mostly ends at once.
            if left_to_them <= of(rail.true):
                settled[key] = True
            elif left_to_them <= of(rail.false):
                settled[key] = False
            else:
                left[key] = rail
                for formula in (rail.true,) if crisp else (rail.true, rail.false):
                    condition = of(formula)
                    if not left_to_them <= ~condition and not left_to_them <= condition:
                        same = parted.get((condition, facts))
                        number = same.outputs + 1 if same is not None else 1
                        part = _Parted(condition, facts, left_to_them, care, number)
                        parted[condition, facts] = part
        return cls(guideline, known, settled, left, tuple(parted.values()))

    def settled(self, key: Key) -> bool | None:
        """Whether an outcome holds in all completions, in none, or (None) in some."""
        return self.decided.get(key) if key in self.guideline.outputs else False

    def can(self, *formulas: int) -> bool:
        """Whether all formulas hold in one completion."""
        diagrams, mentioned = self.known.diagrams, self.known.diagrams.mentioned
        found = self.known.about(frozenset().union(*map(mentioned, formulas))).left
        for formula in formulas:
            found &= diagrams.of(formula)
        return bool(found != diagrams.false)

    def told(self, formula: int) -> "ExactPatient | None":
        """The same patient with one more thing known; None when it cannot be."""
        known = self.known.with_all([formula])
        if known is None:
            return None
        return ExactPatient.made(self.guideline, known, self.open, self.decided)

    def irrelevant(self, elements: Sequence[str]) -> tuple[str, ...]:
        """The elements that need not be asked for, tried in this order: with the rest of them known,
        every outcome is known. What laws say through elements that are not asked for does not count."""
        with self.guideline.diagrams.order_kept():
            return self._irrelevant(elements)

    def _irrelevant(self, elements: Sequence[str]) -> tuple[str, ...]:
        guideline = self.guideline
        without = guideline.diagrams.without
        asked = frozenset(elements)
        unasked = frozenset(
            fact
            for fact, part in self.known.tied.items()
            if len(part.facts) > 1 and not guideline.elements[fact] <= asked
        )
        halves: list[tuple[frozenset[int], Any, Any]] = []
        for part in self.parted:
            about, care = part.care.facts, part.care.left
            holds, others = care & part.condition, care & ~part.condition
            alone = without(unasked & about, holds)
            # When the elements do not suffice, what is not asked for has to be known as well.
            halves.append((about, alone if alone <= ~others else holds, others))
        dropped: list[str] = []
        for element in elements:
            facts = frozenset(guideline.facts_about.get(element, ()))
            fewer: list[tuple[frozenset[int], Any, Any]] = []
            for index, (about, holds, others) in enumerate(halves):
                if not facts.isdisjoint(about):
                    holds = without(facts & about, holds)
                    if not holds <= ~others:
                        halves.insert(0, halves.pop(index))  # likely to need the next one, too
                        break
                fewer.append((about, holds, others))
            else:
                dropped.append(element)
                halves = fewer
        return tuple(dropped)

    def worth(self, element: str, missing: Iterable[str] = ()) -> float:
        """The share of the open outcomes that an answer is expected to settle, every completion being
        as likely as any other. Of a set, what its most telling member settles.

        `missing` are the elements not known, without which no answer decides a fact about both.
        """
        missing = {*missing} - {element}
        facts = self.guideline.facts_about.get(element, ())
        with self.guideline.diagrams.order_kept():
            return max(
                (
                    self._worth(fact)
                    for fact in facts
                    if not self.guideline.elements[fact] & missing
                ),
                default=0.0,
            )

    def _worth(self, fact: int) -> float:
        diagrams = self.guideline.diagrams
        about = self.known.tied[fact]
        weights: list[int] = []
        left: list[Any] = []
        for cell in diagrams.cells(fact):
            within = about.left & cell
            if within != diagrams.false:
                left.append(within)
                alone = len(about.facts) == 1
                weights.append(1 if alone else diagrams.count(within, about.facts))
        # What a condition does not mention is left out, which keeps the diagrams small.
        told: dict[frozenset[int], list[Any]] = {}
        settled = 0
        for part in self.parted:
            own = about.facts & part.mentioned
            if not own:
                continue
            if own not in told:
                told[own] = [diagrams.without(about.facts - own, within) for within in left]
            for weight, answer in zip(weights, told[own], strict=True):
                here = part.known & answer
                if here <= part.condition or here <= ~part.condition:
                    settled += weight * part.outputs
        outputs = sum(part.outputs for part in self.parted)
        return settled / (sum(weights) * outputs) if settled else 0.0
