"""From a pathway to its graph."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush

from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.graph.pathway_graph import START, Edge, PathwayGraph
from pathway_compiler.language import speaking
from pathway_compiler.model.describe import describe_condition
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Branch, Decision, Follow, Node, Pathway, Review, Standing
from pathway_compiler.semantics.checks import too_deep
from pathway_compiler.syntax.parser import MAXIMAL_NESTING

__all__ = ["build_graph", "build_graphs", "check_graphs", "is_exhaustive_by_form", "reached_from"]


def build_graphs(
    guideline: Guideline, exhaustive: Mapping[str, frozenset[str]] | None = None
) -> dict[str, PathwayGraph]:
    """The graph of every pathway, by name.

    `exhaustive` names the plain decisions that are proved to be complete, by pathway; a decision with
    `otherwise` is complete by its form. Raises ValueError on a pathway that runs in a circle.
    """
    with speaking(guideline.header.language):  # an answer without a label is told by its condition
        return {
            name: build_graph(pathway, guideline, (exhaustive or {}).get(name, frozenset()))
            for name, pathway in guideline.pathways.items()
        }


def build_graph(
    pathway: Pathway, guideline: Guideline, exhaustive: frozenset[str] = frozenset()
) -> PathwayGraph:
    """The graph of one pathway; see `build_graphs`."""
    nodes = (START, *(node.name for node in pathway.nodes))
    edges = list(_edges(pathway, guideline))
    order = _topological_order(nodes, edges)
    if len(order) < len(nodes):
        raise ValueError(f"pathway {pathway.name} runs in a circle")
    complete = exhaustive | {
        n.name for n in pathway.nodes if isinstance(n, Decision) and is_exhaustive_by_form(n)
    }
    incoming: dict[str, list[Edge]] = {node: [] for node in nodes}
    outgoing: dict[str, list[Edge]] = {node: [] for node in nodes}
    for edge in edges:
        incoming[edge.target].append(edge)
        outgoing[edge.source].append(edge)
    return PathwayGraph(
        pathway,
        nodes,
        order,
        _joins(order, incoming, outgoing, complete, pathway),
        frozenset(complete),
        {node: tuple(found) for node, found in incoming.items()},
        {node: tuple(found) for node, found in outgoing.items()},
    )


def is_exhaustive_by_form(decision: Decision) -> bool:
    """Whether some branch holds by the form of the decision: it has an `otherwise`."""
    return any(branch.condition is None for branch in decision.branches)


def _edges(pathway: Pathway, guideline: Guideline) -> Iterable[Edge]:
    start = pathway.start
    if start is not None:
        yield Edge(START, start.name, "start")
    for node in pathway.nodes:
        match node:
            case Standing():
                yield Edge(START, node.name, "start")
            case Decision():
                for branch in node.branches:
                    for target in branch.targets:
                        label = _label(branch, guideline)
                        yield Edge(
                            node.name, target, "branch", branch.name, label, branch.condition
                        )
            case Review():
                for branch in node.branches:
                    for target in branch.targets:
                        label = _label(branch, guideline)
                        yield Edge(node.name, target, "later", branch.name, label, branch.condition)
            case _:
                for target in node.targets:
                    yield Edge(node.name, target, "next")


def _label(branch: Branch, guideline: Guideline) -> str:
    if branch.label or branch.condition is None:
        return branch.label
    return describe_condition(branch.condition, guideline)


def _joins(
    order: tuple[str, ...],
    incoming: Mapping[str, list[Edge]],
    outgoing: Mapping[str, list[Edge]],
    complete: Iterable[str],
    pathway: Pathway,
) -> dict[str, tuple[str, ...]]:
    """For each node where routes meet: the complete decisions all of whose branches lead to it.

    A branch leads to a node when one of its ways does, since all ways of a branch are taken at once;
    a decision leads to it when each of its branches does (post-dominance, with several at once).
    """
    complete = set(complete)
    branches = {n.name: n.branches for n in pathway.nodes if isinstance(n, Decision)}
    joins: dict[str, tuple[str, ...]] = {}
    for place, node in enumerate(order):
        if sum(edge.kind != "later" for edge in incoming[node]) < 2:
            continue
        leads = {node}
        found: list[str] = []
        for earlier in reversed(order[:place]):
            if earlier in branches:
                if earlier in complete and all(
                    any(target in leads for target in branch.targets)
                    for branch in branches[earlier]
                ):
                    leads.add(earlier)
                    found.append(earlier)
            elif any(edge.target in leads for edge in outgoing[earlier] if edge.kind != "later"):
                leads.add(earlier)
        if found:
            joins[node] = tuple(reversed(found))
    return joins


def check_graphs(guideline: Guideline) -> list[Diagnostic]:
    """What only shows in the graph: circles, nodes that no route reaches, pathways within themselves."""
    problems: list[Diagnostic] = []
    for pathway in guideline.pathways.values():
        problems.extend(_circles(pathway, guideline))
        problems.extend(_unreachable(pathway, guideline))
    problems.extend(_recursion(guideline))
    return problems


def _topological_order(nodes: Sequence[str], edges: Iterable[Edge]) -> tuple[str, ...]:
    """The nodes with each before those it leads to now, otherwise in the order of the text.

    Nodes on a circle, and what follows them, are left out.
    """
    position = {node: index for index, node in enumerate(nodes)}
    waiting = dict.fromkeys(nodes, 0)
    following: dict[str, list[str]] = {node: [] for node in nodes}
    for edge in edges:
        if edge.kind != "later":
            waiting[edge.target] += 1
            following[edge.source].append(edge.target)
    ready = [position[node] for node in nodes if waiting[node] == 0]
    order: list[str] = []
    while ready:
        node = nodes[heappop(ready)]
        order.append(node)
        for target in following[node]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heappush(ready, position[target])
    return tuple(order)


def reached_from(start: str, edges: Iterable[Edge]) -> set[str]:
    """The nodes that a node leads to by these edges, itself included."""
    following: dict[str, list[str]] = {}
    for edge in edges:
        following.setdefault(edge.source, []).append(edge.target)
    reached = {start}
    waiting = [start]
    while waiting:
        for target in following.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _circular_groups(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Groups of names that lead to each other."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph(pairs)
    return [
        set(group)
        for group in nx.strongly_connected_components(graph)
        if len(group) > 1 or any(graph.has_edge(name, name) for name in group)
    ]


def _circles(pathway: Pathway, guideline: Guideline) -> list[Diagnostic]:
    edges = list(_edges(pathway, guideline))
    nodes = (START, *(node.name for node in pathway.nodes))
    if len(_topological_order(nodes, edges)) == len(nodes):
        return []
    problems = []
    for group in _circular_groups((e.source, e.target) for e in edges if e.kind != "later"):
        inside = [n for n in pathway.nodes if n.name in group]
        problems.append(
            Diagnostic(
                "cycle",
                "these nodes lead back to each other: " + ", ".join(f"`{n.name}`" for n in inside),
                inside[0].span,
                tuple(Label(n.span, "part of the circle") for n in inside[1:]),
                help="put a `review` between them: a patient comes back at a later visit",
            )
        )
    return problems


def _unreachable(pathway: Pathway, guideline: Guideline) -> list[Diagnostic]:
    reached = reached_from(START, _edges(pathway, guideline))
    return [
        Diagnostic(
            "unreachable-node",
            f"no route leads to `{node.name}`",
            node.span,
            help=f"lead to it with `-> {node.name}`, or remove it",
        )
        for node in pathway.nodes
        if node.name not in reached
    ]


def _recursion(guideline: Guideline) -> list[Diagnostic]:
    """Pathways that follow each other in a circle within one visit."""
    follows: dict[str, list[Follow]] = {}
    for pathway in guideline.pathways.values():
        now = (edge for edge in _edges(pathway, guideline) if edge.kind != "later")
        reached = reached_from(START, now)
        follows[pathway.name] = [
            n for n in pathway.nodes if isinstance(n, Follow) and n.name in reached
        ]
    if not any(follows.values()):
        return []
    names = tuple(follows)
    edges = [Edge(name, node.pathway, "next") for name, nodes in follows.items() for node in nodes]
    if len(_topological_order(names, edges)) == len(names):
        within = {name: [node.pathway for node in nodes] for name, nodes in follows.items()}
        return [
            Diagnostic(
                "nesting-too-deep",
                f"more than {MAXIMAL_NESTING} pathways follow each other within one visit",
                follows[name][0].span,
                help="put a `review` before one of them",
            )
            for name in too_deep(within, MAXIMAL_NESTING)
        ]
    problems = []
    for group in _circular_groups((e.source, e.target) for e in edges):
        inside: list[Node] = [
            node
            for name in follows
            if name in group
            for node in follows[name]
            if node.pathway in group
        ]
        problems.append(
            Diagnostic(
                "recursive-follow",
                "these pathways follow each other within one visit: "
                + ", ".join(f"`{n}`" for n in names if n in group),
                inside[0].span,
                tuple(Label(n.span, "and here") for n in inside[1:]),
                help="put a `review` before one of them",
            )
        )
    return problems
