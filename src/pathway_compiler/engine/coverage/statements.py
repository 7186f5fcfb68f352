"""Where the statements of the source are encoded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose

__all__ = ["Place", "places_of_statements"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something of the guideline that encodes a statement: its kind, its id, where it stands."""

    kind: str
    id: str
    span: Span | None = field(default=None, compare=False, repr=False)


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
