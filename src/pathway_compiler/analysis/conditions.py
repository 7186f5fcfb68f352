"""Conditions as formulas: the semantics of `engine.expressions` over facts with finitely many cells.

Every condition becomes two formulas, when it is true and when it is false (`Rail`). The interpreter is
the definition; this reading of it is tested against it on all patients of random guidelines.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import assert_never

from pathway_compiler.analysis.facts import (
    Cell,
    Fact,
    Interval,
    Kind,
    Questions,
    cells_of,
    compare_cell,
    reference,
)
from pathway_compiler.analysis.formulas import FALSE, TRUE, Formulas, Rail, crisp
from pathway_compiler.datatypes.number import Comparison, compare
from pathway_compiler.datatypes.partial_date import PartialDate, compare_dates
from pathway_compiler.engine.expressions import SWAPPED, compare_with_named
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
    children,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    EnumType,
    ListType,
    SetType,
)
from pathway_compiler.model.vocabulary import Definition, Scalar, Value
from pathway_compiler.semantics.checks import references

__all__ = ["FIRST_VISIT", "NEVER_KNOWN", "Conditions", "Scope", "conjuncts"]

NEVER_KNOWN = Rail(FALSE, FALSE)
"""A condition that is unknown whatever the data."""

ALWAYS = Rail(TRUE, FALSE)
NEVER = Rail(FALSE, TRUE)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a condition stands: the arguments of the pathway, and whether `ever` makes a difference.

    `later` is true at a visit after a review.
    """

    arguments: tuple[tuple[str, Value], ...] = ()
    later: bool = False
    ever: bool = False

    def argument(self, name: str) -> Value | None:
        return next((value for key, value in self.arguments if key == name), None)


FIRST_VISIT = Scope()
"""Where nothing is told by another pathway, and `ever` makes no difference."""


@dataclass(slots=True)
class Conditions:
    """The conditions of a guideline as formulas, and the facts that these mention.

    With `knowing`, whether a fact is known is a fact of its own, which holds back every condition on
    it; otherwise a missing value ranges over all values while `is known` stays as it is. `tests` are
    the simple conditions met, with their formulas: what is known of a patient is known by them.
    """

    guideline: Guideline
    questions: Questions
    knowing: bool = True
    formulas: Formulas = field(default_factory=Formulas)
    facts: list[Fact] = field(default_factory=list)
    tests: dict[tuple[Expression, Scope], Rail] = field(default_factory=dict)
    numbers: dict[tuple[Expression, Kind, str], int] = field(default_factory=dict)
    _rails: dict[tuple[int, Scope], tuple[Expression, Rail]] = field(default_factory=dict)
    _barring: dict[tuple[str, str], Bars] = field(default_factory=dict)
    _guards: dict[tuple[str, Scope], list[tuple[Scalar, Rail]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Each definition after those it names, so that long chains of them need no deep stack.
        for name in _in_order(self.guideline):
            definition = self.guideline.definitions[name]
            if definition.rows:
                self._guarded(definition, Scope())
            elif isinstance(definition.type, BooleanType):
                assert definition.expression is not None
                self.read(definition.expression, Scope())

    # --- facts ---------------------------------------------------------------------------------------

    def fact(
        self,
        subject: Expression,
        kind: Kind = "value",
        part: str = "",
        cells: tuple[Cell, ...] | None = None,
        members: tuple[str, ...] = (),
        free: bool = False,
    ) -> int:
        """The number of a fact, new or known."""
        key = (subject, kind, part)
        found = self.numbers.get(key)
        if found is None:
            if cells is None:
                cells = cells_of(subject, self.questions) if kind == "value" else (False, True)
            found = self.formulas.fact(len(cells))
            self.facts.append(Fact(subject, kind, part, members, cells, free))
            self.numbers[key] = found
        return found

    def yes(self, fact: int) -> int:
        """That a yes-or-no fact holds."""
        return self.formulas.cell(fact, 1)

    def in_cells(self, fact: int, holds: Callable[[Cell], bool]) -> int:
        """That a fact lies in a cell of which something holds."""
        mask = 0
        for index, cell in enumerate(self.facts[fact].cells):
            if holds(cell):
                mask |= 1 << index
        return self.formulas.region(fact, mask)

    def plain(self, subject: Expression, scope: Scope) -> tuple[Expression, Scope]:
        """A subject without the definitions and readings that only name it."""
        while True:
            match subject:
                case Ever():
                    subject, scope = subject.operand, replace(scope, ever=True)
                case Reference(kind="reading"):
                    subject = self.questions.chosen(subject.name)
                case Reference(kind="definition"):
                    inner = self.guideline.definitions[subject.name].expression
                    if inner is None:
                        return subject, scope
                    subject = inner
                case _:
                    break
        if scope.later and scope.ever and not isinstance(subject, Literally):
            # At a later visit a fact read with `ever` is another one than the same fact read now.
            element = (
                self.guideline.elements.get(subject.name)
                if isinstance(subject, Reference) and subject.kind == "element"
                else None
            )
            if element is None or not element.lasting:
                subject = _ever(subject, True)
        return subject, scope

    # --- conditions ----------------------------------------------------------------------------------

    def read(self, expression: Expression, scope: Scope) -> Rail:
        """A condition as formulas."""
        key = (id(expression), scope)
        found = self._rails.get(key)
        if found is not None and found[0] is expression:
            return found[1]
        rail = self._read(expression, scope)
        self._rails[key] = expression, rail
        return rail

    def _read(self, expression: Expression, scope: Scope) -> Rail:
        formulas = self.formulas
        match expression:
            case Literally():
                return ALWAYS if expression.value is True else NEVER
            case UnknownLiteral():
                return NEVER_KNOWN
            case Not():
                return -self.read(expression.operand, scope)
            case And():
                return formulas.both(self.read(o, scope) for o in expression.operands)
            case Or():
                return formulas.either(self.read(o, scope) for o in expression.operands)
            case AtLeast():
                rails = [self.read(o, scope) for o in expression.operands]
                least = formulas.threshold(expression.number, rails)
                most = -formulas.threshold(expression.number + 1, rails)
                match expression.kind:
                    case "at least":
                        return least
                    case "at most":
                        return most
                    case "exactly":
                        return formulas.both((least, most))
            case Ever():
                return self.read(expression.operand, replace(scope, ever=True))
            case IsKnown():
                return self._is_known(expression, scope)
            case Compare(operator="=" | "!=") if isinstance(expression.left.type, BooleanType):
                left, right = self.read(expression.left, scope), self.read(expression.right, scope)
                equal = formulas.either(
                    (formulas.both((left, right)), formulas.both((-left, -right)))
                )
                return equal if expression.operator == "=" else -equal
            case Reference():
                return self._noted(expression, scope, self._boolean(expression, scope))
            case IsValue():
                return self._noted(expression, scope, self._is_value(expression, scope))
            case Compare():
                return self._noted(expression, scope, self._compare(expression, scope))
            case IsA():
                return self._noted(expression, scope, self._is_a(expression, scope))
            case Contains():
                rail = self._contains(expression.subject, expression.value, scope)
                return self._noted(expression, scope, rail)
            case Bars():
                rail = self._bars(expression.subject, expression.action, scope)
                return self._noted(expression, scope, rail)
            case IsEmpty():
                return self._noted(expression, scope, self._is_empty(expression, scope))
            case Quantified():
                return self._noted(expression, scope, self._quantified(expression, scope))
            case FieldOf() | Variable():
                return self._noted(expression, scope, self._value_rail(expression, scope, (True,)))
            case (
                CountWhere() | SizeOf() | Pick() | Arithmetic() | Negative() | Between() | Today()
                | Union() | UnionWhere()
            ):  # fmt: skip
                raise TypeError(f"not a condition: {type(expression).__name__}")
            case _:
                assert_never(expression)

    def _noted(self, expression: Expression, scope: Scope, rail: Rail) -> Rail:
        """Remember a simple condition, by which a patient's data speak of the facts."""
        self.tests.setdefault((expression, scope), rail)
        return rail

    # --- named facts and values ------------------------------------------------------------------------

    def _boolean(self, expression: Reference, scope: Scope) -> Rail:
        match expression.kind:
            case "pathway_parameter":
                value = scope.argument(expression.name)
                if value is not None:
                    return ALWAYS if value is True else NEVER
                return crisp(self.yes(self.fact(expression, "parameter")))
            case "parameter":
                return crisp(self.yes(self.fact(expression, "parameter")))
            case "reading":
                return self.read(self.questions.chosen(expression.name), scope)
            case "definition":
                definition = self.guideline.definitions[expression.name]
                if definition.expression is not None:
                    return self.read(definition.expression, replace(scope, arguments=()))
                return self._defined(definition, lambda value: value is True, scope)
            case "element":
                return self._value_rail(expression, scope, (True,))

    def _value_rail(
        self, subject: Expression, scope: Scope, wanted: Sequence[Cell], *, kind: Kind = "value"
    ) -> Rail:
        """That a subject has one of the wanted values, as far as it is known."""
        subject, scope = self.plain(subject, scope)
        fact = self.fact(subject, kind, free=self._is_free(subject))
        return self.held_back(subject, crisp(self.in_cells(fact, lambda cell: cell in wanted)))

    def _is_free(self, subject: Expression) -> bool:
        """Whether a value is worked out from data that the analysis does not look into; what was
        recorded before a review is such data, except of one patient."""
        if isinstance(subject, Ever) and not self.knowing:
            subject = subject.operand
        return not isinstance(subject, Reference)

    def held_back(self, subject: Expression, rail: Rail) -> Rail:
        """A condition on a subject, which is unknown while the subject is."""
        there = self._there(subject)
        if there == TRUE:
            return rail
        formulas = self.formulas
        return Rail(formulas.all_of((there, rail.true)), formulas.all_of((there, rail.false)))

    def _there(self, subject: Expression) -> int:
        """That a subject has a value at all."""
        waiting, parts = [(subject, False)], []
        while waiting:
            current, ever = waiting.pop()
            match current:
                case Reference(kind="element") if self.knowing:
                    if current.name in self.questions.asked:
                        parts.append(self.yes(self.fact(_ever(current, ever), "known")))
                case Pick():
                    parts.append(self.yes(self.fact(_ever(current, ever), "present", free=True)))
                case Ever():
                    waiting.append((current.operand, True))
                case Quantified() | CountWhere() | UnionWhere():
                    waiting.append((current.list, ever))
                case _:
                    waiting.extend((child, ever) for child in children(current))
        return self.formulas.all_of(parts)

    def _guarded(self, definition: Definition, scope: Scope) -> list[tuple[Scalar, Rail]]:
        """The rows of a definition with when each of them decides the value for certain."""
        scope = replace(scope, arguments=())  # a definition is told nothing by a pathway
        key = (definition.name, scope)
        if key in self._guards:
            return self._guards[key]
        formulas = self.formulas
        conditions = [
            None if row.condition is None else self.read(row.condition, scope)
            for row in definition.rows
        ]
        guards: list[tuple[Scalar, Rail]] = []
        for index, (row, condition) in enumerate(zip(definition.rows, conditions, strict=True)):
            before = definition.first_match or condition is None
            against = [
                -other
                for place, (other_row, other) in enumerate(
                    zip(definition.rows, conditions, strict=True)
                )
                if other is not None
                and other_row.value != row.value
                and place != index
                and (not before or condition is None or place < index)
            ]
            if not before:
                # Rows that hold for different values leave the value open.
                true = formulas.all_of(
                    (condition.true if condition else TRUE, *(-other.false for other in against))
                )
                guards.append((row.value, Rail(true, FALSE)))
                continue
            own = ALWAYS if condition is None else condition
            guards.append((row.value, Rail(formulas.both((own, *against)).true, FALSE)))
        self._guards[key] = guards
        return guards

    def _defined(
        self, definition: Definition, fits: Callable[[Scalar], bool | None], scope: Scope
    ) -> Rail:
        """That the value of a definition by rows fits; None where it is too coarse to tell."""
        true: list[int] = []
        false: list[int] = []
        for value, guard in self._guarded(definition, scope):
            found = fits(value)
            if found is True:
                true.append(guard.true)
            elif found is False:
                false.append(guard.true)
        return Rail(self.formulas.any_of(true), self.formulas.any_of(false))

    def _is_value(self, expression: IsValue, scope: Scope) -> Rail:
        subject, inner = self.plain(expression.subject, scope)
        type_, wanted = subject.type, expression.value
        assert isinstance(type_, EnumType)

        def within(value: object) -> bool | None:
            if wanted in type_.ancestors(str(value)):
                return True
            return None if value in type_.ancestors(wanted) else False

        return self._by_value(subject, inner, within)

    def is_value(self, subject: Expression, value: str, scope: Scope) -> Rail:
        """That an expression has one value of its closed list, and no other."""
        subject, scope = self.plain(subject, scope)
        return self._by_value(subject, scope, lambda found: found == value)

    def in_interval(self, subject: Expression, region: Interval, scope: Scope) -> Rail | None:
        """That a number lies in a region; None when its own regions are too coarse to tell."""
        subject, scope = self.plain(subject, scope)
        if isinstance(subject, Literally | UnknownLiteral):
            return None
        if isinstance(subject, Reference) and subject.kind == "definition":
            return self._by_value(
                subject,
                scope,
                lambda found: isinstance(found, int | Fraction) and region.contains(found),
            )

        def within(cell: object) -> bool | None:
            assert isinstance(cell, Interval)
            return region.contains(cell.sample)

        return self._by_value(subject, scope, within)

    def _by_value(
        self, subject: Expression, scope: Scope, fits: Callable[[object], bool | None]
    ) -> Rail:
        """That a value fits: of a definition by rows, a constant, or any other fact with cells."""
        match subject:
            case Reference(kind="definition"):
                return self._defined(self.guideline.definitions[subject.name], fits, scope)
            case Literally():
                return _decided(fits(subject.value))
            case UnknownLiteral():
                return NEVER_KNOWN
            case Reference(kind="pathway_parameter") if (
                value := scope.argument(subject.name)
            ) is not None:
                return _decided(fits(value))
        kind: Kind = "value"
        cells = None
        if isinstance(subject, Reference) and subject.kind in ("parameter", "pathway_parameter"):
            kind, cells = "parameter", cells_of(subject, self.questions)
        fact = self.fact(subject, kind, cells=cells, free=self._is_free(subject))
        rail = Rail(
            self.in_cells(fact, lambda cell: fits(cell) is True),
            self.in_cells(fact, lambda cell: fits(cell) is False),
        )
        return self.held_back(subject, rail)

    # --- comparisons -----------------------------------------------------------------------------------

    def _compare(self, expression: Compare, scope: Scope) -> Rail:
        left, left_scope = self.plain(expression.left, scope)
        right, right_scope = self.plain(expression.right, scope)
        constant = self._constant(right, scope)
        operator = expression.operator
        if constant is None and self._constant(left, scope) is not None:
            left, right, left_scope = right, left, right_scope
            constant, operator = self._constant(right, scope), SWAPPED[operator]
        if constant is not None:
            return self._limit(operator, left, left_scope, constant)
        if isinstance(left, UnknownLiteral) or isinstance(right, UnknownLiteral):
            return NEVER_KNOWN
        if isinstance(left.type, EnumType):
            return self._against_other(operator, left, right, left_scope, right_scope)
        for side in (left, right):
            if isinstance(side, Reference) and side.kind == "definition":
                return self._row_by_row(operator, left, right, left_scope, right_scope)
        order: tuple[Cell, ...] = ("<", "=", ">")
        swapped = repr(right) < repr(left)
        if swapped:
            left, right, operator = right, left, SWAPPED[operator]
        boolean = BooleanType()
        subject = Compare("<", left, right, boolean, expression.span)
        fact = self.fact(subject, "order", cells=order, free=True)
        holds = {
            "<": {"<"},
            "<=": {"<", "="},
            "=": {"="},
            "!=": {"<", ">"},
            ">": {">"},
            ">=": {">", "="},
        }
        rail = crisp(self.in_cells(fact, lambda cell: cell in holds[operator]))
        return self.held_back(subject, rail)

    def _constant(self, expression: Expression, scope: Scope) -> Scalar | None:
        match expression:
            case Literally():
                return expression.value
            case Reference(kind="pathway_parameter"):
                value = scope.argument(expression.name)
                return (
                    value if isinstance(value, bool | str | int | Fraction | PartialDate) else None
                )
            case _:
                return None

    def _limit(
        self, operator: Comparison, subject: Expression, scope: Scope, limit: Scalar
    ) -> Rail:
        """A fact compared with a constant."""
        if isinstance(subject, SizeOf):
            inner, _ = self.plain(subject.subject, scope)
            if isinstance(inner.type, SetType) and isinstance(inner.type.of, EnumType):
                assert isinstance(limit, int | Fraction)
                return self._size(operator, inner, scope, limit)
        type_ = subject.type

        def fits(value: object) -> bool | None:
            match value, limit:
                case Interval(), int() | Fraction() | PartialDate():
                    return compare_cell(operator, value, limit)
                case str(), str() if isinstance(type_, EnumType):
                    return compare_with_named(operator, value, limit, type_)
                case int() | Fraction(), int() | Fraction():
                    return compare(operator, value, limit)
                case PartialDate(), PartialDate():
                    return compare_dates(operator, value, limit)
                case _:
                    raise TypeError(f"cannot compare {value!r} with {limit!r}")

        return self._by_value(subject, scope, fits)

    def _against_other(
        self, operator: Comparison, left: Expression, right: Expression, one: Scope, two: Scope
    ) -> Rail:
        """Two facts with values of one ordered list against each other."""
        type_ = left.type
        assert isinstance(type_, EnumType)
        leaves = type_.leaves()
        formulas = self.formulas
        true: list[int] = []
        false: list[int] = []
        for a_index, a in enumerate(leaves):
            first = self.is_value(left, a, one)
            for b_index, b in enumerate(leaves):
                second = self.is_value(right, b, two)
                both = formulas.all_of((first.true, second.true))
                (true if compare(operator, a_index, b_index) else false).append(both)
        return Rail(formulas.any_of(true), formulas.any_of(false))

    def _row_by_row(
        self, operator: Comparison, left: Expression, right: Expression, one: Scope, two: Scope
    ) -> Rail:
        """A definition by rows compared with another fact: each of its values as a constant."""
        if isinstance(left, Reference) and left.kind == "definition":
            rows, other, other_scope, own, turned = left, right, two, one, SWAPPED[operator]
        else:
            assert isinstance(right, Reference)
            rows, other, other_scope, own, turned = right, left, one, two, operator
        formulas = self.formulas
        true: list[int] = []
        false: list[int] = []
        for value, guard in self._guarded(self.guideline.definitions[rows.name], own):
            if isinstance(other, Reference) and other.kind == "definition":

                def fits(found: object, value: Scalar = value) -> bool | None:
                    assert isinstance(found, int | Fraction) and isinstance(value, int | Fraction)
                    return compare(turned, found, value)

                rail = self._defined(self.guideline.definitions[other.name], fits, other_scope)
            else:
                rail = self._limit(turned, other, other_scope, value)
            true.append(formulas.all_of((guard.true, rail.true)))
            false.append(formulas.all_of((guard.true, rail.false)))
        return Rail(formulas.any_of(true), formulas.any_of(false))

    # --- sets and classes --------------------------------------------------------------------------------

    def _member(self, subject: Expression, group: tuple[str, ...], kind: Kind, scope: Scope) -> int:
        collected = self._without_ever(subject)
        if isinstance(collected, UnionWhere):
            return self._collected(subject, _held(collected.value, group[0], kind), scope).true
        return self.yes(
            self.fact(subject, kind, group[0], members=group, free=self._is_free(subject))
        )

    def _collected(self, subject: Expression, test: Expression | None, scope: Scope) -> Rail:
        """A condition on what records hold together, as one on some of these records."""
        union = self._without_ever(subject)
        assert isinstance(union, UnionWhere)
        boolean = BooleanType()
        parts = () if union.where is None else conjuncts(union.where)
        parts += () if test is None else (test,)
        where = And(parts, boolean, union.span) if len(parts) > 1 else (*parts, None)[0]
        some = Quantified("any", union.variable, union.list, where, boolean, union.span)
        return self.read(some, replace(scope, ever=scope.ever or isinstance(subject, Ever)))

    def some_of(self, subject: Expression, wanted: Callable[[str], bool]) -> int:
        """That a set has some member of which something holds."""
        groups = self.questions.groups(self._without_ever(subject))
        return self.formulas.any_of(
            self._member(subject, group, "contains", FIRST_VISIT)
            for group in groups
            if wanted(group[0])
        )

    def _without_ever(self, subject: Expression) -> Expression:
        return subject.operand if isinstance(subject, Ever) else subject

    def _contains(self, subject: Expression, value: str, scope: Scope) -> Rail:
        return self.formulas.either(
            self._has(side, value, scope) for side in self._sides(subject, scope)
        )

    def _has(self, subject: Expression, value: str, scope: Scope) -> Rail:
        collected = self._without_ever(subject)
        if isinstance(collected, UnionWhere):
            return self._collected(subject, _held(collected.value, value, "contains"), scope)
        type_ = subject.type
        assert isinstance(type_, SetType)
        of = type_.of

        def wanted(member: str) -> bool:
            if isinstance(of, ActionType):
                return self.guideline.is_a(member, value)
            return member == value or (isinstance(of, EnumType) and value in of.ancestors(member))

        return self.held_back(subject, crisp(self.some_of(subject, wanted)))

    def _bars(self, subject: Expression, action: str, scope: Scope) -> Rail:
        """That a set of contraindicated actions bars an action, or every single action of a class."""
        singles = self.guideline.single_actions(action) or (action,)
        sides = list(self._sides(subject, scope))
        groups = dict.fromkeys(tuple(self._group(s, single) for s in sides) for single in singles)
        formulas = self.formulas
        barred = formulas.all_of(
            formulas.any_of(
                self._member(side, group, "bars", scope)
                for side, group in zip(sides, key, strict=True)
            )
            for key in groups
        )
        there = formulas.all_of(self._there(side) for side in sides)
        return Rail(formulas.all_of((there, barred)), formulas.all_of((there, -barred)))

    def _group(self, subject: Expression, single: str) -> tuple[str, ...]:
        """The actions that nothing asked of a set tells apart from one."""
        inner = self._without_ever(subject)
        groups = () if isinstance(inner, UnionWhere) else self.questions.groups(inner)
        return next((group for group in groups if single in group), (single,))

    def _sides(self, subject: Expression, scope: Scope) -> Iterable[Expression]:
        """The sets that a set is the union of."""
        subject, scope = self.plain(subject, scope)
        inner = self._without_ever(subject)
        if isinstance(inner, Union):
            yield from self._sides(inner.left, scope)
            yield from self._sides(inner.right, scope)
        else:
            yield subject

    def set_bars(self, name: str, action: str, scope: Scope) -> Rail:
        """That the named set of contraindicated actions bars an action."""
        key = (name, action)
        expression = self._barring.get(key)
        if expression is None:
            subject = reference(name, self.guideline)
            expression = Bars(subject, action, BooleanType(), subject.span)
            self._barring[key] = expression
        return self.read(expression, scope)

    def _is_empty(self, expression: IsEmpty, scope: Scope) -> Rail:
        subject, inner = self.plain(expression.subject, scope)
        if isinstance(subject.type, ListType):
            some = self.fact(subject, "some record", free=True)
            return self.held_back(subject, crisp(-self.yes(some)))
        return self.formulas.both(
            self._has_none(side, inner) for side in self._sides(subject, inner)
        )

    def _has_none(self, subject: Expression, scope: Scope) -> Rail:
        collected = self._without_ever(subject)
        if isinstance(collected, UnionWhere):
            return -self._collected(subject, _not_empty(collected.value), scope)
        return self.held_back(subject, crisp(-self.some_of(subject, lambda _: True)))

    def _size(
        self, operator: Comparison, subject: Expression, scope: Scope, limit: int | Fraction
    ) -> Rail:
        """How many values a set has, against a number."""
        formulas = self.formulas
        sides = list(self._sides(subject, scope))
        members = [
            formulas.any_of(self._member(side, group, "contains", scope) for side in sides)
            for group in self.questions.groups(self._without_ever(sides[0]))
        ]
        counts = [n for n in range(len(members) + 1) if compare(operator, n, limit)]
        holds = formulas.any_of(
            formulas.all_of((formulas.at_least(n, members), -formulas.at_least(n + 1, members)))
            for n in counts
        )
        there = formulas.all_of(self._there(side) for side in sides)
        return Rail(formulas.all_of((there, holds)), formulas.all_of((there, -holds)))

    def _is_a(self, expression: IsA, scope: Scope) -> Rail:
        subject, inner = self.plain(expression.subject, scope)
        constant = self._constant(subject, inner)
        if isinstance(constant, str):
            return _decided(self.guideline.is_a(constant, expression.action))
        groups = self.questions.groups(self._without_ever(subject))
        cells: tuple[Cell, ...] = tuple(group[0] for group in groups)
        fact = self.fact(subject, "is a", cells=cells, free=self._is_free(subject))
        return self.held_back(
            subject,
            crisp(
                self.in_cells(fact, lambda cell: self.guideline.is_a(str(cell), expression.action))
            ),
        )

    # --- lists -----------------------------------------------------------------------------------------

    def _quantified(self, expression: Quantified, scope: Scope) -> Rail:
        """A condition on the records of a list: a fact of its own; `every` is no `any` of the opposite."""
        list_, _ = self.plain(expression.list, scope)
        where = expression.where
        if expression.kind == "every":
            if where is None:
                return ALWAYS
            where = where.operand if isinstance(where, Not) else Not(where, where.type, where.span)
        elif where is None:
            return self.held_back(
                list_, crisp(self.yes(self.fact(list_, "some record", free=True)))
            )
        subject = Quantified(
            "any", expression.variable, list_, where, expression.type, expression.span
        )
        rail = self.held_back(list_, crisp(self.yes(self.fact(subject, "value", free=True))))
        return -rail if expression.kind == "every" else rail

    # --- what is known ---------------------------------------------------------------------------------

    def _is_known(self, expression: IsKnown, scope: Scope) -> Rail:
        if not self.knowing:
            rail = crisp(self.yes(self.fact(expression, "known")))
            return self._noted(expression, scope, rail)
        return crisp(self._known(expression.subject, scope))

    def _known(self, subject: Expression, scope: Scope) -> int:
        subject, scope = self.plain(subject, scope)
        if isinstance(subject.type, BooleanType) and not isinstance(subject, Reference):
            rail = self.read(subject, scope)
            return self.formulas.any_of((rail.true, rail.false))
        if isinstance(subject, UnknownLiteral):
            return FALSE
        if isinstance(subject, Reference) and subject.kind == "definition":
            guards = self._guarded(self.guideline.definitions[subject.name], scope)
            return self.formulas.any_of(guard.true for _, guard in guards)
        return self._there(subject)


def _decided(truth: bool | None) -> Rail:
    if truth is None:
        return NEVER_KNOWN
    return ALWAYS if truth else NEVER


def _held(value: FieldOf, name: str, kind: Kind) -> Expression:
    """That a field of a record holds a member of a set, or bars it."""
    boolean, span = BooleanType(), value.span
    match value.type:
        case SetType():
            test = Bars if kind == "bars" else Contains
            return test(value, name, boolean, span)
        case ActionType():
            return IsA(value, name, boolean, span)
        case EnumType():
            return IsValue(value, name, boolean, span)
        case _:
            return value if name == "yes" else Not(value, boolean, span)


def _not_empty(value: FieldOf) -> Expression | None:
    """That a field of a record holds something, where it may hold nothing."""
    if not isinstance(value.type, SetType):
        return None
    boolean = BooleanType()
    return Not(IsEmpty(value, boolean, value.span), boolean, value.span)


def conjuncts(condition: Expression) -> tuple[Expression, ...]:
    if isinstance(condition, And):
        return tuple(part for operand in condition.operands for part in conjuncts(operand))
    return (condition,)


def _ever(subject: Expression, ever: bool) -> Expression:
    return Ever(subject, subject.type, subject.span) if ever else subject


def _in_order(guideline: Guideline) -> list[str]:
    """The definitions, each after those it names; circles were refused before."""
    order: dict[str, None] = {}
    waiting = [(name, False) for name in reversed(tuple(guideline.definitions))]
    while waiting:
        name, opened = waiting.pop()
        if name in order:
            continue
        if opened:
            order[name] = None
            continue
        definition = guideline.definitions[name]
        told = [row.condition for row in definition.rows if row.condition is not None]
        if definition.expression is not None:
            told.append(definition.expression)
        named = {r.name for c in told for r in references(c) if r.kind == "definition"}
        waiting.append((name, True))
        waiting.extend((inner, False) for inner in sorted(named) if inner not in order)
    return list(order)
