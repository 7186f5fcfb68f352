"""Why a node was not reached: the answers that led elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.outcome import TraceEntry
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import START, PathwayGraph
from pathway_compiler.language import gettext as _
from pathway_compiler.model.describe import describe_condition

__all__ = ["WhyNot", "entries_of", "why_not_reached"]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The reasons why a node was not reached; `later` when only a later visit leads there."""

    reasons: tuple[str, ...]
    later: bool


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
) -> WhyNot:
    """The nearest answers that kept the patient from a node, such as `Fit for a taxane?: No`.

    `entries` holds what the run found at the nodes of this pathway so far.
    """
    reasons: dict[str, bool] = {}  # and whether it is about a later visit
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        for edge in graph.incoming[current]:
            if edge.kind == "later":
                said = _(
                    "only after “%(review)s”: %(answer)s",
                    review=graph.label(edge.source),
                    answer=edge.label,
                )
                reasons[said] = True
                continue
            source = entries.get(edge.source)
            if source is None or source.activation is False:
                if edge.source == START:
                    applies = graph.pathway.applies
                    if applies is not None and source is not None:
                        words = describe_condition(applies, compiled.guideline)
                        said = _(
                            "%(pathway)s applies only if: %(condition)s",
                            pathway=graph.pathway.label,
                            condition=words,
                        )
                        reasons[said] = False
                else:
                    waiting.append(edge.source)
                continue
            if edge.kind == "branch":
                taken = [b.label for b in source.branches if b.taken is True]
                if not taken:
                    taken = [
                        _("perhaps %(answer)s", answer=b.label)
                        for b in source.branches
                        if isinstance(b.taken, Unknown)
                    ]
                answer = " / ".join(dict.fromkeys(taken)) or _("not %(answer)s", answer=edge.label)
                reasons[f"{source.label}: {answer}"] = False
    return WhyNot(tuple(reasons), all(reasons.values()))
