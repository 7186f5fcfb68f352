"""From the outcome of a run to what is drawn of it on the flowchart."""

from pathway_compiler.datatypes.truth import Truth, Unknown
from pathway_compiler.engine.outcome import Outcome, TraceEntry
from pathway_compiler.model.describe import describe_fact, fact_label
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.render.overlay import Activation, Overlay, Status

__all__ = ["overlay_of"]


def overlay_of(outcome: Outcome, guideline: Guideline) -> Overlay:
    """The patient's way: a node followed more than once counts as far as it ever got."""
    nodes: dict[str, Activation] = {}
    edges: dict[tuple[str, str], Activation] = {}
    needs: dict[str, tuple[str, ...]] = {}
    facts: dict[str, str] = {}
    for entry in outcome.trace:
        id_ = f"{entry.pathway}.{entry.node}"
        nodes[id_] = _further(nodes.get(id_), _activation(entry.activation))
        for branch in entry.branches:
            key = (id_, branch.name)
            edges[key] = _further(edges.get(key), _activation(branch.taken))
        missing = _missing(entry, guideline)
        if missing:
            needs[id_] = missing
        if entry.facts:
            facts[id_] = "; ".join(describe_fact(n, v, guideline) for n, v in entry.facts)
    return Overlay(nodes, edges, _statuses(outcome), needs, facts)


def _statuses(outcome: Outcome) -> dict[str, Status]:
    # What belongs to a later visit is not refused at this one.
    entered = {entry.pathway for entry in outcome.trace}
    statuses: dict[str, Status] = {
        r.id: "not given"
        for r in outcome.not_recommended
        if r.id.split(".", 1)[0] in entered and not r.later
    }
    for recommendation in outcome.recommendations:
        statuses[recommendation.id] = recommendation.certainty
        for option in recommendation.options:
            if option.status == "excluded":
                barred = any(part.status == "barred" for part in option.regimen)
                statuses[option.id] = "barred" if barred else "not given"
            elif option.status == "eligible":
                certain = recommendation.certainty == "given"
                statuses[option.id] = "eligible" if certain else "possible"
            else:
                statuses[option.id] = "possible"
    return statuses


def _missing(entry: TraceEntry, guideline: Guideline) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for branch in entry.branches:
        if isinstance(branch.taken, Unknown):
            names.update(dict.fromkeys(sorted(m.element for m in branch.taken.because)))
    return tuple(fact_label(guideline, name) for name in names)


def _activation(truth: Truth) -> Activation:
    return "unknown" if isinstance(truth, Unknown) else "true" if truth else "false"


def _further(known: Activation | None, found: Activation) -> Activation:
    order: tuple[Activation, ...] = ("false", "unknown", "true")
    return found if known is None else max(known, found, key=order.index)
