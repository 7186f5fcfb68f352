"""What holds of every patient: the guideline's constraints, and what one fact says of another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations, product

from pathway_compiler.analysis.conditions import FIRST_VISIT, Conditions, Scope, conjuncts
from pathway_compiler.analysis.facts import Cell, Fact, Interval, cells_of, reference
from pathway_compiler.analysis.formulas import TRUE
from pathway_compiler.datatypes.number import Number, compare
from pathway_compiler.model.expression import (
    Bars,
    Between,
    Compare,
    Contains,
    CountWhere,
    Ever,
    Expression,
    IsA,
    IsEmpty,
    IsKnown,
    IsValue,
    Not,
    Pick,
    Quantified,
    Reference,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import BooleanType, EnumType, SetType
from pathway_compiler.model.vocabulary import Element

__all__ = ["laws", "orders_told"]


def laws(conditions: Conditions, scope: Scope = FIRST_VISIT) -> list[int]:
    """Formulas that every patient fulfils, over the facts met so far and those that these bring in."""
    found = [
        -conditions.read(constraint.condition, scope).false
        for constraint in conditions.guideline.constraints
    ]
    found += list(_derived(conditions, scope))
    before = -1
    related: list[int] = []
    while before != len(conditions.facts):  # a law may bring in another fact
        before = len(conditions.facts)
        table = _Table(conditions)
        related = [
            *_sets(table),
            *_orders(table),
            *_records(table),
            *_calendar(table),
            *_ever(table),
        ]
    return [law for law in dict.fromkeys([*found, *related]) if law != TRUE]


@dataclass(slots=True)
class _Table:
    """The facts met so far, by what they are about."""

    conditions: Conditions

    def of_kind(self, *kinds: str) -> Iterator[tuple[int, Fact]]:
        for number, fact in enumerate(list(self.conditions.facts)):
            if fact.kind in kinds:
                yield number, fact

    def number(self, subject: Expression, kind: str) -> int | None:
        return next(
            (n for n, fact in self.of_kind(kind) if fact.subject == subject and not fact.part), None
        )


def _sets(table: _Table) -> Iterator[int]:
    """A barred member makes a set that is not empty; a single one that it has is barred."""
    conditions = table.conditions
    formulas = conditions.formulas
    having: dict[Expression, dict[str, int]] = {}
    for number, fact in table.of_kind("contains"):
        having.setdefault(fact.subject, {})[fact.part] = conditions.yes(number)
    for number, fact in table.of_kind("bars"):
        there = having.get(fact.subject)
        if not there:
            continue
        barred = conditions.yes(number)
        same = there.get(fact.part)
        if same is not None and len(fact.members) == 1:
            yield formulas.implies(same, barred)
        if conditions.knowing and same is not None:
            yield formulas.implies(barred, same)
        elif len(there) == len(conditions.questions.groups(_now(fact.subject))):
            yield formulas.implies(barred, formulas.any_of(there.values()))


def _now(subject: Expression) -> Expression:
    return subject.operand if isinstance(subject, Ever) else subject


def _orders(table: _Table) -> Iterator[int]:
    """The order of two numbers or dates fits the regions they lie in, and the order of others."""
    conditions = table.conditions
    formulas = conditions.formulas
    orders: dict[tuple[Expression, Expression], int] = {}
    for number, fact in table.of_kind("order"):
        assert isinstance(fact.subject, Compare)
        orders[fact.subject.left, fact.subject.right] = number
    for (left, right), order in orders.items():
        yield from _fits(table, order, _regions(table, left), _regions(table, right))

    def at_most(a: Expression, b: Expression, strictly: bool) -> int | None:
        if (a, b) in orders:
            allowed = {"<"} if strictly else {"<", "="}
            return conditions.in_cells(orders[a, b], lambda cell: cell in allowed)
        if (b, a) in orders:
            allowed = {">"} if strictly else {">", "="}
            return conditions.in_cells(orders[b, a], lambda cell: cell in allowed)
        return None

    subjects = dict.fromkeys(s for pair in orders for s in pair)
    for x, y, z in permutations(subjects, 3):
        for strictly in (False, True):
            parts = (at_most(x, y, strictly), at_most(y, z, False), at_most(x, z, strictly))
            swapped = (at_most(x, y, False), at_most(y, z, strictly), at_most(x, z, strictly))
            for first, second, third in (parts, swapped):
                if first is not None and second is not None and third is not None:
                    yield formulas.implies(formulas.all_of((first, second)), third)


def orders_told(conditions: Conditions, numbers: Mapping[Expression, Number]) -> Iterator[int]:
    """What known numbers and days say of their order to others, beyond the regions they lie in."""
    table = _Table(conditions)
    known = {n: [(Interval(value, True, value, True, False), TRUE)] for n, value in numbers.items()}
    for order, fact in table.of_kind("order"):
        assert isinstance(fact.subject, Compare)
        left, right = fact.subject.left, fact.subject.right
        if (left in known) != (right in known):
            a, b = (known.get(side) or _regions(table, side) for side in (left, right))
            yield from _fits(table, order, a, b)


def _fits(
    table: _Table, order: int, left: list[tuple[Interval, int]], right: list[tuple[Interval, int]]
) -> Iterator[int]:
    """That an order fits the regions on both sides, each with the formula that a number lies there."""
    conditions = table.conditions
    for (a, in_a), (b, in_b) in product(left, right):
        possible: set[Cell] = {s for s in "<=>" if can_be(s, a, b)}
        fits = conditions.in_cells(order, possible.__contains__)
        yield conditions.formulas.implies(conditions.formulas.all_of((in_a, in_b)), fits)


def _regions(table: _Table, subject: Expression) -> list[tuple[Interval, int]]:
    """Where a number or date may lie: in the regions of its fact, or else in its range."""
    conditions = table.conditions
    number = _valued(table, subject)
    if number is None:
        first, *_, last = [*cells_of(subject, conditions.questions)] * 2
        assert isinstance(first, Interval) and isinstance(last, Interval)
        whole = Interval(first.low, first.low_included, last.high, last.high_included, first.whole)
        return [(whole, TRUE)]
    return [
        (cell, conditions.formulas.cell(number, index))
        for index, cell in enumerate(conditions.facts[number].cells)
        if isinstance(cell, Interval)
    ]


def _valued(table: _Table, subject: Expression) -> int | None:
    """The fact in which region a number or date lies."""
    for kind in ("value", "parameter"):
        found = table.number(subject, kind)
        if found is not None and isinstance(table.conditions.facts[found].cells[0], Interval):
            return found
    return None


def can_be(order: str, a: Interval, b: Interval) -> bool:
    """Whether some number of a region is in this order to some number of another."""
    match order:
        case "<":
            return _least_below(a, b)
        case ">":
            return _least_below(b, a)
        case _:
            return not (_all_below(a, b) or _all_below(b, a))


def _least_below(a: Interval, b: Interval) -> bool:
    """Whether some number of `a` lies below some number of `b`."""
    if a.low is None or b.high is None:
        return True
    return a.low < b.high


def _all_below(a: Interval, b: Interval) -> bool:
    """Whether every number of `a` lies below every number of `b`."""
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and not (a.high_included and b.low_included))


def _records(table: _Table) -> Iterator[int]:
    """Records that fulfil a condition are records of the list, and fulfil each part of it; what is
    or contains a value is or contains what that is a part of."""
    conditions = table.conditions
    formulas = conditions.formulas
    some: dict[Expression, list[tuple[tuple[Expression, ...], int]]] = {}
    for number, fact in table.of_kind("value"):
        subject, list_ = _now(fact.subject), _list_of(fact.subject)
        if isinstance(subject, Quantified) and subject.where is not None:
            parts = conjuncts(subject.where)
            some.setdefault(list_, []).append((parts, conditions.yes(number)))
        elif isinstance(subject, CountWhere):
            parts = () if subject.where is None else conjuncts(subject.where)
            positive = conditions.in_cells(
                number, lambda cell: isinstance(cell, Interval) and cell.sample > 0
            )
            zero = conditions.in_cells(
                number, lambda cell: isinstance(cell, Interval) and cell.contains(0)
            )
            some.setdefault(list_, []).append((parts, positive if positive == -zero else 0))
    for number, fact in table.of_kind("present"):
        subject = _now(fact.subject)
        assert isinstance(subject, Pick)
        parts = () if subject.where is None else conjuncts(subject.where)
        some.setdefault(_list_of(fact.subject), []).append((parts, conditions.yes(number)))
    for number, fact in table.of_kind("some record"):
        some.setdefault(fact.subject, []).append(((), conditions.yes(number)))

    def says_all(parts: tuple[Expression, ...], fewer: tuple[Expression, ...]) -> bool:
        return all(
            any(_says(part, one, conditions.guideline, conditions.knowing) for part in parts)
            for one in fewer
        )

    for tests in some.values():
        for parts, holds in tests:
            for fewer, weaker in tests:
                if holds and weaker and holds != weaker and says_all(parts, fewer):
                    yield formulas.implies(holds, weaker)


def _ever(table: _Table) -> Iterator[int]:
    """At a later visit: what is known now is what was last known at any time, and records of now are
    records of any time. Of one patient both are read from the data."""
    conditions = table.conditions
    formulas = conditions.formulas
    for number, fact in enumerate(list(conditions.facts)):
        match fact.subject:
            case Ever(operand=inner):
                pass
            case Quantified(list=Ever(operand=list_)):
                inner = replace(fact.subject, list=list_)
            case _:
                continue
        now = conditions.numbers.get((inner, fact.kind, fact.part))
        if now is None:
            continue
        if fact.kind in ("known", "present", "some record") or isinstance(inner, Quantified):
            yield formulas.implies(conditions.yes(now), conditions.yes(number))
        elif conditions.knowing and isinstance(inner, Reference):
            known = TRUE
            if inner.name in conditions.questions.asked:
                known = conditions.yes(conditions.fact(inner, "known"))
            for cell in range(len(fact.cells)):
                here = formulas.all_of((known, formulas.cell(now, cell)))
                yield formulas.implies(here, formulas.cell(number, cell))


def _list_of(subject: Expression) -> Expression:
    """The list that a condition is about; read with `ever`, at a later visit, it is another one."""
    inner = _now(subject)
    list_ = inner.list if isinstance(inner, Quantified | CountWhere | Pick) else inner
    if inner is subject or isinstance(list_, Ever):
        return list_
    return Ever(list_, list_.type, list_.span)


def _says(one: Expression, other: Expression, guideline: Guideline, knowing: bool) -> bool:
    """Whether a condition holds wherever another does, as far as their form tells."""
    match one, other:
        case IsA(), IsA():
            return one.subject == other.subject and guideline.is_a(one.action, other.action)
        case IsValue(), IsValue():
            type_ = one.subject.type
            return (
                one.subject == other.subject
                and isinstance(type_, EnumType)
                and other.value in type_.ancestors(one.value)
            )
        case Contains(), Contains():
            type_ = one.subject.type
            of = type_.of if isinstance(type_, SetType) else type_
            return one.subject == other.subject and (
                other.value in of.ancestors(one.value)
                if isinstance(of, EnumType)
                else guideline.is_a(one.value, other.value)
            )
        case Contains(), Bars():
            same = one.subject == other.subject and one.value == other.action
            return same and one.value in guideline.actions
        case Bars(), Contains() if knowing:  # what is known of a set are single actions
            same = one.subject == other.subject and one.action == other.value
            return same and one.action in guideline.actions
        case Contains(), Not(operand=IsEmpty() as empty):
            return one.subject == empty.subject
        case _:
            return one == other


def _calendar(table: _Table) -> Iterator[int]:
    """The sign of a time between two days says which of them comes first."""
    conditions = table.conditions
    formulas = conditions.formulas
    for number, fact in table.of_kind("value"):
        subject = fact.subject
        if not isinstance(subject, Between):
            continue
        for other, order in table.of_kind("order"):
            assert isinstance(order.subject, Compare)
            pair = order.subject.left, order.subject.right
            if pair == (subject.start, subject.end):
                first, last = "<", ">"
            elif pair == (subject.end, subject.start):
                first, last = ">", "<"
            else:
                continue
            for index, cell in enumerate(conditions.facts[number].cells):
                assert isinstance(cell, Interval)
                here = formulas.cell(number, index)
                if cell.low is not None and compare(">", cell.low, 0):
                    yield formulas.implies(here, conditions.in_cells(other, first.__eq__))
                if cell.high is not None and compare("<", cell.high, 0):
                    yield formulas.implies(here, conditions.in_cells(other, last.__eq__))
                if not cell.contains(0):
                    yield formulas.implies(here, conditions.in_cells(other, lambda c: c != "="))


def _derived(conditions: Conditions, scope: Scope) -> Iterator[int]:
    """A data element that is worked out from others has the value that they give."""
    formulas = conditions.formulas
    for element in conditions.guideline.elements.values():
        if element.derive is None:
            continue
        if isinstance(element.type, SetType):
            yield from _derived_set(conditions, element, scope)
            continue
        number = next(
            (
                n
                for n, fact in enumerate(conditions.facts)
                if isinstance(fact.subject, Reference)
                and fact.subject.name == element.name
                and fact.kind == "value"
            ),
            None,
        )
        if number is None:
            continue
        cells = conditions.facts[number].cells
        if isinstance(element.type, BooleanType):
            rail = conditions.read(element.derive, scope)
            yield formulas.implies(rail.true, conditions.yes(number))
            yield formulas.implies(rail.false, -conditions.yes(number))
            known = formulas.any_of((rail.true, rail.false))
        elif isinstance(element.type, EnumType):
            known = -TRUE
            for index, cell in enumerate(cells):
                rail = conditions.is_value(element.derive, str(cell), scope)
                yield formulas.implies(rail.true, formulas.cell(number, index))
        elif isinstance(cells[0], Interval):
            known = -TRUE
            for index, cell in enumerate(cells):
                assert isinstance(cell, Interval)
                within = conditions.in_interval(element.derive, cell, scope)
                if within is not None:
                    yield formulas.implies(within.true, formulas.cell(number, index))
        else:
            continue
        if conditions.knowing and element.name in conditions.questions.asked:
            subject = conditions.facts[number].subject
            yield formulas.implies(known, conditions.yes(conditions.fact(subject, "known")))


def _derived_set(conditions: Conditions, element: Element, scope: Scope) -> Iterator[int]:
    """A set that is worked out from others has the members that they give, as far as it is asked."""
    formulas, questions, derive = conditions.formulas, conditions.questions, element.derive
    assert derive is not None
    own = reference(element.name, conditions.guideline)
    met = [fact for fact in conditions.facts if fact.subject == own]
    if not met:
        return
    having = [fact for fact in met if fact.kind == "contains"]
    single = (fact.part for fact in having if len(fact.members) == 1)
    boolean = BooleanType()
    tests: list[tuple[Expression, Expression]] = []
    for name in dict.fromkeys((*questions.members.get(own, ()), *single)):
        contain = (Contains(subject, name, boolean, own.span) for subject in (own, derive))
        tests.append((next(contain), next(contain)))
    for name in questions.barred.get(own, ()):
        barring = (Bars(subject, name, boolean, own.span) for subject in (own, derive))
        tests.append((next(barring), next(barring)))
    if len(having) == len(questions.groups(own)):
        tests.append((IsEmpty(own, boolean, own.span), IsEmpty(derive, boolean, own.span)))
    for of_own, of_derived in tests:
        rail, derived = conditions.read(of_own, scope), conditions.read(of_derived, scope)
        yield formulas.implies(derived.true, rail.true)
        yield formulas.implies(derived.false, rail.false)
    if conditions.knowing and element.name in questions.asked:
        known = conditions.read(IsKnown(derive, boolean, own.span), scope)
        yield formulas.implies(known.true, conditions.yes(conditions.fact(own, "known")))
