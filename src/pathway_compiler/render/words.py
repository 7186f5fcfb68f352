"""The fixed words of the drawings; everything else is the author's text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pathway_compiler.language import marked_in, pgettext, speaking, spoken_by

__all__ = ["words"]

_ENGLISH: Mapping[str, str] = {
    "start": marked_in("drawing", "Start"),
    "applies": marked_in("drawing", "Applies when"),
    "decision": marked_in("drawing", "Decision"),
    "first match": marked_in("drawing", "First answer that applies"),
    "all that apply": marked_in("drawing", "All that apply"),
    "unknown": marked_in("drawing", "Unknown"),
    "not covered": marked_in("drawing", "Not covered"),
    "leads nowhere": marked_in("drawing", "leads nowhere"),
    "all stay open": marked_in("drawing", "every answer stays open"),
    "recommend": marked_in("drawing", "Recommendation"),
    "recommend against": marked_in("drawing", "Against"),
    "no consensus": marked_in("drawing", "No consensus"),
    "await research": marked_in("drawing", "Await research"),
    "standing": marked_in("drawing", "Throughout"),
    "choose": marked_in("drawing", "Choice"),
    "preferred": marked_in("drawing", "Preferred"),
    "acceptable": marked_in("drawing", "Acceptable"),
    "fallback": marked_in("drawing", "Fallback"),
    "option": marked_in("drawing", "Option"),
    "one of, ranked": marked_in("drawing", "One of these, in order of preference"),
    "one of": marked_in("drawing", "One of these, in no order"),
    "combined, ranked": marked_in("drawing", "May be combined; in order of preference"),
    "combined": marked_in("drawing", "May be combined, in no order"),
    "together": marked_in("drawing", "All of these"),
    "follow": marked_in("drawing", "Follow"),
    "review": marked_in("drawing", "Later"),
    "later": marked_in("drawing", "later in time"),
    "end": marked_in("drawing", "End"),
    "outside": marked_in("drawing", "Outside this guideline"),
    "back": marked_in("drawing", "Back to"),
    "with": marked_in("drawing", "with"),
    "adding": marked_in("drawing", "adding"),
    "when": marked_in("drawing", "When"),
    "unless": marked_in("drawing", "Unless"),
    "only_if": marked_in("drawing", "Only if"),
    "inseparable": marked_in("drawing", "Given whole or not at all"),
    "avoid": marked_in("drawing", "Avoid"),
    "caution": marked_in("drawing", "Caution"),
    "if": marked_in("drawing", "if"),
    "note": marked_in("drawing", "Note"),
    "at": marked_in("drawing", "At"),
    "overrides": marked_in("drawing", "Overrides"),
    "grade": marked_in("drawing", "GR"),
    "certainty": marked_in("drawing", "LC"),
    "not graded": marked_in("drawing", "Not graded"),
    "no grade": marked_in("drawing", "No grade"),
    "not stated": marked_in("drawing", "not stated"),
    "references": marked_in("drawing", "references"),
    "needs": marked_in("drawing", "Needs"),
    "given": marked_in("drawing", "Given"),
    "eligible": marked_in("drawing", "Can be chosen"),
    "possible": marked_in("drawing", "Possible"),
    "not given": marked_in("drawing", "Not given"),
    "barred": marked_in("drawing", "Barred"),
    "yes": marked_in("drawing", "yes"),
    "no": marked_in("drawing", "no"),
    "leads to": marked_in("drawing", "leads to"),
    "on path": marked_in("drawing", "on this patient's path"),
    "perhaps": marked_in("drawing", "perhaps on this patient's path"),
    "off path": marked_in("drawing", "not on this patient's path"),
    "entry": marked_in("drawing", "Start here"),
    "after": marked_in("drawing", "After this"),
    "flowchart": marked_in("drawing", "Flowchart"),
    "overview": marked_in("drawing", "Overview of the pathways"),
}


def words(language: str) -> Mapping[str, str]:
    """The words for a language; English where there is no translation."""
    return _words(spoken_by(language))


@cache
def _words(language: str) -> Mapping[str, str]:
    with speaking(language):
        return {key: pgettext("drawing", word) for key, word in _ENGLISH.items()}
