"""Facts with finitely many cells: what the conditions of a guideline can tell apart about a patient.

A yes-or-no fact has two cells, a closed list one for each value, a number one for each region between
the limits it is compared with. A set is one fact for each group of members that is asked about.
What is not looked into (a condition on the records of a list, calendar arithmetic) is a fact of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from pathway_compiler.datatypes.number import Comparison, Number, compare, interval
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.model.action import courses
from pathway_compiler.model.expression import (
    Bars,
    Between,
    Compare,
    Contains,
    CountWhere,
    Ever,
    Expression,
    IsA,
    IsKnown,
    Literally,
    Reference,
    ReferenceKind,
    SizeOf,
    Union,
    children,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Follow
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    NumberType,
    QuantityType,
    SetType,
)
from pathway_compiler.model.vocabulary import Definition, Element, Reading
from pathway_compiler.semantics.checks import all_expressions, courses_of, facts_read

__all__ = ["Cell", "Fact", "Interval", "Kind", "Limit", "Questions", "cells_of", "questions_of"]

Kind = Literal[
    "value", "contains", "bars", "order", "is a", "known", "present", "some record", "parameter"
]


@dataclass(frozen=True, slots=True)
class Interval:
    """A region of numbers (or days, as ordinals) that no condition tells apart."""

    low: Number | None
    low_included: bool
    high: Number | None
    high_included: bool
    whole: bool

    @property
    def sample(self) -> Number:
        """A number within it, a round one if there is one."""
        low, high = self.low, self.high
        if low is not None and high is not None:
            if low == high:
                return low
            middle = Fraction(low + high) / 2
            for number in (floor(middle), ceil(middle)):
                if self.contains(number):
                    return number
            return middle
        if low is not None:
            return low if self.low_included else floor(low) + 1
        if high is not None:
            return high if self.high_included else ceil(high) - 1
        return 0

    def contains(self, number: Number) -> bool:
        if self.low is not None and (
            number < self.low or (number == self.low and not self.low_included)
        ):
            return False
        return self.high is None or not (
            number > self.high or (number == self.high and not self.high_included)
        )


Cell = bool | str | Interval
"""What a fact may be: yes or no, the name of a value, a region of numbers, `<` `=` `>` for an order."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that distinguishes patients.

    `subject` is what it is about; `part` names the member of a set (the first of a group that nothing
    tells apart, all of which are `members`). `free` when it is a condition or a number that is worked
    out from data which the analysis does not look into.
    """

    subject: Expression
    kind: Kind
    part: str = ""
    members: tuple[str, ...] = field(default=(), compare=False)
    cells: tuple[Cell, ...] = field(default=(False, True), compare=False)
    free: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Limit:
    """A constant with which a number or date is compared."""

    operator: Comparison
    value: Number | PartialDate


@dataclass(slots=True)
class Questions:
    """What the whole guideline asks: the limits of numbers, the members of sets, what is asked to be
    known. Subjects are written out (`plain`), by the alternatives of `readings` or the chosen ones."""

    guideline: Guideline
    readings: Mapping[str, str] = field(default_factory=dict)
    limits: dict[Expression, dict[Limit, None]] = field(default_factory=dict)
    members: dict[Expression, dict[str, None]] = field(default_factory=dict)
    barred: dict[Expression, dict[str, None]] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)
    arguments: dict[str, dict[Number, None]] = field(default_factory=dict)
    every_member: bool = False

    def plain(self, subject: Expression) -> Expression:
        """A subject without the definitions and readings that only name it, and without `ever`."""
        while True:
            match subject:
                case Ever():
                    subject = subject.operand
                case Reference(kind="reading"):
                    subject = self.chosen(subject.name)
                case Reference(kind="definition"):
                    inner = self.guideline.definitions[subject.name].expression
                    if inner is None:
                        return subject
                    subject = inner
                case _:
                    return subject

    def chosen(self, reading: str) -> Expression:
        """What a reading stands for."""
        found = self.guideline.readings[reading]
        return (found.alternative(self.readings.get(reading, "")) or found.chosen).expression

    def groups(self, subject: Expression) -> tuple[tuple[str, ...], ...]:
        """The members that a set of this type may have, those together that nothing tells apart."""
        type_ = subject.type
        of = type_.of if isinstance(type_, SetType) else type_
        if isinstance(of, BooleanType):
            return (("no",), ("yes",))
        if isinstance(of, EnumType):
            return tuple((leaf,) for leaf in of.leaves())
        assert isinstance(of, ActionType)
        asked = {**self.members.get(subject, {}), **self.barred.get(subject, {})}
        groups: dict[frozenset[str], list[str]] = {}
        for action in self.guideline.actions.values():
            if action.kind == of.kind:
                if self.every_member:
                    groups[frozenset({action.name})] = [action.name]
                    continue
                above = self.guideline.action_and_classes(action.name)
                groups.setdefault(frozenset(above & asked.keys()), []).append(action.name)
        return tuple(tuple(group) for group in groups.values())


def questions_of(guideline: Guideline, readings: Mapping[str, str] | None = None) -> Questions:
    """Everything that the guideline's conditions ask about a patient."""
    questions = Questions(guideline, readings or {})
    actions: dict[str, None] = {}
    for pathway in guideline.pathways.values():
        for parameter in pathway.parameters:
            if isinstance(parameter.default, int | Fraction):
                questions.arguments.setdefault(parameter.name, {})[parameter.default] = None
        for node in pathway.nodes:
            if isinstance(node, Follow):
                if node.adding is not None:
                    actions.update((course.action, None) for course in courses(node.adding))
                for argument in node.arguments:
                    if isinstance(argument.value, int | Fraction):
                        questions.arguments.setdefault(argument.name, {})[argument.value] = None
    for expression in all_expressions(guideline):
        _collect(expression, questions)
    for pathway in guideline.pathways.values():
        for _, course_of_action, _ in courses_of(pathway):
            for performs in course_of_action.performs:
                actions.update((course.action, None) for course in courses(performs.regimen))
    for element in guideline.elements.values():
        if element.derive is not None:
            told = questions.limits.get(reference(element.name, guideline), {})
            questions.limits.setdefault(questions.plain(element.derive), {}).update(told)
            for part in _united(questions.plain(element.derive), questions):
                for asked in (questions.members, questions.barred):
                    told_of = asked.get(reference(element.name, guideline), {})
                    asked.setdefault(part, {}).update(told_of)
    for contraindication in guideline.contraindications.values():
        if contraindication.each_of is None:
            continue
        subject = questions.plain(reference(contraindication.each_of, guideline))
        type_ = subject.type
        assert isinstance(type_, SetType)
        for action in actions:
            found = guideline.actions.get(action) or guideline.classes.get(action)
            if found is None or not isinstance(type_.of, ActionType) or found.kind == type_.of.kind:
                questions.barred.setdefault(subject, {})[action] = None
    return questions


def reference(name: str, guideline: Guideline) -> Reference:
    """A named fact as an expression."""
    found: Element | Definition | Reading
    kind: ReferenceKind
    if name in guideline.elements:
        kind, found = "element", guideline.elements[name]
    elif name in guideline.definitions:
        kind, found = "definition", guideline.definitions[name]
    else:
        kind, found = "reading", guideline.readings[name]
    assert found.span is not None
    return Reference(kind, name, found.type, found.span)


def _collect(root: Expression, questions: Questions) -> None:
    waiting = [root]
    while waiting:
        expression = waiting.pop()
        waiting.extend(children(expression))
        match expression:
            case Compare():
                for side, other, operator in (
                    (expression.left, expression.right, expression.operator),
                    (expression.right, expression.left, _SWAPPED[expression.operator]),
                ):
                    for value in _constants(other, questions):
                        found = questions.limits.setdefault(questions.plain(side), {})
                        found[Limit(operator, value)] = None
            case Contains() | IsA():
                subject = questions.plain(expression.subject)
                name = expression.value if isinstance(expression, Contains) else expression.action
                for part in _united(subject, questions):
                    questions.members.setdefault(part, {})[name] = None
            case Bars():
                for part in _united(questions.plain(expression.subject), questions):
                    questions.barred.setdefault(part, {})[expression.action] = None
            case IsKnown():
                for name in _elements_behind(expression.subject, questions.guideline):
                    questions.asked[name] = None
            case _:
                pass


_SWAPPED: dict[str, Comparison] = {
    "=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip


def _constants(expression: Expression, questions: Questions) -> Iterator[Number | PartialDate]:
    match expression:
        case Literally(value=int() | Fraction() | PartialDate() as value) if not isinstance(
            value, bool
        ):
            yield value
        case Reference(kind="pathway_parameter"):
            yield from questions.arguments.get(expression.name, ())
        case _:
            pass


def _united(subject: Expression, questions: Questions) -> Iterator[Expression]:
    if isinstance(subject, Union):
        yield from _united(questions.plain(subject.left), questions)
        yield from _united(questions.plain(subject.right), questions)
    else:
        yield subject


def _elements_behind(expression: Expression, guideline: Guideline) -> Iterator[str]:
    for name in sorted(facts_read(expression, guideline)):
        if name in guideline.elements:
            yield name


# --- cells ----------------------------------------------------------------------------------------------


def cells_of(subject: Expression, questions: Questions) -> tuple[Cell, ...]:
    """The values of a fact that the guideline tells apart, in order."""
    if isinstance(subject, Ever):  # at a later visit
        return cells_of(subject.operand, questions)
    type_ = subject.type
    limits = questions.limits.get(subject, {})
    match type_:
        case EnumType():
            return tuple(type_.leaves())
        case DateType():
            return _regions(limits, None, None, whole=True)
        case CountType() | NumberType() | QuantityType():
            whole = isinstance(type_, CountType) or isinstance(
                subject, Between | CountWhere | SizeOf
            )
            low, high = type_.low, type_.high
            if isinstance(subject, CountWhere | SizeOf):
                low = 0
            return _regions(limits, low, high, whole)
        case _:
            return (False, True)


def _regions(
    limits: Iterable[Limit], low: Number | None, high: Number | None, whole: bool
) -> tuple[Interval, ...]:
    """The regions between the limits, within the range."""
    borders: set[tuple[Number, int]] = set()  # before a number (0) or after it (1)
    for limit in limits:
        first, last = _ends(limit.value)
        if limit.operator in ("<", ">=", "=", "!="):
            borders.add((first, 0))
        if limit.operator in ("<=", ">", "=", "!="):
            borders.add((last, 1))
        if first != last:
            borders.update([(first, 0), (last, 1)])
    if whole:
        borders = {(ceil(n) if side == 0 else floor(n) + 1, 0) for n, side in borders}
        low = None if low is None else ceil(low)
        high = None if high is None else floor(high)
    inside = sorted(
        (n, side)
        for n, side in borders
        if (low is None or n > low or (n == low and side == 1))
        and (high is None or n < high or (n == high and side == 0))
    )
    starts: list[tuple[Number, int] | None] = [None if low is None else (low, 0), *inside]
    stops: list[tuple[Number, int] | None] = [*inside, None if high is None else (high, 1)]
    return tuple(_interval(a, b, whole) for a, b in zip(starts, stops, strict=True))


def _interval(
    start: tuple[Number, int] | None, stop: tuple[Number, int] | None, whole: bool
) -> Interval:
    low, low_included = (None, False) if start is None else (start[0], start[1] == 0)
    high, high_included = (None, False) if stop is None else (stop[0], stop[1] == 1)
    if whole and high is not None and not high_included:
        high, high_included = high - 1, True
    return Interval(low, low_included, high, high_included, whole)


def _ends(value: Number | PartialDate) -> tuple[Number, Number]:
    if isinstance(value, PartialDate):
        return value.earliest.toordinal(), value.latest.toordinal()
    return value, value


def compare_cell(operator: Comparison, cell: Interval, limit: Number | PartialDate) -> bool | None:
    """A comparison that is the same everywhere in a region; None for days that a limit leaves open."""
    if isinstance(limit, PartialDate):
        first, last = _ends(limit)
        return compare(operator, cell.sample, interval(first, last))
    return compare(operator, cell.sample, limit)


def is_free(subject: Expression) -> bool:
    """Whether a number or value is worked out from data that the analysis does not look into."""
    return not isinstance(subject, Reference)
