"""Elements, actions, constraints, parameters, definitions and readings."""

from typing import cast

from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.action import (
    Action,
    ActionClass,
    ActionKind,
    Authorisation,
    Contraindication,
    Incompatibility,
)
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    EnumType,
    NumberType,
    QuantityType,
    SetType,
    Type,
    UnknownType,
    describe_type,
)
from pathway_compiler.model.vocabulary import (
    Burden,
    Constraint,
    Definition,
    DefinitionRow,
    Element,
    ListValue,
    Parameter,
    Reading,
    ReadingAlternative,
    Scalar,
    SetValue,
    Value,
)
from pathway_compiler.semantics.expressions import (
    EXPRESSION_RULES,
    ExpressionReader,
    read_condition,
    read_expression,
)
from pathway_compiler.semantics.literals import LITERAL_RULES, read_literal
from pathway_compiler.semantics.scope import Scope, Symbol
from pathway_compiler.semantics.text import (
    acceptances,
    codings,
    issues_of,
    label_of,
    note_of,
    statement_names,
    unquote,
)
from pathway_compiler.semantics.type_expressions import TYPE_RULES, read_type
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode

__all__ = [
    "read_action",
    "read_action_class",
    "read_constraint",
    "read_contraindication",
    "read_definition",
    "read_element",
    "read_fact_type",
    "read_incompatibility",
    "read_parameter",
    "read_reading",
]


def read_fact_type(symbol: Symbol, scope: Scope) -> Type:
    """The declared type of an element, definition, reading or parameter."""
    node = symbol.node.node(*TYPE_RULES)
    if node is None:
        return BooleanType()  # a reading without a type is a yes-or-no question
    return read_type(node, symbol.file, scope)


def read_element(symbol: Symbol, scope: Scope) -> Element:
    node = symbol.node
    type_ = scope.fact_types[symbol.name]
    seen: set[str] = set()
    for item in node.nodes("ask", "hint", "typical", "burden", "judgement", "lasting", "derive"):
        if item.kind in seen:
            scope.report("duplicate-item", f"`{item.kind}` is said twice", symbol.file.span(item))
        seen.add(item.kind)
    typical = node.node("typical")
    burden = node.node("burden")
    judgement = node.node("judgement")
    derive_node = node.node("derive")
    derive = None
    if derive_node is not None:
        derive = read_expression(
            _expression(derive_node), ExpressionReader(scope, symbol.file), type_
        )
    return Element(
        symbol.name,
        label_of(node),
        type_,
        ask=_text_item(node, "ask"),
        hint=_text_item(node, "hint"),
        typical=_typical(typical, symbol, type_, scope) if typical else None,
        burden=cast(Burden, str(burden.token("BURDEN"))) if burden else "low",
        codes=tuple(c for item in node.nodes("code") for c in codings(item.node("codes"))),
        judgement=judgement is not None,
        judgement_note=_text_item(node, "judgement") or "",
        lasting="lasting" in seen,
        derive=derive,
        issues=issues_of(node),
        note=note_of(node),
        accepted=acceptances(node, symbol.file, scope),
        span=symbol.span,
    )


def _typical(node: SyntaxNode, symbol: Symbol, type_: Type, scope: Scope) -> Value | None:
    """The value that an ordinary patient has: known, and of a set or list all there is."""
    literal = node.node(*LITERAL_RULES)
    assert literal is not None
    value = read_literal(literal, type_, symbol.name, symbol.file, scope)
    if isinstance(value, Unknown) or (
        isinstance(value, SetValue | ListValue) and not value.complete
    ):
        scope.report(
            "type-mismatch",
            "a typical value is known, and known completely",
            symbol.file.span(literal),
            help="write the value of an ordinary patient, or leave the line out",
        )
        return None
    return value


def _text_item(node: SyntaxNode, kind: str) -> str | None:
    item = node.node(kind)
    token = item.token("STRING") if item else None
    return unquote(token) if token is not None else None


def _expression(node: SyntaxNode) -> SyntaxNode:
    found = node.node(*EXPRESSION_RULES)
    assert found is not None, "the grammar requires an expression"
    return found


def read_action(symbol: Symbol, scope: Scope) -> Action:
    node = symbol.node
    reader = ExpressionReader(scope, symbol.file)
    authorisations = []
    for item in node.nodes("authorised"):
        condition_node = item.node(*EXPRESSION_RULES)
        text = item.token("STRING")
        assert text is not None
        authorisations.append(
            Authorisation(
                str(item.token("NAME")),
                unquote(text),
                read_condition(condition_node, reader) if condition_node else None,
            )
        )
    own = codings(node.node("codes"))
    more = tuple(c for item in node.nodes("code") for c in codings(item.node("codes")))
    return Action(
        symbol.name,
        label_of(node),
        cast(ActionKind, str(node.token("ACTION_KIND"))),
        own + more,
        tuple(unquote(t) for item in node.nodes("synonym") for t in item.tokens("STRING")),
        tuple(authorisations),
        issues_of(node),
        note_of(node),
        symbol.span,
    )


def read_action_class(symbol: Symbol, scope: Scope) -> ActionClass:
    """A class; its kind is that of its members, which must agree."""
    members: list[str] = []
    kind = scope.action_kinds.get(symbol.name, "agent")
    for listed in symbol.node.nodes("names"):
        for token in listed.tokens("NAME"):
            found = scope.need("action", token, symbol.file)
            if found is None:
                continue
            if str(token) in members:
                scope.report(
                    "duplicate-item", f"`{token}` is listed twice", symbol.file.span(token)
                )
                continue
            member_kind = scope.action_kinds.get(found.name, kind)
            if member_kind != kind:
                scope.report(
                    "wrong-kind",
                    f"`{token}` is a {member_kind}, and the class holds {kind}s",
                    symbol.file.span(token),
                )
            members.append(found.name)
    return ActionClass(
        symbol.name,
        label_of(symbol.node),
        kind,
        tuple(members),
        issues_of(symbol.node),
        note_of(symbol.node),
        symbol.span,
    )


def read_constraint(node: SyntaxNode, file: ParsedFile, scope: Scope) -> Constraint | None:
    condition = read_condition(_expression(node), ExpressionReader(scope, file))
    if condition is None:
        return None
    return Constraint(
        label_of(node),
        condition,
        statement_names(node, file, scope),
        issues_of(node),
        note_of(node),
        acceptances(node, file, scope),
        file.span(node.node("label") or node),
    )


def read_parameter(symbol: Symbol, scope: Scope) -> Parameter | None:
    type_ = scope.fact_types[symbol.name]
    literal = symbol.node.node(*LITERAL_RULES)
    assert literal is not None
    value = read_literal(literal, type_, symbol.name, symbol.file, scope)
    if value is None or not isinstance(value, bool | str | int | Scalar):
        if value is not None:
            scope.report(
                "type-mismatch",
                "a parameter needs a single value that is known",
                symbol.file.span(literal),
            )
        return None
    return Parameter(
        symbol.name,
        label_of(symbol.node),
        type_,
        value,
        issues_of(symbol.node),
        note_of(symbol.node),
        acceptances(symbol.node, symbol.file, scope),
        symbol.span,
    )


def read_contraindication(symbol: Symbol, scope: Scope) -> Contraindication | None:
    node, file = symbol.node, symbol.file
    common = (
        statement_names(node, file, scope),
        issues_of(node),
        note_of(node),
        acceptances(node, file, scope),
        symbol.span,
    )
    each = node.node("contraindicated_set")
    if each is not None:
        token = each.token("NAME")
        assert token is not None
        if scope.need("fact", token, file) is None:
            return None
        type_ = scope.fact_types.get(str(token), UnknownType())
        if not isinstance(type_, UnknownType) and not (
            isinstance(type_, SetType) and isinstance(type_.of, ActionType)
        ):
            scope.report(
                "type-mismatch",
                f"`{token}` is a {describe_type(type_)}, and a set of actions is needed here",
                file.span(token),
            )
            return None
        return Contraindication(symbol.name, label_of(node), str(token), (), None, *common)
    listed = node.node("contraindicated_actions")
    assert listed is not None
    names = listed.node("names")
    assert names is not None
    actions = tuple(str(t) for t in names.tokens("NAME") if scope.need("action", t, file))
    condition = read_condition(_expression(listed), ExpressionReader(scope, file))
    if condition is None or not actions:
        return None
    return Contraindication(symbol.name, label_of(node), None, actions, condition, *common)


def read_incompatibility(symbol: Symbol, scope: Scope) -> Incompatibility | None:
    node, file = symbol.node, symbol.file
    _, first, second = node.tokens("NAME")
    found = [scope.need("action", token, file) for token in (first, second)]
    if None in found:
        return None
    return Incompatibility(
        symbol.name,
        label_of(node),
        str(first),
        str(second),
        statement_names(node, file, scope),
        issues_of(node),
        note_of(node),
        acceptances(node, file, scope),
        symbol.span,
    )


def read_definition(symbol: Symbol, scope: Scope) -> Definition | None:
    node, file = symbol.node, symbol.file
    type_ = scope.fact_types[symbol.name]
    reader = ExpressionReader(scope, file)
    expression_node = node.node(*EXPRESSION_RULES)
    row_nodes = list(node.nodes("row", "otherwise_row"))
    expression = read_expression(expression_node, reader, type_) if expression_node else None
    if expression_node is not None and row_nodes:
        scope.report(
            "duplicate-item",
            f"`{symbol.name}` has an expression and rows",
            file.span(row_nodes[0]),
            help="keep one of them",
        )
    if expression_node is None and not row_nodes:
        scope.report(
            "missing-item",
            f"`{symbol.name}` is not defined",
            symbol.span,
            help="add `= …` after its type, or rows such as `yes when …`",
        )
        return None
    rows: list[DefinitionRow] = []
    for index, row in enumerate(row_nodes):
        value_node = row.node("define_value")
        assert value_node is not None
        value = _row_value(value_node, type_, file, scope)
        condition = None
        if row.kind == "row":
            condition = read_condition(_expression(row), reader)
            if condition is None:
                continue
        elif index != len(row_nodes) - 1:
            scope.report(
                "misplaced-otherwise",
                "`otherwise` must be the last row",
                file.span(row),
                help="move it below the other rows; there can be one only",
            )
        if value is not None:
            rows.append(DefinitionRow(value, condition, file.span(row)))
    if expression is None and not rows:
        return None
    return Definition(
        symbol.name,
        label_of(node),
        type_,
        expression,
        tuple(rows),
        node.has("FIRST_MATCH"),
        statement_names(node, file, scope),
        issues_of(node),
        note_of(node),
        acceptances(node, file, scope),
        symbol.span,
    )


def _row_value(node: SyntaxNode, type_: Type, file: ParsedFile, scope: Scope) -> Scalar | None:
    token = node.token("NAME", "YES", "NO")
    match type_:
        case EnumType() if token is not None and token.type == "NAME":
            if type_.value(str(token)):
                return str(token)
            names = [v.name for v in type_.values]
            scope.report(
                "unknown-value",
                f"`{token}` is not one of its values",
                file.span(token),
                help=did_you_mean(str(token), names) or "the values are " + ", ".join(names),
            )
            return None
        case BooleanType() if token is not None and token.type in ("YES", "NO"):
            return token.type == "YES"
        case CountType() | NumberType() | QuantityType() if token is None:
            quantity = node.node("quantity")
            assert quantity is not None
            found = read_expression(quantity, ExpressionReader(scope, file), type_)
            value = getattr(found, "value", None)
            return cast(Scalar | None, value)
        case UnknownType():
            return None
        case _:
            scope.report(
                "type-mismatch", f"a {describe_type(type_)} is needed here", file.span(node)
            )
            return None


def read_reading(symbol: Symbol, scope: Scope) -> Reading | None:
    node, file = symbol.node, symbol.file
    type_ = scope.fact_types[symbol.name]
    reader = ExpressionReader(scope, file)
    alternatives: list[ReadingAlternative] = []
    broken = False
    for item in node.nodes("chosen", "alternative"):
        token = item.token("NAME")
        assert token is not None
        expression = read_expression(_expression(item), reader, type_)
        if expression is None:
            broken = True
            continue
        if any(a.name == str(token) for a in alternatives):
            scope.report(
                "duplicate-name", f"alternative `{token}` is declared twice", file.span(token)
            )
            continue
        alternatives.append(
            ReadingAlternative(
                str(token), label_of(item), expression, item.kind == "chosen", file.span(token)
            )
        )
    if broken:
        return None
    if sum(a.chosen for a in alternatives) != 1:
        scope.report(
            "invalid-reading",
            f"reading `{symbol.name}` needs exactly one `chosen` alternative",
            symbol.span,
            help="mark the reading that you defend as `chosen`, and each other as `alternative`",
        )
        return None
    return Reading(
        symbol.name,
        label_of(node),
        type_,
        tuple(alternatives),
        statement_names(node, file, scope),
        issues_of(node),
        note_of(node),
        acceptances(node, file, scope),
        symbol.span,
    )
