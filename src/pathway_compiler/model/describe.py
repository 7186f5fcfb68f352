"""Conditions and regimens in a reader's words, with the labels of the vocabulary."""

from fractions import Fraction
from typing import assert_never

from pathway_compiler.datatypes.number import format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.datatypes.units import Unit
from pathway_compiler.model.action import AllOf, Course, Dose, OneOf, Regimen, Sequence
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
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    EnumType,
    ListType,
    QuantityType,
    SetType,
    Type,
)
from pathway_compiler.model.vocabulary import ListValue, SetValue, Value

__all__ = [
    "describe_condition",
    "describe_dose",
    "describe_fact",
    "describe_number",
    "describe_regimen",
    "describe_value",
    "fact_label",
    "fact_type",
]

_SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def fact_label(guideline: Guideline, name: str) -> str:
    """The label of an element, definition, reading or parameter."""
    for table in (
        guideline.elements,
        guideline.definitions,
        guideline.readings,
        guideline.parameters,
    ):
        found = table.get(name)
        if found is not None:
            return str(found.label)
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def fact_type(guideline: Guideline, name: str) -> Type | None:
    """The type of an element, definition, reading or parameter."""
    for table in (
        guideline.elements,
        guideline.definitions,
        guideline.readings,
        guideline.parameters,
    ):
        found = table.get(name)
        if found is not None:
            type_: Type = found.type
            return type_
    return None


def describe_number(number: int | Fraction, unit: Unit | None = None) -> str:
    """A number with its unit: `24 months`, `1 month`, `3 cm`."""
    text = format_number(number)
    if unit is None:
        return text
    word = unit.display
    if (
        number == 1
        and word.endswith("s")
        and word in ("years", "months", "weeks", "days", "hours", "minutes")
    ):
        word = word[:-1]
    return f"{text} {word}"


def describe_value(value: Value | Unknown, type_: Type | None, guideline: Guideline) -> str:
    """A value with the labels of its type."""
    match value:
        case Unknown():
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case int() | Fraction():
            return describe_number(value, type_.unit if isinstance(type_, QuantityType) else None)
        case PartialDate():
            return str(value)
        case str():
            if isinstance(type_, EnumType):
                return type_.label_of(value)
            return guideline.action_label(value)
        case SetValue():
            inner = type_.of if isinstance(type_, SetType) else None
            names = sorted(describe_value(item, inner, guideline) for item in value.items)
            more = [] if value.complete else ["perhaps others"]
            return ", ".join(names + more) or "none"
        case ListValue():
            record = guideline.records.get(type_.of.name) if isinstance(type_, ListType) else None
            entries = []
            for entry in value.items:
                parts = []
                for name, item in entry.fields:
                    field = record.field(name) if record else None
                    parts.append(describe_value(item, field.type if field else None, guideline))
                entries.append(", ".join(parts))
            more = [] if value.complete else ["perhaps others"]
            return "; ".join(entries + more) or "none"


def describe_fact(name: str, value: Value | Unknown, guideline: Guideline) -> str:
    """A fact as one would say it: `HER2 status: Positive`."""
    return f"{fact_label(guideline, name)}: {describe_value(value, fact_type(guideline, name), guideline)}"


def describe_condition(expression: Expression, guideline: Guideline) -> str:
    """A condition in the words of the vocabulary."""
    return _describe(expression, guideline, negated=False)


def _join(operands: tuple[Expression, ...], word: str, guideline: Guideline, negated: bool) -> str:
    parts = []
    for operand in operands:
        text = _describe(operand, guideline, negated)
        if isinstance(operand, And | Or) or " or " in text or " and " in text:
            text = f"({text})"
        parts.append(text)
    return f" {word} ".join(parts)


def _describe(expression: Expression, guideline: Guideline, negated: bool) -> str:
    no = "not " if negated else ""
    match expression:
        case Not():
            return _describe(expression.operand, guideline, not negated)
        case And():
            return _join(expression.operands, "or" if negated else "and", guideline, negated)
        case Or():
            return _join(expression.operands, "and" if negated else "or", guideline, negated)
        case AtLeast():
            listed = "; ".join(_describe(o, guideline, False) for o in expression.operands)
            return f"{no}{expression.kind} {expression.number} of: {listed}"
        case Literally():
            return describe_value(expression.value, expression.type, guideline)
        case UnknownLiteral():
            return "unknown"
        case Reference():
            label = fact_label(guideline, expression.name)
            return f"not: {label}" if negated else label
        case Variable():
            return expression.name
        case FieldOf():
            label = expression.field.replace("_", " ")
            record = expression.record
            if isinstance(record, Variable):
                return f"{no}{label}"
            return f"{no}{label} of {_describe(record, guideline, False)}"
        case Compare():
            left = _describe(expression.left, guideline, False)
            if isinstance(expression.left.type, BooleanType) and isinstance(
                expression.right, Literally
            ):
                truth = bool(expression.right.value) is (expression.operator == "=")
                return left if truth is not negated else f"not: {left}"
            sign = _SIGNS[expression.operator]
            if negated:
                sign = {"=": "≠", "≠": "=", "<": "≥", "≤": ">", ">": "≤", "≥": "<"}[sign]
            return f"{left} {sign} {_describe(expression.right, guideline, False)}"
        case IsValue():
            type_ = expression.subject.type
            label = (
                type_.label_of(expression.value)
                if isinstance(type_, EnumType)
                else expression.value
            )
            subject = _describe(expression.subject, guideline, False)
            return f"{subject} is {no}{label}"
        case IsA():
            subject = _describe(expression.subject, guideline, False)
            return f"{subject} is {no}{_action(expression.action, guideline)}"
        case IsKnown():
            subject = _describe(expression.subject, guideline, False)
            return f"{subject} is {'not known' if negated else 'known'}"
        case IsEmpty():
            subject = _describe(expression.subject, guideline, False)
            return f"{subject}: {'some' if negated else 'none'}"
        case Contains():
            type_ = expression.subject.type
            inner = type_.of if isinstance(type_, SetType) else None
            label = (
                _action(expression.value, guideline)
                if isinstance(inner, ActionType)
                else describe_value(expression.value, inner, guideline)
            )
            subject = _describe(expression.subject, guideline, False)
            return f"{subject} {'without' if negated else 'with'} {label}"
        case Bars():
            subject = _describe(expression.subject, guideline, False)
            return f"{_action(expression.action, guideline)} {no}barred by {subject}"
        case Quantified():
            return _describe_loop(expression, guideline, negated)
        case CountWhere():
            return f"number of {_records(expression, guideline)}"
        case SizeOf():
            return f"number of {_describe(expression.subject, guideline, False)}"
        case Pick():
            return f"{expression.kind} of {_records(expression, guideline)}"
        case Arithmetic():
            sign = {"*": "×", "-": "−"}.get(expression.operator, expression.operator)
            left = _describe(expression.left, guideline, False)
            return f"{left} {sign} {_describe(expression.right, guideline, False)}"
        case Negative():
            return f"−{_describe(expression.operand, guideline, False)}"
        case Between():
            start = _describe(expression.start, guideline, False)
            end = _describe(expression.end, guideline, False)
            begun = " begun" if expression.begun else ""
            return f"{expression.unit}{begun} from {start} to {end}"
        case Today():
            return "today"
        case Ever():
            return f"{_describe(expression.operand, guideline, negated)} (at any time)"
        case Union():
            left = _describe(expression.left, guideline, False)
            return f"{left} together with {_describe(expression.right, guideline, False)}"
        case UnionWhere():
            field = _describe(expression.value, guideline, False)
            listed = _describe(expression.list, guideline, False)
            if expression.where is None:
                return f"{field} of {listed}"
            return f"{field} of {listed} (where {_describe(expression.where, guideline, False)})"


def _records(expression: CountWhere | Pick, guideline: Guideline) -> str:
    """Some records of a list: `Therapies where setting is Advanced`."""
    listed = _describe(expression.list, guideline, False)
    if expression.where is None:
        return listed
    return f"{listed} where {_describe(expression.where, guideline, False)}"


def _describe_loop(expression: Quantified, guideline: Guideline, negated: bool) -> str:
    listed = _describe(expression.list, guideline, False)
    if expression.where is None:
        return f"{listed}: {'none' if negated else 'some'}"
    where = _describe(expression.where, guideline, False)
    if expression.kind == "every":
        return f"{listed}: {'not all' if negated else 'all'} with {where}"
    return f"{listed}: {'none' if negated else 'one'} with {where}"


def _action(name: str, guideline: Guideline) -> str:
    label = guideline.action_label(name)
    return (
        label[:1].lower() + label[1:]
        if name in guideline.classes and label[1:2].islower()
        else label
    )


def describe_dose(dose: Dose) -> str:
    return describe_number(dose.amount, dose.unit)


def describe_regimen(regimen: Regimen, guideline: Guideline) -> str:
    """A regimen in words: `Trastuzumab + pertuzumab + docetaxel or paclitaxel`."""
    text = _regimen(regimen, guideline, False)
    return text[:1].upper() + text[1:]


def _regimen(regimen: Regimen, guideline: Guideline, within: bool) -> str:
    match regimen:
        case Course():
            label = _lower(guideline.action_label(regimen.action))
            words = [label]
            if regimen.dose:
                words.append(describe_dose(regimen.dose))
            if regimen.every:
                words.append(f"every {describe_dose(regimen.every)}")
            if regimen.duration:
                words.append(f"for {describe_dose(regimen.duration)}")
            text = " ".join(words)
            within = False
        case AllOf():
            text = " + ".join(_regimen(part, guideline, True) for part in regimen.parts)
            within = within and len(regimen.parts) > 1
        case OneOf():
            text = " or ".join(_regimen(part, guideline, True) for part in regimen.alternatives)
        case Sequence():
            text = ", then ".join(_regimen(part, guideline, True) for part in regimen.steps)
        case _:
            assert_never(regimen)
    if within:
        text = f"({text})"
    if regimen.condition is not None:
        condition = describe_condition(regimen.condition, guideline)
        text = f"{text} (if {_lower(condition)})"
    return text


def _lower(text: str) -> str:
    """The text starting in lower case, unless it starts with an abbreviation such as T-DM1."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
