"""Whether two guidelines say the same of every patient, asked of the solver that `prove` uses.

Both become formulas over the same facts, with a missing value as a fact of its own. Compared are what is
recommended and its options, regimens and cautions, where a patient waits, what lies outside, for whom a
pathway applies, the values of definitions, and which data are refused; under the readings as chosen
and with each single reading chosen otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pathway_compiler.analysis.all_patients import Analysis
from pathway_compiler.analysis.conditions import ALWAYS, NEVER, Conditions, Scope
from pathway_compiler.analysis.facts import Questions, questions_of, reference
from pathway_compiler.analysis.formulas import TRUE, Formulas, Rail
from pathway_compiler.analysis.laws import laws
from pathway_compiler.analysis.solver import Solver
from pathway_compiler.analysis.visits import Line, SymbolicDraft, Visit, all_visits
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.expression import Expression, IsValue
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import BooleanType, EnumType
from pathway_compiler.semantics.checks import references

__all__ = ["Difference", "difference"]

Found = tuple[str, int]
"""What differs, in words, and the formula of the patients for whom it does."""


@dataclass(frozen=True)
class Difference:
    """Whether there is a patient whom two guidelines treat differently, and one such patient in words.

    `needs_gaps` when everything must be alike as soon as nothing is missing.
    """

    verdict: Literal["none", "some", "undecided"]
    what: str = ""
    patient: str = ""
    needs_gaps: bool = False


def difference(sound: CompiledGuideline, other: CompiledGuideline) -> Difference:
    """The first difference found."""
    if any(
        element.derive != other.guideline.elements[name].derive
        for name, element in sound.guideline.elements.items()
    ):
        return Difference("undecided")
    found = Difference("none")
    for one, two in zip(
        _with_readings(sound.guideline), _with_readings(other.guideline), strict=True
    ):
        found = _difference(
            CompiledGuideline(one, sound.graphs), CompiledGuideline(two, other.graphs)
        )
        if found.verdict != "none":
            return found
    return found


def _with_readings(guideline: Guideline) -> Iterator[Guideline]:
    """The guideline, and with each single reading chosen otherwise."""
    yield guideline
    for name, reading in guideline.readings.items():
        for wanted in reading.alternatives:
            if wanted is reading.chosen:
                continue
            alternatives = tuple(replace(a, chosen=a is wanted) for a in reading.alternatives)
            switched = replace(reading, alternatives=alternatives)
            yield replace(guideline, readings={**guideline.readings, name: switched})


def _difference(sound: CompiledGuideline, other: CompiledGuideline) -> Difference:
    first, second = _side_by_side(sound.guideline, other.guideline)
    pairs = list(_visit_pairs(first, second, sound, other))
    if any(two is None or one.waiting != two.waiting for one, two in pairs):
        return Difference("undecided")
    formulas = first.formulas
    refused = _same_refusals(first, second)
    found: list[tuple[Visit, Found]] = [(pairs[0][0], ("refused", -refused))]
    for one, two in pairs:
        assert two is not None
        found += [(one, part) for part in _visits(one, two, first, second)]
    found += [(pairs[0][0], part) for part in _definitions(first, second)]
    known = laws(_beside(first, replace(sound.guideline, constraints=()), first.questions))
    if _rests_on_changed_names(first, sound.guideline, other.guideline):
        return Difference("undecided")
    accepted = laws(first)
    solver = Solver(formulas, known, [f for _, (_, f) in found])
    if solver.can(found[0][1][1]) == "no":
        solver = Solver(formulas, accepted, [f for _, (_, f) in found])
    verdict = solver.can(formulas.any_of(f for _, (_, f) in found))
    if verdict != "yes":
        return Difference("none" if verdict == "no" else "undecided")
    everything = [
        first.yes(number) for number, fact in enumerate(first.facts) if fact.kind == "known"
    ]
    complete = formulas.all_of(everything)
    needs_gaps = solver.can(complete, formulas.any_of(f for _, (_, f) in found)) == "no"
    shown = [(v, (w, f if needs_gaps else formulas.all_of((complete, f)))) for v, (w, f) in found]
    visit, (what, formula) = next(part for part in shown if solver.can(part[1][1]) == "yes")
    analysis = Analysis(sound, first, (), (), frozenset(), {}, accepted, solver)
    _, boxes, _ = analysis.witness(formula, visit, None, most=1)
    patient = "; ".join(p for p in boxes[0].split("; ") if not p.endswith(": known"))
    return Difference("some", what, patient or "any data", needs_gaps)


def _side_by_side(one: Guideline, two: Guideline) -> tuple[Conditions, Conditions]:
    """Both guidelines over the same facts, with cells that the limits of both tell apart."""
    first, second = questions_of(one), questions_of(two)
    _merge(first, second)
    first.asked.update(dict.fromkeys(one.elements))
    second.asked = first.asked
    conditions = Conditions(one, first)
    return conditions, _beside(conditions, two, second)


def _beside(first: Conditions, guideline: Guideline, questions: Questions) -> Conditions:
    """The conditions of another guideline over the same facts."""
    return Conditions(
        guideline,
        questions,
        formulas=first.formulas,
        facts=first.facts,
        numbers=first.numbers,
    )


def _merge(first: Questions, second: Questions) -> None:
    for name in ("limits", "members", "barred", "arguments"):
        mine, others = getattr(first, name), getattr(second, name)
        for subject, asked in others.items():
            mine.setdefault(subject, {}).update(asked)
        setattr(second, name, mine)


def _rests_on_changed_names(conditions: Conditions, one: Guideline, two: Guideline) -> bool:
    """Whether a fact that is taken as a whole names something that means two things."""
    if (one.definitions, one.readings) == (two.definitions, two.readings):
        return False
    return any(
        r.kind in ("definition", "reading")
        for fact in conditions.facts
        if fact.free
        for r in references(fact.subject)
    )


def _same_refusals(first: Conditions, second: Conditions) -> int:
    """That a patient's data are accepted by both or by none."""
    formulas = first.formulas
    accepted = [
        formulas.all_of(-c.read(k.condition, Scope()).false for k in c.guideline.constraints)
        for c in (first, second)
    ]
    return formulas.same(*accepted)


def _visit_pairs(
    first: Conditions, second: Conditions, sound: CompiledGuideline, other: CompiledGuideline
) -> Iterator[tuple[Visit, Visit | None]]:
    """The visits of every pathway, wherever a run may start."""
    for name in sound.graphs:
        one = all_visits(first, sound.graphs, name)
        two = all_visits(second, other.graphs, name)
        for index, visit in enumerate(one):
            yield visit, two[index] if len(one) == len(two) else None


# --- two visits -----------------------------------------------------------------------------------------


def _visits(one: Visit, two: Visit, first: Conditions, second: Conditions) -> Iterator[Found]:
    formulas = first.formulas
    where = f" at {one.waiting[-1].node}" if one.waiting else ""
    started = [
        {(s.via, s.pathway): formulas.both([s.arriving, s.applies]) for s in v.started}
        for v in (one, two)
    ]
    reviews = [{place: rail for place, rail, _ in v.reviews} for v in (one, two)]
    outside = [dict(v.outside) for v in (one, two)]
    for a, b in (started, reviews, outside):
        for key in dict.fromkeys((*a, *b)):
            words = f"{'.'.join(str(k) for k in key[1:])}{where}"
            yield words, _unlike(a.get(key, NEVER), b.get(key, NEVER), formulas)
    drafts = [{(d.id, d.via): d for d in v.drafts} for v in (one, two)]
    for key in dict.fromkeys((*drafts[0], *drafts[1])):
        found = [d.get(key) for d in drafts]
        if found[0] is None or found[1] is None:
            yield key[0] + where, -(found[0] or found[1]).final.false  # type: ignore[union-attr]
            continue
        scopes = [
            v.scopes.get((d.via, d.pathway, d.node.name), Scope())
            for v, d in ((one, found[0]), (two, found[1]))
        ]
        for words, formula in _drafts(found[0], found[1], (first, second), (scopes[0], scopes[1])):
            yield words + where, formula


def _drafts(
    a: SymbolicDraft,
    b: SymbolicDraft,
    conditions: tuple[Conditions, Conditions],
    scopes: tuple[Scope, Scope],
) -> Iterator[Found]:
    formulas = conditions[0].formulas
    yield a.id, _unlike(a.final, b.final, formulas)
    given = -a.final.false
    if (a.direction, a.avoids) != (b.direction, b.avoids):
        yield a.id, given
    parts = [(a.id, given, (a.lines, b.lines), (a.node.course, b.node.course))]
    for one, two in zip(a.options, b.options, strict=True):
        offered = formulas.all_of((given, -one.final.false))
        name = ".".join(one.path)
        yield name, formulas.all_of((given, _unlike(one.final, two.final, formulas)))
        if one.option.rank != two.option.rank:
            yield name, offered
        courses = one.option.course, two.option.course
        parts.append((name, offered, (one.lines, two.lines), courses))
    for name, when, lines, courses in parts:
        for unlike in _lines(*lines, formulas):
            yield f"the regimen of {name}", formulas.all_of((when, unlike))
        for cautions in zip(courses[0].cautions, courses[1].cautions, strict=True):
            rails = [
                ALWAYS if caution.condition is None else c.read(caution.condition, scope)
                for caution, c, scope in zip(cautions, conditions, scopes, strict=True)
            ]
            unlike = _unlike(rails[0], rails[1], formulas)
            yield f"a caution of {name}", formulas.all_of((when, unlike))


def _lines(one: tuple[Line, ...], two: tuple[Line, ...], formulas: Formulas) -> Iterator[int]:
    if [(i.kind, i.action) for i in one] != [(i.kind, i.action) for i in two]:
        yield TRUE
        return
    for a, b in zip(one, two, strict=True):
        yield _unlike(a.out, b.out, formulas)
        yield _unlike(a.offered, b.offered, formulas)
        for inner in _lines(a.parts, b.parts, formulas):
            yield formulas.all_of((-a.out.true, inner))


def _definitions(first: Conditions, second: Conditions) -> Iterator[Found]:
    for name, definition in first.guideline.definitions.items():
        for condition in _tests(name, definition.type, first.guideline):
            rails = [c.read(condition, Scope()) for c in (first, second)]
            yield name, _unlike(rails[0], rails[1], first.formulas)
    for name, reading in first.guideline.readings.items():
        for condition in _tests(name, reading.type, first.guideline):
            rails = [c.read(condition, Scope()) for c in (first, second)]
            yield name, _unlike(rails[0], rails[1], first.formulas)


def _tests(name: str, type_: object, guideline: Guideline) -> Iterator[Expression]:
    """Conditions that tell the values of a definition or reading apart."""
    named = reference(name, guideline)
    if isinstance(type_, BooleanType):
        yield named
    elif isinstance(type_, EnumType):
        for value in type_.values:
            yield IsValue(named, value.name, BooleanType(), named.span)


def _unlike(one: Rail, two: Rail, formulas: Formulas) -> int:
    return -formulas.all_of(
        (formulas.same(one.true, two.true), formulas.same(one.false, two.false))
    )
