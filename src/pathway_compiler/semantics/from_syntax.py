"""From the syntax trees of a guideline's files to one checked guideline."""

from collections.abc import Callable
from typing import TypeVar

from pathway_compiler.diagnostics.diagnostic import Diagnostic, has_errors, in_order
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.action import Action, ActionClass, ActionKind
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline, GuidelineHeader
from pathway_compiler.semantics.cases import read_case, recommendation_paths
from pathway_compiler.semantics.checks import CHECKS, circles, too_deep
from pathway_compiler.semantics.evidence import (
    read_grading,
    read_header,
    read_moment,
    read_statement,
)
from pathway_compiler.semantics.expressions import ExpressionReader, read_any
from pathway_compiler.semantics.pathways import (
    read_pathway,
    read_pathway_parameters,
    read_slot,
)
from pathway_compiler.semantics.scope import Scope, Symbol, collect
from pathway_compiler.semantics.type_expressions import read_record, read_type_declaration
from pathway_compiler.semantics.vocabulary import (
    read_action,
    read_action_class,
    read_constraint,
    read_contraindication,
    read_definition,
    read_element,
    read_fact_type,
    read_incompatibility,
    read_parameter,
    read_reading,
)
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode

__all__ = ["elaborate", "read_free_expression"]

DEEPEST_CLASS = 300
"""Classes within classes."""

_Record = TypeVar("_Record")


def elaborate(files: tuple[ParsedFile, ...]) -> tuple[Guideline | None, tuple[Diagnostic, ...]]:
    """The guideline that the files declare, and what is wrong with it.

    The guideline is None when something is wrong that keeps it from being run.
    """
    scope = collect(files)
    _read_types(scope)
    header = _read_header(scope)
    gradings = _read(scope, "grading", lambda s: read_grading(s, scope))
    grading = gradings.get(header.grading or "") if header else None
    parameters = {s.name: read_pathway_parameters(s, scope) for s in scope.of_rule("pathway")}
    pathways = _read(scope, "pathway", lambda s: read_pathway(s, parameters, scope))
    paths = recommendation_paths(pathways)
    constraints = [
        read_constraint(node, file, scope)
        for file in files
        for node in file.declarations
        if node.kind == "constraint"
    ]
    guideline = Guideline(
        header=header or GuidelineHeader("unnamed", ""),
        gradings=gradings,
        statements=_read(scope, "statement", lambda s: read_statement(s, grading, scope)),
        moments=_read(scope, "moment", read_moment),
        types=scope.types,
        records=scope.records,
        actions=_read(scope, "action", lambda s: read_action(s, scope)),
        classes=_read(scope, "action_class", lambda s: read_action_class(s, scope)),
        elements=_read(scope, "element", lambda s: read_element(s, scope)),
        constraints=tuple(c for c in constraints if c is not None),
        parameters=_read(scope, "parameter", lambda s: read_parameter(s, scope)),
        definitions=_read(scope, "define", lambda s: read_definition(s, scope)),
        readings=_read(scope, "reading", lambda s: read_reading(s, scope)),
        contraindications=_read(
            scope, "contraindication", lambda s: read_contraindication(s, scope)
        ),
        incompatibilities=_read(scope, "incompatible", lambda s: read_incompatibility(s, scope)),
        pathways=pathways,
        slots=_read(scope, "slot", lambda s: read_slot(s, scope)),
        cases=_read(scope, "case", lambda s: read_case(s, paths, scope)),
    )
    problems = list(scope.problems)
    if not has_errors(problems) and not scope.damaged:
        for check in CHECKS:
            problems.extend(check(guideline))
    broken = has_errors(problems) or bool(scope.damaged)
    return None if broken else guideline, in_order(problems)


def _read(scope: Scope, rule: str, read: Callable[[Symbol], _Record | None]) -> dict[str, _Record]:
    found = {symbol.name: read(symbol) for symbol in scope.of_rule(rule)}
    return {name: record for name, record in found.items() if record is not None}


def _read_types(scope: Scope) -> None:
    """Types and kinds of everything named, which all expressions rest on."""
    for symbol in scope.of_rule("type_declaration"):
        scope.types[symbol.name] = read_type_declaration(symbol, scope)
    for symbol in scope.of_rule("record"):
        scope.records[symbol.name] = read_record(symbol, scope)
    for symbol in scope.of_rule("element", "define", "reading", "parameter"):
        scope.fact_types[symbol.name] = read_fact_type(symbol, scope)
    for symbol in scope.of_rule("action"):
        scope.action_kinds[symbol.name] = _kind(str(symbol.node.token("ACTION_KIND")))
    for symbol in scope.of_rule("action_class"):
        kind = _class_kind(symbol, scope)
        if kind is not None:
            scope.action_kinds[symbol.name] = kind
    _check_classes(scope)


def _kind(word: str) -> ActionKind:
    match word:
        case "procedure" | "investigation" | "service":
            return word
        case _:
            return "agent"


def _members(symbol: Symbol, scope: Scope) -> list[Symbol]:
    tokens = (token for listed in symbol.node.nodes("names") for token in listed.tokens("NAME"))
    found = (scope.symbol("action", str(token)) for token in tokens)
    return [member for member in found if member is not None]


def _class_kind(symbol: Symbol, scope: Scope) -> ActionKind | None:
    """The kind of the first single action in a class."""
    waiting, seen = [symbol], {symbol.name}
    while waiting:
        current = waiting.pop()
        if current.name in scope.action_kinds:
            return scope.action_kinds[current.name]
        for member in reversed(_members(current, scope)):
            if member.name not in seen:
                seen.add(member.name)
                waiting.append(member)
    return None


def _check_classes(scope: Scope) -> None:
    """No class contains itself, and none is too many classes within classes."""
    classes = {symbol.name: symbol for symbol in scope.of_rule("action_class")}
    within = {
        name: [m.name for m in _members(symbol, scope) if m.rule == "action_class"]
        for name, symbol in classes.items()
    }
    found = circles(within)
    for circle in found:
        scope.report(
            "circular-class",
            f"class `{circle[0]}` contains itself",
            classes[circle[0]].span,
            help="remove it from the members of one of the classes within it",
        )
    if found:
        return
    for name in too_deep(within, DEEPEST_CLASS):
        scope.report(
            "nesting-too-deep",
            f"classes are nested more than {DEEPEST_CLASS} deep here",
            classes[name].span,
            help="list the members of some of the classes directly",
        )


def _read_header(scope: Scope) -> GuidelineHeader | None:
    headers = [
        (node, file)
        for file in scope.files
        for node in file.declarations
        if node.kind == "guideline"
    ]
    if not headers:
        if "guideline" not in scope.damaged and scope.files:
            source = scope.files[0].source
            scope.report(
                "no-guideline",
                "no file of this folder declares the guideline",
                Span(source, 0, 0),
                help='add a declaration such as `guideline my_guideline "Title":`',
            )
        return None
    for node, file in headers[1:]:
        token, first = node.token("NAME"), headers[0][0].token("NAME")
        assert token is not None and first is not None
        scope.duplicate("guideline", str(token), file.span(token), headers[0][1].span(first))
    return read_header(*headers[0], scope)


def read_free_expression(
    node: SyntaxNode, file: ParsedFile, guideline: Guideline
) -> tuple[Expression | None, tuple[Diagnostic, ...]]:
    """An expression that stands by itself, with the names of a guideline; None and why when wrong."""
    scope = Scope((file,))
    facts: dict[str, Symbol] = {}
    for rule, table in (
        ("element", guideline.elements),
        ("define", guideline.definitions),
        ("reading", guideline.readings),
        ("parameter", guideline.parameters),
    ):
        for name, record in table.items():
            facts[name] = Symbol(name, rule, file, node, file.span(node))
            scope.fact_types[name] = record.type
    actions: dict[str, Action | ActionClass] = {**guideline.actions, **guideline.classes}
    for name, action in actions.items():
        scope.action_kinds[name] = action.kind
    scope.symbols = {
        "fact": facts,
        "action": {name: Symbol(name, "action", file, node, file.span(node)) for name in actions},
    }
    scope.records.update(guideline.records)
    expression = read_any(node, ExpressionReader(scope, file))
    return expression, in_order(scope.problems)
