"""Patients for routes: every node, answer, recommendation and option of every visit is come to."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from pathway_compiler.analysis.all_patients import Analysis
from pathway_compiler.analysis.formulas import FALSE
from pathway_compiler.analysis.generated import LeftOut, Made, Maker, Shown
from pathway_compiler.analysis.targets import Target, merged, reached, targets
from pathway_compiler.analysis.visits import Visit
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.pathway_graph import START, Edge
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Decision, Review

__all__ = ["every_route", "few_for_everything"]


def few_for_everything(maker: Maker) -> Iterator[Made | LeftOut]:
    """Few patients of each visit who come to everything that somebody comes to."""
    analysis = maker.analysis
    unreached: dict[tuple[str, tuple[str, ...]], LeftOut] = {}
    confirmed: set[tuple[str, tuple[str, ...]]] = set()
    for visit in (*analysis.visits, *analysis.others):
        wanted = targets(visit, analysis.conditions.formulas)
        made: dict[int, Made] = {}
        found: dict[int, frozenset[Target]] = {}
        covered: set[Target] = set()
        # The deepest first: who comes to them comes to much else on the way.
        for number, (target, formula) in enumerate(reversed(wanted.items())):
            if target in covered:
                continue
            shown = Shown(target.path, _told(target, analysis.guideline))
            patient = _confirmed(
                maker,
                visit,
                formula,
                shown,
                partial(_comes_to, target),
            )
            if isinstance(patient, LeftOut):
                unreached.setdefault((target.kind, target.path), patient)
                continue
            made[number] = patient
            found[number] = reached(patient.outcome)
            covered |= found[number]
        confirmed.update((target.kind, target.path) for target in covered)
        for number in reversed(merged(found, frozenset(wanted))):
            yield made[number]
    for key, left in unreached.items():
        if key not in confirmed:
            yield left


def every_route(maker: Maker, most: int) -> Iterator[Made | LeftOut]:
    """One patient for each way through each pathway, along the arrows from where a visit enters it."""
    analysis = maker.analysis
    for visit in (*analysis.visits, *analysis.others):
        for via, pathway in dict.fromkeys(place[:2] for place in visit.activation):
            for count, (route, formula) in enumerate(_routes(visit, via, pathway, analysis)):
                if count == most:
                    text = f"more than {most} routes through `{pathway}`"
                    reason = "a higher limit shows more of them"
                    yield LeftOut("route", Shown((pathway,), text), reason)
                    break
                words = " → ".join(
                    dict.fromkeys(_step(e, pathway, analysis.guideline) for e in route)
                )
                steps = tuple(e.branch or e.source for e in route if e.branch) or (
                    route[-1].target,
                )
                shown = Shown((pathway, *steps), words)
                yield _confirmed(
                    maker,
                    visit,
                    formula,
                    shown,
                    partial(_took, via, pathway, route),
                )


def _comes_to(target: Target, outcome: Outcome) -> bool:
    return target in reached(outcome)


def _confirmed(
    maker: Maker, visit: Visit, formula: int, shown: Shown, confirms: Callable[[Outcome], bool]
) -> Made | LeftOut:
    """The most typical patient for whom a formula holds, run, and confirmed to show it."""
    cells = maker.cells(formula)
    if cells is not None:
        patient = maker.witness(cells, formula, visit)
        outcome = maker.analysis.run(patient, visit)
        if outcome is not None and confirms(outcome):
            return Made("route", shown, shown.place, visit, tuple(cells), patient, outcome)
    return LeftOut("route", shown, maker.why_not(formula))


def _routes(
    visit: Visit, via: tuple[str, ...], pathway: str, analysis: Analysis
) -> Iterator[tuple[tuple[Edge, ...], int]]:
    """The ways through a pathway that somebody takes, each with the patients who do."""
    graph = analysis.compiled.graphs[pathway]
    formulas = analysis.conditions.formulas

    def passing(edge: Edge) -> int:
        place = (via, pathway, edge.source)
        answer = next(
            (a for a in visit.answers.get(place, ()) if a.branch.name == edge.branch), None
        )
        return visit.activation[place].true if answer is None else answer.taken.true

    waits = {point.node for point in visit.waiting if (point.via, point.pathway) == (via, pathway)}
    starts = waits or {START}
    begin = [e for name in graph.nodes if name in starts for e in graph.outgoing[name]]
    waiting: list[tuple[tuple[Edge, ...], int]] = [
        ((edge,), passing(edge)) for edge in reversed(begin)
    ]
    while waiting:
        route, formula = waiting.pop()
        if formula == FALSE or analysis.can(formula) == "no":
            continue
        further = [e for e in graph.outgoing[route[-1].target] if e.kind != "later"]
        if not further:
            yield route, formula
        waiting.extend(
            ((*route, edge), formulas.all_of((formula, passing(edge))))
            for edge in reversed(further)
        )


def _took(via: tuple[str, ...], pathway: str, route: Sequence[Edge], outcome: Outcome) -> bool:
    there = reached(outcome)
    return all(
        (not e.branch or Target("answer", (pathway, e.source, e.branch), via) in there)
        and Target("node", (pathway, e.target), via) in there
        for e in route
    )


# --- words ----------------------------------------------------------------------------------------------


def _told(target: Target, guideline: Guideline) -> str:
    pathway = guideline.pathways[target.path[0]]
    if target.kind == "applies":
        return f"comes into “{pathway.label}”"
    node = next(n for n in pathway.nodes if n.name == target.path[1])
    match target.kind:
        case "node":
            return f"comes to “{node.label}”"
        case "recommendation" if len(target.path) > 2:
            return f"“{node.label}” is advised against"
        case "recommendation":
            return f"is given “{node.label}”"
        case "answer":
            answer = _answer(pathway.name, node.name, target.path[2], guideline)
            return f"“{node.label}” is answered “{answer}”"
        case "option":
            assert isinstance(node, Choose)
            option = next(o for o in node.options if o.name == target.path[2])
            return f"is offered “{option.label}” at “{node.label}”"


def _answer(pathway: str, node: str, branch: str, guideline: Guideline) -> str:
    record = next(n for n in guideline.pathways[pathway].nodes if n.name == node)
    assert isinstance(record, Decision | Review)
    found = next(b for b in record.branches if b.name == branch)
    if found.label or found.condition is None:
        return found.label or "otherwise"
    return describe_condition(found.condition, guideline)


def _step(edge: Edge, pathway: str, guideline: Guideline) -> str:
    if not edge.branch:
        node = next(n for n in guideline.pathways[pathway].nodes if n.name == edge.target)
        return node.label
    source = next(n for n in guideline.pathways[pathway].nodes if n.name == edge.source)
    return f"{source.label}: {_answer(pathway, edge.source, edge.branch, guideline)}"
