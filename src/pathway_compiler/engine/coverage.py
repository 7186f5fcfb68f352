"""What the cases of a guideline reach."""

from collections.abc import Iterable
from dataclasses import dataclass

from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.pathway import Choose, Decision, Review
from pathway_compiler.semantics.traceability import uses_of_statements

__all__ = ["Coverage", "coverage_of"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one kind of thing is reached for certain, and what is not."""

    what: str
    reached: int
    total: int
    missed: tuple[str, ...]


def coverage_of(compiled: CompiledGuideline, outcomes: Iterable[Outcome]) -> tuple[Coverage, ...]:
    """Nodes, answers, options and statements that some outcome reaches for certain.

    An option counts when it is eligible in a choice that is given; a statement when a node, option or
    definition that names it is reached.
    """
    nodes: set[str] = set()
    answers: set[str] = set()
    options: set[str] = set()
    facts: set[str] = set()
    for outcome in outcomes:
        for entry in outcome.trace:
            id_ = f"{entry.pathway}.{entry.node}"
            if entry.activation is True:
                nodes.add(id_)
            answers.update(f"{id_}.{b.name}" for b in entry.branches if b.taken is True)
        for recommendation in outcome.given:
            options.update(o.id for o in recommendation.options if o.status == "eligible")
        facts.update(fact.name for fact in outcome.definitions)
    all_nodes: list[str] = []
    all_answers: dict[str, str] = {}
    all_options: list[str] = []
    for graph in compiled.graphs.values():
        for node in graph.pathway.nodes:
            id_ = f"{graph.name}.{node.name}"
            all_nodes.append(id_)
            if isinstance(node, Decision | Review):
                for branch in node.branches:
                    label = branch.label or branch.name
                    all_answers[f"{id_}.{branch.name}"] = f"{id_}: {label}"
            if isinstance(node, Choose):
                all_options += [f"{id_}.{option.name}" for option in node.options]
    places = nodes | options | {f"define {n}" for n in facts} | {f"reading {n}" for n in facts}
    places |= {id_.split(".", 1)[0] for id_ in nodes}
    uses = uses_of_statements(compiled.guideline)
    executable = {
        name: found
        for name, found in uses.items()
        if any(
            place in places or not place.startswith(("constraint", "contraind", "incompat"))
            for place in found
        )
    }
    missed = [name for name, found in executable.items() if not set(found) & places]
    return (
        _part("nodes", all_nodes, nodes),
        Coverage(
            "answers",
            sum(key in answers for key in all_answers),
            len(all_answers),
            tuple(text for key, text in all_answers.items() if key not in answers),
        ),
        _part("options", all_options, options),
        Coverage("statements", len(executable) - len(missed), len(executable), tuple(missed)),
    )


def _part(what: str, everything: list[str], reached: set[str]) -> Coverage:
    missed = tuple(id_ for id_ in everything if id_ not in reached)
    return Coverage(what, len(everything) - len(missed), len(everything), missed)
