"""Patients who show a finding: from the cells of facts to data that can be run."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from pathway_compiler.analysis.conditions import Conditions
from pathway_compiler.analysis.facts import Cell, Fact, Interval, cells_of, reference
from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.records import RecordsWanted, records_for
from pathway_compiler.datatypes.number import Number, compare
from pathway_compiler.datatypes.partial_date import PartialDate, from_date
from pathway_compiler.engine.acceptance import conflicting
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.outcome import WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.describe import (
    describe_condition,
    describe_fact,
    describe_number,
    describe_value,
)
from pathway_compiler.model.expression import (
    Compare,
    CountWhere,
    Expression,
    Pick,
    Quantified,
    Reference,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    ActionType,
    DateType,
    EnumType,
    ListType,
    QuantityType,
    SetType,
)
from pathway_compiler.model.vocabulary import Element, ListValue, Scalar, SetValue, Value
from pathway_compiler.patient_data.patient import Observation, Patient
from pathway_compiler.semantics.checks import facts_read, references

__all__ = [
    "REPLAY_DAY",
    "box_in_words",
    "day_of",
    "facts_in_words",
    "intervals_told",
    "preferred",
    "wishes",
    "witness",
    "witness_notes",
]


REPLAY_DAY = PartialDate(2019, 3, 1)
"""The day on which witnesses are run; no law depends on it."""


def wishes(conditions: Conditions) -> list[tuple[int, list[int]]]:
    """For each fact its cells, those of a typical patient first; local policy as it is, then facts in
    the order of the vocabulary."""
    guideline = conditions.guideline
    place = {name: index for index, name in enumerate(guideline.elements)}

    def rank(number: int) -> tuple[int, int]:
        fact = conditions.facts[number]
        if fact.kind == "parameter":
            return -1, number
        return place.get(_element(fact.subject) or "", len(place)), number

    numbers = sorted(range(len(conditions.facts)), key=rank)
    return [(number, preferred(conditions.facts[number], guideline)) for number in numbers]


def preferred(fact: Fact, guideline: Guideline) -> list[int]:
    """The cells of a fact, those of a typical patient first."""
    order = list(range(len(fact.cells)))
    if fact.kind in ("known", "present"):
        return order[::-1]
    typical = _typical(fact.subject, guideline)
    if isinstance(fact.cells[0], Interval):
        target: Number | None = typical if isinstance(typical, int | Fraction) else None
        if isinstance(typical, PartialDate):
            target = typical.earliest.toordinal()
        if target is None and len(order) > 2:
            return sorted(order, key=lambda i: abs(2 * i - len(order) + 1))
        if target is None:
            return order
        near = Fraction(target)
        return sorted(order, key=lambda i: abs(Fraction(_sample(fact.cells[i])) - near))
    if fact.kind in ("contains", "bars"):
        there = isinstance(typical, SetValue) and any(m in typical.items for m in fact.members)
        return order[::-1] if there else order
    if typical in fact.cells:
        first = fact.cells.index(typical)
        return [first, *(i for i in order if i != first)]
    return order


def _typical(subject: Expression, guideline: Guideline) -> Value | None:
    """The value of an ordinary patient, or of a parameter that nobody has set."""
    match subject:
        case Reference(kind="element"):
            return guideline.elements[subject.name].typical
        case Reference(kind="parameter"):
            return guideline.parameters[subject.name].default
        case _:
            return None


def _sample(cell: object) -> Number:
    assert isinstance(cell, Interval)
    return cell.sample


def _element(subject: Expression) -> str | None:
    return subject.name if isinstance(subject, Reference) and subject.kind == "element" else None


def witness(
    conditions: Conditions,
    cells: Sequence[int],
    matter: Iterable[int],
    waiting: tuple[WaitingPoint, ...] = (),
) -> Witness:
    """The data of the patient whose facts lie in these cells."""
    guideline = conditions.guideline
    facts: dict[str, Value] = {}
    settings: dict[str, Value] = {}
    members: dict[str, set[Scalar]] = {}
    missing = {
        _element(fact.subject)
        for number, fact in enumerate(conditions.facts)
        if fact.kind == "known" and cells[number] == 0
    }
    chosen = _in_order(conditions, cells)
    for number, fact in enumerate(conditions.facts):
        cell = fact.cells[cells[number]]
        if fact.kind == "parameter" and isinstance(fact.subject, Reference):
            if fact.subject.kind == "parameter":
                setting: Cell | Number = cell
                if isinstance(cell, Interval):
                    setting = _typical_within(cell, _typical(fact.subject, guideline))
                settings[fact.subject.name] = _value(setting, fact.subject)
            continue
        name = _element(fact.subject)
        if name is None or name in missing:
            continue
        if fact.kind == "value":
            value: Cell | Number = cell
            if fact.subject in chosen:
                value = chosen[fact.subject]
            elif isinstance(cell, Interval):
                value = _typical_within(cell, guideline.elements[name].typical)
            facts[name] = _value(value, fact.subject)
        elif fact.kind == "is a":
            facts[name] = str(cell)
        elif fact.kind in ("contains", "bars"):
            items = members.setdefault(name, set())
            if cell is True:
                wanted = fact.members[:1] if fact.kind == "contains" else fact.members
                items.update(_item(member, fact.subject) for member in wanted)
    for subject, amount in chosen.items():
        name = _element(subject)
        if name is not None and name not in missing:
            facts.setdefault(name, _value(amount, subject))
    for name, items in members.items():
        facts[name] = SetValue(frozenset(items))
    for name, found in _lists(conditions, cells, facts).items():
        if name not in missing:
            facts[name] = found
    follows = _follows(facts, settings, guideline)
    asked_about = {
        r.name for f in conditions.facts if f.kind != "known" for r in references(f.subject)
    }
    for number, fact in enumerate(conditions.facts):
        name = _element(fact.subject)
        if name is not None and name not in asked_about and cells[number] == 1:
            known = _some_value(guideline.elements[name], conditions)
            if known is not None:
                facts[name] = known
    order = [name for name in guideline.elements if name in facts and name not in follows]
    mattering = {
        name
        for number in matter
        for subject in references(conditions.facts[number].subject)
        if subject.kind in ("element", "parameter")
        for name in follows.get(subject.name, (subject.name,))
    }
    named = tuple(name for name in (*guideline.elements, *settings) if name in mattering)
    return Witness({name: facts[name] for name in order}, named, settings, waiting)


def _follows(
    facts: Mapping[str, Value], settings: Mapping[str, Value], guideline: Guideline
) -> dict[str, frozenset[str]]:
    """The facts that are worked out to be otherwise than by their cells, with those they rest on: the
    same cell may stand for several values."""
    patient = Patient("witness", {name: (Observation(value),) for name, value in facts.items()})
    compiled = CompiledGuideline(guideline, {})
    environment = base_environment(compiled, patient, REPLAY_DAY, settings)
    derive = {name: guideline.elements[name].derive for name, _, _ in conflicting(environment)}
    return {name: facts_read(of, guideline) for name, of in derive.items() if of is not None}


def _some_value(element: Element, conditions: Conditions) -> Value | None:
    """A value for an element of which nothing is asked but whether it is known."""
    if element.typical is not None:
        return element.typical
    match element.type:
        case SetType():
            return SetValue(frozenset())
        case ListType():
            return ListValue(())
        case ActionType(kind=kind):
            actions = conditions.guideline.actions.values()
            return next((action.name for action in actions if action.kind == kind), None)
        case DateType():
            return day_of(_SOME_DAY)
        case _:
            subject = reference(element.name, conditions.guideline)
            return _value(cells_of(subject, conditions.questions)[0], subject)


def _lists(
    conditions: Conditions, cells: Sequence[int], facts: Mapping[str, Value]
) -> dict[str, ListValue]:
    """Lists of records that fulfil what the facts say of them; those that cannot be made are left out."""
    tests: dict[str, list[RecordsWanted]] = {}
    for number, fact in enumerate(conditions.facts):
        subject = fact.subject
        cell = fact.cells[cells[number]]
        wanted: tuple[int, int | None] = (1, None) if cell is True else (0, 0)
        variable: str = ""
        where: Expression | None = None
        list_ = subject
        if isinstance(subject, Quantified | Pick | CountWhere):
            variable, where, list_ = subject.variable, subject.where, subject.list
        elif fact.kind != "some record":
            continue
        if isinstance(subject, CountWhere):
            assert isinstance(cell, Interval)
            wanted = ceil(cell.low or 0), None if cell.high is None else floor(cell.high)
        name = _element(list_)
        if name is not None:
            tests.setdefault(name, []).append(RecordsWanted(variable, where, *wanted))
    patient = Patient("witness", {name: (Observation(value),) for name, value in facts.items()})
    made: dict[str, ListValue] = {}
    for name, told in tests.items():
        type_ = conditions.guideline.elements[name].type
        assert isinstance(type_, ListType)
        found = records_for(type_, told, conditions.guideline, patient, REPLAY_DAY)
        if found is not None:
            made[name] = found
    return made


def _item(member: str, subject: Expression) -> Scalar:
    type_ = subject.type
    if (
        isinstance(type_, SetType)
        and member in ("yes", "no")
        and not isinstance(type_.of, EnumType)
    ):
        return member == "yes"
    return member


def _typical_within(cell: Interval, typical: Value | None) -> Number:
    """The typical value if it lies in a region, else any of it."""
    if isinstance(typical, PartialDate):
        typical = typical.earliest.toordinal()
    if isinstance(typical, int | Fraction) and cell.contains(typical):
        return typical
    return cell.sample


def _value(cell: object, subject: Expression) -> Scalar:
    if isinstance(cell, Interval):
        cell = cell.sample
    if isinstance(subject.type, DateType) and isinstance(cell, int | Fraction):
        return day_of(int(cell))
    if isinstance(cell, Fraction) and cell.denominator == 1:
        return cell.numerator
    assert isinstance(cell, bool | str | int | Fraction)
    return cell


_SOME_DAY = 736_695
"""An ordinary day (2018-01-01) for dates that no limit says anything about."""


def day_of(ordinal: int) -> PartialDate:
    """The day with this number, or the first or last one that dates can say."""
    return from_date(datetime.date.fromordinal(max(364_878, min(ordinal, 3_652_059))))


def _in_order(conditions: Conditions, cells: Sequence[int]) -> dict[Expression, Number]:
    """Numbers and days for facts that are compared with each other, each within its region."""
    orders: list[tuple[Expression, Expression, str]] = []
    region: dict[Expression, Interval] = {}
    for number, fact in enumerate(conditions.facts):
        cell = fact.cells[cells[number]]
        if fact.kind == "order" and isinstance(fact.subject, Compare):
            orders.append((fact.subject.left, fact.subject.right, str(cell)))
        elif isinstance(cell, Interval):
            region[fact.subject] = cell
    subjects = list(dict.fromkeys(s for left, right, _ in orders for s in (left, right)))
    chosen: dict[Expression, Number] = {}

    def place(index: int) -> bool:
        if index == len(subjects):
            return True
        subject = subjects[index]
        for candidate in _candidates(subject, region.get(subject), list(chosen.values())):
            chosen[subject] = candidate
            fits = all(
                compare(sign, chosen[left], chosen[right])  # type: ignore[arg-type]  # of one type
                for left, right, sign in orders
                if left in chosen and right in chosen
            )
            if fits and place(index + 1):
                return True
            del chosen[subject]
        return False

    return chosen if place(0) else {}


def _candidates(subject: Expression, region: Interval | None, others: list[Number]) -> list[Number]:
    type_ = subject.type
    if region is None:
        if isinstance(type_, DateType):
            region = Interval(364_878, True, 3_652_059, True, True)
            others = others or [_SOME_DAY]
        else:
            low, high = getattr(type_, "low", None), getattr(type_, "high", None)
            region = Interval(low, True, high, True, not isinstance(type_, QuantityType))
    step = Fraction(1) if region.whole else Fraction(1, 2)
    tries: dict[Number, None] = dict.fromkeys(others)
    for other in others:
        tries.update({other + step: None, other - step: None})
    tries[region.sample] = None
    for end in (region.low, region.high):
        if end is not None:
            tries.update({end: None, end + step: None, end - step: None})
    for a in others:
        for b in others:
            tries[Fraction(a + b) / 2] = None
    fitting = [n for n in tries if region.contains(n) and (not region.whole or n == int(n))]
    return [int(n) if n == int(n) else n for n in fitting]


# --- words ----------------------------------------------------------------------------------------------


def facts_in_words(found: Witness, guideline: Guideline) -> str:
    """The facts that matter: `HER2 status: Positive; Age: 61 years`."""
    values = {**found.facts, **found.settings}
    told = [
        describe_fact(name, values[name], guideline)
        if name in values
        else f"{guideline.elements[name].label}: not recorded"
        for name in found.matter
        if name in values or name in guideline.elements
    ]
    return "; ".join(told) or "any data"


def witness_notes(found: Witness, boxes: Sequence[str]) -> tuple[str, ...]:
    """The regions of all patients concerned, and whether the interpreter agrees."""
    notes = [
        f"all with {box}" if len(boxes) == 1 else f"{n}. {box}" for n, box in enumerate(boxes, 1)
    ]
    if found.confirmed:
        notes.append("running this patient confirms it")
    return tuple(notes)


def box_in_words(conditions: Conditions, region: Mapping[int, frozenset[int]]) -> str:
    """A region of patients in words: each fact with the cells that it may lie in."""
    parts = []
    for number, allowed in region.items():
        fact = conditions.facts[number]
        parts.append(_region_told(fact, allowed, conditions.guideline))
    return "; ".join(parts) or "any data"


def _region_told(fact: Fact, allowed: frozenset[int], guideline: Guideline) -> str:
    subject = fact.subject
    words = describe_condition(subject, guideline)
    cells = [fact.cells[index] for index in sorted(allowed)]
    type_ = subject.type
    match fact.kind:
        case "contains" | "bars":
            inner = type_.of if isinstance(type_, SetType) else None
            name = describe_value(_item(fact.part, subject), inner, guideline)
            if len(fact.members) > 1:
                name += " or the like"
            verb = {"contains": ("with", "without"), "bars": ("barring", "not barring")}[fact.kind]
            return f"{words} {verb[0] if cells == [True] else verb[1]} {name}"
        case "known":
            return f"{words}: {'known' if cells == [True] else 'not known'}"
        case "present" | "some record":
            return f"{words}: {'some' if cells == [True] else 'none'}"
        case "order":
            assert isinstance(subject, Compare)
            left = describe_condition(subject.left, guideline)
            right = describe_condition(subject.right, guideline)
            signs = {"<": "<", "=": "=", ">": ">", "<=": "≤", "=>": "≥", "<>": "≠"}
            return f"{left} {signs[''.join(str(c) for c in cells)]} {right}"
        case "is a":
            return f"{words}: {', '.join(guideline.action_label(str(c)) for c in cells)}"
        case "value" | "parameter":
            if isinstance(cells[0], Interval):
                return f"{words} {intervals_told([c for c in cells if isinstance(c, Interval)], type_)}"
            if isinstance(cells[0], bool):
                if isinstance(subject, Reference):
                    return f"{words}: {'yes' if cells == [True] else 'no'}"
                return words if cells == [True] else f"not ({words})"
            return f"{words}: " + " or ".join(
                describe_value(str(c), type_, guideline) for c in cells
            )


def intervals_told(cells: list[Interval], type_: object) -> str:
    """Neighbouring regions as one: `≥ 24 months`, `from 2 to 5`."""
    runs: list[list[Interval]] = []
    for cell in cells:
        last = runs[-1][-1] if runs else None
        touching = last is not None and (
            (last.high == cell.low)
            or (cell.whole and last.high is not None and cell.low == last.high + 1)
        )
        if touching:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return " or ".join(_run_told(run[0], run[-1], type_) for run in runs)


def _run_told(first: Interval, last: Interval, type_: object) -> str:
    def told(number: Number) -> str:
        if isinstance(type_, DateType):
            return str(day_of(int(number)))
        return describe_number(number, type_.unit if isinstance(type_, QuantityType) else None)

    if first.low is not None and first.low == last.high:
        return f"= {told(first.low)}"
    parts = []
    low_edge = getattr(type_, "low", None)
    high_edge = getattr(type_, "high", None)
    if first.low is not None and not (first.low == low_edge and first.low_included):
        parts.append(f"{'≥' if first.low_included else '>'} {told(first.low)}")
    if last.high is not None and not (last.high == high_edge and last.high_included):
        parts.append(f"{'≤' if last.high_included else '<'} {told(last.high)}")
    return " and ".join(parts) or "any"
