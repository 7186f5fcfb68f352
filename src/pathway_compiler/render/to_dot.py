"""From a pathway graph to DOT: one page, with followed pathways as frames when there is room.

    entry card          the pathway's name, when it applies, what holds throughout
    decision            question above, one cell for each answer; solid arrows
    cards               recommendations and choices
    review              a visit later; dashed arrows
    frame               a followed pathway on the same page; otherwise an oval with a link

Ids are the author's names and never numbers: `<pathway>` for the entry, `<pathway>.<node>`,
`<pathway>.<node>.<branch or option>`, and `<pathway>.<node>.<branch>--<target>` for an arrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import assert_never

from pathway_compiler.graph.pathway_graph import START, Edge, PathwayGraph
from pathway_compiler.language import speaking
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Choose,
    Decision,
    End,
    Follow,
    Node,
    Outside,
    Recommend,
    Review,
    Standing,
    Together,
)
from pathway_compiler.render import cards
from pathway_compiler.render.arrangement import Arrangement, best_arrangement, estimate
from pathway_compiler.render.cards import Card, Look
from pathway_compiler.render.dot import Dot, Markup, br_lines, font, port, quoted
from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.outline import (
    answer_texts,
    edge_text,
    node_label,
    node_text,
    option_text,
    outline,
)
from pathway_compiler.render.overlay import Activation, Overlay
from pathway_compiler.render.overview import overview_to_dot
from pathway_compiler.render.palette import Theme, palette
from pathway_compiler.render.words import words
from pathway_compiler.render.wrap import clean, shorten, wrap

__all__ = ["MAX_DECISIONS", "Drawing", "overview_to_dot", "pathway_to_dot"]

MAX_DECISIONS = 9
"""A page with more of them is not read any more; pathways that would exceed it become links."""

MAX_CARDS = 24
"""The same for pages that have many cards and few decisions; an option counts as a card."""


def pathway_to_dot(
    graph: PathwayGraph,
    guideline: Guideline,
    *,
    graphs: Mapping[str, PathwayGraph],
    expand: bool = True,
    overlay: Overlay | None = None,
    theme: Theme = "light",
    arrangement: Arrangement | None = None,
) -> Drawing:
    """The flowchart of one pathway.

    `graphs` are all pathways of the guideline. `expand` draws followed pathways as frames on the page
    as long as it keeps few enough decisions; each pathway is drawn once. Without an `arrangement`
    the page runs from top to bottom or from left to right, whichever is narrow enough to read.
    """
    page = _plan(graph, graphs, expand)
    with speaking(guideline.header.language):
        return _draw(page, guideline, graphs, overlay, theme, arrangement)


def _draw(
    page: _Page,
    guideline: Guideline,
    graphs: Mapping[str, PathwayGraph],
    overlay: Overlay | None,
    theme: Theme,
    arrangement: Arrangement | None,
) -> Drawing:
    graph = page.graph
    look = Look(guideline, palette(theme), words(guideline.header.language), overlay)

    @cache
    def write(chosen: Arrangement) -> _Writer:
        writer = _Writer(chosen.look(look), chosen, graphs)
        writer.page(page)
        return writer

    if arrangement is None:
        frames = sum(1 for _ in _pages(page)) - 1
        arrangement = best_arrangement(lambda chosen: estimate(write(chosen).boxes, chosen, frames))
    written = write(arrangement)
    return Drawing(
        graph.name,
        written.dot.text(),
        clean(f"{look.words['flowchart']}: {graph.pathway.label}"),
        "\n".join(outline(each.graph, look) for each in _pages(page)),
        dict(written.aria),
        dict(written.classes),
        tuple(written.order),
        guideline.header.language,
        theme,
    )


@dataclass
class _Page:
    """A pathway, and the followed ones that are drawn within it, by node."""

    graph: PathwayGraph
    within: dict[str, _Page] = field(default_factory=dict)


def _plan(graph: PathwayGraph, graphs: Mapping[str, PathwayGraph], expand: bool) -> _Page:
    """Which followed pathways find room: nearest first, each once."""
    page = _Page(graph)
    on_page = {graph.name}
    decisions, nodes = _size(graph)
    waiting = [page] if expand else []
    while waiting:
        current = waiting.pop(0)
        for name in current.graph.order:
            record = current.graph.record(name)
            if not isinstance(record, Follow) or record.pathway in on_page:
                continue
            followed = graphs.get(record.pathway)
            if followed is None or followed.pathway.start is None:
                continue
            more_decisions, more_nodes = _size(followed)
            if decisions + more_decisions > MAX_DECISIONS or nodes + more_nodes > MAX_CARDS:
                continue
            decisions += more_decisions
            nodes += more_nodes
            on_page.add(record.pathway)
            current.within[name] = _Page(followed)
            waiting.append(current.within[name])
    return page


def _size(graph: PathwayGraph) -> tuple[int, int]:
    records = [graph.record(name) for name in graph.order]
    options = sum(len(each.options) for each in records if isinstance(each, Choose))
    return sum(isinstance(each, Decision) for each in records), len(records) + options


def _pages(page: _Page) -> Iterator[_Page]:
    yield page
    for inner in page.within.values():
        yield from _pages(inner)


def _returns(graph: PathwayGraph) -> frozenset[tuple[str, str, str]]:
    """The arrows that lead back to a node on the way to them, as source, branch and target."""
    found: set[tuple[str, str, str]] = set()
    done: set[str] = set()
    path: dict[str, None] = {START: None}
    stack: list[tuple[str, Iterator[Edge]]] = [(START, iter(graph.outgoing[START]))]
    while stack:
        node, edges = stack[-1]
        edge = next(edges, None)
        if edge is None:
            stack.pop()
            path.pop(node)
            done.add(node)
        elif edge.target in path:
            found.add((edge.source, edge.branch, edge.target))
        elif edge.target not in done:
            path[edge.target] = None
            stack.append((edge.target, iter(graph.outgoing[edge.target])))
    return frozenset(found)


class _Writer:
    """Writes one page. Nodes first, in reading order, frames around them; then all arrows."""

    def __init__(
        self, look: Look, arrangement: Arrangement, graphs: Mapping[str, PathwayGraph]
    ) -> None:
        self.look = look
        self.arrangement = arrangement
        self.graphs = graphs
        self.dot = Dot()
        self.aria: dict[str, str] = {}
        self.classes: dict[str, str] = {}
        self.order: list[str] = []
        self.boxes: dict[str, tuple[float, float, list[str]]] = {}
        self.head, self.tail = ("w", "e") if look.sideways else ("n", "s")

    def page(self, page: _Page) -> None:
        colours = self.look.colours
        arrangement = self.arrangement
        self.dot.open(f"digraph {quoted(page.graph.name)}")
        self.dot.defaults(
            "graph",
            {
                "rankdir": arrangement.rankdir,
                "nodesep": arrangement.nodesep,
                "ranksep": arrangement.ranksep,
                "splines": "spline",
                "compound": "true",
                "pad": 0.2,
                "bgcolor": colours["page"],
                "fontname": "Arial",
                "fontsize": 13,
                "fontcolor": colours["secondary"],
            },
        )
        self.dot.defaults(
            "node",
            {"fontname": "Arial", "fontsize": 12, "fontcolor": colours["text"], "shape": "plain"},
        )
        self.dot.defaults("edge", {"color": colours["edge"], "penwidth": 1.3, "arrowsize": 0.7})
        self._nodes(page, within=False)
        self._edges(page)
        self.dot.close()

    # --- nodes ---

    def _nodes(self, page: _Page, *, within: bool) -> None:
        graph, look = page.graph, self.look
        back = _returns(graph)
        standing = {
            f"{graph.name}.{name}": record
            for name in graph.order
            if isinstance(record := graph.record(name), Standing)
        }
        if standing or not within or graph.pathway.applies is not None:
            card = cards.start_card(graph.pathway, graph.name, look, standing, within=within)
            kind = "entry" if within else "start"
            self._node(graph.name, kind, card, self._start_text(graph), tooltip=graph.pathway.label)
            for id, record in standing.items():
                self.aria[id] = node_text(record, id, look)
        for name in graph.order:
            record = graph.record(name)
            if record is None or isinstance(record, Standing):
                continue
            id = f"{graph.name}.{name}"
            if name in page.within:
                assert isinstance(record, Follow)
                self._frame(record, id, page.within[name])
            else:
                self._record(record, id, graph)
            for edge in graph.outgoing[name]:
                if (edge.source, edge.branch, edge.target) in back:
                    self._return_sign(edge, graph)

    def _start_text(self, graph: PathwayGraph) -> str:
        text = f"{self.look.words['start']}: {graph.pathway.label}."
        if graph.pathway.applies is not None:
            said = describe_condition(graph.pathway.applies, self.look.guideline)
            text += f" {self.look.words['applies']}: {said}."
        return clean(text)

    def _record(self, record: Node, id: str, graph: PathwayGraph) -> None:
        look = self.look
        text = node_text(record, id, look)
        match record:
            case Decision():
                card = cards.decision_card(
                    record, id, look, exhaustive=record.name in graph.exhaustive
                )
                self._node(id, "decision", card, text)
                self.aria.update(answer_texts(record, id, graph, look))
            case Review():
                self._node(id, "review", cards.review_card(record, id, look), text)
                self.aria.update(answer_texts(record, id, graph, look))
            case Recommend():
                kind = f"recommend {record.stance.replace(' ', '-')}"
                self._node(id, kind, cards.recommendation_card(record, id, look), text)
            case Standing():
                pass  # part of the entry card
            case Choose():
                kind = "choose ranked" if not record.any_of else "choose"
                self._node(id, kind, cards.choose_card(record, id, look), text)
                for option in record.options:
                    option_id = f"{id}.{option.name}"
                    self.aria[option_id] = option_text(option, option_id, look)
            case Together():
                self._node(id, "together", cards.together_card(record, id, look), text)
            case Follow():
                self._link(record, id, text)
            case End():
                self._node(id, "end", cards.end_card(record, id, look), text)
            case Outside():
                self._node(id, "outside", cards.outside_card(record, id, look), text)
            case _:
                assert_never(record)

    def _node(
        self,
        id: str,
        kind: str,
        card: Card,
        text: str,
        *,
        tooltip: str = "",
        href: str = "",
        attrs: Mapping[str, str | int | float | Markup | None] | None = None,
    ) -> None:
        self.dot.node(
            id,
            {
                "id": id,
                "class": self._class(kind, id),
                "tooltip": shorten(tooltip or text),
                "href": href or f"#{id}",
                **(attrs or {}),
                "label": card.label,
            },
        )
        self.aria[id] = text
        self.classes.update(card.cells)
        self.order.append(id)
        self.boxes[id] = (card.width, card.height, [])

    def _link(self, record: Follow, id: str, text: str) -> None:
        card = cards.link_card(
            node_label(record, self.look), cards.follow_details(record, self.look), id, self.look
        )
        activation = self.look.activation(id)
        attrs: dict[str, str | int | float | Markup | None] = {
            "shape": "oval",
            "margin": "0.06,0.04",
            "style": "filled,dashed" if activation == "unknown" else "filled",
            "fillcolor": self.look.colours["card"],
            "color": self._line(activation, "decision_border"),
            "penwidth": 2.4 if activation in ("true", "unknown") else 1.2,
        }
        self._node(id, "follow link", card, text, href=f"#{record.pathway}", attrs=attrs)

    def _frame(self, record: Follow, id: str, inner: _Page) -> None:
        look, pathway = self.look, inner.graph.pathway
        activation = look.activation(id)
        text = node_text(record, id, look)
        # Arrows come in at the middle of the upper edge; a narrow title stays out of their way.
        title = wrap(node_label(record, look), 120, 13, bold=True)
        label = [font(br_lines(title), colour=look.colours["secondary"], size=13, bold=True)]
        for detail in cards.follow_details(record, look):
            lines = wrap(detail, 130, 10, lines=6)
            label.append(font(br_lines(lines), colour=look.colours["secondary"], size=10))
        self.dot.open(f"subgraph {quoted(f'cluster_{id}')}")
        self.dot.defaults(
            "graph",
            {
                "id": id,
                "class": self._class("follow frame", id),
                "href": f"#{pathway.name}",
                "tooltip": shorten(text),
                "label": Markup("".join(label)),
                "labeljust": "l",
                "margin": 18,
                "style": "rounded,filled,dashed" if activation == "unknown" else "rounded,filled",
                "fillcolor": look.colours["cluster"],
                "color": self._line(activation, "cluster_border"),
                "penwidth": 2 if activation in ("true", "unknown") else 1,
            },
        )
        self.aria[id] = text
        self._nodes(inner, within=True)
        # Within the frame, or Graphviz may lead an arrow around outside of it.
        self._edges(inner)
        self.dot.close()

    # --- arrows ---

    def _edges(self, page: _Page) -> None:
        graph = page.graph
        back = _returns(graph)
        alone = {
            target
            for target, found in graph.incoming.items()
            if len(found) == 1 and not graph.outgoing[target] and graph.kind(target) != "follow"
        }
        for source in (START, *(name for name in graph.order if name != START)):
            leaves = 0
            for edge in graph.outgoing[source]:
                if isinstance(graph.record(edge.target), Standing):
                    continue
                if source == START and not self._has_entry(page):
                    continue
                if (edge.source, edge.branch, edge.target) in back:
                    self._edge(edge, page, f"{quoted(self._sign_id(edge, graph))}:{self.head}")
                    continue
                shift = 0
                if edge.target in alone:
                    shift = leaves // self.arrangement.leaves_in_a_row
                    leaves += 1
                self._edge(edge, page, self._head(edge.target, page), shift)

    def _has_entry(self, page: _Page) -> bool:
        return page.graph.name in self.boxes

    def _edge(self, edge: Edge, page: _Page, head: str, shift: int = 0) -> None:
        graph = page.graph
        tail, frame = self._tail(edge, page)
        id = self._edge_id(edge, graph)
        self.dot.edge(
            tail,
            head,
            {
                "id": id,
                **self._edge_look(edge, graph),
                "ltail": f"cluster_{frame}" if frame else None,
                "minlen": 1 + shift if shift else None,
            },
        )
        self.aria[id] = edge_text(edge, graph, self.look)
        self._box_link(tail, head)

    def _return_sign(self, edge: Edge, graph: PathwayGraph) -> None:
        """A small sign `Back to …`, in place of a long arrow across the page."""
        look = self.look
        sign = self._sign_id(edge, graph)
        record = graph.record(edge.target)
        label = node_label(record, look) if record is not None else edge.target
        self._node(
            sign,
            "back",
            cards.return_card(label, sign, look),
            clean(f"{look.words['back']}: {label}"),
            href=f"#{graph.name}.{edge.target}",
            attrs={
                "shape": "oval",
                "margin": "0.04,0.03",
                "style": "filled",
                "fillcolor": look.colours["page"],
                "color": look.colours["faded"],
                "penwidth": 1,
            },
        )

    def _sign_id(self, edge: Edge, graph: PathwayGraph) -> str:
        return f"{self._edge_id(edge, graph)}.back"

    def _edge_id(self, edge: Edge, graph: PathwayGraph) -> str:
        source = graph.name if edge.source == START else f"{graph.name}.{edge.source}"
        branch = f".{edge.branch}" if edge.branch else ""
        return f"{source}{branch}--{edge.target}"

    def _edge_look(
        self, edge: Edge, graph: PathwayGraph
    ) -> dict[str, str | int | float | Markup | None]:
        overlay, colours = self.look.overlay, self.look.colours
        later = edge.kind == "later"
        kind = f"arrow {edge.kind}"
        source = graph.name if edge.source == START else f"{graph.name}.{edge.source}"
        if overlay is None:
            return {"class": kind, "style": "dashed" if later else None}
        taken = overlay.edge(source, edge.branch)
        match taken:
            case "true":
                return {
                    "class": f"{kind} path",
                    "style": "dashed" if later else None,
                    "color": colours["path"],
                    "penwidth": 3.2,
                }
            case "unknown":
                return {
                    "class": f"{kind} perhaps",
                    "style": "dashed",
                    "color": colours["path"],
                    "penwidth": 2.2,
                }
            case "false":
                return {
                    "class": f"{kind} off",
                    "style": "dashed" if later else None,
                    "color": colours["faded"],
                    "penwidth": 1,
                }

    def _tail(self, edge: Edge, page: _Page) -> tuple[str, str]:
        """Where an arrow leaves, and the frame that it leaves when that is a followed pathway."""
        graph = page.graph
        if edge.source == START:
            return f"{quoted(graph.name)}:{self.tail}", ""
        id = f"{graph.name}.{edge.source}"
        if edge.branch:
            return f"{quoted(id)}:{quoted(port(edge.branch))}:{self.tail}", ""
        if edge.source in page.within:
            return f"{quoted(self._last(page.within[edge.source]))}:{self.tail}", id
        return f"{quoted(id)}:{self.tail}", ""

    def _last(self, page: _Page) -> str:
        """The node at the bottom of a frame."""
        graph = page.graph
        final = [
            name
            for name in graph.order
            if name != START
            and not isinstance(graph.record(name), Standing)
            and all(edge.kind == "later" for edge in graph.outgoing[name])
        ]
        name = final[-1] if final else graph.order[-1]
        return self._last(page.within[name]) if name in page.within else f"{graph.name}.{name}"

    def _head(self, target: str, page: _Page) -> str:
        """Where an arrow arrives: a question cell, the top of a card, the first node of a frame."""
        graph = page.graph
        if target in page.within:
            inner = page.within[target]
            if self._has_entry(inner):
                return f"{quoted(inner.graph.name)}:{self.head}"
            start = inner.graph.pathway.start
            assert start is not None
            return self._head(start.name, inner)
        id = quoted(f"{graph.name}.{target}")
        if graph.kind(target) in ("decision", "review"):
            return f"{id}:q:{self.head}"
        return f"{id}:{self.head}"

    # --- small things ---

    def _class(self, kind: str, id: str) -> str:
        match self.look.activation(id):
            case "true":
                return f"{kind} path"
            case "unknown":
                return f"{kind} perhaps"
            case "false":
                return f"{kind} off"
            case None:
                return kind

    def _line(self, activation: Activation | None, usual: str) -> str:
        match activation:
            case "true" | "unknown":
                return self.look.colours["path"]
            case "false" if usual != "cluster_border":
                return self.look.colours["faded"]
            case _:
                return self.look.colours[usual]

    def _box_link(self, tail: str, head: str) -> None:
        source, target = tail.split('"')[1], head.split('"')[1]
        if source in self.boxes and target in self.boxes:
            self.boxes[source][2].append(target)
