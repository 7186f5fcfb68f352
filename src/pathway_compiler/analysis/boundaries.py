"""Patients at the thresholds of conditions: just inside, exactly on, just outside, all else equal."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from pathway_compiler.analysis.asked import (
    Asked,
    asked,
    asked_besides,
    atoms,
    comes_to,
    decisive,
    expanded,
    thresholds,
)
from pathway_compiler.analysis.facts import Interval, Kind
from pathway_compiler.analysis.formulas import FALSE, TRUE, crisp
from pathway_compiler.analysis.generated import LeftOut, Made, Maker, Shown
from pathway_compiler.analysis.proof import Witness
from pathway_compiler.analysis.witness import REPLAY_DAY
from pathway_compiler.datatypes.number import Comparison, Number, compare
from pathway_compiler.datatypes.partial_date import PartialDate, from_date
from pathway_compiler.engine.acceptance import conflicting
from pathway_compiler.engine.environment import base_environment
from pathway_compiler.engine.expressions import SWAPPED, evaluate_expression
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.describe import describe_condition, describe_value
from pathway_compiler.model.expression import (
    Between,
    Compare,
    CountWhere,
    Expression,
    Literally,
    Reference,
    SizeOf,
)
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import (
    BooleanType,
    CountType,
    DateType,
    NumberType,
    QuantityType,
    SetType,
)
from pathway_compiler.model.vocabulary import Scalar
from pathway_compiler.semantics.checks import facts_read

__all__ = ["boundaries"]

Limit = int | Fraction | PartialDate
At = tuple[str, Limit]
"""A value at a threshold, with the word for where it is."""


def boundaries(maker: Maker) -> Iterator[Made | LeftOut]:
    """For each threshold where it is asked, three patients who differ in nothing else."""
    analysis = maker.analysis
    seen: set[object] = set()
    for ways in (*asked(analysis), *asked_besides(analysis)):
        if not ways:
            continue
        for comparison, of_record in thresholds(ways[0].condition, analysis.guideline):
            found = _threshold(comparison, ways[0])
            if found is None:
                continue
            subject, operator, limit = found
            key = (ways[0].place[1:], subject, operator, limit)
            if key in seen:
                continue
            seen.add(key)
            words = describe_condition(comparison, analysis.guideline)
            path = ways[0].path
            if of_record:
                reason = "it is about the records of a list, into which the analysis does not look"
                yield LeftOut("boundary", Shown(path, words), reason)
                continue
            yield from _around(maker, ways, comparison, subject, _values(subject, operator, limit))


def _threshold(comparison: Compare, way: Asked) -> tuple[Expression, Comparison, Limit] | None:
    """What is compared with a constant number or date, how, and with which."""
    for side, other, operator in (
        (comparison.left, comparison.right, comparison.operator),
        (comparison.right, comparison.left, SWAPPED[comparison.operator]),
    ):
        constant: object = None
        if isinstance(other, Literally):
            constant = other.value
        elif isinstance(other, Reference) and other.kind == "pathway_parameter":
            constant = way.scope.argument(other.name)
        if isinstance(constant, bool) or not isinstance(constant, int | Fraction | PartialDate):
            continue
        if isinstance(side.type, CountType | NumberType | QuantityType | DateType):
            return side, operator, constant
    return None


def _values(subject: Expression, operator: Comparison, limit: Limit) -> tuple[At, At, At]:
    """The value on the threshold, that next to it for which the comparison holds, and the other one."""
    if isinstance(limit, PartialDate):
        on: Limit = from_date(limit.earliest)
        day = datetime.timedelta(days=1)
        below: Limit = from_date(limit.earliest - day)
        above: Limit = from_date(limit.latest + day)
    else:
        step = _step(subject, limit)
        on, below, above = limit, limit - step, limit + step
    if operator in ("=", "!="):
        return ("exactly on it", on), ("just below", below), ("just above", above)
    inside, outside = (below, above) if operator in ("<", "<=") else (above, below)
    return ("exactly on it", on), ("just inside", inside), ("just outside", outside)


def _step(subject: Expression, limit: Number) -> Fraction:
    """One for what is counted; otherwise a tenth, or as fine as the limit is written."""
    if isinstance(subject.type, CountType) or isinstance(subject, CountWhere | SizeOf | Between):
        return Fraction(1)
    step = Fraction(1, 10)
    while (limit / step) % 1 and step > Fraction(1, 10**6):
        step /= 10
    return step


def _around(
    maker: Maker,
    ways: Sequence[Asked],
    comparison: Compare,
    subject: Expression,
    values: Sequence[At],
) -> Iterator[Made | LeftOut]:
    """The patients at one threshold, from the one who allows for most of them."""
    possible = [(word, value) for word, value in values if _in_range(subject, value)]
    best: list[Made] = []
    for way in ways:
        for base in _bases(maker, way, comparison, subject, possible):
            found = [
                made
                for word, value in possible
                if (made := _at(maker, way, comparison, subject, base, word, value)) is not None
            ]
            if len(found) > len(best):
                best = found
            if len(best) == len(possible):
                break
        if len(best) == len(possible):
            break
    yield from best
    made_for = {made.shown.text for made in best}
    for word, value in values:
        shown = _shown(maker, ways[0], comparison, subject, word, value)
        if shown.text not in made_for:
            reason = _why_not(maker, ways, subject, value, bool(best))
            yield LeftOut("boundary", shown, reason)


def _bases(
    maker: Maker, way: Asked, comparison: Compare, subject: Expression, values: Sequence[At]
) -> Iterator[list[int]]:
    """Patients from whom to start: first those who may have most of the values, and for whom the
    threshold decides."""
    conditions = maker.analysis.conditions
    condition = expanded(way.condition, conditions)
    contexts = [way.context]
    if comparison in atoms(condition):
        contexts.insert(0, decisive(conditions, way, condition, comparison))
    for number in range(len(values), 0, -1):
        for context in contexts:
            for some in combinations(values, number):
                parts = [_may_have(maker, way, subject, value) for _, value in some]
                cells = maker.cells(context, _is(maker, way, subject, some[0][1]), *parts)
                if cells is not None:
                    yield cells


def _may_have(maker: Maker, way: Asked, subject: Expression, value: Limit) -> int:
    """The patients who would come here, and break no law, if they had this value and all else equal."""
    conditions = maker.analysis.conditions
    plain, _ = conditions.plain(subject, way.scope)
    if not isinstance(plain, Reference) or plain.kind not in ("element", "parameter"):
        return TRUE
    fact = _fact(maker, plain)
    formulas = conditions.formulas
    allowed = formulas.all_of((way.context, *maker.analysis.laws))
    return formulas.any_of(
        formulas.given(allowed, fact, cell)
        for cell, region in enumerate(conditions.facts[fact].cells)
        if isinstance(region, Interval) and region.contains(_number(value))
    )


def _fact(maker: Maker, subject: Expression) -> int:
    """The fact of a number or day that is compared."""
    free = not isinstance(subject, Reference)
    kind: Kind = "value"
    if isinstance(subject, Reference) and subject.kind != "element":
        kind = "parameter"
    return maker.analysis.conditions.fact(subject, kind, free=free)


def _number(value: Limit) -> Number:
    return value.earliest.toordinal() if isinstance(value, PartialDate) else value


def _is(maker: Maker, way: Asked, subject: Expression, value: Limit) -> int:
    """The patients in whom something may have this very value."""
    conditions = maker.analysis.conditions
    plain, scope = conditions.plain(subject, way.scope)
    if isinstance(plain, SizeOf) and isinstance(plain.subject.type, SetType):
        written = Literally(value, plain.type, plain.span)
        equal = Compare("=", plain, written, BooleanType(), plain.span)
        return conditions.read(equal, scope).true
    if isinstance(plain, Reference) and plain.kind not in ("element", "parameter"):
        return (
            FALSE  # a definition has the values of its rows, and a pathway is told what it is told
        )
    inside = conditions.in_cells(
        _fact(maker, plain), lambda c: isinstance(c, Interval) and c.contains(_number(value))
    )
    return conditions.held_back(plain, crisp(inside)).true


def _at(
    maker: Maker,
    way: Asked,
    comparison: Compare,
    subject: Expression,
    base: Sequence[int],
    word: str,
    value: Limit,
) -> Made | None:
    """A patient like another one, with this value; None when the interpreter does not confirm it."""
    conditions = maker.analysis.conditions
    formula = conditions.formulas.all_of((way.context, _is(maker, way, subject, value)))
    plain, _ = conditions.plain(subject, way.scope)
    cells = list(base)
    if isinstance(plain, Reference):
        patient = _with_value(
            maker.witness(base, way.context, way.visit), plain, value, conditions.guideline
        )
    else:
        near = maker.near([formula], base, conditions.formulas.facts_in([formula]))
        if near is None:
            return None
        cells = near
        patient = maker.witness(cells, formula, way.visit)
    outcome = maker.analysis.run(patient, way.visit)
    if outcome is None or not comes_to(outcome, way):
        return None
    if (
        evaluate_expression(subject, maker.environment(patient, way.path[0], way.scope.arguments))
        != value
    ):
        return None
    shown = _shown(maker, way, comparison, subject, word, value)
    name = (*way.path, *word.split()[1:2], _plain_name(plain))
    return Made("boundary", shown, name, way.visit, tuple(cells), patient, outcome)


def _with_value(
    patient: Witness, subject: Reference, value: Scalar, guideline: Guideline
) -> Witness:
    """The same patient with another value; if it does not follow from other data, without these."""
    if isinstance(value, Fraction) and value.denominator == 1:
        value = value.numerator
    matter = dict.fromkeys((*patient.matter, subject.name))
    if subject.kind == "parameter":
        settings = {**patient.settings, subject.name: value}
        return replace(patient, settings=settings, matter=tuple(matter))
    facts = {**patient.facts, subject.name: value}
    element = guideline.elements.get(subject.name)
    if element is not None and element.derive is not None:
        kept = replace(patient, facts=facts).patient()
        environment = base_environment(CompiledGuideline(guideline, {}), kept, REPLAY_DAY)
        if any(name == element.name for name, *_ in conflicting(environment)):
            behind = facts_read(element.derive, guideline)
            facts = {name: found for name, found in facts.items() if name not in behind}
    return replace(patient, facts=facts, matter=tuple(matter))


def _plain_name(subject: Expression) -> str:
    return subject.name if isinstance(subject, Reference) else "worked_out"


def _in_range(subject: Expression, value: Limit) -> bool:
    if isinstance(value, PartialDate):
        return True
    if isinstance(subject.type, CountType) and Fraction(value).denominator != 1:
        return False
    low, high = getattr(subject.type, "low", None), getattr(subject.type, "high", None)
    if isinstance(subject, CountWhere | SizeOf):
        low = 0
    return (low is None or compare(">=", value, low) is True) and (
        high is None or compare("<=", value, high) is True
    )


def _shown(
    maker: Maker, way: Asked, comparison: Compare, subject: Expression, word: str, value: Limit
) -> Shown:
    guideline = maker.analysis.guideline
    words = describe_condition(comparison, guideline)
    told = describe_value(value, subject.type, guideline)
    return Shown(way.path, f"“{words}”, {word}: {told}")


def _why_not(
    maker: Maker, ways: Sequence[Asked], subject: Expression, value: Limit, some: bool
) -> str:
    if not _in_range(subject, value):
        return "it is outside the range of possible values"
    analysis = maker.analysis
    formulas = analysis.conditions.formulas
    context = formulas.any_of(way.context for way in ways)
    if analysis.can(context) == "no":
        return "no patient gets there"
    formula = formulas.any_of(
        formulas.all_of((way.context, _is(maker, way, subject, value))) for way in ways
    )
    if analysis.can(formula) == "no":
        return "no patient gets there with it"
    plain, _ = analysis.conditions.plain(subject, ways[0].scope)
    if not isinstance(plain, Reference):
        return maker.why_not(formula)
    if some:
        return "with all else equal no patient gets there with it"
    return maker.why_not(formula)
