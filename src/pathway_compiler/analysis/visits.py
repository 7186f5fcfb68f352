"""A visit for all patients at once: the interpreter's pass over the graphs, with formulas for truths."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from pathway_compiler.analysis.conditions import ALWAYS, NEVER, Conditions, Scope
from pathway_compiler.analysis.formulas import TRUE, Rail, crisp
from pathway_compiler.analysis.solver import Verdict
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.engine.drafts import direction_of, line_to_add_to
from pathway_compiler.engine.outcome import Direction, WaitingPoint
from pathway_compiler.engine.regimens import speaks_of
from pathway_compiler.graph.pathway_graph import START, Edge, PathwayGraph
from pathway_compiler.model.action import AllOf, Course, OneOf, Regimen
from pathway_compiler.model.action import Sequence as Steps
from pathway_compiler.model.pathway import (
    OTHERWISE_NOT,
    Branch,
    Choose,
    Decision,
    Eligibility,
    End,
    Follow,
    Node,
    Option,
    Outside,
    Performs,
    Recommend,
    Review,
    Standing,
    Together,
)
from pathway_compiler.model.vocabulary import Value
from pathway_compiler.semantics.checks import says_ever

__all__ = [
    "Answer",
    "Line",
    "OptionDraft",
    "SymbolicDraft",
    "Started",
    "Visit",
    "all_visits",
    "visit",
    "visits_of_somebody",
]

Path = tuple[str, ...]
Place = tuple[Path, str, str]
"""The follow nodes on the way, the pathway, the node."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A branch of a decision or review: its own condition, and whether the route takes it."""

    branch: Branch
    condition: Rail
    taken: Rail


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a regimen under contraindications: when nothing of it can be given, when it is not
    to be counted (barred, or its condition does not hold), and its parts."""

    kind: str
    action: str
    impossible: Rail
    out: Rail
    offered: Rail
    parts: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """An option with when it is eligible, before and after overriding."""

    option: Option
    path: Path
    truth: Rail
    lines: tuple[Line, ...]
    final: Rail = ALWAYS


@dataclass(frozen=True, slots=True)
class SymbolicDraft:
    """A recommendation with when it is given, before and after overriding."""

    node: Recommend | Standing | Choose
    pathway: str
    path: Path
    via: Path
    direction: Direction
    active: Rail
    truth: Rail
    lines: tuple[Line, ...]
    avoids: tuple[str, ...]
    options: tuple[OptionDraft, ...]
    overrides: tuple[Path, ...]
    final: Rail = ALWAYS

    @property
    def id(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Started:
    """A pathway as a visit comes to it: who arrives, and for whom it applies."""

    pathway: str
    via: Path
    arriving: Rail
    applies: Rail


@dataclass(slots=True)
class Visit:
    """What a visit means for every patient; `waiting` is where it begins, at the start when empty.

    `begins_like` is the same for waiting points from which everything goes on alike.
    """

    pathway: str
    waiting: tuple[WaitingPoint, ...]
    begins_like: object = None
    activation: dict[Place, Rail] = field(default_factory=dict)
    answers: dict[Place, tuple[Answer, ...]] = field(default_factory=dict)
    scopes: dict[Place, Scope] = field(default_factory=dict)
    places: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    started: list[Started] = field(default_factory=list)
    drafts: list[SymbolicDraft] = field(default_factory=list)
    reviews: list[tuple[Place, Rail, "Instance"]] = field(default_factory=list)
    outside: list[tuple[Place, Rail]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Instance:
    """A pathway as it is followed: how it was reached, what it was told, what is added."""

    graph: PathwayGraph
    scope: Scope
    via: Path
    adding: Regimen | None = None
    outer: tuple["Instance", ...] = ()

    @property
    def sameness(self) -> object:
        """Instances with the same are followed alike, wherever they stand.

        Of the pathways around them only what stands there goes on to count.
        """
        outer = frozenset(
            (i.graph.name, i.scope, i.adding)
            for i in self.outer
            if any(isinstance(node, Standing) for node in i.graph.pathway.nodes)
        )
        return self.graph.name, self.scope, self.adding, outer


def visit(
    conditions: Conditions,
    graphs: Mapping[str, PathwayGraph],
    pathway: str,
    waiting: Sequence[WaitingPoint] = (),
    scope: Scope | None = None,
    descend: bool = True,
) -> Visit:
    """One visit that begins at these waiting points, or at the start of a pathway.

    `scope` leaves the arguments of a pathway open that is looked at by itself; without `descend` the
    pathways that it follows are passed over.
    """
    points = tuple(waiting) or (WaitingPoint(pathway, None),)
    run = _Run(conditions, graphs, Visit(pathway, tuple(waiting)), descend)
    for point in points:
        run.begin(point, pathway, scope)
    run.override()
    return run.visit


_LONG_AGO = PartialDate(1900, 1, 1)


def all_visits(
    conditions: Conditions, graphs: Mapping[str, PathwayGraph], entry: str
) -> tuple[Visit, ...]:
    """The first visit, and one for each review at which a patient may wait in an essentially new way.

    Where the guideline says `ever`, a later visit tells apart what was recorded before and since.
    """
    since = _LONG_AGO if says_ever(conditions.guideline) else None
    found = [visit(conditions, graphs, entry)]
    seen: set[object] = set()
    for earlier in found:
        for (via, pathway, node), reached, instance in earlier.reviews:
            key = (node, instance.sameness)
            if key in seen or reached.false == TRUE:
                continue
            seen.add(key)
            later = visit(conditions, graphs, entry, (WaitingPoint(pathway, node, via, since),))
            later.begins_like = key
            found.append(later)
    return tuple(found)


def visits_of_somebody(visits: Sequence[Visit], can: Callable[[int], Verdict]) -> tuple[Visit, ...]:
    """Those visits that some patient makes: the first one, and from reviews that she gets to in one."""
    reached: set[object] = {None}
    looked: set[int] = set()
    while True:
        new = [v for v in visits if v.begins_like in reached and id(v) not in looked]
        if not new:
            return tuple(v for v in visits if id(v) in looked)
        for found in new:
            looked.add(id(found))
            for (_, _, node), active, instance in found.reviews:
                key = (node, instance.sameness)
                if key not in reached and can(-active.false) != "no":
                    reached.add(key)


@dataclass(slots=True)
class _Run:
    conditions: Conditions
    graphs: Mapping[str, PathwayGraph]
    visit: Visit
    descend: bool = True
    entered: set[tuple[Path, str]] = field(default_factory=set)

    # --- where a visit begins ------------------------------------------------------------------------

    def begin(self, point: WaitingPoint, entry: str, scope: Scope | None) -> None:
        here = Scope(later=point.since is not None) if scope is None else scope
        instance = self._instance(point, entry, here, scope)
        if point.node is None:
            start = self._applies(instance)
            self.visit.started.append(Started(instance.graph.name, instance.via, ALWAYS, start))
            self._pathway(instance, {START: start})
            self._enclosing(instance)
            return
        node = instance.graph.record(point.node)
        assert isinstance(node, Review)
        place = (instance.via, instance.graph.name, node.name)
        seeds: dict[str, Rail] = {}
        answers: list[Answer] = []
        for branch in node.branches:
            assert branch.condition is not None
            rail = self.conditions.read(branch.condition, instance.scope)
            answers.append(Answer(branch, rail, rail))
            for target in branch.targets:
                seeds[target] = self._either([seeds.get(target, NEVER), rail])
        self.visit.answers[place] = tuple(answers)
        self._pathway(instance, seeds, standing=True)
        self._enclosing(instance)

    def _instance(
        self, point: WaitingPoint, entry: str, scope: Scope, open_arguments: Scope | None
    ) -> Instance:
        graph = self.graphs[entry if point.via else point.pathway]
        told = scope if open_arguments is not None else _told(scope, graph, {})
        instance = Instance(graph, told, ())
        for name in point.via:
            node = instance.graph.record(name)
            assert isinstance(node, Follow)
            instance = self._followed(instance, node)
        return instance

    def _enclosing(self, instance: Instance) -> None:
        for outer in instance.outer:
            if (outer.via, outer.graph.name) not in self.entered:
                self._pathway(outer, {}, standing=True)

    def _applies(self, instance: Instance) -> Rail:
        applies = instance.graph.pathway.applies
        return ALWAYS if applies is None else self.conditions.read(applies, instance.scope)

    def _followed(self, instance: Instance, node: Follow) -> Instance:
        graph = self.graphs[node.pathway]
        adding = instance.adding
        if node.adding is not None:
            adding = node.adding if adding is None else AllOf((adding, node.adding))
        given = {argument.name: argument.value for argument in node.arguments}
        scope = _told(instance.scope, graph, given)
        via = (*instance.via, node.name)
        return Instance(graph, scope, via, adding, (*instance.outer, instance))

    # --- one pathway ---------------------------------------------------------------------------------

    def _pathway(
        self, instance: Instance, seeds: Mapping[str, Rail], *, standing: bool = False
    ) -> None:
        graph = instance.graph
        self.entered.add((instance.via, graph.name))
        activation: dict[str, Rail] = {}
        passed: dict[Edge, Rail] = {}
        for name in graph.order:
            arriving = [passed[e] for e in graph.incoming[name] if e in passed]
            if name in seeds:
                arriving.append(seeds[name])
            arriving.extend(activation[d] for d in graph.joins.get(name, ()))
            node = graph.record(name)
            if standing and isinstance(node, Standing):
                arriving.append(ALWAYS)
            active = self._either(arriving)
            activation[name] = active
            place = (instance.via, graph.name, name)
            if place not in self.visit.activation:
                self.visit.places.setdefault((graph.name, name), []).append(place)
            self.visit.activation[place] = active
            self.visit.scopes[place] = instance.scope
            self._enter(instance, name, node, active, passed)
        for node in graph.pathway.nodes:
            if isinstance(node, Recommend | Standing | Choose):
                self.visit.drafts.extend(self._drafts(instance, node, activation[node.name]))

    def _enter(
        self,
        instance: Instance,
        name: str,
        node: Node | None,
        active: Rail,
        passed: dict[Edge, Rail],
    ) -> None:
        graph = instance.graph
        place = (instance.via, graph.name, name)
        match node:
            case Decision():
                answers = self._answers(node, instance, active)
                self.visit.answers[place] = answers
                taken = {answer.branch.name: answer.taken for answer in answers}
                for edge in graph.outgoing[name]:
                    passed[edge] = taken[edge.branch]
                return
            case Review():
                self.visit.reviews.append((place, active, instance))
                return
            case Follow() if self.descend and active.false != TRUE:
                inner = self._followed(instance, node)
                applies = self._applies(inner)
                self.visit.started.append(Started(inner.graph.name, inner.via, active, applies))
                self._pathway(inner, {START: self._both([active, applies])})
            case Outside():
                self.visit.outside.append((place, active))
            case Recommend() | Standing() | Choose() | Together() | End() | Follow() | None:
                pass
            case _:
                assert_never(node)
        for edge in graph.outgoing[name]:
            passed[edge] = active

    def _answers(self, node: Decision, instance: Instance, active: Rail) -> tuple[Answer, ...]:
        conditions = [
            None if b.condition is None else self.conditions.read(b.condition, instance.scope)
            for b in node.branches
        ]
        answers: list[Answer] = []
        for index, (branch, condition) in enumerate(zip(node.branches, conditions, strict=True)):
            if condition is None:
                guard = -self._either([c for c in conditions if c is not None])
            elif node.kind == "first match":
                before = [c for c in conditions[:index] if c is not None]
                guard = self._both([condition, -self._either(before)])
            else:
                guard = condition
            own = guard if condition is None else condition
            answers.append(Answer(branch, own, self._both([active, guard])))
        return tuple(answers)

    # --- what is recommended ---------------------------------------------------------------------------

    def _drafts(
        self, instance: Instance, node: Recommend | Standing | Choose, active: Rail
    ) -> Iterator[SymbolicDraft]:
        guideline = self.conditions.guideline
        path = (instance.graph.name, node.name)
        eligible = self._eligible(node.eligibility, instance.scope)
        only_if = self._both(
            [self.conditions.read(c, instance.scope) for c in node.eligibility.only_if]
        )
        adding = instance.adding
        stance = "recommend" if isinstance(node, Choose) else node.stance
        if isinstance(node, Standing) or (isinstance(node, Recommend) and stance != "recommend"):
            adding = None
        lines, impossible = self._course(node.course.performs, node, adding, instance.scope)
        possible = -impossible
        options: tuple[OptionDraft, ...] = ()
        if isinstance(node, Choose):
            inner = adding
            if line_to_add_to(node.course, adding, guideline) is not None:
                inner = None
            options = tuple(
                self._option(option, path, instance.scope, inner, lines) for option in node.options
            )
            possible = self._either([o.truth for o in options])
        avoids = node.course.avoids
        own_actions = tuple(dict.fromkeys(line.action for top in lines for line in _leaves(top)))
        if stance == "recommend against":
            avoids = tuple(dict.fromkeys((*avoids, *own_actions)))
            possible = ALWAYS
        truth = self._both([active, eligible, only_if, possible])
        yield SymbolicDraft(
            node,
            instance.graph.name,
            path,
            instance.via,
            direction_of(stance, node.statements, node.course, guideline),
            active,
            truth,
            lines,
            avoids,
            options,
            node.course.overrides,
        )
        if node.eligibility.only_if:
            yield SymbolicDraft(
                node,
                instance.graph.name,
                (*path, OTHERWISE_NOT),
                instance.via,
                "against",
                active,
                self._both([active, eligible, -only_if]),
                (),
                own_actions,
                (),
                (),
            )

    def _option(
        self,
        option: Option,
        path: Path,
        scope: Scope,
        adding: Regimen | None,
        shared: tuple[Line, ...],
    ) -> OptionDraft:
        eligible = self._eligible(option.eligibility, scope)
        only_if = self._both([self.conditions.read(c, scope) for c in option.eligibility.only_if])
        lines, own = self._course(option.course.performs, option, adding, scope)
        parts = []
        if shared:
            parts.append(self._both([line.impossible for line in shared]))
        if lines:
            parts.append(own)
        impossible = self._both(parts) if parts else NEVER
        truth = self._both([eligible, only_if, -impossible])
        return OptionDraft(option, (*path, option.name), truth, lines)

    def _eligible(self, eligibility: Eligibility, scope: Scope) -> Rail:
        return self._both(
            [
                *(self.conditions.read(c, scope) for c in eligibility.when),
                *(-self.conditions.read(c, scope) for c in eligibility.unless),
            ]
        )

    def _course(
        self,
        performs: tuple[Performs, ...],
        holder: Recommend | Standing | Choose | Option,
        adding: Regimen | None,
        scope: Scope,
    ) -> tuple[tuple[Line, ...], Rail]:
        regimens = [p.regimen for p in performs]
        index = line_to_add_to(holder.course, adding, self.conditions.guideline)
        if index is not None and adding is not None:
            regimens[index] = AllOf((regimens[index], adding))
        lines = tuple(
            self._line(regimen, scope, p.inseparable)
            for regimen, p in zip(regimens, performs, strict=True)
        )
        return lines, self._both([line.impossible for line in lines]) if lines else NEVER

    def _line(self, regimen: Regimen, scope: Scope, inseparable: bool) -> Line:
        condition = ALWAYS
        if regimen.condition is not None:
            condition = self.conditions.read(regimen.condition, scope)
        match regimen:
            case Course():
                veto = self.barred(regimen.action, scope)
                impossible = self._either([veto, -condition])
                return Line(
                    "action", regimen.action, impossible, self._out(veto, condition), -impossible
                )
            case AllOf():
                kind, parts = "all of", regimen.parts
            case OneOf():
                kind, parts = "one of", regimen.alternatives
            case Steps():
                kind, parts = "then", regimen.steps
            case _:
                assert_never(regimen)
        lines = tuple(self._line(part, scope, inseparable) for part in parts)
        impossibles = [line.impossible for line in lines]
        combine = self._either if inseparable and kind != "one of" else self._both
        none_left = combine(impossibles)
        impossible = self._either([none_left, -condition])
        return Line(kind, "", impossible, self._out(none_left, condition), -impossible, lines)

    def _out(self, veto: Rail, condition: Rail) -> Rail:
        return crisp(self.conditions.formulas.any_of((veto.true, condition.false)))

    def barred(self, action: str, scope: Scope) -> Rail:
        """That contraindications bar an action or a whole class."""
        guideline = self.conditions.guideline
        rails: list[Rail] = []
        for contraindication in guideline.contraindications.values():
            if contraindication.each_of is not None:
                if speaks_of(contraindication.each_of, action, guideline):
                    rails.append(self.conditions.set_bars(contraindication.each_of, action, scope))
                continue
            singles = guideline.single_actions(action) or (action,)
            if all(any(guideline.is_a(s, c) for c in contraindication.actions) for s in singles):
                assert contraindication.condition is not None
                rails.append(self.conditions.read(contraindication.condition, scope))
        return self._either(rails)

    # --- overriding ------------------------------------------------------------------------------------

    def override(self) -> None:
        """Apply `overrides` to the recommendations of the visit."""
        drafts = self.visit.drafts
        overriding: dict[Path, list[tuple[SymbolicDraft, OptionDraft | None]]] = {}
        for draft in drafts:
            for target in draft.overrides:
                overriding.setdefault(target, []).append((draft, None))
            for option in draft.options:
                for target in option.option.course.overrides:
                    overriding.setdefault(target, []).append((draft, option))
        memory: dict[Path, Rail] = {}

        def overridden(path: Path) -> Rail:
            if path not in memory:
                memory[path] = NEVER
                memory[path] = self._either(
                    [
                        self._both(
                            [holder.truth, -overridden(holder.path)]
                            if option is None
                            else [
                                holder.truth,
                                -overridden(holder.path),
                                option.truth,
                                -overridden(option.path),
                            ]
                        )
                        for holder, option in overriding.get(path, ())
                    ]
                )
            return memory[path]

        finals: list[SymbolicDraft] = []
        for draft in drafts:
            options = tuple(
                replace(o, final=self._both([o.truth, -overridden(o.path)])) for o in draft.options
            )
            left = self._either([o.final for o in options]) if options else ALWAYS
            final = self._both([draft.truth, -overridden(draft.path), left])
            finals.append(replace(draft, options=options, final=final))
        self.visit.drafts = finals

    def _both(self, rails: Sequence[Rail]) -> Rail:
        return self.conditions.formulas.both(rails)

    def _either(self, rails: Sequence[Rail]) -> Rail:
        return self.conditions.formulas.either(rails)


def _told(scope: Scope, graph: PathwayGraph, given: Mapping[str, Value]) -> Scope:
    values = {p.name: p.default for p in graph.pathway.parameters if p.default is not None}
    values.update(given)
    return replace(scope, arguments=tuple(values.items()))


def _leaves(line: Line) -> Iterator[Line]:
    if not line.parts:
        yield line
    for part in line.parts:
        yield from _leaves(part)
