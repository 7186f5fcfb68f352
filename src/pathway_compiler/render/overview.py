"""A guideline on one page: its pathways, which follows which, and what they recommend how strongly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import networkx as nx

from pathway_compiler.graph.pathway_graph import START, PathwayGraph
from pathway_compiler.language import ngettext, speaking
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Follow, Recommend, Standing
from pathway_compiler.render.cards import grades_of
from pathway_compiler.render.dot import Dot, Markup, br_lines, font, quoted, tag
from pathway_compiler.render.drawing import Drawing
from pathway_compiler.render.palette import Palette, Theme, badge, palette
from pathway_compiler.render.words import words
from pathway_compiler.render.wrap import clean, measure, shorten, wrap

__all__ = ["counts", "follows", "overview_to_dot", "reading_order"]

WIDTH = 210


def overview_to_dot(
    guideline: Guideline, graphs: Mapping[str, PathwayGraph], *, theme: Theme = "light"
) -> Drawing:
    """The overview: one card for each pathway, an arrow where one follows another.

    An arrow is dashed when the other pathway is reached at a later visit only. The pathway that a run
    starts with is dark.
    """
    with speaking(guideline.header.language):
        return _overview(guideline, graphs, theme)


def _overview(guideline: Guideline, graphs: Mapping[str, PathwayGraph], theme: Theme) -> Drawing:
    colours, say = palette(theme), words(guideline.header.language)
    arrows = {name: follows(graph) for name, graph in graphs.items()}
    order = reading_order(guideline, graphs)
    dot = Dot()
    dot.open(f"digraph {quoted(guideline.name)}")
    dot.defaults(
        "graph",
        {
            "rankdir": "LR" if _is_wide(order, arrows) else "TB",
            "nodesep": 0.3, "ranksep": 0.5, "splines": "spline", "pad": 0.2,
            "bgcolor": colours["page"], "fontname": "Arial",
        },
    )  # fmt: skip
    dot.defaults("node", {"fontname": "Arial", "fontsize": 12, "shape": "plain"})
    dot.defaults("edge", {"color": colours["edge"], "penwidth": 1.3, "arrowsize": 0.7})
    aria: dict[str, str] = {}
    for name in order:
        graph = graphs[name]
        is_entry = name == guideline.entry
        text = _text(graph, guideline, say, is_entry)
        dot.node(
            name,
            {
                "id": name,
                "class": "pathway entry" if is_entry else "pathway",
                "tooltip": shorten(text),
                "href": f"#{name}",
                "label": _card(graph, guideline, colours, say, is_entry),
            },
        )
        aria[name] = text
    place = {name: number for number, name in enumerate(order)}
    for name in order:
        for target, later in arrows[name].items():
            if target not in graphs:
                continue
            id = f"{name}--{target}"
            back = place[target] <= place[name]
            dot.edge(
                quoted(name),
                quoted(target),
                {
                    "id": id,
                    "class": "arrow later" if later else "arrow",
                    "style": "dashed" if later else None,
                    "constraint": "false" if back else None,
                },
            )
            aria[id] = clean(
                f"{graphs[name].pathway.label} {say['leads to']} {graphs[target].pathway.label}"
                + (f" ({say['later']})" if later else "")
            )
    dot.close()
    return Drawing(
        guideline.name,
        dot.text(),
        clean(f"{say['overview']}: {guideline.title}"),
        "\n".join(aria[name] for name in order),
        aria,
        {},
        tuple(order),
        guideline.header.language,
        theme,
    )


def follows(graph: PathwayGraph) -> dict[str, bool]:
    """The pathways that this one follows, and whether only at a later visit."""
    now: set[str] = {START}
    for node in graph.order:
        if any(edge.source in now and edge.kind != "later" for edge in graph.incoming[node]):
            now.add(node)
    found: dict[str, bool] = {}
    for node in graph.order:
        record = graph.record(node)
        if isinstance(record, Follow):
            found[record.pathway] = found.get(record.pathway, True) and node not in now
    return found


def counts(graph: PathwayGraph, guideline: Guideline) -> tuple[int, int, Counter[str]]:
    """How many decisions and recommendations a pathway has, and how often each grade.

    An option of a choice is a recommendation; a grade printed for a whole choice counts once.
    """
    decisions = recommendations = 0
    grades: Counter[str] = Counter()

    def count(statements: tuple[str, ...]) -> None:
        for _, grade in grades_of(statements, guideline):
            if grade is not None:
                grades[grade] += 1

    for node in graph.order:
        record = graph.record(node)
        if graph.kind(node) == "decision":
            decisions += 1
        if isinstance(record, Recommend | Standing):
            recommendations += 1
            count(record.statements)
        elif isinstance(record, Choose):
            recommendations += len(record.options)
            count(record.statements)
            for option in record.options:
                count(option.statements)
    return decisions, recommendations, grades


def reading_order(guideline: Guideline, graphs: Mapping[str, PathwayGraph]) -> list[str]:
    """From the entry along the arrows, breadth first; then what no arrow leads to."""
    arrows = {name: follows(graph) for name, graph in graphs.items()}
    first = [guideline.entry] if guideline.entry in graphs else []
    order: dict[str, None] = {}
    waiting = [name for name in [*first, *graphs] if name is not None]
    for start in waiting:
        queue = [start]
        while queue:
            name = queue.pop(0)
            if name in order:
                continue
            order[name] = None
            queue += [target for target in arrows[name] if target in graphs]
    return list(order)


def _is_wide(order: list[str], arrows: Mapping[str, Mapping[str, bool]]) -> bool:
    """Whether some level has more than four pathways side by side."""
    if not order:
        return False
    place = {name: number for number, name in enumerate(order)}
    graph = nx.DiGraph()
    graph.add_nodes_from(order)
    graph.add_edges_from(
        (name, target)
        for name in order
        for target in arrows[name]
        if place.get(target, -1) > place[name]
    )
    return max(len(level) for level in nx.topological_generations(graph)) > 4


def _text(graph: PathwayGraph, guideline: Guideline, say: Mapping[str, str], is_entry: bool) -> str:
    decisions, recommendations, grades = counts(graph, guideline)
    parts = [graph.pathway.label]
    if is_entry:
        parts.append(say["entry"])
    if graph.pathway.applies is not None:
        parts.append(f"{say['applies']} {describe_condition(graph.pathway.applies, guideline)}")
    parts.append(_count_words(decisions, recommendations))
    parts += [f"{say['grade']} {grade}: {grades[grade]}" for grade in sorted(grades)]
    return clean(". ".join(parts) + ".")


def _count_words(decisions: int, recommendations: int) -> str:
    parts = []
    if decisions:
        parts.append(ngettext("%(number)s decision", "%(number)s decisions", decisions))
    if recommendations or not decisions:
        parts.append(
            ngettext("%(number)s recommendation", "%(number)s recommendations", recommendations)
        )
    return " · ".join(parts)


def _card(
    graph: PathwayGraph,
    guideline: Guideline,
    colours: Palette,
    say: Mapping[str, str],
    is_entry: bool,
) -> Markup:
    decisions, recommendations, grades = counts(graph, guideline)
    strong = colours["start_text" if is_entry else "text"]
    quiet = colours["start_text" if is_entry else "secondary"]
    rows = []
    if is_entry:
        rows.append(_row(font(br_lines([say["entry"]]), colour=quiet, size=10, bold=True)))
    title = wrap(graph.pathway.label or graph.name, WIDTH, 12, bold=True, characters=32, lines=5)
    rows.append(_row(font(br_lines(title), colour=strong, size=12, bold=True)))
    if graph.pathway.applies is not None:
        said = f"{say['applies']}: {describe_condition(graph.pathway.applies, guideline)}"
        lines = wrap(said, WIDTH, 10, lines=4, characters=48)
        rows.append(_row(font(br_lines(lines), colour=quiet, size=10)))
    counted = _count_words(decisions, recommendations)
    rows.append(_row(font(br_lines([counted]), colour=quiet, size=10)))
    if grades:
        rows.append(_row(_grades(grades, colours, say, quiet)))
    return tag(
        "TABLE",
        *rows,
        BORDER=2 if is_entry else 1,
        COLOR=colours["start_border" if is_entry else "card_border"],
        BGCOLOR=colours["start" if is_entry else "card"],
        STYLE="rounded",
        CELLBORDER=0,
        CELLSPACING=3,
        CELLPADDING=2,
    )


def _row(content: str) -> Markup:
    cell = tag("TD", content, ALIGN="LEFT", BALIGN="LEFT", WIDTH=WIDTH)
    return tag("TR", cell)


def _grades(
    grades: Mapping[str, int], colours: Palette, say: Mapping[str, str], quiet: str
) -> Markup:
    cells = []
    for grade in sorted(grades):
        look = badge(grade, colours)
        text = f"{say['grade']} {grade}"
        cells.append(
            tag(
                "TD",
                font(text, colour=look.text, size=10, bold=True),
                BGCOLOR=look.fill,
                BORDER=1,
                COLOR=look.border,
                FIXEDSIZE="TRUE",
                CELLPADDING=0,
                STYLE="dashed" if look.dashed else None,
                WIDTH=round(max(34, measure(text, 10, bold=True) + 10)),
                HEIGHT=16,
            )
        )
        text = font(f"× {grades[grade]}", colour=quiet, size=10)
        cells.append(tag("TD", text, ALIGN="LEFT", WIDTH=24))
    # A last, empty column takes the rest, so that the badges stay together.
    cells.append(tag("TD", WIDTH=max(1, WIDTH - 62 * len(grades))))
    return tag("TABLE", tag("TR", *cells), BORDER=0, CELLBORDER=0, CELLSPACING=0, CELLPADDING=2)
