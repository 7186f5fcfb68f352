"""The smallest changes of a patient's facts that would give a recommendation, or withdraw it.

A change gives one fact another value, or fills in one that is missing. Found are the sets of one, two
or three facts of which none can be left out, those of fewest facts first; among these, by how readily
the facts change (`Readiness`), which is what the vocabulary says of them:

- *missing*: not known now;
- *can change*: not `lasting`, or a `judgement`; and what grows, lasting or not: a set that gains members,
  a count or a time that goes up;
- *lasting*: other facts that are `lasting`;
- *does not go back*: a count or a time that goes down (lines of treatment, an age), and a lasting set
  of actions that loses members, unless it is one of contraindications (what was given was given). Such
  changes are last, even those of fewer facts.

Of a set that changes, the fewest members do, at most three new ones. Dates that are known, lists of records, and facts that follow from others are never changed. Every
suggestion is run, and shown only when the run confirms it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, product
from typing import Literal

from pathway_compiler.analysis.conditions import Conditions, Scope
from pathway_compiler.analysis.exact import outputs_of
from pathway_compiler.analysis.facts import Cell, Fact, Interval, questions_of
from pathway_compiler.analysis.formulas import FALSE, TRUE, Rail
from pathway_compiler.analysis.imagined import (
    Changeable,
    Imagined,
    imagined,
    item_name,
    with_entered_definitions,
    without_names,
)
from pathway_compiler.analysis.laws import laws
from pathway_compiler.analysis.solver import Solver
from pathway_compiler.analysis.visits import Line, Visit, visit
from pathway_compiler.analysis.witness import day_of, intervals_told, preferred
from pathway_compiler.datatypes.number import Number
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.datatypes.units import is_calendar
from pathway_compiler.engine.acceptance import accept, environment_of_visit
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.explain import Verdict, verdict_of
from pathway_compiler.engine.interpreter import interpret
from pathway_compiler.engine.outcome import Outcome, WaitingPoint
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.describe import describe_value, fact_label, fact_type
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    ActionType,
    BooleanType,
    CountType,
    DateType,
    EnumType,
    NumericType,
    QuantityType,
    SetType,
)
from pathway_compiler.model.vocabulary import Scalar, SetValue, Value
from pathway_compiler.patient_data.patient import Observation, Patient

__all__ = [
    "Alternative",
    "Change",
    "Readiness",
    "WhatIf",
    "change_in_words",
    "ready_to_ask",
    "what_if_to_json",
]

MOST_FACTS = 3
MOST_ALTERNATIVES = 5
MOST_NEW_MEMBERS = 3
MOST_TRIES = 60
"""So many patients are run for one question."""
MOST_FAILURES = 6
"""After so many values that a run does not confirm, other facts are changed."""

Readiness = Literal["missing", "can change", "lasting", "does not go back"]
_READINESS: tuple[Readiness, ...] = ("missing", "can change", "lasting", "does not go back")


@dataclass(frozen=True, slots=True)
class Change:
    """A fact, what is known of it now, and what it would have to be.

    `allowed` are all the values or regions that would do, as far as one value is concerned.
    """

    element: str
    now: Value | Unknown
    otherwise: Value
    readiness: Readiness
    allowed: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Facts that would have to change together, and the verdict that this would bring."""

    verdict: Verdict
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change a verdict.

    `not_tried` are elements on which it rests and which are never changed. `settled` when nothing
    that is looked into would change it at this visit.
    """

    id: str
    alternatives: tuple[Alternative, ...]
    not_tried: tuple[str, ...] = ()
    settled: bool = False


# --- asking ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Asking:
    """A patient about whom such questions can be asked."""

    compiled: CompiledGuideline
    patient: Patient
    outcome: Outcome
    waiting: tuple[WaitingPoint, ...]
    outputs: Mapping[str, Rail]
    imagined: Imagined
    solver: Solver
    exact: bool
    _runs: dict[tuple[tuple[str, Value], ...], Outcome | None] = field(default_factory=dict)

    def ask(self, id_: str) -> WhatIf:
        """What would give a recommendation, option or action that is not given, and withdraw one that is.

        For what is possible, both.
        """
        rail = self.outputs.get(id_)
        if rail is None:
            return WhatIf(id_, (), settled=True)
        now = verdict_of(self.outcome, id_)
        found: list[Alternative] = []
        wanted: tuple[Verdict, ...] = ("given", "not given")
        settled = True
        for verdict in wanted:
            if verdict != now:
                goal = self.imagined.rail(rail.true if verdict == "given" else rail.false).true
                if self.solver.can(goal) == "yes":
                    settled = False
                    found += _Search(self, id_, verdict, goal).alternatives()
        return WhatIf(id_, tuple(found), self._not_tried(rail), settled)

    def _not_tried(self, rail: Rail) -> tuple[str, ...]:
        imagined = self.imagined
        changeable = {unit.name for unit in imagined.units}
        behind = {
            name
            for number in imagined.conditions.formulas.facts_in((rail.true, rail.false))
            for name in imagined.touching[number]
        }
        return tuple(
            name
            for name in self.compiled.guideline.elements
            if name in behind and name not in changeable
        )

    def run(self, changes: Iterable[tuple[str, Value]]) -> Outcome | None:
        """What the interpreter says of the patient so changed; None when the data are refused."""
        key = tuple(sorted(changes, key=lambda pair: pair[0]))
        if key not in self._runs:
            facts = {**self.patient.facts, **{n: (Observation(v),) for n, v in key}}
            self._runs[key] = self._run(Patient(self.patient.id, facts, self.patient.as_of))
        return self._runs[key]

    def _run(self, patient: Patient) -> Outcome | None:
        before = self.outcome
        settings, readings = dict(before.settings), dict(before.readings)
        environment = base_environment(self.compiled, patient, before.as_of, settings, readings)
        if accept(environment, self.waiting):
            return None
        found = interpret(
            self.compiled,
            patient,
            before.as_of,
            pathway=before.pathway,
            settings=settings,
            readings=readings,
            waiting=self.waiting,
        )
        if self.exact and found.leaves_open:
            from pathway_compiler.analysis.refine import refine

            found = refine(found, environment, self.compiled, self.waiting)
        return found


def ready_to_ask(
    compiled: CompiledGuideline,
    patient: Patient,
    outcome: Outcome,
    *,
    waiting: Sequence[WaitingPoint] = (),
    exact: bool = True,
) -> Asking:
    """A patient and the outcome of one visit, ready for questions; `exact` as in the run."""
    settings, readings = dict(outcome.settings), dict(outcome.readings)
    environment = environment_of_visit(
        base_environment(compiled, patient, outcome.as_of, settings, readings), waiting
    )
    guideline = with_entered_definitions(compiled.guideline, environment)
    conditions = Conditions(guideline, questions_of(guideline, readings), knowing=False)
    found = visit(conditions, compiled.graphs, outcome.pathway, waiting)
    rails: dict[str, list[Rail]] = {}
    for key, rail in outputs_of(found, conditions.formulas, guideline).items():
        if key[0] in ("recommendation", "option", "action"):
            rails.setdefault(key[1], []).append(rail)
    outputs = {id_: conditions.formulas.either(several) for id_, several in rails.items()}
    for action in (*guideline.actions, *guideline.classes):
        if action in outputs:
            outputs[action] = Rail(outputs[action].true, -_may_ask(found, action, conditions))
    scope = Scope(later=environment.since is not None)
    always = laws(conditions, scope)
    if guideline is not compiled.guideline:
        environment = replace(environment, guideline=without_names(guideline), cache={})
    roots = [f for rail in outputs.values() for f in (rail.true, rail.false)]
    otherwise = imagined(conditions, always, roots, environment, scope)
    solver = Solver(otherwise.formulas, otherwise.laws, otherwise.laws)
    return Asking(compiled, patient, outcome, tuple(waiting), outputs, otherwise, solver, exact)


def _may_ask(found: Visit, action: str, conditions: Conditions) -> int:
    """That some recommendation may ask for an action, be it as an alternative."""
    formulas = conditions.formulas

    def offered(line: Line) -> int:
        if line.kind == "action":
            return -line.offered.false if line.action == action else FALSE
        inside = formulas.any_of(map(offered, line.parts))
        return formulas.all_of((-line.offered.false, inside))

    asking = []
    for draft in found.drafts:
        lines = draft.lines if draft.direction in ("for", "selective") else ()
        within = [offered(line) for line in lines]
        for option in draft.options:
            inside = formulas.any_of(map(offered, option.lines))
            within.append(formulas.all_of((-option.final.false, inside)))
        asking.append(formulas.all_of((-draft.final.false, formulas.any_of(within))))
    return formulas.any_of(asking)


# --- searching -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Search:
    """The smallest changes that bring one verdict."""

    asking: Asking
    id: str
    verdict: Verdict
    goal: int
    moves: dict[str, list[int]] = field(default_factory=dict)
    blocked: list[int] = field(default_factory=list)
    failures: dict[tuple[int, ...], int] = field(default_factory=dict)
    tries: int = 0

    @property
    def imagined(self) -> Imagined:
        return self.asking.imagined

    def alternatives(self) -> list[Alternative]:
        imagined = self.imagined
        formulas = imagined.formulas
        guideline = self.asking.compiled.guideline
        self.moves = {unit.name: _moves(unit, imagined, guideline) for unit in imagined.units}
        wishes = self._wishes()
        found: list[Alternative] = []
        marks = [unit.changed for unit in imagined.units]
        several: list[int] = []
        for unit in imagined.units:
            added, changed = _members_changed(unit, imagined)
            self.blocked.append(-formulas.at_least(MOST_NEW_MEMBERS + 1, added))
            several.append(formulas.at_least(2, changed))
        for size, most, one_member in _levels():
            few = -formulas.at_least(size + 1, marks)
            slow = [f for moves in self.moves.values() for f in moves[most + 1 :]]
            slow += several if one_member else []
            while len(found) < MOST_ALTERNATIVES and self.tries < MOST_TRIES:
                question = (self.goal, few, *(-f for f in slow), *self.blocked)
                if self.asking.solver.can(*question) != "yes":
                    break
                cells = self.asking.solver.nearest(question, wishes)
                alternative = self._confirmed(cells)
                if alternative is not None:
                    found.append(alternative)
            if len(found) == MOST_ALTERNATIVES or self.tries == MOST_TRIES:
                break
        return found

    def _wishes(self) -> list[tuple[int, list[int]]]:
        """The facts that change most readily are changed first, each to what is nearest."""
        imagined = self.imagined
        ordered = sorted(imagined.units, key=lambda unit: _rank_at_best(self.moves[unit.name]))
        found = [(_fact(unit.changed, imagined), [1, 0]) for unit in ordered]
        told = {number for unit in ordered for number in unit.facts}
        for unit in ordered:
            found += [
                (imagined.cells[number], self._nearest(unit, number)) for number in unit.facts
            ]
        return found + [(x, [0]) for n, x in imagined.cells.items() if n not in told]

    def _nearest(self, unit: Changeable, number: int) -> list[int]:
        imagined = self.imagined
        fact, possible = imagined.conditions.facts[number], imagined.possible[number]
        if possible.bit_count() != 1:
            return preferred(fact, imagined.conditions.guideline)
        here = possible.bit_length() - 1
        type_ = unit.element.type
        if isinstance(type_, EnumType) and not type_.ordered:
            return [here, *(i for i in range(len(fact.cells)) if i != here)]
        return sorted(range(len(fact.cells)), key=lambda i: (abs(i - here), i))

    # --- running ---------------------------------------------------------------------------------------

    def _confirmed(self, cells: Sequence[int]) -> Alternative | None:
        """The changes that a solution says, if a run confirms them; they are not found again."""
        imagined, formulas = self.imagined, self.imagined.formulas
        units = [unit for unit in imagined.units if cells[_fact(unit.changed, imagined)] == 1]
        values = self._values_that_do(units, cells)
        if values is None:
            same = [
                formulas.cell(imagined.cells[n], cells[imagined.cells[n]])
                for unit in units
                for n in unit.facts
            ]
            marks = [u.changed if u in units else -u.changed for u in imagined.units]
            failures = self.failures.get(tuple(marks), 0) + 1
            self.failures[tuple(marks)] = failures
            if failures < MOST_FAILURES:
                marks += same
            self.blocked.append(-formulas.all_of(marks))
            return None
        units = [unit for unit in units if unit.name in values]
        self.blocked.append(-formulas.all_of(unit.changed for unit in units))
        changes = [
            Change(
                unit.name,
                unit.now,
                values[unit.name],
                _READINESS[self._rank(unit, cells)],
                tuple(self._allowed(unit, units, cells, values)),
            )
            for unit in units
        ]
        return Alternative(self.verdict, tuple(changes))

    def _values_that_do(
        self, units: Sequence[Changeable], cells: Sequence[int]
    ) -> dict[str, Value] | None:
        """Values that bring the verdict, as few of them as do."""
        choices = [list(self._values(unit, cells)) for unit in units]
        for chosen in islice(product(*choices), 8):
            values = {unit.name: value for unit, value in zip(units, chosen, strict=True)}
            if not self._brings(values):
                continue
            for name in list(values):
                fewer = {n: v for n, v in values.items() if n != name}
                if fewer and self._brings(fewer):
                    values = fewer
            return values
        return None

    def _brings(self, values: Mapping[str, Value]) -> bool:
        self.tries += 1
        outcome = self.asking.run(values.items())
        return outcome is not None and verdict_of(outcome, self.id) == self.verdict

    def _values(self, unit: Changeable, cells: Sequence[int]) -> Iterator[Value]:
        """Values that lie in the cells of a solution, the nearest to the present one first."""
        imagined = self.imagined
        facts = [(imagined.conditions.facts[n], cells[imagined.cells[n]]) for n in unit.facts]
        type_, guideline = unit.element.type, self.asking.compiled.guideline
        if isinstance(type_, SetType):
            # Without a class that goes, what else it barred may stay away too; or else is added.
            yield self._set(unit, facts, only_new=True)
            yield self._set(unit, facts, only_new=False)
            return
        region: Interval | None = None
        for fact, cell in facts:
            value = fact.cells[cell]
            if not isinstance(value, Interval):
                yield value
                return
            region = value
        if region is None and isinstance(type_, BooleanType | EnumType | ActionType):
            # It is asked only whether this is known.
            yield _some_value(type_, guideline)
            return
        yield from _numbers(unit, region, self._others(unit))

    def _set(
        self, unit: Changeable, facts: Sequence[tuple[Fact, int]], *, only_new: bool
    ) -> SetValue:
        """A set with the members that cells say, as few of them changed as can be."""
        type_, guideline = unit.element.type, self.asking.compiled.guideline
        assert isinstance(type_, SetType)
        before = unit.now.items if isinstance(unit.now, SetValue) else frozenset()
        items = set(before)
        for fact, cell in facts:
            there = {i for i in items if item_name(i) in fact.members}
            if fact.kind == "contains" and cell == 0:
                items -= there
            elif fact.kind == "contains" and not there:
                items.add(_item(fact.members[0], type_))
        for fact, cell in facts:
            barring = [_barring(member, items, guideline) for member in fact.members]
            if fact.kind == "bars" and cell == 0 and all(barring):
                items -= barring[0]
        for fact, cell in facts:
            if fact.kind == "bars" and cell == 1:
                counting = items | before if only_new else set(items)
                items.update(m for m in fact.members if not _barring(m, counting, guideline))
        return SetValue(frozenset(items))

    def _others(self, unit: Changeable) -> Iterator[Number]:
        """The numbers with which one is compared."""
        imagined = self.imagined
        for number, fact in enumerate(imagined.conditions.facts):
            if fact.kind == "order" and unit.name in imagined.touching[number]:
                for name in imagined.touching[number]:
                    for observation in self.asking.patient.facts.get(name, ()):
                        value = observation.value
                        if isinstance(value, PartialDate):
                            yield value.earliest.toordinal()
                        elif isinstance(value, int | Fraction):
                            yield value

    # --- what else would do ------------------------------------------------------------------------------

    def _allowed(
        self,
        unit: Changeable,
        units: Sequence[Changeable],
        cells: Sequence[int],
        values: Mapping[str, Value],
    ) -> Iterator[Cell]:
        """The other values of a fact that do as well: neighbouring regions, and values that a run confirms."""
        imagined, formulas = self.imagined, self.imagined.formulas
        if len(unit.facts) != 1 or isinstance(unit.element.type, SetType):
            return
        (number,) = unit.facts
        fact, here = imagined.conditions.facts[number], cells[imagined.cells[number]]
        fixed = [u.changed if u in units else -u.changed for u in imagined.units]
        fixed += [
            formulas.cell(imagined.cells[n], cells[imagined.cells[n]])
            for u in units
            if u is not unit
            for n in u.facts
        ]
        rank = self._rank(unit, cells)
        slow = [-f for f in self.moves[unit.name][rank + 1 :]]

        def does(index: int) -> bool:
            there = formulas.cell(imagined.cells[number], index)
            return self.asking.solver.can(self.goal, *fixed, *slow, there) == "yes"

        if not isinstance(fact.cells[0], Interval):
            for index, cell in enumerate(fact.cells):
                if index == here or (
                    does(index) and self._brings({**values, unit.name: _scalar(cell)})
                ):
                    yield cell
            return
        first = last = here
        while first > 0 and does(first - 1):
            first -= 1
        while last + 1 < len(fact.cells) and does(last + 1):
            last += 1
        yield from fact.cells[first : last + 1]

    def _rank(self, unit: Changeable, cells: Sequence[int]) -> int:
        """How readily a fact changes as a solution says, as a number."""
        formulas = self.imagined.formulas
        truths: list[bool] = []
        formulas.evaluate(cells, truths)
        moves = self.moves[unit.name]
        return next(
            rank
            for rank, move in enumerate(moves)
            if (truths[abs(move)] if move > 0 else not truths[-move])
        )


def _fact(mark: int, imagined: Imagined) -> int:
    return imagined.formulas.facts_in([mark])[0]


def _scalar(cell: Cell) -> Scalar:
    assert isinstance(cell, bool | str)
    return cell


def _item(member: str, type_: SetType) -> Scalar:
    return member if isinstance(type_.of, EnumType | ActionType) else member == "yes"


def _barring(action: str, items: Iterable[Scalar], guideline: Guideline) -> set[Scalar]:
    """The members of a set of contraindicated actions that bar one."""
    return {item for item in items if guideline.is_a(action, str(item))}


def _some_value(type_: BooleanType | EnumType | ActionType, guideline: Guideline) -> Scalar:
    match type_:
        case BooleanType():
            return True
        case EnumType():
            return type_.leaves()[0]
        case ActionType():
            return next(a.name for a in guideline.actions.values() if a.kind == type_.kind)


def _numbers(
    unit: Changeable, region: Interval | None, others: Iterable[Number]
) -> Iterator[Value]:
    """Numbers (or days) of a region, the nearest to the present one first."""
    type_ = unit.element.type
    assert isinstance(type_, NumericType | DateType)
    whole = isinstance(type_, CountType | DateType)
    if region is None:
        low, high = getattr(type_, "low", None), getattr(type_, "high", None)
        region = Interval(low, True, high, True, whole)
    now = unit.now if isinstance(unit.now, int | Fraction) else None
    tries: dict[Number, None] = {}
    if now is None:
        typical = unit.element.typical
        if isinstance(typical, int | Fraction):
            tries[typical] = None
        tries[region.sample] = None
    for end in (region.low, region.high, *others):
        if end is not None:
            steps = (
                end,
                end + 1,
                end - 1,
                Fraction(end) + Fraction(1, 10),
                Fraction(end) - Fraction(1, 10),
            )
            tries.update(dict.fromkeys(steps))
    fitting = [n for n in tries if region.contains(n) and n != now and (not whole or n == int(n))]
    if now is not None:
        fitting.sort(key=lambda n: (abs(n - now), n))
    for number in fitting or [region.sample]:
        exact = int(number) if number == int(number) else number
        yield day_of(int(exact)) if isinstance(type_, DateType) else exact


def _levels() -> Iterator[tuple[int, int, bool]]:
    """What is looked for first: how many facts may change, how readily, and whether a set may change by
    one member only."""
    sizes = range(1, MOST_FACTS + 1)
    for size in sizes:
        yield from ((size, most, True) for most in range(3))
        yield size, 2, False
    yield from ((size, 3, False) for size in sizes)


# --- how readily a fact changes ----------------------------------------------------------------------------


def _moves(unit: Changeable, imagined: Imagined, guideline: Guideline) -> list[int]:
    """For each readiness, when a fact is changed in that way."""
    formulas = imagined.formulas
    element = unit.element
    changed = unit.changed
    moves = [FALSE] * len(_READINESS)
    if isinstance(unit.now, Unknown):
        moves[0] = changed
        return moves
    slow = 2 if element.lasting and not element.judgement else 1
    lost = _less(unit, imagined)
    match element.type:
        case SetType():
            history = isinstance(element.type.of, ActionType) and not any(
                c.each_of == element.name for c in guideline.contraindications.values()
            )
            forwards, backwards = 1, 3 if history and element.lasting else slow
        case CountType():
            forwards, backwards = 1, 3
        case QuantityType() if is_calendar(element.type.unit):
            forwards, backwards = 1, 3
        case _:
            forwards, backwards = slow, slow
    for rank in (forwards, backwards):
        way = TRUE if forwards == backwards else lost if rank == backwards else -lost
        moves[rank] = formulas.all_of((changed, way))
    return moves


def _less(unit: Changeable, imagined: Imagined) -> int:
    """That a set loses members, or a number goes down."""
    formulas = imagined.formulas
    parts = []
    for number in unit.facts:
        fact, possible = imagined.conditions.facts[number], imagined.possible[number]
        cell = imagined.cells[number]
        if fact.kind in ("contains", "bars"):
            if possible == 2:
                parts.append(formulas.cell(cell, 0))
        elif isinstance(fact.cells[0], Interval) and possible.bit_count() == 1:
            parts.append(formulas.region(cell, possible - 1))
    return formulas.any_of(parts)


def _members_changed(unit: Changeable, imagined: Imagined) -> tuple[list[int], list[int]]:
    """For each member of a set that it is added, and for each that it is added or taken out."""
    formulas = imagined.formulas
    parts: dict[tuple[str, int], list[int]] = {}
    for number in unit.facts:
        fact, possible = imagined.conditions.facts[number], imagined.possible[number]
        if fact.kind in ("contains", "bars") and possible.bit_count() == 1:
            other = -formulas.region(imagined.cells[number], possible)
            parts.setdefault((fact.part, possible), []).append(other)
    added = [formulas.any_of(found) for (_, possible), found in parts.items() if possible == 1]
    return added, [formulas.any_of(found) for found in parts.values()]


def _rank_at_best(moves: Sequence[int]) -> int:
    return next((rank for rank, move in enumerate(moves) if move != FALSE), len(moves))


# --- in words, and as data -----------------------------------------------------------------------------------


def change_in_words(change: Change, guideline: Guideline) -> str:
    """One change as one would say it: `HER2 status were Positive (now Negative; lasting)`."""
    label, type_ = fact_label(guideline, change.element), fact_type(guideline, change.element)

    def told(value: Value | Unknown) -> str:
        if isinstance(value, SetValue) and isinstance(type_, SetType):
            value = replace(value, items=_by_classes(value.items, guideline))
        return describe_value(value, type_, guideline)

    missing = isinstance(change.now, Unknown)
    aside = "not known now" if missing else f"now {told(change.now)}; {change.readiness}"
    if isinstance(change.otherwise, SetValue):
        before = change.now.items if isinstance(change.now, SetValue) else frozenset()
        more = SetValue(change.otherwise.items - before)
        less = SetValue(before - change.otherwise.items)
        parts = [f"included {told(more)}"] if more.items else []
        if less.items:
            parts.append(f"did not include {told(less)}")
        what = " and ".join(parts) or (
            "were none" if not change.otherwise.items else "were complete"
        )
        if missing:
            what = f"were {told(change.otherwise)}"
        return f"{label} {what} ({aside})"
    regions = [cell for cell in change.allowed if isinstance(cell, Interval)]
    if regions:
        words = intervals_told(regions, type_)
        if words != "any":
            return f"{label} were {words.removeprefix('= ')} ({aside})"
    values: list[Value] = [c for c in change.allowed if isinstance(c, bool | str)]
    words = " or ".join(told(value) for value in values or [change.otherwise])
    return f"{label} were {words} ({aside})"


def _by_classes(items: frozenset[Scalar], guideline: Guideline) -> frozenset[Scalar]:
    """Actions, with a class in place of all its members."""
    members = {name: {*guideline.single_actions(name)} for name in guideline.classes}
    for name in sorted(members, key=lambda name: -len(members[name])):
        if len(members[name]) > 1 and members[name] <= items:
            items = (items - members[name]) | {name}
    return items


def what_if_to_json(found: WhatIf, guideline: Guideline) -> dict[str, object]:
    """The alternatives as JSON data; the values as in a result."""
    from pathway_compiler.engine.to_json import value_to_json

    return {
        "alternatives": [
            {
                "verdict": alternative.verdict,
                "changes": [
                    {
                        "element": change.element,
                        "now": value_to_json(change.now),
                        "otherwise": value_to_json(change.otherwise),
                        "readiness": change.readiness,
                        "text": change_in_words(change, guideline),
                    }
                    for change in alternative.changes
                ],
            }
            for alternative in found.alternatives
        ],
        "not_tried": list(found.not_tried),
        "settled": found.settled,
    }
