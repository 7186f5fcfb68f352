"""One patient's way through a flowchart, as plain data to draw on top of it.

Whoever runs the patient makes the record; the drawing does not know the engine. All keys are the ids
of the drawing: `her2_first_line.exception` for a node, `her2_first_line.exception.branch_1` for an
answer, `her2_first_line.choice.tdm1` for an option. The start of a pathway goes by `<pathway>` or, as
in a graph, by `<pathway>.(start)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.graph.pathway_graph import START

__all__ = ["Activation", "Mark", "Overlay", "Status"]

Activation = Literal["true", "unknown", "false"]
Status = Literal["given", "eligible", "possible", "not given", "barred"]
Mark = Literal["yes", "unknown", "no"]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What to show of one patient.

    `nodes`: whether each node is on her way. `edges`: the same for the ways out of it, by node and
    branch; the branch is "" for an arrow without an answer, which may be left out when it is as its
    node. `statuses`: recommendations and options. `needs`: for a node, the missing data in words.
    `facts`: for a node, what is known in words (`ER: 90 %, 2024-03-02`); spoken, not drawn. What is
    not mentioned is not on the way.
    """

    nodes: Mapping[str, Activation] = field(default_factory=dict)
    edges: Mapping[tuple[str, str], Activation] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def node(self, node: str) -> Activation:
        return self.nodes.get(node) or self.nodes.get(f"{node}.{START}", "false")

    def edge(self, node: str, branch: str) -> Activation:
        """Whether a way out is taken; an arrow without an answer is as its node."""
        found = self.edges.get((node, branch))
        if found is not None:
            return found
        return "false" if branch else self.node(node)

    def mark(self, node: str, branch: str) -> Mark | None:
        """The sign in an answer cell: nothing where nobody asked yet, as at a review of a later visit."""
        answer = self.edges.get((node, branch))
        if self.node(node) == "false" or answer is None:
            return None
        return _MARKS[answer]


_MARKS: Mapping[Activation, Mark] = {"true": "yes", "unknown": "unknown", "false": "no"}
