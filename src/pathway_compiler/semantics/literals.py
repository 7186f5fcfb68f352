"""Data literals: values written in cases and parameters, read by the type that is expected."""

from pathway_compiler.datatypes.number import Number, format_number, parse_number
from pathway_compiler.datatypes.partial_date import parse_date
from pathway_compiler.datatypes.truth import Missing, Reason, Unknown
from pathway_compiler.datatypes.units import UnitError, convert
from pathway_compiler.diagnostics.suggest import did_you_mean
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    ListType,
    NumberType,
    QuantityType,
    RecordType,
    SetType,
    Type,
    UnknownType,
    describe_type,
)
from pathway_compiler.model.vocabulary import Entry, ListValue, Scalar, SetValue, Value
from pathway_compiler.semantics.scope import Scope
from pathway_compiler.semantics.text import unquote
from pathway_compiler.semantics.type_expressions import read_unit
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode

__all__ = ["LITERAL_RULES", "REASONS", "read_literal"]

LITERAL_RULES = (
    "number_literal", "date_literal", "name_literal", "yes_literal", "no_literal", "unknown_literal",
    "set_literal", "list_literal", "record_literal",
)  # fmt: skip

REASONS = {
    reason.value: reason
    for reason in (
        Reason.NOT_RECORDED,
        Reason.NOT_ASKED,
        Reason.NOT_KNOWN,
        Reason.NOT_DONE,
        Reason.UNINTERPRETABLE,
    )
}
"""The reasons for missing data that an author or a data file can give."""


def read_literal(
    node: SyntaxNode, expected: Type, name: str, file: ParsedFile, scope: Scope
) -> Value | Unknown | None:
    """The value of a literal for the fact `name`; None after a reported mistake."""
    if node.kind == "unknown_literal":
        return _unknown(node, name, file, scope)
    match expected:
        case UnknownType():
            return None
        case SetType() if node.kind == "set_literal":
            items: set[Scalar] = set()
            for child in node.nodes(*LITERAL_RULES):
                value = _scalar(child, expected.of, file, scope)
                if value is None:
                    return None
                items.add(value)
            return SetValue(frozenset(items), not node.has("ELLIPSIS"))
        case ListType() if node.kind == "list_literal":
            entries: list[Entry] = []
            for child in node.nodes(*LITERAL_RULES):
                entry = _entry(child, expected.of, name, file, scope)
                if entry is None:
                    return None
                entries.append(entry)
            return ListValue(tuple(entries), not node.has("ELLIPSIS"))
        case SetType() | ListType() | RecordType():
            brackets = "{…}" if isinstance(expected, SetType) else "[{…}]"
            scope.report(
                "type-mismatch",
                f"`{name}` is a {describe_type(expected)}",
                file.span(node),
                help=f"write its values in brackets: `{brackets}`",
            )
            return None
        case _:
            return _scalar(node, expected, file, scope)


def _unknown(node: SyntaxNode, name: str, file: ParsedFile, scope: Scope) -> Unknown | None:
    token = node.token("STRING")
    if token is None:
        return Unknown(frozenset({Missing(name, Reason.NOT_RECORDED)}))
    words = unquote(token)
    if words not in REASONS:
        scope.report(
            "unknown-reason",
            f"`{words}` is not a reason for missing data",
            file.span(token),
            help=did_you_mean(words, REASONS) or "the reasons are " + ", ".join(REASONS),
        )
        return None
    return Unknown(frozenset({Missing(name, REASONS[words])}))


def _entry(
    node: SyntaxNode, record_type: RecordType, name: str, file: ParsedFile, scope: Scope
) -> Entry | None:
    record = scope.records.get(record_type.name)
    if record is None:
        return None
    if node.kind != "record_literal":
        scope.report(
            "type-mismatch",
            f"`{name}` holds {record.name} records",
            file.span(node),
            help="write `{field: value, …}`",
        )
        return None
    fields: dict[str, Scalar | SetValue | Unknown] = {}
    for item in node.nodes("entry_literal"):
        token, value_node = item.token("NAME"), item.node(*LITERAL_RULES)
        assert token is not None and value_node is not None
        field = record.field(str(token))
        if field is None:
            scope.report(
                "unknown-name",
                f"a {record.name} has no field `{token}`",
                file.span(token),
                help=did_you_mean(str(token), [f.name for f in record.fields]),
            )
            return None
        if field.name in fields:
            scope.report("duplicate-item", f"`{token}` is given twice", file.span(token))
            return None
        value = read_literal(value_node, field.type, f"{name}.{field.name}", file, scope)
        if value is None or isinstance(value, ListValue):
            return None
        fields[field.name] = value
    return Entry(tuple(sorted(fields.items())))


def _scalar(node: SyntaxNode, expected: Type, file: ParsedFile, scope: Scope) -> Scalar | None:
    span = file.span(node)
    match node.kind, expected:
        case (("yes_literal" | "no_literal"), BooleanType()):
            return node.kind == "yes_literal"
        case "date_literal", DateType():
            date = parse_date(str(node.token("DATE")))
            if date is None:
                scope.report(
                    "invalid-date", f"the calendar has no day `{node.token('DATE')}`", span
                )
            return date
        case "number_literal", DateType():
            date = parse_date(str(node.token("NUMBER")))
            if date is None:
                scope.report("invalid-date", f"`{node.token('NUMBER')}` is not a year", span)
            return date
        case "number_literal", CountType() | NumberType() | QuantityType():
            return _number(node, expected, file, scope)
        case "name_literal", EnumType():
            name = str(node.token("NAME"))
            if expected.value(name):
                return name
            names = [v.name for v in expected.values]
            scope.report(
                "unknown-value",
                f"`{name}` is not one of its values",
                span,
                help=did_you_mean(name, names) or "the values are " + ", ".join(names),
            )
            return None
        case "name_literal", ActionType():
            token = node.token("NAME")
            assert token is not None
            symbol = scope.need("action", token, file)
            if symbol is None:
                return None
            kind = scope.action_kinds.get(symbol.name, expected.kind)
            if kind != expected.kind:
                scope.report("wrong-kind", f"`{token}` is a {kind}, not a {expected.kind}", span)
                return None
            return symbol.name
        case _:
            hint = {
                BooleanType: "write `yes` or `no`",
                DateType: "write a date such as 2019-03-01, 2019-03 or 2019",
            }.get(type(expected))
            scope.report(
                "type-mismatch", f"a {describe_type(expected)} is needed here", span, help=hint
            )
            return None


def _number(
    node: SyntaxNode,
    expected: CountType | NumberType | QuantityType,
    file: ParsedFile,
    scope: Scope,
) -> Number | None:
    span = file.span(node)
    number = parse_number(str(node.token("NUMBER")))
    if number is None:
        scope.report("syntax-error", "this number has more digits than are read", span)
        return None
    if node.has("MINUS"):
        number = -number
    unit_node = node.node("unit")
    if isinstance(expected, QuantityType):
        if unit_node is None:
            scope.report(
                "bare-number",
                f"a quantity in {expected.unit.display} is needed here, and this has no unit",
                span,
                help=f"write `{span.text} {expected.unit.display}`",
            )
            return None
        unit = read_unit(unit_node, file, scope)
        if unit is None:
            return None
        converted = convert(number, unit, expected.unit)
        if isinstance(converted, UnitError):
            scope.report("unit-mismatch", converted.message, file.span(unit_node))
            return None
        number = converted
    elif unit_node is not None:
        scope.report(
            "type-mismatch", "a number without a unit is needed here", file.span(unit_node)
        )
        return None
    elif isinstance(expected, CountType) and not isinstance(number, int):
        scope.report("type-mismatch", "a whole number is needed here", span)
        return None
    low, high = expected.low, expected.high
    if (low is not None and number < low) or (high is not None and number > high):
        ends = f"{format_number(low) if low is not None else '…'} to {format_number(high) if high is not None else '…'}"
        scope.report(
            "out-of-range", f"{format_number(number)} is outside the range from {ends}", span
        )
        return None
    return number
