"""The page of a pathway: every node with what is known about it, and the logic as a list and as tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from pathway_compiler.graph.pathway_graph import START, PathwayGraph
from pathway_compiler.model.action import Regimen, courses
from pathway_compiler.model.describe import (
    describe_number,
    describe_regimen,
    describe_value,
    fact_label,
)
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Caution,
    Choose,
    Course,
    Decision,
    Eligibility,
    End,
    Follow,
    Interval,
    Node,
    Option,
    Outside,
    Pathway,
    Recommend,
    Review,
    Standing,
    Together,
)
from pathway_compiler.model.types import describe_type
from pathway_compiler.render.cards import answer_label, choice_kind
from pathway_compiler.render.missing import unknown_matters
from pathway_compiler.semantics.checks import conditions_of, references
from pathway_compiler.site.links import Link, node_link, option_link, pathway_link
from pathway_compiler.site.pages.common import (
    Accepted,
    Badge,
    Code,
    Condition,
    Site,
    StatementView,
    accepted,
    action_links,
    badges,
    codes,
    condition,
    fact_link,
    statement_views,
)

__all__ = [
    "ActionLine",
    "Answer",
    "CautionView",
    "CourseView",
    "Every",
    "NodeView",
    "OptionView",
    "OutlineItem",
    "OutlineAnswer",
    "ParameterView",
    "PathwayPage",
    "Requirement",
    "Way",
    "followers",
    "node_title",
    "pathway_view",
]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition of eligibility; `word` is `when`, `unless` or `only_if`."""

    word: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What is given, done, ordered or offered, in words, with the single actions."""

    verb: str
    text: str
    inseparable: bool
    actions: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CautionView:
    text: str
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class CourseView:
    """Everything that a course of action says."""

    requirements: tuple[Requirement, ...]
    actions: tuple[ActionLine, ...]
    avoids: tuple[Link, ...]
    cautions: tuple[CautionView, ...]
    overrides: tuple[Link, ...]
    moment: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a decision or of a review; `condition` is None for what is left over."""

    anchor: str
    label: str
    condition: Condition | None
    targets: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option of a choice."""

    anchor: str
    label: str
    rank: str
    course: CourseView
    badges: tuple[Badge, ...]
    statements: tuple[StatementView, ...]
    codes: tuple[Code, ...]
    issues: tuple[str, ...]
    note: str
    accepted: tuple[Accepted, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way into a node: from where, and by which answer."""

    source: Link
    answer: str
    later: bool


@dataclass(frozen=True, slots=True)
class Every:
    """How often: `high` with its unit, and `low` when it is another; `cycles` of treatment."""

    low: str
    high: str
    cycles: bool


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node with all that the side panel tells. `kind` is a word of the language, `stance` too."""

    anchor: str
    kind: str
    stance: str
    label: str
    place: str
    hint: str
    answers: tuple[Answer, ...] = ()
    unknown_matters: bool = False
    uncovered: bool = False
    options: tuple[OptionView, ...] = ()
    course: CourseView | None = None
    follows: Link | None = None
    arguments: tuple[str, ...] = ()
    adding: str = ""
    every: Every | None = None
    badges: tuple[Badge, ...] = ()
    statements: tuple[StatementView, ...] = ()
    codes: tuple[Code, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Accepted, ...] = ()
    ways: tuple[Way, ...] = ()
    targets: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineAnswer:
    """An answer in the list, and what is under it."""

    label: str
    condition: str
    items: tuple["OutlineItem", ...]


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """A node in the list; `again` when it was met before and is only pointed to."""

    kind: str
    stance: str
    link: Link
    badges: tuple[Badge, ...] = ()
    answers: tuple[OutlineAnswer, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class ParameterView:
    """What a pathway is told by the one that follows it."""

    name: str
    label: str
    type: str
    default: str


@dataclass(frozen=True, slots=True)
class PathwayPage:
    """A pathway with its nodes in reading order."""

    name: str
    label: str
    is_entry: bool
    applies: Condition | None
    parameters: tuple[ParameterView, ...]
    nodes: tuple[NodeView, ...]
    outline: tuple[OutlineItem, ...]
    followed_by: tuple[Link, ...]
    statements: tuple[StatementView, ...]
    issues: tuple[str, ...]
    note: str
    accepted: tuple[Accepted, ...]
    place: str


def pathway_view(graph: PathwayGraph, site: Site, followed_by: tuple[Link, ...]) -> PathwayPage:
    """The page of one pathway; `followed_by` are the nodes of others that lead to it."""
    guideline, pathway = site.guideline, graph.pathway
    return PathwayPage(
        pathway.name,
        pathway.label or pathway.name,
        pathway.name == guideline.entry,
        condition(pathway.applies, guideline) if pathway.applies is not None else None,
        tuple(
            ParameterView(
                p.name,
                fact_label(guideline, p.name),
                describe_type(p.type),
                "" if p.default is None else describe_value(p.default, p.type, guideline),
            )
            for p in pathway.parameters
        ),
        tuple(
            _node(record, graph, site)
            for name in graph.order
            if (record := graph.record(name)) is not None
        ),
        _outline(graph, guideline),
        followed_by,
        statement_views(pathway.statements, guideline),
        pathway.issues,
        pathway.note,
        accepted(pathway.accepted),
        site.place(pathway.span),
    )


def followers(guideline: Guideline) -> dict[str, tuple[Link, ...]]:
    """For each pathway the nodes that lead to it, in the order of the text."""
    found: dict[str, dict[Link, None]] = {name: {} for name in guideline.pathways}
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            if isinstance(node, Follow) and node.pathway in found:
                text = pathway.label or pathway.name
                found[node.pathway][node_link(pathway.name, node.name, text)] = None
    return {name: tuple(links) for name, links in found.items()}


def node_title(node: Node, guideline: Guideline) -> str:
    """The label of a node; a followed pathway without one of its own has the pathway's."""
    if isinstance(node, Follow) and not node.label:
        pathway = guideline.pathways.get(node.pathway)
        return pathway.label if pathway else node.pathway
    return node.label or node.name


# --- nodes --------------------------------------------------------------------------------------------


def _node(node: Node, graph: PathwayGraph, site: Site) -> NodeView:
    guideline, pathway = site.guideline, graph.pathway
    kind, stance, hint = type(node).__name__.lower(), "", ""
    answers: tuple[Answer, ...] = ()
    options: tuple[OptionView, ...] = ()
    course: CourseView | None = None
    follows: Link | None = None
    arguments: tuple[str, ...] = ()
    adding = ""
    every: Every | None = None
    read: list[Expression] = []
    regimens: list[Regimen] = []
    uncovered = unknown = False
    match node:
        case Decision():
            answers = _answers(node, graph, guideline)
            hint = "" if node.kind == "plain" else node.kind
            unknown = unknown_matters(node, guideline)
            uncovered = node.kind == "plain" and node.name not in graph.exhaustive
            read = [b.condition for b in node.branches if b.condition is not None]
        case Review():
            answers = _answers(node, graph, guideline)
            every = _interval(node.every) if node.every else None
            read = [b.condition for b in node.branches if b.condition is not None]
        case Recommend() | Standing():
            stance = node.stance
            course = _course(node.eligibility, node.course, guideline)
            read = list(_read_by(node.eligibility, node.course))
            regimens = [line.regimen for line in node.course.performs]
        case Choose():
            hint = choice_kind(node)
            course = _course(node.eligibility, node.course, guideline)
            options = tuple(_option(o, node, pathway, guideline) for o in node.options)
            read = list(_read_by(node.eligibility, node.course))
            regimens = [line.regimen for line in node.course.performs]
        case Follow():
            follows = pathway_link(node.pathway, _pathway_label(node.pathway, guideline))
            arguments = _arguments(node, guideline)
            adding = describe_regimen(node.adding, guideline) if node.adding else ""
            regimens = [node.adding] if node.adding else []
        case Together() | End() | Outside():
            pass
        case _:
            assert_never(node)
    return NodeView(
        node.name,
        kind,
        stance,
        node_title(node, guideline),
        site.place(node.span),
        hint,
        answers,
        unknown,
        uncovered,
        options,
        course,
        follows,
        arguments,
        adding,
        every,
        badges(node.statements, guideline),
        statement_views(node.statements, guideline),
        _codes(read, regimens, guideline),
        node.issues,
        node.note,
        accepted(node.accepted),
        _ways(node, graph, guideline),
        tuple(_target(name, graph, guideline) for name in node.targets),
    )


def _answers(
    node: Decision | Review, graph: PathwayGraph, guideline: Guideline
) -> tuple[Answer, ...]:
    return tuple(
        Answer(
            f"{node.name}.{branch.name}",
            answer_label(branch, guideline),
            condition(branch.condition, guideline) if branch.condition is not None else None,
            tuple(_target(name, graph, guideline) for name in branch.targets),
        )
        for branch in node.branches
    )


def _target(name: str, graph: PathwayGraph, guideline: Guideline) -> Link:
    record = graph.record(name)
    return node_link(graph.name, name, node_title(record, guideline) if record else name)


def _option(option: Option, node: Choose, pathway: Pathway, guideline: Guideline) -> OptionView:
    read = list(_read_by(option.eligibility, option.course))
    regimens = [line.regimen for line in option.course.performs]
    return OptionView(
        f"{node.name}.{option.name}",
        option.label,
        option.rank,
        _course(option.eligibility, option.course, guideline),
        badges(option.statements, guideline),
        statement_views(option.statements, guideline),
        _codes(read, regimens, guideline),
        option.issues,
        option.note,
        accepted(option.accepted),
    )


def _course(eligibility: Eligibility, course: Course, guideline: Guideline) -> CourseView:
    moment = guideline.moments.get(course.moment or "")
    return CourseView(
        tuple(
            Requirement(word, condition(each, guideline))
            for word, conditions in (
                ("when", eligibility.when),
                ("unless", eligibility.unless),
                ("only_if", eligibility.only_if),
            )
            for each in conditions
        ),
        tuple(
            ActionLine(
                line.verb,
                describe_regimen(line.regimen, guideline),
                line.inseparable,
                action_links((c.action for c in courses(line.regimen)), guideline),
            )
            for line in course.performs
        ),
        action_links(course.avoids, guideline),
        tuple(_caution(caution, guideline) for caution in course.cautions),
        tuple(_overridden(path, guideline) for path in course.overrides),
        moment.label if moment else "",
    )


def _caution(caution: Caution, guideline: Guideline) -> CautionView:
    if caution.condition is None:
        return CautionView(caution.text, None)
    return CautionView(caution.text, condition(caution.condition, guideline))


def _overridden(path: tuple[str, ...], guideline: Guideline) -> Link:
    """What is overridden: a pathway, its node, perhaps an option of that."""
    pathway = guideline.pathways.get(path[0])
    node = pathway.node(path[1]) if pathway and len(path) > 1 else None
    if node is None:
        return pathway_link(path[0], ".".join(path))
    if isinstance(node, Choose) and len(path) > 2:
        label = next((o.label for o in node.options if o.name == path[2]), path[2])
        return option_link(path[0], path[1], path[2], label)
    return node_link(path[0], path[1], node_title(node, guideline))


def _pathway_label(name: str, guideline: Guideline) -> str:
    pathway = guideline.pathways.get(name)
    return (pathway.label or name) if pathway else name


def _arguments(node: Follow, guideline: Guideline) -> tuple[str, ...]:
    pathway = guideline.pathways.get(node.pathway)
    types = {p.name: p.type for p in pathway.parameters} if pathway else {}
    return tuple(
        f"{fact_label(guideline, a.name)}: {describe_value(a.value, types.get(a.name), guideline)}"
        for a in node.arguments
    )


def _interval(interval: Interval) -> Every:
    return Every(
        "" if interval.low == interval.high else describe_number(interval.low),
        describe_number(interval.high, interval.unit),
        interval.unit is None,
    )


def _ways(node: Node, graph: PathwayGraph, guideline: Guideline) -> tuple[Way, ...]:
    ways = []
    for edge in graph.incoming[node.name]:
        if edge.source == START:
            source = pathway_link(graph.name, graph.pathway.label or graph.name)
        else:
            source = _target(edge.source, graph, guideline)
        ways.append(Way(source, edge.label or _otherwise(edge.branch), edge.kind == "later"))
    return tuple(ways)


def _otherwise(branch: str) -> str:
    return "" if branch.startswith("branch_") else branch


# --- codes --------------------------------------------------------------------------------------------


def _read_by(eligibility: Eligibility, course: Course) -> Iterator[Expression]:
    yield from (*eligibility.when, *eligibility.unless, *eligibility.only_if)
    yield from (c.condition for c in course.cautions if c.condition is not None)
    for line in course.performs:
        yield from conditions_of(line.regimen)


def _codes(
    read: Iterable[Expression], regimens: Iterable[Regimen], guideline: Guideline
) -> tuple[Code, ...]:
    """The codes of the facts that are read and of the actions that are named, each once."""
    found: dict[Code, None] = {}
    for expression in read:
        for reference in references(expression):
            element = guideline.elements.get(reference.name)
            link = fact_link(reference.name, guideline)
            if element is not None and link is not None:
                found |= dict.fromkeys(codes(element.codes, link.text))
    for regimen in regimens:
        for course in courses(regimen):
            action = guideline.actions.get(course.action)
            if action is not None:
                found |= dict.fromkeys(codes(action.codes, action.label))
    return tuple(found)


# --- the logic as a list ------------------------------------------------------------------------------

DEEPEST = 6
"""A list that is nested deeper is not read any more, least of all on a phone."""


def _outline(graph: PathwayGraph, guideline: Guideline) -> tuple[OutlineItem, ...]:
    """What holds throughout, then the route from the start; each node is told where it is met first.

    What lies deeper than a list can show is pointed to, and told at the margin.
    """
    met: set[str] = set()
    deeper: dict[str, None] = {}
    standing = [n.name for n in graph.pathway.nodes if isinstance(n, Standing)]
    start = graph.pathway.start
    items = _items([*standing, *([start.name] if start else [])], graph, guideline, met, deeper, 1)
    while waiting := [name for name in deeper if name not in met]:
        deeper.clear()
        items += _items(waiting, graph, guideline, met, deeper, 1)
    return items


def _items(
    names: Iterable[str],
    graph: PathwayGraph,
    guideline: Guideline,
    met: set[str],
    deeper: dict[str, None],
    depth: int,
) -> tuple[OutlineItem, ...]:
    """Nodes that follow each other without a question stand on one level of the list."""
    items: list[OutlineItem] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        record = graph.record(name)
        if record is None:
            continue
        link = _target(name, graph, guideline)
        kind = graph.kind(name)
        stance = record.stance if isinstance(record, Recommend | Standing) else ""
        if name in met or (depth > DEEPEST and isinstance(record, Decision | Review)):
            items.append(OutlineItem(kind, stance, link, again=True))
            if name not in met:
                deeper[name] = None
            continue
        met.add(name)
        branches = record.branches if isinstance(record, Decision | Review) else ()
        answers = tuple(
            OutlineAnswer(
                answer_label(branch, guideline),
                condition(branch.condition, guideline).text
                if branch.condition is not None and branch.label
                else "",
                _items(branch.targets, graph, guideline, met, deeper, depth + 1),
            )
            for branch in branches
        )
        items.append(OutlineItem(kind, stance, link, badges(record.statements, guideline), answers))
        if not branches:
            waiting = [*record.targets, *waiting]
    return tuple(items)
