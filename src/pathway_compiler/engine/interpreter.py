"""The interpreter: one pass over each pathway's graph in topological order, with a full trace.

This is the definition of the semantics (`language.md`, section 4). Every node of a visit has an
activation, true, false or unknown; an edge passes it on under the guard of its branch; where the
routes of an exhaustive decision meet again, the decision's own activation counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Truth, Unknown, kleene_and, kleene_not, kleene_or
from pathway_compiler.engine.drafts import Draft, Place, draft_recommendations
from pathway_compiler.engine.environment import Environment, base_environment
from pathway_compiler.engine.expressions import evaluate_condition
from pathway_compiler.engine.facts import facts_behind
from pathway_compiler.engine.findings import Doubt, Findings
from pathway_compiler.engine.outcome import (
    Because,
    BranchTrace,
    Certainty,
    Outcome,
    ReviewOutcome,
    Step,
    TraceEntry,
    WaitingPoint,
)
from pathway_compiler.engine.summary import summarise
from pathway_compiler.engine.why_not import entries_of, why_not_reached
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START, Edge, PathwayGraph
from pathway_compiler.language import gettext as _
from pathway_compiler.language import ngettext, speaking
from pathway_compiler.model.action import AllOf, Regimen
from pathway_compiler.model.describe import describe_condition, describe_number
from pathway_compiler.model.pathway import (
    Branch,
    Choose,
    Decision,
    End,
    Follow,
    Interval,
    Node,
    Outside,
    Recommend,
    Review,
    Standing,
    Together,
)
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.patient_data.patient import Patient

__all__ = ["describe_interval", "interpret", "told"]


def interpret(
    compiled: CompiledGuideline,
    patient: Patient,
    as_of: PartialDate,
    *,
    pathway: str,
    settings: Mapping[str, Value] | None = None,
    readings: Mapping[str, str] | None = None,
    waiting: Sequence[WaitingPoint] = (),
) -> Outcome:
    """What the guideline says about a patient on a day.

    `waiting` are the points at which an earlier visit ended; without them the run begins at the start
    of `pathway`. The patient's facts must have been accepted (see `engine.acceptance`).
    """
    environment = base_environment(compiled, patient, as_of, settings, readings)
    with speaking(compiled.guideline.header.language):
        run = _Run(compiled, environment)
        for point in waiting or (WaitingPoint(pathway, None),):
            run.begin(point, pathway)
        found = run.findings(pathway, settings or {}, readings or {})
        return summarise(found, environment, compiled)


@dataclass(frozen=True, slots=True)
class _Instance:
    """A pathway as it is followed in this visit: how it was reached and what it was told."""

    graph: PathwayGraph
    environment: Environment
    via: tuple[str, ...]
    adding: Regimen | None = None
    route: tuple[Step, ...] = ()
    because: tuple[Because, ...] = ()


@dataclass(slots=True)
class _Run:
    """What has been found so far in one run."""

    compiled: CompiledGuideline
    environment: Environment
    trace: list[TraceEntry] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    reviews: list[ReviewOutcome] = field(default_factory=list)
    outside: list[tuple[str, Truth]] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    waiting: list[WaitingPoint] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    applies: Truth = False
    entered: set[tuple[tuple[str, ...], str]] = field(default_factory=set)

    # --- where a visit begins -----------------------------------------------------------------------

    def begin(self, point: WaitingPoint, entry: str) -> None:
        """Go on from where the patient waits."""
        instance = self._instance(point, entry)
        if point.node is None:
            start = self._applies(instance)
            self.applies = kleene_or([self.applies, start])
            settled = self._visit(instance, {START: start})
            self._enclosing_standing(point, entry)
            if not settled:
                self.waiting.append(point)
            return
        self.applies = True
        node = instance.graph.record(point.node)
        assert isinstance(node, Review)
        seeds: dict[str, Truth] = {}
        branches: list[BranchTrace] = []
        for branch in node.branches:
            assert branch.condition is not None
            truth = evaluate_condition(branch.condition, instance.environment)
            branches.append(_branch_trace(branch, truth, truth, self.compiled))
            for target in branch.targets:
                seeds[target] = kleene_or([seeds.get(target, False), truth])
        facts = _facts_of(node, instance.environment)
        self.trace.append(
            TraceEntry(
                instance.graph.name,
                node.name,
                "review",
                node.label,
                True,
                tuple(branches),
                facts,
                point.via,
                point.since,
            )
        )
        self._doubt(instance.graph, node.name, True, [b.condition for b in branches])
        left = any(b.condition is True for b in branches)
        answers = [b.label for b in branches if b.condition is True]
        began = replace(
            instance,
            route=(Step(f"{instance.graph.name}.{node.name}", " / ".join(answers)),),
            because=tuple(
                Because(f"{instance.graph.name}.{node.name}", node.label, b.label, facts)
                for b in branches
                if b.condition is True
            ),
        )
        settled = self._visit(began, seeds, standing=True)
        self._enclosing_standing(point, entry)
        if not left or not settled:
            self.waiting.append(point)
        if not left:
            self.reviews.append(_review(node, instance, "given", point.since))

    def _instance(self, point: WaitingPoint, entry: str) -> _Instance:
        """The pathway of a waiting point with the arguments and added parts on the way to it."""
        graph = self.compiled.graphs[entry if point.via else point.pathway]
        environment = self.environment.after(point.since)
        instance = _Instance(graph, told(environment, graph, {}), ())
        for name in point.via:
            node = instance.graph.record(name)
            assert isinstance(node, Follow)
            instance = self._followed(instance, node, (), ())
        return instance

    def _enclosing_standing(self, point: WaitingPoint, entry: str) -> None:
        """What stands in the pathways that led to a place still holds while the patient waits there."""
        for length in range(len(point.via)):
            outer = self._instance(
                WaitingPoint(entry, None, point.via[:length], point.since), entry
            )
            if (outer.via, outer.graph.name) not in self.entered:
                self._visit(outer, {}, standing=True)

    def _applies(self, instance: _Instance) -> Truth:
        applies = instance.graph.pathway.applies
        return True if applies is None else evaluate_condition(applies, instance.environment)

    def _followed(
        self,
        instance: _Instance,
        node: Follow,
        route: tuple[Step, ...],
        because: tuple[Because, ...],
    ) -> _Instance:
        graph = self.compiled.graphs[node.pathway]
        given = {argument.name: argument.value for argument in node.arguments}
        adding = instance.adding
        if node.adding is not None:
            adding = node.adding if adding is None else AllOf((adding, node.adding))
        return _Instance(
            graph,
            told(instance.environment, graph, given),
            (*instance.via, node.name),
            adding,
            route,
            because,
        )

    # --- one pathway --------------------------------------------------------------------------------

    def _visit(
        self, instance: _Instance, seeds: Mapping[str, Truth], *, standing: bool = False
    ) -> bool:
        """Activate the nodes of one pathway in order; says whether nothing was left unknown."""
        graph = instance.graph
        self.entered.add((instance.via, graph.name))
        activation: dict[str, Truth] = {}
        passed: dict[Edge, Truth] = {}
        settled = True
        if isinstance(seeds.get(START), Unknown):
            self._doubt(graph, START, True, [seeds[START]])
        for name in graph.order:
            arriving = [passed[e] for e in graph.incoming[name] if e in passed]
            if name in seeds:
                arriving.append(seeds[name])
            arriving.extend(activation[d] for d in graph.joins.get(name, ()))
            node = graph.record(name)
            if standing and isinstance(node, Standing):
                arriving.append(True)
            active = kleene_or(arriving)
            activation[name] = active
            settled &= not isinstance(active, Unknown)
            guards = self._enter(instance, name, node, active, activation, passed, standing)
            settled &= not any(isinstance(guard, Unknown) for guard in guards)
        self._recommend(instance, activation, passed)
        return settled

    def _enter(
        self,
        instance: _Instance,
        name: str,
        node: Node | None,
        active: Truth,
        activation: Mapping[str, Truth],
        passed: dict[Edge, Truth],
        resumed: bool,
    ) -> tuple[Truth, ...]:
        """Pass the activation of a node on, and note what it says; the guards of its answers."""
        graph = instance.graph
        branches: tuple[BranchTrace, ...] = ()
        facts: tuple[tuple[str, Value | Unknown], ...] = ()
        if active is not False and isinstance(node, Decision):
            branches = self._answers(node, instance, active)
            facts = _facts_of(node, instance.environment)
            taken = {branch.name: branch.taken for branch in branches}
            for edge in graph.outgoing[name]:
                passed[edge] = taken[edge.branch]
            self._doubt(graph, name, active is True, [b.taken for b in branches])
            covered = kleene_or(b.condition for b in branches)
            if active is True and covered is False and node.kind != "all that apply":
                self.outside.append((no_answer_fits(node), True))
        elif active is not False and not isinstance(node, Review):
            for edge in graph.outgoing[name]:
                passed[edge] = active
        if node is not None or not resumed:
            self.trace.append(
                TraceEntry(
                    graph.name,
                    name,
                    graph.kind(name),
                    graph.label(name),
                    active,
                    branches,
                    facts,
                    instance.via,
                    instance.environment.since,
                )
            )
        if active is False:
            return ()
        match node:
            case Follow():
                self._follow(instance, node, active, activation, passed)
            case Review():
                certainty: Certainty = "given" if active is True else "possible"
                self.reviews.append(_review(node, instance, certainty, None))
                if active is True:
                    self.waiting.append(
                        WaitingPoint(graph.name, node.name, instance.via, self.environment.as_of)
                    )
            case Outside():
                self.outside.append((node.label, active))
            case End():
                if active is True:
                    self.ends.append(node.label)
            case Decision() | Recommend() | Standing() | Choose() | Together() | None:
                pass
            case _:
                assert_never(node)
        return tuple(b.taken for b in branches)

    def _answers(
        self, node: Decision, instance: _Instance, active: Truth
    ) -> tuple[BranchTrace, ...]:
        """The answers of a decision, each with its own condition and whether the route takes it."""
        conditions = [
            None
            if branch.condition is None
            else evaluate_condition(branch.condition, instance.environment)
            for branch in node.branches
        ]
        answers: list[BranchTrace] = []
        for index, (branch, condition) in enumerate(zip(node.branches, conditions, strict=True)):
            before = [c for c in conditions[:index] if c is not None]
            others = [c for c in conditions if c is not None]
            if condition is None:
                guard = kleene_not(kleene_or(others))
            elif node.kind == "first match":
                guard = kleene_and([condition, kleene_not(kleene_or(before))])
            else:
                guard = condition
            answers.append(
                _branch_trace(
                    branch,
                    guard if condition is None else condition,
                    kleene_and([active, guard]),
                    self.compiled,
                )
            )
        return tuple(answers)

    def _follow(
        self,
        instance: _Instance,
        node: Follow,
        active: Truth,
        activation: Mapping[str, Truth],
        passed: Mapping[Edge, Truth],
    ) -> None:
        route, because = self._way(instance, node.name, activation, passed)
        inner = self._followed(instance, node, route, because)
        applies = self._applies(inner)
        if isinstance(applies, Unknown):
            self._doubt(instance.graph, node.name, active is True, [applies])
        start = kleene_and([active, applies])
        if not self._visit(inner, {START: start}) and active is True:
            point = WaitingPoint(inner.graph.name, None, inner.via, inner.environment.since)
            self.waiting.append(point)

    def _doubt(self, graph: PathwayGraph, name: str, now: bool, truths: Iterable[Truth]) -> None:
        """Remember what is missing at a place, and the recommendations that wait for it."""
        for truth in truths:
            if isinstance(truth, Unknown):
                self.doubts.append(Doubt(truth, now, graph.name, name))

    # --- what is recommended ---------------------------------------------------------------------------

    def _recommend(
        self, instance: _Instance, activation: Mapping[str, Truth], passed: Mapping[Edge, Truth]
    ) -> None:
        entries = entries_of(instance.graph, instance.via, self.trace)
        for node in instance.graph.pathway.nodes:
            if not isinstance(node, Recommend | Standing | Choose):
                continue
            active = activation[node.name]
            if active is False:
                why = why_not_reached(instance.graph, node.name, entries, self.compiled)
                place = Place(instance.graph.name, node, instance.via, (), (), why)
            else:
                route, because = self._way(instance, node.name, activation, passed)
                place = Place(instance.graph.name, node, instance.via, route, because)
            drafts = draft_recommendations(place, active, instance.environment, instance.adding)
            for draft in drafts:
                if active is not False:
                    doubts = [draft.own, *draft.option_doubts]
                    self._doubt(instance.graph, node.name, active is True, doubts)
            self.drafts.extend(drafts)

    def _way(
        self,
        instance: _Instance,
        name: str,
        activation: Mapping[str, Truth],
        passed: Mapping[Edge, Truth],
    ) -> tuple[tuple[Step, ...], tuple[Because, ...]]:
        """The route to a node, as certain as there is one, and the answers on it."""
        graph = instance.graph
        steps: list[Step] = [Step(f"{graph.name}.{name}")]
        because: list[Because] = []
        current = name
        while True:
            edges = [e for e in graph.incoming[current] if passed.get(e, False) is not False]
            edge = next((e for e in edges if passed[e] is True), edges[0] if edges else None)
            if edge is None or edge.source == START:
                break
            if edge.kind == "branch":
                steps.append(Step(f"{graph.name}.{edge.source}", edge.label))
                decision = graph.record(edge.source)
                assert isinstance(decision, Decision)
                facts = _facts_of_branch(decision, edge.branch, instance.environment)
                because.append(
                    Because(f"{graph.name}.{edge.source}", decision.label, edge.label, facts)
                )
            else:
                steps.append(Step(f"{graph.name}.{edge.source}"))
            current = edge.source
        applies = graph.pathway.applies
        if applies is not None and not instance.route:
            because.append(
                Because(
                    graph.name,
                    graph.pathway.label,
                    describe_condition(applies, self.compiled.guideline),
                    facts_behind([applies], instance.environment),
                )
            )
        return instance.route + tuple(reversed(steps)), instance.because + tuple(reversed(because))

    def findings(
        self, pathway: str, settings: Mapping[str, Value], readings: Mapping[str, str]
    ) -> Findings:
        return Findings(
            pathway=pathway,
            applies=self.applies,
            drafts=tuple(self.drafts),
            trace=tuple(self.trace),
            reviews=tuple(self.reviews),
            outside=tuple(self.outside),
            ends=tuple(self.ends),
            waiting=_without_repeats(self.waiting),
            doubts=tuple(self.doubts),
            entered=frozenset(self.entered),
            settings=settings,
            readings=readings,
        )


def told(environment: Environment, graph: PathwayGraph, given: Mapping[str, Value]) -> Environment:
    """The environment within a pathway that is told these arguments."""
    arguments = {p.name: p.default for p in graph.pathway.parameters if p.default is not None}
    return environment.with_arguments({**arguments, **given})


def _branch_trace(
    branch: Branch, condition: Truth, taken: Truth, compiled: CompiledGuideline
) -> BranchTrace:
    label = branch.label
    if not label and branch.condition is not None:
        label = describe_condition(branch.condition, compiled.guideline)
    return BranchTrace(branch.name, label, condition, taken, branch.targets)


def _facts_of(
    node: Decision | Review, environment: Environment
) -> tuple[tuple[str, Value | Unknown], ...]:
    return facts_behind(
        [b.condition for b in node.branches if b.condition is not None], environment
    )


def _facts_of_branch(
    node: Decision, branch_name: str, environment: Environment
) -> tuple[tuple[str, Value | Unknown], ...]:
    """The facts an answer rests on; `otherwise` rests on those of all other answers."""
    branch = next(b for b in node.branches if b.name == branch_name)
    if branch.condition is None:
        return _facts_of(node, environment)
    return facts_behind([branch.condition], environment)


def _review(
    node: Review, instance: _Instance, certainty: Certainty, since: PartialDate | None
) -> ReviewOutcome:
    return ReviewOutcome(
        f"{instance.graph.name}.{node.name}",
        node.label,
        certainty,
        describe_interval(node.every) if node.every else None,
        instance.via,
        since,
    )


def no_answer_fits(decision: Decision) -> str:
    """What is said when no answer of a decision holds."""
    return _("no answer of “%(question)s” fits this patient", question=decision.label)


def describe_interval(interval: Interval) -> str:
    """How often, in words: `every 2 to 4 cycles`."""
    high = describe_number(interval.high, interval.unit)
    if interval.unit is None:
        count = 1 if interval.high == 1 else 2  # a fraction is a plural, too
        high = ngettext("%(amount)s cycle", "%(amount)s cycles", count, amount=high)
    if interval.low == interval.high:
        return _("every %(interval)s", interval=high)
    return _("every %(low)s to %(high)s", low=describe_number(interval.low), high=high)


def _without_repeats(points: Sequence[WaitingPoint]) -> tuple[WaitingPoint, ...]:
    """Each waiting point once, since the earliest day; none below a start that is run again anyway."""
    starts = [p.via for p in points if p.node is None]
    kept: dict[tuple[str, str | None, tuple[str, ...]], WaitingPoint] = {}
    for point in points:
        if point.node is None and any(
            len(via) < len(point.via) and point.via[: len(via)] == via for via in starts
        ):
            continue
        key = (point.pathway, point.node, point.via)
        earlier = kept.get(key)
        if earlier is None or _starts_before(point, earlier):
            kept[key] = point
    return tuple(kept.values())


def _starts_before(point: WaitingPoint, other: WaitingPoint) -> bool:
    if point.since is None or other.since is None:
        return point.since is None and other.since is not None
    return point.since.earliest < other.since.earliest
