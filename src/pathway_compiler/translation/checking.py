"""What a catalogue lacks: texts without a translation, proposals to look at, facts that got lost.

The numbers of a text and the names in backticks are facts; a translation says the same ones.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pathway_compiler.translation.catalogue import Catalogue, Entry
from pathway_compiler.translation.merging import merged

__all__ = ["Checked", "Problem", "ProblemKind", "check_catalogue", "facts_in"]

ProblemKind = Literal["missing", "fuzzy", "broken"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One text whose translation is not there, to be looked at, or broken; `detail` says how."""

    kind: ProblemKind
    entry: Entry
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The texts of a guideline and what is wrong with their translations.

    `stale` are texts in the catalogue that the guideline does not have (any more): an update makes
    them obsolete, and they are shown to nobody.
    """

    total: int
    problems: tuple[Problem, ...]
    stale: int

    @property
    def counts(self) -> Mapping[ProblemKind, int]:
        found = Counter(problem.kind for problem in self.problems)
        kinds: tuple[ProblemKind, ...] = ("missing", "fuzzy", "broken")
        return {kind: found[kind] for kind in kinds}

    @property
    def translated(self) -> int:
        return self.total - len(self.problems)

    @property
    def is_complete(self) -> bool:
        return not self.problems


def check_catalogue(catalogue: Catalogue, template: tuple[Entry, ...]) -> Checked:
    """Every text of the guideline against the catalogue as it would be after an update."""
    after = merged(catalogue, template)
    problems: list[Problem] = []
    for entry in after.catalogue.entries:
        if not entry.translation.strip():
            problems.append(Problem("missing", entry))
        elif entry.fuzzy:
            problems.append(Problem("fuzzy", entry))
        else:
            detail = _lost(entry)
            if detail:
                problems.append(Problem("broken", entry, detail))
    return Checked(len(template), tuple(problems), after.gone)


def _lost(entry: Entry) -> str:
    wanted, found = facts_in(entry.source), facts_in(entry.translation)
    lost, added = wanted - found, found - wanted
    parts = []
    if lost:
        parts.append("lacks " + ", ".join(lost.elements()))
    if added:
        parts.append("has in addition " + ", ".join(added.elements()))
    return "; ".join(parts)


_FACT = re.compile(r"`[^`]*`|\d+(?:[.,]\d+)*")


def facts_in(text: str) -> Counter[str]:
    """The numbers of a text, and the names in backticks.

    >>> sorted(facts_in("`her2` after 6-12 months, 2.5 mg"))
    ['12', '2.5', '6', '`her2`']
    """
    return Counter(_FACT.findall(text))
