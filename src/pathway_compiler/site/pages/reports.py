"""Coverage by the cases, and what is proved for every patient."""

from collections.abc import Mapping
from dataclasses import dataclass

from pathway_compiler.analysis.acceptances import acceptances_of
from pathway_compiler.analysis.proof import Obligation, Proof
from pathway_compiler.diagnostics.diagnostic import Diagnostic
from pathway_compiler.engine.coverage.items import KINDS, CoverageItem, Kind
from pathway_compiler.engine.coverage.report import CoverageReport
from pathway_compiler.language import gettext as _
from pathway_compiler.model.describe import describe_value, fact_label, fact_type
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Choose
from pathway_compiler.site.links import (
    Link,
    case_link,
    definition_link,
    element_link,
    node_link,
    option_link,
    pathway_link,
    statement_link,
)
from pathway_compiler.site.pages.cases import FactView
from pathway_compiler.site.pages.common import Site, fact_link, in_english
from pathway_compiler.site.pages.pathway import node_title
from pathway_compiler.site.pages.vocabulary import constraint_anchors

__all__ = [
    "CoveragePage",
    "CoverageRow",
    "CoverageSection",
    "Finding",
    "ProofPage",
    "ProofRow",
    "ProofTally",
    "coverage_page",
    "findings",
    "proof_page",
]


# --- coverage -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Something that cases can reach: which do (the first few), or why none does."""

    link: Link | None
    label: str
    within: str
    cases: tuple[Link, ...]
    more: int
    reason: str
    lacks: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CoverageSection:
    """One kind of thing; `percent` is None when there is nothing of it."""

    kind: Kind
    covered: int
    total: int
    percent: int | None
    missed: tuple[CoverageRow, ...]
    reached: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True)
class CoveragePage:
    cases: int
    sections: tuple[CoverageSection, ...]


MOST_CASES = 3
"""So many cases are named beside what they reach; of more, the number is told."""


def coverage_page(report: CoverageReport, site: Site) -> CoveragePage:
    guideline = site.guideline
    anchors = constraint_anchors(guideline)
    sections = []
    for kind in KINDS:
        tally = report.tally(kind)
        rows = [(i, _row(i, guideline, anchors)) for i in report.items if i.kind == kind]
        sections.append(
            CoverageSection(
                kind,
                tally.covered,
                tally.total,
                tally.percent,
                tuple(row for item, row in rows if not item.covered),
                tuple(row for item, row in rows if item.covered),
            )
        )
    return CoveragePage(len(guideline.cases), tuple(sections))


def _row(item: CoverageItem, guideline: Guideline, anchors: Mapping[str, str]) -> CoverageRow:
    return CoverageRow(
        _link(item, guideline, anchors),
        item.label,
        _within(item, guideline),
        tuple(case_link(name, name) for name in item.cases[:MOST_CASES]),
        max(0, len(item.cases) - MOST_CASES),
        in_english(item.reason or ""),
        item.lacks,
    )


def _link(item: CoverageItem, guideline: Guideline, anchors: Mapping[str, str]) -> Link | None:
    """The place of an item; of an answer, its row in the table of its decision."""
    text = item.label or item.id
    if item.kind == "statement":
        return statement_link(item.place[0], text)
    match item.holder:
        case "definition" | "reading":
            return definition_link(item.place[0], text)
        case "element":
            return element_link(item.place[0], text)
        case "contraindication":
            return Link("agents", f"contraindication-{item.place[0]}", text)
        case "constraint":
            anchor = anchors.get(item.place[0])
            return Link("data", anchor, text) if anchor else None
        case "pathway":
            return pathway_link(item.place[0], text)
        case "node" | "option" | None:
            pathway, node, *rest = item.place
            if rest:
                return option_link(pathway, node, rest[0], text)
            return node_link(pathway, node, text)


def _within(item: CoverageItem, guideline: Guideline) -> str:
    pathway = guideline.pathways.get(item.place[0])
    if item.kind == "statement" or item.holder not in (None, "node", "option") or pathway is None:
        return ""
    return pathway.label or pathway.name


# --- proofs -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding about the guideline, with a patient who shows it where there is one."""

    severity: str
    code: str
    message: str
    place: str
    link: Link | None
    notes: tuple[str, ...]
    help: str
    patient: tuple[FactView, ...] = ()
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class ProofTally:
    """How many obligations of a kind there are, and what became of them."""

    kind: str
    proved: int
    refuted: int
    undecided: int
    accepted: int


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One obligation."""

    kind: str
    link: Link | None
    label: str
    verdict: str
    accepted: str


@dataclass(frozen=True, slots=True)
class ProofPage:
    tallies: tuple[ProofTally, ...]
    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    rows: tuple[ProofRow, ...]

    @property
    def proved(self) -> int:
        return sum(tally.proved for tally in self.tallies)

    @property
    def total(self) -> int:
        return sum(t.proved + t.refuted + t.undecided for t in self.tallies)


def proof_page(proof: Proof, site: Site) -> ProofPage:
    guideline = site.guideline
    kinds = dict.fromkeys(o.kind for o in proof.obligations)
    tallies = []
    for kind in kinds:
        found = [o for o in proof.obligations if o.kind == kind]
        proved = sum(o.verdict == "proved" for o in found)
        refuted = sum(o.verdict == "refuted" for o in found)
        tallies.append(
            ProofTally(
                kind,
                proved,
                refuted,
                len(found) - proved - refuted,
                sum(o.accepted is not None for o in found),
            )
        )
    # The proof is of the text as it was written; the reader's reasons are those of her language.
    pairs = zip(acceptances_of(proof.guideline), acceptances_of(guideline), strict=True)
    reasons = {written.reason: read.reason for written, read in pairs}
    told = [(o, _of_obligation(o, reasons, site)) for o in proof.obligations]
    return ProofPage(
        tuple(tallies),
        tuple(f for o, f in told if f is not None and o.accepted is None),
        tuple(f for o, f in told if f is not None and o.accepted is not None),
        tuple(
            ProofRow(
                o.kind,
                _place_link(o.place, guideline),
                " / ".join(o.place) if o.kind != "somebody can be" else _("the constraints"),
                o.verdict,
                reasons.get(o.accepted or "", ""),
            )
            for o in proof.obligations
        ),
    )


def findings(diagnostics: tuple[Diagnostic, ...], site: Site) -> tuple[Finding, ...]:
    """Findings about the text, such as grades that the scheme does not provide for."""
    return tuple(_finding(diagnostic, None, site) for diagnostic in diagnostics)


def _of_obligation(
    obligation: Obligation, reasons: Mapping[str, str], site: Site
) -> Finding | None:
    if obligation.diagnostic is None:
        return None
    guideline = site.guideline
    found = _finding(obligation.diagnostic, _place_link(obligation.place, guideline), site)
    patient: tuple[FactView, ...] = ()
    if obligation.witness is not None:
        matter = obligation.witness.matter or tuple(obligation.witness.facts)
        patient = tuple(
            FactView(
                fact_link(name, guideline) or element_link(name, fact_label(guideline, name)),
                describe_value(
                    obligation.witness.facts[name], fact_type(guideline, name), guideline
                ),
            )
            for name in matter
            if name in obligation.witness.facts
        )
    return Finding(
        found.severity,
        found.code,
        found.message,
        found.place,
        found.link,
        found.notes,
        found.help,
        patient,
        reasons.get(obligation.accepted or "", ""),
    )


def _finding(diagnostic: Diagnostic, link: Link | None, site: Site) -> Finding:
    return Finding(
        str(diagnostic.severity),
        diagnostic.code,
        in_english(diagnostic.message),
        site.place(diagnostic.span),
        link,
        tuple(map(in_english, diagnostic.notes)),
        in_english(diagnostic.help or ""),
    )


def _place_link(place: tuple[str, ...], guideline: Guideline) -> Link | None:
    """Where an obligation is about, when that has a place on the site."""
    if not place:
        return None
    first = place[0]
    pathway = guideline.pathways.get(first)
    if pathway is None and "." in first:
        return _place_link(tuple(first.split(".")), guideline)
    if pathway is None:
        return fact_link(first, guideline)
    node = pathway.node(place[1]) if len(place) > 1 else None
    if node is None:
        return pathway_link(first, pathway.label or first)
    title = node_title(node, guideline)
    if len(place) > 2 and isinstance(node, Choose):
        label = next((o.label for o in node.options if o.name == place[2]), None)
        if label is not None:
            return option_link(first, place[1], place[2], label)
    return node_link(first, place[1], title)
