"""Changes of what the source says: statements, their grading, and what each recommendation rests on."""

from collections.abc import Iterator

from pathway_compiler.changes.change import Change, Effect
from pathway_compiler.changes.comparison import Comparison
from pathway_compiler.changes.items import Item, Table
from pathway_compiler.model.evidence import Certainty, Grade, Statement
from pathway_compiler.model.guideline import Guideline

__all__ = ["evidence_changes", "is_evidence"]

_TABLES: tuple[Table, ...] = ("grading", "certainty", "grade", "moment", "statement")
_ASPECTS = frozenset({"statements", "stance"})


def is_evidence(table: Table, aspect: str) -> bool:
    """Whether a difference is told among the evidence."""
    return table in _TABLES or aspect in _ASPECTS or (table, aspect) == ("guideline", "grading")


def evidence_changes(comparison: Comparison) -> Iterator[Change]:
    """Grades, certainties, references, directions; statements that came, went, or are cited elsewhere."""
    for found in comparison.differences:
        if is_evidence(found.match.new.table, found.aspect):
            yield comparison.change(found, "certain")
    for item in comparison.gone(*_TABLES):
        yield comparison.removed(item, _told(item, comparison.old), _effect(item))
    for item in comparison.come(*_TABLES):
        yield comparison.added(item, _told(item, comparison.new), _effect(item))


def _effect(item: Item) -> Effect:
    return "certain" if isinstance(item.record, Statement) else "none"


def _told(item: Item, guideline: Guideline) -> str:
    match item.record:
        case Statement() as statement:
            evidence = guideline.printed_evidence(statement)
            parts = [
                statement.kind,
                f"LC {evidence.certainty}" if evidence.certainty else "",
                f"GR {evidence.grade}" if evidence.grade else "",
                ", ".join(f"[{number}]" for number in evidence.references),
            ]
            return " · ".join(part for part in parts if part)
        case Certainty() | Grade():
            return item.record.name
        case _:
            return item.label
