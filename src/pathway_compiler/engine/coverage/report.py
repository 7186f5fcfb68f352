"""The coverage of a guideline by its cases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from pathway_compiler.engine.cases import CaseResult
from pathway_compiler.engine.coverage.items import KINDS, CoverageItem, Kind, items_of
from pathway_compiler.engine.coverage.reasons import Reasons
from pathway_compiler.engine.coverage.seen import Cases, Seen, what_cases_saw
from pathway_compiler.engine.coverage.statements import Place, places_of_statements
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.pathway import OTHERWISE_NOT, Choose, Recommend, Standing

__all__ = ["CoverageReport", "Reaching", "Tally", "coverage", "with_patients"]

Reaching = Callable[[CoverageItem], Mapping[str, object] | None]
"""The facts, as JSON data by name, of a patient who would reach an item; None when none is found."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items there are, and how many of them are covered."""

    covered: int
    total: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 is all; None when there is nothing to cover."""
        return 100 * self.covered // self.total if self.total else None

    def below(self, percent: float) -> bool:
        return 100 * self.covered < percent * self.total


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Every item with the cases that cover it, or the reason why none does."""

    items: tuple[CoverageItem, ...]

    def tally(self, kind: Kind) -> Tally:
        of_kind = [item.covered for item in self.items if item.kind == kind]
        return Tally(sum(of_kind), len(of_kind))

    @property
    def tallies(self) -> Mapping[Kind, Tally]:
        return {kind: self.tally(kind) for kind in KINDS}

    def missed(self, kind: Kind) -> tuple[CoverageItem, ...]:
        """What no case covers, in the order of the text."""
        return tuple(item for item in self.items if item.kind == kind and not item.covered)


def coverage(compiled: CompiledGuideline, results: Iterable[CaseResult]) -> CoverageReport:
    """What the cases reach, those that fail included.

    A node is covered when a patient certainly came to it, and a recommendation when she was given it; a
    branch when it was taken; an option when it was offered; a condition when it was seen both true and
    false where it stands; a statement when something that carries it was reached.
    """
    items = items_of(compiled.guideline)
    seen = what_cases_saw(compiled, items, results)
    places = places_of_statements(compiled.guideline)
    reasons = Reasons(compiled, seen, places)
    judged = (_judged(item, seen, compiled, places) for item in items)
    return CoverageReport(
        tuple(i if i.covered else replace(i, reason=reasons.why(i)) for i in judged)
    )


def with_patients(report: CoverageReport, reaching: Reaching) -> CoverageReport:
    """The same with a patient for each miss, where one can be found."""
    return CoverageReport(
        tuple(i if i.covered else replace(i, patient=reaching(i)) for i in report.items)
    )


def _judged(
    item: CoverageItem,
    seen: Seen,
    compiled: CompiledGuideline,
    places: Mapping[str, tuple[Place, ...]],
) -> CoverageItem:
    """The item with the cases that cover it."""
    cases: Cases = {}
    match item.kind:
        case "node":
            cases = _at_node(item.id, seen, compiled)
        case "branch":
            cases = seen.taken.get(item.id, {})
        case "option":
            cases = seen.eligible.get(item.id, {})
        case "statement":
            for place in places[item.id]:
                cases = cases | _at_place(place, seen, compiled)
        case "condition":
            return _judged_condition(item, seen)
    return replace(item, covered=bool(cases), cases=tuple(cases))


def _at_node(id_: str, seen: Seen, compiled: CompiledGuideline) -> Cases:
    pathway, name = id_.split(".")
    recommends = isinstance(compiled.graphs[pathway].record(name), Recommend | Standing | Choose)
    return (seen.given if recommends else seen.reached).get(id_, {})


def _at_place(place: Place, seen: Seen, compiled: CompiledGuideline) -> Cases:
    """The cases that made use of a place that carries a statement."""
    match place.kind:
        case "constraint" | "definition" | "reading" | "contraindication" | "incompatible" | "slot":
            return seen.places.get(f"{place.kind} {place.id}", {})
        case "pathway":
            return seen.reached.get(place.id, {})
        case "option":
            return seen.eligible.get(place.id, {})
        case _:
            return _at_node(place.id, seen, compiled) | seen.given.get(
                f"{place.id}.{OTHERWISE_NOT}", {}
            )


def _judged_condition(item: CoverageItem, seen: Seen) -> CoverageItem:
    truths = seen.truths.get(item.id, {})
    true, false, unknown = (truths.get(truth, {}) for truth in (True, False, None))
    lacks = tuple(lack for lack in item.lacks if not truths.get(lack))
    return replace(
        item,
        lacks=lacks,
        covered=not lacks,
        cases=tuple(case for case in seen.cases if case in true or case in false),
        true_in=tuple(true),
        false_in=tuple(false),
        unknown_in=tuple(unknown),
    )
