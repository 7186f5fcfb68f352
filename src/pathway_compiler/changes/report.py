"""Everything that changed between two versions of a guideline, and what it comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pathway_compiler.changes.cases import case_changes
from pathway_compiler.changes.change import Change, Effect
from pathway_compiler.changes.comparison import Comparison
from pathway_compiler.changes.data import Need, data_changes, needs
from pathway_compiler.changes.evidence import evidence_changes
from pathway_compiler.changes.items import Kind, items, shown
from pathway_compiler.changes.matching import How, Matching, match_guidelines
from pathway_compiler.changes.movements import Movements, movements
from pathway_compiler.changes.structure import structure_changes
from pathway_compiler.changes.text import text_changes
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import OTHERWISE_NOT

__all__ = ["Changes", "Renamed", "Side", "Verdict", "compare"]

Verdict = Literal["equivalent", "text only", "meaning changed", "undecided"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions; `outcomes` are the labels of everything that a patient can be told."""

    name: str
    title: str
    version: str
    content_hash: str
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A thing that NEW has under another name, or in another pathway, and what it was recognised by."""

    kind: Kind
    old: str
    new: str
    label: str
    how: How
    why: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, in groups; `movements` is None when outcomes were not compared."""

    old: Side
    new: Side
    movements: Movements | None
    meaning: tuple[Change, ...]
    evidence: tuple[Change, ...]
    data: tuple[Change, ...]
    newly_needed: tuple[Need, ...]
    no_longer_needed: tuple[Need, ...]
    renamed: tuple[Renamed, ...]
    text: tuple[Change, ...]
    cases: tuple[Change, ...]

    @property
    def verdict(self) -> Verdict:
        """`equivalent` and `text only` are proved; `undecided` says that neither is, nor the contrary."""
        effects = set(self._effects())
        if "certain" in effects or (self.movements is not None and self.movements.anybody):
            return "meaning changed"
        if "perhaps" in effects or ("outcomes decide" in effects and not self.outcomes_settled):
            return "undecided"
        return "text only" if self.text else "equivalent"

    @property
    def outcomes_settled(self) -> bool:
        """Whether it was found out for everybody what OLD and NEW give."""
        return self.movements is not None and not self.movements.undecided

    def is_doubtful(self, change: Change) -> bool:
        """Whether a change may be one of meaning, or come to nothing."""
        if change.effect == "outcomes decide":
            return not self.outcomes_settled
        return change.effect == "perhaps"

    def _effects(self) -> Iterator[Effect]:
        yield from (change.effect for change in (*self.meaning, *self.evidence, *self.data))
        if any(renamed.how == "moved" for renamed in self.renamed):
            yield "outcomes decide"


def compare(old: CompiledGuideline, new: CompiledGuideline, *, outcomes: bool = True) -> Changes:
    """What changed from OLD to NEW; comparing outcomes takes most of the time."""
    matching = match_guidelines(old.guideline, new.guideline)
    comparison = Comparison(old.guideline, new.guideline, matching)
    newly_needed, no_longer_needed = needs(comparison)
    return Changes(
        old=_side(old.guideline),
        new=_side(new.guideline),
        movements=movements(old, new, matching) if outcomes else None,
        meaning=tuple(structure_changes(comparison)),
        evidence=tuple(evidence_changes(comparison)),
        data=tuple(data_changes(comparison)),
        newly_needed=newly_needed,
        no_longer_needed=no_longer_needed,
        renamed=tuple(_renamed(matching)),
        text=tuple(text_changes(comparison)),
        cases=tuple(case_changes(comparison)),
    )


def _side(guideline: Guideline) -> Side:
    header = guideline.header
    labels: dict[str, str] = {}
    for item in items(guideline):
        if item.table in ("node", "option"):
            labels[shown(item.id)] = item.label
            labels[f"{shown(item.id)}.{OTHERWISE_NOT}"] = f"not: {item.label}"
    return Side(header.name, header.title, header.version, guideline.content_hash, labels)


def _renamed(matching: Matching) -> Iterator[Renamed]:
    for match in matching.matches:
        if match.how != "same":
            yield Renamed(
                match.new.kind,
                shown(match.old.id),
                shown(match.new.id),
                match.new.label,
                match.how,
                match.why,
            )
