"""A guideline ready to run: the checked model and the graph of each pathway."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathway_compiler.graph.pathway_graph import PathwayGraph
from pathway_compiler.model.guideline import Guideline

__all__ = ["CompiledGuideline"]


@dataclass(frozen=True)
class CompiledGuideline:
    """What `load` gives and everything else takes."""

    guideline: Guideline
    graphs: Mapping[str, PathwayGraph] = field(repr=False)

    @property
    def name(self) -> str:
        return self.guideline.name

    @property
    def title(self) -> str:
        return self.guideline.title

    def graph(self, pathway: str) -> PathwayGraph:
        """The graph of a pathway; KeyError when there is none."""
        return self.graphs[pathway]
