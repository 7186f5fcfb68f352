"""What several pages show: conditions with the facts they read, statements, codes, where a text stands."""

import os.path
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.language import gettext as _
from pathway_compiler.language import marked, spoken
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.describe import describe_condition, fact_label, name_in_words
from pathway_compiler.model.evidence import Statement
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.types import Coding
from pathway_compiler.render.cards import grades_of
from pathway_compiler.semantics.checks import references
from pathway_compiler.site.links import (
    Link,
    action_link,
    definition_link,
    element_link,
    statement_link,
)
from pathway_compiler.translation.marking import marked_text

__all__ = [
    "Accepted",
    "Badge",
    "Code",
    "Condition",
    "Site",
    "StatementView",
    "accepted",
    "action_links",
    "badges",
    "codes",
    "condition",
    "fact_link",
    "in_english",
    "line_ranges",
    "site_of",
    "statement_view",
    "statement_views",
]


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages are made from; `folder` is where the texts stand, which readers are not shown."""

    compiled: CompiledGuideline
    folder: str

    @property
    def guideline(self) -> Guideline:
        return self.compiled.guideline

    def place(self, span: Span | None) -> str:
        """File and line, the file as seen from the guideline's folder."""
        if span is None:
            return ""
        name = span.source.name.replace(os.sep, "/")
        if self.folder and name.startswith(f"{self.folder}/"):
            name = name[len(self.folder) + 1 :]
        return f"{name}:{span.line}"


def site_of(compiled: CompiledGuideline) -> Site:
    """The folder is the nearest one that holds every file."""
    guideline = compiled.guideline
    declared: Iterator[Span | None] = (
        item.span
        for table in (
            guideline.pathways,
            guideline.statements,
            guideline.elements,
            guideline.actions,
            guideline.definitions,
            guideline.cases,
            {"": guideline.header},
        )
        for item in table.values()
    )
    names = {span.source.name for span in declared if span is not None}
    folders = {os.path.dirname(name) for name in names}
    try:
        folder = os.path.commonpath(folders) if folders else ""
    except ValueError:  # absolute and relative names together
        folder = ""
    return Site(compiled, folder.replace(os.sep, "/"))


def in_english(text: str) -> str:
    """What is said to authors, and so in English only; marked where another language is spoken."""
    return marked_text(text, "en") if text and spoken() != "en" else text


# --- conditions ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in words, and the facts that it reads."""

    text: str
    facts: tuple[Link, ...] = ()


def condition(expression: Expression, guideline: Guideline) -> Condition:
    found = {r.name: fact_link(r.name, guideline) for r in references(expression)}
    links = tuple(link for link in found.values() if link is not None)
    return Condition(describe_condition(expression, guideline), links)


def fact_link(name: str, guideline: Guideline) -> Link | None:
    """Where a fact is explained; None for what a pathway is told by the one that follows it."""
    label = fact_label(guideline, name)
    if name in guideline.elements:
        return element_link(name, label)
    if name in guideline.definitions or name in guideline.readings or name in guideline.parameters:
        return definition_link(name, label)
    return None


# --- evidence -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Badge:
    """A grade as printed and a certainty in words, with the references under them; None where none is printed."""

    grade: str | None
    grade_label: str
    certainty: str | None
    certainty_label: str
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding of the analysis that the authors accept, and why."""

    finding: str
    reason: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement of the source with everything that is printed about it."""

    name: str
    link: Link
    label: str
    kind: str
    section: str
    lines: str
    badge: Badge
    shared_with: Link | None
    moment: str
    issues: tuple[str, ...]
    note: str
    accepted: tuple[Accepted, ...]


def badge(
    certainty: str | None, grade: str | None, numbers: Iterable[int], guideline: Guideline
) -> Badge:
    grading = guideline.grading
    found_grade = grading.grade(grade) if grading else None
    found_certainty = grading.certainty(certainty) if grading else None
    return Badge(
        grade,
        found_grade.label if found_grade else "",
        name_in_words(certainty, guideline) if certainty is not None else None,
        found_certainty.label if found_certainty else "",
        tuple(numbers),
    )


def badges(statements: Iterable[str], guideline: Guideline) -> tuple[Badge, ...]:
    """Each pair of grade and certainty that the statements are printed with, as in the drawing."""
    return tuple(
        badge(certainty, grade, numbers, guideline)
        for (certainty, grade), numbers in grades_of(tuple(statements), guideline).items()
    )


def statement_views(names: Iterable[str], guideline: Guideline) -> tuple[StatementView, ...]:
    return tuple(
        statement_view(guideline.statements[name], guideline)
        for name in names
        if name in guideline.statements
    )


def statement_view(statement: Statement, guideline: Guideline) -> StatementView:
    printed = guideline.printed_evidence(statement)
    shared = statement.evidence.shared_with
    moment = guideline.moments.get(statement.moment or "")
    return StatementView(
        statement.name,
        statement_link(statement.name, statement.label),
        statement.label,
        statement.kind,
        statement.section,
        line_ranges(statement.lines),
        badge(printed.certainty, printed.grade, printed.references, guideline),
        statement_link(shared, guideline.statements[shared].label) if shared else None,
        moment.label if moment else "",
        statement.issues,
        statement.note,
        accepted(statement.accepted),
    )


def line_ranges(lines: Iterable[tuple[int, int]]) -> str:
    """`559–560, 574`."""
    return ", ".join(f"{low}–{high}" if low != high else str(low) for low, high in lines)


def accepted(acceptances: Iterable[Acceptance]) -> tuple[Accepted, ...]:
    return tuple(Accepted(_(FINDINGS[a.finding]), a.reason) for a in acceptances)


FINDINGS = {
    "gap": marked("gap"),
    "overlap": marked("overlap"),
    "dead_row": marked("dead row"),
    "undecided": marked("undecided"),
    "unreachable": marked("unreachable"),
    "never_taken": marked("never taken"),
    "never_eligible": marked("never eligible"),
    "never_given": marked("never given"),
    "never_applies": marked("never applies"),
    "always_applies": marked("always applies"),
    "always_true": marked("always true"),
    "never_true": marked("never true"),
    "repeated": marked("repeated"),
    "unused": marked("unused"),
    "dead_end": marked("dead end"),
    "contradiction": marked("contradiction"),
    "no_statement": marked("no statement"),
    "unusual_grade": marked("unusual grade"),
    "direction": marked("direction"),
}
"""The words that can follow `accept`, as a reader sees them."""


# --- codes and actions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a terminology, and what it stands for."""

    system: str
    code: str
    meaning: str = ""


SYSTEMS = {
    "snomed": "SNOMED CT",
    "loinc": "LOINC",
    "rxnorm": "RxNorm",
    "atc": "ATC",
    "icd10": "ICD-10",
    "icd10cm": "ICD-10-CM",
    "hgnc": "HGNC",
}
"""The names of terminologies as their owners write them."""


def codes(codings: Iterable[Coding], meaning: str = "") -> tuple[Code, ...]:
    return tuple(Code(SYSTEMS.get(c.system, c.system), c.code, meaning) for c in codings)


def action_links(names: Iterable[str], guideline: Guideline) -> tuple[Link, ...]:
    return tuple(action_link(name, guideline.action_label(name)) for name in dict.fromkeys(names))
