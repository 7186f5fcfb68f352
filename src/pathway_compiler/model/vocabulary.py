"""The vocabulary: data elements, records, constraints, parameters, and what is defined from them."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pathway_compiler.datatypes.partial_date import PartialDate
from pathway_compiler.datatypes.truth import Unknown
from pathway_compiler.diagnostics.span import Span
from pathway_compiler.language import gettext as _
from pathway_compiler.model.acceptance import Acceptance
from pathway_compiler.model.expression import Expression
from pathway_compiler.model.types import Coding, Type

__all__ = [
    "Burden", "Constraint", "DefinitionRow", "Definition", "Element", "Entry", "Field", "ListValue",
    "Parameter", "Reading", "ReadingAlternative", "RecordDeclaration", "Scalar", "SetValue", "Value",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SetValue:
    """The values of a set; when it is not complete, others may belong to it that nobody recorded."""

    items: frozenset["Scalar"]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list: the fields that are known or said to be unknown."""

    fields: tuple[tuple[str, "Scalar | SetValue | Unknown"], ...]

    def get(self, name: str) -> "Scalar | SetValue | Unknown | None":
        return next((value for field_name, value in self.fields if field_name == name), None)


@dataclass(frozen=True, slots=True)
class ListValue:
    """The records of a list; when it is not complete, there may be others."""

    items: tuple[Entry, ...]
    complete: bool = True


Scalar = bool | str | int | Fraction | PartialDate
"""A yes or no, the name of a value or action, an exact number in the declared unit, a date."""
Value = Scalar | SetValue | ListValue
Burden = Literal["low", "moderate", "high"]
"""What it takes to find a fact out: a question or the chart; laboratory or imaging; an invasive procedure."""


@dataclass(frozen=True, slots=True)
class Element:
    """A data element: one fact about a patient that somebody records or is asked for.

    `typical` is the value that an ordinary patient of this guideline has.
    """

    name: str
    label: str
    type: Type
    ask: str | None = None
    hint: str | None = None
    typical: Value | None = None
    burden: Burden = "low"
    codes: tuple[Coding, ...] = ()
    judgement: bool = False
    judgement_note: str = ""
    lasting: bool = False
    derive: Expression | None = None
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def question(self) -> str:
        """The question a form asks."""
        return self.ask or _("%(label)s?", label=self.label)


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a record."""

    name: str
    label: str
    type: Type


@dataclass(frozen=True, slots=True)
class RecordDeclaration:
    """What the entries of a list look like; `dated_by` names the field that dates an entry."""

    name: str
    label: str
    fields: tuple[Field, ...]
    dated_by: str | None = None
    note: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Constraint:
    """What holds for every patient; data that break it are refused."""

    label: str
    condition: Expression
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A local policy that a hospital sets without changing the guideline."""

    name: str
    label: str
    type: Type
    default: Value
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One row of a definition: the value, and when it holds (None: otherwise)."""

    value: Scalar
    condition: Expression | None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Definition:
    """A fact derived from others, by one expression or by rows."""

    name: str
    label: str
    type: Type
    expression: Expression | None = None
    rows: tuple[DefinitionRow, ...] = ()
    first_match: bool = False
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReadingAlternative:
    """One way to read an ambiguous sentence."""

    name: str
    label: str
    expression: Expression
    chosen: bool
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """An ambiguous sentence: its alternative readings, one of them chosen."""

    name: str
    label: str
    type: Type
    alternatives: tuple[ReadingAlternative, ...]
    statements: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    note: str = ""
    accepted: tuple[Acceptance, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def chosen(self) -> ReadingAlternative:
        return next(a for a in self.alternatives if a.chosen)

    def alternative(self, name: str) -> ReadingAlternative | None:
        return next((a for a in self.alternatives if a.name == name), None)
