"""The graph of one pathway: a networkx `MultiDiGraph` with typed access to it.

Node attributes: `kind` ("start", "decision", "recommend", "choose", "standing", "together", "follow",
"review", "end", "outside"), `label` (text), `statements` (tuple of names), `record` (the node of the
model, None for the start). Edge attributes: `kind` ("start", "branch", "next", "later"), `branch`
(the branch's name, or ""), `label` (the answer's text, or ""), `condition` (an `Expression`, or None).

INVARIANT: attributes are set here only; everyone else reads them through these methods.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pathway_compiler.model.expression import Expression
from pathway_compiler.model.pathway import Node, Pathway

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["START", "Edge", "EdgeKind", "PathwayGraph"]

START = "(start)"
"""The id of the node that stands for entering the pathway; no author's name contains brackets."""

EdgeKind = Literal["start", "branch", "next", "later"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow of a flowchart."""

    source: str
    target: str
    kind: EdgeKind
    branch: str = ""
    label: str = ""
    condition: Expression | None = field(default=None, hash=False)


@dataclass(frozen=True)
class PathwayGraph:
    """A pathway and its graph.

    `order` is a topological order of all nodes when the edges over time are left out. `joins` says for
    a node which exhaustive decisions lead to it whatever the answer, so that an unknown answer leaves
    nothing unknown there. `exhaustive` are the decisions of which some branch always holds.
    """

    pathway: Pathway
    nodes: tuple[str, ...]
    order: tuple[str, ...]
    joins: Mapping[str, tuple[str, ...]]
    exhaustive: frozenset[str]
    incoming: Mapping[str, tuple[Edge, ...]]
    outgoing: Mapping[str, tuple[Edge, ...]]

    @property
    def name(self) -> str:
        return self.pathway.name

    @cached_property
    def graph(self) -> "nx.MultiDiGraph[str]":
        """The networkx graph; made when first asked for, since importing networkx takes time."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=self.name, label=self.pathway.label)
        for name in self.nodes:
            record = self.record(name)
            graph.add_node(
                name,
                kind=self.kind(name),
                label=self.label(name),
                statements=record.statements if record else (),
                record=record,
            )
        for edge in self.edges():
            graph.add_edge(
                edge.source,
                edge.target,
                kind=edge.kind,
                branch=edge.branch,
                label=edge.label,
                condition=edge.condition,
            )
        return graph

    @cached_property
    def _records(self) -> dict[str, Node]:
        return {node.name: node for node in self.pathway.nodes}

    def record(self, node: str) -> Node | None:
        """The node of the model; None for the start."""
        return self._records.get(node)

    def kind(self, node: str) -> str:
        """The kind of a node, as in the networkx attribute."""
        record = self.record(node)
        return "start" if record is None else type(record).__name__.lower()

    def label(self, node: str) -> str:
        record = self.record(node)
        return self.pathway.label if record is None else record.label

    def edges(self) -> tuple[Edge, ...]:
        """Every edge, in the order of the source nodes and of the text."""
        return tuple(edge for node in self.nodes for edge in self.outgoing[node])
