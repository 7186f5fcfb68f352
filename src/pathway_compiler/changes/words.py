"""What an aspect of an item says, in a reader's words."""

from collections.abc import Hashable
from fractions import Fraction
from typing import get_args

from pathway_compiler.changes.items import Item, enum_of
from pathway_compiler.changes.meaning import Meaning, operands
from pathway_compiler.datatypes.number import format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.model import action, expression
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.action import Authorisation
from pathway_compiler.model.describe import (
    describe_condition,
    describe_number,
    describe_regimen,
    describe_value,
    fact_label,
)
from pathway_compiler.model.expression import And, Or
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Argument, Branch, Caution, Interval, Performs
from pathway_compiler.model.types import Coding, EnumValue, SetType, Type, describe_type
from pathway_compiler.model.vocabulary import (
    DefinitionRow,
    Element,
    ListValue,
    Parameter,
    SetValue,
)

__all__ = ["ASPECTS", "both_conditions", "condition_in_words", "in_words"]

ASPECTS = {
    "statements": "statement",
    "shared_with": "evidence shared with",
    "certainty": "level of certainty",
    "references": "reference",
    "stance": "direction",
    "moment": "at the moment",
    "when": "when",
    "unless": "not when",
    "only_if": "only if",
    "performs": "action",
    "avoids": "avoids",
    "cautions": "caution",
    "overrides": "overrides",
    "targets": "leads to",
    "applies": "applies when",
    "any_of": "without preference",
    "every": "interval",
    "adding": "adds",
    "arguments": "with",
    "each_of": "bars what is listed in",
    "first_match": "first row that holds decides",
    "expression": "condition",
    "derive": "derived from",
    "dated_by": "dated by",
    "ordered": "values in order",
    "default": "default",
    "chosen": "chosen reading",
    "codes": "code",
    "synonyms": "synonym",
    "authorisations": "authorisation",
    "members": "member",
    "recommendations": "recommendation",
    "lasting": "lasts after a review",
    "called": "name",
    "values": "value",
    "value_labels": "label of a value",
    "parent": "part of",
    "entry": "entry pathway",
    "start": "starts with",
    "certainties": "allowed certainty",
    "issues": "issue",
    "accepted": "accepted finding",
    "ask": "question",
    "typical": "typical value",
    "burden": "effort to find out",
    "judgement": "asks for judgement",
    "judgement_note": "note on judgement",
}
"""Aspects whose name is no reader's word."""


def condition_in_words(condition: expression.Expression | None, guideline: Guideline) -> str:
    return "otherwise" if condition is None else describe_condition(condition, guideline)


_SHORT = 90
"""Of longer conditions only the parts that differ are told."""


def both_conditions(
    old: expression.Expression, new: expression.Expression, old_side: Meaning, new_side: Meaning
) -> tuple[str, str]:
    """Two conditions that differ, in words; where they are long without what they share."""
    told = describe_condition(old, old_side.guideline), describe_condition(new, new_side.guideline)
    if told[0] == told[1]:  # the words hide it: two facts with one label
        return _source(old), _source(new)
    if max(map(len, told)) <= _SHORT:
        return told
    joint = type(new) if isinstance(new, And | Or) else type(old)
    if joint not in (And, Or):
        return told
    word = "and" if joint is And else "or"
    parts = [_joined(old, joint, old_side), _joined(new, joint, new_side)]
    shared = parts[0].keys() & parts[1].keys()
    if not shared:
        return told
    shortened = []
    for said, side in zip(parts, (old_side, new_side), strict=True):
        left = [
            describe_condition(e, side.guideline) for key, e in said.items() if key not in shared
        ]
        shortened.append(f" {word} ".join(["…", *left]))
    return shortened[0], shortened[1]


def _joined(
    condition: expression.Expression, joint: type, side: Meaning
) -> dict[Hashable, expression.Expression]:
    """The parts of a condition by what they say; a condition that is not joined is one part."""
    same = isinstance(condition, And | Or) and type(condition) is joint
    parts = operands(condition) if same and isinstance(condition, And | Or) else [condition]
    return {side.condition(part): part for part in parts}


def _source(condition: expression.Expression) -> str:
    return " ".join(condition.span.text.split())


def in_words(aspect: str, value: object, item: Item, guideline: Guideline) -> str:
    """The value of an aspect, or one of its parts."""
    match aspect, value:
        case _, None:
            has_otherwise = isinstance(item.record, Branch | DefinitionRow)
            return "otherwise" if aspect == "condition" and has_otherwise else "none"
        case "statements" | "shared_with", str():
            return _labelled(value, guideline.statements[value].label)
        case "moment", str():
            return guideline.moments[value].label
        case "avoids" | "members" | "actions", str():
            return guideline.action_label(value)
        case "each_of", str():
            return fact_label(guideline, value)
        case "targets" | "start", str():
            return _labelled(value, _node_label(item.id[0], value, guideline))
        case "pathway" | "entry", str():
            return _labelled(value, guideline.pathways[value].label)
        case "chosen", str():
            alternative = guideline.readings[item.id[0]].alternative(value)
            return _labelled(value, alternative.label if alternative else value)
        case "parent", str():
            return value
        case "lines", tuple():
            return ", ".join(f"{first}–{last}" for first, last in value) or "none"
        case "references", _:
            return f"[{value}]"
        case "default", _ if isinstance(item.record, Parameter):
            return describe_value(item.record.default, item.record.type, guideline)
        case "typical", _ if isinstance(item.record, Element):
            return describe_value(item.record.typical or Unknown(), item.record.type, guideline)
        case "value", _ if isinstance(item.record, DefinitionRow):
            type_ = guideline.definitions[item.id[0]].type
            return describe_value(item.record.value, type_, guideline)
        case _, tuple() if aspect in ("overrides", "recommendations"):
            return ".".join(value)
        case _:
            return _value_in_words(value, guideline)


def _value_in_words(value: object, guideline: Guideline) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return " ".join(value.split()) or "none"
        case int() | Fraction():
            return format_number(value)
        case PartialDate():
            return str(value)
        case SetValue() | ListValue():
            return describe_value(value, None, guideline)
        case Performs():
            whole = " (all of it or nothing)" if value.inseparable else ""
            return f"{value.verb} {describe_regimen(value.regimen, guideline)}{whole}"
        case Caution():
            return _under(value.text, value.condition, guideline)
        case Authorisation():
            return _under(f"{value.regulator}: {value.text}", value.condition, guideline)
        case Acceptance():
            return f"{value.finding}: {value.reason}"
        case EnumValue():
            return value.label
        case Coding():
            return f"{value.system} {value.code}"
        case Interval():
            unit = value.unit
            if unit is None:
                high = f"{format_number(value.high)} cycles"
            else:
                high = describe_number(value.high, unit)
            if value.low == value.high:
                return f"every {high}"
            return f"every {format_number(value.low)} to {high}"
        case Argument():
            return f"{value.name} = {_value_in_words(value.value, guideline)}"
        case action.Course() | action.AllOf() | action.OneOf() | action.Sequence():
            return describe_regimen(value, guideline)
        case tuple():
            return "; ".join(_value_in_words(part, guideline) for part in value) or "none"
        case _ if isinstance(value, _TYPES):
            return _type_in_words(value)
        case _ if isinstance(value, _EXPRESSION):
            return describe_condition(value, guideline)
        case _:
            return str(value)


_TYPES = get_args(Type)
_EXPRESSION = get_args(expression.Expression)


def _type_in_words(type_: Type) -> str:
    enum = enum_of(type_)
    if enum is None or enum.name is not None:
        return describe_type(type_)
    many = "set of " if isinstance(type_, SetType) else ""
    return f"{many}one of {' | '.join(value.label for value in enum.values)}"


def _under(text: str, condition: expression.Expression | None, guideline: Guideline) -> str:
    if condition is None:
        return f"“{text}”"
    return f"“{text}” when {describe_condition(condition, guideline)}"


def _labelled(name: str, label: str) -> str:
    return f"{label} ({name})" if label else name


def _node_label(pathway: str, name: str, guideline: Guideline) -> str:
    found = guideline.pathways.get(pathway)
    node = found.node(name) if found else None
    return node.label if node else ""
