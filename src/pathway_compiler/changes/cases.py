"""Changes of the guideline's own tests, which are told apart: they say nothing about a patient."""

from collections.abc import Iterator

from pathway_compiler.changes.change import Change
from pathway_compiler.changes.comparison import Comparison
from pathway_compiler.model.case import Case

__all__ = ["case_changes"]


def case_changes(comparison: Comparison) -> Iterator[Change]:
    """Cases that came, went, or give or expect something else."""
    for match in comparison.matching.matches:
        old, new = match.old.record, match.new.record
        if isinstance(old, Case) and isinstance(new, Case):
            if comparison.old_side.case(old) == comparison.new_side.case(new):
                continue
            before = _lines(old, comparison.old.entry)
            after = _lines(new, comparison.new.entry)
            gone = "; ".join(line for line in before if line not in after)
            come = "; ".join(line for line in after if line not in before)
            yield Change(
                "case", new.name, new.label, "", "content", gone or None, come or None, "none"
            )
    for item in comparison.gone("case"):
        yield comparison.removed(item, item.label, "none")
    for item in comparison.come("case"):
        yield comparison.added(item, item.label, "none")


def _lines(case: Case, entry: str | None) -> list[str]:
    """What a case gives and expects, as it is written."""
    lines = [f"pathway {case.pathway or entry}"]
    lines += [f"setting {name} = {value}" for name, value in case.settings]
    lines += [f"reading {name} is {chosen}" for name, chosen in case.readings]
    for visit in case.visits:
        lines += [f"as of {visit.as_of}"] if visit.as_of else []
        lines += [" ".join(part.span.text.split()) for part in (*visit.given, *visit.expectations)]
    return lines
