"""What somebody typed, as a value of a type; the same rules as for a cell of a table."""

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathway_compiler.datatypes.truth import Unknown
    from pathway_compiler.model.guideline import Guideline
    from pathway_compiler.model.types import Type
    from pathway_compiler.model.vocabulary import Value

__all__ = ["example_of", "read_answer"]


def read_answer(
    name: str, type_: "Type", text: str, guideline: "Guideline"
) -> "tuple[Value | Unknown | None, str | None]":
    """The value, or None and what is wrong with the text.

    A single value, a set with commas between its items, or `unknown`.
    """
    from pathway_compiler.model.types import ListType, SetType
    from pathway_compiler.model.vocabulary import Element
    from pathway_compiler.patient_data.raw import Plain
    from pathway_compiler.patient_data.read import patient_from_facts

    # The reader of patients knows elements only, so it is shown one of this type.
    elements = {name: Element(name, _label(name, guideline), type_)}
    alone = replace(guideline, elements=elements, definitions={})
    facts: object
    if isinstance(type_, ListType):
        import json

        try:
            facts = json.loads(text)
        except ValueError:
            return None, f"a list is written as JSON, such as {example_of(type_, guideline)}"
    elif isinstance(type_, SetType):
        items = [item.strip() for item in text.strip("{}[] ").replace(";", ",").split(",")]
        facts = [item for item in items if item and item != "none"]
        if not facts and text.strip() not in ("none", "{}", "[]"):
            facts = Plain(text)
        elif facts == [text.strip()] and text.strip().startswith("unknown"):
            facts = Plain(text)
    else:
        facts = Plain(text)
    result = patient_from_facts({name: facts}, alone)
    if result.patient is None:
        first = result.diagnostics[0]
        message = first.message.removeprefix(f"patient `{result.id}`: ")
        message = message.removeprefix(f"{elements[name].label}: ")
        return None, message + (f"; {first.help}" if first.help else "")
    observations = result.patient.facts.get(name, ())
    return (observations[0].value, None) if observations else (None, "nothing was said")


def _label(name: str, guideline: "Guideline") -> str:
    from pathway_compiler.model.describe import fact_label

    return fact_label(guideline, name)


def example_of(type_: "Type", guideline: "Guideline") -> str:
    """How a value of this type is typed."""
    from pathway_compiler.model.types import (
        BooleanType,
        CountType,
        DateType,
        EnumType,
        ListType,
        NumberType,
        QuantityType,
        SetType,
    )

    match type_:
        case BooleanType():
            return "yes or no"
        case EnumType():
            return "a number of the list, or a name"
        case SetType():
            return "numbers or names with commas between them, or none"
        case DateType():
            return "a date: 2019-03-01, or 2019-03, or 2019"
        case QuantityType():
            unit = type_.unit.display
            return f"a number in {unit}, or with another unit" + _range(type_.low, type_.high)
        case CountType() | NumberType():
            return "a number" + _range(type_.low, type_.high)
        case ListType():
            record = guideline.records.get(type_.of.name)
            fields = ", ".join(f'"{f.name}": …' for f in record.fields) if record else "…"
            return f"[{{{fields}}}], or [] for none"
        case _:
            return "a name"


def _range(low: object, high: object) -> str:
    from fractions import Fraction

    from pathway_compiler.datatypes.number import format_number

    if isinstance(low, int | Fraction) and isinstance(high, int | Fraction):
        return f", from {format_number(low)} to {format_number(high)}"
    return ""
