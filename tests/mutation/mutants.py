"""Guidelines with one fault each, made by rule from a sound one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.action import AllOf, OneOf
from pathway_compiler.model.action import Course as SingleCourse
from pathway_compiler.model.action import Sequence as Steps
from pathway_compiler.model.describe import describe_condition, describe_regimen, describe_value
from pathway_compiler.model.expression import (
    And,
    AtLeast,
    Bars,
    Compare,
    Contains,
    CountWhere,
    Expression,
    IsA,
    IsValue,
    Literally,
    Not,
    Or,
    Pick,
    Quantified,
    UnionWhere,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Caution,
    Choose,
    Course,
    Decision,
    Eligibility,
    Option,
    Pathway,
    Review,
)
from pathway_compiler.model.types import BooleanType, EnumType, SetType
from pathway_compiler.model.vocabulary import Definition, DefinitionRow

from .places import Here, places

__all__ = ["KINDS", "Mutant", "mutants"]

KINDS = (
    "condition negated",
    "`not` dropped",
    "operand dropped",
    "`and` and `or` exchanged",
    "comparison shifted",
    "limit shifted",
    "value exchanged",
    "member exchanged",
    "number of `at least` shifted",
    "condition dropped",
    "condition of an option dropped",
    "condition of a caution dropped",
    "avoided action dropped",
    "answer dropped",
    "targets exchanged",
    "row dropped",
    "ranks exchanged",
    "action dropped",
    "action exchanged",
    "`overrides` dropped",
    "constraint dropped",
    "contraindication dropped",
)

Change = tuple[str, str, Any]
"""The kind of fault, what was done in words, and the record to put in place of the sound one."""


@dataclass(frozen=True)
class Mutant:
    """A guideline with one fault: what was done, where, and the records around it."""

    number: int
    kind: str
    where: str
    description: str
    span: Span
    above: tuple[Any, ...]
    guideline: Guideline

    @property
    def place(self) -> str:
        """File and line, without the folder."""
        return f"{self.span.source.name.rsplit('/', 1)[-1]}:{self.span.line}"


def mutants(guideline: Guideline) -> Iterator[Mutant]:
    """Every mutant, in a fixed order."""
    number = 0
    for here in places(guideline):
        for kind, description, new in _changes(here, guideline):
            assert here.span is not None
            around = (*here.above, here.record)
            yield Mutant(number, kind, here.name, description, here.span, around, here.put(new))
            number += 1
    for kind, where, description, span, record, changed in _dropped_declarations(guideline):
        yield Mutant(number, kind, where, description, span, (record,), changed)
        number += 1


def _dropped_declarations(
    guideline: Guideline,
) -> Iterator[tuple[str, str, str, Span, object, Guideline]]:
    for index, constraint in enumerate(guideline.constraints):
        assert constraint.span is not None
        left = _without(guideline.constraints, index)
        yield (
            "constraint dropped", f"constraint “{constraint.label}”", f"without “{constraint.label}”",
            constraint.span, constraint, replace(guideline, constraints=left),
        )  # fmt: skip
    for name, veto in guideline.contraindications.items():
        assert veto.span is not None
        kept = {n: v for n, v in guideline.contraindications.items() if n != name}
        yield (
            "contraindication dropped", name, f"without “{veto.label}”",
            veto.span, veto, replace(guideline, contraindications=kept),
        )  # fmt: skip


def _changes(here: Here, guideline: Guideline) -> Iterator[Change]:
    record = here.record
    if isinstance(record, Expression):
        if _is_condition(here):
            yield (
                "condition negated",
                _became(record, _negated(record), guideline),
                _negated(record),
            )
        elif isinstance(record, Not):
            yield "`not` dropped", _became(record, record.operand, guideline), record.operand
        for kind, new in _of_expression(record, guideline):
            yield kind, _became(record, new, guideline), new
        return
    match record:
        case Eligibility():
            yield from _of_eligibility(record, here, guideline)
        case Caution() if record.condition is not None:
            words = f"always, not only when {describe_condition(record.condition, guideline)}"
            yield "condition of a caution dropped", words, replace(record, condition=None)
        case Pathway() if record.applies is not None:
            words = f"applies to all, not only when {describe_condition(record.applies, guideline)}"
            yield "condition dropped", words, replace(record, applies=None)
        case Decision() | Review():
            yield from _of_branches(record)
        case Definition():
            for index, row in enumerate(record.rows if len(record.rows) > 1 else ()):
                value = describe_value(row.value, record.type, guideline)
                rows = _without(record.rows, index)
                yield "row dropped", f"without the row of {value}", replace(record, rows=rows)
        case DefinitionRow():
            new_value = _other_value(record.value, here.parent.type)
            if new_value is not None:
                words = (
                    f"{describe_value(record.value, here.parent.type, guideline)}"
                    f" → {describe_value(new_value, here.parent.type, guideline)}"
                )
                yield "value exchanged", words, replace(record, value=new_value)
        case Choose():
            yield from _exchanged_ranks(record)
        case Course():
            yield from _of_course(record, guideline)
        case AllOf() | OneOf() | Steps() | SingleCourse():
            yield from _of_regimen(record, guideline)
        case _:
            return


# --- expressions ------------------------------------------------------------------------------------------


def _is_condition(here: Here) -> bool:
    """Whether an expression is a whole condition, not a part of one."""
    if not isinstance(here.record.type, BooleanType):
        return False
    if isinstance(here.parent, Quantified | CountWhere | Pick | UnionWhere):
        return here.field == "where"
    return not isinstance(here.parent, Expression)


def _negated(expression: Expression) -> Expression:
    if isinstance(expression, Not):
        return expression.operand
    return Not(expression, BooleanType(), expression.span)


_NEIGHBOUR = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}


def _of_expression(
    expression: Expression, guideline: Guideline
) -> Iterator[tuple[str, Expression]]:
    match expression:
        case And() | Or():
            for index in range(len(expression.operands)):
                left = _without(expression.operands, index)
                dropped = left[0] if len(left) == 1 else replace(expression, operands=left)
                yield "operand dropped", dropped
            other = Or if isinstance(expression, And) else And
            exchanged = other(expression.operands, expression.type, expression.span)
            yield "`and` and `or` exchanged", exchanged
        case AtLeast():
            for number in (expression.number - 1, expression.number + 1):
                if 0 < number <= len(expression.operands):
                    yield "number of `at least` shifted", replace(expression, number=number)
        case Compare():
            yield (
                "comparison shifted",
                replace(expression, operator=_NEIGHBOUR[expression.operator]),
            )
            for side, other_side in (("left", "right"), ("right", "left")):
                limit, subject = getattr(expression, side), getattr(expression, other_side)
                for number in _shifted(limit, subject):
                    yield (
                        "limit shifted",
                        replace(expression, **{side: replace(limit, value=number)}),
                    )
        case IsValue():
            value = _other_value(expression.value, expression.subject.type)
            if value is not None:
                yield "value exchanged", replace(expression, value=value)
        case Literally():
            value = _other_value(expression.value, expression.type)
            if value is not None and isinstance(expression.type, EnumType):
                yield "value exchanged", replace(expression, value=value)
        case Contains():
            type_ = expression.subject.type
            of = type_.of if isinstance(type_, SetType) else type_
            if isinstance(of, EnumType):
                value = _other_value(expression.value, of)
                if value is not None:
                    yield "member exchanged", replace(expression, value=value)
            elif not isinstance(of, BooleanType):
                for name in _other_actions(expression.value, guideline):
                    yield "member exchanged", replace(expression, value=name)
        case IsA() | Bars():
            for name in _other_actions(expression.action, guideline):
                yield "member exchanged", replace(expression, action=name)
        case _:
            return


def _shifted(limit: Expression, subject: Expression) -> Iterator[int | Fraction]:
    """The numbers one step below and above a limit, as far as the subject may have them."""
    if not isinstance(limit, Literally) or isinstance(limit.value, bool):
        return
    if not isinstance(limit.value, int | Fraction):
        return
    low, high = getattr(subject.type, "low", None), getattr(subject.type, "high", None)
    for number in (limit.value - 1, limit.value + 1):
        if (low is None or number >= low) and (high is None or number <= high):
            yield number


def _other_value(value: object, type_: object) -> Any:
    """The next value of a closed list, in a circle, that neither holds this one nor lies in it."""
    if isinstance(value, bool):
        return not value
    if not isinstance(type_, EnumType):
        return None
    name = str(value)
    return _next(
        name,
        [v.name for v in type_.values],
        lambda v: v not in type_.ancestors(name) and name not in type_.ancestors(v),
    )


def _other_actions(name: str, guideline: Guideline) -> Iterator[str]:
    """Another action beside this one, and the class around it, or, of a class, its first member."""
    beside = _beside(name, guideline)
    if beside is not None:
        yield beside
    around = _class_of(name, guideline)
    if around is not None:
        yield around
    elif name in guideline.classes:
        yield guideline.classes[name].members[0]


def _beside(name: str, guideline: Guideline) -> str | None:
    """The next member of the same class; else the next of the same kind."""
    around = _class_of(name, guideline)
    table: Any = guideline.classes if name in guideline.classes else guideline.actions
    members: Sequence[str] = [n for n, found in table.items() if found.kind == table[name].kind]
    if around is not None and len(guideline.classes[around].members) > 1:
        members = guideline.classes[around].members
    return _next(
        name, members, lambda n: not guideline.is_a(n, name) and not guideline.is_a(name, n)
    )


def _class_of(name: str, guideline: Guideline) -> str | None:
    return next((c.name for c in guideline.classes.values() if name in c.members), None)


def _next(name: str, names: Sequence[str], fits: Callable[[str], bool]) -> str | None:
    place = list(names).index(name) + 1
    return next((n for n in (*names[place:], *names[:place]) if fits(n)), None)


# --- conditions of nodes, answers, courses -----------------------------------------------------------------


def _of_eligibility(eligibility: Eligibility, here: Here, guideline: Guideline) -> Iterator[Change]:
    of_option = isinstance(here.parent, Option)
    kind = "condition of an option dropped" if of_option else "condition dropped"
    for word in ("when", "unless", "only_if"):
        conditions = getattr(eligibility, word)
        for index, condition in enumerate(conditions):
            words = f"without `{word.replace('_', ' ')}` {describe_condition(condition, guideline)}"
            yield kind, words, replace(eligibility, **{word: _without(conditions, index)})


def _of_branches(node: Decision | Review) -> Iterator[Change]:
    for index, branch in enumerate(node.branches):
        left = _without(node.branches, index)
        if left:
            words = f"without the answer “{branch.label}”"
            yield "answer dropped", words, replace(node, branches=left)
    for a, b in combinations(range(len(node.branches)), 2):
        one, two = node.branches[a], node.branches[b]
        if one.targets != two.targets:
            branches = list(node.branches)
            branches[a] = replace(one, targets=two.targets)
            branches[b] = replace(two, targets=one.targets)
            words = f"“{one.label}” and “{two.label}” lead where the other one should"
            yield "targets exchanged", words, replace(node, branches=tuple(branches))


def _exchanged_ranks(node: Choose) -> Iterator[Change]:
    for a, b in combinations(range(len(node.options)), 2):
        one, two = node.options[a], node.options[b]
        if one.rank != two.rank:
            options = list(node.options)
            options[a] = replace(one, rank=two.rank)
            options[b] = replace(two, rank=one.rank)
            words = f"“{one.label}” {two.rank}, “{two.label}” {one.rank}"
            yield "ranks exchanged", words, replace(node, options=tuple(options))


def _of_course(course: Course, guideline: Guideline) -> Iterator[Change]:
    for index, performs in enumerate(course.performs if len(course.performs) > 1 else ()):
        words = f"without {describe_regimen(performs.regimen, guideline)}"
        yield "action dropped", words, replace(course, performs=_without(course.performs, index))
    for index, name in enumerate(course.avoids):
        words = f"without `avoid` {guideline.action_label(name)}"
        yield (
            "avoided action dropped",
            words,
            replace(course, avoids=_without(course.avoids, index)),
        )
    for index, path in enumerate(course.overrides):
        words = f"without `overrides` {'.'.join(path)}"
        yield (
            "`overrides` dropped",
            words,
            replace(course, overrides=_without(course.overrides, index)),
        )


_PARTS = {AllOf: "parts", OneOf: "alternatives", Steps: "steps"}


def _of_regimen(
    regimen: AllOf | OneOf | Steps | SingleCourse, guideline: Guideline
) -> Iterator[Change]:
    if regimen.condition is not None:
        words = f"always, not only if {describe_condition(regimen.condition, guideline)}"
        yield "condition dropped", words, replace(regimen, condition=None)
    if isinstance(regimen, SingleCourse):
        other = _beside(regimen.action, guideline)
        if other is not None:
            words = f"{guideline.action_label(regimen.action)} → {guideline.action_label(other)}"
            yield "action exchanged", words, replace(regimen, action=other)
        return
    name = _PARTS[type(regimen)]
    parts = getattr(regimen, name)
    for index, part in enumerate(parts if len(parts) > 1 else ()):
        words = f"without {describe_regimen(part, guideline)}"
        yield "action dropped", words, replace(regimen, **{name: _without(parts, index)})


def _without(values: tuple[Any, ...], index: int) -> tuple[Any, ...]:
    return (*values[:index], *values[index + 1 :])


def _became(old: Expression, new: Expression, guideline: Guideline) -> str:
    return f"{describe_condition(old, guideline)} → {describe_condition(new, guideline)}"
