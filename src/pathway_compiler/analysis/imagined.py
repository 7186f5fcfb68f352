"""A patient of whom some facts are imagined otherwise, as formulas.

Every fact that can be changed has its cells as they would be, and every element a mark that it is
changed. What the data say holds of everything that is not marked; what is missing and not filled in
stays unknown, so that every condition is two formulas again: when it is certainly true, and when it is
certainly false (`Rail`), over the marks and the changed cells.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from pathway_compiler.analysis.conditions import (
    ALWAYS,
    NEVER,
    NEVER_KNOWN,
    Conditions,
    Scope,
)
from pathway_compiler.analysis.exact import told_by_data
from pathway_compiler.analysis.facts import Fact, Interval
from pathway_compiler.analysis.formulas import FALSE, TRUE, Conjunction, Formulas, Rail, Region
from pathway_compiler.analysis.laws import can_be
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.engine.environment import Environment, Result
from pathway_compiler.engine.expressions import computed_value, fact_value, observed_value
from pathway_compiler.engine.facts import shown
from pathway_compiler.model.expression import (
    And,
    Bars,
    Compare,
    Contains,
    Ever,
    Expression,
    IsKnown,
    IsValue,
    Not,
    Or,
    Reference,
    children,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import ActionType, BooleanType, EnumType, ListType, SetType
from pathway_compiler.model.vocabulary import (
    Constraint,
    Element,
    ListValue,
    Scalar,
    SetValue,
    Value,
)
from pathway_compiler.semantics.checks import facts_read

__all__ = [
    "Changeable",
    "Imagined",
    "imagined",
    "item_name",
    "with_entered_definitions",
    "without_names",
]


@dataclass(frozen=True, slots=True)
class Changeable:
    """An element that can be imagined otherwise: its value now, and the facts that say it."""

    element: Element
    now: Value | Unknown
    facts: tuple[int, ...]
    changed: int

    @property
    def name(self) -> str:
        return self.element.name


def _whole(value: Result) -> bool:
    """Whether all is known of a value; a set that may have other members is not."""
    match value:
        case SetValue() | ListValue():
            return value.complete
        case _:
            return isinstance(value, bool | str | int | Fraction | PartialDate)


@dataclass(slots=True)
class Imagined:
    """Formulas over what is changed: `formulas` is a table of its own, with `cells` for the facts of
    `conditions` that may change; `laws` hold of every patient who can be imagined."""

    conditions: Conditions
    units: tuple[Changeable, ...]
    possible: tuple[int, ...]
    """For each fact the cells that the data leave open, as a mask."""
    touching: tuple[tuple[str, ...], ...]
    """For each fact the elements it is about."""
    known: frozenset[str]
    derived: Mapping[int, tuple[str, tuple[Rail, ...]]]
    """The facts about elements that follow from others: the element, and when each cell follows."""
    formulas: Formulas
    cells: dict[int, int] = field(default_factory=dict)
    laws: list[int] = field(default_factory=list)
    _changed: dict[str, int] = field(default_factory=dict)
    _rails: dict[int, Rail] = field(default_factory=dict)

    def unit(self, name: str) -> Changeable:
        return next(unit for unit in self.units if unit.name == name)

    # --- formulas ------------------------------------------------------------------------------------

    def rail(self, formula: int) -> Rail:
        """When a formula of the guideline certainly holds of the patient so changed, and when not."""
        waiting = [(abs(formula), False)]
        while waiting:
            node, opened = waiting.pop()
            if node in self._rails:
                continue
            parts = self._parts(node)
            if opened or not parts:
                self._rails[node] = self._made(node)
                continue
            waiting.append((node, True))
            waiting.extend((part, False) for part in parts)
        found = self._rails[abs(formula)]
        return found if formula > 0 else -found

    def _parts(self, node: int) -> list[int]:
        record = self.conditions.formulas.nodes[node]
        if isinstance(record, Conjunction):
            return [abs(part) for part in record.parts]
        if isinstance(record, Region) and record.fact in self.derived:
            return [
                abs(f) for rail in self.derived[record.fact][1] for f in (rail.true, rail.false)
            ]
        return []

    def _of(self, formula: int) -> Rail:
        found = self._rails[abs(formula)]
        return found if formula > 0 else -found

    def _made(self, node: int) -> Rail:
        record = self.conditions.formulas.nodes[node]
        match record:
            case None:
                return ALWAYS
            case Conjunction():
                return self.formulas.both([self._of(part) for part in record.parts])
            case Region():
                return self._region(record.fact, record.mask)

    def _region(self, fact: int, mask: int) -> Rail:
        formulas = self.formulas
        unchanged = self._unchanged(fact, mask)
        names = [name for name in self.touching[fact] if name in self._changed]
        if fact in self.derived:
            unchanged = self._following(fact, mask, unchanged)
            names = [name for name in names if name == self.derived[fact][0]]
        if not names:
            return unchanged
        any_changed = formulas.any_of(self._changed[name] for name in names)
        if self._says_known(fact):
            # What is filled in is known.
            known = mask >> 1 & 1
            rail = Rail(TRUE, FALSE) if known else Rail(FALSE, TRUE)
        else:
            sure = formulas.all_of(
                self._changed.get(name, FALSE)
                for name in self.touching[fact]
                if name not in self.known and (fact not in self.derived or name in names)
            )
            inside = formulas.region(self.cells[fact], mask)
            rail = Rail(formulas.all_of((sure, inside)), formulas.all_of((sure, -inside)))
        return Rail(
            self._either(any_changed, rail.true, unchanged.true),
            self._either(any_changed, rail.false, unchanged.false),
        )

    def _either(self, condition: int, then: int, otherwise: int) -> int:
        formulas = self.formulas
        return formulas.any_of(
            (formulas.all_of((condition, then)), formulas.all_of((-condition, otherwise)))
        )

    def _unchanged(self, fact: int, mask: int) -> Rail:
        possible = self.possible[fact]
        if possible & ~mask == 0:
            return ALWAYS
        return NEVER if possible & mask == 0 else NEVER_KNOWN

    def _following(self, fact: int, mask: int, now: Rail) -> Rail:
        """A fact that is worked out from others, when one of those is changed."""
        formulas = self.formulas
        element, rails = self.derived[fact]
        behind = formulas.any_of(
            self._changed[name]
            for name in self.touching[fact]
            if name != element and name in self._changed
        )
        inside = [self._of(r.true).true for c, r in enumerate(rails) if mask >> c & 1]
        outside = [self._of(r.true).true for c, r in enumerate(rails) if not mask >> c & 1]
        return Rail(
            self._either(behind, formulas.any_of(inside), now.true),
            self._either(behind, formulas.any_of(outside), now.false),
        )

    def _says_known(self, fact: int) -> bool:
        record = self.conditions.facts[fact]
        if record.kind != "known":
            return False
        subject = record.subject
        assert isinstance(subject, IsKnown)
        asked = _now(subject.subject)
        return isinstance(asked, Reference) and asked.kind == "element"


def imagined(
    conditions: Conditions,
    laws: Sequence[int],
    roots: Sequence[int],
    environment: Environment,
    scope: Scope,
) -> Imagined:
    """The patient of an environment, ready to be imagined otherwise as far as the roots are concerned."""
    guideline = environment.guideline
    derived = _derived(conditions, environment, scope)
    every = [*roots, *laws]
    every += [f for _, rails in derived.values() for r in rails for f in (r.true, r.false)]
    mentioned = conditions.formulas.facts_in(every)
    touching = tuple(
        tuple(
            name
            for name in guideline.elements
            if name in _behind(fact.subject, guideline, number in derived)
        )
        for number, fact in enumerate(conditions.facts)
    )
    known = frozenset(name for name in guideline.elements if _whole(fact_value(name, environment)))
    found = Imagined(
        conditions,
        (),
        tuple(_possible(conditions, environment)),
        touching,
        known,
        derived,
        Formulas(),
    )
    _add_units(found, mentioned, environment)
    _add_laws(found, laws)
    return found


def _now(subject: Expression) -> Expression:
    return subject.operand if isinstance(subject, Ever) else subject


def _behind(subject: Expression, guideline: Guideline, derived: bool) -> frozenset[str]:
    found = facts_read(subject, guideline)
    subject = _now(subject)
    if derived and isinstance(subject, Reference):
        derive = guideline.elements[subject.name].derive
        assert derive is not None
        found |= facts_read(derive, guideline)
    return found


# --- what can be changed --------------------------------------------------------------------------------


def _add_units(found: Imagined, mentioned: Iterable[int], environment: Environment) -> None:
    """The elements that the analysis looks into, other than dates that are known, and elements
    that are worked out from others."""
    conditions, formulas = found.conditions, found.formulas
    of: dict[str, list[int]] = {}
    for number in mentioned:
        fact = conditions.facts[number]
        subject = _now(fact.subject)
        if (
            fact.kind in ("value", "contains", "bars", "is a")
            and isinstance(subject, Reference)
            and subject.kind == "element"
        ):
            of.setdefault(subject.name, []).append(number)
        elif fact.kind in ("order", "known"):
            for side in map(_now, children(fact.subject)):
                if isinstance(side, Reference) and side.kind == "element":
                    of.setdefault(side.name, [])
    units: list[Changeable] = []
    for element in environment.guideline.elements.values():
        now = shown(fact_value(element.name, environment), environment)
        if element.name not in of or isinstance(element.type, ListType):
            continue
        if isinstance(now, PartialDate) or _follows(element, environment):
            continue
        changed = formulas.cell(formulas.fact(2), 1)
        found._changed[element.name] = changed
        units.append(Changeable(element, now, tuple(of[element.name]), changed))
    for number in mentioned:
        if any(name in found._changed for name in found.touching[number]):
            found.cells[number] = formulas.fact(conditions.formulas.sizes[number])
    found.units = tuple(units)


def _follows(element: Element, environment: Environment) -> bool:
    """Whether the data of others say what an element is."""
    if element.derive is None:
        return False
    return not isinstance(computed_value(element.name, environment), Unknown)


def _derived(
    conditions: Conditions, environment: Environment, scope: Scope
) -> dict[int, tuple[str, tuple[Rail, ...]]]:
    """When each cell of a derived element follows from other facts; not of one that was recorded."""
    found: dict[int, tuple[str, tuple[Rail, ...]]] = {}
    for number, fact in enumerate(list(conditions.facts)):
        subject = fact.subject
        if not (
            isinstance(subject, Reference)
            and subject.kind == "element"
            and fact.kind in ("value", "contains", "bars")
        ):
            continue
        element = environment.guideline.elements[subject.name]
        if element.derive is None or not isinstance(
            observed_value(element.name, environment), Unknown
        ):
            continue
        if isinstance(element.type, BooleanType | SetType):
            holds = _holds(element.derive, fact, environment.guideline)
            rail = NEVER_KNOWN if holds is None else conditions.read(holds, scope)
            found[number] = element.name, (-rail, rail)
        elif isinstance(element.type, EnumType):
            found[number] = (
                element.name,
                tuple(conditions.is_value(element.derive, str(c), scope) for c in fact.cells),
            )
        elif isinstance(fact.cells[0], Interval):
            rails = []
            for cell in fact.cells:
                assert isinstance(cell, Interval)
                rails.append(conditions.in_interval(element.derive, cell, scope) or NEVER_KNOWN)
            found[number] = element.name, tuple(rails)
    return found


def _holds(derive: Expression, fact: Fact, guideline: Guideline) -> Expression | None:
    """What a yes-or-no fact says, said of what its element follows from; None when no words do."""
    boolean = BooleanType()
    if fact.kind == "value":
        return derive
    if fact.kind == "bars":
        return Bars(derive, fact.part, boolean, derive.span)
    names = (fact.part, *guideline.classes)
    just = (name for name in names if guideline.single_actions(name) == fact.members)
    name = fact.part if len(fact.members) == 1 else next(just, None)
    return None if name is None else Contains(derive, name, boolean, derive.span)


def _add_laws(found: Imagined, laws: Sequence[int]) -> None:
    """What holds of everybody is not certainly broken; and what it means that a fact is changed."""
    conditions, formulas = found.conditions, found.formulas
    added = [-found.rail(law).false for law in laws]
    for unit in found.units:
        differs = []
        values: dict[tuple[str, str], list[int]] = {}
        for number in unit.facts:
            fact, cell = conditions.facts[number], found.cells[number]
            possible = found.possible[number]
            if possible.bit_count() == 1:
                same = formulas.region(cell, possible)
                differs.append(-same)
                # Where nothing is changed the cell says what is, which makes formulas shorter.
                added.append(formulas.implies(-unit.changed, same))
            values.setdefault((fact.kind, fact.part), []).append(cell)
        if len(differs) == len(unit.facts) > 0 and not _compared(found, unit):
            added.append(formulas.implies(unit.changed, formulas.any_of(differs)))
        for several in values.values():
            # A fact as it is now and at any time is the same when it is recorded anew.
            for one, other in pairwise(several):
                for index in range(formulas.sizes[one]):
                    pair = formulas.cell(one, index), formulas.cell(other, index)
                    added.append(formulas.implies(unit.changed, formulas.same(*pair)))
        for (kind, part), cells in values.items():
            if kind == "bars" and ("contains", part) in values:
                # A new member that bars an action is that action, not a class of it.
                barred = formulas.cell(cells[0], 1)
                same = formulas.cell(values["contains", part][0], 1)
                added.append(formulas.implies(formulas.all_of((unit.changed, barred)), same))
    added += _orders(found)
    found.laws = [law for law in dict.fromkeys(added) if law != TRUE]


def _orders(found: Imagined) -> Iterator[int]:
    """How a number or date that is changed compares with one that stays as it is."""
    conditions, formulas = found.conditions, found.formulas
    units = {unit.name: unit for unit in found.units}
    for number, fact in enumerate(conditions.facts):
        if fact.kind != "order" or number not in found.cells:
            continue
        assert isinstance(fact.subject, Compare)
        left, right = fact.subject.left, fact.subject.right
        for changes, stays, signs in ((left, right, "<=>"), (right, left, ">=<")):
            one, other = (units.get(getattr(_now(side), "name", "")) for side in (changes, stays))
            region = conditions.numbers.get((changes, "value", ""))
            if one is None or other is None or region not in found.cells:
                continue
            if not isinstance(other.now, int | Fraction):
                continue
            point = Interval(other.now, True, other.now, True, False)
            for index, cell in enumerate(conditions.facts[region].cells):
                assert isinstance(cell, Interval)
                mask = 0
                for sign, seen in zip("<=>", signs, strict=True):
                    if can_be(sign, cell, point):
                        mask |= 1 << fact.cells.index(seen)
                here = formulas.cell(found.cells[region], index)
                changed = formulas.all_of((one.changed, -other.changed, here))
                yield formulas.implies(changed, formulas.region(found.cells[number], mask))


def _compared(found: Imagined, unit: Changeable) -> bool:
    return any(
        fact.kind == "order" and unit.name in found.touching[number]
        for number, fact in enumerate(found.conditions.facts)
    )


# --- what the data say ----------------------------------------------------------------------------------


def _possible(conditions: Conditions, environment: Environment) -> list[int]:
    """For each fact the cells that the data leave open."""
    formulas = conditions.formulas
    found = [(1 << size) - 1 for size in formulas.sizes]
    for formula in told_by_data(conditions, environment):
        node = formulas.nodes[abs(formula)]
        if isinstance(node, Region):
            everything = (1 << formulas.sizes[node.fact]) - 1
            found[node.fact] &= node.mask if formula > 0 else everything ^ node.mask
    any_time = environment.at_any_time()
    for number, fact in enumerate(conditions.facts):
        base = any_time if isinstance(fact.subject, Ever) else environment
        subject = _now(fact.subject)
        if isinstance(subject, Reference) and subject.kind == "element":
            found[number] = found[number] & _read(fact, subject.name, base) or found[number]
    return found


def _read(fact: Fact, name: str, environment: Environment) -> int:
    """The cells in which a value lies; 0 when that is not told."""
    value = fact_value(name, environment)
    mask = 0
    for index, cell in enumerate(fact.cells):
        match fact.kind, value:
            case "value", bool() | str():
                inside = cell == value
            case "value", int() | Fraction():
                inside = isinstance(cell, Interval) and cell.contains(value)
            case "value", PartialDate() if value.day is not None:
                inside = isinstance(cell, Interval) and cell.contains(value.earliest.toordinal())
            case "contains", SetValue() if _single(value, fact, environment):
                there = any(item_name(item) in fact.members for item in value.items)
                inside = cell is there or not (there or value.complete)
            case "bars", SetValue():
                guideline = environment.guideline
                there = all(
                    any(guideline.is_a(member, str(item)) for item in value.items)
                    for member in fact.members
                )
                inside = cell is there or not (there or value.complete)
            case _:
                inside = False
        mask |= inside << index
    return mask


def _single(value: SetValue, fact: Fact, environment: Environment) -> bool:
    """Whether no member of a set is a class of actions, or a value with parts."""
    type_ = fact.subject.type
    of = type_.of if isinstance(type_, SetType) else type_
    if isinstance(of, ActionType):
        return all(item in environment.guideline.actions for item in value.items)
    return not isinstance(of, EnumType) or all(item in of.leaves() for item in value.items)


def item_name(item: Scalar) -> str:
    """A member of a set as facts name it."""
    if isinstance(item, bool):
        return "yes" if item else "no"
    return str(item)


# --- facts entered for definitions ------------------------------------------------------------------------


def with_entered_definitions(guideline: Guideline, environment: Environment) -> Guideline:
    """A guideline in which a definition whose value was entered directly names a data element.

    It has to agree with what it is worked out to, as far as that can be told.
    """
    elements, definitions = dict(guideline.elements), dict(guideline.definitions)
    constraints = list(guideline.constraints)
    for name, definition in guideline.definitions.items():
        if isinstance(observed_value(name, environment), Unknown) or definition.span is None:
            continue
        elements[name] = Element(name, definition.label, definition.type, span=definition.span)
        entered = Reference("element", name, definition.type, definition.span)
        behind = f"{name} (worked out)"  # a name that no author can write
        worked_out = Reference("definition", behind, definition.type, definition.span)
        definitions[behind] = replace(definition, name=behind)
        definitions[name] = replace(definition, expression=entered, rows=(), first_match=False)
        agree = _agree(entered, worked_out)
        if agree is not None:
            constraints.append(Constraint(definition.label, agree, span=definition.span))
    if len(definitions) == len(guideline.definitions):
        return guideline
    return replace(
        guideline,
        elements=elements,
        definitions=definitions,
        constraints=tuple(constraints),
        content_hash="",
    )


def without_names(guideline: Guideline) -> Guideline:
    """The same for the engine, to which a definition that names an element of its own name is that."""
    definitions = {n: d for n, d in guideline.definitions.items() if n not in guideline.elements}
    return replace(guideline, definitions=definitions)


def _agree(one: Reference, other: Reference) -> Expression | None:
    """That two facts have the same value; None for those that are not compared."""
    boolean, span = BooleanType(), one.span
    match one.type:
        case BooleanType():
            return Compare("=", one, other, boolean, span)
        case EnumType():
            parts = []
            for leaf in one.type.leaves():
                first, second = (IsValue(r, leaf, boolean, span) for r in (one, other))
                parts.append(Or((Not(first, boolean, span), second), boolean, span))
            return And(tuple(parts), boolean, span)
        case _:
            return None
