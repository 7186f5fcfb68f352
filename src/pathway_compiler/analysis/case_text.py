"""A patient as a case of the guideline, ready to paste into one of its files."""

import re
from collections.abc import Iterable, Iterator

from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.witness import REPLAY_DAY
from pathway_compiler.datatypes.number import format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.datatypes.units import Unit, UnitError, parse_unit
from pathway_compiler.engine.cases import state_of
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.model.describe import fact_type
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ListType, QuantityType, Type
from pathway_compiler.model.vocabulary import ListValue, SetValue, Value

__all__ = ["REVIEW_DAY", "case_text", "literal_text"]


def case_text(
    witness: Witness,
    guideline: Guideline,
    name: str,
    title: str,
    outcome: Outcome | None = None,
    pathway: str | None = None,
    *,
    before: Witness | None = None,
    notes: Iterable[str] = (),
) -> str:
    """The case of a patient, with what the interpreter finds as its expectations.

    Without an outcome it says only what is given, for the author to add what should come out. A
    visit that begins at a review follows a first visit, that of the patient `before`; without one a
    comment says where it begins. `notes` become comments.
    """
    lines = [f'case {name} "{_escaped(title)}":']
    lines += [f"  # {' '.join(note.split())}" for note in notes]
    if pathway is not None and pathway != guideline.entry:
        lines.append(f"  pathway {pathway}")
    for setting, value in witness.settings.items():
        if value != guideline.parameters[setting].default:
            lines.append(f"  setting {setting} = {literal_text(value, setting, guideline)}")
    first = witness if before is None else before
    lines.append(f"  as of {REPLAY_DAY}")
    lines += _given(first, guideline, "  ")
    indent = "  "
    for point in witness.waiting:
        if before is None:
            lines.append(f"  # at the review {point.pathway}.{point.node}")
        else:
            indent = "    "
            lines += [
                f"  waits at {point.pathway}.{point.node}",
                '  visit "Review":',
                f"    as of {REVIEW_DAY}",
                *_given(witness, guideline, indent),
            ]
    if outcome is not None:
        lines += [f"{indent}{line}" for line in _expectations(outcome)]
    return "\n".join(lines) + "\n"


REVIEW_DAY = PartialDate(2019, 6, 1)
"""The day of a visit after a review."""


def _given(patient: Witness, guideline: Guideline, indent: str) -> list[str]:
    return [
        f"{indent}given {fact} = {literal_text(value, fact, guideline)}"
        for fact, value in patient.facts.items()
    ]


def _expectations(outcome: Outcome) -> Iterator[str]:
    """Everything that an outcome says, as a case expects it."""
    yield f"status {outcome.status}"
    named = [
        recommendation.id
        for recommendation in outcome.recommendations
        if not recommendation.options
    ]
    named += [option.id for r in outcome.recommendations for option in r.options]
    named += [refused.id for refused in outcome.not_recommended]
    for name in dict.fromkeys(named):
        match state_of(outcome, tuple(name.split("."))):
            case "given":
                yield f"recommends {name}"
            case "possible":
                yield f"may recommend {name}"
            case "not given":
                yield f"not {name}"
    for need in dict.fromkeys(need.element for need in outcome.needs):
        yield f"asks {need}"
    for point in outcome.waiting:
        if point.node is not None:
            yield f"waits at {point.pathway}.{point.node}"


def literal_text(value: Value | Unknown, name: str, guideline: Guideline) -> str:
    """A value of a named fact as the language writes it."""
    return _literal(value, fact_type(guideline, name), guideline)


def _literal(value: Value | Unknown, type_: Type | None, guideline: Guideline) -> str:
    match value:
        case Unknown():
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case PartialDate():
            return str(value)
        case SetValue():
            items = sorted(_literal(item, None, guideline) for item in value.items)
            return "{" + ", ".join([*items, *([] if value.complete else ["..."])]) + "}"
        case ListValue():
            record = guideline.records[type_.of.name] if isinstance(type_, ListType) else None
            entries = []
            for entry in value.items:
                parts = []
                for field_name, item in entry.fields:
                    field = record.field(field_name) if record is not None else None
                    inner = field.type if field is not None else None
                    parts.append(f"{field_name}: {_literal(item, inner, guideline)}")
                entries.append("{" + ", ".join(parts) + "}")
            return "[" + ", ".join([*entries, *([] if value.complete else ["..."])]) + "]"
        case _:
            number = format_number(value)
            return f"{number} {_unit(type_.unit)}" if isinstance(type_, QuantityType) else number


def _unit(unit: Unit) -> str:
    """A unit as a reader knows it, if it can be read again, otherwise its code."""
    for text in (unit.display, unit.code):
        read = parse_unit(text)
        if not isinstance(read, UnitError) and read == unit and _BARE_UNIT.fullmatch(text):
            return text
    return f"'{unit.code}'"


_BARE_UNIT = re.compile(r"[A-Za-z%][A-Za-z0-9_.*^%]*(/[A-Za-z0-9_.*^%]+)*")


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split())
