"""Conditions and other expressions, typed. Every expression knows its type and its place."""

from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.datatypes.number import Number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.types import Type

__all__ = [
    "And", "Arithmetic", "AtLeast", "Bars", "Between", "Compare", "Contains", "CountWhere",
    "Ever", "Expression", "FieldOf", "IsA", "IsEmpty", "IsKnown", "IsValue", "Literally", "Negative", "Not",
    "Or", "Pick", "Quantified", "Reference", "ReferenceKind", "SizeOf", "Today", "Union", "UnionWhere",
    "UnknownLiteral", "Variable", "children",
]  # fmt: skip

ReferenceKind = Literal["element", "definition", "reading", "parameter", "pathway_parameter"]


def _place() -> Span:
    return field(compare=False, repr=False)  # type: ignore[no-any-return]  # dataclasses types field() as its default


@dataclass(frozen=True, slots=True)
class Literally:
    """A value written in the text; numbers are already in the unit of the other side."""

    value: "bool | str | Number | PartialDate"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class UnknownLiteral:
    """The word `unknown`."""

    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Reference:
    """A named fact: a data element, a definition, a reading, a parameter."""

    kind: ReferenceKind
    name: str
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Variable:
    """The record at hand within `any t in …`."""

    name: str
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class FieldOf:
    """One part of a record: `t.agent`."""

    record: "Expression"
    field: str
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple["Expression", ...]
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple["Expression", ...]
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`at least 2 of (…)`, and with `kind` also `at most` and `exactly`."""

    kind: Literal["at least", "at most", "exactly"]
    number: int
    operands: tuple["Expression", ...]
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Compare:
    """Numbers, quantities, dates and ordered values against each other; booleans by `=` and `!=`."""

    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: "Expression"
    right: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class IsValue:
    """`her2_status is positive`; with nested values `t1c` is a `t1`."""

    subject: "Expression"
    value: str
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class IsA:
    """`t.agent is a taxane`: an action belongs to a class, or is that action."""

    subject: "Expression"
    action: str
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class IsKnown:
    """`x is known`: the only two-valued test of a missing fact."""

    subject: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class IsEmpty:
    subject: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Contains:
    """`sites contains brain`; of agents, exposure rolls up: a set with paclitaxel contains a taxane."""

    subject: "Expression"
    value: str
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Bars:
    """`contraindications bars paclitaxel`: contraindication rolls down from class to agent."""

    subject: "Expression"
    action: str
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Quantified:
    """`any t in list where …` (some record) or `every t in list where …` (all records)."""

    kind: Literal["any", "every"]
    variable: str
    list: "Expression"
    where: "Expression | None"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class CountWhere:
    """`number of t in list where …`."""

    variable: str
    list: "Expression"
    where: "Expression | None"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class SizeOf:
    """`number of sites`: how many values a set or records a list has."""

    subject: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Pick:
    """`latest b in biopsies by taken where …`: one record of a list."""

    kind: Literal["latest", "earliest"]
    variable: str
    list: "Expression"
    by: str
    where: "Expression | None"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sums and products of numbers and quantities, and a date shifted by calendar time."""

    operator: Literal["+", "-", "*", "/"]
    left: "Expression"
    right: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Negative:
    operand: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Between:
    """`months between a and b`: completed calendar periods (CQL 1.5 `months between`).

    With `begun` a period counts as soon as a day of it has passed, so that a limit says `within`.
    """

    unit: Literal["years", "months", "weeks", "days"]
    start: "Expression"
    end: "Expression"
    begun: bool
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Today:
    """The `as of` date of the evaluation; never the clock."""

    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Ever:
    """A fact read whatever its date, also after a review."""

    operand: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class Union:
    """Two sets in one."""

    left: "Expression"
    right: "Expression"
    type: Type
    span: Span = _place()


@dataclass(frozen=True, slots=True)
class UnionWhere:
    """`union of t.agents for t in list where …`: what a field holds in any of these records, as a set."""

    variable: str
    list: "Expression"
    value: FieldOf
    where: "Expression | None"
    type: Type
    span: Span = _place()


Expression = (
    Literally | UnknownLiteral | Reference | Variable | FieldOf | Not | And | Or | AtLeast | Compare
    | IsValue | IsA | IsKnown | IsEmpty | Contains | Bars | Quantified | CountWhere | SizeOf | Pick
    | Arithmetic | Negative | Between | Today | Ever | Union | UnionWhere
)  # fmt: skip


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly within an expression, in the order of the text."""
    match expression:
        case Literally() | UnknownLiteral() | Reference() | Variable() | Today():
            return ()
        case FieldOf():
            return (expression.record,)
        case Not() | Negative() | Ever():
            return (expression.operand,)
        case And() | Or() | AtLeast():
            return expression.operands
        case Compare() | Arithmetic() | Union():
            return (expression.left, expression.right)
        case IsValue() | IsA() | IsKnown() | IsEmpty() | Contains() | Bars() | SizeOf():
            return (expression.subject,)
        case Quantified() | CountWhere() | Pick():
            if expression.where is None:
                return (expression.list,)
            return (expression.list, expression.where)
        case UnionWhere():
            if expression.where is None:
                return (expression.list, expression.value)
            return (expression.list, expression.value, expression.where)
        case Between():
            return (expression.start, expression.end)
