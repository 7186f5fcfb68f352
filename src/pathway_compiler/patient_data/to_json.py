"""A patient as JSON data, which can be read again as the same patient."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from pathway_compiler.datatypes.number import exact, format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Entry, ListValue, Scalar, SetValue, Value
from pathway_compiler.patient_data.from_python import raw_reason
from pathway_compiler.patient_data.patient import Observation, Patient

__all__ = ["patient_to_json"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def patient_to_json(patient: Patient, guideline: Guideline) -> dict[str, Json]:
    """The patient as `read_patients` reads it, the facts in the order of the guideline."""
    found: dict[str, Json] = {"id": patient.id}
    if patient.as_of is not None:
        found["as_of"] = str(patient.as_of)
    names = dict.fromkeys((*guideline.elements, *guideline.definitions, *sorted(patient.facts)))
    found["facts"] = {name: _fact(patient.facts[name]) for name in names if patient.facts.get(name)}
    return found


def _fact(observations: tuple[Observation, ...]) -> Json:
    if len(observations) == 1:
        return _observation(observations[0])
    series: list[Json] = [_dated(observation) for observation in observations]
    if any(isinstance(observation.value, SetValue | ListValue) for observation in observations):
        return {"observations": series}
    # A fact of which nothing is known at any time may be a list.
    if all(isinstance(observation.value, Unknown) for observation in observations):
        return {"observations": series}
    return series


def _observation(observation: Observation) -> Json:
    value = observation.value
    bare = observation.date is None and not isinstance(value, Unknown)
    return _value(value) if bare else _dated(observation)


def _dated(observation: Observation) -> dict[str, Json]:
    value = _value(observation.value)
    found: dict[str, Json] = {"value": value}
    if isinstance(value, dict):
        found = dict(value)  # a reason, items that may be incomplete, or a number in two parts
    elif isinstance(observation.value, SetValue | ListValue):
        found = {"items": value}
    if observation.date is not None:
        found["date"] = str(observation.date)
    return found


def _value(value: Value | Unknown) -> Json:
    match value:
        case Unknown():
            return {"unknown": raw_reason(value)}
        case SetValue():
            names: list[Json] = [_scalar(item) for item in sorted(value.items, key=str)]
            return names if value.complete else {"items": names, "complete": False}
        case ListValue():
            entries: list[Json] = [_entry(entry) for entry in value.items]
            return entries if value.complete else {"items": entries, "complete": False}
        case _:
            return _scalar(value)


def _entry(entry: Entry) -> Json:
    return {name: _value(part) for name, part in entry.fields}


def _scalar(value: Scalar) -> Json:
    match value:
        case bool() | str() | int():
            return value
        case PartialDate():
            return str(value)
        case Fraction():
            return _number(value)


def _number(value: Fraction) -> Json:
    """A JSON number where it says exactly this, otherwise a text, or two whole numbers."""
    try:
        binary = float(value)
        if exact(binary) == value:
            return binary
    except (OverflowError, ValueError):
        pass
    text = format_number(value)
    if Fraction(text) == value and len(text) <= _LONGEST_NUMBER:
        return text
    return {"value": {"numerator": value.numerator, "denominator": value.denominator}}


_LONGEST_NUMBER = 100
