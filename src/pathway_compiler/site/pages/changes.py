"""What changed since another version, as a reviewer reads it."""

from dataclasses import dataclass

from pathway_compiler.changes.report import Changes
from pathway_compiler.changes.telling import Section, headline, refusals, remarks, rows, sections
from pathway_compiler.language import gettext as _
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.site.links import (
    Link,
    action_link,
    case_link,
    node_link,
    option_link,
    pathway_link,
    statement_link,
)
from pathway_compiler.site.pages.common import fact_link, in_english

__all__ = ["ChangesPage", "EntryView", "Movement", "SectionView", "VersionView", "changes_page"]


@dataclass(frozen=True, slots=True)
class VersionView:
    name: str
    title: str
    version: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Movement:
    """Who is told something else: what the old version gives, what the new one, and a patient."""

    before: str
    after: str
    patient: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """The changes of one thing; lines with a mark for those that may come to nothing."""

    link: Link | None
    label: str
    id: str
    lines: tuple[tuple[str, bool], ...]
    touches: tuple[Link | str, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    title: str
    number: int
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    verdict: str
    headline: str
    old: VersionView
    new: VersionView
    remarks: tuple[str, ...]
    movements: tuple[Movement, ...]
    sections: tuple[SectionView, ...]


def changes_page(changes: Changes, since: str, guideline: Guideline) -> ChangesPage:
    """`since` is what the reader calls the old version."""
    moves = [
        Movement(in_english(row.label), in_english(label), in_english(cell.patient.words))
        for row in rows(changes)
        for _id, label, cell in row.columns
    ]
    moves += [
        Movement("", in_english(what), in_english(patient.words))
        for what, patient in refusals(changes)
    ]
    old, new = changes.old, changes.new
    return ChangesPage(
        changes.verdict,
        _(headline(changes)),
        VersionView(since, old.title, old.version, old.content_hash),
        VersionView("", new.title, new.version, new.content_hash),
        tuple(map(in_english, remarks(changes))),
        tuple(moves),
        tuple(_section(section, guideline) for section in sections(changes)),
    )


def _section(section: Section, guideline: Guideline) -> SectionView:
    return SectionView(
        _(section.title),
        section.number,
        tuple(
            EntryView(
                _link(entry.id, in_english(entry.label), guideline),
                in_english(entry.label),
                entry.id,
                tuple((in_english(line.text), line.doubtful) for line in entry.lines),
                tuple(_link(id_, id_, guideline) or id_ for id_ in entry.touches),
            )
            for entry in section.entries
        ),
    )


def _link(id_: str, text: str, guideline: Guideline) -> Link | None:
    """Where a thing is, if this version has it still."""
    first, *rest = id_.split(".")
    pathway = guideline.pathways.get(first)
    if pathway is not None:
        node = pathway.node(rest[0]) if rest else None
        if node is None:
            return pathway_link(first, text)
        options = {option.name for option in getattr(node, "options", ())}
        if len(rest) > 1 and rest[1] in options:
            return option_link(first, rest[0], rest[1], text)
        return node_link(first, rest[0], text)
    if first in guideline.statements:
        return statement_link(first, text)
    if first in guideline.actions or first in guideline.classes:
        return action_link(first, text)
    if first in guideline.cases:
        return case_link(first, text)
    found = fact_link(first, guideline)
    return Link(found.page, found.anchor, text) if found else None
