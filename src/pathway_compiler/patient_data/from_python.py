"""Values of Python as plain data, with a text that shows them."""

from __future__ import annotations

import datetime
import json
import operator
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from fractions import Fraction

from pathway_compiler.datatypes.number import exact, format_number
from pathway_compiler.datatypes.partial_date import PartialDate, from_date
from pathway_compiler.datatypes.truth import Reason, Unknown
from pathway_compiler.model.vocabulary import Entry, ListValue, SetValue
from pathway_compiler.patient_data.patient import Observation
from pathway_compiler.patient_data.raw import DEEPEST_NESTING, MOST_BITS, Plain, Raw, Unusable

__all__ = ["raw_reason", "raw_value", "shown"]


def raw_value(value: object, depth: int = 0) -> Raw:
    """A value of Python, or one of ours, as a data file would have it.

    >>> raw_value({"age": 0.1, "sites": {"liver", "bone"}})
    {'age': Fraction(1, 10), 'sites': ['bone', 'liver']}
    """
    if depth > DEEPEST_NESTING:
        return Unusable("lists within lists without an end")
    below = depth + 1
    match value:
        case Reason():
            return {"unknown": value.value}
        case None | bool() | PartialDate():
            return value
        case str():
            return value if isinstance(value, Plain | Unusable) else str(value)
        case int() | float() | Decimal() | Fraction():
            return _number(value)
        case datetime.date():
            try:
                return from_date(value)
            except ValueError:
                return Unusable(value.isoformat())
        case Unknown():
            return {"unknown": raw_reason(value)}
        case Observation():
            observation: dict[str, Raw] = {"value": raw_value(value.value, below)}
            if isinstance(value.value, Unknown):
                observation = {"unknown": raw_reason(value.value)}
            if value.date is not None:
                observation["date"] = value.date
            return observation
        case SetValue():
            return {"items": raw_value(value.items, below), "complete": value.complete}
        case ListValue():
            return {"items": raw_value(value.items, below), "complete": value.complete}
        case Entry():
            return {name: raw_value(part, below) for name, part in value.fields}
        case Mapping():
            return {str(key): raw_value(part, below) for key, part in value.items()}
        case Set():
            return sorted((raw_value(item, below) for item in value), key=str)
        case Sequence() if not isinstance(value, bytes | bytearray | memoryview):
            items = [raw_value(item, below) for item in value]
            if items and all(isinstance(item, Observation) for item in value):
                return {"observations": items}
            return items
        case _:
            try:
                return _number(operator.index(value))  # type: ignore[arg-type]  # TypeError if it is none
            except TypeError:
                return Unusable(f"an object of the class {type(value).__name__}")


def raw_reason(value: Unknown) -> str:
    """The reason that a missing value carries, as data files write it."""
    reasons = sorted(missing.reason for missing in value.because)
    return (reasons or [Reason.NOT_RECORDED])[0].value


def shown(raw: Raw) -> str:
    """Plain data as a text in the form of JSON, one fact a line."""
    if not isinstance(raw, dict) or not raw:
        return _shown(raw)
    lines = [f"  {json.dumps(k, ensure_ascii=False)}: {_shown(v)}" for k, v in raw.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _number(value: int | float | Decimal | Fraction) -> Raw:
    try:
        # A float of a library may print in its own way; as a plain float it prints its decimal.
        number = exact(float(value) if isinstance(value, float) else value)
    except ValueError:
        return Unusable(str(value))
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
        return Unusable("a number with very many digits")
    return number


def _shown(raw: Raw) -> str:
    match raw:
        case None | bool():
            return json.dumps(raw)
        case int() | Fraction():
            return format_number(raw)
        case str():
            return json.dumps(str(raw), ensure_ascii=False)
        case PartialDate():
            return f'"{raw}"'
        case dict():
            parts = [f"{json.dumps(k, ensure_ascii=False)}: {_shown(v)}" for k, v in raw.items()]
            return "{" + ", ".join(parts) + "}"
        case _:
            return "[" + ", ".join(_shown(item) for item in raw) + "]"
