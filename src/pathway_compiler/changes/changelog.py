"""The changes as a changelog in Markdown."""

import re
import unicodedata
from collections.abc import Iterator

from pathway_compiler.changes.movements import MovingPatient
from pathway_compiler.changes.report import Changes
from pathway_compiler.changes.telling import (
    Entry,
    headline,
    refusals,
    remarks,
    rows,
    sections,
)

__all__ = ["changelog"]


def changelog(changes: Changes) -> str:
    """The whole text, to be put into a file or into the description of a release."""
    return "\n".join(_lines(changes)) + "\n"


def _lines(changes: Changes) -> Iterator[str]:
    old, new = changes.old, changes.new
    versions = " → ".join(dict.fromkeys((old.version or "none", new.version or "none")))
    yield f"## {_escaped(new.title)}: version {_escaped(versions)}"
    yield ""
    yield f"**{_escaped(headline(changes))}**"
    for remark in remarks(changes):
        yield ""
        yield _escaped(remark)
    yield from _matrix(changes)
    for section in sections(changes):
        yield ""
        yield f"### {section.title}"
        yield ""
        for entry in section.entries:
            yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"- **{_escaped(entry.label)}**" + (f" ({_code(entry.id)})" if entry.id else "")
    for line in entry.lines:
        yield f"  - {'? ' if line.doubtful else ''}{_escaped(line.text)}"
    if entry.touches:
        yield f"  - bears on {', '.join(map(_code, entry.touches))}"


def _matrix(changes: Changes) -> Iterator[str]:
    """Rows what OLD gives, columns what NEW gives, in each cell a patient."""
    found = rows(changes)
    columns = dict.fromkeys((to, label) for row in found for to, label, _ in row.columns)
    if changes.movements is not None and changes.movements.anybody:
        yield ""
        yield "### Who gets something else"
    if found:
        yield ""
        titles = [_outcome(to, label) for to, label in columns]
        yield f"| got before ↓, gets now → | {' | '.join(titles)} |"
        yield "|---" * (len(columns) + 1) + "|"
    for row in found:
        patients = {(to, label): cell.patient for to, label, cell in row.columns}
        cells = [_patient(patients[c]) if c in patients else "" for c in columns]
        yield f"| {_outcome(row.id, row.label)} | {' | '.join(cells)} |"
    for what, patient in refusals(changes):
        yield ""
        yield f"For example {what}: {_patient(patient)}"


def _outcome(id_: str | None, label: str) -> str:
    return _escaped(label) if id_ is None else f"{_escaped(label)} {_code(id_)}"


def _patient(patient: MovingPatient) -> str:
    waiting = f" (at {', '.join(map(_code, patient.waiting))})" if patient.waiting else ""
    return _escaped(patient.words) + waiting


_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$])")


def _escaped(text: str) -> str:
    """Author's words that mean nothing to Markdown, on one line and without control characters."""
    return _SPECIAL.sub(r"\\\1", _plain(text))


def _code(id_: str) -> str:
    return f"`{_plain(id_).replace('`', '')}`"


def _plain(text: str) -> str:
    line = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(c) in _UNSEEN else c for c in line)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
