"""The types of the language."""

from dataclasses import dataclass, field

from pathway_compiler.datatypes.number import Number, format_number
from pathway_compiler.datatypes.units import Unit
from pathway_compiler.diagnostics.span import Span

__all__ = [
    "ActionType",
    "BooleanType",
    "Coding",
    "CountType",
    "DateType",
    "EnumType",
    "EnumValue",
    "ListType",
    "NumberType",
    "NumericType",
    "QuantityType",
    "RecordType",
    "SetType",
    "Type",
    "UnknownType",
    "describe_type",
]


@dataclass(frozen=True, slots=True)
class Coding:
    """A code in a terminology: `system` is the short name an author writes (snomed, loinc, rxnorm)."""

    system: str
    code: str


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of a closed list, with its parent when values are nested (`t1c` is a `t1`)."""

    name: str
    label: str
    parent: str | None = None
    codes: tuple[Coding, ...] = ()


@dataclass(frozen=True, slots=True)
class BooleanType:
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class EnumType:
    """One value of a closed list, in the author's order; `<` and `>` only when `ordered`."""

    name: str | None
    values: tuple[EnumValue, ...]
    ordered: bool = False
    label: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    def value(self, name: str) -> EnumValue | None:
        return next((v for v in self.values if v.name == name), None)

    def label_of(self, name: str) -> str:
        value = self.value(name)
        return value.label if value else name

    def ancestors(self, name: str) -> tuple[str, ...]:
        """The value itself and every value that contains it, nearest first."""
        chain: list[str] = []
        value = self.value(name)
        while value is not None:
            chain.append(value.name)
            value = self.value(value.parent) if value.parent else None
        return tuple(chain)

    def leaves(self, name: str | None = None) -> tuple[str, ...]:
        """The values without parts, all or those within a value, in order."""
        parents = {v.parent for v in self.values}
        found = (v.name for v in self.values if v.name not in parents)
        return tuple(n for n in found if name is None or name in self.ancestors(n))


@dataclass(frozen=True, slots=True)
class CountType:
    """A whole number, zero or more."""

    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number without a unit."""

    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class QuantityType:
    """A number in a unit of UCUM, with its plausible range in that unit."""

    unit: Unit
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True, slots=True)
class DateType:
    """A calendar date, possibly only a year or a month."""


@dataclass(frozen=True, slots=True)
class ActionType:
    """An action of the guideline: an agent, procedure, investigation or service, or a class of them."""

    kind: str


@dataclass(frozen=True, slots=True)
class SetType:
    """Any number of different values of one type."""

    of: "BooleanType | EnumType | ActionType"


@dataclass(frozen=True, slots=True)
class RecordType:
    """An entry with named parts; named, because records are told apart by name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """Any number of records of one kind, in no particular order."""

    of: RecordType


@dataclass(frozen=True, slots=True)
class UnknownType:
    """The type of the word `unknown`, and of what has been reported as wrong already."""


NumericType = CountType | NumberType | QuantityType
Type = (
    BooleanType
    | EnumType
    | CountType
    | NumberType
    | QuantityType
    | DateType
    | ActionType
    | SetType
    | RecordType
    | ListType
    | UnknownType
)


def describe_type(type_: Type) -> str:
    """The type as an author would write it."""
    match type_:
        case BooleanType():
            return "boolean"
        case EnumType():
            return type_.name or "one of " + " | ".join(v.name for v in type_.values)
        case CountType():
            return "count" + _range(type_.low, type_.high)
        case NumberType():
            return "number" + _range(type_.low, type_.high)
        case QuantityType():
            return f"quantity in {type_.unit.display}" + _range(type_.low, type_.high)
        case DateType():
            return "date"
        case ActionType():
            return type_.kind
        case SetType():
            return f"set of {describe_type(type_.of)}"
        case RecordType():
            return type_.name
        case ListType():
            return f"list of {type_.of.name}"
        case UnknownType():
            return "unknown"


def _range(low: Number | None, high: Number | None) -> str:
    if low is None or high is None:
        return ""
    return f" from {format_number(low)} to {format_number(high)}"
