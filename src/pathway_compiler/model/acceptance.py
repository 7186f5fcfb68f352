"""Findings of the analysis that the author accepts, with her reasons."""

from dataclasses import dataclass, field

from pathway_compiler.diagnostics.span import Span

__all__ = ["ACCEPTABLE", "Acceptance"]

ACCEPTABLE: dict[str, tuple[str, ...]] = {
    "gap": ("decision-gap",),
    "overlap": ("decision-overlap",),
    "dead_row": ("dead-row",),
    "undecided": ("not-decided",),
    "unreachable": ("never-reached",),
    "never_taken": ("branch-never-taken",),
    "never_eligible": ("option-never-eligible",),
    "never_given": ("never-given",),
    "never_applies": ("never-applies",),
    "always_applies": ("always-applies",),
    "always_true": ("always-true",),
    "never_true": ("never-true",),
    "repeated": ("repeated-condition",),
    "unused": ("unused-element", "unused-statement"),
    "dead_end": ("dead-end",),
    "contradiction": ("contradiction",),
    "no_statement": ("missing-statement",),
    "unusual_grade": ("grade-not-allowed",),
    "direction": ("direction-mismatch",),
}
"""The words that can follow `accept`, and the diagnostics that each of them stands for."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One finding that the author accepts; `finding` is a word of `ACCEPTABLE`."""

    finding: str
    reason: str
    span: Span | None = field(default=None, compare=False, repr=False)
