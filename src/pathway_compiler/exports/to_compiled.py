"""The compiled guideline as the browser's engine reads it; the schema is `dsl/compiled.schema.json`."""

from collections.abc import Mapping

from pathway_compiler.browser.compiled_to_json import compiled_text
from pathway_compiler.exports.export import Artifact
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline

__all__ = ["export"]


def export(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], pathway: str | None
) -> Artifact:
    """The whole guideline on one line; a pathway becomes the one that a run starts with."""
    text = compiled_text(CompiledGuideline(guideline, graphs), pathway)
    return Artifact(f"{pathway or guideline.name}.compiled.json", text + "\n")
