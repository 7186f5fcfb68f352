"""What the cases of a guideline reach: nodes, branches, options and statements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pathway_compiler.engine.cases import CaseResult
from pathway_compiler.engine.outcome import Outcome, RegimenPart
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Decision, Review

__all__ = ["Coverage", "Encoding", "Reach", "coverage", "encodings"]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many things of one kind there are, and which of them no case reaches."""

    total: int
    missed: tuple[str, ...]

    @property
    def reached(self) -> int:
        return self.total - len(self.missed)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What cases reach. A node counts when a patient certainly came there, a branch when it was
    certainly taken, an option when it was eligible in a recommendation that was given, a statement
    when something that encodes it took part."""

    nodes: Reach
    branches: Reach
    options: Reach
    statements: Reach


@dataclass(frozen=True, slots=True)
class Encoding:
    """Where a statement is encoded: the kind of thing and its id."""

    kind: str
    id: str


def encodings(guideline: Guideline) -> Mapping[str, tuple[Encoding, ...]]:
    """For every statement of the guideline, everything that refers to it, in the order of the text."""
    found: dict[str, list[Encoding]] = {name: [] for name in guideline.statements}

    def note(statements: Iterable[str], kind: str, id_: str) -> None:
        for name in statements:
            found.setdefault(name, []).append(Encoding(kind, id_))

    for constraint in guideline.constraints:
        note(constraint.statements, "constraint", constraint.label)
    for definition in guideline.definitions.values():
        note(definition.statements, "definition", definition.name)
    for reading in guideline.readings.values():
        note(reading.statements, "reading", reading.name)
    for veto in guideline.contraindications.values():
        note(veto.statements, "contraindication", veto.name)
    for pair in guideline.incompatibilities.values():
        note(pair.statements, "incompatibility", pair.name)
    for pathway in guideline.pathways.values():
        note(pathway.statements, "pathway", pathway.name)
        for node in pathway.nodes:
            note(node.statements, type(node).__name__.lower(), f"{pathway.name}.{node.name}")
            if isinstance(node, Choose):
                for option in node.options:
                    id_ = f"{pathway.name}.{node.name}.{option.name}"
                    note(option.statements, "option", id_)
    return {name: tuple(places) for name, places in found.items()}


def coverage(compiled: CompiledGuideline, results: Iterable[CaseResult]) -> Coverage:
    """What these cases reach of the guideline."""
    seen = _Seen()
    for result in results:
        for outcome in result.outcomes:
            seen.add(outcome)
        if not result.outcomes and result.passed:
            seen.refused = True
    guideline = compiled.guideline
    nodes: list[str] = []
    branches: list[str] = []
    options: list[str] = []
    for pathway in guideline.pathways.values():
        for node in pathway.nodes:
            id_ = f"{pathway.name}.{node.name}"
            nodes.append(id_)
            if isinstance(node, Decision | Review):
                branches += [f"{id_}.{branch.name}" for branch in node.branches]
            if isinstance(node, Choose):
                options += [f"{id_}.{option.name}" for option in node.options]
    encoded = {name: places for name, places in encodings(guideline).items() if places}
    statements = [
        n for n, places in encoded.items() if any(map(seen.takes_part(guideline), places))
    ]
    return Coverage(
        _reach(nodes, seen.nodes),
        _reach(branches, seen.branches),
        _reach(options, seen.options),
        _reach(encoded, set(statements)),
    )


def _reach(names: Iterable[str], reached: set[str]) -> Reach:
    listed = tuple(names)
    return Reach(len(listed), tuple(name for name in listed if name not in reached))


class _Seen:
    """What took part in the outcomes so far."""

    def __init__(self) -> None:
        self.nodes: set[str] = set()
        self.branches: set[str] = set()
        self.options: set[str] = set()
        self.pathways: set[str] = set()
        self.facts: set[str] = set()
        self.reasons: set[str] = set()
        self.contradictory = False
        self.refused = False

    def add(self, outcome: Outcome) -> None:
        for entry in outcome.trace:
            if entry.activation is True:
                self.pathways.add(entry.pathway)
                self.nodes.add(f"{entry.pathway}.{entry.node}")
            for branch in entry.branches:
                if branch.taken is True:
                    self.branches.add(f"{entry.pathway}.{entry.node}.{branch.name}")
        for recommendation in outcome.recommendations:
            for option in recommendation.options:
                if recommendation.certainty == "given" and option.status == "eligible":
                    self.options.add(option.id)
                self._add_reasons(option.regimen)
            self._add_reasons(recommendation.regimen)
        for refused in outcome.not_recommended:
            self.reasons.update(refused.reasons)
        self.facts.update(derived.name for derived in outcome.definitions)
        self.contradictory = self.contradictory or bool(outcome.contradictions)

    def _add_reasons(self, parts: Iterable[RegimenPart]) -> None:
        for part in _parts(parts):
            if part.status == "barred":
                self.reasons.update(part.reasons)

    def takes_part(self, guideline: Guideline) -> "_TakesPart":
        return _TakesPart(self, guideline)


class _TakesPart:
    """Whether something that encodes a statement took part in an outcome."""

    def __init__(self, seen: _Seen, guideline: Guideline) -> None:
        self._seen = seen
        self._guideline = guideline

    def __call__(self, place: Encoding) -> bool:
        seen = self._seen
        match place.kind:
            case "constraint":
                return seen.refused
            case "definition" | "reading":
                return place.id in seen.facts
            case "contraindication":
                label = self._guideline.contraindications[place.id].label
                return any(label in reason for reason in seen.reasons)
            case "incompatibility":
                return seen.contradictory
            case "pathway":
                return place.id in seen.pathways
            case "option":
                return place.id in seen.options
            case _:
                return place.id in seen.nodes


def _parts(parts: Iterable[RegimenPart]) -> Iterator[RegimenPart]:
    for part in parts:
        yield part
        yield from _parts(part.parts)
