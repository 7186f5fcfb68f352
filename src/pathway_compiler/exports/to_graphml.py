"""GraphML, which yEd, Gephi and networkx read; attributes as in `attributes.py`, lists joined by spaces."""

from collections.abc import Mapping

import networkx as nx

from pathway_compiler.exports.attributes import edges, nodes
from pathway_compiler.exports.export import Artifact
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline

__all__ = ["export"]


def export(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], pathway: str | None
) -> Artifact:
    """GraphML of one pathway or of all."""
    chosen = graphs if pathway is None else {pathway: graphs[pathway]}
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=pathway or guideline.name)
    for name, attributes in nodes(chosen):
        graph.add_node(name, **{key: _text(value) for key, value in attributes.items()})
    for index, (source, target, attributes) in enumerate(edges(guideline, chosen)):
        graph.add_edge(
            source,
            target,
            key=f"e{index}",
            **{key: _text(value) for key, value in attributes.items()},
        )
    text = "\n".join(nx.generate_graphml(graph, named_key_ids=True))
    return Artifact(f"{pathway or guideline.name}.graphml", text + "\n")


def _text(value: object) -> str:
    """An attribute as text, without the control characters that XML cannot hold."""
    words = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(
        c
        for c in words
        if c in "\t\n\r"
        or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    )
