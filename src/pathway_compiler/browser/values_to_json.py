"""Values and types of the model as exact JSON."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from pathway_compiler.datatypes.number import Number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
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
)
from pathway_compiler.model.vocabulary import Entry, ListValue, SetValue, Value

__all__ = [
    "EnumTable",
    "Json",
    "number_to_json",
    "type_to_json",
    "value_to_json",
    "without_nothing",
]

Json = dict[str, object]

_LARGEST_SAFE = 2**53 - 1
"""Larger whole numbers are not exact in JavaScript, and are written as text."""


def number_to_json(number: Number) -> int | str:
    """A whole number as a number, a fraction as `5/2`."""
    if isinstance(number, Fraction) and number.denominator != 1:
        return f"{number.numerator}/{number.denominator}"
    whole = int(number)
    return whole if abs(whole) <= _LARGEST_SAFE else str(whole)


def value_to_json(value: Value | Unknown) -> object:
    """A value: yes or no and names as they are, everything else as an object that says what it is."""
    match value:
        case bool() | str():
            return value
        case int() | Fraction():
            return {"number": number_to_json(value)}
        case PartialDate():
            return {"date": str(value)}
        case Unknown():
            missing = [[m.element, m.reason.value] for m in sorted(value.because)]
            return {"unknown": missing}
        case SetValue():
            names = [value_to_json(item) for item in sorted(value.items, key=str)]
            return {"set": names, "complete": value.complete}
        case ListValue():
            return {"list": [_entry(e) for e in value.items], "complete": value.complete}
        case _:
            assert_never(value)


def _entry(entry: Entry) -> Json:
    return {name: value_to_json(value) for name, value in entry.fields}


@dataclass(frozen=True, slots=True)
class EnumTable:
    """The closed lists of values that a document needs, each written once.

    A list that stands in an element itself has no name of its own; it is called `(1)`, `(2)` …
    """

    names: dict[EnumType, str] = field(default_factory=dict)

    def name_of(self, type_: EnumType) -> str:
        found = self.names.get(type_)
        if found is None:
            unnamed = sum(known.name is None for known in self.names)
            found = type_.name or f"({unnamed + 1})"
            self.names[type_] = found
        return found

    def to_json(self) -> Json:
        return {name: _enum(type_) for type_, name in self.names.items()}


def _enum(type_: EnumType) -> Json:
    return without_nothing(
        {
            "name": type_.name,
            "label": type_.label,
            "ordered": type_.ordered,
            "values": [
                without_nothing(
                    {
                        "name": value.name,
                        "label": value.label,
                        "parent": value.parent,
                        "codes": [[coding.system, coding.code] for coding in value.codes],
                    }
                )
                for value in type_.values
            ],
        }
    )


def type_to_json(type_: Type, enums: EnumTable) -> Json:
    """A type; the values of a closed list stand in the table."""
    match type_:
        case BooleanType():
            return {"is": "boolean"}
        case EnumType():
            return {"is": "enum", "enum": enums.name_of(type_)}
        case CountType():
            return {"is": "count", **_range(type_.low, type_.high)}
        case NumberType():
            return {"is": "number", **_range(type_.low, type_.high)}
        case QuantityType():
            return {"is": "quantity", "unit": type_.unit.code, **_range(type_.low, type_.high)}
        case DateType():
            return {"is": "date"}
        case ActionType():
            return {"is": "action", "kind": type_.kind}
        case SetType():
            return {"is": "set", "of": type_to_json(type_.of, enums)}
        case RecordType():
            return {"is": "record", "record": type_.name}
        case ListType():
            return {"is": "list", "record": type_.of.name}
        case UnknownType():
            return {"is": "unknown"}
        case _:
            assert_never(type_)


def _range(low: Number | None, high: Number | None) -> Json:
    found: Json = {}
    if low is not None:
        found["low"] = number_to_json(low)
    if high is not None:
        found["high"] = number_to_json(high)
    return found


def without_nothing(record: Json) -> Json:
    """A record without what says nothing: null, no, the empty text and the empty list; a label stays."""
    return {
        key: value
        for key, value in record.items()
        if key == "label" or not (value is None or value is False or value in ("", [], {}))
    }
