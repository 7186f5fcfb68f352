"""What the cases saw of a guideline, visit by visit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Missing, Unknown
from pathway_compiler.engine.cases import CaseResult, VisitResult
from pathway_compiler.engine.coverage.items import CoverageItem, Holder, regimens_of
from pathway_compiler.engine.environment import Environment
from pathway_compiler.engine.expressions import bars, evaluate_condition
from pathway_compiler.engine.interpreter import told
from pathway_compiler.engine.outcome import Outcome, RegimenPart, TraceEntry
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START
from pathway_compiler.model.action import courses
from pathway_compiler.model.case import HasValue
from pathway_compiler.model.describe import fact_label
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Follow
from pathway_compiler.model.vocabulary import SetValue, Value
from pathway_compiler.semantics.checks import references

__all__ = ["Cases", "Seen", "what_cases_saw"]

Cases = dict[str, None]
"""Names of cases, each once, in the order in which they are run."""
ByName = defaultdict[str, Cases]
Place = tuple[str, ...]
Conditions = Mapping[tuple[Holder, Place], list[CoverageItem]]


def _by_name() -> ByName:
    return defaultdict(dict)


def _reasons() -> defaultdict[str, ByName]:
    return defaultdict(_by_name)


def _truths() -> defaultdict[str, dict[bool | None, Cases]]:
    return defaultdict(lambda: {True: {}, False: {}, None: {}})


@dataclass(slots=True)
class Seen:
    """Which cases saw what, by id; the start of a pathway goes by the name of the pathway.

    `reached` is for certain and `perhaps` with data missing; `asked` are decisions and reviews of which
    the answers were read, `followed` pathways to which somebody came. `against` says what kept a
    recommendation or an option from being given, `open` which facts were missing. `read` are
    definitions and readings whose value was asked for; `places` what else carries statements.
    """

    cases: Cases = field(default_factory=dict)
    reached: ByName = field(default_factory=_by_name)
    perhaps: ByName = field(default_factory=_by_name)
    followed: ByName = field(default_factory=_by_name)
    asked: ByName = field(default_factory=_by_name)
    taken: ByName = field(default_factory=_by_name)
    given: ByName = field(default_factory=_by_name)
    eligible: ByName = field(default_factory=_by_name)
    against: defaultdict[str, ByName] = field(default_factory=_reasons)
    open: ByName = field(default_factory=_by_name)
    read: ByName = field(default_factory=_by_name)
    places: ByName = field(default_factory=_by_name)
    truths: defaultdict[str, dict[bool | None, Cases]] = field(default_factory=_truths)


def what_cases_saw(
    compiled: CompiledGuideline, items: Iterable[CoverageItem], results: Iterable[CaseResult]
) -> Seen:
    """What all visits of all cases saw; each condition is evaluated once where it stands."""
    seen = Seen()
    conditions: dict[tuple[Holder, Place], list[CoverageItem]] = {}
    for item in items:
        if item.holder is not None:
            conditions.setdefault((item.holder, item.place), []).append(item)
    vetoes = _vetoes(compiled.guideline)
    for result in results:
        seen.cases[result.case.name] = None
        for visit in result.visits:
            _Look(compiled, conditions, vetoes, seen, result.case.name, visit).at_visit()
    return seen


def _vetoes(guideline: Guideline) -> dict[Place, list[str]]:
    """For each node the contraindications with a condition that bar something it speaks of."""
    found: dict[Place, list[str]] = {}
    for veto in guideline.contraindications.values():
        if veto.condition is None:
            continue
        banned = SetValue(frozenset(veto.actions))
        for pathway in guideline.pathways.values():
            for node in pathway.nodes:
                actions = {c.action for regimen in regimens_of(node) for c in courses(regimen)}
                singles = (s for action in actions for s in guideline.single_actions(action))
                if any(bars(banned, s, guideline, Unknown()) is True for s in singles):
                    found.setdefault((pathway.name, node.name), []).append(veto.name)
    return found


@dataclass(slots=True)
class _Look:
    """One visit of one case is looked at."""

    compiled: CompiledGuideline
    conditions: Conditions
    vetoes: Mapping[Place, list[str]]
    seen: Seen
    case: str
    visit: VisitResult
    environments: dict[PartialDate | None, Environment] = field(default_factory=dict)

    def at_visit(self) -> None:
        guideline = self.compiled.guideline
        for constraint in guideline.constraints:
            self._evaluate("constraint", (constraint.label,), self.visit.environment)
        outcome = self.visit.outcome
        if outcome is None:
            return
        for entry in outcome.trace:
            self._trace(entry, outcome.pathway)
        self._recommendations(outcome)
        self._derived(outcome)
        self._places(outcome)

    def _mark(self, where: ByName, name: str) -> None:
        where[name][self.case] = None

    def _missing(self, name: str, because: Iterable[Missing]) -> None:
        labels = (
            fact_label(self.compiled.guideline, m.element.split(".")[0]) for m in sorted(because)
        )
        self.seen.open[name].update(dict.fromkeys(labels))

    # --- where the patient came ---------------------------------------------------------------------

    def _trace(self, entry: TraceEntry, start: str) -> None:
        at_start = entry.node == START
        name = entry.pathway if at_start else f"{entry.pathway}.{entry.node}"
        environment = self._environment(entry.via, entry.since, start)
        if at_start and not entry.via:
            self._mark(self.seen.followed, entry.pathway)
            self._evaluate("pathway", (entry.pathway,), environment)
        if isinstance(entry.activation, Unknown):
            self._mark(self.seen.perhaps, name)
            self._missing(name, entry.activation.because)
        if entry.activation is not True:
            return
        self._mark(self.seen.reached, name)
        if at_start:
            return
        for branch in entry.branches:
            self._mark(self.seen.asked, name)
            if branch.taken is True:
                self._mark(self.seen.taken, f"{name}.{branch.name}")
            elif isinstance(branch.taken, Unknown):
                self._mark(self.seen.perhaps, f"{name}.{branch.name}")
                self._missing(f"{name}.{branch.name}", branch.taken.because)
        self._node(entry, environment, start)

    def _node(self, entry: TraceEntry, environment: Environment, start: str) -> None:
        place = (entry.pathway, entry.node)
        node = self.compiled.graphs[entry.pathway].record(entry.node)
        if entry.branches or entry.kind != "review":
            self._evaluate("node", place, environment)
        if isinstance(node, Choose):
            for option in node.options:
                self._evaluate("option", (*place, option.name), environment)
        if isinstance(node, Follow):
            self._mark(self.seen.followed, node.pathway)
            inner = self._environment((*entry.via, node.name), entry.since, start)
            self._evaluate("pathway", (node.pathway,), inner)
        for veto in self.vetoes.get(place, ()):
            self._evaluate("contraindication", (veto,), environment)

    def _environment(
        self, via: tuple[str, ...], since: PartialDate | None, start: str
    ) -> Environment:
        """The environment of a pathway that was reached this way, as the interpreter made it."""
        if since not in self.environments:
            self.environments[since] = self.visit.environment.after(since)
        graph = self.compiled.graphs[start]
        arguments: dict[str, Value] = {}
        for name in via:
            node = graph.record(name)
            assert isinstance(node, Follow)
            graph = self.compiled.graphs[node.pathway]
            arguments = {argument.name: argument.value for argument in node.arguments}
        return told(self.environments[since], graph, arguments)

    def _evaluate(self, holder: Holder, place: Place, environment: Environment) -> None:
        for item in self.conditions.get((holder, place), ()):
            assert item.condition is not None
            truth = evaluate_condition(item.condition, environment)
            seen = None if isinstance(truth, Unknown) else truth
            self.seen.truths[item.id][seen][self.case] = None

    # --- what was recommended, and what not -----------------------------------------------------------

    def _recommendations(self, outcome: Outcome) -> None:
        came = {(f"{e.pathway}.{e.node}", e.via) for e in outcome.trace if e.activation is True}
        for recommendation in outcome.recommendations:
            certain = recommendation.certainty == "given"
            if certain:
                self._mark(self.seen.given, recommendation.id)
            self._missing(recommendation.id, recommendation.missing)
            if (recommendation.id, recommendation.via) not in came:
                continue
            for option in recommendation.options:
                if certain and option.status == "eligible":
                    self._mark(self.seen.eligible, option.id)
                for reason in option.reasons:
                    self._mark(self.seen.against[option.id], reason)
        for refused in outcome.not_recommended:
            if (refused.id, refused.via) not in came:
                continue
            for reason in refused.reasons:
                self._mark(self.seen.against[refused.id], reason)
            pathway, name = refused.id.split(".")
            node = self.compiled.graphs[pathway].record(name)
            if not isinstance(node, Choose):
                continue
            for choice in node.options:
                start = f"{choice.label}: "
                own = [r.removeprefix(start) for r in refused.reasons if r.startswith(start)]
                for reason in own or refused.reasons:
                    self._mark(self.seen.against[f"{refused.id}.{choice.name}"], reason)

    # --- what was worked out, and what else carries statements ----------------------------------------

    def _derived(self, outcome: Outcome) -> None:
        guideline = self.compiled.guideline
        asked = [e.name for e in self.visit.visit.expectations if isinstance(e, HasValue)]
        waiting = [*(derived.name for derived in outcome.definitions), *asked]
        done: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in done:
                continue
            done.add(name)
            self._mark(self.seen.read, name)
            reading = guideline.readings.get(name)
            if reading is not None and reading.chosen.name != outcome.readings[name]:
                continue
            holder: Holder
            for holder in ("definition", "element", "reading"):
                for environment in self.environments.values():
                    self._evaluate(holder, (name,), environment)
                for item in self.conditions.get((holder, (name,)), ()):
                    assert item.condition is not None
                    waiting += [r.name for r in references(item.condition)]

    def _places(self, outcome: Outcome) -> None:
        for name in _carriers(outcome, self.compiled.guideline):
            self._mark(self.seen.places, name)


def _carriers(outcome: Outcome, guideline: Guideline) -> Iterator[str]:
    """What a visit made use of, besides nodes and options, as kind and name."""
    yield from (f"constraint {constraint.label}" for constraint in guideline.constraints)
    for derived in outcome.definitions:
        if not isinstance(derived.value, Unknown):
            yield f"definition {derived.name}"
            yield f"reading {derived.name}"
    reasons: set[str] = set()
    for recommendation in outcome.recommendations:
        reasons.update(_reasons_within(recommendation.regimen))
        for option in recommendation.options:
            reasons.update(option.reasons, _reasons_within(option.regimen))
    for refused in outcome.not_recommended:
        reasons.update(refused.reasons)
    for action in outcome.actions:
        reasons.update(action.barred_by)
    for veto in guideline.contraindications.values():
        if any(veto.label in reason or reason == veto.name for reason in reasons):
            yield f"contraindication {veto.name}"
    for pair in guideline.incompatibilities.values():
        if any(pair.label in contradiction.text for contradiction in outcome.contradictions):
            yield f"incompatible {pair.name}"
    given = {recommendation.id for recommendation in outcome.given}
    for slot in guideline.slots.values():
        if not given.isdisjoint(slot.ids):
            yield f"slot {slot.name}"


def _reasons_within(parts: Iterable[RegimenPart]) -> Iterator[str]:
    for part in parts:
        yield from part.reasons
        yield from _reasons_within(part.parts)
