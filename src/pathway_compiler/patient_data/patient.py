"""A patient as the engine sees one: typed facts with their dates, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.model.vocabulary import Value

__all__ = ["Observation", "Patient"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of a fact, or why there is none, with the day it was true; undated means now."""

    value: Value | Unknown
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """The facts of one patient by name of data element (or definition, when only that is known).

    INVARIANT: values have the type of their element and lie in its range.
    """

    id: str
    facts: Mapping[str, tuple[Observation, ...]]
    as_of: PartialDate | None = field(default=None)
    """The day of the evaluation, when the data say it."""
