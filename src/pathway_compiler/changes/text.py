"""Changes of words alone: labels, notes, questions, hints, issues, and what a reader or a form is shown."""

from collections.abc import Iterator
from dataclasses import replace

from pathway_compiler.changes.change import Change
from pathway_compiler.changes.comparison import Comparison, Difference
from pathway_compiler.model.pathway import End, Option, Outside, Recommend, Standing

__all__ = ["text_changes"]


def text_changes(comparison: Comparison) -> Iterator[Change]:
    """Every text that differs; none of them counts as a change of meaning."""
    for found in comparison.texts():
        change = comparison.change(found, "none")
        yield replace(change, touches=(), speaks=_speaks(found))


def _speaks(found: Difference) -> bool:
    """Whether a label is all that a thing says to a clinician, so that its words are its meaning."""
    match found.match.new.record:
        case Recommend() | Standing() | Option():
            course = found.match.new.record.course
            return found.aspect == "label" and not (course.performs or course.avoids)
        case End() | Outside():
            return found.aspect == "label"
        case _:
            return False
