"""One analysis of one guideline: its visits as formulas, the laws, and a solver for questions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pathway_compiler.analysis.conditions import FIRST_VISIT, Conditions, Scope
from pathway_compiler.analysis.facts import questions_of
from pathway_compiler.analysis.laws import laws
from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.solver import EFFORT, Solver, Verdict
from pathway_compiler.analysis.visits import Visit, all_visits, visit, visits_of_somebody
from pathway_compiler.analysis.witness import REPLAY_DAY, box_in_words, wishes, witness
from pathway_compiler.engine.acceptance import accept
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import Outcome, WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Follow, Review

__all__ = ["Analysis", "analyse", "by_itself"]

MOST_BOXES = 3
"""Regions of patients that a finding describes."""


@dataclass(slots=True)
class Analysis:
    """Formulas for what happens to every patient, and a solver over them.

    `visits` are those of the entry pathway: the first one, and one from each review. Pathways that
    these do not enter are looked at by themselves (`others`). `alone` are the visits of each pathway by
    itself, whoever comes to it, without those that it follows.
    """

    compiled: CompiledGuideline
    conditions: Conditions
    visits: tuple[Visit, ...]
    others: tuple[Visit, ...]
    entered: frozenset[str]
    alone: Mapping[str, tuple[Visit, ...]]
    laws: list[int]
    solver: Solver
    _wishes: list[tuple[int, list[int]]] = field(default_factory=list)

    @property
    def guideline(self) -> Guideline:
        return self.compiled.guideline

    def visits_of(self, pathway: str) -> tuple[Visit, ...]:
        """The visits in which a pathway is met."""
        return self.visits if pathway in self.entered else self.others

    def places(
        self, pathway: str, node: str
    ) -> Iterator[tuple[Visit, tuple[tuple[str, ...], str, str]]]:
        """Every way in which a node is met, with its key in the visit."""
        for found in self.visits_of(pathway):
            for key in found.places.get((pathway, node), ()):
                yield found, key

    def can(self, *parts: int) -> Verdict:
        return self.solver.can(*parts)

    def can_each(self, formulas: Sequence[int]) -> list[Verdict]:
        """The same for many formulas that mostly nobody fulfils: several at once while that is so."""
        if len(formulas) <= 1 or self.can(self.conditions.formulas.any_of(formulas)) == "no":
            return [self.can(f) if len(formulas) == 1 else "no" for f in formulas]
        middle = len(formulas) // 2
        return [*self.can_each(formulas[:middle]), *self.can_each(formulas[middle:])]

    # --- witnesses -----------------------------------------------------------------------------------

    def witness(
        self,
        formula: int,
        found: Visit,
        confirms: Callable[[Outcome], bool] | None,
        matters: int | None = None,
        most: int = MOST_BOXES,
    ) -> tuple[Witness, tuple[str, ...], bool]:
        """The patient nearest to a typical one for whom a formula holds; the regions of all of them in
        words (of `matters`, where that says less); and whether free facts are involved.

        The patient is run: `confirms` tells whether the interpreter finds the same.
        """
        if not self._wishes:
            self._wishes = wishes(self.conditions)
        cells = self.solver.nearest([formula], self._wishes)
        shown = formula if matters is None else matters
        needed = self.region(shown, cells)
        free = any(self.conditions.facts[fact].free for fact in needed)
        patient = witness(self.conditions, cells, needed, found.waiting)
        boxes = tuple(
            box_in_words(self.conditions, region) for region in self._boxes(shown, needed, most)
        )
        if confirms is not None:
            outcome = self.run(patient, found)
            patient = replace(patient, confirmed=outcome is not None and confirms(outcome))
        return patient, boxes, free

    def run(self, patient: Witness, found: Visit) -> Outcome | None:
        """What the interpreter says of a witness; None when the data are refused."""
        parameters = self.guideline.pathways[found.pathway].parameters
        if any(parameter.default is None for parameter in parameters):
            return None  # the pathway is told something that only its followers say
        environment = base_environment(
            self.compiled, patient.patient(), REPLAY_DAY, patient.settings, None
        )
        if accept(environment):
            return None
        return interpret(
            self.compiled,
            patient.patient(),
            REPLAY_DAY,
            pathway=found.pathway,
            settings=patient.settings,
            waiting=found.waiting,
        )

    def region(self, formula: int, cells: Sequence[int]) -> dict[int, frozenset[int]]:
        """A region of patients around one of them for all of whom a formula holds, as wide as it gets."""
        formulas = self.conditions.formulas
        literals: dict[int, tuple[int, int]] = {}
        for fact in formulas.facts_in([formula]):
            for cell in range(formulas.sizes[fact]):
                if cell != cells[fact]:
                    literals[-formulas.cell(fact, cell)] = (fact, cell)
        kept = self.solver.needed(formula, list(literals))
        region: dict[int, set[int]] = {}
        for literal in kept:
            fact, cell = literals[literal]
            region.setdefault(fact, set(range(formulas.sizes[fact]))).discard(cell)
        return {fact: frozenset(allowed) for fact, allowed in region.items()}

    def _boxes(
        self, formula: int, first: dict[int, frozenset[int]], most: int
    ) -> list[dict[int, frozenset[int]]]:
        formulas = self.conditions.formulas
        boxes = [first]
        outside = formula
        while len(boxes) < most:
            last = formulas.all_of(
                formulas.region(fact, sum(1 << cell for cell in allowed))
                for fact, allowed in boxes[-1].items()
            )
            outside = formulas.all_of((outside, -last))
            if self.can(outside) != "yes":
                break
            cells = self.solver.nearest([outside], self._wishes)
            boxes.append(self.region(formula, cells))
        return boxes


def analyse(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], effort: int = EFFORT
) -> Analysis:
    """The guideline as formulas, with a solver that knows its laws."""
    conditions = Conditions(guideline, questions_of(guideline))
    entry = guideline.entry
    visits = all_visits(conditions, graphs, entry) if entry is not None and entry in graphs else ()
    entered = frozenset(key[1] for found in visits for key in found.activation)
    others: list[Visit] = []
    met = set(entered)
    for graph in _outermost_first(graphs):
        if graph.name not in met:
            new = by_itself(conditions, graphs, graph)
            met.update(key[1] for found in new for key in found.activation)
            others += new
    alone = {
        name: by_itself(conditions, graphs, graph, descend=False) for name, graph in graphs.items()
    }
    every = [*visits, *others, *(v for found in alone.values() for v in found)]
    for definition in guideline.definitions.values():
        for row in definition.rows:
            if row.condition is not None:
                conditions.read(row.condition, Scope())
    known = laws(conditions)
    roots = [f for v in every for rail in v.activation.values() for f in (rail.true, rail.false)]
    solver = Solver(conditions.formulas, known, roots, effort)
    return Analysis(
        CompiledGuideline(guideline, graphs),
        conditions,
        visits_of_somebody(visits, solver.can),
        tuple(others),
        entered,
        alone,
        known,
        solver,
    )


def by_itself(
    conditions: Conditions,
    graphs: Mapping[str, PathwayGraph],
    graph: PathwayGraph,
    scope: Scope = FIRST_VISIT,
    descend: bool = True,
) -> tuple[Visit, ...]:
    """A pathway by itself: its start, and its reviews; its parameters are left open."""
    found = [visit(conditions, graphs, graph.name, (), scope, descend)]
    found += [
        visit(
            conditions,
            graphs,
            graph.name,
            (WaitingPoint(graph.name, node.name),),
            scope,
            descend,
        )
        for node in graph.pathway.nodes
        if isinstance(node, Review)
    ]
    return tuple(found)


def _outermost_first(graphs: Mapping[str, PathwayGraph]) -> list[PathwayGraph]:
    """The pathways that no other one follows, then the rest."""
    followed = {
        node.pathway
        for graph in graphs.values()
        for node in graph.pathway.nodes
        if isinstance(node, Follow)
    }
    return sorted(graphs.values(), key=lambda graph: graph.name in followed)
