"""A patient as a case of the guideline, ready to paste into one of its files."""

from collections.abc import Iterable

from pathway_compiler.analysis.witness import REPLAY_DAY, Witness
from pathway_compiler.datatypes.number import format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.outcome import Outcome
from pathway_compiler.model.describe import fact_type
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ListType, QuantityType, Type
from pathway_compiler.model.vocabulary import ListValue, SetValue, Value

__all__ = ["case_text", "literal_text"]


def case_text(
    witness: Witness,
    guideline: Guideline,
    name: str,
    title: str,
    outcome: Outcome | None = None,
    pathway: str | None = None,
) -> str:
    """The case of a patient, with what the interpreter finds as its expectations.

    Without an outcome it says only what is given, for the author to add what should come out. A
    visit that begins at a review cannot be written as a case by itself; a comment says so.
    """
    lines = [f'case {name} "{_escaped(title)}":']
    for point in witness.waiting:
        lines.append(f"  # at the review {point.pathway}.{point.node}")
    if pathway is not None and pathway != guideline.entry:
        lines.append(f"  pathway {pathway}")
    lines.append(f"  as of {REPLAY_DAY}")
    for setting, value in witness.settings.items():
        lines.append(f"  setting {setting} = {literal_text(value, setting, guideline)}")
    for fact, value in witness.facts.items():
        lines.append(f"  given {fact} = {literal_text(value, fact, guideline)}")
    lines += _expectations(outcome) if outcome is not None and not witness.waiting else ()
    return "\n".join(lines) + "\n"


def _expectations(outcome: Outcome) -> Iterable[str]:
    yield f"  status {outcome.status}"
    for recommendation in outcome.recommendations:
        word = "recommends" if recommendation.certainty == "given" else "may recommend"
        yield f"  {word} {recommendation.id}"


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
            return f"{number} {type_.unit.display}" if isinstance(type_, QuantityType) else number


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split())
