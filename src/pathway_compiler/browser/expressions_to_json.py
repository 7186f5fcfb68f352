"""Expressions as trees of JSON: `op` says which kind a node is, and an author's text is never read again."""

from typing import assert_never

from pathway_compiler.browser.values_to_json import EnumTable, Json, value_to_json
from pathway_compiler.model.describe import describe_condition
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
    SizeOf,
    Today,
    Union,
    UnionWhere,
    UnknownLiteral,
    Variable,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ActionType, EnumType, QuantityType, SetType

__all__ = ["condition_to_json", "expression_to_json"]

_REFERENCES = {
    "element": "fact",
    "definition": "fact",
    "reading": "fact",
    "parameter": "parameter",
    "pathway_parameter": "argument",
}


def condition_to_json(condition: Expression, guideline: Guideline, enums: EnumTable) -> Json:
    """A condition with the words in which results quote it."""
    return {
        "if": expression_to_json(condition, enums),
        "text": describe_condition(condition, guideline),
    }


def expression_to_json(expression: Expression, enums: EnumTable) -> Json:
    """One expression. Where a value is compared, the node names the closed list that it belongs to."""

    def inner(part: Expression) -> Json:
        return expression_to_json(part, enums)

    match expression:
        case Literally():
            return {"op": "value", "value": value_to_json(expression.value)}
        case UnknownLiteral():
            return {"op": "unknown"}
        case Reference():
            return {"op": _REFERENCES[expression.kind], "name": expression.name}
        case Variable():
            return {"op": "variable", "name": expression.name}
        case FieldOf():
            return {"op": "field", "field": expression.field, "record": inner(expression.record)}
        case Not():
            return {"op": "not", "operand": inner(expression.operand)}
        case And():
            return {"op": "and", "operands": [inner(o) for o in expression.operands]}
        case Or():
            return {"op": "or", "operands": [inner(o) for o in expression.operands]}
        case AtLeast():
            return {
                "op": expression.kind,
                "number": expression.number,
                "operands": [inner(o) for o in expression.operands],
            }
        case Compare():
            type_ = expression.left.type
            return {
                "op": "compare",
                "operator": expression.operator,
                "left": inner(expression.left),
                "right": inner(expression.right),
                **({"enum": enums.name_of(type_)} if isinstance(type_, EnumType) else {}),
            }
        case IsValue():
            type_ = expression.subject.type
            assert isinstance(type_, EnumType)
            return {
                "op": "is",
                "subject": inner(expression.subject),
                "value": expression.value,
                "enum": enums.name_of(type_),
            }
        case IsA():
            return {
                "op": "is a",
                "subject": inner(expression.subject),
                "action": expression.action,
            }
        case IsKnown():
            return {"op": "is known", "subject": inner(expression.subject)}
        case IsEmpty():
            return {"op": "is empty", "subject": inner(expression.subject)}
        case Contains():
            return _contains(expression, enums)
        case Bars():
            return {
                "op": "bars",
                "subject": inner(expression.subject),
                "action": expression.action,
            }
        case Quantified():
            return {"op": expression.kind, **_loop(expression, enums)}
        case CountWhere():
            return {"op": "number of", **_loop(expression, enums)}
        case SizeOf():
            return {"op": "size", "subject": inner(expression.subject)}
        case Pick():
            return {"op": expression.kind, "by": expression.by, **_loop(expression, enums)}
        case Arithmetic():
            type_ = expression.right.type
            unit = type_.unit.code if isinstance(type_, QuantityType) else None
            return {
                "op": "arithmetic",
                "operator": expression.operator,
                "left": inner(expression.left),
                "right": inner(expression.right),
                **({"unit": unit} if unit is not None else {}),
            }
        case Negative():
            return {"op": "negative", "operand": inner(expression.operand)}
        case Between():
            return {
                "op": "between",
                "unit": expression.unit,
                "start": inner(expression.start),
                "end": inner(expression.end),
                **({"begun": True} if expression.begun else {}),
            }
        case Today():
            return {"op": "today"}
        case Ever():
            return {"op": "ever", "operand": inner(expression.operand)}
        case Union():
            return {"op": "union", "left": inner(expression.left), "right": inner(expression.right)}
        case UnionWhere():
            return {
                "op": "union of",
                "item": inner(expression.value),
                **_loop(expression, enums),
            }
        case _:
            assert_never(expression)


def _contains(expression: Contains, enums: EnumTable) -> Json:
    type_ = expression.subject.type
    assert isinstance(type_, SetType)
    subject = expression_to_json(expression.subject, enums)
    found: Json = {"op": "contains", "subject": subject, "value": expression.value}
    match type_.of:
        case EnumType():
            return {**found, "of": "enum", "enum": enums.name_of(type_.of)}
        case ActionType():
            return {**found, "of": "action"}
        case _:
            return {**found, "of": "boolean"}


def _loop(expression: Quantified | CountWhere | Pick | UnionWhere, enums: EnumTable) -> Json:
    found: Json = {
        "variable": expression.variable,
        "list": expression_to_json(expression.list, enums),
    }
    if expression.where is not None:
        found["where"] = expression_to_json(expression.where, enums)
    return found
