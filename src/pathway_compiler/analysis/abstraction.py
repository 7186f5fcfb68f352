"""Conditions over finitely many cases: each fact reduced to the values that conditions tell apart.

Definitions and readings are written out, thresholds cut numbers into regions with one representative
each, and whatever is left (quantifiers over lists, calendar arithmetic) counts as a free fact.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from math import floor

from pathway_compiler.datatypes.number import Comparison, Number, compare
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import (
    Truth,
    Unknown,
    at_least,
    at_most,
    kleene_and,
    kleene_not,
    kleene_or,
)
from pathway_compiler.engine.expressions import SWAPPED, compare_with_named
from pathway_compiler.model.expression import (
    And,
    AtLeast,
    Bars,
    Compare,
    Contains,
    Ever,
    Expression,
    IsA,
    IsEmpty,
    IsKnown,
    IsValue,
    Literally,
    Not,
    Or,
    Reference,
    UnknownLiteral,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    EnumType,
    NumberType,
    QuantityType,
    SetType,
)
from pathway_compiler.model.vocabulary import DefinitionRow

__all__ = [
    "DEEPEST",
    "LARGEST",
    "Assignment",
    "Fact",
    "FactValue",
    "TooLarge",
    "assignments",
    "facts_of",
    "test_of",
    "written_out",
]

FactValue = bool | str | Number | None
"""What an assignment gives a fact; None is unknown, tried only where a condition asks `is known`."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that conditions distinguish patients by.

    `subject` is an expression; `part` names one member of a set (`sites contains brain`), with `test`
    "contains", "bars" or "empty". A free fact is a whole condition that is not looked into.
    """

    subject: Expression
    test: str = "value"
    part: str = ""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.subject, self.test, self.part)))

    def __hash__(self) -> int:
        return self._hash


Assignment = Mapping[Fact, FactValue]
Test = Callable[[Assignment], Truth]


class TooLarge(Exception):
    """More cases than are enumerated, or a condition larger than is looked into."""


DEEPEST = 100
"""Conditions within conditions that are looked into."""


LARGEST = 2_000
"""Parts of a condition that is looked into, once definitions are written out."""


def written_out(expression: Expression, guideline: Guideline) -> Expression:
    """A condition with definitions and readings replaced by what they stand for.

    Raises TooLarge when it grows beyond `LARGEST` parts: a definition that names another one twice
    doubles it.
    """
    return _written_out(expression, guideline, 0, [LARGEST])


def _written_out(
    expression: Expression, guideline: Guideline, depth: int, left: list[int]
) -> Expression:
    left[0] -= 1
    if depth > DEEPEST or left[0] < 0:
        raise TooLarge

    def inner(part: Expression) -> Expression:
        return _written_out(part, guideline, depth + 1, left)

    match expression:
        case Reference(kind="definition" | "reading", type=BooleanType()):
            found = _definition_truth(expression, lambda value: value is True, guideline)
            return inner(found) if found is not None else expression
        case IsValue(subject=Reference() as subject, type=boolean, span=span):
            wanted, type_ = expression.value, subject.type

            def fits(value: object) -> bool:
                return isinstance(type_, EnumType) and wanted in type_.ancestors(str(value))

            found = _definition_truth(
                subject, fits, guideline, lambda s: IsValue(s, wanted, boolean, span)
            )
            return inner(found) if found is not None else expression
        case Compare(left=Reference() as subject, right=Literally() as limit) if not isinstance(
            limit.value, str | PartialDate
        ):
            number, operator = limit.value, expression.operator

            def satisfies(value: object) -> bool:
                if isinstance(value, bool) or isinstance(number, bool):
                    return (value is number) is (operator == "=")
                assert isinstance(value, int | Fraction)
                return compare(operator, value, number) is True

            found = _definition_truth(
                subject,
                satisfies,
                guideline,
                lambda s: Compare(operator, s, limit, expression.type, expression.span),
            )
            return inner(found) if found is not None else expression
        case Not():
            return Not(inner(expression.operand), expression.type, expression.span)
        case And():
            return And(tuple(map(inner, expression.operands)), expression.type, expression.span)
        case Or():
            return Or(tuple(map(inner, expression.operands)), expression.type, expression.span)
        case AtLeast():
            operands = tuple(map(inner, expression.operands))
            return AtLeast(
                expression.kind, expression.number, operands, expression.type, expression.span
            )
        case Ever():
            return inner(expression.operand)
        case _:
            return expression


def _definition_truth(
    subject: Reference,
    fits: Callable[[object], bool],
    guideline: Guideline,
    test: Callable[[Expression], Expression] | None = None,
) -> Expression | None:
    """A condition for a definition or reading having a fitting value; None when it is neither."""
    if subject.kind == "reading":
        chosen = guideline.readings[subject.name].chosen.expression
        return chosen if test is None else test(chosen)
    if subject.kind != "definition":
        return None
    definition = guideline.definitions[subject.name]
    if definition.expression is not None:
        return definition.expression if test is None else test(definition.expression)
    boolean = BooleanType()
    alternatives: list[Expression] = []
    for index, row in enumerate(definition.rows):
        if not fits(row.value):
            continue
        others = definition.rows if row.condition is None else definition.rows[:index]
        guards: list[Expression] = []
        if row.condition is None or definition.first_match:
            guards = [_negated(other) for other in others if other is not row and other.condition]
        if row.condition is not None:
            guards.append(row.condition)
        alternatives.append(And(tuple(guards), boolean, subject.span))
    return Or(tuple(alternatives), boolean, subject.span)


def _negated(row: DefinitionRow) -> Expression:
    assert row.condition is not None
    return Not(row.condition, BooleanType(), row.condition.span)


# --- facts ----------------------------------------------------------------------------------------------


def facts_of(expression: Expression) -> Iterator[Fact]:
    """The facts that a written-out condition distinguishes, with repetitions."""
    match expression:
        case Not() | Ever():
            yield from facts_of(expression.operand)
        case And() | Or() | AtLeast():
            for operand in expression.operands:
                yield from facts_of(operand)
        case Literally() | UnknownLiteral():
            return
        case IsValue() | IsKnown():
            yield Fact(_plain(expression.subject))
        case IsA():
            yield Fact(_plain(expression.subject), "is a", expression.action)
        case Contains():
            yield Fact(_plain(expression.subject), "contains", expression.value)
        case Bars():
            yield Fact(_plain(expression.subject), "bars", expression.action)
        case IsEmpty():
            yield Fact(_plain(expression.subject), "empty")
        case Compare(right=Literally()):
            yield Fact(_plain(expression.left))
        case Compare(left=Literally()):
            yield Fact(_plain(expression.right))
        case Compare():
            yield Fact(
                Compare("<", expression.left, expression.right, expression.type, expression.span),
                "order",
            )
        case _:
            yield Fact(_plain(expression))


def _plain(expression: Expression) -> Expression:
    while isinstance(expression, Ever):
        expression = expression.operand
    return expression


def _limits(expressions: list[Expression]) -> tuple[dict[Fact, set[object]], set[Fact]]:
    """The constants that each fact is compared with, and the facts that are asked to be known."""
    limits: dict[Fact, set[object]] = {}
    asked: set[Fact] = set()
    waiting = list(expressions)
    while waiting:
        current = waiting.pop()
        match current:
            case Not() | Ever():
                waiting.append(current.operand)
            case And() | Or() | AtLeast():
                waiting.extend(current.operands)
            case IsKnown():
                asked.add(Fact(_plain(current.subject)))
            case Compare(right=Literally() as limit):
                limits.setdefault(Fact(_plain(current.left)), set()).add(limit.value)
            case Compare(left=Literally() as limit):
                limits.setdefault(Fact(_plain(current.right)), set()).add(limit.value)
            case _:
                pass
    return limits, asked


def _domain(fact: Fact, limits: set[object], asked: bool) -> list[FactValue]:
    """The values to try for a fact: one for each region that conditions tell apart."""
    values: list[FactValue]
    type_ = fact.subject.type
    if fact.test == "order":
        values = ["<", "=", ">"]
    elif fact.test != "value":
        values = [True, False]
    else:
        match type_:
            case EnumType():
                values = list(type_.leaves())
            case CountType() | NumberType() | QuantityType():
                values = list(_regions(limits, type_))
            case _ if any(isinstance(limit, PartialDate) for limit in limits):
                raise TooLarge
            case _:
                values = [True, False]
    return [*values, None] if asked else values


def _regions(limits: set[object], type_: CountType | NumberType | QuantityType) -> list[Number]:
    """Each limit, a number between two neighbours, and one beyond each end, within the range."""
    cuts = sorted(n for n in limits if isinstance(n, int | Fraction) and not isinstance(n, bool))
    if not cuts:
        return [type_.low if type_.low is not None else 0]
    if isinstance(type_, CountType):
        # Whole numbers: those next to each limit stand for all between it and the next.
        near = {floor(cut) + step for cut in cuts for step in (-1, 0, 1)}
        return sorted(n for n in near if _inside(n, type_.low, type_.high))
    low = type_.low if type_.low is not None else cuts[0] - 1
    high = type_.high if type_.high is not None else cuts[-1] + 1
    ends = sorted({cut for cut in cuts if low <= cut <= high} | {low, high})
    between = [Fraction(a + b) / 2 for a, b in pairwise(ends)]
    return [n.numerator if n.denominator == 1 else n for n in sorted([*ends, *between])]


def _inside(number: Number, low: Number | None, high: Number | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def assignments(
    conditions: list[Expression], guideline: Guideline, most: int
) -> Iterator[dict[Fact, FactValue]]:
    """Every combination of values that the conditions tell apart and the sets allow.

    Raises TooLarge when there are more than `most`.
    """
    facts = list(dict.fromkeys(fact for c in conditions for fact in facts_of(c)))
    limits, asked = _limits(conditions)
    domains = [_domain(fact, limits.get(fact, set()), fact in asked) for fact in facts]
    size = 1
    for domain in domains:
        size *= max(len(domain), 1)
        if size > most:
            raise TooLarge
    links = list(_links(facts, guideline))
    for values in product(*domains):
        assignment = dict(zip(facts, values, strict=True))
        if all(not assignment[a] or assignment[b] is truth_ for a, b, truth_ in links):
            yield assignment


def _links(facts: list[Fact], guideline: Guideline) -> Iterator[tuple[Fact, Fact, bool]]:
    """What one fact about a set or action says of another: if the first holds, the second is so."""
    for first in facts:
        for second in facts:
            if first == second or first.subject != second.subject:
                continue
            type_ = first.subject.type
            of = type_.of if isinstance(type_, SetType) else type_
            if first.test == "contains" and second.test == "empty":
                yield first, second, False
            elif first.test == second.test == "contains":
                if (isinstance(of, ActionType) and guideline.is_a(first.part, second.part)) or (
                    isinstance(of, EnumType) and second.part in of.ancestors(first.part)
                ):
                    yield first, second, True
            elif first.test == second.test == "bars" and guideline.is_a(second.part, first.part):
                yield first, second, True
            elif first.test == "bars" and second.test == "empty":
                yield first, second, False
            elif first.test == second.test == "is a":
                shared = set(guideline.single_actions(first.part)) & set(
                    guideline.single_actions(second.part)
                )
                if guideline.is_a(first.part, second.part):
                    yield first, second, True
                elif not shared:
                    yield first, second, False


# --- truth ----------------------------------------------------------------------------------------------


def test_of(expression: Expression) -> Test:
    """A written-out condition as a test of assignments, for conditions that are tried very often."""
    match expression:
        case Not():
            negated = test_of(expression.operand)
            return lambda assignment: kleene_not(negated(assignment))
        case And():
            parts = [test_of(operand) for operand in expression.operands]
            return lambda assignment: kleene_and(part(assignment) for part in parts)
        case Or():
            parts = [test_of(operand) for operand in expression.operands]
            return lambda assignment: kleene_or(part(assignment) for part in parts)
        case AtLeast():
            return _threshold(expression)
        case Ever():
            return test_of(expression.operand)
        case Literally():
            holds = expression.value is True
            return lambda assignment: holds
        case UnknownLiteral():
            return lambda assignment: Unknown()
        case IsKnown():
            fact = Fact(_plain(expression.subject))
            return lambda assignment: assignment[fact] is not None
        case IsValue():
            return _value_test(expression)
        case Compare(right=Literally() as limit):
            return _comparison(expression.left, expression.operator, limit, False)
        case Compare(left=Literally() as limit):
            return _comparison(expression.right, expression.operator, limit, True)
        case Compare():
            (fact,) = facts_of(expression)
            orders = _ORDERS[expression.operator]
            return lambda assignment: assignment[fact] in orders
        case _:
            (fact,) = facts_of(expression)
            return lambda assignment: _boolean(assignment[fact])


_ORDERS: dict[Comparison, tuple[FactValue, ...]] = {
    "<": ("<",), "<=": ("<", "="), "=": ("=",), "!=": ("<", ">"), ">": (">",), ">=": (">", "="),
}  # fmt: skip
"""Which orders of two facts fulfil a comparison."""


def _threshold(expression: AtLeast) -> Test:
    parts = [test_of(operand) for operand in expression.operands]
    number = expression.number

    def test(assignment: Assignment) -> Truth:
        truths = [part(assignment) for part in parts]
        if expression.kind == "at least":
            return at_least(number, truths)
        if expression.kind == "at most":
            return at_most(number, truths)
        return kleene_and([at_least(number, truths), at_most(number, truths)])

    return test


def _value_test(expression: IsValue) -> Test:
    fact, type_ = Fact(_plain(expression.subject)), expression.subject.type
    fitting: set[FactValue] = set()
    if isinstance(type_, EnumType):
        fitting.update(v for v in type_.leaves() if expression.value in type_.ancestors(v))

    def test(assignment: Assignment) -> Truth:
        value = assignment[fact]
        return Unknown() if value is None else value in fitting

    return test


def _comparison(subject: Expression, operator: Comparison, limit: Literally, swapped: bool) -> Test:
    fact = Fact(_plain(subject))
    return lambda assignment: _compared(assignment[fact], operator, limit, swapped)


def _boolean(value: FactValue) -> Truth:
    return Unknown() if value is None else value is True


def _compared(value: FactValue, operator: Comparison, limit: Literally, swapped: bool) -> Truth:
    if value is None:
        return Unknown()
    bound, type_ = limit.value, limit.type
    if isinstance(value, bool) or isinstance(bound, bool):
        return (value is bound) is (operator == "=")
    if isinstance(type_, EnumType):
        asked = SWAPPED[operator] if swapped else operator
        decided = compare_with_named(asked, str(value), str(bound), type_)
    else:
        assert isinstance(value, int | Fraction) and isinstance(bound, int | Fraction)
        left, right = (bound, value) if swapped else (value, bound)
        decided = compare(operator, left, right)
    return Unknown() if decided is None else decided
