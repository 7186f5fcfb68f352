"""What a decision asks of the data, and whether a missing answer changes the route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathway_compiler.model.expression import Expression, IsKnown, Reference, children
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import Branch, Decision

__all__ = ["elements_read", "unknown_matters"]


def unknown_matters(decision: Decision, guideline: Guideline) -> bool:
    """Whether to show what happens when the answer is not known.

    Not where nothing can be missing, where a branch asks for the missing fact itself (`is unknown`),
    or where every answer leads to the same place.
    """
    targets = {branch.targets for branch in decision.branches}
    if len(targets) == 1 and () not in targets and _covers_all(decision):
        return False
    asked = {name for name, tested in _reads(_conditions(decision.branches), guideline) if tested}
    read = {
        name for name, tested in _reads(_conditions(decision.branches), guideline) if not tested
    }
    return bool(read - asked)


def elements_read(branches: Iterable[Branch], guideline: Guideline) -> tuple[str, ...]:
    """The data elements that the conditions rest on, through definitions and readings, in order."""
    return tuple(dict.fromkeys(name for name, _ in _reads(_conditions(branches), guideline)))


def _covers_all(decision: Decision) -> bool:
    """`all that apply` may hold for none of its branches, so that even one target is in question."""
    return decision.kind != "all that apply"


def _conditions(branches: Iterable[Branch]) -> list[Expression]:
    return [branch.condition for branch in branches if branch.condition is not None]


def _reads(
    expressions: Iterable[Expression],
    guideline: Guideline,
    tested: bool = False,
    seen: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, bool]]:
    """Each element read, and whether it is only asked if it is known."""
    for expression in expressions:
        match expression:
            case IsKnown():
                yield from _reads([expression.subject], guideline, True, seen)
            case Reference(kind="element", name=name):
                yield name, tested
            case Reference(name=name) if name not in seen:
                yield from _reads(_behind(name, guideline), guideline, tested, seen | {name})
            case _:
                yield from _reads(children(expression), guideline, tested, seen)


def _behind(name: str, guideline: Guideline) -> list[Expression]:
    """The expressions of a definition or reading."""
    definition = guideline.definitions.get(name)
    if definition is not None:
        rows = [row.condition for row in definition.rows if row.condition is not None]
        return rows if definition.expression is None else [definition.expression, *rows]
    reading = guideline.readings.get(name)
    return [reading.chosen.expression] if reading is not None else []
