"""Cases: the guideline's own tests."""

from dataclasses import dataclass, field
from typing import Literal

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.model.pathway import Rank
from pathway_compiler.model.vocabulary import Value

__all__ = [
    "Asks", "Case", "Expectation", "Given", "HasValue", "MayRecommend", "NotRecommended", "Recommends",
    "Refused", "Status", "StatusIs", "Visit", "WaitsAt",
]  # fmt: skip

Status = Literal["complete", "needs_data", "not_applicable", "outside_guideline"]
Path = tuple[str, ...]
"""A recommendation's name, or `choice.option`, or a longer way through followed pathways."""


@dataclass(frozen=True, slots=True)
class Given:
    """A fact of the patient in a case, with the date it was observed when that matters."""

    name: str
    value: Value | Unknown
    on: PartialDate | None = None
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Recommends:
    path: Path
    rank: Rank | None = None
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MayRecommend:
    path: Path
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NotRecommended:
    path: Path
    because: str | None = None
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Asks:
    element: str
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StatusIs:
    status: Status
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WaitsAt:
    path: Path
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """The data are refused; `because` is part of the message."""

    because: str | None = None
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class HasValue:
    """A definition, reading or derived element has this value; Unknown when it is to be unknown."""

    name: str
    value: Value | Unknown
    span: Span = field(kw_only=True, compare=False, repr=False)


Expectation = (
    Recommends | MayRecommend | NotRecommended | Asks | StatusIs | WaitsAt | Refused | HasValue
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One evaluation: its day, what is newly known, and what must come out."""

    as_of: PartialDate | None
    given: tuple[Given, ...]
    expectations: tuple[Expectation, ...]
    label: str = ""
    span: Span = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One patient with one visit or several, and the expected results."""

    name: str
    label: str
    pathway: str | None
    settings: tuple[tuple[str, Value], ...]
    readings: tuple[tuple[str, str], ...]
    visits: tuple[Visit, ...]
    note: str = ""
    span: Span = field(kw_only=True, compare=False, repr=False)
