"""The statements of the source: how each is graded, where it is encoded, and where it is not and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from pathway_compiler.engine.coverage.statements import Place, places_of_statements
from pathway_compiler.model.describe import name_in_words
from pathway_compiler.model.evidence import Statement
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose
from pathway_compiler.site.links import (
    Link,
    definition_link,
    node_link,
    option_link,
    pathway_link,
)
from pathway_compiler.site.pages.common import Site, StatementView, statement_view
from pathway_compiler.site.pages.pathway import node_title
from pathway_compiler.site.pages.vocabulary import constraint_anchors

__all__ = [
    "LedgerRow",
    "PlaceView",
    "ReferenceRow",
    "ReferencesPage",
    "StatementsPage",
    "references_page",
    "statements_page",
]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Something that encodes a statement, and what kind of thing it is."""

    kind: str
    link: Link
    within: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    statement: StatementView
    places: tuple[PlaceView, ...]
    file: str


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """The ledger, and what its columns can be filtered by, in the order in which it is met."""

    rows: tuple[LedgerRow, ...]
    grades: tuple[str, ...]
    certainties: tuple[str, ...]
    sections: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def encoded(self) -> int:
        return sum(bool(row.places) for row in self.rows)


def statements_page(site: Site) -> StatementsPage:
    guideline = site.guideline
    places = places_of_statements(guideline)
    anchors = constraint_anchors(guideline)
    rows = tuple(
        LedgerRow(
            statement_view(statement, guideline),
            tuple(_place(place, guideline, anchors) for place in places[name]),
            site.place(statement.span),
        )
        for name, statement in _as_printed(guideline)
    )
    grading = guideline.grading
    views = [row.statement for row in rows]
    return StatementsPage(
        rows,
        _met([g.name for g in grading.grades] if grading else [], [v.badge.grade for v in views]),
        _met(
            [name_in_words(c.name, guideline) for c in grading.certainties] if grading else [],
            [v.badge.certainty for v in views],
        ),
        tuple(dict.fromkeys(v.section for v in views if v.section)),
        tuple(dict.fromkeys(v.kind for v in views)),
    )


def _as_printed(guideline: Guideline) -> list[tuple[str, Statement]]:
    """The statements in the order of the source's lines; those without a line behind the others."""
    return sorted(
        guideline.statements.items(), key=lambda item: (not item[1].lines, item[1].lines[:1])
    )


def _met(order: list[str], found: list[str | None]) -> tuple[str, ...]:
    """What was found, in the order of the grading scheme."""
    met = dict.fromkeys(name for name in found if name is not None)
    return tuple(name for name in dict.fromkeys([*order, *met]) if name in met)


def _place(place: Place, guideline: Guideline, anchors: Mapping[str, str]) -> PlaceView:
    match place.kind:
        case "constraint":
            return PlaceView(place.kind, Link("data", anchors[place.id], place.id), "")
        case "definition":
            label = guideline.definitions[place.id].label
            return PlaceView(place.kind, definition_link(place.id, label), "")
        case "reading":
            label = guideline.readings[place.id].label
            return PlaceView(place.kind, definition_link(place.id, label), "")
        case "contraindication":
            label = guideline.contraindications[place.id].label
            link = Link("agents", f"contraindication-{place.id}", label)
            return PlaceView(place.kind, link, "")
        case "incompatible":
            label = guideline.incompatibilities[place.id].label
            return PlaceView(place.kind, Link("agents", f"incompatible-{place.id}", label), "")
        case "slot":
            label = guideline.slots[place.id].label
            return PlaceView(place.kind, Link("index", f"slot-{place.id}", label), "")
        case "pathway":
            label = guideline.pathways[place.id].label
            return PlaceView(place.kind, pathway_link(place.id, label), "")
        case _:
            return _node_place(place, guideline)


def _node_place(place: Place, guideline: Guideline) -> PlaceView:
    pathway_name, node_name, *option = place.id.split(".")
    pathway = guideline.pathways[pathway_name]
    node = pathway.node(node_name)
    assert node is not None
    within = pathway.label or pathway_name
    if option and isinstance(node, Choose):
        label = next(o.label for o in node.options if o.name == option[0])
        return PlaceView("option", option_link(pathway_name, node_name, option[0], label), within)
    title = node_title(node, guideline)
    return PlaceView(place.kind, node_link(pathway_name, node_name, title), within)


# --- references ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A number in the source's list of references, and the statements that cite it."""

    number: int
    statements: tuple[StatementView, ...]


@dataclass(frozen=True, slots=True)
class ReferencesPage:
    source: str
    rows: tuple[ReferenceRow, ...]


def references_page(guideline: Guideline) -> ReferencesPage:
    found: dict[int, list[StatementView]] = {}
    for statement in guideline.statements.values():
        for number in dict.fromkeys(statement.evidence.references):
            found.setdefault(number, []).append(statement_view(statement, guideline))
    rows = tuple(ReferenceRow(number, tuple(found[number])) for number in sorted(found))
    return ReferencesPage(guideline.header.source, rows)
