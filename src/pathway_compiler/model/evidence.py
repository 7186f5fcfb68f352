"""The evidence ledger: grading schemes and the statements of the source document."""

from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.acceptance import Acceptance

__all__ = ["Certainty", "Evidence", "Grade", "Grading", "Moment", "Statement", "StatementKind"]

StatementKind = Literal[
    "recommend", "against", "option", "no-consensus", "await-research", "principle", "monitoring", "definition"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Certainty:
    """A level of certainty of a grading scheme."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of recommendation, and the certainties its scheme allows with it."""

    name: str
    label: str
    certainties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grading:
    """A grading scheme, such as that of the U.S. Preventive Services Task Force."""

    name: str
    label: str
    certainties: tuple[Certainty, ...]
    grades: tuple[Grade, ...]
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    def grade(self, name: str | None) -> Grade | None:
        return next((g for g in self.grades if g.name == name), None)

    def certainty(self, name: str | None) -> Certainty | None:
        return next((c for c in self.certainties if c.name == name), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Level of certainty, grade and references exactly as printed.

    `shared_with` names the statement whose printed marker covers this one too. All empty: the source
    grades this statement not at all, which is legal.
    """

    certainty: str | None = None
    grade: str | None = None
    references: tuple[int, ...] = ()
    shared_with: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the source document, in our words."""

    name: str
    label: str
    kind: StatementKind
    section: str = ""
    lines: tuple[tuple[int, int], ...] = ()
    evidence: Evidence = Evidence()
    moment: str | None = None
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in the workflow: surveillance, diagnosis, staging, start of a line, review."""

    name: str
    label: str
    span: Span | None = field(default=None, compare=False, repr=False)
