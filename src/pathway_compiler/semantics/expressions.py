"""Conditions and other expressions: names resolved, types checked, units folded into constants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from pathway_compiler.datatypes.number import Number, format_number, parse_number
from pathway_compiler.datatypes.partial_date import PartialDate, parse_date
from pathway_compiler.datatypes.units import Unit, UnitError, conversion_factor, parse_unit
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.expression import (
    And,
    Arithmetic,
    AtLeast,
    Bars,
    Between,
    Compare,
    Contains,
    CountWhere,
    Ever,
    Expression,
    FieldOf,
    IsA,
    IsEmpty,
    IsKnown,
    IsValue,
    Literally,
    Negative,
    Not,
    Or,
    Pick,
    Quantified,
    Reference,
    ReferenceKind,
    SizeOf,
    Today,
    Union,
    UnionWhere,
    UnknownLiteral,
    Variable,
    children,
)
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    ListType,
    NumberType,
    NumericType,
    QuantityType,
    RecordType,
    SetType,
    Type,
    UnknownType,
    describe_type,
)
from pathway_compiler.semantics.scope import Scope
from pathway_compiler.semantics.type_expressions import read_unit
from pathway_compiler.syntax.parser import MAXIMAL_NESTING
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode, Token

__all__ = ["EXPRESSION_RULES", "ExpressionReader", "read_any", "read_condition", "read_expression"]

_BOOLEAN = BooleanType()
_COUNT = CountType(0)
_UNKNOWN = UnknownType()
_KINDS: dict[str, ReferenceKind] = {
    "element": "element",
    "define": "definition",
    "reading": "reading",
    "parameter": "parameter",
}


@dataclass(slots=True)
class ExpressionReader:
    """Where an expression stands: its file, and the names that only hold there."""

    scope: Scope
    file: ParsedFile
    variables: dict[str, Type] = field(default_factory=dict)
    pathway_parameters: Mapping[str, Type] = field(default_factory=dict)
    depth: int = 0

    def span(self, part: SyntaxNode | Token) -> Span:
        return self.file.span(part)


def read_condition(node: SyntaxNode, reader: ExpressionReader) -> Expression | None:
    """A yes-or-no expression; anything else is reported."""
    expression = _read(node, reader, _BOOLEAN)
    if isinstance(expression.type, UnknownType):
        return None if not isinstance(expression, UnknownLiteral) else expression
    if not isinstance(expression.type, BooleanType):
        reader.scope.report(
            "not-a-condition",
            f"a condition is needed here, and this is a {describe_type(expression.type)}",
            reader.span(node),
            help=_condition_help(expression),
        )
        return None
    _warn_when_constant(expression, reader)
    return expression


def read_expression(
    node: SyntaxNode, reader: ExpressionReader, expected: Type
) -> Expression | None:
    """An expression of an expected type; anything else is reported."""
    if isinstance(expected, BooleanType):
        return read_condition(node, reader)
    expression = _read(node, reader, expected)
    if isinstance(expression.type, UnknownType) or isinstance(expected, UnknownType):
        return expression if isinstance(expression, UnknownLiteral) else None
    if isinstance(expected, CountType | NumberType | QuantityType) and _is_numeric(expression.type):
        return _in_unit_of(expression, expected, reader, reader.span(node))
    if not _fits(expression.type, expected):
        reader.scope.report(
            "type-mismatch",
            f"a {describe_type(expected)} is needed here, and this is a {describe_type(expression.type)}",
            reader.span(node),
        )
        return None
    return expression


def read_any(node: SyntaxNode, reader: ExpressionReader) -> Expression | None:
    """An expression of whatever type it has; None after a reported mistake."""
    expression = _read(node, reader)
    if reader.scope.problems:
        return None
    return expression


def _fits(found: Type, expected: Type) -> bool:
    match found, expected:
        case ActionType(), ActionType():
            return found.kind == expected.kind
        case SetType(), SetType():
            return _fits(found.of, expected.of)
        case EnumType(), EnumType():
            return found == expected
        case _:
            return type(found) is type(expected)


def _condition_help(expression: Expression) -> str | None:
    text = expression.span.text
    match expression.type:
        case EnumType() as enum:
            return f"compare it, for example `{text} is {enum.values[0].name}`"
        case SetType():
            return f"ask about it, for example `{text} is empty` or `{text} contains …`"
        case CountType() | NumberType():
            return f"compare it, for example `{text} > 0`"
        case QuantityType() as quantity:
            return f"compare it, for example `{text} > 1 {quantity.unit.display}`"
        case DateType():
            return f"compare it, for example `{text} < today`"
        case ListType():
            return f"ask about its records, for example `any x in {text} where …`"
        case _:
            return None


def _warn_when_constant(expression: Expression, reader: ExpressionReader) -> None:
    if not _reads_anything(expression) and not isinstance(expression, UnknownLiteral):
        reader.scope.report(
            "constant-condition",
            "this condition is the same for every patient",
            expression.span,
            help="remove it, or ask about a data element",
        )


def _reads_anything(expression: Expression) -> bool:
    if isinstance(expression, Reference | Variable | Today | UnknownLiteral):
        return True
    return any(_reads_anything(child) for child in children(expression))


def _broken(span: Span) -> UnknownLiteral:
    """What stands for an expression that was reported already."""
    return UnknownLiteral(_UNKNOWN, span)


def _read(node: SyntaxNode, reader: ExpressionReader, expected: Type = _UNKNOWN) -> Expression:
    if reader.depth >= MAXIMAL_NESTING:
        reader.scope.report(
            "nesting-too-deep",
            f"conditions are nested more than {MAXIMAL_NESTING} deep here",
            reader.span(node),
            help="give parts of the condition a name with `define`",
        )
        return _broken(reader.span(node))
    handler = _HANDLERS[node.kind]
    reader.depth += 1
    try:
        return handler(node, reader, expected)
    finally:
        reader.depth -= 1


def _inner(node: SyntaxNode, index: int = 0) -> SyntaxNode:
    return list(node.nodes())[index]


# --- names and literals ---------------------------------------------------------------------------------


def _name(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    token = node.token("NAME")
    assert token is not None
    name, span = str(token), reader.span(token)
    if name in reader.variables:
        return Variable(name, reader.variables[name], span)
    if name in reader.pathway_parameters:
        return Reference("pathway_parameter", name, reader.pathway_parameters[name], span)
    symbol = reader.scope.symbol("fact", name)
    if symbol is not None:
        return Reference(
            _KINDS[symbol.rule], name, reader.scope.fact_types.get(name, _UNKNOWN), span
        )
    if isinstance(expected, EnumType) and expected.value(name):
        return Literally(name, expected, span)
    if isinstance(expected, ActionType) and reader.scope.action_kinds.get(name) == expected.kind:
        return Literally(name, expected, span)
    if name in reader.scope.damaged:
        return _broken(span)
    candidates = [
        *reader.scope.symbols.get("fact", {}),
        *reader.variables,
        *reader.pathway_parameters,
    ]
    message = f"there is no data element, definition, reading or parameter called `{name}`"
    code = "unknown-name"
    if isinstance(expected, EnumType):
        candidates += [v.name for v in expected.values]
        message = f"`{name}` is neither a value of {describe_type(expected)} nor the name of a fact"
        code = "unknown-value"
    reader.scope.report(code, message, span, help=did_you_mean(name, candidates))
    return _broken(span)


def _quantity(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    token = node.token("NUMBER")
    assert token is not None
    span = reader.span(node)
    number = parse_number(str(token))
    unit_node = node.node("unit")
    if number is None:
        reader.scope.report("syntax-error", "this number has more digits than are read", span)
        return _broken(span)
    if unit_node is None:
        if isinstance(expected, DateType):
            date = parse_date(str(token))
            if date is None:
                reader.scope.report("invalid-date", f"`{token}` is not a year", span)
                return _broken(span)
            return Literally(date, DateType(), span)
        return Literally(number, NumberType(), span)
    unit = read_unit(unit_node, reader.file, reader.scope)
    if unit is None:
        return _broken(span)
    return Literally(number, QuantityType(unit), span)


def _date(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    token = node.token("DATE")
    assert token is not None
    date = parse_date(str(token))
    if date is None:
        reader.scope.report(
            "invalid-date",
            f"the calendar has no day `{token}`",
            reader.span(token),
            help="write year-month-day, such as 2019-03-01",
        )
        return _broken(reader.span(token))
    return Literally(date, DateType(), reader.span(token))


def _yes_no(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    return Literally(node.kind == "yes", _BOOLEAN, reader.span(node))


def _today(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    return Today(DateType(), reader.span(node))


def _unknown(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    return UnknownLiteral(expected, reader.span(node))


def _parenthesis(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    return _read(_inner(node), reader, expected)


# --- logic ----------------------------------------------------------------------------------------------


def _condition(node: SyntaxNode, reader: ExpressionReader) -> Expression:
    expression = _read(node, reader, _BOOLEAN)
    if isinstance(expression.type, UnknownType | BooleanType):
        return expression
    reader.scope.report(
        "not-a-condition",
        f"a condition is needed here, and this is a {describe_type(expression.type)}",
        reader.span(node),
        help=_condition_help(expression),
    )
    return _broken(reader.span(node))


def _connective(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    operands = tuple(_condition(child, reader) for child in node.nodes())
    span = reader.span(node)
    return And(operands, _BOOLEAN, span) if node.kind == "and_" else Or(operands, _BOOLEAN, span)


def _negation(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    return Not(_condition(_inner(node), reader), _BOOLEAN, reader.span(node))


def _threshold(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    kind = " ".join(str(node.token("THRESHOLD")).split())
    number = parse_number(str(node.token("NUMBER")))
    operands = tuple(_condition(child, reader) for child in node.nodes())
    span = reader.span(node)
    if not isinstance(number, int) or number > len(operands):
        reader.scope.report(
            "out-of-range",
            f"`{kind} {node.token('NUMBER')}` of {len(operands)} conditions can never decide anything",
            span,
            help=f"write a whole number from 0 to {len(operands)}",
        )
        return _broken(span)
    return AtLeast(
        cast(Literal["at least", "at most", "exactly"], kind), number, operands, _BOOLEAN, span
    )


# --- comparisons ----------------------------------------------------------------------------------------


def _is_numeric(type_: Type) -> bool:
    return isinstance(type_, CountType | NumberType | QuantityType)


def _compare(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    left_node, right_node = _inner(node, 0), _inner(node, 1)
    operator_token = node.token("COMPARISON", "EQUALS")
    assert operator_token is not None
    operator = cast(Literal["=", "!=", "<", "<=", ">", ">="], str(operator_token))
    span = reader.span(node)
    if _is_value_name(left_node, reader):
        right = _read(right_node, reader)
        left = _read(left_node, reader, right.type)
    else:
        left = _read(left_node, reader)
        if isinstance(left.type, NumberType) and isinstance(left, Literally):
            right = _read(right_node, reader)
            left = _read(left_node, reader, right.type)
        else:
            right = _read(right_node, reader, left.type)
    if isinstance(left.type, UnknownType) or isinstance(right.type, UnknownType):
        if (
            isinstance(left, UnknownLiteral)
            and left.type == _UNKNOWN
            and left_node.kind == "unknown"
        ):
            left = UnknownLiteral(right.type, left.span)
        if isinstance(left.type, UnknownType) or isinstance(right.type, UnknownType):
            return _broken(span)
    if _is_numeric(left.type) and _is_numeric(right.type):
        matched = _same_unit(left, right, reader, operator_token)
        if matched is None:
            return _broken(span)
        left, right = matched
        _check_reachable(left, right, reader)
        return Compare(operator, left, right, _BOOLEAN, span)
    match left.type, right.type:
        case DateType(), DateType():
            return Compare(operator, left, right, _BOOLEAN, span)
        case BooleanType(), BooleanType() if operator in ("=", "!="):
            return Compare(operator, left, right, _BOOLEAN, span)
        case EnumType(), EnumType() if left.type == right.type:
            if operator in ("=", "!=") or left.type.ordered:
                return _compare_enum(operator, left, right, reader, span)
            reader.scope.report(
                "not-ordered",
                f"the values of {describe_type(left.type)} have no order, so `{operator}` means nothing",
                reader.span(operator_token),
                help="name the values with `is one of (…)`, or declare the type `ordered`",
            )
            return _broken(span)
        case ActionType(), ActionType() if operator in ("=", "!=") and left.type == right.type:
            return _compare_action(operator, left, right, reader, span)
        case _:
            reader.scope.report(
                "type-mismatch",
                f"a {describe_type(left.type)} cannot be compared with a {describe_type(right.type)} by `{operator}`",
                span,
                help=_compare_help(left, right, operator),
            )
            return _broken(span)


def _is_value_name(node: SyntaxNode, reader: ExpressionReader) -> bool:
    if node.kind != "name":
        return False
    name = str(node.token("NAME"))
    return (
        name not in reader.variables
        and name not in reader.pathway_parameters
        and reader.scope.symbol("fact", name) is None
    )


def _compare_help(left: Expression, right: Expression, operator: str) -> str | None:
    if isinstance(left.type, SetType):
        return f"ask what it contains: `{left.span.text} contains …`"
    if isinstance(left.type, BooleanType):
        return "a yes-or-no fact is a condition by itself: write it alone, or with `not`"
    return None


def _compare_enum(
    operator: str, left: Expression, right: Expression, reader: ExpressionReader, span: Span
) -> Expression:
    if operator in ("=", "!=") and isinstance(right, Literally):
        test = IsValue(left, str(right.value), _BOOLEAN, span)
        return test if operator == "=" else Not(test, _BOOLEAN, span)
    if operator in ("=", "!=") and isinstance(left, Literally):
        return _compare_enum(operator, right, left, reader, span)
    return Compare(
        cast(Literal["=", "!=", "<", "<=", ">", ">="], operator), left, right, _BOOLEAN, span
    )


def _compare_action(
    operator: str, left: Expression, right: Expression, reader: ExpressionReader, span: Span
) -> Expression:
    if isinstance(left, Literally):
        left, right = right, left
    if not isinstance(right, Literally):
        reader.scope.report(
            "type-mismatch",
            "two facts about actions cannot be compared with each other",
            span,
            help="compare each with an action or class by `is a`",
        )
        return _broken(span)
    test = IsA(left, str(right.value), _BOOLEAN, span)
    return test if operator == "=" else Not(test, _BOOLEAN, span)


def _same_unit(
    left: Expression, right: Expression, reader: ExpressionReader, operator: Token
) -> tuple[Expression, Expression] | None:
    """Both sides in one unit: a literal takes the unit of the other side."""
    if isinstance(left.type, QuantityType) and isinstance(right.type, QuantityType):
        if isinstance(left, Literally) and not isinstance(right, Literally):
            converted = _convert(left, left.type.unit, right.type.unit, reader)
            return None if converted is None else (converted, right)
        converted = _convert(right, right.type.unit, left.type.unit, reader)
        return None if converted is None else (left, converted)
    if isinstance(left.type, QuantityType) or isinstance(right.type, QuantityType):
        quantity, bare = (left, right) if isinstance(left.type, QuantityType) else (right, left)
        assert isinstance(quantity.type, QuantityType)
        unit = quantity.type.unit.display
        reader.scope.report(
            "bare-number",
            f"`{quantity.span.text}` is a quantity in {unit}, and `{bare.span.text}` has no unit",
            bare.span,
            help=f"write `{bare.span.text} {unit}`" if isinstance(bare, Literally) else None,
        )
        return None
    return left, right


def _convert(
    expression: Expression, source: Unit, target: Unit, reader: ExpressionReader
) -> Expression | None:
    if source == target:
        return expression
    factor = conversion_factor(source, target)
    if isinstance(factor, UnitError):
        reader.scope.report(
            "unit-mismatch",
            factor.message,
            expression.span,
            help=f"write it in `{factor.suggestion or target.display}`",
        )
        return None
    quantity = QuantityType(target)
    if isinstance(expression, Literally):
        assert not isinstance(expression.value, bool | str | PartialDate)
        product = expression.value * factor
        value: Number = int(product) if product.denominator == 1 else product
        return Literally(value, quantity, expression.span)
    number: Number = int(factor) if factor.denominator == 1 else factor
    return Arithmetic(
        "*", expression, Literally(number, NumberType(), expression.span), quantity, expression.span
    )


def _in_unit_of(
    expression: Expression, expected: NumericType, reader: ExpressionReader, span: Span
) -> Expression | None:
    if isinstance(expected, QuantityType) and isinstance(expression.type, QuantityType):
        return _convert(expression, expression.type.unit, expected.unit, reader)
    if isinstance(expected, QuantityType):
        reader.scope.report(
            "bare-number",
            f"a quantity in {expected.unit.display} is needed here, and this has no unit",
            span,
            help=f"write `{span.text} {expected.unit.display}`",
        )
        return None
    if isinstance(expression.type, QuantityType):
        reader.scope.report(
            "type-mismatch",
            f"a number is needed here, and this is in {expression.type.unit.display}",
            span,
        )
        return None
    return expression


def _check_reachable(left: Expression, right: Expression, reader: ExpressionReader) -> None:
    """A limit outside the declared range of the element is a slip of the author."""
    fact, limit = (right, left) if isinstance(left, Literally) else (left, right)
    if not isinstance(limit, Literally) or not isinstance(fact, Reference | FieldOf):
        return
    type_ = fact.type
    assert isinstance(type_, CountType | NumberType | QuantityType)
    assert not isinstance(limit.value, bool | str | PartialDate)
    below = type_.low is not None and limit.value < type_.low
    above = type_.high is not None and limit.value > type_.high
    if below or above:
        end = type_.low if below else type_.high
        assert end is not None
        reader.scope.report(
            "out-of-range",
            f"`{fact.span.text}` is never {'below' if below else 'above'} {format_number(end)},"
            f" so comparing it with {format_number(limit.value)} decides nothing",
            limit.span,
            help="check the number and its unit, or the range of the element",
        )


# --- tests of values, sets and actions -------------------------------------------------------------------


def _negatable(node: SyntaxNode, test: Expression, reader: ExpressionReader) -> Expression:
    return Not(test, _BOOLEAN, reader.span(node)) if node.has("NOT") else test


def _is_known(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    subject = _read(_inner(node), reader)
    if isinstance(subject.type, UnknownType):
        return _broken(reader.span(node))
    known = IsKnown(subject, _BOOLEAN, reader.span(node))
    return known if node.kind == "is_known" else Not(known, _BOOLEAN, reader.span(node))


def _is(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    subject = _read(_inner(node), reader)
    values = list(node.nodes("is_value"))
    span = reader.span(node)
    tests = [_test_value(subject, value, reader, span) for value in values]
    test = tests[0] if len(tests) == 1 else Or(tuple(tests), _BOOLEAN, span)
    if any(isinstance(t.type, UnknownType) for t in tests):
        return _broken(span)
    return _negatable(node, test, reader)


def _test_value(
    subject: Expression, value: SyntaxNode, reader: ExpressionReader, span: Span
) -> Expression:
    token = value.token("NAME", "YES", "NO")
    assert token is not None
    name = str(token)
    match subject.type:
        case UnknownType():
            return _broken(span)
        case BooleanType() if token.type in ("YES", "NO"):
            literal = Literally(token.type == "YES", _BOOLEAN, reader.span(token))
            return Compare("=", subject, literal, _BOOLEAN, span)
        case EnumType() as enum if token.type == "NAME":
            if enum.value(name):
                return IsValue(subject, name, _BOOLEAN, span)
            _unknown_value(name, enum, reader, reader.span(token))
            return _broken(span)
        case ActionType() as action if token.type == "NAME":
            return _test_action(subject, token, action, reader, span)
        case _:
            reader.scope.report(
                "type-mismatch",
                f"a {describe_type(subject.type)} is never `{name}`",
                span,
                help=_condition_help(subject),
            )
            return _broken(span)


def _unknown_value(name: str, enum: EnumType, reader: ExpressionReader, span: Span) -> None:
    if name in reader.scope.damaged:
        return
    names = [v.name for v in enum.values]
    listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    reader.scope.report(
        "unknown-value",
        f"`{name}` is not one of its values",
        span,
        help=did_you_mean(name, names) or f"the values are {listed}",
    )


def _test_action(
    subject: Expression, token: Token, type_: ActionType, reader: ExpressionReader, span: Span
) -> Expression:
    if not _action_of_kind(token, type_, reader):
        return _broken(span)
    return IsA(subject, str(token), _BOOLEAN, span)


def _action_of_kind(token: Token, type_: ActionType, reader: ExpressionReader) -> bool:
    symbol = reader.scope.need("action", token, reader.file)
    if symbol is None:
        return False
    kind = reader.scope.action_kinds.get(symbol.name)
    if kind is not None and kind != type_.kind:
        reader.scope.report(
            "wrong-kind", f"`{token}` is a {kind}, not a {type_.kind}", reader.span(token)
        )
        return False
    return True


def _is_a(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    subject = _read(_inner(node), reader)
    token = node.token("NAME")
    assert token is not None
    span = reader.span(node)
    match subject.type:
        case ActionType() as type_:
            test = _test_action(subject, token, type_, reader, span)
        case EnumType() as enum:
            if not enum.value(str(token)):
                _unknown_value(str(token), enum, reader, reader.span(token))
                return _broken(span)
            test = IsValue(subject, str(token), _BOOLEAN, span)
        case UnknownType():
            return _broken(span)
        case _:
            reader.scope.report(
                "type-mismatch",
                f"`is a` asks about an action or a nested value, and this is a {describe_type(subject.type)}",
                span,
                help=f"of a set, ask `{subject.span.text} contains {token}`",
            )
            return _broken(span)
    return test if isinstance(test.type, UnknownType) else _negatable(node, test, reader)


def _is_empty(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    subject = _read(_inner(node), reader)
    if isinstance(subject.type, UnknownType):
        return _broken(reader.span(node))
    if not isinstance(subject.type, SetType | ListType):
        reader.scope.report(
            "type-mismatch",
            f"only a set or list can be empty, and this is a {describe_type(subject.type)}",
            reader.span(node),
        )
        return _broken(reader.span(node))
    return _negatable(node, IsEmpty(subject, _BOOLEAN, reader.span(node)), reader)


def _contains(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    subject = _read(_inner(node), reader)
    span = reader.span(node)
    if isinstance(subject.type, UnknownType):
        return _broken(span)
    if not isinstance(subject.type, SetType):
        reader.scope.report(
            "type-mismatch",
            f"only a set contains something, and this is a {describe_type(subject.type)}",
            span,
            help=_condition_help(subject),
        )
        return _broken(span)
    tests: list[Expression] = []
    for value in node.nodes("is_value"):
        token = value.token("NAME", "YES", "NO")
        assert token is not None
        name = str(token)
        inner = subject.type.of
        if isinstance(inner, ActionType):
            if token.type != "NAME" or not _action_of_kind(token, inner, reader):
                return _broken(span)
        elif isinstance(inner, EnumType) and inner.value(name) is None:
            _unknown_value(name, inner, reader, reader.span(token))
            return _broken(span)
        tests.append(Contains(subject, name, _BOOLEAN, span))
    if node.kind == "contains":
        return tests[0]
    if node.kind == "contains_any":
        return Or(tuple(tests), _BOOLEAN, span)
    return And(tuple(tests), _BOOLEAN, span)


def _bars(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    subject = _read(_inner(node), reader)
    token = node.token("NAME")
    assert token is not None
    span = reader.span(node)
    if isinstance(subject.type, UnknownType):
        return _broken(span)
    if not isinstance(subject.type, SetType) or not isinstance(subject.type.of, ActionType):
        reader.scope.report("type-mismatch", "only a set of actions bars an action", span)
        return _broken(span)
    if not _action_of_kind(token, subject.type.of, reader):
        return _broken(span)
    return Bars(subject, str(token), _BOOLEAN, span)


def _union(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    left, right = _read(_inner(node, 0), reader), _read(_inner(node, 1), reader)
    span = reader.span(node)
    if isinstance(left.type, UnknownType) or isinstance(right.type, UnknownType):
        return _broken(span)
    if not isinstance(left.type, SetType) or not _fits(right.type, left.type):
        reader.scope.report(
            "type-mismatch",
            f"`union` joins two sets of one type, not {describe_type(left.type)} and {describe_type(right.type)}",
            span,
        )
        return _broken(span)
    return Union(left, right, left.type, span)


# --- lists ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Loop:
    variable: str
    list: Expression
    where: Expression | None
    record: RecordType
    value: Expression | None = None


def _loop(
    node: SyntaxNode, reader: ExpressionReader, value_node: SyntaxNode | None = None
) -> _Loop | None:
    """What `t in LIST where …` says; `value_node` is something about `t` that stands before it."""
    parts = [part for part in node.nodes() if part is not value_node]
    list_ = _read(parts[0], reader)
    token = node.token("NAME")
    assert token is not None
    if isinstance(list_.type, UnknownType):
        return None
    if not isinstance(list_.type, ListType):
        reader.scope.report(
            "type-mismatch",
            f"a list of records is needed here, and this is a {describe_type(list_.type)}",
            reader.span(parts[0]),
            help=_condition_help(list_),
        )
        return None
    variable = str(token)
    if variable in reader.variables or reader.scope.symbol("fact", variable) is not None:
        reader.scope.report(
            "duplicate-name",
            f"`{variable}` already stands for something else",
            reader.span(token),
            help="choose another short name for the record",
        )
        return None
    reader.variables[variable] = list_.type.of
    value = _read(value_node, reader) if value_node is not None else None
    where = _condition(parts[1], reader) if len(parts) > 1 else None
    del reader.variables[variable]
    if any(part is not None and isinstance(part.type, UnknownType) for part in (value, where)):
        return None
    return _Loop(variable, list_, where, list_.type.of, value)


def _quantifier(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    loop = _loop(node, reader)
    span = reader.span(node)
    if loop is None:
        return _broken(span)
    if node.kind == "no_quantifier":
        some = Quantified("any", loop.variable, loop.list, loop.where, _BOOLEAN, span)
        return Not(some, _BOOLEAN, span)
    kind = cast(Literal["any", "every"], str(node.token("QUANTIFIER")))
    return Quantified(kind, loop.variable, loop.list, loop.where, _BOOLEAN, span)


def _count_where(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    loop = _loop(node, reader)
    span = reader.span(node)
    if loop is None:
        return _broken(span)
    return CountWhere(loop.variable, loop.list, loop.where, _COUNT, span)


def _union_where(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    value_node = _inner(node)
    loop = _loop(node, reader, value_node)
    span = reader.span(node)
    if loop is None:
        return _broken(span)
    value = loop.value
    if (
        not isinstance(value, FieldOf)
        or not isinstance(value.record, Variable)
        or value.record.name != loop.variable
    ):
        reader.scope.report(
            "type-mismatch",
            f"`union of` collects a field of the records in `{loop.list.span.text}`",
            reader.span(value_node),
            help=f"write `{loop.variable}.` and the name of a field",
        )
        return _broken(span)
    of = value.type.of if isinstance(value.type, SetType) else value.type
    if not isinstance(of, ActionType | EnumType | BooleanType):
        reader.scope.report(
            "type-mismatch",
            f"no set holds values such as `{value.span.text}`, which is a {describe_type(of)}",
            value.span,
            help="collect a set, a value of a closed list, a boolean or an action",
        )
        return _broken(span)
    return UnionWhere(loop.variable, loop.list, value, loop.where, SetType(of), span)


def _size_of(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    token = node.token("NAME")
    assert token is not None
    subject = _name(node, reader, _UNKNOWN)
    span = reader.span(node)
    if isinstance(subject.type, UnknownType):
        return _broken(span)
    if not isinstance(subject.type, SetType | ListType):
        reader.scope.report(
            "type-mismatch",
            f"`number of` counts a set or list, not a {describe_type(subject.type)}",
            span,
        )
        return _broken(span)
    return SizeOf(subject, _COUNT, span)


def _pick(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    loop = _loop(node, reader)
    span = reader.span(node)
    if loop is None:
        return _broken(span)
    by = list(node.tokens("NAME"))[1]
    record = reader.scope.records.get(loop.record.name)
    chosen = record.field(str(by)) if record else None
    if record is not None and (chosen is None or not isinstance(chosen.type, DateType)):
        reader.scope.report(
            "missing-dating-field",
            f"`{by}` is not a date field of {record.name}",
            reader.span(by),
            help=did_you_mean(
                str(by), [f.name for f in record.fields if isinstance(f.type, DateType)]
            ),
        )
        return _broken(span)
    kind = cast(Literal["latest", "earliest"], str(node.token("PICK")))
    return Pick(kind, loop.variable, loop.list, str(by), loop.where, loop.record, span)


def _field_access(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    record = _read(_inner(node), reader)
    token = node.token("NAME")
    assert token is not None
    span = reader.span(node)
    if isinstance(record.type, UnknownType):
        return _broken(span)
    if not isinstance(record.type, RecordType):
        reader.scope.report(
            "type-mismatch",
            f"only a record has parts, and `{record.span.text}` is a {describe_type(record.type)}",
            span,
        )
        return _broken(span)
    declaration = reader.scope.records.get(record.type.name)
    found = declaration.field(str(token)) if declaration else None
    if found is None:
        names = [f.name for f in declaration.fields] if declaration else []
        reader.scope.report(
            "unknown-name",
            f"a {record.type.name} has no field `{token}`",
            reader.span(token),
            help=did_you_mean(str(token), names) or ("its fields are " + ", ".join(names)),
        )
        return _broken(span)
    return FieldOf(record, found.name, found.type, span)


# --- arithmetic -----------------------------------------------------------------------------------------


def _arithmetic(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    operator_token = node.token("SUM_OPERATOR", "MINUS", "PRODUCT_OPERATOR")
    assert operator_token is not None
    operator = cast(Literal["+", "-", "*", "/"], str(operator_token))
    left, right = _read(_inner(node, 0), reader, expected if operator in "+-" else _UNKNOWN), None
    right = _read(_inner(node, 1), reader)
    span = reader.span(node)
    if isinstance(left.type, UnknownType) or isinstance(right.type, UnknownType):
        return _broken(span)
    if isinstance(left.type, DateType):
        return _date_arithmetic(operator, left, right, reader, span)
    if not (_is_numeric(left.type) and _is_numeric(right.type)):
        reader.scope.report(
            "type-mismatch",
            f"`{operator}` needs numbers, not {describe_type(left.type)} and {describe_type(right.type)}",
            span,
        )
        return _broken(span)
    if operator in ("+", "-"):
        matched = _same_unit(left, right, reader, operator_token)
        if matched is None:
            return _broken(span)
        left, right = matched
        return Arithmetic(operator, left, right, _result(left.type), span)
    if operator == "*":
        if isinstance(left.type, QuantityType) and isinstance(right.type, QuantityType):
            reader.scope.report("type-mismatch", "two quantities cannot be multiplied", span)
            return _broken(span)
        type_ = right.type if isinstance(right.type, QuantityType) else left.type
        return Arithmetic("*", left, right, _result(type_), span)
    if not _never_zero(right):
        reader.scope.report(
            "possible-division-by-zero",
            f"`{right.span.text}` may be zero, and then this has no value",
            right.span,
            help="divide by a number, or declare a range without zero for it",
        )
        return _broken(span)
    if isinstance(right.type, QuantityType):
        if not isinstance(left.type, QuantityType):
            reader.scope.report("type-mismatch", "a number cannot be divided by a quantity", span)
            return _broken(span)
        converted = _convert(right, right.type.unit, left.type.unit, reader)
        if converted is None:
            return _broken(span)
        return Arithmetic("/", left, converted, NumberType(), span)
    return Arithmetic("/", left, right, _result(left.type), span)


def _result(type_: Type) -> Type:
    return QuantityType(type_.unit) if isinstance(type_, QuantityType) else NumberType()


def _never_zero(expression: Expression) -> bool:
    if isinstance(expression, Literally):
        return expression.value != 0
    type_ = expression.type
    assert isinstance(type_, CountType | NumberType | QuantityType)
    return (type_.low is not None and type_.low > 0) or (type_.high is not None and type_.high < 0)


def _date_arithmetic(
    operator: str, left: Expression, right: Expression, reader: ExpressionReader, span: Span
) -> Expression:
    if isinstance(right.type, DateType):
        reader.scope.report(
            "date-order",
            "dates are not subtracted, since months differ in length",
            span,
            help=f"write `months between {right.span.text} and {left.span.text}`",
        )
        return _broken(span)
    units = {parse_unit(code) for code in ("a", "mo", "wk", "d")}
    if (
        operator not in ("+", "-")
        or not isinstance(right.type, QuantityType)
        or right.type.unit not in units
        or not isinstance(right, Literally)
        or not isinstance(right.value, int)
    ):
        reader.scope.report(
            "date-order",
            "a date is shifted by a whole number of years, months, weeks or days",
            right.span,
            help="write for example `+ 3 months`",
        )
        return _broken(span)
    return Arithmetic(cast(Literal["+", "-"], operator), left, right, DateType(), span)


def _negative(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    operand = _read(_inner(node), reader)
    span = reader.span(node)
    if isinstance(operand.type, UnknownType):
        return _broken(span)
    if not _is_numeric(operand.type):
        reader.scope.report(
            "type-mismatch", f"`-` needs a number, not a {describe_type(operand.type)}", span
        )
        return _broken(span)
    if isinstance(operand, Literally):
        assert not isinstance(operand.value, bool | str | PartialDate)
        return Literally(-operand.value, operand.type, span)
    return Negative(operand, _result(operand.type), span)


def _duration(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    unit_word = cast(Literal["years", "months", "weeks", "days"], str(node.token("PERIOD")))
    start, end = (
        _read(_inner(node, 0), reader, DateType()),
        _read(_inner(node, 1), reader, DateType()),
    )
    span = reader.span(node)
    for side in (start, end):
        if isinstance(side.type, UnknownType):
            return _broken(span)
        if not isinstance(side.type, DateType):
            reader.scope.report(
                "date-order",
                f"`{unit_word} between` needs two dates, and this is a {describe_type(side.type)}",
                side.span,
            )
            return _broken(span)
    unit = parse_unit(unit_word)
    assert isinstance(unit, Unit)
    begun = node.has("BEGUN")
    return Between(unit_word, start, end, begun, QuantityType(unit), span)


def _ever(node: SyntaxNode, reader: ExpressionReader, expected: Type) -> Expression:
    operand = _read(_inner(node), reader, expected)
    return Ever(operand, operand.type, reader.span(node))


_Handler = Callable[[SyntaxNode, ExpressionReader, Type], Expression]
_HANDLERS: dict[str, _Handler] = {
    "name": _name,
    "quantity": _quantity,
    "date": _date,
    "yes": _yes_no,
    "no": _yes_no,
    "today": _today,
    "unknown": _unknown,
    "parenthesis": _parenthesis,
    "and_": _connective,
    "or_": _connective,
    "not_": _negation,
    "threshold": _threshold,
    "compare": _compare,
    "is_known": _is_known,
    "is_unknown": _is_known,
    "is_": _is,
    "is_one_of": _is,
    "is_a": _is_a,
    "is_empty": _is_empty,
    "contains": _contains,
    "contains_any": _contains,
    "contains_all": _contains,
    "bars": _bars,
    "union": _union,
    "quantifier": _quantifier,
    "no_quantifier": _quantifier,
    "count_where": _count_where,
    "union_where": _union_where,
    "size_of": _size_of,
    "pick": _pick,
    "field_access": _field_access,
    "arithmetic": _arithmetic,
    "negative": _negative,
    "duration": _duration,
    "ever": _ever,
}
EXPRESSION_RULES = tuple(_HANDLERS)
"""The grammar rules that are expressions."""
