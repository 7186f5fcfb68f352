"""The flowchart in the DOT language of Graphviz; of a whole guideline, its overview."""

from collections.abc import Mapping

from pathway_compiler.exports.export import Artifact
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.render.overview import overview_to_dot
from pathway_compiler.render.to_dot import pathway_to_dot

__all__ = ["export"]


def export(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], pathway: str | None
) -> Artifact:
    """DOT text, the same that `pathway build` lays out."""
    if pathway is None:
        return Artifact(f"{guideline.name}.dot", overview_to_dot(guideline, graphs).dot)
    drawing = pathway_to_dot(graphs[pathway], guideline, graphs=graphs)
    return Artifact(f"{pathway}.dot", drawing.dot)
