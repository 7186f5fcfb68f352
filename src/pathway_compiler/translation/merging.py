"""Bringing a catalogue up to date with the texts of the guideline.

A text at its old place keeps its translation. A changed text keeps the old translation as a proposal
(fuzzy), with the text that it translated; a new one gets that of the same words elsewhere as a
proposal. What is gone becomes obsolete, and comes back from there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pathway_compiler.translation.catalogue import Catalogue, Entry

__all__ = ["Merged", "merged"]


@dataclass(frozen=True, slots=True)
class Merged:
    """The catalogue after merging, and how many of its texts were new, changed and gone."""

    catalogue: Catalogue
    new: int
    changed: int
    gone: int


def merged(old: Catalogue, template: Sequence[Entry]) -> Merged:
    """A catalogue for these texts, with what the old one has of them."""
    known = {(e.place, e.source): e for e in (*old.obsolete, *old.entries)}
    at_place = {e.place: e for e in old.entries}
    same_words = _translated_words((*old.obsolete, *old.entries))
    entries: list[Entry] = []
    new = changed = 0
    for wanted in template:
        found = known.get((wanted.place, wanted.source))
        if found is not None:
            entries.append(_kept(found, wanted))
            continue
        before = at_place.get(wanted.place)
        proposal = same_words.get(wanted.source)
        if before is not None and before.translation:
            changed += 1
            if proposal is None:
                proposal = before.translation
            entries.append(replace(
                wanted, translation=proposal, fuzzy=True, previous=before.source,
                remarks=before.remarks,
            ))  # fmt: skip
        else:
            new += 1
            entries.append(replace(wanted, translation=proposal or "", fuzzy=proposal is not None))
    there = {(e.place, e.source) for e in entries}
    gone = [e for e in old.entries if (e.place, e.source) not in there]
    left = {
        (e.place, e.source): replace(e, files=(), about="")
        for e in (*old.obsolete, *gone)
        if e.translation and (e.place, e.source) not in there
    }
    catalogue = replace(old, entries=tuple(entries), obsolete=tuple(left.values()))
    return Merged(catalogue, new, changed, len(gone))


def _kept(found: Entry, wanted: Entry) -> Entry:
    return replace(found, files=wanted.files, about=wanted.about)


def _translated_words(entries: Iterable[Entry]) -> dict[str, str]:
    """For each text the translation that it has wherever it has one."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.is_ready:
            found.setdefault(entry.source, entry.translation)
    return found
