"""The changes in the order in which a reviewer reads them, for a terminal and for a changelog alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pathway_compiler.changes.change import Change
from pathway_compiler.changes.data import Need
from pathway_compiler.changes.items import Kind
from pathway_compiler.changes.movements import Cell, MovingPatient
from pathway_compiler.changes.report import Changes, Renamed, Verdict
from pathway_compiler.language import marked

__all__ = [
    "Entry", "Line", "Row", "Section", "headline", "refusals", "remarks", "rows", "sections",
]  # fmt: skip

HEADLINES: dict[Verdict, str] = {
    "equivalent": marked("Equivalent: every patient is told the same."),
    "text only": marked("Text only: words differ, the meaning does not."),
    "meaning changed": marked("The meaning changed."),
    "undecided": marked("Undecided: the meaning may have changed."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words; `doubtful` when it may come to nothing."""

    text: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """The changes of one thing, and the recommendations that it bears on."""

    label: str
    id: str
    lines: tuple[Line, ...]
    touches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A group of changes; `number` says how many."""

    title: str
    number: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix: what OLD gives, and for each thing that NEW gives instead a patient."""

    id: str | None
    label: str
    columns: tuple[tuple[str | None, str, Cell], ...]


def headline(changes: Changes) -> str:
    return HEADLINES[changes.verdict]


def remarks(changes: Changes) -> Iterator[str]:
    """What a reader must know about how far the comparison went."""
    found = (*changes.meaning, *changes.evidence, *changes.data)
    doubt = any(map(changes.is_doubtful, found))
    if changes.movements is None:
        if doubt or changes.verdict == "undecided":
            yield (
                "Outcomes were not compared, so it is not said which patients get something else."
                " What is marked with ? may change what a patient is told, or nothing."
            )
        return
    number = len(changes.movements.undecided)
    if number:
        yield f"{number} possible movement{'s' if number > 1 else ''} could not be decided."
    elif doubt:
        yield (
            "What is marked with ? stands within a recommendation or a veto, where a comparison of"
            " who gets what does not look."
        )
    proved = changes.verdict in ("equivalent", "text only")
    settled = any(change.effect == "outcomes decide" for change in found)
    if proved and settled and not changes.movements.whatever_is_missing:
        yield "Proved for patients of whom nothing is missing; of others other data may be asked."


def sections(changes: Changes) -> tuple[Section, ...]:
    """Every group in which something changed."""
    data = [
        *_entries(changes.data, changes),
        *_needs(changes.newly_needed, "newly needed", "needed for more recommendations"),
        *_needs(changes.no_longer_needed, "no longer needed", "needed for fewer recommendations"),
    ]
    number = len(changes.data) + len(changes.newly_needed) + len(changes.no_longer_needed)
    found = (
        Section(marked("Meaning"), len(changes.meaning), _entries(changes.meaning, changes)),
        Section(marked("Evidence"), len(changes.evidence), _entries(changes.evidence, changes)),
        Section(marked("Data"), number, tuple(_merged(data))),
        Section(
            marked("Renamed or moved"), len(changes.renamed), tuple(map(_renamed, changes.renamed))
        ),
        Section(marked("Text only"), len(changes.text), _entries(changes.text, changes)),
        Section(marked("Cases"), len(changes.cases), tuple(_cases(changes))),
    )
    return tuple(section for section in found if section.entries)


def _entries(found: Iterable[Change], changes: Changes) -> tuple[Entry, ...]:
    """Changes by what they are about, in the order of their first ones."""
    by_subject: dict[tuple[str, str, str], list[Change]] = {}
    for change in found:
        by_subject.setdefault((change.kind, change.id, change.label), []).append(change)
    entries = []
    for (_, id_, label), of_subject in by_subject.items():
        lines = tuple(Line(_told(change), changes.is_doubtful(change)) for change in of_subject)
        touches = dict.fromkeys(id_ for change in of_subject for id_ in change.touches)
        entries.append(Entry(label, id_, lines, tuple(touches)))
    return tuple(entries)


def _told(change: Change) -> str:
    where = f"{change.part}, " if change.part else ""
    if change.what in ("added", "removed"):
        told = change.new if change.old is None else change.old
        subject = change.part or change.kind
        text = f"{subject} {change.what}" + (
            f": {told}" if told not in (None, change.label) else ""
        )
    elif change.old is None:
        text = f"{where}{change.what} added: {change.new}"
    elif change.new is None:
        text = f"{where}{change.what} removed: {change.old}"
    else:
        text = f"{where}{change.what}: {change.old} → {change.new}"
    if change.speaks:
        text += " (the words are all that it says)"
    return text


def _needs(found: Iterable[Need], everywhere: str, there: str) -> Iterator[Entry]:
    for need in found:
        text = everywhere if need.everywhere else there
        yield Entry(need.label, need.element, (Line(text),), need.recommendations)


def _merged(entries: Iterable[Entry]) -> Iterator[Entry]:
    """One entry for each thing, where several speak of it."""
    by_id: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        by_id.setdefault((entry.id, entry.label), []).append(entry)
    for (id_, label), found in by_id.items():
        lines = tuple(line for entry in found for line in entry.lines)
        touches = dict.fromkeys(id_ for entry in found for id_ in entry.touches)
        yield Entry(label, id_, lines, tuple(touches))


def _renamed(renamed: Renamed) -> Entry:
    text = f"{renamed.kind} {renamed.how}: {renamed.old} → {renamed.new} ({renamed.why})"
    if renamed.kind in _IN_DATA:
        text += "; patient data must use the new name"
    return Entry(renamed.label, renamed.new, (Line(text),))


_IN_DATA: tuple[Kind, ...] = (
    "data element", "value", "agent", "procedure", "investigation", "service", "class",
)  # fmt: skip


def _cases(changes: Changes) -> Iterator[Entry]:
    """Cases that differ one by one, those that came or went by name."""
    yield from _entries((c for c in changes.cases if c.what == "content"), changes)
    for what in ("added", "removed"):
        names = [change.id for change in changes.cases if change.what == what]
        if names:
            told = f"{len(names)} case{'s' if len(names) > 1 else ''} {what}"
            yield Entry(told, "", (Line(", ".join(names)),))


def rows(changes: Changes) -> tuple[Row, ...]:
    """The matrix of outcomes row by row; empty when outcomes were not compared or nobody moves."""
    if changes.movements is None:
        return ()
    found: dict[str | None, list[tuple[str | None, str, Cell]]] = {}
    for cell in changes.movements.cells:
        to = cell.recommendation_to
        label = "nothing in exchange" if to is None else changes.new.outcomes.get(to, "")
        found.setdefault(cell.recommendation_from, []).append((to, label, cell))
    return tuple(
        Row(
            id_,
            "nothing of what went" if id_ is None else changes.old.outcomes.get(id_, ""),
            tuple(columns),
        )
        for id_, columns in found.items()
    )


def refusals(changes: Changes) -> Iterator[tuple[str, MovingPatient]]:
    """Patients whose data only one version accepts."""
    if changes.movements is not None and changes.movements.newly_refused is not None:
        yield "data that are refused now", changes.movements.newly_refused
    if changes.movements is not None and changes.movements.newly_accepted is not None:
        yield "data that are accepted now", changes.movements.newly_accepted
