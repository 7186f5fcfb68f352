"""Why a node was not reached: the answers that led elsewhere."""

from collections.abc import Iterable, Mapping

from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.outcome import TraceEntry
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START, PathwayGraph
from pathway_compiler.model.describe import describe_condition

__all__ = ["entries_of", "why_not_reached"]


def entries_of(
    graph: PathwayGraph, via: tuple[str, ...], trace: Iterable[TraceEntry]
) -> dict[str, TraceEntry]:
    """What a run found at the nodes of a pathway that was reached this way, by node."""
    return {e.node: e for e in trace if e.pathway == graph.name and e.via == via}


def why_not_reached(
    graph: PathwayGraph,
    name: str,
    entries: Mapping[str, TraceEntry],
    compiled: CompiledGuideline,
) -> tuple[str, ...]:
    """The nearest answers that kept the patient from a node, such as `Fit for a taxane?: No`.

    `entries` holds what the run found at the nodes of this pathway so far.
    """
    reasons: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        for edge in graph.incoming[current]:
            if edge.kind == "later":
                reasons[f"only after “{graph.label(edge.source)}”: {edge.label}"] = None
                continue
            source = entries.get(edge.source)
            if source is None or source.activation is False:
                if edge.source == START:
                    applies = graph.pathway.applies
                    if applies is not None and source is not None:
                        words = describe_condition(applies, compiled.guideline)
                        reasons[f"{graph.pathway.label} applies only if: {words}"] = None
                else:
                    waiting.append(edge.source)
                continue
            if edge.kind == "branch":
                taken = [b.label for b in source.branches if b.taken is True]
                if not taken:
                    taken = [
                        f"perhaps {b.label}"
                        for b in source.branches
                        if isinstance(b.taken, Unknown)
                    ]
                answer = " / ".join(dict.fromkeys(taken)) or f"not {edge.label}"
                reasons[f"{source.label}: {answer}"] = None
    return tuple(reasons)
