"""Conditions and regimens in a reader's words, with the labels of the vocabulary."""

from fractions import Fraction
from typing import assert_never

from pathway_compiler.datatypes.number import format_number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.datatypes.units import Unit
from pathway_compiler.language import alternatives, ngettext, pgettext
from pathway_compiler.language import gettext as _
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
    NumericType,
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
    "describe_part_of_regimen",
    "describe_regimen",
    "describe_unit",
    "describe_value",
    "fact_label",
    "fact_type",
    "name_in_words",
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
    words = name_in_words(name, guideline)
    return words[:1].upper() + words[1:]


def name_in_words(name: str, guideline: Guideline) -> str:
    """What has a name and no label, in words: a part of a record, a parameter of a pathway."""
    return guideline.names_in_words.get(name) or name.replace("_", " ")


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
    """A number with its unit: `24 months`, `1 month`, `3 cm`.

    The decimal sign is the point in every language: data are entered with it, and limits are copied
    from here into charts, where a comma could be taken for the sign between two numbers.
    """
    text = format_number(number)
    if unit is None:
        return text
    count = 1 if number == 1 else 2  # a fraction is a plural, too
    match unit.display:
        case "years":
            return ngettext("%(amount)s year", "%(amount)s years", count, amount=text)
        case "months":
            return ngettext("%(amount)s month", "%(amount)s months", count, amount=text)
        case "weeks":
            return ngettext("%(amount)s week", "%(amount)s weeks", count, amount=text)
        case "days":
            return ngettext("%(amount)s day", "%(amount)s days", count, amount=text)
        case "hours":
            return ngettext("%(amount)s hour", "%(amount)s hours", count, amount=text)
        case "minutes":
            return ngettext("%(amount)s minute", "%(amount)s minutes", count, amount=text)
        case symbol:
            return f"{text} {symbol}"


def describe_unit(unit: Unit) -> str:
    """A unit by itself: `months`, `cm`."""
    match unit.display:
        case "years":
            return pgettext("unit", "years")
        case "months":
            return pgettext("unit", "months")
        case "weeks":
            return pgettext("unit", "weeks")
        case "days":
            return pgettext("unit", "days")
        case "hours":
            return pgettext("unit", "hours")
        case "minutes":
            return pgettext("unit", "minutes")
        case symbol:
            return symbol


def describe_value(value: Value | Unknown, type_: Type | None, guideline: Guideline) -> str:
    """A value with the labels of its type."""
    match value:
        case Unknown():
            return pgettext("value", "unknown")
        case bool():
            return pgettext("value", "yes") if value else pgettext("value", "no")
        case int() | Fraction():
            return describe_number(value, type_.unit if isinstance(type_, QuantityType) else None)
        case PartialDate():
            return str(value)
        case str():
            if isinstance(type_, EnumType):
                return type_.label_of(value)
            if isinstance(type_, NumericType):  # a number known within limits: `3 to 5`
                low, _to, high = value.partition(" to ")
                return _("%(low)s to %(high)s", low=low, high=high)
            return guideline.action_label(value)
        case SetValue():
            inner = type_.of if isinstance(type_, SetType) else None
            names = sorted(describe_value(item, inner, guideline) for item in value.items)
            more = [] if value.complete else [_("perhaps others")]
            return ", ".join(names + more) or pgettext("values", "none")
        case ListValue():
            record = guideline.records.get(type_.of.name) if isinstance(type_, ListType) else None
            entries = []
            for entry in value.items:
                parts = []
                for name, item in entry.fields:
                    field = record.field(name) if record else None
                    parts.append(describe_value(item, field.type if field else None, guideline))
                entries.append(", ".join(parts))
            more = [] if value.complete else [_("perhaps others")]
            return "; ".join(entries + more) or pgettext("values", "none")


def describe_fact(name: str, value: Value | Unknown, guideline: Guideline) -> str:
    """A fact as one would say it: `HER2 status: Positive`."""
    return f"{fact_label(guideline, name)}: {describe_value(value, fact_type(guideline, name), guideline)}"


def describe_condition(expression: Expression, guideline: Guideline) -> str:
    """A condition in the words of the vocabulary."""
    return _describe(expression, guideline, negated=False)


def _join(operands: tuple[Expression, ...], word: str, guideline: Guideline, negated: bool) -> str:
    and_ = " " + pgettext("condition", "and") + " "
    or_ = " " + pgettext("condition", "or") + " "
    parts = []
    for operand in operands:
        text = _describe(operand, guideline, negated)
        if isinstance(operand, And | Or) or or_ in text or and_ in text:
            text = f"({text})"
        parts.append(text)
    return (or_ if word == "or" else and_).join(parts)


def _describe(expression: Expression, guideline: Guideline, negated: bool) -> str:
    match expression:
        case Not():
            return _describe(expression.operand, guideline, not negated)
        case And():
            return _join(expression.operands, "or" if negated else "and", guideline, negated)
        case Or():
            return _join(expression.operands, "and" if negated else "or", guideline, negated)
        case AtLeast():
            return _describe_count(expression, guideline, negated)
        case Literally():
            return describe_value(expression.value, expression.type, guideline)
        case UnknownLiteral():
            return pgettext("value", "unknown")
        case Reference():
            label = fact_label(guideline, expression.name)
            return _("not: %(fact)s", fact=label) if negated else label
        case Variable():
            return expression.name
        case FieldOf():
            label = name_in_words(expression.field, guideline)
            record = expression.record
            if not isinstance(record, Variable):
                whole = _describe(record, guideline, False)
                label = _("%(part)s of %(whole)s", part=label, whole=whole)
            return _("not %(condition)s", condition=label) if negated else label
        case Compare():
            return _describe_comparison(expression, guideline, negated)
        case IsValue():
            type_ = expression.subject.type
            label = (
                type_.label_of(expression.value)
                if isinstance(type_, EnumType)
                else expression.value
            )
            return _is(expression.subject, label, guideline, negated)
        case IsA():
            label = _action(expression.action, guideline)
            return _is(expression.subject, label, guideline, negated)
        case IsKnown():
            subject = _describe(expression.subject, guideline, False)
            if negated:
                return _("%(fact)s is not known", fact=subject)
            return _("%(fact)s is known", fact=subject)
        case IsEmpty():
            subject = _describe(expression.subject, guideline, False)
            return _some(subject) if negated else _none(subject)
        case Contains():
            type_ = expression.subject.type
            inner = type_.of if isinstance(type_, SetType) else None
            label = (
                _action(expression.value, guideline)
                if isinstance(inner, ActionType)
                else describe_value(expression.value, inner, guideline)
            )
            subject = _describe(expression.subject, guideline, False)
            if negated:
                return _("%(set)s without %(value)s", set=subject, value=label)
            return _("%(set)s with %(value)s", set=subject, value=label)
        case Bars():
            subject = _describe(expression.subject, guideline, False)
            action = _action(expression.action, guideline)
            if negated:
                return _("%(action)s not barred by %(set)s", action=action, set=subject)
            return _("%(action)s barred by %(set)s", action=action, set=subject)
        case Quantified():
            return _describe_loop(expression, guideline, negated)
        case CountWhere():
            listed = _where(expression.list, expression.where, guideline)
            return _("number of %(things)s", things=listed)
        case SizeOf():
            listed = _describe(expression.subject, guideline, False)
            return _("number of %(things)s", things=listed)
        case Pick():
            listed = _where(expression.list, expression.where, guideline)
            if expression.kind == "latest":
                return _("latest of %(records)s", records=listed)
            return _("earliest of %(records)s", records=listed)
        case Arithmetic():
            sign = {"*": "×", "-": "−"}.get(expression.operator, expression.operator)
            left = _describe(expression.left, guideline, False)
            return f"{left} {sign} {_describe(expression.right, guideline, False)}"
        case Negative():
            return f"−{_describe(expression.operand, guideline, False)}"
        case Between():
            return _between(expression, guideline)
        case Today():
            return _("today")
        case Ever():
            said = _describe(expression.operand, guideline, negated)
            return _("%(condition)s (at any time)", condition=said)
        case Union():
            left = _describe(expression.left, guideline, False)
            right = _describe(expression.right, guideline, False)
            return _("%(set)s together with %(other)s", set=left, other=right)
        case UnionWhere():
            field = _describe(expression.value, guideline, False)
            listed = _describe(expression.list, guideline, False)
            if expression.where is None:
                return _("%(part)s of %(whole)s", part=field, whole=listed)
            return _(
                "%(part)s of %(records)s (where %(condition)s)",
                part=field,
                records=listed,
                condition=_describe(expression.where, guideline, False),
            )


def _describe_count(expression: AtLeast, guideline: Guideline, negated: bool) -> str:
    number = expression.number
    listed = "; ".join(_describe(o, guideline, False) for o in expression.operands)
    match expression.kind, negated:
        case "at least", False:
            return _("at least %(number)s of: %(conditions)s", number=number, conditions=listed)
        case "at least", True:
            return _("not at least %(number)s of: %(conditions)s", number=number, conditions=listed)
        case "at most", False:
            return _("at most %(number)s of: %(conditions)s", number=number, conditions=listed)
        case "at most", True:
            return _("not at most %(number)s of: %(conditions)s", number=number, conditions=listed)
        case "exactly", False:
            return _("exactly %(number)s of: %(conditions)s", number=number, conditions=listed)
        case _:
            return _("not exactly %(number)s of: %(conditions)s", number=number, conditions=listed)


def _describe_comparison(expression: Compare, guideline: Guideline, negated: bool) -> str:
    left = _describe(expression.left, guideline, False)
    if isinstance(expression.left.type, BooleanType) and isinstance(expression.right, Literally):
        truth = bool(expression.right.value) is (expression.operator == "=")
        return left if truth is not negated else _("not: %(fact)s", fact=left)
    sign = _SIGNS[expression.operator]
    if negated:
        sign = {"=": "≠", "≠": "=", "<": "≥", "≤": ">", ">": "≤", "≥": "<"}[sign]
    return f"{left} {sign} {_describe(expression.right, guideline, False)}"


def _is(subject: Expression, value: str, guideline: Guideline, negated: bool) -> str:
    fact = _describe(subject, guideline, False)
    if negated:
        return _("%(fact)s is not %(value)s", fact=fact, value=value)
    return _("%(fact)s is %(value)s", fact=fact, value=value)


def _some(things: str) -> str:
    return _("%(things)s: some", things=things)


def _none(things: str) -> str:
    return _("%(things)s: none", things=things)


def _where(records: Expression, where: Expression | None, guideline: Guideline) -> str:
    listed = _describe(records, guideline, False)
    if where is None:
        return listed
    condition = _describe(where, guideline, False)
    return _("%(records)s where %(condition)s", records=listed, condition=condition)


def _between(expression: Between, guideline: Guideline) -> str:
    """Calendar periods between two dates: completed ones, or those begun as well."""
    start = _describe(expression.start, guideline, False)
    end = _describe(expression.end, guideline, False)
    match expression.unit, expression.begun:
        case "years", False:
            return _("years from %(start)s to %(end)s", start=start, end=end)
        case "years", True:
            return _("years begun from %(start)s to %(end)s", start=start, end=end)
        case "months", False:
            return _("months from %(start)s to %(end)s", start=start, end=end)
        case "months", True:
            return _("months begun from %(start)s to %(end)s", start=start, end=end)
        case "weeks", False:
            return _("weeks from %(start)s to %(end)s", start=start, end=end)
        case "weeks", True:
            return _("weeks begun from %(start)s to %(end)s", start=start, end=end)
        case "days", False:
            return _("days from %(start)s to %(end)s", start=start, end=end)
        case _:
            return _("days begun from %(start)s to %(end)s", start=start, end=end)


def _describe_loop(expression: Quantified, guideline: Guideline, negated: bool) -> str:
    listed = _describe(expression.list, guideline, False)
    if expression.where is None:
        return _none(listed) if negated else _some(listed)
    where = _describe(expression.where, guideline, False)
    if expression.kind == "every":
        if negated:
            return _("%(records)s: not all with %(condition)s", records=listed, condition=where)
        return _("%(records)s: all with %(condition)s", records=listed, condition=where)
    if negated:
        return _("%(records)s: none with %(condition)s", records=listed, condition=where)
    return _("%(records)s: one with %(condition)s", records=listed, condition=where)


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


def describe_part_of_regimen(regimen: Regimen, guideline: Guideline) -> str:
    """The same as it stands within another regimen: `(pertuzumab + docetaxel)`."""
    return _regimen(regimen, guideline, True)


def _regimen(regimen: Regimen, guideline: Guideline, within: bool) -> str:
    match regimen:
        case Course():
            label = _lower(guideline.action_label(regimen.action))
            words = [label]
            if regimen.dose:
                words.append(describe_dose(regimen.dose))
            if regimen.every:
                words.append(_("every %(interval)s", interval=describe_dose(regimen.every)))
            if regimen.duration:
                words.append(_("for %(duration)s", duration=describe_dose(regimen.duration)))
            text = " ".join(words)
            within = False
        case AllOf():
            text = " + ".join(_regimen(part, guideline, True) for part in regimen.parts)
            within = within and len(regimen.parts) > 1
        case OneOf():
            parts = [_regimen(part, guideline, True) for part in regimen.alternatives]
            text = alternatives(parts)
        case Sequence():
            steps = [_regimen(part, guideline, True) for part in regimen.steps]
            text = steps[0]
            for step in steps[1:]:
                text = _("%(first)s, then %(next)s", first=text, next=step)
        case _:
            assert_never(regimen)
    if within:
        text = f"({text})"
    if regimen.condition is not None:
        condition = describe_condition(regimen.condition, guideline)
        text = _("%(regimen)s (if %(condition)s)", regimen=text, condition=_lower(condition))
    return text


def _lower(text: str) -> str:
    """The text starting in lower case, unless it starts with an abbreviation such as T-DM1."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
