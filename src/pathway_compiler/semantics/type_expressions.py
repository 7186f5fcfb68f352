"""Types as authors write them."""

from pathway_compiler.datatypes.number import Number, parse_number
from pathway_compiler.datatypes.units import Unit, UnitError, parse_unit
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    EnumValue,
    ListType,
    NumberType,
    QuantityType,
    RecordType,
    SetType,
    Type,
    UnknownType,
    describe_type,
)
from pathway_compiler.model.vocabulary import Field, RecordDeclaration
from pathway_compiler.semantics.scope import Scope, Symbol
from pathway_compiler.semantics.text import codings, label_of, note_of
from pathway_compiler.syntax.parser import MAXIMAL_NESTING
from pathway_compiler.syntax.tree import ParsedFile, SyntaxNode

__all__ = ["TYPE_RULES", "read_record", "read_type", "read_type_declaration", "read_unit"]

TYPE_RULES = (
    "boolean_type", "one_of_type", "ordered_type", "set_type", "list_type", "count_type", "number_type",
    "quantity_type", "date_type", "action_type", "named_type",
)  # fmt: skip


def read_type_declaration(symbol: Symbol, scope: Scope) -> EnumType:
    """`type site "Metastatic site":` with its values, nested ones below their parent."""
    values: list[EnumValue] = []

    def read_values(node: SyntaxNode, parent: str | None, depth: int = 0) -> None:
        for item in node.nodes("type_value"):
            if depth == MAXIMAL_NESTING:
                scope.report(
                    "nesting-too-deep",
                    f"values are nested more than {MAXIMAL_NESTING} deep here",
                    symbol.file.span(item.token("NAME") or item),
                    help="list the values within fewer others",
                )
                return
            token = item.token("NAME")
            if token is None:
                continue
            name = str(token)
            if any(v.name == name for v in values):
                first = next(
                    symbol.file.span(t)
                    for n in _all_values(symbol.node)
                    for t in n.tokens("NAME")
                    if str(t) == name
                )
                scope.duplicate("value", name, symbol.file.span(token), first)
                continue
            values.append(
                EnumValue(name, label_of(item, _words(name)), parent, codings(item.node("codes")))
            )
            read_values(item, name, depth + 1)

    read_values(symbol.node, None)
    ordered = symbol.node.has("ORDERED")
    return EnumType(symbol.name, tuple(values), ordered, label_of(symbol.node), symbol.span)


def _all_values(node: SyntaxNode) -> list[SyntaxNode]:
    found: list[SyntaxNode] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current is not node:
            found.append(current)
        waiting.extend(reversed(list(current.nodes("type_value"))))
    return found


def read_record(symbol: Symbol, scope: Scope) -> RecordDeclaration:
    """`record therapy "Systemic therapy" dated by started:` with its fields."""
    fields: list[Field] = []
    for item in symbol.node.nodes("field"):
        token = item.token("NAME")
        if token is None:
            continue
        name = str(token)
        if any(f.name == name for f in fields):
            scope.report(
                "duplicate-name", f"field `{name}` is declared twice", symbol.file.span(token)
            )
            continue
        type_ = read_type(_type_node(item), symbol.file, scope)
        if isinstance(type_, ListType | RecordType):
            scope.report(
                "type-mismatch",
                f"a field cannot be a {describe_type(type_)}",
                symbol.file.span(token),
                help="records hold single values and sets; declare another element for the list",
            )
            continue
        fields.append(Field(name, label_of(item, _words(name)), type_))
    names = [str(t) for t in symbol.node.tokens("NAME")]
    dated_by = names[1] if len(names) > 1 else None
    if dated_by is not None:
        field = next((f for f in fields if f.name == dated_by), None)
        if field is None or not isinstance(field.type, DateType):
            scope.report(
                "missing-dating-field",
                f"`{dated_by}` is not a date field of this record",
                symbol.file.span(list(symbol.node.tokens("NAME"))[1]),
                help=f"declare it: `{dated_by}: date`",
            )
            dated_by = None
    return RecordDeclaration(
        symbol.name,
        label_of(symbol.node),
        tuple(fields),
        dated_by,
        note_of(symbol.node),
        symbol.span,
    )


def _type_node(node: SyntaxNode) -> SyntaxNode:
    found = node.node(*TYPE_RULES)
    assert found is not None, "the grammar requires a type"
    return found


def read_type(node: SyntaxNode, file: ParsedFile, scope: Scope) -> Type:
    """The type a type expression stands for; `UnknownType` after a reported mistake."""
    match node.kind:
        case "boolean_type":
            return BooleanType()
        case "date_type":
            return DateType()
        case "one_of_type" | "ordered_type":
            return _inline_enum(node, file, scope)
        case "count_type":
            low, high = _range(node, file, scope)
            return CountType(low if low is not None else 0, high)
        case "number_type":
            return NumberType(*_range(node, file, scope))
        case "quantity_type":
            unit_node = node.node("unit")
            unit = read_unit(unit_node, file, scope) if unit_node else None
            if unit is None:
                return UnknownType()
            return QuantityType(unit, *_range(node, file, scope))
        case "action_type":
            kind = str(node.token("ACTION_KIND"))
            return ActionType(kind)
        case "set_type":
            inner_node = node.node(*TYPE_RULES)
            inner = read_type(inner_node, file, scope) if inner_node else UnknownType()
            if isinstance(inner, BooleanType | EnumType | ActionType):
                return SetType(inner)
            if not isinstance(inner, UnknownType):
                scope.report(
                    "type-mismatch",
                    f"a set holds named values or actions, not {describe_type(inner)}",
                    file.span(node),
                )
            return UnknownType()
        case "list_type":
            token = node.token("NAME")
            assert token is not None
            symbol = scope.need("type", token, file)
            if symbol is None:
                return UnknownType()
            if symbol.rule != "record":
                scope.report(
                    "wrong-kind",
                    f"`{token}` is a type, and a list holds records",
                    file.span(token),
                    help=f"write `set of {token}`",
                )
                return UnknownType()
            return ListType(RecordType(symbol.name))
        case _:
            token = node.token("NAME")
            assert token is not None
            symbol = scope.need("type", token, file)
            if symbol is None:
                return UnknownType()
            if symbol.rule == "record":
                scope.report(
                    "wrong-kind",
                    f"`{token}` is a record; an element holds a list of them",
                    file.span(token),
                    help=f"write `list of {token}`",
                )
                return UnknownType()
            return scope.types.get(symbol.name, UnknownType())


def read_unit(node: SyntaxNode, file: ParsedFile, scope: Scope) -> Unit | None:
    """A unit of UCUM; reported when there is none of that name."""
    token = node.token("UNIT", "QUOTED_UNIT")
    assert token is not None
    found = parse_unit(str(token).strip("'"))
    if isinstance(found, UnitError):
        scope.report(
            "unknown-unit",
            found.message,
            file.span(token),
            help=f"did you mean `{found.suggestion}`?" if found.suggestion else None,
        )
        return None
    return found


def _inline_enum(node: SyntaxNode, file: ParsedFile, scope: Scope) -> EnumType:
    values: list[EnumValue] = []
    for item in node.nodes("named"):
        token = item.token("NAME")
        assert token is not None
        if any(v.name == str(token) for v in values):
            scope.report("duplicate-name", f"value `{token}` is listed twice", file.span(token))
            continue
        values.append(EnumValue(str(token), label_of(item, _words(str(token)))))
    return EnumType(None, tuple(values), node.kind == "ordered_type")


def _range(node: SyntaxNode, file: ParsedFile, scope: Scope) -> tuple[Number | None, Number | None]:
    found = node.node("range")
    if found is None:
        return None, None
    ends = []
    for signed in found.nodes("signed"):
        number = parse_number(str(signed.token("NUMBER"))) or 0
        ends.append(-number if signed.has("MINUS") else number)
    low, high = ends
    if low > high:
        scope.report(
            "invalid-range",
            "this range ends below its start",
            file.span(found),
            help="write the smaller number first",
        )
        return None, None
    return low, high


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
