"""What one run over the graph has found, before it is summed up."""

from collections.abc import Mapping
from dataclasses import dataclass

from pathway_compiler.datatypes.truth import Truth, Unknown
from pathway_compiler.engine.drafts import Draft
from pathway_compiler.engine.outcome import ReviewOutcome, TraceEntry, WaitingPoint
from pathway_compiler.model.vocabulary import Value

__all__ = ["Doubt", "Findings"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something unknown at a node; `now` when the node itself is certainly reached."""

    unknown: Unknown
    now: bool
    pathway: str
    node: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The raw result of a run."""

    pathway: str
    applies: Truth
    drafts: tuple[Draft, ...]
    trace: tuple[TraceEntry, ...]
    reviews: tuple[ReviewOutcome, ...]
    outside: tuple[tuple[str, Truth], ...]
    ends: tuple[str, ...]
    waiting: tuple[WaitingPoint, ...]
    doubts: tuple[Doubt, ...]
    entered: frozenset[tuple[tuple[str, ...], str]]
    settings: Mapping[str, Value]
    readings: Mapping[str, str]
