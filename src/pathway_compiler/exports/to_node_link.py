"""Node-link JSON, which networkx and D3 read; the schema is `dsl/node-link.schema.json`."""

import json
from collections.abc import Mapping

from pathway_compiler.exports.attributes import edges, nodes
from pathway_compiler.exports.export import Artifact
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline

__all__ = ["export"]


def export(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], pathway: str | None
) -> Artifact:
    """Node-link JSON of one pathway or of all."""
    chosen = graphs if pathway is None else {pathway: graphs[pathway]}
    document = {
        "directed": True,
        "multigraph": True,
        "graph": {
            "format": "pathway-node-link/1",
            "guideline": guideline.name,
            "title": guideline.title,
            "version": guideline.header.version,
            "content_hash": guideline.content_hash,
            "pathways": list(chosen),
        },
        "nodes": [{"id": name, **attributes} for name, attributes in nodes(chosen)],
        "edges": [
            {"source": source, "target": target, "key": index, **attributes}
            for index, (source, target, attributes) in enumerate(edges(guideline, chosen))
        ],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return Artifact(f"{pathway or guideline.name}.json", text + "\n")
