"""Every record of a guideline that holds a condition or a course, and how to put another in its place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.action import AllOf, Authorisation, Contraindication, OneOf, Sequence
from pathway_compiler.model.action import Course as SingleCourse
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.pathway import (
    Branch,
    Caution,
    Choose,
    Course,
    Decision,
    Eligibility,
    Follow,
    Option,
    Pathway,
    Performs,
    Recommend,
    Review,
    Standing,
)
from pathway_compiler.model.vocabulary import (
    Constraint,
    Definition,
    DefinitionRow,
    Element,
    Reading,
    ReadingAlternative,
)

__all__ = ["Here", "places"]

Put = Callable[[Any], Guideline]

_LOOKED_INTO = (
    Expression | Pathway | Decision | Review | Branch | Recommend | Standing | Choose | Option
    | Follow | Eligibility | Course | Performs | Caution | SingleCourse | AllOf | OneOf | Sequence
    | Authorisation | Contraindication | Constraint | Definition | DefinitionRow | Element | Reading
    | ReadingAlternative
)  # fmt: skip

_TABLES = ("elements", "definitions", "readings", "actions", "contraindications", "pathways")


@dataclass(frozen=True)
class Here:
    """A record, the records around it from the outside inwards, the field it stands in, and the
    guideline that has something else in its place."""

    record: Any
    above: tuple[Any, ...]
    field: str
    put: Put

    @property
    def parent(self) -> Any:
        return self.above[-1] if self.above else None

    @property
    def span(self) -> Span | None:
        """The nearest place in the text."""
        around = (self.record, *reversed(self.above))
        return next((s for r in around if (s := getattr(r, "span", None)) is not None), None)

    @property
    def name(self) -> str:
        """The named records around it: `her2_first_line.choice.tdm1`."""
        names = []
        for record in (*self.above, self.record):
            if isinstance(record, Constraint):
                names.append(f"constraint “{record.label}”")
            elif not isinstance(record, Expression) and hasattr(record, "name"):
                names.append(record.name)
        return ".".join(names)


def places(guideline: Guideline) -> Iterator[Here]:
    """All of them, in the order of declaration."""
    for table in _TABLES:
        records = getattr(guideline, table)
        for key in records:
            yield from _within(records[key], (), table, _into_table(guideline, table, key))
    for index, constraint in enumerate(guideline.constraints):
        put = _into_tuple(guideline.constraints, index, lambda c: replace(guideline, constraints=c))
        yield from _within(constraint, (), "constraints", put)


def _within(record: Any, above: tuple[Any, ...], field: str, put: Put) -> Iterator[Here]:
    if not isinstance(record, _LOOKED_INTO):
        return
    yield Here(record, above, field, put)
    inner = (*above, record)
    for found in fields(record):
        value = getattr(record, found.name)
        into = _into_field(record, found.name, put)
        if isinstance(value, tuple):
            for index, part in enumerate(value):
                yield from _within(part, inner, found.name, _into_tuple(value, index, into))
        else:
            yield from _within(value, inner, found.name, into)


def _into_table(guideline: Guideline, table: str, key: str) -> Put:
    return lambda new: replace(guideline, **{table: {**getattr(guideline, table), key: new}})


def _into_field(record: Any, name: str, put: Put) -> Put:
    return lambda new: put(replace(record, **{name: new}))


def _into_tuple(values: tuple[Any, ...], index: int, put: Put) -> Put:
    return lambda new: put((*values[:index], new, *values[index + 1 :]))
