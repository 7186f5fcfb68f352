"""Decisions that cover everybody, however a patient comes to their pathway: the interpreter relies on them.

Where the routes of such a decision meet again, an unknown answer leaves nothing unknown. It must hold
whichever readings are chosen for a run, and at a later visit, where `ever` reads more than this visit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from pathway_compiler.analysis.all_patients import Analysis, by_itself
from pathway_compiler.analysis.conditions import Conditions, Scope
from pathway_compiler.analysis.facts import questions_of
from pathway_compiler.analysis.laws import laws
from pathway_compiler.analysis.solver import Solver
from pathway_compiler.analysis.visits import Visit
from pathway_compiler.graph.from_model import is_exhaustive_by_form
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Decision, Pathway, Review
from pathway_compiler.semantics.checks import readings_read, says_ever

__all__ = ["complete_decisions"]

MOST_READINGS = 16
"""So many choices of readings are tried for one pathway."""


def complete_decisions(analysis: Analysis) -> dict[str, frozenset[str]]:
    """The decisions that cover everybody, by pathway."""
    guideline = analysis.guideline
    later = says_ever(guideline)
    found: dict[str, frozenset[str]] = {}
    for name, visits in analysis.alone.items():
        pathway = guideline.pathways[name]
        decisions = [
            n for n in pathway.nodes if isinstance(n, Decision) and n.kind != "all that apply"
        ]
        by_form = {d.name for d in decisions if is_exhaustive_by_form(d)}
        complete = {
            d.name
            for d in decisions
            if d.name not in by_form
            and analysis.can(_gap(d, name, visits, analysis.conditions)) == "no"
        }
        if complete and (guideline.readings or later):
            complete = _in_every_world(complete, pathway, analysis, Scope(later=later))
        found[name] = frozenset(complete | by_form)
    return found


def _gap(decision: Decision, pathway: str, visits: Sequence[Visit], conditions: Conditions) -> int:
    """The patients who may come to a decision and have none of its answers."""
    formulas = conditions.formulas
    return formulas.any_of(
        formulas.all_of((-v.activation[key].false, *(a.condition.false for a in v.answers[key])))
        for v in visits
        for key in v.places.get((pathway, decision.name), ())
    )


def _in_every_world(
    names: Iterable[str], pathway: Pathway, analysis: Analysis, scope: Scope
) -> set[str]:
    """Those of some decisions that leave nobody out whichever readings are chosen.

    Where there are too many choices, the way to a decision is left aside, and only the readings count
    that the decision itself depends on.
    """
    guideline = analysis.guideline
    decisions = [n for n in pathway.nodes if isinstance(n, Decision) and n.name in set(names)]
    on_the_way = [pathway.applies] if pathway.applies is not None else []
    for node in pathway.nodes:
        if isinstance(node, Decision | Review):
            on_the_way += _told(node)
    left = {decision.name: decision for decision in decisions}
    choices = _choices(on_the_way, guideline)
    if choices is not None:
        for choice in choices:
            conditions = Conditions(guideline, questions_of(guideline, choice))
            graph = analysis.compiled.graphs[pathway.name]
            graphs = analysis.compiled.graphs
            visits = by_itself(conditions, graphs, graph, scope, descend=False)
            gaps = {n: _gap(d, pathway.name, visits, conditions) for n, d in left.items()}
            solver = Solver(conditions.formulas, laws(conditions, scope), gaps.values())
            left = {n: d for n, d in left.items() if solver.can(gaps[n]) == "no"}
        return set(left)
    return {n for n, decision in left.items() if _complete_anywhere(decision, guideline, scope)}


def _complete_anywhere(decision: Decision, guideline: Guideline, scope: Scope) -> bool:
    """Whether a decision leaves nobody out, whoever comes to it."""
    choices = _choices(_told(decision), guideline)
    if choices is None:
        return False
    for choice in choices:
        conditions = Conditions(guideline, questions_of(guideline, choice))
        rails = [conditions.read(condition, scope) for condition in _told(decision)]
        gap = conditions.formulas.all_of(rail.false for rail in rails)
        if Solver(conditions.formulas, laws(conditions, scope), [gap]).can(gap) != "no":
            return False
    return True


def _told(node: Decision | Review) -> list[Expression]:
    return [b.condition for b in node.branches if b.condition is not None]


def _choices(
    conditions: Iterable[Expression], guideline: Guideline
) -> Iterator[Mapping[str, str]] | None:
    """Every choice of the readings that conditions and constraints depend on; None for too many."""
    read = [*conditions, *(c.condition for c in guideline.constraints)]
    names = sorted({name for condition in read for name in readings_read(condition, guideline)})
    alternatives = [[a.name for a in guideline.readings[name].alternatives] for name in names]
    if prod(len(a) for a in alternatives) > MOST_READINGS:
        return None
    return (dict(zip(names, choice, strict=True)) for choice in product(*alternatives))
