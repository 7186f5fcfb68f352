"""What the cases of a guideline reach: nodes, answers, options, and statements of the source."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.engine.cases import CaseResult
from pathway_compiler.engine.outcome import Outcome, RegimenPart
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose, Decision, Review

__all__ = ["Coverage", "Part", "Place", "coverage", "coverage_to_json", "places_of_statements"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something of the guideline that encodes a statement: its kind, its id, where it stands."""

    kind: str
    id: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that can be reached: all of them, and those that were."""

    total: tuple[str, ...]
    reached: frozenset[str]

    @property
    def missed(self) -> tuple[str, ...]:
        """What no case reaches, in the order of the text."""
        return tuple(name for name in self.total if name not in self.reached)

    @property
    def number(self) -> int:
        return len(self.total) - len(self.missed)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was reached. A node counts when a patient certainly came to it, an answer when it was
    certainly given, an option when it was offered, a statement when one of its places was reached.
    """

    nodes: Part
    branches: Part
    options: Part
    statements: Part

    @property
    def parts(self) -> tuple[tuple[str, Part], ...]:
        return (
            ("nodes", self.nodes),
            ("answers", self.branches),
            ("options", self.options),
            ("statements", self.statements),
        )


def coverage(compiled: CompiledGuideline, results: Iterable[CaseResult]) -> Coverage:
    """What the cases reach, those that fail included."""
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
    reached: set[str] = set()
    for result in results:
        if result.outcomes:
            reached.update(f"constraint {c.label}" for c in guideline.constraints)
        for outcome in result.outcomes:
            reached.update(_reached(outcome, guideline))
    places = places_of_statements(guideline)
    encoded = tuple(name for name, found in places.items() if found)
    statements = frozenset(
        name for name in encoded if any(_key(place) in reached for place in places[name])
    )
    return Coverage(
        Part(tuple(nodes), frozenset(reached.intersection(nodes))),
        Part(tuple(branches), frozenset(reached.intersection(branches))),
        Part(tuple(options), frozenset(reached.intersection(options))),
        Part(encoded, statements),
    )


def places_of_statements(guideline: Guideline) -> Mapping[str, tuple[Place, ...]]:
    """Where each statement of the source is encoded; no places when nothing refers to it."""
    found: dict[str, list[Place]] = {name: [] for name in guideline.statements}
    for place, statements in _holders(guideline):
        for name in statements:
            if name in found:
                found[name].append(place)
    return {name: tuple(places) for name, places in found.items()}


def _holders(guideline: Guideline) -> Iterator[tuple[Place, tuple[str, ...]]]:
    for constraint in guideline.constraints:
        yield Place("constraint", constraint.label, constraint.span), constraint.statements
    for definition in guideline.definitions.values():
        yield Place("definition", definition.name, definition.span), definition.statements
    for reading in guideline.readings.values():
        yield Place("reading", reading.name, reading.span), reading.statements
    for veto in guideline.contraindications.values():
        yield Place("contraindication", veto.name, veto.span), veto.statements
    for pair in guideline.incompatibilities.values():
        yield Place("incompatible", pair.name, pair.span), pair.statements
    for slot in guideline.slots.values():
        yield Place("slot", slot.name, slot.span), slot.statements
    for pathway in guideline.pathways.values():
        yield Place("pathway", pathway.name, pathway.span), pathway.statements
        for node in pathway.nodes:
            id_ = f"{pathway.name}.{node.name}"
            yield Place(type(node).__name__.lower(), id_, node.span), node.statements
            if isinstance(node, Choose):
                for option in node.options:
                    yield Place("option", f"{id_}.{option.name}", option.span), option.statements


def _key(place: Place) -> str:
    """How a place is named among what was reached; nodes and options by their id."""
    named = (
        "constraint", "definition", "reading", "contraindication", "incompatible", "slot", "pathway",
    )  # fmt: skip
    return f"{place.kind} {place.id}" if place.kind in named else place.id


def _reached(outcome: Outcome, guideline: Guideline) -> Iterator[str]:
    for entry in outcome.trace:
        if entry.activation is not True:
            continue
        yield f"pathway {entry.pathway}"
        yield f"{entry.pathway}.{entry.node}"
        for branch in entry.branches:
            if branch.taken is True:
                yield f"{entry.pathway}.{entry.node}.{branch.name}"
    reasons: set[str] = set()
    for recommendation in outcome.recommendations:
        reasons.update(_reasons(recommendation.regimen))
        for option in recommendation.options:
            reasons.update(option.reasons, _reasons(option.regimen))
            if recommendation.certainty == "given" and option.status == "eligible":
                yield option.id
    for refused in outcome.not_recommended:
        reasons.update(refused.reasons)
    for action in outcome.actions:
        reasons.update(action.barred_by)
    for derived in outcome.definitions:
        if not isinstance(derived.value, Unknown):
            yield f"definition {derived.name}"
            yield f"reading {derived.name}"
    for veto in guideline.contraindications.values():
        if any(veto.label in reason or reason == veto.name for reason in reasons):
            yield f"contraindication {veto.name}"
    for pair in guideline.incompatibilities.values():
        if any(pair.label in contradiction.text for contradiction in outcome.contradictions):
            yield f"incompatible {pair.name}"
    given = {recommendation.id for recommendation in outcome.given}
    for slot in guideline.slots.values():
        if not given.isdisjoint(slot.ids):
            yield f"slot {slot.name}"


def _reasons(parts: Iterable[RegimenPart]) -> Iterator[str]:
    for part in parts:
        yield from part.reasons
        yield from _reasons(part.parts)


def coverage_to_json(found: Coverage) -> dict[str, object]:
    """The coverage as JSON data."""
    return {
        name: {"total": len(part.total), "reached": part.number, "missed": list(part.missed)}
        for name, part in found.parts
    }
