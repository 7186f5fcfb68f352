"""The front page: what the guideline covers, which version this is, how to read the grades."""

from dataclasses import dataclass

from pathway_compiler.model.describe import describe_condition, name_in_words
from pathway_compiler.render.overview import counts, follows, reading_order
from pathway_compiler.site.links import Link, node_link, pathway_link
from pathway_compiler.site.pages.common import Site, StatementView, statement_views
from pathway_compiler.site.pages.pathway import node_title
from pathway_compiler.site.pages.reports import Finding

__all__ = ["FrontPage", "GradeView", "PathwayRow", "SlotView", "front_page"]


@dataclass(frozen=True, slots=True)
class GradeView:
    name: str
    label: str
    certainties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathwayRow:
    """A pathway in the list of all: how much it holds, and what it leads to."""

    link: Link
    name: str
    is_entry: bool
    applies: str
    decisions: int
    recommendations: int
    grades: tuple[tuple[str, int], ...]
    leads_to: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class SlotView:
    """Recommendations of which a patient gets at most one."""

    name: str
    label: str
    recommendations: tuple[Link, ...]
    statements: tuple[StatementView, ...]
    note: str
    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    title: str
    name: str
    version: str
    publisher: str
    source: str
    content_hash: str
    note: str
    pathways: tuple[PathwayRow, ...]
    numbers: tuple[tuple[str, int], ...]
    grading: str
    grading_note: str
    certainties: tuple[tuple[str, str], ...]
    grades: tuple[GradeView, ...]
    slots: tuple[SlotView, ...]
    proved: tuple[int, int] | None
    findings: tuple[Finding, ...]
    cases: tuple[int, int] | None


def front_page(
    site: Site,
    proved: tuple[int, int] | None,
    findings: tuple[Finding, ...],
    cases: tuple[int, int] | None,
) -> FrontPage:
    """`proved` and `cases` are how many of how many, when they were looked into."""
    guideline = site.guideline
    header, grading = guideline.header, guideline.grading
    rows = tuple(_row(name, site) for name in reading_order(guideline, site.compiled.graphs))
    return FrontPage(
        header.title,
        header.name,
        header.version,
        header.publisher,
        header.source,
        guideline.content_hash,
        header.note,
        rows,
        (
            ("pathways", len(guideline.pathways)),
            ("decisions", sum(row.decisions for row in rows)),
            ("recommendations", sum(row.recommendations for row in rows)),
            ("statements", len(guideline.statements)),
            ("elements", len(guideline.elements)),
            ("cases", len(guideline.cases)),
        ),
        grading.label if grading else "",
        grading.note if grading else "",
        tuple((name_in_words(c.name, guideline), c.label) for c in grading.certainties)
        if grading
        else (),
        tuple(
            GradeView(g.name, g.label, tuple(name_in_words(c, guideline) for c in g.certainties))
            for g in (grading.grades if grading else ())
        ),
        tuple(
            SlotView(
                slot.name,
                slot.label,
                tuple(_recommendation(p, n, site) for p, n in slot.recommendations),
                statement_views(slot.statements, guideline),
                slot.note,
                slot.issues,
            )
            for slot in guideline.slots.values()
        ),
        proved,
        findings,
        cases,
    )


def _row(name: str, site: Site) -> PathwayRow:
    guideline, graph = site.guideline, site.compiled.graphs[name]
    decisions, recommendations, grades = counts(graph, guideline)
    applies = graph.pathway.applies
    return PathwayRow(
        pathway_link(name, graph.pathway.label or name),
        name,
        name == guideline.entry,
        describe_condition(applies, guideline) if applies is not None else "",
        decisions,
        recommendations,
        tuple(sorted(grades.items())),
        tuple(
            pathway_link(target, guideline.pathways[target].label or target)
            for target in follows(graph)
            if target in guideline.pathways
        ),
    )


def _recommendation(pathway: str, node: str, site: Site) -> Link:
    record = site.guideline.pathways[pathway].node(node)
    return node_link(pathway, node, node_title(record, site.guideline) if record else node)
