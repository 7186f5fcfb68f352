"""What an expression is evaluated in: one patient, one day, one choice of settings and readings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pathway_compiler.datatypes.number import Interval
from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Truth, Unknown
from pathway_compiler.graph.compiled import CompiledGuideline
from pathway_compiler.model.guideline import Guideline
from pathway_compiler.model.vocabulary import Entry, SetValue, Value
from pathway_compiler.patient_data.patient import Patient

__all__ = ["Candidates", "Environment", "Records", "Result", "base_environment"]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a list, each with the truth of its belonging there, and whether all are known."""

    items: tuple[tuple[Entry, Truth], ...]
    complete: Truth


@dataclass(frozen=True, slots=True)
class Candidates:
    """The records that `latest` or `earliest` may stand for; `absent` when there may be none."""

    items: tuple[Entry, ...]
    absent: bool
    doubt: Unknown


Result = Value | Interval | SetValue | Records | Candidates | Unknown
"""What an expression gives: a value, a number known within bounds, records, or unknown."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The patient's facts as one visit sees them.

    `since` is the day a review began: facts read after it are those dated later, unless lasting or
    read with `ever`. `cache` holds derived values of this environment.
    """

    guideline: Guideline
    patient: Patient
    as_of: PartialDate
    settings: Mapping[str, Value]
    readings: Mapping[str, str]
    since: PartialDate | None = None
    arguments: Mapping[str, Value] = field(default_factory=dict)
    variables: Mapping[str, Candidates] = field(default_factory=dict)
    cache: dict[str, Result] = field(default_factory=dict)

    def at_any_time(self) -> "Environment":
        """The same without regard to the review."""
        if self.since is None:
            return self
        return replace(self, since=None, cache={})

    def after(self, since: PartialDate | None) -> "Environment":
        """The same for a visit that goes on from a review."""
        if since == self.since:
            return self
        return replace(self, since=since, cache={})

    def with_arguments(self, arguments: Mapping[str, Value]) -> "Environment":
        """The same within a followed pathway; derived values do not depend on its arguments."""
        return replace(self, arguments=arguments)

    def with_variable(self, name: str, record: Entry, doubt: Unknown) -> "Environment":
        """The same with a record at hand; `doubt` says what is missing when one of its fields is."""
        bound = Candidates((record,), absent=False, doubt=doubt)
        return replace(self, variables={**self.variables, name: bound})


def base_environment(
    compiled: CompiledGuideline,
    patient: Patient,
    as_of: PartialDate,
    settings: Mapping[str, Value] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Environment:
    """The environment of a first visit: parameters at their defaults, readings as chosen, if not given."""
    guideline = compiled.guideline
    return Environment(
        guideline,
        patient,
        as_of,
        {**{name: p.default for name, p in guideline.parameters.items()}, **(settings or {})},
        {**{name: r.chosen.name for name, r in guideline.readings.items()}, **(readings or {})},
    )
