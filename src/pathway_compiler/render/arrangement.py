"""How a page is arranged: from top to bottom or from left to right, with how much room.

The choice is made from estimated sizes and not from a layout, so that the DOT of a page is the same
whichever Graphviz a machine has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pathway_compiler.render.cards import Look

__all__ = ["ARRANGEMENTS", "MAX_WIDTH", "Arrangement", "best_arrangement", "estimate"]

MAX_WIDTH = 1050.0
"""In points: 1,400 pixels, at which a page of 1,000 pixels still shows text of 11 pixels."""

# Measured on the SEOM pathways: cards do not stand flush, and a frame has a margin on each side.
SLACK = 1.18
FRAME = 36.0
PASSING = 0.35
"""How much of a card's width the arrow to it takes in the rows that it passes."""

Boxes = Mapping[str, tuple[float, float, list[str]]]
"""For each node its width, its height, and the nodes that arrows lead to."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to arrange a page. Lengths in inches are Graphviz' own, the others in points."""

    rankdir: str = "TB"
    nodesep: float = 0.28
    ranksep: float = 0.42
    text_width: int = 204
    choice_width: int = 236
    leaves_in_a_row: int = 4
    """How many cards that end a route stand side by side under one decision before a new row."""

    def look(self, look: Look) -> Look:
        return replace(
            look,
            sideways=self.rankdir == "LR",
            text_width=self.text_width,
            choice_width=self.choice_width,
        )


ARRANGEMENTS = (
    Arrangement(),
    Arrangement(
        rankdir="LR", nodesep=0.16, ranksep=0.8, text_width=176, choice_width=204,
        leaves_in_a_row=99,
    ),
    Arrangement(text_width=176, choice_width=204, nodesep=0.2, leaves_in_a_row=3),
    Arrangement(text_width=176, choice_width=204, nodesep=0.18, ranksep=0.36, leaves_in_a_row=2),
)  # fmt: skip


def best_arrangement(size_of: Callable[[Arrangement], tuple[float, float]]) -> Arrangement:
    """The first that is narrow enough; if none is, the narrowest."""
    best: tuple[float, Arrangement] | None = None
    for arrangement in ARRANGEMENTS:
        width, _ = size_of(arrangement)
        if width <= MAX_WIDTH:
            return arrangement
        if best is None or width < best[0]:
            best = (width, arrangement)
    assert best is not None
    return best[1]


def estimate(boxes: Boxes, arrangement: Arrangement, frames: int = 0) -> tuple[float, float]:
    """Width and height that a page will have, about: ranks as Graphviz makes them, side by side."""
    rank, shifts = _ranks(boxes, arrangement.leaves_in_a_row)
    rows: dict[int, list[str]] = {}
    passing: dict[int, float] = {}
    for node, place in rank.items():
        rows.setdefault(place, []).append(node)
        for above in range(place - shifts.get(node, 0), place):
            passing[above] = passing.get(above, 0.0) + boxes[node][0] * PASSING
    across, along = arrangement.nodesep * 72, arrangement.ranksep * 72
    sideways = arrangement.rankdir == "LR"
    breadth, length = 0.0, 0.0
    for place, nodes in rows.items():
        widths = [boxes[node][0] for node in nodes]
        heights = [boxes[node][1] for node in nodes]
        across_sizes, along_sizes = (heights, widths) if sideways else (widths, heights)
        row = sum(across_sizes) + across * (len(nodes) - 1) + passing.get(place, 0.0)
        breadth = max(breadth, row)
        length += max(along_sizes) + along
    breadth = breadth * SLACK + FRAME * frames
    return (length, breadth) if sideways else (breadth, length)


def _ranks(boxes: Boxes, leaves_in_a_row: int) -> tuple[dict[str, int], dict[str, int]]:
    """The rank of each node, the longest way to it; and how far a card is moved down."""
    shifts: dict[str, int] = {}
    parents = dict.fromkeys(boxes, 0)
    for _, _, targets in boxes.values():
        for target in targets:
            parents[target] += 1
    single = {node for node, count in parents.items() if count == 1 and not boxes[node][2]}
    rank = {node: 0 for node, count in parents.items() if count == 0}
    ready = list(rank)
    while ready:
        node = ready.pop(0)
        leaves = 0
        for target in boxes[node][2]:
            shift = 0
            if target in single:
                shift, leaves = leaves // leaves_in_a_row, leaves + 1
                shifts[target] = shift
            rank[target] = max(rank.get(target, 0), rank[node] + 1 + shift)
            parents[target] -= 1
            if parents[target] == 0:
                ready.append(target)
    return rank, shifts
