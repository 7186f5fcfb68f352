"""What is checked once a guideline has been read: one function a check, in a fixed order."""

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from pathway_compiler.diagnostics.diagnostic import Diagnostic, Label
from pathway_compiler.model.action import AllOf, Course, OneOf, Regimen, Sequence
from pathway_compiler.model.evidence import Statement
from pathway_compiler.model.expression import Ever, Expression, Reference, ReferenceKind, children
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Choose,
    Decision,
    Eligibility,
    Follow,
    Node,
    Option,
    Pathway,
    Recommend,
    Review,
    Stance,
    Standing,
)
from pathway_compiler.model.pathway import (
    Course as CourseOfAction,
)
from pathway_compiler.syntax.parser import MAXIMAL_NESTING

__all__ = [
    "conditions_of",
    "CHECKS",
    "all_expressions",
    "says_ever",
    "courses_of",
    "circles",
    "expressions_of_node",
    "facts_read",
    "readings_read",
    "references",
    "too_deep",
]


def references(expression: Expression) -> Iterator[Reference]:
    """Every named fact that an expression reads, in the order of the text."""
    if isinstance(expression, Reference):
        yield expression
    for child in children(expression):
        yield from references(child)


def facts_read(expression: Expression, guideline: Guideline) -> frozenset[str]:
    """The data elements an expression depends on, definitions and readings followed."""
    found = _references_behind(expression, guideline)
    return frozenset(r.name for r in found if r.kind == "element")


def readings_read(expression: Expression, guideline: Guideline) -> frozenset[str]:
    """The readings an expression depends on, definitions and other readings followed."""
    found = _references_behind(expression, guideline)
    return frozenset(r.name for r in found if r.kind == "reading")


def _references_behind(expression: Expression, guideline: Guideline) -> Iterator[Reference]:
    """Every named fact that an expression depends on, once."""
    waiting = [expression]
    seen: set[str] = set()
    while waiting:
        for reference in references(waiting.pop()):
            if reference.name in seen:
                continue
            seen.add(reference.name)
            yield reference
            waiting.extend(_behind(reference.kind, reference.name, guideline))


def _behind(kind: ReferenceKind, name: str, guideline: Guideline) -> list[Expression]:
    """The expressions that a named fact stands for."""
    match kind:
        case "definition":
            definition = guideline.definitions[name]
            rows = [row.condition for row in definition.rows if row.condition is not None]
            return [definition.expression, *rows] if definition.expression else list(rows)
        case "reading":
            return [a.expression for a in guideline.readings[name].alternatives]
        case "element":
            derive = guideline.elements[name].derive
            return [derive] if derive is not None else []
        case _:
            return []


def expressions_of_node(node: Node) -> Iterator[Expression]:
    """Every expression that a node holds."""
    match node:
        case Decision() | Review():
            for branch in node.branches:
                if branch.condition is not None:
                    yield branch.condition
        case Recommend() | Standing():
            yield from _eligibility(node.eligibility)
            yield from _course(node.course)
        case Choose():
            yield from _eligibility(node.eligibility)
            yield from _course(node.course)
            for option in node.options:
                yield from _eligibility(option.eligibility)
                yield from _course(option.course)
        case Follow():
            if node.adding is not None:
                yield from conditions_of(node.adding)
        case _:
            return


def _eligibility(eligibility: Eligibility) -> Iterator[Expression]:
    yield from eligibility.when
    yield from eligibility.unless
    yield from eligibility.only_if


def _course(course: CourseOfAction) -> Iterator[Expression]:
    for performs in course.performs:
        yield from conditions_of(performs.regimen)
    for caution in course.cautions:
        if caution.condition is not None:
            yield caution.condition


def conditions_of(regimen: Regimen) -> Iterator[Expression]:
    """The conditions under which parts of a regimen drop out."""
    if regimen.condition is not None:
        yield regimen.condition
    match regimen:
        case Course():
            parts: tuple[Regimen, ...] = ()
        case AllOf():
            parts = regimen.parts
        case OneOf():
            parts = regimen.alternatives
        case Sequence():
            parts = regimen.steps
        case _:
            assert_never(regimen)
    for part in parts:
        yield from conditions_of(part)


def says_ever(guideline: Guideline) -> bool:
    """Whether some condition reads a fact whatever its date."""
    waiting = list(all_expressions(guideline))
    while waiting:
        expression = waiting.pop()
        if isinstance(expression, Ever):
            return True
        waiting.extend(children(expression))
    return False


def all_expressions(guideline: Guideline) -> Iterator[Expression]:
    """Every expression that a guideline is made of; those of its cases are values, not expressions."""
    for pathway in guideline.pathways.values():
        if pathway.applies is not None:
            yield pathway.applies
        for node in pathway.nodes:
            yield from expressions_of_node(node)
    for definition in guideline.definitions.values():
        if definition.expression is not None:
            yield definition.expression
        for row in definition.rows:
            if row.condition is not None:
                yield row.condition
    for reading in guideline.readings.values():
        for alternative in reading.alternatives:
            yield alternative.expression
    for constraint in guideline.constraints:
        yield constraint.condition
    for contraindication in guideline.contraindications.values():
        if contraindication.condition is not None:
            yield contraindication.condition
    for action in guideline.actions.values():
        for authorisation in action.authorisations:
            if authorisation.condition is not None:
                yield authorisation.condition
    for element in guideline.elements.values():
        if element.derive is not None:
            yield element.derive


def no_circular_definitions(guideline: Guideline) -> list[Diagnostic]:
    """No definition, reading or derived element depends on itself."""
    named = {
        **{n: d.span for n, d in guideline.definitions.items()},
        **{n: r.span for n, r in guideline.readings.items()},
        **{n: e.span for n, e in guideline.elements.items() if e.derive is not None},
    }
    kinds: dict[str, ReferenceKind] = {
        **dict.fromkeys(guideline.definitions, "definition"),
        **dict.fromkeys(guideline.readings, "reading"),
        **dict.fromkeys((n for n, e in guideline.elements.items() if e.derive), "element"),
    }
    edges: dict[str, list[str]] = {}
    for name in named:
        edges[name] = [
            r.name
            for e in _behind(kinds[name], name, guideline)
            for r in references(e)
            if r.name in named
        ]
    problems = []
    for circle in circles(edges):
        span = named[circle[0]]
        assert span is not None
        problems.append(
            Diagnostic(
                "circular-definition",
                "`" + "` depends on `".join([*circle, circle[0]]) + "`",
                span,
                tuple(Label(s, "and this") for n in circle[1:] if (s := named[n]) is not None),
                help="define one of them from recorded data elements only",
            )
        )
    return problems


def circles(edges: dict[str, list[str]]) -> list[list[str]]:
    """Circles of names, each found once, from its first name on."""
    state: dict[str, int] = {}
    circles: list[list[str]] = []

    def visit(start: str) -> None:
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(edges[start]))]
        state[start] = 1
        path = [start]
        while stack:
            _, following = stack[-1]
            for name in following:
                if state.get(name) == 1:
                    circles.append(path[path.index(name) :])
                elif name not in state and name in edges:
                    state[name] = 1
                    path.append(name)
                    stack.append((name, iter(edges[name])))
                    break
            else:
                state[stack.pop()[0]] = 2
                path.pop()

    for name in edges:
        if name not in state:
            visit(name)
    return circles


def too_deep(edges: Mapping[str, list[str]], most: int) -> list[str]:
    """The names with exactly one name too many in a row below them; the edges have no circle."""
    depth: dict[str, int] = {}
    waiting: list[tuple[str, bool]] = [(name, False) for name in reversed(list(edges))]
    while waiting:
        name, opened = waiting.pop()
        if name in depth:
            continue
        below = [n for n in edges[name] if n in edges]
        if opened or not below:
            depth[name] = 1 + max((depth[n] for n in below), default=0)
        else:
            waiting.append((name, True))
            waiting.extend((n, False) for n in below)
    return [name for name, deep in depth.items() if deep == most + 1]


def no_circular_overrides(guideline: Guideline) -> list[Diagnostic]:
    """No recommendation overrides itself through others."""
    edges: dict[str, list[str]] = {}
    spans = {}
    for pathway in guideline.pathways.values():
        for holder, course, path in courses_of(pathway):
            key = ".".join(path)
            spans[key] = holder.span
            edges[key] = [".".join(target) for target in course.overrides]
    edges = {name: [t for t in targets if t in edges] for name, targets in edges.items()}
    problems = [
        Diagnostic(
            "circular-override",
            "`" + "` overrides `".join([*circle, circle[0]]) + "`",
            spans[circle[0]],
            help="decide which of them comes first and remove the other `overrides`",
        )
        for circle in circles(edges)
    ]
    return problems or [
        Diagnostic(
            "nesting-too-deep",
            f"more than {MAXIMAL_NESTING} recommendations override each other in a row",
            spans[name],
            help="let one of them override several others",
        )
        for name in too_deep(edges, MAXIMAL_NESTING)
    ]


def courses_of(
    pathway: Pathway,
) -> Iterator[tuple[Node | Option, CourseOfAction, tuple[str, ...]]]:
    for node in pathway.nodes:
        if isinstance(node, Recommend | Standing | Choose):
            yield node, node.course, (pathway.name, node.name)
        if isinstance(node, Choose):
            for option in node.options:
                yield option, option.course, (pathway.name, node.name, option.name)


def entry_is_known(guideline: Guideline) -> list[Diagnostic]:
    """A guideline with several pathways says which one a run starts with."""
    if guideline.entry is None and guideline.pathways and guideline.header.span is not None:
        return [
            Diagnostic(
                "missing-item",
                "the guideline has several pathways and does not say which one a run starts with",
                guideline.header.span,
                help="add a line `entry NAME`",
            )
        ]
    return []


def statements_are_used(guideline: Guideline) -> list[Diagnostic]:
    """Every statement is encoded somewhere."""
    used: set[str] = set()
    for pathway in guideline.pathways.values():
        used.update(pathway.statements)
        for node in pathway.nodes:
            used.update(node.statements)
            if isinstance(node, Choose):
                for option in node.options:
                    used.update(option.statements)
    for table in (
        guideline.definitions,
        guideline.readings,
        guideline.contraindications,
        guideline.incompatibilities,
        guideline.slots,
    ):
        for record in table.values():
            used.update(record.statements)
    for constraint in guideline.constraints:
        used.update(constraint.statements)
    return [
        Diagnostic(
            "unused-statement",
            f"nothing refers to statement `{statement.name}`",
            statement.span,
            help="encode it, or say in an `issue` why it cannot be executed",
        )
        for statement in guideline.statements.values()
        if statement.name not in used and not statement.issues and statement.span is not None
    ]


def elements_are_read(guideline: Guideline) -> list[Diagnostic]:
    """Every data element decides something."""
    read = {r.name for e in all_expressions(guideline) for r in references(e)}
    read.update(c.each_of for c in guideline.contraindications.values() if c.each_of)
    return [
        Diagnostic(
            "unused-element",
            f"nothing reads data element `{element.name}`",
            element.span,
            help="use it, remove it, or say in an `issue` why it is collected",
        )
        for element in guideline.elements.values()
        if element.name not in read and not element.issues and element.span is not None
    ]


_STANCE_OF_KIND: dict[str, tuple[Stance, ...]] = {
    "recommend": ("recommend",),
    "option": ("recommend",),
    "monitoring": ("recommend",),
    "against": ("recommend against",),
    "no-consensus": ("no consensus", "recommend"),
    "await-research": ("await research", "recommend against"),
}


def recommendations_have_statements(guideline: Guideline) -> list[Diagnostic]:
    """Each recommendation names its statements, and speaks the same way as they do."""
    problems: list[Diagnostic] = []
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            if isinstance(node, Choose):
                for option in node.options:
                    if not (option.statements or node.statements or pathway.statements):
                        problems.append(_without_statement(option))
            elif isinstance(node, Recommend | Standing):
                if not (node.statements or pathway.statements):
                    problems.append(_without_statement(node))
                    continue
                statements = [guideline.statements[name] for name in node.statements]
                problems.extend(_mismatches(node, statements))
    return problems


def _without_statement(node: Recommend | Standing | Option) -> Diagnostic:
    return Diagnostic(
        "missing-statement",
        f"`{node.name}` does not say which statement of the source it comes from",
        node.span,
        help="add a line `from STATEMENT`",
    )


def _mismatches(node: Recommend | Standing, statements: list[Statement]) -> list[Diagnostic]:
    fitting = [s for s in statements if node.stance in _STANCE_OF_KIND.get(s.kind, (node.stance,))]
    if fitting or not statements or node.eligibility.only_if:
        return []
    first = statements[0]
    labels = (Label(first.span, f"a statement of kind `{first.kind}`"),) if first.span else ()
    return [
        Diagnostic(
            "direction-mismatch",
            f"`{node.name}` is a `{node.stance}`, and none of its statements speaks that way",
            node.span,
            labels,
            help="correct the kind of the statement, or of the node",
        )
    ]


CHECKS: tuple[Callable[[Guideline], list[Diagnostic]], ...] = (
    no_circular_definitions,
    no_circular_overrides,
    entry_is_known,
    statements_are_used,
    elements_are_read,
    recommendations_have_statements,
)
"""The checks in the order in which they run; each is independent of the others."""
