"""The attributes of nodes and edges as plain text, for graph formats.

Node: `kind`, `label`, `statements` (names), `pathway`, and `follows` for a followed pathway. Edge:
`kind` (start, branch, next, later), `branch`, `label`, `condition` (as the author wrote it) and
`condition_in_words`. A graph of the whole guideline has ids `pathway.node`, and an edge of kind
`follows` from a `follow` node to the start of its pathway.
"""

from collections.abc import Iterator, Mapping

from pathway_compiler.graph.pathway_graph import START, Edge, PathwayGraph
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Follow

__all__ = ["edge_attributes", "edges", "node_attributes", "node_id", "nodes"]

NodeRow = tuple[str, dict[str, object]]
EdgeRow = tuple[str, str, dict[str, object]]


def node_id(graph: PathwayGraph, node: str) -> str:
    return f"{graph.name}.{'start' if node == START else node}"


def node_attributes(graph: PathwayGraph, name: str) -> dict[str, object]:
    node = graph.record(name)
    found: dict[str, object] = {
        "pathway": graph.name,
        "kind": graph.kind(name),
        "label": graph.label(name),
        "statements": list(node.statements) if node else [],
    }
    if isinstance(node, Follow):
        found["follows"] = node.pathway
    return found


def edge_attributes(edge: Edge, guideline: Guideline) -> dict[str, object]:
    condition = edge.condition
    return {
        "kind": edge.kind,
        "branch": edge.branch,
        "label": edge.label,
        "condition": " ".join(condition.span.text.split()) if condition is not None else "",
        "condition_in_words": describe_condition(condition, guideline)
        if condition is not None
        else "",
    }


def nodes(graphs: Mapping[str, PathwayGraph]) -> Iterator[NodeRow]:
    """Every node once, however many edges lead to it."""
    for graph in graphs.values():
        for name in graph.nodes:
            yield node_id(graph, name), node_attributes(graph, name)


def edges(guideline: Guideline, graphs: Mapping[str, PathwayGraph]) -> Iterator[EdgeRow]:
    for graph in graphs.values():
        for edge in graph.edges():
            source, target = node_id(graph, edge.source), node_id(graph, edge.target)
            yield source, target, edge_attributes(edge, guideline)
        for node in graph.pathway.nodes:
            if isinstance(node, Follow) and node.pathway in graphs:
                target = node_id(graphs[node.pathway], START)
                nothing = {"branch": "", "label": "", "condition": "", "condition_in_words": ""}
                yield node_id(graph, node.name), target, {"kind": "follows", **nothing}
